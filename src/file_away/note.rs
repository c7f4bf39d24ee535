//! The note that lies beside a dead letter: what was read, why it was stopped, what staff can do.

use crate::config::MailboxName;
use crate::decide::{CancelOutlook, Likely, Note, Occasion};
use crate::domain::{BookingNumber, Reason, StaffAct};
use crate::failure::Failure;
use crate::reply::message::{Draft, to_bytes};
use crate::reply::templates::Templates;
use crate::reply::words::When;
use serde::Serialize;

/// Longest subject that is repeated in a note.
const MAX_SUBJECT: usize = 200;
/// Prefixes that mail programs put before the subject of an answer, in lower case.
const REPLY_PREFIXES: [&str; 12] = [
    "re",
    "fw",
    "fwd",
    "отв",
    "ответ",
    "на",
    "ha",
    "пер",
    "aw",
    "sv",
    "vs",
    "antw",
];

/// What the templates of the note may name.
#[derive(Debug, Serialize)]
struct NoteView<'a> {
    subject: String,
    why: &'a str,
    todo: &'a str,
    code: &'static str,
    received: When,
    deadline: Option<When>,
    /// Whether the deadline has passed.
    closed: bool,
    facts: Vec<Fact<'a>>,
    problems: Vec<&'a str>,
    likely: Vec<LikelyView>,
    acts: Vec<ActView<'a>>,
    returned: Option<ReturnedView<'a>>,
    retried: bool,
}

/// A booking that the letter may be about.
#[derive(Debug, Serialize)]
struct LikelyView {
    number: String,
    name: String,
    starts: When,
    open: bool,
    signs: String,
    against: String,
}

/// An act and what it would do.
#[derive(Debug, Serialize)]
struct ActView<'a> {
    name: &'a str,
    effect: String,
}

/// The act that was not possible.
#[derive(Debug, Serialize)]
struct ReturnedView<'a> {
    act: &'a str,
    why: String,
    todo: String,
}

/// One thing that was read.
#[derive(Debug, Serialize)]
struct Fact<'a> {
    label: &'a str,
    value: String,
}

/// The bytes of the note, from the office to the office, in the dead letter's thread.
///
/// # Errors
/// [`Failure::Stop`] when a template or the office's address is damaged.
pub fn render_note(
    note: &Note,
    likely: &[Likely],
    templates: &Templates,
    office: &MailboxName,
) -> Result<Vec<u8>, Failure> {
    let view = note_view(note, likely, templates)?;
    to_bytes(Draft {
        from: office,
        to: &office.address,
        reply_to: None,
        date: note.date,
        message_id: &note.message_id,
        thread: &note.in_reply_to,
        auto_submitted: "auto-generated",
        wording: templates.fill_folder("notes/dead_letter", &view)?,
        document: None,
        event: None,
    })
}

fn note_view<'a>(
    note: &'a Note,
    likely: &[Likely],
    templates: &'a Templates,
) -> Result<NoteView<'a>, Failure> {
    let words = templates.words();
    let reason = templates.reason(note.reason).ok_or_else(|| {
        Failure::stop(
            format!("templates/notes/reasons.toml lacks {}", note.reason.code()),
            "this build is damaged: install the program anew",
        )
    })?;
    let reading = &note.reading;
    let labels = &words.note;
    let number = |number: &Option<BookingNumber>| number.as_ref().map(ToString::to_string);
    let reasons = std::iter::once(note.reason).chain(reading.problems.iter().copied());
    let letter = note.letter.map(|letter| letter.to_string());
    let answered = note.reason == Reason::DocumentsEnclosed;
    let nearest = likely.iter().find(|one| one.open && !answered);
    let (deadline, zone) = match (note.deadline, nearest) {
        (None, Some(nearest)) => (Some(nearest.deadline), &nearest.zone),
        (deadline, _) => (deadline, &note.zone),
    };
    let facts = [
        (&labels.letter, letter.clone()),
        (
            &labels.intent,
            Some(words.wish(reading.intent, reasons).to_owned()),
        ),
        (&labels.number, number(&reading.number)),
        (&labels.quoted_number, number(&reading.quoted_number)),
        (&labels.full_name, reading.full_name.clone()),
        (&labels.date, reading.date.as_deref().map(day_first)),
        (&labels.time, reading.time.clone()),
        (&labels.phone, reading.phone.clone()),
        (&labels.reason, reading.reason.clone()),
    ]
    .into_iter()
    .filter_map(|(label, value)| value.map(|value| Fact { label, value }))
    .collect();
    Ok(NoteView {
        subject: stem(&note.subject, &labels.no_subject),
        why: &reason.why,
        todo: &reason.todo,
        code: note.reason.code(),
        received: words.when(note.received_at, &note.zone),
        deadline: deadline.map(|at| words.when(at, zone)),
        closed: deadline.is_some_and(|at| at < note.date.minute()),
        likely: likely
            .iter()
            .map(|one| likely_view(one, templates))
            .collect(),
        acts: acts(note, templates, letter.as_deref().unwrap_or_default()),
        returned: returned(note, templates, letter.as_deref().unwrap_or_default()),
        retried: note.occasion == Occasion::Retried,
        facts,
        problems: reading
            .problems
            .iter()
            .filter(|problem| **problem != note.reason)
            .filter_map(|problem| templates.reason(*problem))
            .map(|problem| problem.why.as_str())
            .collect(),
    })
}

fn likely_view(one: &Likely, templates: &Templates) -> LikelyView {
    LikelyView {
        number: one.number.clone(),
        name: one.name.clone(),
        starts: templates.words().when(one.starts_at, &one.zone),
        open: one.open,
        signs: templates.acts().signs(&one.signs),
        against: templates.acts().signs(&one.against),
    }
}

/// What each act would do; nothing where the note was written by a version that did not know.
fn acts<'a>(note: &Note, templates: &'a Templates, letter: &str) -> Vec<ActView<'a>> {
    let Some(outlook) = note.outlook else {
        return Vec::new();
    };
    let words = templates.acts();
    let retry = if note.reason.is_passing() {
        "retry_passing"
    } else {
        "retry"
    };
    let refused = if outlook.cancel == CancelOutlook::Approves {
        "refuse_rejects"
    } else {
        "refuse"
    };
    let refuse = outlook.refuse.map_or_else(
        || words.effect(refused).to_owned(),
        |obstacle| words.comes_back(obstacle, letter),
    );
    [
        (StaffAct::Retry, words.effect(retry).to_owned()),
        (
            StaffAct::Cancel,
            words.cancel_effect(outlook.cancel, letter),
        ),
        (StaffAct::Refuse, refuse),
        (StaffAct::Close, words.effect("close").to_owned()),
    ]
    .into_iter()
    .filter(|(act, _)| *act == StaffAct::Close || note.reason != Reason::DocumentsEnclosed)
    .map(|(act, effect)| ActView {
        name: words.name(act),
        effect,
    })
    .collect()
}

fn returned<'a>(note: &Note, templates: &'a Templates, letter: &str) -> Option<ReturnedView<'a>> {
    let Occasion::Returned { act, obstacle } = note.occasion else {
        return None;
    };
    let (why, todo) = templates.acts().obstacle(obstacle, letter);
    Some(ReturnedView {
        act: templates.acts().name(act),
        why,
        todo,
    })
}

/// `2027-03-12` as people write it, `12.03.2027`.
fn day_first(date: &str) -> String {
    let parts: Vec<&str> = date.rsplit('-').collect();
    parts.join(".")
}

/// The subject without the prefixes of answers, so that mail programs keep the thread together.
fn stem(subject: &str, no_subject: &str) -> String {
    let mut rest = subject.trim();
    while let Some((prefix, tail)) = rest.split_once(':') {
        let bare = prefix.split('[').next().unwrap_or("").trim().to_lowercase();
        if !REPLY_PREFIXES.contains(&bare.as_str()) {
            break;
        }
        rest = tail.trim_start();
    }
    if rest.is_empty() {
        return no_subject.to_owned();
    }
    rest.chars().take(MAX_SUBJECT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_stem_is_what_stands_behind_the_answer_prefixes() {
        let stems = [
            ("Отмена записи №17", "Отмена записи №17"),
            ("Re: Отв: RE[2]: Отмена", "Отмена"),
            ("Fwd:письмо: важное", "письмо: важное"),
            (" Re: ", "письмо без темы"),
            ("", "письмо без темы"),
        ];
        for (subject, expected) in stems {
            assert_eq!(stem(subject, "письмо без темы"), expected, "{subject:?}");
        }
    }
}
