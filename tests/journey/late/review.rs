//! «Ожидает подтверждения»: a document comes along, staff approve or reject, the citizen is told.

use super::{CONSENT, PAPER, cancels_late_with_consent, last, office, reply};
use crate::support::house::{
    Appointment, CitizenLetter, Database, House, How, citizen, letter_from, word,
};

on_both!(
    an_approved_document_cancels_without_consequences,
    a_rejected_document_leaves_the_booking_and_is_said_in_writing,
    the_time_is_given_away_at_once_only_where_the_rules_say_so,
    a_document_that_follows_lifts_what_the_cancellation_brought,
    a_document_instead_of_consent_goes_to_staff,
);

fn late_with_paper(appointment: &Appointment) -> CitizenLetter {
    letter_from(&appointment.person)
        .cancels(appointment)
        .with_file("spravka.pdf", "application/pdf", PAPER)
}

/// The citizen asks too late, with a certificate; staff have not looked yet.
fn waits_for_staff(house: &House, number: &str) -> (Appointment, CitizenLetter) {
    let visit = Appointment::new(number, &citizen(1)).in_hours(6);
    house.imports(&[&visit]);
    let letter = late_with_paper(&visit);
    house.citizen_writes(&letter);
    house.runs_once();
    assert_eq!(house.booking_state(number), "awaiting_confirmation");
    assert_eq!(
        house.last_decision(),
        (
            "under_review".to_owned(),
            Some("document_review".to_owned())
        )
    );
    assert_eq!(house.answer_kinds(), ["under_review"]);
    (visit, letter)
}

fn an_approved_document_cancels_without_consequences(database: Database) {
    let house = office(database, "");
    let (_, letter) = waits_for_staff(&house, "502001");
    assert!(last(&house).text.contains("«Ожидает подтверждения»"));
    assert_eq!(house.free_slots(), 0, "the time is kept");
    // What is on record of the document: name, type, size, hash.
    let size = i64::try_from(PAPER.len()).unwrap();
    let listed = house.rows("SELECT name || ' ' || media_type, size FROM received_documents");
    assert_eq!(listed, [("spravka.pdf application/pdf".to_owned(), size)]);
    let hash =
        data_encoding::HEXLOWER.encode(ring::digest::digest(&ring::digest::SHA256, PAPER).as_ref());
    let journal = house.tells(&["journal", "show", "502001", "--json"]);
    assert!(
        journal.contains(&hash) && !journal.contains("spravka"),
        "{journal}"
    );
    // The note tells staff what to do; a promised answer cannot be closed away.
    let note = house.note_beside(letter.message_id());
    assert!(
        note.text().contains("документ будет принят"),
        "{}",
        note.text()
    );
    assert!(note.text().contains("документ не будет принят"));
    house.tells(&["letters", "resolve", "1", "--close"]);
    house.runs_once();
    assert_eq!(house.folder("Разбор").len(), 2, "it came back");
    // A second letter meanwhile changes nothing.
    house.citizen_writes(&letter_from(&citizen(1)).asks_briefly("502001"));
    house.runs_once();
    assert_eq!(house.last_decision().0, "review_awaited");

    house.tells(&[
        "letters",
        "resolve",
        "1",
        "--approve",
        "--reason",
        "sick_note",
    ]);
    house.runs_once();
    assert_eq!(house.booking_state("502001"), "cancelled");
    let approved = last(&house);
    assert_eq!(approved.kind(), "review_approved");
    assert!(
        approved
            .document_text()
            .contains("Подтверждение отмены записи")
    );
    assert_eq!(house.free_slots(), 1);
    let counted = house.rows("SELECT timeliness, id FROM counted_cancellations");
    assert_eq!(counted, [("excused".to_owned(), 1)]);
    let states: Vec<String> = house
        .feed()
        .into_iter()
        .map(|change| change.state)
        .collect();
    assert_eq!(states, ["scheduled", "awaiting_confirmation", "cancelled"]);
    assert!(
        house
            .journal("502001")
            .contains(&"review_approved".to_owned())
    );
    assert!(house.folder("Разбор").is_empty());
    house.journal_verifies();
}

fn a_rejected_document_leaves_the_booking_and_is_said_in_writing(database: Database) {
    let house = office(database, "");
    let (_, letter) = waits_for_staff(&house, "502101");
    let id = letter.message_id();
    house.staff_drags(&[id], "Разбор", "Разбор/Отказать", How::Move);
    house.runs_once();
    assert_eq!(house.booking_state("502101"), "scheduled");
    let rejected = last(&house);
    assert_eq!(rejected.kind(), "review_rejected");
    assert!(rejected.text.contains("Запись остаётся за вами"));
    assert!(rejected.document_text().contains("Отказ в отмене записи"));
    let states: Vec<String> = house
        .feed()
        .into_iter()
        .map(|change| change.state)
        .collect();
    assert_eq!(states, ["scheduled", "awaiting_confirmation", "scheduled"]);
    // Decided once: nothing is left to order.
    let again = house.answers_with(&["letters", "resolve", "1", "--approve"]);
    assert_eq!(again.code, 1, "{}", again.out);
    house.journal_verifies();
}

fn the_time_is_given_away_at_once_only_where_the_rules_say_so(database: Database) {
    let house = office(database, "[general]\nrelease_slot = \"on_request\"\n");
    let (_, _) = waits_for_staff(&house, "502201");
    assert!(last(&house).text.contains("приходить не нужно"));
    assert_eq!(house.free_slots(), 1);
    house.tells(&["letters", "resolve", "1", "--reject"]);
    house.runs_once();
    assert_eq!(house.booking_state("502201"), "cancelled");
    let rejected = last(&house);
    assert!(rejected.text.contains("несвоевременная"));
    assert!(
        rejected
            .document_text()
            .contains("Подтверждение отмены записи")
    );
    assert_eq!(house.number("SELECT COUNT(*) FROM sanctions"), 0);
    assert_eq!(house.free_slots(), 1);
    house.journal_verifies();
}

fn a_document_that_follows_lifts_what_the_cancellation_brought(database: Database) {
    let policy = format!("{CONSENT}fine_from = 1\n");
    let house = office(database, &policy);
    let visit = Appointment::new("502301", &citizen(1))
        .in_hours(6)
        .of_citizen("P-1");
    house.imports(&[&visit]);
    let (question, confirmation) = cancels_late_with_consent(&house, &visit);
    assert!(question.text.contains("штраф: 500 рублей"));
    assert!(confirmation.text.contains("штраф: 500 рублей"));
    // The certificate comes in answer to the confirmation.
    let paper = reply(&visit, &confirmation, "Посылаю справку.\n");
    let paper = paper.with_file("IMG_7.jpg", "image/jpeg", &[7; 20_000]);
    house.citizen_writes(&paper);
    house.runs_once();
    assert_eq!(last(&house).kind(), "documents_received");
    assert_eq!(house.last_decision().0, "documents_received");
    house.tells(&["letters", "resolve", "3", "--approve"]);
    house.runs_once();
    let approved = last(&house);
    assert_eq!(approved.kind(), "review_approved");
    assert!(
        approved
            .text
            .contains("больше не считается несвоевременной")
    );
    assert!(approved.text.contains("штраф: 500 рублей"));
    let told = house.tells(&["sanctions", "list", "--json"]);
    let listed: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(word(&listed, "/0/state"), "lifted");
    let counted = house.rows("SELECT timeliness, id FROM counted_cancellations");
    assert_eq!(counted, [("excused".to_owned(), 1)]);
    let journal = house.journal("502301");
    for kind in [
        "sanction_proposed",
        "documents_recorded",
        "cancellation_recounted",
        "sanction_lifted",
    ] {
        assert!(journal.contains(&kind.to_owned()), "{kind} {journal:?}");
    }
    house.journal_verifies();
}

fn a_document_instead_of_consent_goes_to_staff(database: Database) {
    let house = office(database, CONSENT);
    let visit = Appointment::new("502401", &citizen(1)).in_hours(6);
    house.imports(&[&visit]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&visit));
    house.runs_once();
    let question = last(&house);
    let paper = reply(&visit, &question, "Прилагаю справку.\n");
    house.citizen_writes(&paper.with_file("spravka.pdf", "application/pdf", PAPER));
    house.runs_once();
    assert_eq!(last(&house).kind(), "under_review");
    assert_eq!(house.booking_state("502401"), "awaiting_confirmation");
    // Consent afterwards is not needed any more, and does nothing.
    house.citizen_writes(&reply(&visit, &question, "ДА\n"));
    house.runs_once();
    assert_eq!(house.booking_state("502401"), "awaiting_confirmation");
}
