//! A genuine signed letter that is delivered again, by whoever kept a copy.

use super::post::{Post, line};
use crate::support::dkim::Signing;
use crate::support::house::{AUTHSERV_ID, Appointment, Database, House, citizen, letter_from};

on_both!(
    a_signed_letter_acts_once_even_after_a_restoration,
    a_letter_that_our_server_vouches_for_acts_once_too,
);

/// The booking stands again.
fn restore(house: &House) {
    house.tampers(
        "UPDATE bookings SET state = 'scheduled', cancel_received_at = NULL, cancelled_at = NULL, \
         document = NULL, cancel_letter = NULL, cancel_channel = NULL",
    );
}

fn again(bytes: &[u8], header: &str) -> Vec<u8> {
    [header.as_bytes(), b"\r\n", bytes].concat()
}

fn a_signed_letter_acts_once_even_after_a_restoration(database: Database) {
    let (post, appointment) = Post::with_booking(database);
    let house = &post.house;
    let signed = post.signed(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    // A second signature over the same letter, so that a replayer may leave out either.
    let twice = Signing::by(&format!("mail.{}", super::post::domain(&citizen(1))))
        .selecting("second")
        .sign(&post.key, &signed);
    let name = format!(
        "second._domainkey.mail.{}",
        super::post::domain(&citizen(1))
    );
    post.dns.serves(&name, &[&post.key.record()]);
    house.arrives(&twice);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    // Delivered again while the cancellation stands: the same confirmation, no second effect.
    house.arrives(&again(&twice, "Received: from replayer.example; again"));
    house.runs_once();
    assert_eq!(house.answer_kinds(), ["cancelled", "already_cancelled"]);
    assert_eq!(house.cancellations_told("104512"), 1);

    restore(house);
    for replayed in [
        again(&twice, "Received: from replayer.example; once more"),
        again(
            &signed,
            "Received: from replayer.example; with one signature",
        ),
    ] {
        let told = post.explains(&replayed);
        assert_eq!(line(&told, "aligned"), "yes");
        assert!(line(&told, "replay").starts_with("stopped"), "{told}");
        house.arrives(&replayed);
    }
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.cancellations_told("104512"), 1);
    assert_eq!(house.answers().len(), 2, "a replay is not answered");
    assert_eq!(house.last_decision().0, "repeated");
    assert_eq!(house.counts(), [0, 4, 0, 0]);

    // A new letter of the citizen acts.
    post.writes(
        &citizen(1),
        &letter_from(&citizen(1)).asks_briefly("104512"),
    );
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    house.journal_verifies();
}

fn a_letter_that_our_server_vouches_for_acts_once_too(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let bytes = letter_from(&citizen(1))
        .cancels(&appointment)
        .bytes(house.office());
    assert!(String::from_utf8_lossy(&bytes).contains(AUTHSERV_ID));
    house.arrives(&bytes);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    restore(&house);
    house.arrives(&again(&bytes, "X-Way: another"));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.last_decision().0, "repeated");
}
