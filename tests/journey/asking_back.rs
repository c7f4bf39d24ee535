//! A trusted sender is asked back; «ДА» in the thread, or the code in a letter of its own, confirms.

use crate::support::house::{Answer, Appointment, Database, House, citizen, letter_from};

on_both!(
    other_details_are_shown_and_yes_cancels,
    without_a_number_the_only_booking_is_asked_about_and_yes_cancels,
    a_typed_code_confirms_in_a_letter_of_its_own,
    five_wrong_codes_are_enough,
);

fn yes_to(house: &House, question: &Answer, n: usize) {
    let yes = letter_from(&citizen(n))
        .unsigned()
        .in_reply_to(&question.message_id)
        .says(&format!("Re: {}", question.subject), "ДА\n");
    house.citizen_writes(&yes);
    house.runs_once();
}

fn other_details_are_shown_and_yes_cancels(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let body = "Прошу отменить запись №104512.\nФИО: Петрова Инна Олеговна\n";
    house.citizen_writes(&letter_from(&citizen(1)).says("Отмена записи №104512", body));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    let question = house.only_answer();
    assert_eq!(question.kind(), "check_details");
    assert!(
        question.text.contains(&citizen(1).name),
        "the booking's own data"
    );
    assert!(!question.text.contains("Петрова"), "nothing of the letter");
    yes_to(&house, &question, 1);
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.answer_kinds(), ["check_details", "cancelled"]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    house.journal_verifies();
}

fn without_a_number_the_only_booking_is_asked_about_and_yes_cancels(database: Database) {
    let house = House::open(database);
    let other = Appointment::new("104513", &citizen(2));
    house.imports(&[&Appointment::new("104512", &citizen(1)), &other]);
    let unnumbered = letter_from(&citizen(1)).says("Отмена записи", "Прошу отменить мою запись.\n");
    house.citizen_writes(&unnumbered);
    house.runs_once();
    let question = house.only_answer();
    assert_eq!(question.kind(), "is_it_this_one");
    assert!(question.text.contains("104512") && !question.text.contains("104513"));
    assert_eq!(house.booking_state("104512"), "scheduled");
    yes_to(&house, &question, 1);
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.booking_state("104513"), "scheduled");
}

/// The question to the address on file, after an unsigned request.
fn question(house: &House) -> Answer {
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
    house.runs_once();
    let question = house.only_answer();
    assert_eq!(question.kind(), "confirm_first");
    question
}

/// The code as the citizen reads it in the letter.
fn code_in(question: &Answer) -> String {
    let (_, rest) = question.text.split_once("код ").expect("a code");
    rest.chars().take(7).collect()
}

fn a_typed_code_confirms_in_a_letter_of_its_own(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let code = code_in(&question);
    assert!(question.html.contains(&code), "{code}");
    let stranger = letter_from(&citizen(2)).says("", &format!("{code}\n"));
    house.citizen_writes(&stranger);
    house.runs_once();
    assert_eq!(
        house.booking_state("104512"),
        "scheduled",
        "only from an address on file"
    );
    let typed = letter_from(&citizen(1))
        .unsigned()
        .says("код", &format!("Код: {code}\nСпасибо\n"));
    house.citizen_writes(&typed);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(
        house.answer_kinds(),
        ["confirm_first", "received", "cancelled"]
    );
    house.journal_verifies();
}

fn five_wrong_codes_are_enough(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let code = code_in(&question);
    for n in 0..6 {
        let wrong = if code == "000-000" {
            "000-001"
        } else {
            "000-000"
        };
        let guess = letter_from(&citizen(1))
            .unsigned()
            .says("", &format!("{wrong}\n"));
        house.citizen_writes(&guess);
        house.runs_once();
        let expected = if n < 5 { "code_wrong" } else { "codes_spent" };
        assert_eq!(
            house.last_decision().1.as_deref(),
            Some(expected),
            "guess {n}"
        );
    }
    let right = letter_from(&citizen(1))
        .unsigned()
        .says("", &format!("{code}\n"));
    house.citizen_writes(&right);
    house.runs_once();
    assert_eq!(house.last_decision().1.as_deref(), Some("codes_spent"));
    assert_eq!(house.booking_state("104512"), "scheduled");
    // In the thread the citizen can still confirm, and guessing told nobody anything.
    assert_eq!(house.answer_kinds(), ["confirm_first"]);
    yes_to(&house, &question, 1);
    assert_eq!(house.booking_state("104512"), "cancelled");
}
