//! Imports: idempotent, all or nothing, never touching the state.

use super::subject::{NOW, Subject, booking_import, cancelling, email};
use otmena::decide::{Consequences, Decision, FactsQuery, Filing, LateConsequences, SlotChanges};
use otmena::domain::{Booking, Cancellation, Channel, Folder, LetterState, Moment, SlotState};
use otmena::record::{BookingImport, Clash, SlotImport};

contract! {
    an_import_that_moves_a_booking_onto_a_free_time_takes_it
    a_second_import_of_the_same_file_changes_nothing
    changed_details_are_taken_over_and_the_state_is_not
    a_changed_start_moves_the_booking_and_its_slot
    an_import_with_one_bad_booking_imports_none
    an_address_on_the_bookings_of_six_persons_is_shared
    a_number_that_only_looks_like_one_on_file_refuses_the_whole_file
    a_number_of_another_person_refuses_the_whole_file
    an_operator_cancels_a_booking_once
}

async fn a_second_import_of_the_same_file_changes_nothing(subject: Subject) {
    let file = [booking_import("A-1"), booking_import("A-2")];
    let first = subject.ledger.import_bookings(&file, NOW).await.unwrap();
    assert_eq!((first.created, first.unchanged), (2, 0));
    let second = subject.ledger.import_bookings(&file, NOW).await.unwrap();
    assert_eq!((second.created, second.unchanged), (0, 2));
    assert_eq!(second.changed + second.rescheduled, 0);
    let changes = subject.ledger.changes(0, 10).await.unwrap();
    let kinds: Vec<&str> = changes.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["imported", "imported"]);
    let booking = subject.booking("A-1").await;
    assert_eq!(booking.citizen, file[0].citizen);
    assert_eq!(booking.organisation, file[0].organisation);
    assert_eq!(booking.service, file[0].service);
    assert_eq!(booking.resource, file[0].resource);
    assert!(booking.is_open());
}

async fn changed_details_are_taken_over_and_the_state_is_not(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &cancelling).await;
    let mut changed = booking_import("A-1");
    changed.citizen.emails = vec![email("new@example.org")];
    changed.citizen.phone = None;
    let report = subject
        .ledger
        .import_bookings(&[changed], NOW)
        .await
        .unwrap();
    assert_eq!((report.changed, report.rescheduled), (1, 0));
    let booking = subject.booking("A-1").await;
    assert_eq!(booking.citizen.emails, [email("new@example.org")]);
    assert_eq!(booking.citizen.phone, None);
    assert_eq!(booking.state.code(), "cancelled");
    assert_eq!(booking.revision, 2);
    let query = FactsQuery {
        sender: Some(email("citizen@example.org")),
        ..FactsQuery::default()
    };
    let facts = subject.ledger.facts(&query, NOW).await.unwrap();
    assert!(facts.senders_open_bookings.is_empty());
}

async fn a_changed_start_moves_the_booking_and_its_slot(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut moved = booking_import("A-1");
    moved.starts_at = NOW.plus_hours(300);
    let file = std::slice::from_ref(&moved);
    let report = subject.ledger.import_bookings(file, NOW).await.unwrap();
    assert_eq!((report.rescheduled, report.changed), (1, 0));
    let booking = subject.booking("A-1").await;
    assert_eq!((booking.starts_at, booking.revision), (moved.starts_at, 1));
    let changes = subject.ledger.changes(1, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].kind, "rescheduled");
    assert_eq!(changes[0].starts_at, moved.starts_at);
    let chain = format!("booking:{}", booking.id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    assert_eq!(journal[1].kind, "booking_rescheduled");
    let sql = "DELETE FROM slots WHERE starts_at = (SELECT starts_at FROM bookings)";
    assert_eq!(subject.tamper(sql).await, 1, "the slot moved along");
}

async fn an_import_with_one_bad_booking_imports_none(subject: Subject) {
    // The same number, once with Cyrillic letters.
    let file = [
        booking_import("A-1"),
        booking_import("B-2"),
        booking_import("А-1"),
    ];
    let failure = subject
        .ledger
        .import_bookings(&file, NOW)
        .await
        .unwrap_err();
    assert!(failure.to_string().contains("1 and 3"));
    assert_eq!(subject.ledger.counts().await.unwrap().bookings, 0);
    assert!(subject.ledger.changes(0, 10).await.unwrap().is_empty());
}

fn shared_import(person: u32) -> BookingImport {
    let mut import = booking_import(&format!("S-{person}"));
    import.citizen.full_name = format!("Человек {person}");
    import.citizen.emails = vec![
        email("mfc@example.org"),
        email(&format!("p{person}@example.org")),
    ];
    import
}

async fn an_address_on_the_bookings_of_six_persons_is_shared(subject: Subject) {
    let mut file: Vec<BookingImport> = (1..=5).map(shared_import).collect();
    let mut another_of_the_first = shared_import(1);
    another_of_the_first.number = booking_import("S-1-2").number;
    file.push(another_of_the_first);
    let report = subject.ledger.import_bookings(&file, NOW).await.unwrap();
    assert!(
        report.shared_addresses.is_empty(),
        "five persons, six bookings"
    );
    let query = FactsQuery {
        number_key: Some("S-6".to_owned()),
        ..FactsQuery::default()
    };
    // Two persons of one name are told apart by their ids.
    let mut sixth = shared_import(6);
    sixth.citizen.full_name = "Человек 5".to_owned();
    sixth.citizen.citizen_id = Some("0006".to_owned());
    let report = subject.ledger.import_bookings(&[sixth], NOW).await.unwrap();
    assert_eq!(report.shared_addresses.len(), 1);
    let facts = subject.ledger.facts(&query, NOW).await.unwrap();
    assert_eq!(
        facts.named.unwrap().shared_addresses,
        [email("mfc@example.org")]
    );
}

async fn an_operator_cancels_a_booking_once(subject: Subject) {
    subject.import(&["A-1"]).await;
    let act = |booking: &Booking| {
        let consequences = Consequences {
            letter_state: LetterState::Decided,
            booking: Some(booking.id),
            cancel: booking.is_open().then(|| {
                let cancellation = Cancellation {
                    received_at: NOW,
                    cancelled_at: NOW,
                    document: booking.next_document(),
                    letter: None,
                    channel: Channel::Command,
                };
                (booking.id, cancellation)
            }),
            open_challenge: None,
            wrong_codes: Vec::new(),
            undeliverable: None,
            close_challenge: None,
            letters: Vec::new(),
            filing: Filing {
                to: Folder::Processed,
                keywords: Vec::new(),
                note: None,
            },
            events: Vec::new(),
            slots: SlotChanges::default(),
            late: LateConsequences::default(),
        };
        let decision = if booking.is_open() {
            Decision::Cancelled
        } else {
            Decision::AlreadyCancelled
        };
        Ok((decision, consequences))
    };
    let ledger = &subject.ledger;
    let first = ledger.act_on_booking("A-1", &act, NOW).await.unwrap();
    assert_eq!(first, Some(Decision::Cancelled));
    let second = ledger.act_on_booking("A-1", &act, NOW).await.unwrap();
    assert_eq!(second, Some(Decision::AlreadyCancelled));
    assert_eq!(ledger.act_on_booking("A-2", &act, NOW).await.unwrap(), None);
    let changes = ledger.changes(1, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].channel, Channel::Command);
}

async fn a_number_that_only_looks_like_one_on_file_refuses_the_whole_file(subject: Subject) {
    subject.import(&["А-17"]).await;
    let file = [booking_import("B-1"), booking_import("A-17")];
    let report = subject.ledger.import_bookings(&file, NOW).await.unwrap();
    assert_eq!((report.created, report.refused.len()), (0, 1));
    assert_eq!(report.refused[0].number, file[1].number);
    assert_eq!(report.refused[0].clash, Clash::WrittenDifferently);
    assert_eq!(subject.booking("A-17").await.number.as_str(), "А-17");
    let counts = subject.ledger.counts().await.unwrap();
    assert_eq!(counts.bookings, 1, "nothing of the file was imported");
    let same = [booking_import("а-17")];
    let report = subject.ledger.import_bookings(&same, NOW).await.unwrap();
    assert_eq!(report.unchanged, 1, "the same letters are the same number");
}

async fn a_number_of_another_person_refuses_the_whole_file(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut other = booking_import("A-1");
    other.citizen.full_name = "Орлов Пётр Ильич".to_owned();
    other.citizen.emails = vec![email("other@example.org")];
    let file = [booking_import("A-2"), other.clone()];
    let report = subject.ledger.import_bookings(&file, NOW).await.unwrap();
    assert_eq!(report.refused.len(), 1);
    assert_eq!(report.refused[0].clash, Clash::AnotherPerson);
    let kept = subject.booking("A-1").await;
    assert_eq!(kept.citizen, booking_import("A-1").citizen);
    assert_eq!(subject.ledger.counts().await.unwrap().bookings, 1);
    other.citizen.emails.push(email("second@example.org"));
    let report = subject.ledger.import_bookings(&[other], NOW).await.unwrap();
    assert_eq!(report.changed, 1, "an address in common is enough");
}

/// A free slot of the time of this booking.
fn free_at(booking: &BookingImport, starts_at: Moment) -> SlotImport {
    SlotImport {
        organisation: booking.organisation.name.clone(),
        resource: booking.resource.clone(),
        service_code: booking.service.code.clone(),
        starts_at,
        zone: booking.organisation.zone.clone(),
    }
}

async fn an_import_that_moves_a_booking_onto_a_free_time_takes_it(subject: Subject) {
    subject.import(&["A-1"]).await;
    let left = booking_import("A-1").starts_at;
    let taken = left.plus_hours(24);
    let mut moved = booking_import("A-1");
    moved.starts_at = taken;
    let slots = async |slots: &[SlotImport]| {
        let report = subject.ledger.import_slots(slots, NOW).await.unwrap();
        report.created
    };
    let bookings = async |one: &BookingImport| {
        let file = std::slice::from_ref(one);
        subject.ledger.import_bookings(file, NOW).await.unwrap();
    };
    let states = async || -> Vec<(Moment, SlotState)> {
        let slots = subject.all_slots().await;
        slots
            .into_iter()
            .map(|one| (one.starts_at, one.state))
            .collect()
    };
    slots(&[free_at(&moved, taken)]).await;
    bookings(&moved).await;
    let booking = subject.booking("A-1").await.id;
    let booked = SlotState::Booked { booking };
    let expected = [(taken, booked), (taken, SlotState::Closed)];
    assert_eq!(states().await, expected, "one place, not two");
    // Onto a time of which nothing was known, the slot goes along; and a telephone moves nothing.
    moved.starts_at = taken.plus_hours(1);
    for (phone, created) in [("+79001112233", 1), ("+79001112234", 0)] {
        moved.citizen.phone = Some(phone.to_owned());
        let again = slots(&[free_at(&moved, left)]).await;
        assert_eq!(again, created, "the old time can be had again");
        bookings(&moved).await;
        let expected = [
            (left, SlotState::Free),
            (taken, SlotState::Closed),
            (moved.starts_at, booked),
        ];
        assert_eq!(states().await, expected, "{phone}");
    }
    subject.verifies().await;
}
