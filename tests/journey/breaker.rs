//! The breaker: too many cancellations at once wait for an operator's word.

use crate::support::house::{Appointment, Database, House, citizen, letter_from};

on_both!(
    too_many_at_once_wait_until_an_operator_lets_them_pass,
    a_backlog_trips_no_breaker,
);

fn booked(house: &mut House, count: usize) -> Vec<Appointment> {
    house.set("breaker", "cancellations", 5);
    let booked: Vec<Appointment> = (0..count)
        .map(|n| Appointment::new(&format!("{}", 600_000 + n), &citizen(n)))
        .collect();
    house.imports(&booked.iter().collect::<Vec<_>>());
    booked
}

fn cancelled(house: &House) -> i64 {
    house.number("SELECT count(*) FROM bookings WHERE state = 'cancelled'")
}

fn too_many_at_once_wait_until_an_operator_lets_them_pass(database: Database) {
    let mut house = House::open(database);
    let booked = booked(&mut house, 9);
    for (n, appointment) in booked.iter().enumerate().take(8) {
        house.citizen_writes(&letter_from(&citizen(n)).cancels(appointment));
    }
    house.runs_once_until(75);
    assert_eq!(cancelled(&house), 5);
    assert_eq!(
        house.folder("INBOX").len(),
        3,
        "the others lie where they were"
    );
    assert!(house.log().contains("otmena letters release"));
    let check = house.answers_with(&["check", "--no-letters"]).out;
    assert!(check.contains("too many cancellations"), "{check}");
    // It does not stop what the office itself cancels, nor what is no cancellation.
    house.tells(&["bookings", "cancel", &booked.last().unwrap().number]);
    house.citizen_writes(&letter_from(&citizen(5)).says("Вопрос", "Где вы находитесь?\n"));
    house.runs_once_until(75);
    assert_eq!(cancelled(&house), 6);
    assert_eq!(house.folder("INBOX").len(), 3);
    let told = house.tells(&["letters", "release"]);
    assert!(told.contains("3 letters"), "{told}");
    house.runs_once();
    assert_eq!(cancelled(&house), 9);
    assert_eq!(house.folder("INBOX").len(), 0);
    let most = house.number("SELECT max(attempts) FROM letters");
    assert!(most <= 3, "waiting is no failed attempt: {most}");
    house.journal_verifies();
}

fn a_backlog_trips_no_breaker(database: Database) {
    let mut house = House::open(database);
    for (n, appointment) in booked(&mut house, 12).iter().enumerate() {
        let hours = i64::try_from(n).unwrap();
        house.citizen_wrote(hours, &letter_from(&citizen(n)).cancels(appointment));
    }
    house.runs_once();
    assert_eq!(cancelled(&house), 12);
}

#[test]
fn it_can_be_switched_off() {
    let mut house = House::open(Database::Sqlite);
    let booked = booked(&mut house, 8);
    house.set("breaker", "enabled", false);
    for (n, appointment) in booked.iter().enumerate() {
        house.citizen_writes(&letter_from(&citizen(n)).cancels(appointment));
    }
    house.runs_once();
    assert_eq!(cancelled(&house), 8);
}
