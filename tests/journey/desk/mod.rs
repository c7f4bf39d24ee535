//! Staff at their desk in the mailbox: what they drag is done, once, by nobody but them.

mod acts;
mod crash;
mod every_reason;
mod guarded;
mod daily;
mod serving;
mod commands;

use crate::support::house::{
    Answer, Appointment, CitizenLetter, House, citizen, letter_from, word,
};

/// The folder of dead letters.
const DEAD: &str = "Разбор";
const RETRY: &str = "Разбор/Повторить";
const CANCEL: &str = "Разбор/Отменить запись";
const REFUSE: &str = "Разбор/Отказать";
const DONE: &str = "Обработано";

/// A letter of a signed stranger about a number that is none; it lies in «Разбор» afterwards.
fn held_letter(house: &House, number: &str) -> CitizenLetter {
    let letter = letter_from(&citizen(70)).asks_briefly(number);
    house.citizen_writes(&letter);
    house.runs_once();
    letter
}

/// What was answered to acts of staff: not the receipt that signed strangers get at once.
fn answers(house: &House) -> Vec<Answer> {
    let mut answers = house.answers();
    answers.retain(|answer| answer.kind() != "received");
    answers
}

/// The one answer to an act of staff.
fn only_answer(house: &House) -> Answer {
    let answers = answers(house);
    assert_eq!(answers.len(), 1, "{answers:#?}");
    answers.into_iter().next().unwrap()
}

/// Kinds of the answers to acts of staff, in order.
fn answer_kinds(house: &House) -> Vec<&'static str> {
    answers(house).iter().map(Answer::kind).collect()
}

/// A letter whose own details are right, whose wish nobody can be sure of.
fn unclear_letter(appointment: &Appointment) -> CitizenLetter {
    letter_from(&appointment.person).says(
        &format!("Отмена записи №{}", appointment.number),
        &format!(
            "Отмена записи №{}\nФИО: {}\nЕсли можно, не отменяйте, пока я не позвоню.\n",
            appointment.number, appointment.person.name
        ),
    )
}

/// State and decision of the one letter.
fn state_of(house: &House, at: usize) -> (String, String) {
    let letters = house.letters();
    let letter = letters.get(at).unwrap();
    (word(letter, "/state"), word(letter, "/decision"))
}

/// Kinds and actors in the journal of letter `id`.
fn acts_in_journal(house: &House, id: i64) -> Vec<(String, String)> {
    let sql = format!(
        "SELECT kind || ' ' || actor, position FROM journal WHERE chain = 'letter:{id}' \
         ORDER BY position"
    );
    house
        .rows(&sql)
        .into_iter()
        .filter_map(|(text, _)| {
            let (kind, actor) = text.split_once(' ')?;
            Some((kind.to_owned(), actor.to_owned()))
        })
        .collect()
}
