//! The daemon while it runs: it waits with IDLE, survives its mail server, and ends politely.

use crate::support::dovecot::DovecotOptions;
use crate::support::house::{Appointment, Database, House, Program, citizen, letter_from};

on_both!(
    a_letter_that_arrives_while_the_daemon_waits_is_answered_and_filed,
    a_mail_server_that_dies_and_comes_back_is_served_again,
);

fn serve_one(house: &House, daemon: &mut Program, n: usize) {
    let appointment = Appointment::new(&format!("4000{n}"), &citizen(n));
    house.imports(&[&appointment]);
    let letter = letter_from(&citizen(n)).cancels(&appointment);
    house.citizen_writes(&letter);
    daemon.wait_until("the answer", || {
        let answers = house.answers();
        answers
            .iter()
            .any(|answer| answer.in_reply_to == [letter.message_id()])
    });
    daemon.wait_until("the filing", || {
        let filed = house.folder("Обработано");
        filed
            .iter()
            .any(|filed| filed.message_id == letter.message_id())
    });
    assert_eq!(house.booking_state(&appointment.number), "cancelled");
    assert!(house.folder("INBOX").is_empty());
}

fn a_letter_that_arrives_while_the_daemon_waits_is_answered_and_filed(database: Database) {
    let house = House::open(database);
    let mut daemon = house.serves();
    for n in 0..3 {
        serve_one(&house, &mut daemon, n);
    }
    house.stops(daemon);
    assert_eq!(house.answer_kinds(), ["cancelled"; 3]);
    house.journal_verifies();
    // Nothing is left for a second run.
    house.runs_once();
    assert_eq!(house.answers().len(), 3);
}

fn a_mail_server_that_dies_and_comes_back_is_served_again(database: Database) {
    let mut house = House::with_own_dovecot(database, DovecotOptions::default());
    let mut daemon = house.serves();
    serve_one(&house, &mut daemon, 1);
    house.own_dovecot().kill();
    daemon.wait_for_log("connecting again");
    house.own_dovecot().restart();
    serve_one(&house, &mut daemon, 2);
    house.own_dovecot().restart();
    serve_one(&house, &mut daemon, 3);
    house.stops(daemon);
    assert_eq!(house.answer_kinds(), ["cancelled"; 3]);
    house.journal_verifies();
}

/// While the server is away the daemon is asked to stop: it does not wait for it.
#[test]
fn a_daemon_without_its_mail_server_ends_politely() {
    let mut house = House::with_own_dovecot(Database::Sqlite, DovecotOptions::default());
    let mut daemon = house.serves();
    house.own_dovecot().kill();
    daemon.wait_for_log("connecting again");
    house.stops(daemon);
}

/// Some servers have no IDLE: the daemon looks by itself.
#[test]
fn a_server_without_idle_and_move_is_served_too() {
    let options = DovecotOptions {
        without: vec!["IDLE", "MOVE"],
        ..DovecotOptions::default()
    };
    let house = House::with_own_dovecot(Database::Sqlite, options);
    let mut daemon = house.serves();
    serve_one(&house, &mut daemon, 1);
    house.stops(daemon);
}

/// Somebody deletes the folders while the daemon runs.
#[test]
fn folders_that_vanish_are_made_again() {
    let house = House::open(Database::Sqlite);
    let mut daemon = house.serves();
    serve_one(&house, &mut daemon, 1);
    for folder in ["Обработано/Автоматические", "Обработано"] {
        house
            .dovecot()
            .doveadm(&["mailbox", "delete", "-u", house.office(), folder]);
    }
    assert!(house.folder("Обработано").is_empty());
    serve_one(&house, &mut daemon, 2);
    house.stops(daemon);
}
