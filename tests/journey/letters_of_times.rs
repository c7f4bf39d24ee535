//! One letter of each kind that is about times, as it left the program.

use super::offers::{answers, hold_ends, last_to, wait};
use super::organisation::free;
use super::restoring::code_in;
use crate::support::house::{Answer, Appointment, Database, House, citizen, letter_from};

/// The letters of a house in which everything happens once.
pub fn each_kind() -> Vec<Answer> {
    let house = House::open(Database::Sqlite);
    let [first, second, third, fourth] = [11, 14, 15, 16].map(|n| {
        let number = format!("1045{n}");
        Appointment::new(&number, &citizen(n))
    });
    house.imports(&[&first, &second, &third, &fourth]);
    wait(&house, &[&citizen(12), &citizen(13)]);
    offers_and_restorations(&house, &first, &second);
    house.answers_with(&["waitlist", "remove", "1", "2", "3", "4", "5"]);
    new_times(&house, &third);
    without_code_and_too_late(&house, &fourth);
    house.journal_verifies();
    house.answers()
}

fn offers_and_restorations(house: &House, first: &Appointment, second: &Appointment) {
    house.citizen_writes(&letter_from(&citizen(11)).cancels(first));
    house.runs_once();
    let offer = last_to(house, &citizen(12), "offer");
    let confirmation = last_to(house, &citizen(11), "cancelled");
    answers(house, &citizen(11), &confirmation, &code_in(&confirmation));
    last_to(house, &citizen(11), "restore_slot_on_offer");
    answers(house, &citizen(12), &offer, "Нет\n");
    last_to(house, &citizen(12), "offer_declined");
    last_to(house, &citizen(11), "restored");

    house.citizen_writes(&letter_from(&citizen(14)).cancels(second));
    house.runs_once();
    hold_ends(house);
    house.runs_once();
    last_to(house, &citizen(12), "offer_gone");
    let offer = last_to(house, &citizen(13), "offer");
    answers(house, &citizen(13), &offer, "Согласна\n");
    last_to(house, &citizen(13), "offer_accepted");
    let confirmation = last_to(house, &citizen(14), "cancelled");
    answers(house, &citizen(14), &confirmation, &code_in(&confirmation));
    let gone = last_to(house, &citizen(14), "restore_slot_gone");
    let joins = letter_from(&citizen(14))
        .in_reply_to(&gone.message_id)
        .says(&format!("Re: {}", gone.subject), "В лист ожидания\n");
    house.citizen_writes(&joins);
    house.runs_once();
    last_to(house, &citizen(14), "waiting_list_joined");
}

fn new_times(house: &House, booking: &Appointment) {
    let number = booking.number.as_str();
    house.tells(&[
        "bookings",
        "cancel",
        number,
        "--by",
        "organisation",
        "--reason",
        "ремонт",
        "--yes",
    ]);
    house.runs_once();
    last_to(house, &citizen(15), "cancelled_by_organisation");
    let times = free(house, &[24 * 40]);
    let subject = format!("Повторная запись №{number}");
    let wishes = |date: &str, time: &str| {
        let wish = format!("Дата: {date}\nВремя: {time}\n");
        letter_from(&citizen(15)).says(&subject, &wish)
    };
    house.citizen_writes(&wishes("01.02.2031", "10:00").unsigned());
    house.runs_once();
    last_to(house, &citizen(15), "rebook_confirm");
    house.citizen_writes(&wishes("01.02.2031", "10:00"));
    house.runs_once();
    last_to(house, &citizen(15), "rebook_choices");
    let (date, time) = times.first().unwrap();
    house.citizen_writes(&wishes(date, time));
    house.runs_once();
    last_to(house, &citizen(15), "rebooked");
}

fn without_code_and_too_late(house: &House, booking: &Appointment) {
    let number = booking.number.as_str();
    house.citizen_writes(&letter_from(&citizen(16)).cancels(booking));
    house.runs_once();
    let confirmation = last_to(house, &citizen(16), "cancelled");
    let asks = letter_from(&citizen(16)).says(
        &format!("Восстановление записи №{number}"),
        "Прошу восстановить запись.\n",
    );
    house.citizen_writes(&asks);
    house.runs_once();
    last_to(house, &citizen(16), "restore_confirm");
    let micros = 31_i64 * 24 * 60 * 60 * 1_000_000;
    house.tampers(&format!(
        "UPDATE bookings SET cancelled_at = cancelled_at - {micros}, \
         starts_at = starts_at + {micros} WHERE number = '{number}';"
    ));
    answers(house, &citizen(16), &confirmation, &code_in(&confirmation));
    last_to(house, &citizen(16), "restore_too_late");
}
