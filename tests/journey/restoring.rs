//! A cancelled booking comes back, or cannot any more.

use super::offers::{answers, hold_ends, last_to, offer};
use crate::support::house::{Answer, Appointment, Database, House, citizen, letter_from, word};

on_both!(
    the_code_of_the_confirmation_restores_at_once,
    without_the_code_a_question_goes_to_the_address_on_file,
    a_time_on_offer_comes_back_when_the_hold_ends,
    a_time_that_is_gone_can_be_waited_for,
    after_thirty_days_it_is_too_late,
    a_signed_letter_delivered_again_restores_and_cancels_nothing,
    an_operator_cancels_and_restores_by_telephone,
);

fn cancelled(house: &House) -> Answer {
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&own));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    last_to(house, &citizen(1), "cancelled")
}

/// The code as the citizen reads it.
pub fn code_in(letter: &Answer) -> String {
    let (_, rest) = letter.text.split_once("код ").expect("a code");
    rest.chars().take(7).collect()
}

fn the_code_of_the_confirmation_restores_at_once(database: Database) {
    let house = House::open(database);
    let confirmation = cancelled(&house);
    let code = code_in(&confirmation);
    assert!(
        !confirmation.document_text().contains(&code),
        "never in the document"
    );
    let wrong = if code == "000-000" {
        "000-001"
    } else {
        "000-000"
    };
    answers(&house, &citizen(1), &confirmation, &format!("{wrong}\n"));
    let held = ("held".to_owned(), Some("code_wrong".to_owned()));
    assert_eq!(house.last_decision(), held);
    answers(&house, &citizen(2), &confirmation, &format!("{code}\n"));
    assert_eq!(
        house.booking_state("104512"),
        "cancelled",
        "from an address on file only"
    );
    answers(&house, &citizen(1), &confirmation, &format!("{code}\n"));
    assert_eq!(house.last_decision().0, "restored");
    assert_eq!(house.booking_state("104512"), "scheduled");
    last_to(&house, &citizen(1), "restored");
    assert_eq!(house.free_slots(), 0);
    let kinds: Vec<String> = house.feed().iter().map(|c| c.kind.clone()).collect();
    assert_eq!(kinds, ["imported", "cancelled", "restored"]);
    let booking = house.booking("104512");
    assert_eq!(booking.pointer("/revision").unwrap(), 2);
    // Cancelled once more, with another code; the old one is worth nothing.
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    house.runs_once();
    let second = last_to(&house, &citizen(1), "cancelled");
    assert_ne!(code_in(&second), code);
    answers(&house, &citizen(1), &second, &format!("{code}\n"));
    assert_eq!(house.booking_state("104512"), "cancelled");
    house.journal_verifies();
}

fn without_the_code_a_question_goes_to_the_address_on_file(database: Database) {
    let house = House::open(database);
    cancelled(&house);
    let asks = letter_from(&citizen(1)).unsigned().says(
        "Восстановление записи №104512",
        "Прошу восстановить запись, отменила по ошибке.\n",
    );
    house.citizen_writes(&asks);
    house.runs_once();
    assert_eq!(house.last_decision().0, "restore_confirm");
    let question = last_to(&house, &citizen(1), "restore_confirm");
    // «Отмените» is no consent to coming back.
    answers(&house, &citizen(1), &question, "Отмените запись №104512\n");
    assert_eq!(house.booking_state("104512"), "cancelled");
    answers(&house, &citizen(1), &question, "ДА\n");
    assert_eq!(house.booking_state("104512"), "scheduled");
    let letter = last_to(&house, &citizen(1), "restored");
    assert!(letter.text.contains("по ошибке"), "{}", letter.text);
    house.journal_verifies();
}

fn a_time_on_offer_comes_back_when_the_hold_ends(database: Database) {
    let house = House::open(database);
    let vera = citizen(2);
    offer(&house, &[&vera]);
    let confirmation = last_to(&house, &citizen(1), "cancelled");
    let code = code_in(&confirmation);
    answers(
        &house,
        &citizen(1),
        &confirmation,
        &format!("Код: {code}\n"),
    );
    assert_eq!(house.last_decision().0, "restore_slot_on_offer");
    last_to(&house, &citizen(1), "restore_slot_on_offer");
    assert_eq!(house.booking_state("104512"), "cancelled");
    hold_ends(&house);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    last_to(&house, &citizen(1), "restored");
    last_to(&house, &vera, "offer_gone");
    house.journal_verifies();
}

fn a_time_that_is_gone_can_be_waited_for(database: Database) {
    let house = House::open(database);
    let vera = citizen(2);
    let letter = offer(&house, &[&vera]);
    let confirmation = last_to(&house, &citizen(1), "cancelled");
    answers(&house, &vera, &letter, "Согласна\n");
    let code = code_in(&confirmation);
    answers(&house, &citizen(1), &confirmation, &format!("{code}\n"));
    assert_eq!(house.last_decision().0, "restore_slot_gone");
    let gone = last_to(&house, &citizen(1), "restore_slot_gone");
    let joins = letter_from(&citizen(1))
        .in_reply_to(&gone.message_id)
        .says(&format!("Re: {}", gone.subject), "В лист ожидания\n");
    house.citizen_writes(&joins);
    house.runs_once();
    assert_eq!(house.last_decision().0, "waiting_list_joined");
    last_to(&house, &citizen(1), "waiting_list_joined");
    let list = house.tells(&["waitlist", "list", "--state", "waiting"]);
    assert!(list.contains(&citizen(1).name), "{list}");
    house.journal_verifies();
}

fn after_thirty_days_it_is_too_late(database: Database) {
    let house = House::open(database);
    let confirmation = cancelled(&house);
    let micros = 31_i64 * 24 * 60 * 60 * 1_000_000;
    house.tampers(&format!(
        "UPDATE bookings SET cancelled_at = cancelled_at - {micros}, \
         starts_at = starts_at + {micros};"
    ));
    let code = code_in(&confirmation);
    answers(&house, &citizen(1), &confirmation, &format!("{code}\n"));
    assert_eq!(house.last_decision().0, "restore_too_late");
    let letter = last_to(&house, &citizen(1), "restore_too_late");
    assert!(letter.text.contains("Повторная запись №104512"));
    assert_eq!(house.booking_state("104512"), "cancelled");
}

/// The same letter with a trace header of another way through the mail servers.
fn by_another_way(way: u8, letter: &[u8]) -> Vec<u8> {
    let trace = format!("Received: from way{way}.example by mx.example.org\r\n");
    [trace.as_bytes(), letter].concat()
}

/// Somebody delivers the genuine letters again, when the booking stands again, and when it does not.
fn a_signed_letter_delivered_again_restores_and_cancels_nothing(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    let cancels = letter_from(&citizen(1)).cancels(&own);
    let cancels = cancels.bytes(house.office());
    house.arrives(&cancels);
    house.runs_once();
    let code = code_in(&last_to(&house, &citizen(1), "cancelled"));
    let restores = letter_from(&citizen(1)).says(
        "Восстановление записи №104512",
        &format!("Прошу восстановить запись, код {code}\n"),
    );
    let restores = restores.bytes(house.office());
    house.arrives(&restores);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    for (way, letter) in [(1, &cancels), (2, &restores)] {
        house.arrives(&by_another_way(way, letter));
        house.runs_once();
        assert_eq!(house.booking_state("104512"), "scheduled", "way {way}");
        let decided = house.last_decision().0;
        assert!(
            ["repeated", "still_scheduled"].contains(&decided.as_str()),
            "{decided}"
        );
    }
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    house.arrives(&by_another_way(3, &restores));
    house.runs_once();
    assert_eq!(
        house.booking_state("104512"),
        "cancelled",
        "its code was for the first time"
    );
    assert_eq!(house.cancellations_told("104512"), 2);
    house.journal_verifies();
}

/// By which way the booking was cancelled.
pub fn channel(house: &House) -> String {
    word(&house.booking("104512"), "/cancellation/channel")
}

fn an_operator_cancels_and_restores_by_telephone(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let told = house.tells(&[
        "bookings",
        "cancel",
        "104512",
        "--by",
        "operator",
        "--channel",
        "phone",
    ]);
    assert!(told.contains("cancelled"), "{told}");
    house.runs_once();
    let letter = last_to(&house, &citizen(1), "cancelled");
    assert!(letter.document_text().contains("104512"));
    assert_eq!(channel(&house), "phone");
    let told = house.tells(&[
        "bookings",
        "restore",
        "104512",
        "--by",
        "operator",
        "--channel",
        "visit",
    ]);
    assert!(told.contains("restored"), "{told}");
    house.runs_once();
    last_to(&house, &citizen(1), "restored");
    assert_eq!(house.booking_state("104512"), "scheduled");
    let again = house.answers_with(&["bookings", "restore", "104512"]);
    assert_eq!(again.code, 1, "{}", again.out);
    let kinds = house.journal("104512");
    let of = |kind: &str| kinds.iter().filter(|one| *one == kind).count();
    assert_eq!(
        [of("booking_cancelled"), of("booking_restored")],
        [1, 1],
        "{kinds:?}"
    );
    house.journal_verifies();
}
