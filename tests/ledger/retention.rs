//! Retention empties every table of what names a person, and nothing else.

use super::subject::{NOW, Subject, booking_import, cancelling, email, message_id};
use otmena::decide::{Case, Decision, Facts, Judgement, Note, Occasion};
use otmena::domain::{LetterState, Moment, Reason, Zone};
use otmena::record::{Attempt, OutboxState, Purged, WaitingImport};
use otmena::retention;
use std::collections::BTreeSet;

contract! {
    after_the_purge_no_table_names_a_person_and_the_journal_still_verifies
    what_is_not_old_enough_stays_whole
    a_letter_keeps_with_its_booking
    a_purge_that_broke_off_goes_on
    a_person_is_told_everything_that_is_held_and_nothing_afterwards
    the_key_of_documents_is_made_once_and_kept
}

/// What must be nowhere afterwards.
const PERSONAL: [&str; 7] = [
    "Иванова",
    "79161234567",
    "citizen@",
    "second@",
    "Отмена записи",
    "заболела",
    "example.org",
];

/// The appointments of these tests lie ten days behind [`NOW`].
fn after(days: i64) -> Moment {
    NOW.plus_hours(24 * (10 + days))
}

/// As [`cancelling`], with the note that staff find beside a letter which goes to them.
fn with_note(case: &Case, facts: &Facts) -> Judgement {
    let mut judged = cancelling(case, facts);
    if judged.decision.reason().is_some() {
        judged.consequences.filing.note = Some(Note {
            message_id: message_id(&format!("note.{}@otmena.invalid", case.letter)),
            letter: Some(case.letter),
            date: NOW,
            in_reply_to: case.message_id.iter().cloned().collect(),
            subject: case.subject.clone(),
            reason: Reason::NumberUnknown,
            reading: case.reading.clone(),
            received_at: case.received_at,
            zone: Zone::named("Europe/Moscow").unwrap(),
            deadline: None,
            outlook: None,
            occasion: Occasion::Held,
        });
    }
    judged
}

/// Somebody on the waiting list, for times until `until`.
fn waits(name: &str, until: &str) -> WaitingImport {
    let mut citizen = booking_import("A-1").citizen;
    citizen.full_name = name.to_owned();
    if until == "9999" {
        citizen.emails = vec![email("pak@example.net")];
        citizen.phone = None;
    }
    WaitingImport {
        citizen,
        service_code: "T-1".to_owned(),
        organisation: "Поликлиника".to_owned(),
        wanted_from: String::new(),
        wanted_until: until.to_owned(),
        joined_at: NOW.plus_hours(-24),
    }
}

/// A cancelled booking, an open one, a letter with staff, and letters of ours.
async fn filled(subject: &Subject) {
    subject.import(&["A-1", "A-2"]).await;
    let mut cancels = subject.letter(1, "A-1").await;
    cancels.reading.full_name = Some("Иванова Анна Петровна".to_owned());
    cancels.reading.reason = Some("заболела".to_owned());
    let unknown = subject.letter(2, "Б-404").await;
    let recorded = subject.decide(&[cancels, unknown], &with_note).await;
    assert_eq!(recorded[0].judgement.decision, Decision::Cancelled);
    let question = "INSERT INTO challenges \
        (id, booking_id, letter_id, received_at, opened_at, expires_at, state, reason) \
        SELECT 5, b.id, l.id, 0, 0, 0, 'open', 'заболела' FROM bookings b, letters l \
        WHERE b.number = 'A-1' AND l.booking_id = b.id";
    assert_eq!(subject.tamper(question).await, 1);
    let entries = [
        waits("Иванова Анна Петровна", "2027-01-20T00:00"),
        waits("Пак Вера", "9999"),
    ];
    subject.ledger.import_waiting(&entries, NOW).await.unwrap();
    let rows = subject.ledger.outbox(None, 10).await.unwrap();
    let sent: Vec<Attempt> = rows
        .iter()
        .map(|row| Attempt {
            row: row.id,
            state: OutboxState::Sent,
            due_at: NOW,
            error: None,
            document_hash: None,
            tried: true,
        })
        .collect();
    subject.ledger.settle_letters(&sent, NOW).await.unwrap();
}

async fn names_somebody(subject: &Subject) -> BTreeSet<&'static str> {
    let dump = subject.dump().await;
    PERSONAL
        .into_iter()
        .filter(|word| dump.contains(word))
        .collect()
}

async fn after_the_purge_no_table_names_a_person_and_the_journal_still_verifies(subject: Subject) {
    filled(&subject).await;
    subject.ledger.seal_journal(NOW).await.unwrap();
    assert_eq!(
        names_somebody(&subject).await.len(),
        PERSONAL.len(),
        "it is there"
    );
    let chain = format!("booking:{}", subject.booking("A-1").await.id.0);
    let before = subject.ledger.journal(&chain).await.unwrap();
    let would = subject.ledger.to_purge(after(1)).await.unwrap();
    let purged = retention::empty_ledger(subject.ledger.as_ref(), after(1), after(91))
        .await
        .unwrap();
    assert_eq!((purged.bookings, purged.letters, purged.answers), (2, 2, 1));
    assert_eq!((would.bookings, would.letters, would.waiting), (2, 2, 1));
    assert_eq!(purged.waiting, 1);
    let waiting = subject.ledger.waiting_list(None, 10).await.unwrap();
    let names: Vec<&str> = waiting
        .iter()
        .map(|entry| entry.citizen.full_name.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    assert_eq!(names, ["Пак Вера"], "she still waits");
    assert_eq!(names_somebody(&subject).await, BTreeSet::new());
    let verified = subject.ledger.verify_all().await.unwrap();
    assert_eq!(verified.faults, []);
    let now = subject.ledger.journal(&chain).await.unwrap();
    assert_eq!(now[..before.len()], before[..]);
    assert_eq!(now.last().unwrap().kind, "personal_data_purged");
    // The proof stays: number, state, document and the hash of the letter.
    let booking = subject.booking("A-1").await;
    assert_eq!(booking.state.code(), "cancelled");
    assert!(booking.citizen.full_name.is_empty() && booking.citizen.emails.is_empty());
    let again = subject.letter(1, "A-1").await;
    assert_eq!(subject.state(again.letter).await, LetterState::Decided);
    let nothing = retention::empty_ledger(subject.ledger.as_ref(), after(1), after(92));
    assert_eq!(nothing.await.unwrap(), Purged::default());
}

async fn what_is_not_old_enough_stays_whole(subject: Subject) {
    filled(&subject).await;
    let before = NOW.plus_hours(-24);
    let purged = retention::empty_ledger(subject.ledger.as_ref(), before, NOW);
    assert_eq!(purged.await.unwrap(), Purged::default());
    assert_eq!(names_somebody(&subject).await.len(), PERSONAL.len());
    assert!(!subject.ledger.has_purged_letters().await.unwrap());
}

/// The letter is old, its appointment is not.
async fn a_letter_keeps_with_its_booking(subject: Subject) {
    filled(&subject).await;
    let purged = retention::empty_ledger(subject.ledger.as_ref(), after(-1), after(89));
    let purged = purged.await.unwrap();
    assert_eq!(
        (purged.bookings, purged.letters),
        (0, 1),
        "the one without a booking"
    );
    let hashes: Vec<_> = [1, 2]
        .map(|uid| super::subject::sighting(uid).raw_hash)
        .to_vec();
    assert_eq!(
        subject.ledger.are_purged(&hashes).await.unwrap(),
        [false, true]
    );
    let letters = subject.ledger.letters_by_bytes(&hashes).await.unwrap();
    let held = letters[1].as_ref().unwrap();
    assert_eq!(
        held.state,
        LetterState::Resolved,
        "nobody can act on it any more"
    );
}

async fn a_purge_that_broke_off_goes_on(subject: Subject) {
    filled(&subject).await;
    let first = subject.ledger.purge(after(1), 1, after(91)).await.unwrap();
    assert_eq!((first.bookings, first.letters), (1, 1));
    let rest = retention::empty_ledger(subject.ledger.as_ref(), after(1), after(91));
    assert_eq!(rest.await.unwrap().bookings, 1);
    assert_eq!(names_somebody(&subject).await, BTreeSet::new());
}

async fn a_person_is_told_everything_that_is_held_and_nothing_afterwards(subject: Subject) {
    filled(&subject).await;
    let mut other = booking_import("A-9");
    other.citizen.emails = vec![email("somebody@example.net")];
    subject.ledger.import_bookings(&[other], NOW).await.unwrap();
    let own = email("citizen@example.org");
    let held = subject.ledger.held_on(&own).await.unwrap();
    assert_eq!(
        (held.bookings.len(), held.letters.len(), held.answers.len()),
        (2, 2, 1)
    );
    assert_eq!(held.challenges.len(), 1);
    assert_eq!(held.notes.len(), 1);
    let second = subject
        .ledger
        .held_on(&email("second@example.org"))
        .await
        .unwrap();
    assert_eq!(second.bookings, held.bookings);
    retention::empty_ledger(subject.ledger.as_ref(), after(1), after(91))
        .await
        .unwrap();
    let held = subject.ledger.held_on(&own).await.unwrap();
    assert!(held.bookings.is_empty() && held.letters.is_empty() && held.answers.is_empty());
}

async fn the_key_of_documents_is_made_once_and_kept(subject: Subject) {
    let ledger = &subject.ledger;
    assert!(ledger.kept_document_key().await.unwrap().is_none());
    let first = ledger.document_key(&[1; 32], NOW).await.unwrap().public();
    let other = subject.second_daemon().await;
    let second = other.document_key(&[2; 32], NOW).await.unwrap().public();
    assert_eq!(first, second, "the first gives the seed");
    let kept = ledger.kept_document_key().await.unwrap().unwrap();
    assert_eq!(kept.public(), first);
}
