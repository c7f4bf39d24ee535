//! The shape of attributions, header blocks and signature marks.

use crate::read::flowed::{Line, Mark};
use crate::read::grammar::{self, Haystack, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// The patterns of `marks.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    pub cut_line: Rule,
    pub end_line: Rule,
    pub attribution_verb: Rule,
    pub undated_attribution: Rule,
    pub bare_attribution: Rule,
    pub own_label: Rule,
    pub caption: Rule,
    pub header_in_a_line: Rule,
    pub to_me: Rule,
    pub from_label: Rule,
    pub sent_label: Rule,
    pub to_label: Rule,
    pub subject_label: Rule,
    pub advert: Rule,
    pub footer: Rule,
    pub own_report: Rule,
    pub greeting: Rule,
    pub banner: Rule,
    pub disclaimer: Rule,
    pub asked_label: Rule,
    pub asking: Rule,
}

/// The patterns, compiled once.
pub fn marks() -> &'static Marks {
    static MARKS: LazyLock<Marks> = LazyLock::new(|| grammar::embedded(include_str!("marks.toml")));
    &MARKS
}

/// Date or time in any of the forms of attributions.
static WHEN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\d{1,2}[:.]\d{2}\b|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}\s+(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}",
    )
});

static CLOCK: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"\b\d{1,2}[:.]\d{2}\b"));

/// As [`CLOCK`], but surely no day.
static HOUR: LazyLock<grammar::Pattern> = LazyLock::new(|| grammar::regex(r"\b\d{1,2}:\d{2}\b"));

static ADDRESS: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"[^\s<>@]{1,64}@[^\s<>@]{1,200}\.[^\s<>@]{2,}"));

/// The end of an attribution: a colon, perhaps with a stray mark behind (BlueMail: «:п>»).
static END: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"[:⚠]\s*[^\s\d]{0,2}>?\s*$"));

/// «5 февраля 2027 г. 10:22 Имя <адрес> написал», without a colon.
static ENDS_WITH_VERB: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)>[ ](?:на)?(?:писал(?:\(а\)|а)?|пишет|wrote)\s*$"));

static LABEL: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^\s*[\p{L} .]{2,30}:"));

/// A date without its time.
static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b\d{1,2}\s+\p{L}{3,}|\p{L}{3,}\s+\d{1,2},",
    )
});

/// Whether there is a date or a time.
pub fn tells_when(text: &str) -> bool {
    text.bytes().any(|octet| octet.is_ascii_digit()) && WHEN.is_match(text)
}

/// Whether there is a date.
pub fn tells_date(text: &str) -> bool {
    DAY.is_match(text)
}

/// Whether the text ends as attributions do.
pub fn ends_attribution(text: &str) -> bool {
    END.is_match(text)
}

/// Whether `text`, directly above a quote, tells who wrote it.
pub fn is_attribution(text: &str) -> bool {
    let verb = marks().attribution_verb.is_in(text);
    let when = WHEN.is_match(text);
    ends_attribution(text)
        && (when && (verb || ADDRESS.is_match(text))
            || verb && text.chars().count() < 160
            || ADDRESS.is_match(text) && text.chars().count() < 160)
}

/// Whether `text` tells who wrote the old letter, so surely that it needs no quote marks below.
pub fn is_certain_attribution(text: &str) -> bool {
    let starts_with_me = text.trim_start().to_lowercase().starts_with("я ");
    (ends_attribution(text) || ENDS_WITH_VERB.is_match(text))
        && WHEN.is_match(text)
        && CLOCK.is_match(text)
        && !starts_with_me
        && !marks().own_report.is_in(text)
        && !has_label(text)
        && (ADDRESS.is_match(text) || marks().attribution_verb.is_in(text))
}

/// The lines, up to three, of a certain attribution with which `below` begins.
pub fn attribution(below: &[Line]) -> Option<usize> {
    let mut joined = String::new();
    for (before, line) in below.iter().take(3).enumerate() {
        if line.mark != Mark::Plain || line.text.len() > 800 {
            return None;
        }
        if before == 0 && is_head_in_a_line(line.text.trim()) {
            return Some(1);
        }
        if before == 0 && !tells_when(&line.text) {
            return None;
        }
        joined.push_str(line.text.trim());
        joined.push(' ');
        if is_certain_attribution(&joined) {
            return Some(before + 1);
        }
        if ends_attribution(&joined) || line.is_blank() {
            return None;
        }
    }
    None
}

/// A line that is the whole head of an old letter without marks: «10 марта 2027 г. 9:15 Клиника:», «Исходное
/// сообщение:».
fn is_head_in_a_line(line: &str) -> bool {
    const LONGEST: usize = 300;
    let bare = || marks().bare_attribution.is_in(line) && !marks().own_label.is_in(line);
    line.len() <= LONGEST
        && (marks().undated_attribution.is_in(line)
            || marks().caption.is_in(line)
            || marks().header_in_a_line.is_in(line)
            || bare())
}

/// What a window of mail shows above a letter, copied from there: who, when and «кому: мне», each on a line of
/// its own.
pub fn is_copied_window<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut lines = lines.map(str::trim);
    let Some(who) = lines.next() else {
        return false;
    };
    let named = !has_label(who) && who.chars().count() <= 120 && !who.ends_with(['.', '!', '?']);
    let (mut when, mut to_me, mut to) = (false, false, false);
    for line in lines.take(2) {
        when |= is_when(line) || tells_when(line) && line.chars().count() <= 30 && !has_label(line);
        to_me |= marks().to_me.is_in(line);
        to |= marks().to_label.is_in(line);
    }
    named && when && (to_me || to && ADDRESS.is_match(who))
}

/// Whether the lines, from a From label on, are the header of an old letter: From with
/// Sent or Date and an address; or four labels.
pub fn is_header_block<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let (mut sent, mut to, mut subject, mut address) = (false, false, false, false);
    let mut addresses = 0;
    for (index, line) in lines.enumerate() {
        let line: String = line.trim().chars().take(400).collect();
        let from = marks().from_label.is_in(&line);
        if index == 0 && !from {
            return false;
        }
        let is_sent = marks().sent_label.is_in(&line);
        let is_to = marks().to_label.is_in(&line);
        let is_subject = marks().subject_label.is_in(&line);
        if !(from || is_sent || is_to || is_subject) && has_label(&line) && index > 6 {
            break;
        }
        let addressed = (from || is_to) && ADDRESS.is_match(&line);
        addresses += usize::from(addressed);
        address |= addressed;
        sent |= is_sent;
        to |= is_to;
        subject |= is_subject;
    }
    sent && address || to && subject && (sent || addresses > 1)
}

/// Whether the lines are such a header in another order: Sent, whose value is a day and an hour, From, To and
/// Subject, one directly below the other.
pub fn is_timed_header<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    const LABELS: usize = 5;
    let mut named = false;
    let (mut from, mut sent, mut to, mut subject) = (false, false, false, false);
    for line in lines.take(LABELS) {
        let is_sent = marks().sent_label.is_in(line);
        let is_from = marks().from_label.is_in(line);
        let is_to = marks().to_label.is_in(line);
        let is_subject = marks().subject_label.is_in(line);
        if !(is_sent || is_from || is_to || is_subject) {
            break;
        }
        sent |= is_sent && tells_date(line) && HOUR.is_match(line);
        from |= is_from;
        named |= is_from && line.contains('<') && ADDRESS.is_match(line);
        to |= is_to;
        subject |= is_subject;
    }
    from && sent && (to || subject || named)
}

/// «Кому», the addressee, «Тема», each on a line of its own: the head of an old letter in Notes.
pub fn is_table_of_notes<'a>(mut lines: impl Iterator<Item = &'a str>) -> bool {
    const LINES: usize = 7;
    lines.next().is_some_and(is_label_of_notes)
        && lines
            .take(LINES)
            .any(|line| matches!(line.trim().to_lowercase().as_str(), "тема" | "subject"))
}

/// «Кому», or «Кому» and the addressee in the next cell.
pub fn is_label_of_notes(line: &str) -> bool {
    let label = line.trim().split('\t').next().unwrap_or_default();
    matches!(label.trim().to_lowercase().as_str(), "кому" | "to")
}

/// «>>> Имя <a@example.ru> 05.02.2027 10:22 >>>», its first marks taken off: what GroupWise puts above an old
/// letter without marks.
pub fn is_groupwise_head(line: &str) -> bool {
    line.trim_end().ends_with(">>>") && HOUR.is_match(line)
}

/// Whether the lines are the header of an old letter in whatever language: an author with an address, a day and an
/// hour, an addressee and a subject, each behind a label of its own.
pub fn is_labelled_header<'a>(mut lines: impl Iterator<Item = &'a str>) -> bool {
    static LABELLED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^[*\s]{0,4}[\p{L}\p{M} .-]{1,25}[*]{0,2}:[*\s]"));
    let mut next = || lines.next().filter(|line| LABELLED.is_match(*line));
    let (Some(from), Some(sent), Some(to), Some(_)) = (next(), next(), next(), next()) else {
        return false;
    };
    let named = |line: &str| line.contains('<') && ADDRESS.is_match(line);
    named(from) && tells_when(sent) && CLOCK.is_match(sent) && ADDRESS.is_match(to)
}

/// «5 февраля 2027 г. 10:22» and nothing else.
pub fn is_when(line: &str) -> bool {
    const LETTERS: usize = 20;
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    tells_date(line) && HOUR.is_match(line) && letters <= LETTERS && !has_label(line)
}

/// «Имя <a@example.ru>» and nothing else.
pub fn is_who(line: &str) -> bool {
    const LONGEST: usize = 120;
    line.chars().count() <= LONGEST && line.ends_with('>') && ADDRESS.is_match(line)
}

/// Whether the line begins with a label, «Номер записи:».
pub fn has_label<'t>(line: impl Haystack<'t>) -> bool {
    LABEL.is_match(line)
}

/// A row of underscores or dashes.
pub fn is_rule(line: &str) -> bool {
    line.len() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '*'))
}

/// «-- » as RFC 3676 has it, and without its space, as webmail writes it.
pub fn is_signature_mark(line: &str) -> bool {
    line.trim_end() == "--"
}

/// What Yandex and others put above the attribution.
pub fn is_quote_head(line: &str) -> bool {
    let line = line.trim();
    let label = marks().to_label.is_in(line) || marks().subject_label.is_in(line);
    is_rule(line) || label && line.ends_with(';') || line.chars().all(|c| c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_judges_its_examples() {
        let m = marks();
        for rule in [
            &m.cut_line,
            &m.end_line,
            &m.attribution_verb,
            &m.undated_attribution,
            &m.bare_attribution,
            &m.own_label,
            &m.caption,
            &m.header_in_a_line,
            &m.to_me,
            &m.from_label,
            &m.sent_label,
            &m.to_label,
            &m.subject_label,
            &m.advert,
            &m.footer,
            &m.own_report,
            &m.greeting,
            &m.banner,
            &m.disclaimer,
            &m.asked_label,
            &m.asking,
        ] {
            assert_eq!(rule.misjudged(), None);
            assert!(!rule.examples.is_empty());
        }
    }

    #[test]
    fn attributions_are_told_by_their_shape() {
        for text in [
            "пт, 5 февр. 2027 г. в 10:22, Имя <a@example.ru>:",
            "Пятница, 5 февраля 2027, 10:22 +03:00 от Имя <a@example.ru>:",
            "Вы писали 5 февраля 2027 г., 10:22:41:",
            "Имя писал 2027-02-05 10:22:",
            "В Пт, 05/02/2027 в 10:22 +0300, Имя пишет:",
            "On Fri, Feb 5, 2027 at 10:22 AM Name <a@example.ru> wrote:",
        ] {
            assert!(is_attribution(text), "{text}");
            assert!(is_certain_attribution(text), "{text}");
        }
        for text in [
            "Прошу отменить запись на 12.03.2027 14:30",
            "Время: 14:30",
            "Причина:",
        ] {
            assert!(!is_attribution(text), "{text}");
        }
        assert!(!is_certain_attribution(
            "В ответ на письмо a@example.ru от 05.02.2027 10:22 сообщаю:"
        ));
    }
}
