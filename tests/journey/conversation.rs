//! «Подтвердите, пожалуйста»: the question to the address on file, and what answers it.

use crate::support::house::{Answer, Appointment, Database, House, citizen, letter_from, word};

on_both!(
    yes_to_the_question_cancels_by_the_first_receipt,
    yes_to_the_plus_address_needs_no_thread,
    an_empty_reply_with_our_letter_quoted_confirms_nothing,
    yes_from_another_address_is_held,
    a_second_letter_while_the_answer_is_awaited_asks_nothing_again,
    a_question_that_was_answered_no_cannot_be_answered_yes,
    after_three_questions_in_a_day_staff_get_the_letter,
);

/// An unsigned letter was received three hours ago, when it was in time; now it is too late.
fn question(house: &House) -> Answer {
    let appointment = Appointment::new("104512", &citizen(1)).in_hours(23);
    house.imports(&[&appointment]);
    house.citizen_wrote(
        3,
        &letter_from(&citizen(1)).unsigned().cancels(&appointment),
    );
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.last_decision().0, "confirm_first");
    let question = house.only_answer();
    assert_eq!(question.kind(), "confirm_first");
    assert_eq!(question.recipient, citizen(1).email);
    question
}

fn quoted(text: &str) -> String {
    text.lines().map(|line| format!("> {line}\n")).collect()
}

fn yes_to_the_question_cancels_by_the_first_receipt(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let yes = letter_from(&citizen(1))
        .unsigned()
        .in_reply_to(&question.message_id)
        .says(&format!("Re: {}", question.subject), "ДА\n");
    house.citizen_writes(&yes);
    house.runs_once();

    assert_eq!(house.answer_kinds(), ["confirm_first", "cancelled"]);
    let booking = house.booking("104512");
    assert_eq!(word(&booking, "/state"), "cancelled");
    let received: jiff::Timestamp = word(&booking, "/cancellation/received_at").parse().unwrap();
    let cancelled: jiff::Timestamp = word(&booking, "/cancellation/cancelled_at")
        .parse()
        .unwrap();
    let hours = (cancelled.as_second() - received.as_second()) / 3600;
    assert!(
        (2..=3).contains(&hours),
        "judged by the first receipt: {booking}"
    );
    assert_eq!(house.cancellations_told("104512"), 1);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    assert!(
        house
            .journal("104512")
            .contains(&"challenge_confirmed".to_owned())
    );
    house.journal_verifies();
    // The reason that the first letter gave comes back in the confirmation.
    let answers = house.answers();
    assert!(answers.last().unwrap().text.contains("командировку"));
}

fn yes_to_the_plus_address_needs_no_thread(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let address = question.reply_to.expect("the question has a Reply-To");
    let (local, _) = house.office().split_once('@').unwrap();
    assert!(address.starts_with(&format!("{local}+")), "{address}");
    let yes = letter_from(&citizen(1))
        .unsigned()
        .says("", "Да, подтверждаю.\n");
    house.citizen_writes_to(&address, &yes);
    house.runs_once();

    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.answer_kinds(), ["confirm_first", "cancelled"]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
}

fn an_empty_reply_with_our_letter_quoted_confirms_nothing(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let empty = letter_from(&citizen(1))
        .in_reply_to(&question.message_id)
        .says(
            &format!("Re: {}", question.subject),
            &format!(
                "\n\n01.02.2027 10:00, Поликлиника № 3 пишет:\n{}",
                quoted(&question.text)
            ),
        );
    house.citizen_writes(&empty);
    house.runs_once();

    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.answer_kinds(), ["confirm_first"]);
    assert_eq!(
        house.last_decision(),
        ("held".to_owned(), Some("consent_not_given".to_owned()))
    );
}

fn yes_from_another_address_is_held(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    let yes = letter_from(&citizen(2))
        .in_reply_to(&question.message_id)
        .says(&format!("Re: {}", question.subject), "ДА\n");
    house.citizen_writes(&yes);
    house.runs_once();

    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(
        house.last_decision(),
        ("held".to_owned(), Some("sender_not_proven".to_owned()))
    );
    // It spoils nothing: the citizen's own answer still counts.
    let own = letter_from(&citizen(1))
        .in_reply_to(&question.message_id)
        .says(&format!("Re: {}", question.subject), "Да\n");
    house.citizen_writes(&own);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
}

fn a_second_letter_while_the_answer_is_awaited_asks_nothing_again(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).unsigned().cancels(&appointment));
    house.runs_once();
    house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
    house.runs_once();

    assert_eq!(
        house.last_decision(),
        ("confirmation_awaited".to_owned(), None)
    );
    assert_eq!(house.answer_kinds(), ["confirm_first"]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
}

fn a_question_that_was_answered_no_cannot_be_answered_yes(database: Database) {
    let house = House::open(database);
    let question = question(&house);
    for words in ["Нет, это был не я, ничего не отменяйте!\n", "ДА\n"]
    {
        let reply = letter_from(&citizen(1))
            .in_reply_to(&question.message_id)
            .says(&format!("Re: {}", question.subject), words);
        house.citizen_writes(&reply);
        house.runs_once();
        assert_eq!(house.booking_state("104512"), "scheduled", "{words}");
        assert_eq!(house.last_decision().0, "held", "{words}");
    }
    assert_eq!(house.last_decision().1.as_deref(), Some("challenge_spent"));
}

fn after_three_questions_in_a_day_staff_get_the_letter(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    for asked in 1..=3 {
        house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
        house.runs_once();
        assert_eq!(house.answer_kinds(), vec!["confirm_first"; asked]);
        let answers = house.answers();
        let question = answers.last().unwrap();
        let no = letter_from(&citizen(1))
            .in_reply_to(&question.message_id)
            .says(&format!("Re: {}", question.subject), "Это был не я.\n");
        house.citizen_writes(&no);
        house.runs_once();
    }
    house.citizen_writes(&letter_from(&citizen(1)).unsigned().asks_briefly("104512"));
    house.runs_once();
    let held = ("held".to_owned(), Some("challenges_spent".to_owned()));
    assert_eq!(house.last_decision(), held);
    assert_eq!(house.answers().len(), 3);
    assert_eq!(house.booking_state("104512"), "scheduled");
}
