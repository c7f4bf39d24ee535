//! Mail servers and databases that refuse for a while, or for good: nothing is lost, and the exit
//! code says whether something is left.

use crate::support::dovecot::DovecotOptions;
use crate::support::house::{Appointment, Database, House, citizen, letter_from, word};

on_both!(
    answers_wait_while_the_mail_server_is_down,
    an_answer_that_is_refused_for_good_is_undeliverable,
    an_answer_that_is_refused_for_now_is_sent_later,
    a_full_folder_puts_the_filing_off,
    a_locked_database_is_waited_for,
    a_database_of_a_later_version_is_left_alone,
);

fn cancelled_house(mut house: House, prepare: impl Fn(&mut House)) -> House {
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    prepare(&mut house);
    house
}

fn outbox_row(house: &House, field: &str) -> String {
    let rows = house.outbox();
    assert_eq!(rows.len(), 1, "{rows:?}");
    word(rows.first().unwrap(), &format!("/{field}"))
}

fn answers_wait_while_the_mail_server_is_down(database: Database) {
    let mut house = cancelled_house(House::open(database), |house| house.sink().stop());
    house.runs_once_until(75);
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.counts(), [0, 1, 0, 0]);
    assert_eq!(outbox_row(&house, "state"), "due");
    let promised = outbox_row(&house, "message_id_end");

    house.sink().start_again(&[]);
    house.tells(&["outbox", "retry", "--all"]);
    house.runs_once();
    assert!(!promised.is_empty() && house.only_answer().message_id.ends_with(&promised));
    assert_eq!(outbox_row(&house, "state"), "sent");
    house.journal_verifies();
}

fn an_answer_that_is_refused_for_good_is_undeliverable(database: Database) {
    let refusal = "550 5.1.1 <citizen.1@pochta-1.example> is unknown here";
    let house = cancelled_house(House::open(database), |house| {
        house.sink().start_again(&["-f", "rcpt", "-B", refusal]);
    });
    house.runs_once();
    assert_eq!(outbox_row(&house, "state"), "undeliverable");
    assert_eq!(outbox_row(&house, "last_error"), "smtp_550");
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("104512"), "cancelled");
    // What the server said names a citizen; the log does not.
    assert!(!house.log().contains("citizen.1"), "{}", house.log());
    house.runs_once();
    assert_eq!(outbox_row(&house, "state"), "undeliverable");
}

fn an_answer_that_is_refused_for_now_is_sent_later(database: Database) {
    let mut house = cancelled_house(House::open(database), |house| {
        house.sink().start_again(&["-r", "rcpt"]);
    });
    house.runs_once_until(75);
    assert_eq!(outbox_row(&house, "state"), "due");
    let promised = outbox_row(&house, "message_id_end");
    house.sink().start_again(&[]);
    // Not before its time: the next try waits.
    house.runs_once_until(75);
    assert!(house.answers().is_empty());
    house.time_passes(60);
    house.runs_once();
    assert!(!promised.is_empty() && house.only_answer().message_id.ends_with(&promised));
}

fn a_full_folder_puts_the_filing_off(database: Database) {
    let options = DovecotOptions {
        archive_quota: Some(20_000),
        ..DovecotOptions::default()
    };
    let mut house = House::with_own_dovecot(database, options);
    house.set("mailbox", "processed", "Archive/Обработано");
    let filler = letter_from(&citizen(9)).says("Старое", &"Старое письмо. ".repeat(700));
    let bytes = filler.bytes(house.office());
    house
        .dovecot()
        .append(house.office(), "Archive/Old", &bytes, None);
    let house = cancelled_house(house, |_| {});
    house.runs_once_until(75);
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.only_answer().kind(), "cancelled");
    assert_eq!(house.folder("INBOX").len(), 1);

    house.dovecot().commands(
        house.office(),
        &[
            "SELECT Archive/Old",
            "STORE 1:* +FLAGS (\\Deleted)",
            "EXPUNGE",
        ],
    );
    house.time_passes(60);
    house.runs_once();
    assert_eq!(house.folder("Archive/Обработано").len(), 1);
    assert!(house.folder("INBOX").is_empty());
    assert_eq!(house.answers().len(), 1);
    assert_eq!(house.cancellations_told("104512"), 1);
}

fn a_locked_database_is_waited_for(database: Database) {
    let house = cancelled_house(House::open(database), |_| {});
    house.while_database_locked(|| house.runs_once_until(75));
    assert_eq!(house.folder("INBOX").len(), 1);
    assert!(house.answers().is_empty());
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.counts(), [0, 1, 0, 0]);
}

fn a_database_of_a_later_version_is_left_alone(database: Database) {
    let house = cancelled_house(House::open(database), |_| {});
    let success = match database {
        Database::Sqlite => "1",
        Database::Postgres => "TRUE",
    };
    let checksum = match database {
        Database::Sqlite => "x'00'",
        Database::Postgres => "'\\x00'",
    };
    house.tampers(&format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (99991231000000, 'from the future', {success}, {checksum}, 1)"
    ));
    let ended = house.runs_once_until(78);
    assert!(ended.log.contains("newer"), "{}", ended.log);
    assert!(ended.log.contains("database.url"), "{}", ended.log);
    assert_eq!(house.folder("INBOX").len(), 1);
    assert!(house.answers().is_empty());
}
