//! The organisation cancels a day, and its citizens book anew.

use super::offers::{last_to, number_in};
use super::restoring::channel;
use crate::support::house::{Appointment, Database, House, citizen, letter_from, now};

on_both!(
    a_day_is_cancelled_and_a_citizen_books_anew,
    a_wish_that_cannot_be_met_gets_choices_and_the_list,
);

/// Free times of the service so many hours from now.
pub fn free(house: &House, hours: &[i64]) -> Vec<(String, String)> {
    let mut text = "organisation,resource,service_code,starts_at,timezone\n".to_owned();
    let mut local = Vec::new();
    for hour in hours {
        let one = Appointment::new("x", &citizen(1)).in_hours(*hour);
        let start = one.local_start();
        let (date, time) = start.split_once(' ').unwrap();
        local.push((date.to_owned(), time.to_owned()));
        text.push_str(&format!(
            "Поликлиника № 3,каб. 9,B01.047,{},Europe/Moscow\n",
            one.starts_at
        ));
    }
    let file = house.path("slots.csv");
    std::fs::write(&file, text).unwrap();
    house.tells(&["slots", "import", file.to_str().unwrap()]);
    local
}

fn a_day_is_cancelled_and_a_citizen_books_anew(database: Database) {
    let house = House::open(database);
    let (one, two) = (
        Appointment::new("104512", &citizen(1)),
        Appointment::new("104513", &citizen(2)),
    );
    let other_day = Appointment::new("104514", &citizen(3)).in_hours(24 * 40);
    house.imports(&[&one, &two, &other_day]);
    let day = one
        .starts_at
        .to_zoned(jiff::tz::TimeZone::get("Europe/Moscow").unwrap())
        .date()
        .to_string();
    let mut command = vec![
        "bookings",
        "cancel",
        "--by",
        "organisation",
        "--service",
        "B01.047",
        "--date",
        &day,
        "--reason",
        "врач заболел",
    ];
    let shown = house.tells(&command);
    assert!(shown.contains("2 bookings would be cancelled"), "{shown}");
    assert_eq!(house.booking_state("104512"), "scheduled", "only shown");
    command.push("--yes");
    let told = house.tells(&command);
    assert!(told.contains("2 bookings cancelled"), "{told}");
    house.runs_once();
    for n in [1, 2] {
        let letter = last_to(&house, &citizen(n), "cancelled_by_organisation");
        assert!(letter.text.contains("врач заболел") && !letter.text.contains("просили"));
        assert!(letter.text.contains("Повторная запись №"));
    }
    assert_eq!(house.booking_state("104514"), "scheduled");
    assert_eq!(channel(&house), "organisation");
    let again = house.tells(&command);
    assert!(again.contains("No open booking"), "{again}");

    let times = free(&house, &[24 * 31, 24 * 32]);
    let (date, time) = times.last().unwrap();
    let wish = format!("Дата: {date}\nВремя: {time}\n");
    let letter = letter_from(&citizen(1)).says("Повторная запись №104512", &wish);
    house.citizen_writes(&letter);
    house.runs_once();
    assert_eq!(house.last_decision().0, "rebooked");
    let booked = last_to(&house, &citizen(1), "rebooked");
    assert!(booked.text.contains("заменяет запись № 104512"));
    let number = number_in(&booked);
    assert_eq!(house.booking_state(&number), "scheduled");
    // A second wish for the same booking is a person's business.
    let (date, time) = times.first().unwrap();
    let wish = format!("Дата: {date}\nВремя: {time}\n");
    house.citizen_writes(&letter_from(&citizen(1)).says("Повторная запись №104512", &wish));
    house.runs_once();
    assert_eq!(house.last_decision().1.as_deref(), Some("needs_person"));
    house.journal_verifies();
}

fn a_wish_that_cannot_be_met_gets_choices_and_the_list(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    house.tells(&[
        "bookings",
        "cancel",
        "104512",
        "--by",
        "organisation",
        "--reason",
        "ремонт",
        "--yes",
    ]);
    let times = free(&house, &[24 * 29, 24 * 31, 24 * 33, 24 * 60]);
    let wish = "Дата: 01.02.2031\nВремя: 10:00\n";
    let letter = letter_from(&citizen(1))
        .unsigned()
        .says("Повторная запись №104512", wish);
    house.citizen_writes(&letter);
    house.runs_once();
    assert_eq!(
        house.last_decision().0,
        "rebook_confirm",
        "nobody books for her"
    );
    let question = last_to(&house, &citizen(1), "rebook_confirm");
    super::offers::answers(&house, &citizen(1), &question, "ДА\n");
    assert_eq!(house.last_decision().0, "rebook_choices");
    let choices = last_to(&house, &citizen(1), "rebook_choices");
    let (last_day, last_time) = times.last().unwrap();
    let day = last_day.split('.').next().unwrap().trim_start_matches('0');
    assert!(
        choices.text.contains(&format!("{day} ")),
        "{}",
        choices.text
    );
    assert!(choices.text.contains(last_time), "{}", choices.text);
    let joins = letter_from(&citizen(1))
        .says("Лист ожидания по записи №104512", "")
        .with_file("napravlenie.pdf", "application/pdf", b"%PDF-1.4");
    house.citizen_writes(&joins);
    house.runs_once();
    let decided = house.last_decision();
    assert_eq!(decided.0, "waiting_list_joined");
    assert_eq!(
        decided.1.as_deref(),
        Some("documents_enclosed"),
        "for staff"
    );
    last_to(&house, &citizen(1), "waiting_list_joined");
    assert!(own.starts_at > now());
    house.journal_verifies();
}
