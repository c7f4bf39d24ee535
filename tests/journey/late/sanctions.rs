//! Consequences: shown, proposed, imposed or lifted by staff, or at once where the rules say so.

use super::{CONSENT, cancels_late_with_consent, last, office};
use crate::support::house::{Appointment, Database, House, citizen, letter_from, word};
use serde_json::Value;

on_both!(
    the_second_late_cancellation_is_warned_of_and_brings_what_was_shown,
    staff_impose_or_lift_and_the_citizen_is_told,
    what_cannot_be_imposed_or_lifted_is_said,
    an_automatic_policy_imposes_at_once,
    nothing_follows_for_whom_the_organisation_knows_no_id,
    whoever_may_not_book_hears_why_and_until_when,
);

/// What the second late cancellation within half a year brings.
const CONSEQUENCES: [&str; 3] = [
    "штраф: 500 рублей",
    "новая запись на эту же услугу будет закрыта на 14 дней",
    "в листе ожидания вы будете стоять после других: 30 дней",
];

fn listed(house: &House) -> Vec<Value> {
    let text = house.tells(&["sanctions", "list", "--json"]);
    serde_json::from_str(&text).unwrap()
}

fn two_visits(house: &House, id: Option<&'static str>) -> [Appointment; 2] {
    let visits = ["503001", "503002"].map(|number| {
        let mut visit = Appointment::new(number, &citizen(1)).in_hours(6);
        visit.citizen_id = id;
        visit
    });
    house.imports(&visits.each_ref());
    visits
}

/// The second late cancellation of a known citizen: three sanctions are proposed.
fn proposed(database: Database) -> House {
    let house = office(database, CONSENT);
    for visit in two_visits(&house, Some("P-1")) {
        cancels_late_with_consent(&house, &visit);
    }
    assert_eq!(listed(&house).len(), 3);
    house
}

fn the_second_late_cancellation_is_warned_of_and_brings_what_was_shown(database: Database) {
    let house = office(database, CONSENT);
    let [first, second] = two_visits(&house, Some("P-1"));
    let (question, _) = cancels_late_with_consent(&house, &first);
    assert!(question.text.contains("Других последствий не будет."));
    assert!(listed(&house).is_empty());
    let (question, confirmation) = cancels_late_with_consent(&house, &second);
    for words in CONSEQUENCES {
        assert!(question.text.contains(words) && question.html.contains(words));
        assert!(confirmation.text.contains(words));
    }
    assert!(confirmation.text.contains("решение примет сотрудник"));
    assert!(
        confirmation
            .text
            .contains("возражение рассмотрит сотрудник")
    );
    let proposed = listed(&house);
    let kinds: Vec<String> = proposed.iter().map(|one| word(one, "/kind")).collect();
    assert_eq!(kinds, ["waiting_list", "same_service", "fine"]);
    assert!(proposed.iter().all(|one| word(one, "/state") == "proposed"));
    assert!(proposed.iter().all(|one| word(one, "/policy") == "ours-7"));
    let table = house.tells(&["sanctions", "list", "--state", "proposed"]);
    assert!(
        table.contains("503002") && table.contains("same_service"),
        "{table}"
    );
    house.journal_verifies();
}

/// Of three that were proposed, staff impose two together and lift one.
fn staff_impose_or_lift_and_the_citizen_is_told(database: Database) {
    let house = proposed(database);
    let [fine, same_service, _] = CONSEQUENCES;
    house.tells(&["sanctions", "impose", "1", "2"]);
    house.runs_once();
    let imposed = last(&house);
    assert_eq!(imposed.kind(), "sanction_imposed");
    assert!(imposed.text.contains(fine) && imposed.text.contains(same_service));
    assert!(
        imposed
            .text
            .contains("Ответьте на это письмо своими словами: возражение")
    );
    house.tells(&["sanctions", "lift", "3", "--reason", "technical_fault"]);
    house.runs_once();
    assert_eq!(last(&house).kind(), "sanction_lifted");
    let states: Vec<String> = listed(&house)
        .iter()
        .map(|one| word(one, "/state"))
        .collect();
    assert_eq!(states, ["lifted", "imposed", "imposed"]);
    let journal = house.tells(&["journal", "show", "503002", "--json"]);
    assert!(journal.contains("technical_fault") && journal.contains("\"operator\""));
    house.journal_verifies();
}

fn what_cannot_be_imposed_or_lifted_is_said(database: Database) {
    let house = proposed(database);
    house.tells(&["sanctions", "impose", "1"]);
    house.tells(&["sanctions", "lift", "3"]);
    for arguments in [
        &["sanctions", "impose", "1"][..],
        &["sanctions", "impose", "3"],
        &["sanctions", "lift", "3"],
        &["sanctions", "lift", "99"],
    ] {
        let ended = house.answers_with(arguments);
        assert_eq!(ended.code, 1, "{arguments:?} {}", ended.out);
    }
    let named = house.answers_with(&["sanctions", "lift", "1", "--reason", "Иванов"]);
    assert_eq!(named.code, 2, "no names in the journal");
}

fn an_automatic_policy_imposes_at_once(database: Database) {
    let house = office(
        database,
        &format!("{CONSENT}automatic = true\nfine_from = 1\n"),
    );
    let [visit, _] = two_visits(&house, Some("P-1"));
    let (question, confirmation) = cancels_late_with_consent(&house, &visit);
    assert!(question.text.contains("Её последствия:"));
    assert!(confirmation.text.contains("Её последствия:"));
    let states: Vec<String> = listed(&house)
        .iter()
        .map(|one| word(one, "/state"))
        .collect();
    assert_eq!(states, ["imposed"]);
}

fn nothing_follows_for_whom_the_organisation_knows_no_id(database: Database) {
    let house = office(database, CONSENT);
    for visit in two_visits(&house, None) {
        cancels_late_with_consent(&house, &visit);
    }
    assert!(listed(&house).is_empty());
}

fn whoever_may_not_book_hears_why_and_until_when(database: Database) {
    let house = proposed(database);
    let wish = || letter_from(&citizen(1)).says("Повторная запись №503002", "Когда будет время.\n");
    house.tells(&["sanctions", "impose", "2"]);
    house.citizen_writes(&wish());
    house.runs_once();
    assert_eq!(house.last_decision().0, "rebook_barred");
    let barred = last(&house);
    assert_eq!(barred.kind(), "rebook_barred");
    let closed = "новая запись на эту же услугу закрыта до ";
    assert!(barred.text.contains(closed), "{}", barred.text);
    assert!(barred.text.contains("не согласны"));
    house.tells(&["sanctions", "lift", "2"]);
    house.citizen_writes(&wish());
    house.runs_once();
    assert_eq!(house.last_decision().0, "rebook_choices");
    house.journal_verifies();
}
