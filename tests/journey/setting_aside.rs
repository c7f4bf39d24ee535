//! Letters that no person wrote, and letters that came before: filed, without a second effect.

use crate::support::house::{Appointment, Database, House, citizen, letter_from, word};

on_both!(
    an_automatic_letter_has_no_effect_and_no_answer,
    a_letter_of_our_own_that_comes_back_is_filed,
    a_held_letter_delivered_twice_is_held_once,
);

fn an_automatic_letter_has_no_effect_and_no_answer(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    let vacation = letter_from(&citizen(1))
        .says("Автоматический ответ: запись", "Я в отпуске до 15 числа.\n")
        .with_header("Auto-Submitted: auto-replied");
    let list = letter_from(&citizen(2))
        .says("Новости", "Новости нашего района за неделю.\n")
        .with_header("List-Id: <news.pochta-2.example>")
        .with_header("Precedence: bulk");
    house.citizen_writes(&vacation);
    house.citizen_writes(&list);
    house.runs_once();

    assert_eq!(house.counts(), [0, 0, 2, 0]);
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("104512"), "scheduled");
    let decisions: Vec<_> = house
        .letters()
        .iter()
        .map(|letter| word(letter, "/decision"))
        .collect();
    assert_eq!(decisions, ["automatic", "automatic"]);
    house.journal_verifies();
}

fn a_letter_of_our_own_that_comes_back_is_filed(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    let booking_letter = house.only_answer();
    assert_eq!(booking_letter.kind(), "booking");
    house.arrives(&booking_letter.bytes);
    house.runs_once();

    assert_eq!(house.last_decision().0, "own_letter");
    assert_eq!(house.counts(), [0, 0, 1, 0]);
    assert_eq!(house.answers().len(), 1);
    assert_eq!(house.booking_state("104512"), "scheduled");
}

fn a_held_letter_delivered_twice_is_held_once(database: Database) {
    let house = House::open(database);
    let letter = letter_from(&citizen(7)).says("Вопрос", "Во сколько вы открываетесь?\n");
    house.citizen_writes(&letter);
    house.runs_once();
    house.citizen_writes(&letter.clone().with_trace(
        "Received: from other.example by mx.example.org;\r\n Mon, 1 Feb 2027 05:12:30 +0000",
    ));
    house.runs_once();

    assert_eq!(house.last_decision(), ("repeated".to_owned(), None));
    assert_eq!(house.counts(), [0, 1, 0, 2]);
    assert_eq!(house.answer_kinds(), ["received"]);
}
