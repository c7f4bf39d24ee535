//! What the desk does by itself: the digest, urgent letters, letters that are gone.

use super::{DEAD, REFUSE, held_letter, unclear_letter};
use crate::support::house::{Appointment, Database, House, How, citizen, letter_from};

on_both!(
    the_digest_tells_what_waits_and_what_was_done,
    a_day_without_letters_needs_no_digest,
    a_deleted_dead_letter_is_told_of_in_the_digest,
    a_letter_whose_deadline_is_near_is_marked,
    a_letter_stopped_by_a_passing_cause_goes_on_by_itself_unless_in_hand,
);

/// From now on the digest is due at any time of day.
fn morning_comes(house: &mut House) {
    house.set("desk", "digest_at", "00:00");
}

fn digests(house: &House) -> Vec<String> {
    let letters = house.folder(DEAD).into_iter();
    letters
        .filter(|letter| letter.message_id.starts_with("digest."))
        .map(|letter| letter.text())
        .collect()
}

fn the_digest_tells_what_waits_and_what_was_done(database: Database) {
    let mut house = House::open(database);
    let first = held_letter(&house, "782001");
    held_letter(&house, "782002");
    house.staff_drags(&[first.message_id()], DEAD, REFUSE, How::Move);
    house.runs_once();
    morning_comes(&mut house);
    house.runs_once();
    let told = digests(&house);
    let [text] = told.as_slice() else {
        panic!("one digest: {told:?}");
    };
    assert!(text.contains("Писем ждут сотрудника: 1."), "{text}");
    assert!(text.contains("отказ отправлен: 1"), "{text}");
    assert!(text.contains("1 — Записи с таким номером нет."), "{text}");
    house.runs_once();
    assert_eq!(digests(&house).len(), 1, "once a day");
}

fn a_day_without_letters_needs_no_digest(database: Database) {
    let mut house = House::open(database);
    morning_comes(&mut house);
    house.runs_once();
    assert!(digests(&house).is_empty());
}

fn a_deleted_dead_letter_is_told_of_in_the_digest(database: Database) {
    let mut house = House::open(database);
    let letter = held_letter(&house, "782003");
    house.staff_deletes(letter.message_id(), DEAD);
    house.runs_once();
    house.tampers("UPDATE desk SET missing_since = missing_since - 600000000");
    morning_comes(&mut house);
    house.runs_once();
    let told = digests(&house);
    assert!(
        told.len() == 1 && told.first().unwrap().contains("Письмо № 1 пришло"),
        "{told:?}"
    );
    let missing = house.rows("SELECT kind, position FROM journal WHERE kind = 'letter_missing'");
    assert_eq!(missing.len(), 1, "journaled once");
    house.journal_verifies();
}

fn a_letter_whose_deadline_is_near_is_marked(database: Database) {
    let house = House::open(database);
    let near = Appointment::new("782004", &citizen(3)).in_hours(30);
    let far = Appointment::new("782005", &citizen(4));
    house.imports(&[&near, &far]);
    let (urgent, calm) = (unclear_letter(&near), unclear_letter(&far));
    house.citizen_writes(&urgent);
    house.citizen_writes(&calm);
    house.runs_once();
    house.runs_once();
    for (letter, expected) in [(&urgent, true), (&calm, false)] {
        let dead = house.folder(DEAD);
        let found = dead
            .iter()
            .find(|one| one.message_id == letter.message_id())
            .unwrap();
        let marked = found.keywords.iter().any(|word| word == "otmena-urgent");
        assert_eq!(marked, expected, "{:?}", found.keywords);
    }
    let list = house.tells(&["letters", "list", "--deadline-within", "24", "--json"]);
    let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    assert_eq!(list.len(), 1);
}

/// Four letters that could be anybody's ask three confirmations of one booking in a day.
fn a_letter_stopped_by_a_passing_cause_goes_on_by_itself_unless_in_hand(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("782006", &citizen(3));
    house.imports(&[&own]);
    let mut letters = Vec::new();
    for _ in 0..4 {
        let letter = letter_from(&citizen(3)).unsigned().cancels(&own);
        house.citizen_writes(&letter);
        house.runs_once();
        // The citizen lets each question expire.
        house.tampers("UPDATE challenges SET expires_at = opened_at");
        letters.push(letter);
    }
    let last = letters.last().unwrap();
    assert_eq!(house.last_decision().1.as_deref(), Some("challenges_spent"));
    let day = 24 * 60 * 60 * 1_000_000_i64;
    house.tampers(&format!(
        "UPDATE challenges SET opened_at = opened_at - {day}"
    ));
    house.staff_flags(last.message_id(), DEAD, "+FLAGS (\\Flagged)");
    house.runs_once();
    assert_eq!(house.last_decision().0, "held", "in hand: left alone");
    house.staff_flags(last.message_id(), DEAD, "-FLAGS (\\Flagged)");
    house.runs_once();
    assert_eq!(house.last_decision().0, "confirm_first");
    assert!(house.folder(DEAD).is_empty());
    let released = house.rows("SELECT actor, position FROM journal WHERE kind = 'letter_released'");
    assert!(
        released.len() == 1 && released.first().unwrap().0 == "daemon",
        "{released:?}"
    );
}
