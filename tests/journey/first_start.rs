//! The first start on a mailbox that has been in use changes nothing until the operator has said
//! from when on letters are meant for the program.

use crate::support::house::{Appointment, Database, House, citizen, internal_date, letter_from};

on_both!(
    a_filled_mailbox_is_left_alone_until_since_is_set,
    letters_from_before_since_are_left_alone,
    an_empty_mailbox_needs_no_since,
);

fn a_filled_mailbox_is_left_alone_until_since_is_set(database: Database) {
    let mut house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.unset("mailbox", "since");
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    for n in 2..4 {
        house.citizen_writes(&letter_from(&citizen(n)).says("Вопрос", "Где вы находитесь?\n"));
    }
    for n in 4..7 {
        let automatic = letter_from(&citizen(n)).with_header("Auto-Submitted: auto-replied");
        house.citizen_writes(&automatic.says("Отпуск", "Я в отпуске.\n"));
    }
    let folders = house.dovecot().folders(house.office());
    for arguments in [["run", "--once"].as_slice(), &["run"]] {
        let ended = house.answers_with(arguments);
        assert_eq!(ended.code, 78, "{}", ended.log);
        assert!(ended.log.contains("mailbox.since"), "{}", ended.log);
        for count in ["1 ", "2 ", "3 "] {
            assert!(ended.log.contains(count), "{count}: {}", ended.log);
        }
    }
    assert_eq!(house.folder("INBOX").len(), 6);
    assert_eq!(house.dovecot().folders(house.office()), folders);
    assert!(house.letters().is_empty());
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("104512"), "scheduled");

    house.set("mailbox", "since", "1990-01-01T00:00:00Z");
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert!(house.folder("INBOX").is_empty());
    // Once letters are known, the setting may go again.
    house.unset("mailbox", "since");
    house.runs_once();
}

fn letters_from_before_since_are_left_alone(database: Database) {
    let mut house = House::open(database);
    let appointments: Vec<_> = (0..2)
        .map(|n| Appointment::new(&format!("80000{n}"), &citizen(n)))
        .collect();
    house.imports(&appointments.iter().collect::<Vec<_>>());
    let old = letter_from(&citizen(0)).cancels(appointments.first().unwrap());
    house.citizen_wrote(48, &old);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(appointments.last().unwrap()));
    let yesterday = rfc3339(&internal_date(24));
    house.set("mailbox", "since", yesterday);
    house.runs_once();

    assert_eq!(house.booking_state("800000"), "scheduled");
    assert_eq!(house.booking_state("800001"), "cancelled");
    let left = house.folder("INBOX");
    assert_eq!(left.len(), 1);
    assert_eq!(left.first().unwrap().message_id, old.message_id());
}

fn an_empty_mailbox_needs_no_since(database: Database) {
    let mut house = House::open(database);
    house.unset("mailbox", "since");
    let daemon = house.serves();
    house.stops(daemon);
    house.runs_once();
}

/// An internal date as RFC 3339.
fn rfc3339(internal: &str) -> String {
    let at = jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", internal).unwrap();
    at.to_timestamp().unwrap().to_string()
}
