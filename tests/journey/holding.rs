//! What cannot be decided by rule lies in «Разбор»: with its reason, a keyword and a note.

use crate::support::house::{
    Appointment, CitizenLetter, Database, House, citizen, letter_from, word,
};

on_both!(
    what_cannot_be_decided_lies_in_the_dead_letter_folder_with_its_reason,
    a_known_sender_is_told_that_staff_read_the_letter,
    a_stranger_who_is_not_proven_hears_nothing,
    letters_without_a_usable_sender_are_held,
);

/// A letter, its reason and the keyword of that.
type Case = (&'static str, CitizenLetter, &'static str, &'static str);

fn hold(house: &House, cases: &[Case]) {
    for (_, letter, _, _) in cases {
        house.citizen_writes(letter);
    }
    house.runs_once();
    let dead = house.folder("Разбор");
    for (what, letter, reason, keyword) in cases {
        let found = dead
            .iter()
            .find(|found| found.message_id == letter.message_id())
            .unwrap_or_else(|| panic!("{what} is not there: {:?}", house.letters()));
        assert!(
            found.keywords.iter().any(|flag| flag == keyword),
            "{what}: {:?}",
            found.keywords
        );
        let note = house.note_beside(letter.message_id());
        let code = format!("Код причины: {reason}");
        assert!(note.text().contains(&code), "{what}: {}", note.text());
        assert!(!note.message_id.is_empty());
    }
    assert_eq!(dead.len(), cases.len() * 2, "each letter and its note");
    assert!(house.folder("INBOX").is_empty());
    house.journal_verifies();
}

fn letters_about_numbers() -> Vec<Case> {
    let stranger = || letter_from(&citizen(99));
    vec![
        (
            "a stranger who knows the number",
            stranger().asks_briefly("300001"),
            "sender_not_proven",
            "otmena-sender",
        ),
        (
            "an unknown number",
            stranger().asks_briefly("999999"),
            "number_unknown",
            "otmena-number",
        ),
        (
            "no number",
            stranger().says("Отмена записи", "Прошу отменить мою запись на приём.\n"),
            "number_missing",
            "otmena-number",
        ),
        (
            "two numbers",
            stranger().says("Запись", "Отмена записи №300001\nОтмена записи №300002\n"),
            "number_ambiguous",
            "otmena-number",
        ),
    ]
}

fn letters_about_other_things(own: &Appointment) -> Vec<Case> {
    let stranger = || letter_from(&citizen(99));
    vec![
        (
            "no request",
            stranger().says("Вопрос", "Подскажите, пожалуйста, как к вам проехать?\n"),
            "no_request",
            "otmena-wish",
        ),
        (
            "another person's details",
            letter_from(&citizen(1)).unsigned().cancels(&Appointment {
                starts_at: own.starts_at + jiff::SignedDuration::from_hours(24 * 7),
                ..own.clone()
            }),
            "details_differ",
            "otmena-details",
        ),
        (
            "a negated wish",
            stranger().says(
                "Запись №300001",
                "Пожалуйста, не отменяйте запись №300001.\n",
            ),
            "wish_unclear",
            "otmena-wish",
        ),
        (
            "an automatic letter with a request",
            stranger()
                .asks_briefly("300001")
                .with_header("Auto-Submitted: auto-generated"),
            "automatic_request",
            "otmena-automatic",
        ),
    ]
}

fn what_cannot_be_decided_lies_in_the_dead_letter_folder_with_its_reason(database: Database) {
    let house = House::open(database);
    let victim = Appointment::new("300001", &citizen(50));
    let own = Appointment::new("300002", &citizen(1));
    house.imports(&[&victim, &own]);
    let mut cases = letters_about_numbers();
    cases.extend(letters_about_other_things(&own));
    hold(&house, &cases);
    // A stranger hears that staff have it, and nothing of what they have.
    assert!(house.answer_kinds().iter().all(|kind| *kind == "received"));
    for number in ["300001", "300002"] {
        assert_eq!(house.booking_state(number), "scheduled");
    }
    let reasons: Vec<_> = house
        .letters()
        .iter()
        .map(|letter| word(letter, "/state"))
        .collect();
    assert!(reasons.iter().all(|state| state == "held"), "{reasons:?}");
}

fn a_known_sender_is_told_that_staff_read_the_letter(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("300002", &citizen(1))]);
    let cases: Vec<Case> = vec![
        (
            "an unknown number",
            letter_from(&citizen(1)).asks_briefly("300020"),
            "number_unknown",
            "otmena-number",
        ),
        (
            "two numbers",
            letter_from(&citizen(1))
                .says("Запись", "Отмена записи №300002\nОтмена записи №300003\n"),
            "number_ambiguous",
            "otmena-number",
        ),
    ];
    hold(&house, &cases);
    assert_eq!(house.answer_kinds(), ["not_understood", "not_understood"]);
    for answer in house.answers() {
        assert_eq!(answer.recipient, citizen(1).email);
        assert!(answer.attachments.is_empty());
    }
    assert_eq!(house.last_decision().0, "not_understood");
    assert_eq!(house.booking_state("300002"), "scheduled");
}

fn a_stranger_who_is_not_proven_hears_nothing(database: Database) {
    let house = House::open(database);
    let mine = Appointment::new("300001", &citizen(1));
    house.imports(&[&mine]);
    for letter in [
        letter_from(&citizen(98)).unsigned().asks_briefly("300001"),
        letter_from(&citizen(98)).unsigned().asks_briefly("111111"),
    ] {
        house.citizen_writes(&letter);
    }
    house.runs_once();
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("300001"), "scheduled");

    // Who knows number, name, date and telephone causes one question, to the address on file.
    let mut knowing = citizen(98);
    knowing.name = citizen(1).name;
    knowing.phone = citizen(1).phone;
    house.citizen_writes(&letter_from(&knowing).unsigned().cancels(&mine));
    house.runs_once();
    let answer = house.only_answer();
    assert_eq!(answer.kind(), "confirm_first");
    assert_eq!(answer.recipient, citizen(1).email);
    assert!(!answer.text.contains(&citizen(98).email));
}

fn letters_without_a_usable_sender_are_held(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("300001", &citizen(1))]);
    let bytes = letter_from(&citizen(1))
        .asks_briefly("300001")
        .bytes(house.office());
    let text = String::from_utf8(bytes).unwrap();
    let from = text
        .lines()
        .find(|line| line.starts_with("From:"))
        .unwrap()
        .to_owned();
    let without = text.replace(&format!("{from}\r\n"), "");
    let twice = text.replace(
        &format!("{from}\r\n"),
        &format!("{from}\r\nFrom: other@pochta-2.example\r\n"),
    );
    house.arrives(without.as_bytes());
    house.arrives(twice.as_bytes());
    house.runs_once();

    let mut reasons: Vec<_> = house
        .letters()
        .iter()
        .map(|letter| word(letter, "/reason"))
        .collect();
    reasons.sort();
    assert_eq!(reasons, ["sender_ambiguous", "sender_missing"]);
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("300001"), "scheduled");
}
