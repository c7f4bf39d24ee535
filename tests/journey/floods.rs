//! Many letters at once: a guesser of numbers, a bomber, and a program that answers our question.

use crate::support::house::{Appointment, Database, House, Person, citizen, letter_from};

#[test]
fn a_guesser_of_a_thousand_numbers_gets_no_word_and_no_effect() {
    let house = House::open(Database::Sqlite);
    let booked: Vec<Appointment> = (0..10)
        .map(|n| Appointment::new(&format!("{}", 500_000 + n * 97), &citizen(n)))
        .collect();
    house.imports(&booked.iter().collect::<Vec<_>>());
    let guesser = Person {
        name: "Угадаев Семён Ильич".to_owned(),
        email: "guess@numbers.example".to_owned(),
        phone: "+7 900 000-00-00".to_owned(),
    };
    for number in 500_000..501_000 {
        // Signed by his own domain: that proves who he is, not that he booked.
        house.citizen_writes(&letter_from(&guesser).asks_briefly(&number.to_string()));
    }
    house.runs_once();
    // One receipt a day, the same whatever exists; not a word more.
    assert_eq!(house.answer_kinds(), ["received"]);
    for appointment in &booked {
        assert_eq!(house.booking_state(&appointment.number), "scheduled");
    }
    let decided = house.rows("SELECT decision, count(*) FROM letters GROUP BY decision");
    assert_eq!(decided, [("held".to_owned(), 1_000)]);
    assert_eq!(house.folder("INBOX").len(), 0);
}

#[test]
fn a_bomber_of_five_hundred_letters_makes_the_citizen_get_one_question() {
    let house = House::open(Database::Sqlite);
    let booked = Appointment::new("104512", &citizen(1));
    house.imports(&[&booked]);
    for _ in 0..500 {
        house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
    }
    house.runs_once();
    assert_eq!(house.answer_kinds(), ["confirm_first"]);
    assert_eq!(house.booking_state("104512"), "scheduled");
    // Once it is cancelled, the bomber makes us repeat the confirmation six times a day at most.
    house.tells(&["bookings", "cancel", "104512"]);
    for _ in 0..100 {
        house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
    }
    house.runs_once();
    let repeated = |kind: &&&str| **kind == "already_cancelled";
    let kinds = house.answer_kinds();
    assert_eq!(kinds.iter().filter(repeated).count(), 6, "{kinds:?}");
    let check = house.answers_with(&["check", "--no-letters"]).out;
    assert!(check.contains("parked"), "{check}");
    assert!(house.log().contains("an answer is over the budget"));
    // The citizen's own signed letters have a budget of their own.
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("104512"));
    house.runs_once();
    let kinds = house.answer_kinds();
    assert_eq!(kinds.iter().filter(repeated).count(), 7, "{kinds:?}");
}

/// Programs without any automatic header, which quote our question and add words of their own.
#[test]
fn a_program_that_answers_our_question_confirms_nothing() {
    for words in [
        "",
        "Спасибо за ваше письмо! Мы ответим вам в течение двух рабочих дней.\n",
        "Ваше обращение принято, номер 482-19.\n",
        "Ваше обращение зарегистрировано под номером 482193.\n",
        "Здравствуйте!\n",
        "Письмо получено. Да благословит вас Бог.\n",
    ] {
        let house = House::open(Database::Sqlite);
        house.imports(&[&Appointment::new("104512", &citizen(1))]);
        house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
        house.runs_once();
        let question = house.only_answer();
        let quoted: String = question
            .text
            .lines()
            .map(|line| format!("> {line}\n"))
            .collect();
        let answer = letter_from(&citizen(1))
            .in_reply_to(&question.message_id)
            .says(
                &format!("Re: {}", question.subject),
                &format!("{words}\n01.02.2027 10:00, Поликлиника № 3 пишет:\n{quoted}"),
            );
        house.citizen_writes(&answer);
        house.runs_once();
        assert_eq!(house.booking_state("104512"), "scheduled", "{words}");
        assert_eq!(house.last_decision().0, "held", "{words}");
        assert_eq!(house.answer_kinds(), ["confirm_first"], "{words}");
    }
}
