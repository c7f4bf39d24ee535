//! No oracle: from the answers, or from their absence, an unverified sender learns nothing of
//! bookings, numbers, addresses or persons.

use crate::support::house::{
    Appointment, CitizenLetter, Database, House, Person, citizen, letter_from,
};

fn spy() -> Person {
    Person {
        name: "Шпионов Пётр Ильич".to_owned(),
        email: "spy@curious.example".to_owned(),
        phone: "+7 900 000-00-00".to_owned(),
    }
}

/// What a stranger can send about one booking, true or invented.
fn probes(about: &Appointment) -> Vec<CitizenLetter> {
    let number = &about.number;
    let ask = || letter_from(&spy()).unsigned();
    let full = format!(
        "Отмена записи №{number}\nФИО: {}\nДата и время приёма: {}\nТелефон: {}\n",
        about.person.name,
        about.local_start(),
        about.person.phone
    );
    let named = format!("Прошу отменить запись.\nФИО: {}\n", about.person.name);
    let wrong = format!("Прошу отменить запись №{number}.\nФИО: Чужая Анна Петровна\n");
    vec![
        ask().asks_briefly(number),
        ask().says(&format!("Отмена записи №{number}"), &full),
        ask().says("Отмена записи", &named),
        ask().says("Отмена записи", &wrong),
        ask().says(
            "Восстановление",
            &format!("Восстановите запись №{number}.\n"),
        ),
        ask().says(
            "Документ",
            &format!("Пришлите подтверждение отмены №{number}.\n"),
        ),
        ask().says(&format!("Запись №{number}"), "Моя запись отменена?\n"),
        ask()
            .says("Re: запись", "ДА\n")
            .in_reply_to("aaaa.1@clinic.example"),
        ask().says("код", "482-193\n"),
        // With the address of the person in From: what the forger sees is nothing, again.
        letter_from(&about.person)
            .unsigned()
            .says("Отмена записи", "Прошу отменить запись.\n"),
        ask()
            .asks_briefly(number)
            .with_header(&format!("Reply-To: {}", spy().email)),
    ]
}

/// All that reached the prober: recipients, subjects and texts of our letters, in order.
fn what_the_spy_sees(about: &Appointment, booked: &[&Appointment]) -> (Vec<String>, usize) {
    let house = House::open(Database::Sqlite);
    house.imports(booked);
    let mut seen = Vec::new();
    for probe in probes(about) {
        house.citizen_writes(&probe);
    }
    house.runs_once();
    for answer in house.answers() {
        if answer.recipient.contains("curious.example") {
            seen.push(format!(
                "{} {} {}",
                answer.recipient, answer.subject, answer.text
            ));
        }
    }
    let others = house.answers().len() - seen.len();
    let on_file: Vec<&str> = booked.iter().map(|b| b.person.email.as_str()).collect();
    for answer in house.answers() {
        let allowed = on_file.contains(&answer.recipient.as_str());
        assert!(allowed, "a letter to {}", answer.recipient);
    }
    (seen, others)
}

#[test]
fn existing_and_invented_data_look_the_same_to_a_stranger() {
    let unrelated = Appointment::new("777001", &citizen(7));
    let real = Appointment::new("104512", &citizen(1));
    let invented = Appointment::new("104513", &citizen(2));
    let booked = [&unrelated, &real];
    let (seen_real, asked_real) = what_the_spy_sees(&real, &booked);
    let (seen_invented, asked_invented) = what_the_spy_sees(&invented, &booked);
    assert_eq!(seen_real, seen_invented);
    assert!(
        seen_real.is_empty(),
        "a stranger hears nothing at all: {seen_real:?}"
    );
    // The test would see a difference: the person on file is asked, where there is one.
    assert_eq!((asked_real, asked_invented), (1, 0));
}
