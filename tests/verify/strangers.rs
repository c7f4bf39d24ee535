//! What a stranger hears: once a day the same words, whatever exists; and nothing where From is not
//! proven to be the writer's own.

use super::post::Post;
use crate::support::house::{
    Answer, Appointment, CitizenLetter, Database, House, citizen, letter_from,
};

/// All that a reader could tell apart.
fn seen(answer: &Answer) -> [String; 4] {
    [
        answer.subject.clone(),
        answer.text.clone(),
        answer.html.clone(),
        answer.reply_to.clone().unwrap_or_default(),
    ]
}

/// What citizen 90 gets for this letter in a fresh house, and all that goes to her.
fn heard(database: Database, letter: &CitizenLetter) -> Vec<[String; 4]> {
    let (mut post, _) = Post::with_booking(database);
    post.house
        .set("smtp", "from", "Поликлиника № 3 <priem@clinic.example>");
    post.publishes(&citizen(90));
    let letter = letter.clone().to("priem@clinic.example");
    post.writes(&citizen(90), &letter);
    post.house.runs_once();
    assert_eq!(post.house.booking_state("104512"), "scheduled");
    let mut answers = post.house.answers();
    answers.retain(|answer| answer.recipient == citizen(90).email);
    answers.iter().map(seen).collect()
}

#[test]
fn a_stranger_cannot_tell_what_exists() {
    let stranger = || letter_from(&citizen(90));
    let real = Appointment::new("104512", &citizen(1));
    let all_right = format!(
        "Отмена записи №104512\nФИО: {}\nДата и время приёма: {}\nТелефон: {}\n",
        citizen(1).name,
        real.local_start(),
        citizen(1).phone
    );
    let invented = heard(Database::Sqlite, &stranger().asks_briefly("777777"));
    assert_eq!(invented.len(), 1);
    let [subject, text, ..] = &invented[0];
    assert_eq!(subject, "Письмо получено");
    assert!(text.contains("получено, им займётся сотрудник"), "{text}");
    for letter in [
        stranger().asks_briefly("104512"),
        stranger().cancels(&Appointment::new("104512", &citizen(90)).in_hours(50)),
        stranger().says("Отмена записи №104512", &all_right),
        stranger().says("Вопрос", "Есть ли у Анны запись на завтра?\n"),
    ] {
        assert_eq!(heard(Database::Sqlite, &letter), invented, "{letter:?}");
    }
}

on_both!(a_stranger_hears_of_it_once_a_day, others_hear_nothing);

fn a_stranger_hears_of_it_once_a_day(database: Database) {
    let (post, _) = Post::with_booking(database);
    let house = &post.house;
    post.publishes(&citizen(90));
    let write = |number: &str| {
        post.writes(
            &citizen(90),
            &letter_from(&citizen(90)).asks_briefly(number),
        );
        house.runs_once();
    };
    write("104512");
    write("777777");
    write("104512");
    assert_eq!(house.only_answer().kind(), "received");
    assert_eq!(house.only_answer().recipient, citizen(90).email);
    let micros = 25 * 3_600 * 1_000_000_i64;
    let sql = format!("UPDATE outbox SET created_at = created_at - {micros}");
    house.tampers(&sql);
    write("104512");
    assert_eq!(house.answer_kinds(), ["received"; 2]);
}

fn others_hear_nothing(database: Database) {
    let (post, _) = Post::with_booking(database);
    let house: &House = &post.house;
    post.publishes(&citizen(90));
    // Not proven: the address may be a third person's.
    let unsigned = letter_from(&citizen(90)).unsigned().asks_briefly("104512");
    house.citizen_writes(&unsigned);
    let absent = letter_from(&citizen(90))
        .with_header("Auto-Submitted: auto-replied")
        .asks_briefly("104512");
    post.writes(&citizen(90), &absent);
    house.runs_once();
    assert!(house.answers().is_empty());
    assert_eq!(house.booking_state("104512"), "scheduled");
}
