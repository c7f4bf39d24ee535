//! What a trusted citizen's request causes: cancelled, cancelled before, too late.

use crate::support::house::{Appointment, Database, House, citizen, letter_from};

on_both!(
    a_signed_request_cancels_the_booking,
    a_second_request_gets_the_same_confirmation_again,
    a_late_request_is_refused_and_explained,
    the_receipt_by_the_server_decides_even_if_the_daemon_was_down,
    every_address_on_file_is_told,
    one_run_serves_many_letters_of_all_kinds,
);

fn a_signed_request_cancels_the_booking(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let before = house.free_slots();
    let letter = letter_from(&citizen(1)).cancels(&appointment);
    house.citizen_writes(&letter);
    house.runs_once();

    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.free_slots(), before + 1);
    assert_eq!(house.counts(), [0, 1, 0, 0]);
    assert_eq!(house.cancellations_told("104512"), 1);
    house.journal_verifies();
    let journal = house.journal("104512");
    for kind in [
        "booking_imported",
        "booking_cancelled",
        "slot_freed",
        "document_issued",
    ] {
        let entries = journal.iter().filter(|entry| *entry == kind).count();
        assert_eq!(entries, 1, "{kind} in {journal:?}");
    }

    let answer = house.only_answer();
    assert_eq!(answer.kind(), "cancelled");
    assert_eq!(answer.recipient, citizen(1).email);
    assert_eq!(answer.in_reply_to, [letter.message_id()]);
    assert_eq!(answer.references, [letter.message_id()]);
    assert_eq!(answer.auto_submitted, "auto-replied");
    let (local, _) = house.office().split_once('@').unwrap();
    assert!(
        answer.envelope_from.starts_with(&format!("{local}+b")),
        "{}",
        answer.envelope_from
    );
    assert!(answer.text.contains("104512") && answer.html.contains("104512"));
    let document = answer.document_text();
    assert!(document.contains("104512"), "{document}");
    assert!(
        document.contains("Подтверждение отмены записи"),
        "{document}"
    );
    let reason = "командировку";
    assert!(answer.text.contains(reason) && !document.contains(reason));
}

fn a_second_request_gets_the_same_confirmation_again(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.runs_once();
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    house.runs_once();

    assert_eq!(house.answer_kinds(), ["cancelled", "already_cancelled"]);
    let answers = house.answers();
    let documents: Vec<_> = answers
        .iter()
        .map(|answer| answer.document_text())
        .collect();
    assert!(
        documents.iter().all(|text| text.contains("104512/1")),
        "{documents:?}"
    );
    assert_eq!(house.cancellations_told("104512"), 1);
    assert_eq!(house.last_decision().0, "already_cancelled");
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    house.journal_verifies();
}

fn a_late_request_is_refused_and_explained(database: Database) {
    let house = House::open(database);
    let general = Appointment::new("104512", &citizen(1)).in_hours(12);
    let mut special = Appointment::new("77-3150", &citizen(2)).in_hours(60);
    special.category = "special";
    house.imports(&[&general, &special]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&general));
    house.citizen_writes(&letter_from(&citizen(2)).cancels(&special));
    house.runs_once();

    assert_eq!(
        house.answer_kinds(),
        ["refused_too_late", "refused_too_late"]
    );
    for number in ["104512", "77-3150"] {
        assert_eq!(house.booking_state(number), "scheduled");
        assert_eq!(house.cancellations_told(number), 0);
    }
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    for answer in house.answers() {
        assert!(answer.document_text().contains("Отказ в отмене записи"));
    }
}

fn the_receipt_by_the_server_decides_even_if_the_daemon_was_down(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1)).in_hours(20);
    house.imports(&[&appointment]);
    // Received 26 hours before the start, when 24 were needed; read only now.
    house.citizen_wrote(6, &letter_from(&citizen(1)).cancels(&appointment));
    house.runs_once();

    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.only_answer().kind(), "cancelled");
}

fn every_address_on_file_is_told(database: Database) {
    let house = House::open(database);
    let mut appointment = Appointment::new("104603", &citizen(3));
    appointment
        .more_emails
        .push("family@pochta-3.example".to_owned());
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(3)).cancels(&appointment));
    house.runs_once();

    let answers = house.answers();
    let mut recipients: Vec<_> = answers.iter().map(|one| one.recipient.as_str()).collect();
    recipients.sort_unstable();
    assert_eq!(
        recipients,
        [citizen(3).email.as_str(), "family@pochta-3.example"]
    );
    let first = answers.first().unwrap();
    assert!(
        answers
            .iter()
            .all(|one| one.attachments == first.attachments)
    );
    assert_eq!(house.cancellations_told("104603"), 1);
}

fn one_run_serves_many_letters_of_all_kinds(database: Database) {
    let house = House::open(database);
    let kept: Vec<_> = (0..12)
        .map(|n| Appointment::new(&format!("2000{n:02}"), &citizen(n)))
        .collect();
    house.imports(&kept.iter().collect::<Vec<_>>());
    for (n, appointment) in kept.iter().enumerate() {
        let letter = letter_from(&citizen(n)).cancels(appointment);
        house.citizen_writes(&if n % 3 == 0 {
            letter.unsigned()
        } else {
            letter
        });
    }
    house.runs_once();

    for (n, appointment) in kept.iter().enumerate() {
        let expected = if n % 3 == 0 { "scheduled" } else { "cancelled" };
        assert_eq!(house.booking_state(&appointment.number), expected, "{n}");
    }
    let kinds = house.answer_kinds();
    assert_eq!(kinds.iter().filter(|kind| **kind == "cancelled").count(), 8);
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "confirm_first")
            .count(),
        4
    );
    assert_eq!(house.counts(), [0, 12, 0, 0]);
}
