//! The same letter again, and letters that only look the same.

use crate::support::dovecot::DovecotOptions;
use crate::support::house::{Appointment, Database, House, citizen, letter_from};

on_both!(
    a_second_delivery_with_other_trace_headers_has_no_second_effect,
    the_same_bytes_back_in_the_inbox_are_only_filed_again,
    a_change_of_uidvalidity_repeats_nothing_and_skips_nothing,
    letters_without_a_message_id_are_told_apart,
    two_letters_with_the_same_message_id_are_both_served,
);

fn a_second_delivery_with_other_trace_headers_has_no_second_effect(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let letter = letter_from(&citizen(1)).cancels(&appointment);
    house.citizen_writes(&letter);
    house.runs_once();
    house.citizen_writes(&letter.clone().with_trace(
        "Received: from backup.example by mx.example.org;\r\n Mon, 1 Feb 2027 05:12:30 +0000",
    ));
    house.runs_once();

    assert_eq!(house.cancellations_told("104512"), 1);
    assert_eq!(house.letters().len(), 2);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    assert_eq!(house.free_slots(), 1);
    let answers = house.answers();
    let texts: Vec<_> = answers
        .iter()
        .map(|answer| answer.document_text())
        .collect();
    assert!(
        texts.iter().all(|text| text.contains("104512/1")),
        "{texts:?}"
    );
    house.journal_verifies();
}

fn the_same_bytes_back_in_the_inbox_are_only_filed_again(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.citizen_writes(&letter_from(&citizen(5)).says("Вопрос", "Где вы находитесь?\n"));
    house.runs_once();
    let journal = house.journal("104512");
    for folder in ["Обработано", "Разбор"] {
        house.dovecot().commands(
            house.office(),
            &[
                &format!(
                    "SELECT \"{}\"",
                    utf7_imap::encode_utf7_imap(folder.to_owned())
                ),
                "COPY 1 INBOX",
            ],
        );
    }
    assert_eq!(house.folder("INBOX").len(), 2);
    house.runs_once();

    assert_eq!(house.counts(), [0, 2, 0, 3]);
    assert_eq!(house.letters().len(), 2);
    assert_eq!(house.answers().len(), 2);
    assert_eq!(house.journal("104512"), journal);
}

fn a_change_of_uidvalidity_repeats_nothing_and_skips_nothing(database: Database) {
    let house = House::with_own_dovecot(database, DovecotOptions::default());
    let appointments: Vec<_> = (0..4)
        .map(|n| Appointment::new(&format!("50000{n}"), &citizen(n)))
        .collect();
    house.imports(&appointments.iter().collect::<Vec<_>>());
    let mut daemon = house.serves();
    for (n, appointment) in appointments.iter().enumerate() {
        house.dovecot().change_uidvalidity(
            house.office(),
            "INBOX",
            77_000 + u32::try_from(n).unwrap(),
        );
        house.citizen_writes(&letter_from(&citizen(n)).cancels(appointment));
        daemon.wait_until("the filing", || {
            house.folder("Обработано").len() == n + 1 && house.answers().len() == n + 1
        });
    }
    house.stops(daemon);
    for appointment in &appointments {
        assert_eq!(house.cancellations_told(&appointment.number), 1);
    }
    assert_eq!(house.answer_kinds(), ["cancelled"; 4]);
    assert_eq!(house.counts(), [0, 4, 0, 0]);
}

fn letters_without_a_message_id_are_told_apart(database: Database) {
    let house = House::open(database);
    let appointments: Vec<_> = (0..3)
        .map(|n| Appointment::new(&format!("60000{n}"), &citizen(n)))
        .collect();
    house.imports(&appointments.iter().collect::<Vec<_>>());
    for (n, appointment) in appointments.iter().enumerate() {
        let letter = letter_from(&citizen(n)).cancels(appointment);
        house.citizen_writes(&letter.with_message_id(None));
    }
    house.runs_once();

    for appointment in &appointments {
        assert_eq!(house.cancellations_told(&appointment.number), 1);
    }
    assert_eq!(house.answer_kinds(), ["cancelled"; 3]);
    assert!(
        house
            .answers()
            .iter()
            .all(|answer| answer.in_reply_to.is_empty())
    );
    assert_eq!(house.counts(), [0, 3, 0, 0]);
}

fn two_letters_with_the_same_message_id_are_both_served(database: Database) {
    let house = House::open(database);
    let appointments: Vec<_> = (0..2)
        .map(|n| Appointment::new(&format!("70000{n}"), &citizen(1)))
        .collect();
    house.imports(&appointments.iter().collect::<Vec<_>>());
    for appointment in &appointments {
        let letter = letter_from(&citizen(1)).cancels(appointment);
        house.citizen_writes(&letter.with_message_id(Some("always-the-same@pochta-1.example")));
    }
    house.runs_once();

    for appointment in &appointments {
        assert_eq!(house.cancellations_told(&appointment.number), 1);
    }
    assert_eq!(house.answer_kinds(), ["cancelled"; 2]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
}
