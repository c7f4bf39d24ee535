//! The same acts from the command line.

use super::{DEAD, DONE, answer_kinds, held_letter, only_answer, state_of};
use crate::support::house::{Appointment, Database, House, citizen};

on_both!(
    resolve_cancels_the_booking_that_is_named,
    resolve_refuses_and_closes_and_retry_runs_again,
    what_is_not_with_staff_is_not_ordered,
);

fn resolve_cancels_the_booking_that_is_named(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("783001", &citizen(3))]);
    held_letter(&house, "783999");
    house.tells(&[
        "letters",
        "resolve",
        "1",
        "--cancel",
        "783001",
        "--reason",
        "by_phone",
        "--text",
        "Как договорились по телефону.",
    ]);
    assert_eq!(
        house.booking_state("783001"),
        "scheduled",
        "the daemon does it"
    );
    house.runs_once();
    assert_eq!(house.booking_state("783001"), "cancelled");
    let answer = only_answer(&house);
    assert_eq!(answer.recipient, citizen(3).email);
    assert!(answer.text.contains("Как договорились по телефону."));
    assert!(answer.html.contains("Как договорились по телефону."));
    assert!(house.folder(DEAD).is_empty());
    let journal = house.rows("SELECT data, position FROM journal WHERE kind = 'staff_acted'");
    assert!(
        journal.first().unwrap().0.contains("by_phone"),
        "{journal:?}"
    );
    assert!(
        !journal.first().unwrap().0.contains("телефону"),
        "no words of letters"
    );
}

fn resolve_refuses_and_closes_and_retry_runs_again(database: Database) {
    let house = House::open(database);
    for number in ["783101", "783102", "783103"] {
        held_letter(&house, number);
    }
    house.tells(&["letters", "resolve", "1", "--refuse"]);
    house.tells(&["letters", "resolve", "2", "--close"]);
    house.tells(&["letters", "retry", "3"]);
    house.runs_once();
    assert_eq!(answer_kinds(&house), ["refused"]);
    assert_eq!(state_of(&house, 2), ("resolved".into(), "refused".into()));
    assert_eq!(state_of(&house, 1), ("resolved".into(), "closed".into()));
    assert_eq!(state_of(&house, 0), ("held".into(), "held".into()));
    assert_eq!(house.folder(DONE).len(), 2);
    assert_eq!(house.folder(DEAD).len(), 2);
    let left = house.rows("SELECT act, letter_id FROM desk_orders");
    assert!(left.is_empty(), "{left:?}");
    let old = house.tells(&["letters", "list", "--older-than", "1", "--json"]);
    assert_eq!(old.trim(), "[]");
    let with_staff = house.tells(&["letters", "list", "--older-than", "0", "--json"]);
    let with_staff: Vec<serde_json::Value> = serde_json::from_str(&with_staff).unwrap();
    assert_eq!(with_staff.len(), 1);
}

fn what_is_not_with_staff_is_not_ordered(database: Database) {
    let house = House::open(database);
    held_letter(&house, "783201");
    for arguments in [
        &["letters", "retry", "99"][..],
        &["letters", "resolve", "1", "--cancel", "000000"],
    ] {
        let ended = house.answers_with(arguments);
        assert_eq!(ended.code, 1, "{arguments:?}: {}", ended.out);
    }
    for arguments in [
        &["letters", "resolve", "1"][..],
        &["letters", "resolve", "1", "--close", "--refuse"],
        &["letters", "resolve", "1", "--close", "--reason", "Иванов"],
    ] {
        assert_eq!(house.answers_with(arguments).code, 2, "{arguments:?}");
    }
    assert!(
        house
            .rows("SELECT act, letter_id FROM desk_orders")
            .is_empty()
    );
}
