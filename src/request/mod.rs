//! Step 3, request: what the writer of a [`Letter`] asks for. Pure.

mod folded;
mod answered_form;
mod asked;
mod closing;
mod number;
mod learned;
mod speech;
mod wish;
mod questions;
mod signature;
mod sentences;
pub(crate) mod when;
mod person;
mod phone;
mod reason;
pub(crate) mod fields;
mod phrases;
pub(crate) mod plain;
mod code;
pub(crate) mod noted;
mod slots;
mod signs;
mod spelling;
mod spoken;
pub mod details;

use crate::domain::{BookingNumber, Reason};
use crate::read::Letter;
use noted::Noted;
use plain::plain;
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// «Отмена записи №…».
    Cancel,
    /// «Восстановление записи №…».
    Restore,
    /// «Подтверждение отмены №…»: the document again.
    Resend,
    /// «ДА», «подтверждаю»: consent to what a letter of ours asked.
    Consent,
    /// «Повторная запись №…»: a new time for a booking that was cancelled.
    Rebook,
    /// «В лист ожидания»: a place in the waiting list instead of a free time.
    Join,
    /// «Нет», «отказываюсь»: no to what a letter of ours offered.
    Decline,
    /// Nothing that we know, or nothing clear.
    #[default]
    None,
    /// «Статус записи №…»: how it stands.
    Status,
    /// Something did not work, or a person is asked for.
    Help,
}

impl Intent {
    /// The word used in `otmena parse` and in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Restore => "restore",
            Self::Resend => "resend",
            Self::Consent => "consent",
            Self::Rebook => "rebook",
            Self::Join => "join",
            Self::Decline => "decline",
            Self::None => "none",
            Self::Status => "status",
            Self::Help => "help",
        }
    }
}

/// What was understood; a field that is in doubt is `None` and its problem is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReading {
    /// The wish.
    pub intent: Intent,
    /// The booking's number that the writer gave.
    pub number: Option<BookingNumber>,
    /// Whether a number stands in the quoted booking letter only; it counts only together with
    /// our thread token. Always the number of the quoted text, never of the writer's own words.
    pub quoted_number: Option<BookingNumber>,
    /// Date of the appointment, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Time of the appointment, `HH:MM`.
    pub time: Option<String>,
    /// Name as written, spaces collapsed.
    pub full_name: Option<String>,
    /// Telephone, E.164.
    pub phone: Option<String>,
    /// Reason as written, at most 500 characters.
    pub reason: Option<String>,
    /// The code of a confirmation letter that the writer typed: six digits.
    #[serde(default)]
    pub code: Option<String>,
    /// What was unclear, each code once, in the order found. Includes the letter's own problems.
    pub problems: Vec<Reason>,
}

/// Understands a letter. Pure; in doubt a field is `None` and the reason is listed.
pub fn understand(letter: &Letter) -> RequestReading {
    let mut reading = understand_face(letter, &letter.own_words);
    if let Some(other) = &letter.other_face {
        let second = understand_face(letter, other);
        if second.intent != reading.intent || second.number != reading.number {
            reading.intent = Intent::None;
            reading.number = None;
            reading.note(Reason::FacesDiffer);
        } else {
            reading.fill_from(second);
        }
    }
    for problem in &letter.problems {
        reading.note(*problem);
    }
    if letter
        .problems
        .iter()
        .any(|problem| forbids_acting(*problem))
    {
        reading.intent = Intent::None;
        reading.number = None;
    }
    if letter.automatic.is_some() {
        // A program's letter asks for nothing; staff are told when it looks as if it did. That its
        // owner is away, every vacation note says.
        let outright =
            phrases::fields().outright_request.is_in(&letter.own_words) || reading.number.is_some();
        if reading.intent != Intent::None && outright {
            reading.note(Reason::AutomaticRequest);
        } else if reading.intent != Intent::None {
            reading
                .problems
                .retain(|problem| *problem != Reason::NumberMissing);
            reading.note(Reason::NoRequest);
        }
        reading.forget_details();
    }
    reading.quoted_number = quoted_number(letter, &reading);
    reading
}

/// Letters of which we may have seen only a part, or two versions.
const fn forbids_acting(problem: Reason) -> bool {
    matches!(
        problem,
        Reason::LetterTooComplex
            | Reason::LetterTooLarge
            | Reason::LetterEncrypted
            | Reason::SubjectAmbiguous
            | Reason::CharsetUnreadable
    )
}

fn understand_face(letter: &Letter, own_words: &str) -> RequestReading {
    let subject = spoken::in_figures(&spelling::mended(&plain(&letter.subject)));
    let written = closing::without_posts(&spelling::mended(&plain(own_words)));
    let body = sentences::joined(&spoken::in_figures(&written)).join("\n");
    let joined = sentences::joined(&written).join("\n");
    let (code, body) = code::taken_out(&subject, body);
    let titled = Noted::of(&subject);
    let noted = Noted::of(&body);
    let fields = &noted.fields;
    let mut reading = RequestReading::default();
    let wish = asked::of_letter(letter, [&subject, &body, &joined], fields);
    reading.intent = code::consents(wish, code.is_some(), &body, fields);
    reading.code = code;
    if let Some(doubt) = wish.doubt {
        reading.note(doubt);
    }
    reading.read_details(&titled, &noted);
    reading.complete_from_signature(&letter.signature);
    reading.read_reason(&titled, &noted, &joined);
    reading.note_what_is_missing(&letter.own_words, &letter.subject);
    reading
}

/// The number of the quoted booking letter or of its subject, when the writer gave none.
fn quoted_number(letter: &Letter, reading: &RequestReading) -> Option<BookingNumber> {
    let broken = [
        Reason::NumberUnreadable,
        Reason::NumberAmbiguous,
        Reason::FacesDiffer,
    ];
    if reading.number.is_some() || reading.problems.iter().any(|p| broken.contains(p)) {
        return None;
    }
    let subject = plain(&letter.subject);
    let titled = if wish::is_inherited(&subject) {
        subject
    } else {
        String::new()
    };
    number::read(&[&Noted::of(&titled), &Noted::of(&plain(&letter.quoted))])
        .ok()
        .flatten()
}

impl RequestReading {
    fn note(&mut self, problem: Reason) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// What a program writes of names and days is nobody's appointment.
    fn forget_details(&mut self) {
        self.intent = Intent::None;
        self.number = None;
        self.date = None;
        self.time = None;
        self.full_name = None;
        self.phone = None;
        self.reason = None;
    }

    /// Details that the first face broke over lines may be whole in the second.
    fn fill_from(&mut self, other: Self) {
        let Self {
            date,
            time,
            full_name,
            phone,
            reason,
            ..
        } = other;
        self.date = self.date.take().or(date);
        self.time = self.time.take().or(time);
        self.full_name = self.full_name.take().or(full_name);
        self.phone = self.phone.take().or(phone);
        self.reason = self.reason.take().or(reason);
    }

    /// Date, time and telephone may stand in the subject, «Отмена записи №5 на 12.03.2027 14:30».
    fn complete_from_subject(&mut self, subject: &Noted<'_>) {
        let when = when::read(subject, true);
        if self.date.is_none() && !self.problems.contains(&Reason::DateAmbiguous) {
            self.date = when.date;
            if self.time.is_none() {
                self.time = when.time;
            }
        }
        if self.phone.is_none() && !self.problems.contains(&Reason::PhoneAmbiguous) {
            self.phone = phone::read(subject.phones()).ok().flatten();
        }
    }

    /// The writer's name and telephone may stand below the signature mark only.
    fn complete_from_signature(&mut self, signature: &str) {
        if signature.is_empty() {
            return;
        }
        let text = plain(signature);
        let noted = Noted::of(&text);
        if self.full_name.is_none() && !self.problems.contains(&Reason::NameAmbiguous) {
            self.full_name = person::read(&noted.text, &noted.fields).ok().flatten();
        }
        if self.phone.is_none() && !self.problems.contains(&Reason::PhoneAmbiguous) {
            self.phone = phone::read(noted.phones()).ok().flatten();
        }
    }

    /// Number, day, name and telephone, out of the subject and the writer's own words.
    fn read_details(&mut self, titled: &Noted<'_>, noted: &Noted<'_>) {
        let (subject, body) = (titled.text.as_str(), noted.text.as_str());
        let inherited = wish::is_inherited(subject);
        let acts = matches!(self.intent, Intent::Cancel | Intent::Restore);
        // An inherited subject is not the writer's word: nobody acts on its number.
        let numbered = match number::read(&[titled, noted]) {
            Ok(_) if inherited && acts => number::read(&[noted]),
            other => other,
        };
        match number::weighed(numbered, (!inherited).then_some(titled), noted) {
            Ok(Some(_)) if acts && wish::another_number::is_given(body) => {
                self.note(Reason::NumberAmbiguous);
            }
            Ok(number) => self.number = number,
            Err(problem) => self.note(problem),
        }
        // A day that is asked for is not that of the booking.
        let when = when::read(noted, !matches!(self.intent, Intent::Rebook | Intent::Join));
        self.date = when.date;
        self.time = when.time;
        if let Some(problem) = when.ambiguous {
            self.note(problem);
        }
        match person::read(body, &noted.fields) {
            Ok(name) => {
                let titled = || (!inherited).then(|| person::in_subject(subject)).flatten();
                self.full_name = name.or_else(titled);
            }
            Err(problem) => self.note(problem),
        }
        match phone::read_above_closing(body, &noted.fields, noted.phones()) {
            Ok(phone) => self.phone = phone,
            Err(problem) => self.note(problem),
        }
        if !inherited {
            self.complete_from_subject(titled);
        }
    }

    /// The reason, out of the words as they were written: «двадцать второго» is no figure there.
    /// `noted` is the text with figures, mostly the same.
    fn read_reason(&mut self, titled: &Noted<'_>, noted: &Noted<'_>, written: &str) {
        let subject = titled.text.as_str();
        let acts = matches!(self.intent, Intent::Cancel | Intent::Restore);
        let fresh = acts && !wish::is_inherited(subject);
        let other = (written != noted.text.as_str()).then(|| Noted::of(written));
        let noted = other.as_ref().unwrap_or(noted);
        let name = self.full_name.as_deref();
        self.reason = reason::read(written, &noted.fields, self.intent, name)
            .or_else(|| fresh.then(|| reason::in_subject(subject)).flatten())
            .and_then(|reason| reason::without_details(&reason, name, noted.phones(), written))
            .filter(|reason| !reason.contains([plain::BROKEN, plain::ADDRESS_SIGN]));
    }

    fn note_what_is_missing(&mut self, own_words: &str, subject: &str) {
        let silent = own_words.trim().is_empty();
        if silent && subject.trim().is_empty() {
            self.note(Reason::LetterEmpty);
        } else if self.intent == Intent::None && self.problems.is_empty() {
            self.note(Reason::NoRequest);
        }
        let wants = matches!(
            self.intent,
            Intent::Cancel | Intent::Restore | Intent::Resend | Intent::Status | Intent::Rebook
        );
        let explained = [Reason::NumberAmbiguous, Reason::NumberUnreadable];
        if wants && self.number.is_none() && !self.problems.iter().any(|p| explained.contains(p)) {
            self.note(Reason::NumberMissing);
        }
    }
}
