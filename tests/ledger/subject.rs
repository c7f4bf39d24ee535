//! A ledger under test, and the letters, bookings and rules that the tests put into it.

use crate::support::postgres::Postgres;
use otmena::config::BudgetSettings;
use otmena::decide::{
    Case, Consequences, Decision, Facts, Filing, Judgement, LateConsequences, SlotChanges,
};
use otmena::domain::{
    Booking, BookingNumber, BookingState, Cancellation, Category, Channel, Citizen, ContentHash,
    EmailAddress, Event, EventKind, Folder, LetterId, LetterState, MessageId, Moment, Organisation,
    Place, Reason, Service, Zone,
};
use otmena::failure::Failure;
use otmena::intake::Listed;
use otmena::record::{self, BookingImport, Judge, Ledger, Recorded, Sighting, TakenIn};
use otmena::reply::{LetterData, LetterKind, OutgoingLetter};
use otmena::request::{Intent, RequestReading};
use otmena::verify::SenderEvidence;
use sqlx::Connection;
use std::sync::Arc;

/// 2027-01-15T08:00:00Z.
pub const NOW: Moment = Moment::from_seconds(1_800_000_000);

/// A prepared, empty ledger.
pub struct Subject {
    pub url: String,
    pub ledger: Arc<dyn Ledger>,
    /// Holds the file of SQLite.
    _folder: Option<tempfile::TempDir>,
}

impl Subject {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("ledger.db").display());
        Self::reopened(url, Some(folder)).await
    }

    pub async fn on_postgres() -> Self {
        let url = Postgres::shared().await.unwrap().fresh_database().await;
        Self::reopened(url, None).await
    }

    /// Another empty one on the same kind of database.
    pub async fn another(&self) -> Self {
        if self.url.starts_with("sqlite:") {
            Self::on_sqlite().await
        } else {
            Self::on_postgres().await
        }
    }

    /// Migrates what is there and opens it.
    pub async fn reopened(url: String, folder: Option<tempfile::TempDir>) -> Self {
        record::migrate(&url).await.unwrap();
        let ledger = record::open(&url, BudgetSettings::default()).await.unwrap();
        Self {
            url,
            ledger,
            _folder: folder,
        }
    }

    /// The same database as a second daemon sees it.
    pub async fn second_daemon(&self) -> Arc<dyn Ledger> {
        record::open(&self.url, BudgetSettings::default())
            .await
            .unwrap()
    }

    /// What somebody does to the database behind the program's back.
    pub async fn tamper(&self, sql: &'static str) -> u64 {
        if self.url.starts_with("sqlite:") {
            let mut connection = sqlx::SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql)
                .execute(&mut connection)
                .await
                .unwrap()
                .rows_affected()
        } else {
            let mut connection = sqlx::PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(sql)
                .execute(&mut connection)
                .await
                .unwrap()
                .rows_affected()
        }
    }

    pub async fn import(&self, numbers: &[&str]) {
        let bookings: Vec<BookingImport> = numbers.iter().map(|n| booking_import(n)).collect();
        self.ledger.import_bookings(&bookings, NOW).await.unwrap();
    }

    pub async fn booking(&self, number: &str) -> Booking {
        let key = BookingNumber::parse(number).unwrap().lookup_key();
        self.ledger.booking(&key).await.unwrap().unwrap()
    }

    /// A letter that asks to cancel `number`, taken in and ready to be decided.
    pub async fn letter(&self, uid: u32, number: &str) -> Case {
        let sighting = sighting(uid);
        let taken = self.take_in(&sighting).await;
        case(&taken, &sighting, number)
    }

    pub async fn take_in(&self, sighting: &Sighting) -> TakenIn {
        let taken = self.ledger.take_in(std::slice::from_ref(sighting), NOW);
        taken.await.unwrap().remove(0)
    }

    pub async fn decide(&self, cases: &[Case], judge: Judge<'_>) -> Vec<Recorded> {
        let outcomes = self.outcomes(cases, judge).await;
        outcomes.into_iter().map(Result::unwrap).collect()
    }

    pub async fn outcomes(
        &self,
        cases: &[Case],
        judge: Judge<'_>,
    ) -> Vec<Result<Recorded, Failure>> {
        let outcomes = self.ledger.decide(cases, judge, NOW).await.unwrap();
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    pub async fn state(&self, letter: LetterId) -> LetterState {
        self.ledger.letter(letter).await.unwrap().unwrap().state
    }
}

pub fn email(address: &str) -> EmailAddress {
    EmailAddress::parse(address).unwrap()
}

pub fn message_id(text: &str) -> MessageId {
    MessageId::parse(text).unwrap()
}

/// A letter that lies in the inbox; its bytes differ from those of every other `uid`.
pub fn sighting(uid: u32) -> Sighting {
    Sighting {
        listed: Listed {
            place: Place {
                folder: Folder::Inbox,
                validity: 7,
                key: uid.to_string(),
            },
            received_at: NOW.plus_minutes(-60).plus_seconds(i64::from(uid)),
            size: 2_000,
        },
        raw_hash: ContentHash::of(&[b"raw", &uid.to_be_bytes()]),
    }
}

pub fn case(taken: &TakenIn, sighting: &Sighting, number: &str) -> Case {
    let id = taken.letter;
    Case {
        letter: id,
        raw_hash: sighting.raw_hash,
        content_hash: Some(ContentHash::of(&[b"content", &sighting.raw_hash.0])),
        received_at: taken.received_at,
        sender: Some(email("citizen@example.org")),
        message_id: Some(message_id(&format!("letter-{id}@example.org"))),
        thread: Vec::new(),
        subject: "Отмена записи".to_owned(),
        is_ours: false,
        automatic: None,
        bounce: None,
        reading: RequestReading {
            intent: Intent::Cancel,
            number: BookingNumber::parse(number),
            ..RequestReading::default()
        },
        evidence: SenderEvidence::default(),
        unreadable: None,
        attachments: Vec::new(),
    }
}

pub fn booking_import(number: &str) -> BookingImport {
    BookingImport {
        number: BookingNumber::parse(number).unwrap(),
        citizen: Citizen {
            full_name: "Иванова Анна Петровна".to_owned(),
            emails: vec![email("citizen@example.org"), email("second@example.org")],
            phone: Some("+79161234567".to_owned()),
            citizen_id: None,
        },
        service: Service {
            code: "T-1".to_owned(),
            name: "Приём терапевта".to_owned(),
            category: Category::General,
        },
        organisation: Organisation {
            name: "Поликлиника".to_owned(),
            address: "ул. Мира, 1".to_owned(),
            zone: Zone::named("Europe/Moscow").unwrap(),
        },
        resource: "Кабинет 3".to_owned(),
        starts_at: NOW.plus_hours(240),
    }
}

/// The rules of these tests: an open booking is cancelled, a cancelled one confirmed again, and
/// anything else goes to staff. Each effect is told to the sender.
pub fn cancelling(case: &Case, facts: &Facts) -> Judgement {
    match &facts.named {
        None => judgement(case, None, Decision::Held(Reason::NumberUnknown)),
        Some(named) if named.booking.is_open() => {
            let booking = &named.booking;
            let mut judged = judgement(case, Some(booking), Decision::Cancelled);
            judged.consequences.cancel = Some((booking.id, cancellation(booking, case)));
            judged
        }
        Some(named) => judgement(case, Some(&named.booking), Decision::AlreadyCancelled),
    }
}

pub fn cancellation(booking: &Booking, case: &Case) -> Cancellation {
    Cancellation {
        received_at: case.received_at,
        cancelled_at: NOW,
        document: booking.next_document(),
        letter: Some(case.letter),
        channel: Channel::Mail,
    }
}

/// `decision` with an event, a filing order and, unless it goes to staff, an answer.
pub fn judgement(case: &Case, booking: Option<&Booking>, decision: Decision) -> Judgement {
    let held = decision.reason().is_some();
    let (folder, state, kind) = if held {
        (Folder::DeadLetter, LetterState::Held, EventKind::LetterHeld)
    } else {
        let kind = EventKind::BookingCancelled;
        (Folder::Processed, LetterState::Decided, kind)
    };
    let chain = match booking {
        Some(booking) => format!("booking:{}", booking.id.0),
        None => format!("letter:{}", case.letter),
    };
    Judgement {
        consequences: Consequences {
            letter_state: state,
            booking: booking.map(|booking| booking.id),
            cancel: None,
            open_challenge: None,
            wrong_codes: Vec::new(),
            undeliverable: None,
            close_challenge: None,
            letters: match booking {
                Some(booking) if !held => vec![answer(case, booking)],
                _ => Vec::new(),
            },
            filing: Filing {
                to: folder,
                keywords: decision.reason().map(Reason::keyword).into_iter().collect(),
                note: None,
            },
            slots: SlotChanges::default(),
            events: vec![Event {
                chain,
                kind,
                actor: "daemon".to_owned(),
                data: serde_json::json!({ "letter": case.letter.0 }),
            }],
            late: LateConsequences::default(),
        },
        decision,
        gates: Vec::new(),
    }
}

pub fn answer(case: &Case, booking: &Booking) -> OutgoingLetter {
    let document = match &booking.state {
        BookingState::Cancelled(cancellation) => cancellation.document.clone(),
        BookingState::Scheduled
        | BookingState::AwaitingConfirmation
        | BookingState::Completed
        | BookingState::NoShow => booking.next_document(),
    };
    OutgoingLetter {
        kind: LetterKind::Cancelled,
        answers: Some(case.letter),
        booking: Some(booking.id),
        recipient: email("citizen@example.org"),
        message_id: message_id(&format!("answer-{}@otmena.example", case.letter)),
        thread: case.message_id.iter().cloned().collect(),
        reply_to: Some(email("cancel+token@example.org")),
        date: NOW,
        verified: true,
        data: LetterData {
            version: 1,
            document: Some(document),
            ..LetterData::default()
        },
    }
}
