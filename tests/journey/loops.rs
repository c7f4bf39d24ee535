//! Letters of ours that come back, and two daemons that write to each other.

use crate::support::house::{
    AUTHSERV_ID, Answer, Appointment, Database, House, Person, citizen, letter_from,
};

on_both!(a_letter_of_ours_that_comes_back_is_filed);

/// As a redirection delivers it: all headers kept, or those stripped that name us.
fn a_letter_of_ours_that_comes_back_is_filed(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    let ours = house.only_answer();
    let whole = String::from_utf8(ours.bytes).unwrap();
    let without = |names: &[&str]| -> Vec<u8> {
        let kept = whole
            .split_inclusive("\r\n")
            .filter(|line| !names.iter().any(|name| line.starts_with(name)));
        kept.collect::<String>().into_bytes()
    };
    let mut redirected = format!("Resent-From: {}\r\n", citizen(1).email).into_bytes();
    redirected.extend(whole.as_bytes());
    let only_the_id = without(&["X-Otmena-Loop:", "Auto-Submitted:", "From:", "Reply-To:"]);
    let mut only_the_id_from = format!("From: {}\r\n", citizen(1).email).into_bytes();
    only_the_id_from.extend(only_the_id);
    for bytes in [redirected, without(&["X-Otmena-Loop:"]), only_the_id_from] {
        house.arrives(&bytes);
        house.runs_once();
        assert_eq!(house.last_decision().0, "own_letter");
    }
    assert_eq!(house.answers().len(), 1, "nothing was answered");
    assert_eq!(house.counts(), [0, 0, 3, 0]);
}

/// The office of a house as a person who has a booking at another one.
fn office(house: &House) -> Person {
    Person {
        name: "Контора Анна Петровна".to_owned(),
        email: house.office().to_owned(),
        phone: "+7 900 000-00-00".to_owned(),
    }
}

/// Brings letters from one house to the other, through a relay that strips what marks them as ours
/// and as automatic, and vouches for their domain: the worst case.
fn carry(letter: &Answer, to: &House, strip: bool) {
    let whole = String::from_utf8(letter.bytes.clone()).unwrap();
    let marks = ["X-Otmena-Loop:", "Auto-Submitted:"];
    let kept: String = whole
        .split_inclusive("\r\n")
        .filter(|line| !(strip && marks.iter().any(|mark| line.starts_with(mark))))
        .collect();
    let vouched = format!(
        "Authentication-Results: {AUTHSERV_ID};\r\n dkim=pass header.d=clinic.example\r\n{kept}"
    );
    to.arrives(vouched.as_bytes());
}

/// Two daemons run on one Dovecot, each on file at the other; a postman carries their letters until
/// no more come. Gives the number of letters that each sent.
fn converse(strip: bool) -> (usize, usize) {
    let (left, right) = (House::open(Database::Sqlite), House::open(Database::Sqlite));
    left.imports(&[&Appointment::new("104512", &office(&right))]);
    right.imports(&[&Appointment::new("204512", &office(&left))]);
    let mut left_daemon = left.serves();
    let mut right_daemon = right.serves();
    // The first letter, as a person at the right office might have written it.
    let first =
        letter_from(&office(&right)).says("Вопрос", "Когда у вас можно узнать расписание?\n");
    left.citizen_writes(&first);
    let (mut from_left, mut from_right) = (0, 0);
    let parked = |house: &House| {
        house.number("SELECT count(*) FROM outbox WHERE last_error = 'over_budget'")
    };
    let automatic =
        |house: &House| house.number("SELECT count(*) FROM letters WHERE decision = 'automatic'");
    let mut post = || {
        let (sent_left, sent_right) = (left.answers(), right.answers());
        for letter in sent_left.get(from_left..).unwrap() {
            carry(letter, &right, strip);
        }
        for letter in sent_right.get(from_right..).unwrap() {
            carry(letter, &left, strip);
        }
        (from_left, from_right) = (sent_left.len(), sent_right.len());
        // Quiet: the last letter was parked, or taken for what it is.
        parked(&left) + parked(&right) + automatic(&left) + automatic(&right) > 0
    };
    left_daemon.wait_until("the end of the conversation", &mut post);
    left.stops(left_daemon);
    right_daemon.wait_until("what is under way", || true);
    right.stops(right_daemon);
    left.runs_once();
    right.runs_once();
    (left.answers().len(), right.answers().len())
}

#[test]
fn two_daemons_that_know_each_other_stop_at_once() {
    assert_eq!(converse(false), (1, 0));
}

#[test]
fn two_daemons_behind_a_bad_relay_stop_when_the_budget_of_a_day_is_spent() {
    assert_eq!(converse(true), (20, 20));
}
