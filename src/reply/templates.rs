//! The templates: part of the program, checked when it starts, filled with typed facts.

use super::act_words::ActWords;
use super::late_view::LateView;
use super::template_files::TEMPLATES;
use super::words::{When, Words};
use super::{BookingWords, LetterData, LetterKind};
use crate::config::MailboxName;
use crate::domain::{EmailAddress, HistoryEvent, Moment, Reason, Zone};
use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use tera::{Context, Tera};

const WORDS: &str = include_str!("../../templates/words.toml");
const REASONS: &str = include_str!("../../templates/notes/reasons.toml");
const REMEDY: &str = "this build is damaged: install the program anew";

/// All templates, parsed, with the words that they share. Cheap to share between threads.
#[derive(Debug)]
pub struct Templates {
    tera: Tera,
    words: Words,
    reasons: BTreeMap<String, ReasonWords>,
    acts: ActWords,
}

/// What staff read about a reason.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonWords {
    /// Why the letter was stopped.
    pub why: String,
    /// What staff do about it.
    pub todo: String,
}

/// Who sends a letter, and when.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'a> {
    /// From.
    pub from: &'a MailboxName,
    /// Date.
    pub date: Moment,
}

/// A letter or note in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The subject, one line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// What a letter's templates may name.
#[derive(Debug, Serialize)]
struct LetterView<'a> {
    greeting: Option<String>,
    booking: Option<BookingView<'a>>,
    received: Option<When>,
    /// Whether the letter that asked was received before the deadline had passed.
    in_time: bool,
    deadline: Option<When>,
    /// Whether this letter is written before the deadline has passed.
    cancellable: bool,
    cancelled: Option<When>,
    answer_until: Option<When>,
    document: Option<&'a str>,
    /// The digits of the code in two groups.
    code: Option<String>,
    choices: Vec<BookingView<'a>>,
    masked_sender: Option<&'a str>,
    reason: Option<&'a str>,
    staff_words: Option<&'a str>,
    problem: &'a str,
    from_address: &'a str,
    /// Whose name stands below the letter.
    signature: Option<&'a str>,
    /// The digits that take the cancellation back, in two groups.
    restore_code: Option<String>,
    restore_until: Option<When>,
    previous: Option<&'a str>,
    form: Option<FormView>,
    /// How the booking stands, as a sentence.
    state: Option<&'a str>,
    /// Whether the booking can still be cancelled, leaving deadlines aside.
    open: bool,
    history: Vec<EventView<'a>>,
    case_number: Option<i64>,
    late: Option<LateView>,
}

/// What happened to a booking, and when.
#[derive(Debug, Serialize)]
struct EventView<'a> {
    when: When,
    what: &'a str,
}

/// What a template may name of a booking.
#[derive(Debug, Serialize)]
pub(super) struct BookingView<'a> {
    number: &'a str,
    full_name: &'a str,
    service: &'a str,
    organisation: &'a str,
    address: &'a str,
    resource: &'a str,
    starts: When,
    /// «за 24 часа до назначенного времени».
    notice: Option<String>,
}

/// The reply that a citizen can send to cancel, filled in.
#[derive(Debug, Serialize)]
struct FormView {
    subject: String,
    lines: Vec<String>,
    mailto: Option<String>,
}

impl Templates {
    /// Parses and checks all templates and words.
    ///
    /// # Errors
    /// [`Failure::Stop`] names the template: the program was built with a broken file.
    pub fn load() -> Result<Self, Failure> {
        let broken = |cause| Failure::stop_because("a template is broken", REMEDY, cause);
        let mut tera = Tera::default();
        tera.add_raw_templates(TEMPLATES.iter().copied())
            .map_err(broken)?;
        let reasons: BTreeMap<String, ReasonWords> = toml::from_str(REASONS).map_err(|cause| {
            Failure::stop_because("templates/notes/reasons.toml", REMEDY, cause)
        })?;
        if let Some(missing) = Reason::ALL
            .iter()
            .find(|reason| !reasons.contains_key(reason.code()))
        {
            let what = format!("templates/notes/reasons.toml lacks {}", missing.code());
            return Err(Failure::stop(what, REMEDY));
        }
        Ok(Self {
            tera,
            words: Words::load(WORDS)?,
            reasons,
            acts: ActWords::load()?,
        })
    }

    /// The shared words.
    pub const fn words(&self) -> &Words {
        &self.words
    }

    /// What staff read about their acts.
    pub const fn acts(&self) -> &ActWords {
        &self.acts
    }

    /// What staff read about a reason.
    pub fn reason(&self, reason: Reason) -> Option<&ReasonWords> {
        self.reasons.get(reason.code())
    }

    /// Puts a letter into words.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack what the template needs.
    pub fn letter(
        &self,
        kind: LetterKind,
        data: &LetterData,
        sent: Sent<'_>,
    ) -> Result<Wording, Failure> {
        let view = self.letter_view(data, sent);
        self.fill_folder(&format!("letters/{}", kind.code()), &view)
    }

    /// Fills `subject.txt`, `text.txt` and `html.html` of a folder.
    ///
    /// # Errors
    /// [`Failure::Stop`] when `view` lacks what a template needs.
    pub fn fill_folder(&self, folder: &str, view: &impl Serialize) -> Result<Wording, Failure> {
        let context = context(view)?;
        let subject = self.fill(&format!("{folder}/subject.txt"), &context)?;
        Ok(Wording {
            subject: one_line(&subject),
            text: tidy(&self.fill(&format!("{folder}/text.txt"), &context)?),
            html: self.fill(&format!("{folder}/html.html"), &context)?,
        })
    }

    /// Fills one sentence of the document.
    pub(super) fn document(&self, name: &str, view: &impl Serialize) -> Result<String, Failure> {
        self.fill(&format!("document/{name}.txt"), &context(view)?)
    }

    fn fill(&self, name: &str, context: &Context) -> Result<String, Failure> {
        self.tera.render(name, context).map_err(|_| {
            // Tera's own message quotes the data, which are personal: only the name is told.
            Failure::stop(format!("the template {name} cannot be filled"), REMEDY)
        })
    }

    /// What a template may name of `booking`.
    pub(super) fn booking_view<'a>(&self, booking: &'a BookingWords) -> BookingView<'a> {
        BookingView {
            number: &booking.number,
            full_name: &booking.full_name,
            service: &booking.service,
            organisation: &booking.organisation,
            address: &booking.address,
            resource: booking.resource.trim(),
            starts: self.words.when(booking.starts_at, &booking.zone),
            notice: self.words.notice(booking.notice),
        }
    }

    fn letter_view<'a>(&'a self, data: &'a LetterData, sent: Sent<'a>) -> LetterView<'a> {
        let about = about(data);
        let zone = about.map(|booking| booking.zone.clone());
        let when = |at: Option<Moment>| {
            let zone = zone.clone().or_else(|| default_zone().ok())?;
            at.map(|at| self.words.when(at, &zone))
        };
        // The deadline is a whole minute; everything within it counts.
        let before = |at: Moment| data.deadline.map(|deadline| at.minute() <= deadline);
        let organisation = about.map(|b| b.organisation.trim());
        LetterView {
            greeting: about.and_then(|booking| self.words.greeting(&booking.full_name)),
            booking: data.booking.as_ref().map(|b| self.booking_view(b)),
            received: when(data.received_at),
            in_time: data.received_at.and_then(before).unwrap_or(false),
            deadline: when(data.deadline),
            cancellable: before(sent.date).unwrap_or(true),
            cancelled: when(data.cancelled_at),
            answer_until: when(data.answer_until),
            document: data.document.as_deref(),
            code: data.code.as_deref().map(grouped),
            choices: data.choices.iter().map(|b| self.booking_view(b)).collect(),
            masked_sender: data.masked_sender.as_deref(),
            reason: data.reason.as_deref(),
            staff_words: data.staff_words.as_deref(),
            problem: self.words.not_understood(data.problem),
            from_address: sent.from.address.as_str(),
            signature: organisation
                .filter(|name| !name.is_empty())
                .or(Some(sent.from.name.trim()))
                .filter(|name| !name.is_empty()),
            restore_code: data.restore_code.as_deref().map(grouped),
            restore_until: when(data.restore_until),
            previous: data.previous.as_deref(),
            form: data
                .booking
                .as_ref()
                .map(|booking| self.form(booking, data.answer_address.as_ref())),
            state: data
                .state
                .as_deref()
                .and_then(|code| self.words.state(code)),
            open: matches!(
                data.state.as_deref(),
                Some("scheduled" | "awaiting_confirmation")
            ),
            history: self.history(data, zone.as_ref()),
            case_number: data.case_number,
            late: data
                .late
                .as_ref()
                .zip(zone.or_else(|| default_zone().ok()))
                .map(|(late, zone)| self.words.late_view(late, &zone)),
        }
    }

    /// What is told to citizens of what happened.
    fn history(&self, data: &LetterData, zone: Option<&Zone>) -> Vec<EventView<'_>> {
        let told = |event: &HistoryEvent| {
            let when = self.words.when(event.at, zone?);
            let what = self.words.event(event.kind)?;
            Some(EventView { when, what })
        };
        data.history.iter().filter_map(told).collect()
    }

    fn form(&self, booking: &BookingWords, answer_address: Option<&EmailAddress>) -> FormView {
        let labels = &self.words.form;
        let starts = self.words.when(booking.starts_at, &booking.zone);
        let subject = format!("{}{}", labels.subject, booking.number);
        let lines = vec![
            format!("{}: {}", labels.number, booking.number),
            format!("{}: {}", labels.full_name, booking.full_name),
            format!("{}: {}", labels.date, starts.digits),
            format!("{}: {}", labels.time, starts.time),
            format!("{}:", labels.phone),
            format!("{}:", labels.reason),
        ];
        let mailto = answer_address.map(|address| {
            let body = lines.join("\r\n");
            format!(
                "mailto:{}?subject={}&body={}",
                percent_encoded(address.as_str(), b"@"),
                percent_encoded(&subject, b""),
                percent_encoded(&body, b"")
            )
        });
        FormView {
            subject,
            lines,
            mailto,
        }
    }
}

/// The booking that a letter is about; of several to choose from the first, where they are of one
/// person with one organisation.
fn about(data: &LetterData) -> Option<&BookingWords> {
    let first = data.choices.first();
    let alike = first.filter(|first| {
        data.choices.iter().all(|other| {
            other.full_name == first.full_name && other.organisation == first.organisation
        })
    });
    data.booking.as_ref().or(alike)
}

/// «482-193»: two groups are easier to type.
fn grouped(digits: &str) -> String {
    let (head, tail) = digits
        .split_at_checked(digits.len() / 2)
        .unwrap_or((digits, ""));
    format!("{head}-{tail}")
}

/// The zone of letters that are about no booking.
fn default_zone() -> Result<crate::domain::Zone, crate::domain::ZoneError> {
    crate::domain::Zone::named("Europe/Moscow")
}

fn context(view: &impl Serialize) -> Result<Context, Failure> {
    Context::from_serialize(view)
        .map_err(|_| Failure::stop("the facts of a letter cannot be serialised", REMEDY))
}

fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// At most one empty line in a row, wherever a condition left more.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines() {
        if !(line.is_empty() && out.ends_with("\n\n")) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// RFC 6068: everything but the unreserved characters and `also` becomes `%XX`.
fn percent_encoded(text: &str, also: &[u8]) -> String {
    let mut encoded = String::with_capacity(text.len().saturating_mul(3));
    for octet in text.bytes() {
        let plain = octet.is_ascii_alphanumeric()
            || matches!(octet, b'-' | b'.' | b'_' | b'~')
            || also.contains(&octet);
        if plain {
            encoded.push(char::from(octet));
        } else {
            // Writing into a String cannot fail.
            write!(encoded, "%{octet:02X}").unwrap_or_default();
        }
    }
    encoded
}
