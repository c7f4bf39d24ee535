//! «Срок прошёл, но отменить можно, если вы согласны»: the question, «ДА», and what is on record.

use super::{CONSENT, cancels_late_with_consent, last, office, reply};
use crate::support::house::{Appointment, Database, citizen, letter_from, word};
use serde_json::Value;

on_both!(
    whoever_agrees_is_cancelled_as_untimely_by_the_first_receipt,
    whoever_does_not_agree_keeps_the_booking,
    whoever_is_not_known_for_sure_is_asked_at_the_address_on_file,
    without_a_rule_the_refusal_is_in_writing,
);

fn whoever_agrees_is_cancelled_as_untimely_by_the_first_receipt(database: Database) {
    let house = office(database, CONSENT);
    let visit = Appointment::new("501001", &citizen(1))
        .in_hours(6)
        .of_citizen("P-1");
    house.imports(&[&visit]);
    // «Прошу отменить» comes eighteen hours too late; the office shows what that means.
    let (question, confirmation) = cancels_late_with_consent(&house, &visit);
    assert!(question.text.contains("Других последствий не будет."));
    assert!(
        question.text.contains("Последняя минута") || question.text.contains("последняя минута")
    );
    assert!(question.attachments.is_empty());
    // «ДА»: cancelled, and said to be untimely.
    assert_eq!(house.booking_state("501001"), "cancelled");
    assert!(confirmation.text.contains("несвоевременная"));
    assert!(confirmation.text.contains("приложите документ"));
    assert!(confirmation.document_text().contains("501001"));
    let counted =
        house.rows("SELECT timeliness || ' ' || reason_code, id FROM counted_cancellations");
    assert_eq!(counted, [("untimely business_trip".to_owned(), 1)]);
    assert_eq!(house.number("SELECT COUNT(*) FROM sanctions"), 0);
    let journal = house.tells(&["journal", "show", "501001", "--json"]);
    assert!(journal.contains("business_trip") && !journal.contains("командировк"));
    assert!(journal.contains("ours-7"));
    assert_eq!(house.free_slots(), 1);
    house.journal_verifies();
}

fn whoever_does_not_agree_keeps_the_booking(database: Database) {
    let house = office(database, CONSENT);
    let visit = Appointment::new("501101", &citizen(2)).in_hours(6);
    house.imports(&[&visit]);
    house.citizen_writes(&letter_from(&citizen(2)).cancels(&visit));
    house.runs_once();
    let question = last(&house);
    // A second letter meanwhile asks nothing again.
    house.citizen_writes(&letter_from(&citizen(2)).asks_briefly("501101"));
    house.runs_once();
    assert_eq!(house.last_decision().0, "confirmation_awaited");
    house.citizen_writes(&reply(&visit, &question, "Нет, тогда я приду.\n"));
    house.runs_once();
    assert_eq!(house.booking_state("501101"), "scheduled");
    assert_eq!(house.answer_kinds(), ["late_consent"]);
    house.citizen_writes(&reply(&visit, &question, "ДА\n"));
    house.runs_once();
    assert_eq!(house.last_decision().1.as_deref(), Some("challenge_spent"));
    assert_eq!(house.booking_state("501101"), "scheduled");
}

fn whoever_is_not_known_for_sure_is_asked_at_the_address_on_file(database: Database) {
    let house = office(database, CONSENT);
    let visit = Appointment::new("501201", &citizen(3)).in_hours(6);
    house.imports(&[&visit]);
    house.citizen_writes(&letter_from(&citizen(3)).unsigned().cancels(&visit));
    house.runs_once();
    let question = last(&house);
    assert_eq!(
        (question.kind(), question.recipient.as_str()),
        ("late_consent", visit.person.email.as_str())
    );
    assert!(question.text.contains("Отправитель: "));
    // Typed codes count as well as the thread.
    let code = question
        .text
        .split("код ")
        .nth(1)
        .unwrap()
        .get(..7)
        .unwrap();
    let typed = letter_from(&citizen(3))
        .unsigned()
        .says("Ответ", &format!("{code}\n"));
    house.citizen_writes(&typed);
    house.runs_once();
    assert_eq!(house.booking_state("501201"), "cancelled");
}

fn without_a_rule_the_refusal_is_in_writing(database: Database) {
    let house = office(database, "[service.\"B01.047\"]\nnotice = \"3 days\"\n");
    let visit = Appointment::new("501301", &citizen(4)).in_hours(30);
    house.imports(&[&visit]);
    house.tells(&["bookings", "letter", "501301"]);
    house.citizen_writes(&letter_from(&citizen(4)).cancels(&visit));
    house.runs_once();
    let refusal = last(&house);
    assert_eq!(refusal.kind(), "refused_too_late");
    for words in [
        "УСЛОВИЯ ОТМЕНЫ",
        "за 3 календарных дня до дня записи",
        "23:59, Москва, UTC+3",
    ] {
        assert!(refusal.text.contains(words), "{words}\n{}", refusal.text);
    }
    let document = refusal.document_text();
    for words in ["Отказ в отмене записи", "default-2", "501301/R1", "23:59"] {
        assert!(document.contains(words), "{words}\n{document}");
    }
    assert!(!document.contains("командировк"), "{document}");
    assert_eq!(house.booking_state("501301"), "scheduled");
    let outbox: Vec<Value> = house.outbox();
    assert!(
        outbox
            .iter()
            .any(|row| !word(row, "/document_sha256").is_empty())
    );
    house.journal_verifies();
}
