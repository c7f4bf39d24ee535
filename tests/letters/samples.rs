//! Letters with invented people, one for each kind.

use super::late_samples::{late, of_lateness};
use otmena::config::{EnvelopeSender, MailboxName};
use otmena::domain::{
    BookingId, BounceTags, DocumentKey, EmailAddress, EventKind, HistoryEvent, LetterId, MessageId,
    Moment, Notice, Reason, TokenSecrets, Zone,
};
use otmena::record::{OutboxRow, OutboxState};
use otmena::reply::message::Press;
use otmena::reply::templates::{Sent, Templates, Wording};
use otmena::reply::{BookingWords, LetterData, LetterKind, OutgoingLetter};
use std::sync::Arc;

pub fn at(rfc3339: &str) -> Moment {
    Moment::parse_rfc3339(rfc3339).unwrap()
}

pub fn id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

pub fn office() -> MailboxName {
    MailboxName::try_from("Поликлиника № 5 <cancel@example.org>".to_owned()).unwrap()
}

pub fn press() -> Press {
    let templates = Arc::new(Templates::load().unwrap());
    Press::new(
        templates,
        office(),
        EnvelopeSender::Verp,
        BounceTags::new(&TokenSecrets::new(&[7; 32], None)),
        key(),
    )
    .unwrap()
}

/// The key that signs documents.
pub fn key() -> DocumentKey {
    DocumentKey::from_seed(&[7; 32]).unwrap()
}

pub fn booking() -> BookingWords {
    BookingWords {
        number: "12345".to_owned(),
        full_name: "Соколова Мария Андреевна".to_owned(),
        service: "Приём терапевта".to_owned(),
        organisation: "Городская поликлиника № 5".to_owned(),
        address: "Екатеринбург, ул. Садовая, д. 7".to_owned(),
        resource: "Кабинет 214, врач Н. П. Белкин".to_owned(),
        starts_at: at("2027-03-12T14:30:00+05:00"),
        zone: Zone::named("Asia/Yekaterinburg").unwrap(),
        notice: Notice::Hours(24),
        sequence: 0,
    }
}

/// Another booking of the same citizen.
pub fn second_booking() -> BookingWords {
    BookingWords {
        number: "67890".to_owned(),
        service: "Приём хирурга".to_owned(),
        starts_at: at("2027-03-20T09:00:00+05:00"),
        ..booking()
    }
}

fn base(kind: LetterKind) -> LetterData {
    LetterData {
        version: 1,
        booking: Some(booking()),
        deadline: Some(at("2027-03-11T14:30:00+05:00")),
        answer_address: EmailAddress::parse("cancel+mfrggzdfmy@example.org"),
        late: Some(late(kind)),
        ..LetterData::default()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the letters about times have a file of their own"
)]
pub fn data(kind: LetterKind) -> LetterData {
    let base = base(kind);
    let received_at = Some(at("2027-03-10T09:15:20+05:00"));
    match kind {
        LetterKind::Booking => base,
        LetterKind::Cancelled | LetterKind::AlreadyCancelled => cancelled(kind, base),
        LetterKind::RefusedTooLate
        | LetterKind::LateConsent
        | LetterKind::UnderReview
        | LetterKind::DocumentsReceived
        | LetterKind::ReviewApproved
        | LetterKind::ReviewRejected
        | LetterKind::SanctionImposed
        | LetterKind::SanctionLifted => of_lateness(kind, base),
        LetterKind::ConfirmFirst => LetterData {
            received_at,
            answer_until: Some(at("2027-03-12T09:15:00+05:00")),
            masked_sender: Some("m…@….ru".to_owned()),
            code: Some("482193".to_owned()),
            ..base
        },
        LetterKind::CheckDetails | LetterKind::IsItThisOne => LetterData {
            received_at,
            answer_until: Some(at("2027-03-12T09:15:00+05:00")),
            code: Some("482193".to_owned()),
            ..base
        },
        LetterKind::WhichOne => LetterData {
            received_at,
            booking: None,
            deadline: None,
            choices: vec![booking(), second_booking()],
            ..base
        },
        LetterKind::NotUnderstood => LetterData {
            received_at,
            problem: Some(Reason::WishUnclear),
            ..base
        },
        LetterKind::Received => received(),
        LetterKind::DocumentAgain => LetterData {
            reason: None,
            ..data(LetterKind::Cancelled)
        },
        LetterKind::Status => status(base),
        LetterKind::CaseOpened => case_opened(base),
        LetterKind::Refused => LetterData {
            booking: None,
            received_at,
            staff_words: Some("Приём у этого врача теперь ведёт другая поликлиника.".to_owned()),
            ..base
        },
        of_times => super::slot_samples::data(of_times, base),
    }
}

fn received() -> LetterData {
    LetterData {
        version: 1,
        answer_address: EmailAddress::parse("cancel@example.org"),
        ..LetterData::default()
    }
}

fn cancelled(kind: LetterKind, base: LetterData) -> LetterData {
    LetterData {
        received_at: Some(at("2027-03-10T09:15:20+05:00")),
        cancelled_at: Some(at("2027-03-10T09:15:31+05:00")),
        document: Some("12345/1".to_owned()),
        reason: (kind == LetterKind::Cancelled).then(|| "заболел ребёнок".to_owned()),
        restore_code: Some("730518".to_owned()),
        restore_until: Some(at("2027-03-12T14:29:00+05:00")),
        ..base
    }
}

fn status(base: LetterData) -> LetterData {
    LetterData {
        received_at: Some(at("2027-03-10T09:15:20+05:00")),
        state: Some("scheduled".to_owned()),
        history: history(),
        ..base
    }
}

fn case_opened(base: LetterData) -> LetterData {
    LetterData {
        received_at: Some(at("2027-03-10T09:15:20+05:00")),
        answer_until: Some(at("2027-03-11T09:15:00+05:00")),
        case_number: Some(481),
        ..base
    }
}

/// A booking that was moved, and a request that was not confirmed.
fn history() -> Vec<HistoryEvent> {
    let event = |when: &str, kind| HistoryEvent { at: at(when), kind };
    vec![
        event("2027-02-01T10:00:00+05:00", EventKind::BookingImported),
        event("2027-02-20T16:30:00+05:00", EventKind::BookingRescheduled),
        event("2027-02-20T16:31:00+05:00", EventKind::SlotFreed),
        event("2027-03-01T08:12:00+05:00", EventKind::ChallengeOpened),
    ]
}

/// A letter in words, written before the deadline.
pub fn words(templates: &Templates, kind: LetterKind, data: &LetterData) -> Wording {
    words_at(templates, kind, data, "2027-03-10T09:15:31+05:00")
}

pub fn words_at(templates: &Templates, kind: LetterKind, data: &LetterData, date: &str) -> Wording {
    let sent = Sent {
        from: &office(),
        date: at(date),
    };
    templates.letter(kind, data, sent).unwrap()
}

/// A cancellation, or its repetition, for which nobody asked by letter.
pub fn by_staff(kind: LetterKind) -> LetterData {
    LetterData {
        received_at: None,
        reason: None,
        ..data(kind)
    }
}

pub fn row(kind: LetterKind) -> OutboxRow {
    let own_accord = [
        LetterKind::Booking,
        LetterKind::SanctionImposed,
        LetterKind::SanctionLifted,
    ];
    let answers = !own_accord.contains(&kind);
    OutboxRow {
        id: 42,
        letter: OutgoingLetter {
            kind,
            answers: answers.then_some(LetterId(7)),
            booking: Some(BookingId(3)),
            recipient: EmailAddress::parse("maria@example.com").unwrap(),
            message_id: id(&format!(
                "otmena.{}.mfrggzdfmztwq2lk@example.org",
                kind.code()
            )),
            thread: if answers {
                vec![id("reply-1@example.com"), id("booking-1@example.org")]
            } else {
                Vec::new()
            },
            reply_to: EmailAddress::parse("cancel+mfrggzdfmy@example.org"),
            date: at("2027-03-10T09:15:31+05:00"),
            verified: true,
            data: data(kind),
        },
        state: OutboxState::Due,
        attempts: 1,
        created_at: at("2027-03-10T09:15:31+05:00"),
        not_before: at("2027-03-10T09:15:31+05:00"),
        due_at: at("2027-03-10T09:15:31+05:00"),
        sent_at: None,
        last_error: None,
        document_hash: None,
    }
}
