//! Letters that ask and change nothing: the document once more, how a booking stands, and a call for a
//! person; and the organisation's schedule, which learns of what did change.

use crate::support::house::{Appointment, Database, House, citizen, letter_from, word};

on_both!(
    the_document_comes_again_byte_for_byte_by_mail_and_by_command,
    a_document_that_would_differ_is_marked_as_a_duplicate,
    the_citizen_is_told_how_the_booking_stands_and_what_happened,
    a_stranger_learns_nothing_of_a_booking,
    a_call_for_a_person_becomes_a_case_with_a_promised_time,
    the_schedule_learns_of_every_change_and_holds_up_no_letter,
    the_appointment_is_put_into_the_calendar_and_taken_out_again,
    names_and_letters_go_after_their_time_and_the_proof_stays,
);

/// A cancelled booking; its confirmation went out with the document.
fn cancelled(house: &House) -> Appointment {
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.runs_once();
    assert_eq!(house.answer_kinds(), ["cancelled"]);
    appointment
}

fn asks_again(house: &House) {
    let words = "Здравствуйте! Пришлите, пожалуйста, подтверждение отмены ещё раз.\n";
    house.citizen_writes(&letter_from(&citizen(1)).says("Подтверждение отмены №104512", words));
    house.runs_once();
}

fn the_document_comes_again_byte_for_byte_by_mail_and_by_command(database: Database) {
    let house = House::open(database);
    cancelled(&house);
    let first = house.only_answer().document().to_vec();
    asks_again(&house);
    assert_eq!(house.last_decision(), ("document_again".to_owned(), None));
    assert_eq!(house.answer_kinds(), ["cancelled", "document_again"]);
    let again = house.answers().pop().unwrap();
    assert_eq!(again.document(), first, "byte for byte");
    assert_eq!(house.cancellations_told("104512"), 1, "no second effect");
    let file = house.path("again.pdf");
    let file = file.to_str().unwrap();
    let told = house.tells(&["bookings", "document", "104512", "-o", file]);
    assert!(told.contains("the same bytes as at first"), "{told}");
    assert_eq!(std::fs::read(file).unwrap(), first);
    let verified = house.tells(&["document", "verify", file]);
    assert!(verified.contains("ours and unaltered"), "{verified}");
    assert!(
        verified.contains("Exactly this file was first sent"),
        "{verified}"
    );
    let mut kinds = house.journal("104512");
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| *kind == "document_issued")
            .count(),
        1
    );
    kinds.retain(|kind| kind == "confirmation_repeated");
    assert_eq!(kinds.len(), 2, "by mail and by command");
    house.journal_verifies();
}

fn a_document_that_would_differ_is_marked_as_a_duplicate(database: Database) {
    let house = House::open(database);
    let appointment = cancelled(&house);
    // An import renames the citizen after the cancellation.
    let mut renamed = appointment.clone();
    renamed.person.name = "Смирнова Анна Викторовна".to_owned();
    house.imports(&[&renamed]);
    asks_again(&house);
    let again = house.answers().pop().unwrap();
    let text = again.document_text();
    assert!(
        text.contains("Дубликат") && text.contains("Викторовна"),
        "{text}"
    );
    let issued = |kind: &String| kind == "document_issued";
    let kinds = house.journal("104512");
    assert_eq!(
        kinds.iter().filter(|kind| issued(kind)).count(),
        2,
        "{kinds:?}"
    );
    let file = house.path("duplicate.pdf");
    let file = file.to_str().unwrap();
    let told = house.tells(&["bookings", "document", "104512", "-o", file]);
    assert!(told.contains("a duplicate"), "{told}");
    assert_eq!(std::fs::read(file).unwrap(), again.document());
    house.tells(&["document", "verify", file]);
}

fn the_citizen_is_told_how_the_booking_stands_and_what_happened(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let asks = letter_from(&citizen(1)).says("Статус записи №104512", "Здравствуйте!\n");
    house.citizen_writes(&asks);
    house.runs_once();
    let status = house.only_answer();
    assert_eq!(status.kind(), "status");
    assert_eq!(house.last_decision(), ("status_told".to_owned(), None));
    for words in [
        "Запись в силе.",
        "Запись внесена в систему",
        "Последняя минута",
    ] {
        assert!(status.text.contains(words), "{words}\n{}", status.text);
        assert!(status.html.contains(words), "{words}\n{}", status.html);
    }
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.counts(), [0, 1, 0, 0]);
    assert_eq!(house.journal("104512"), ["booking_imported", "status_told"]);
    // A confirmation of what was not cancelled cannot be given.
    asks_again(&house);
    assert_eq!(house.answer_kinds(), ["status", "status"]);
}

fn a_stranger_learns_nothing_of_a_booking(database: Database) {
    let house = House::open(database);
    cancelled(&house);
    for subject in ["Статус записи №104512", "Подтверждение отмены №104512"]
    {
        for other in ["Статус записи №104599", "Подтверждение отмены №104599"]
        {
            for subject in [subject, other] {
                let unsigned = letter_from(&citizen(2)).unsigned();
                house.citizen_writes(&unsigned.says(subject, "Пришлите.\n"));
                let forged = letter_from(&citizen(1)).unsigned();
                house.citizen_writes(&forged.says(subject, "Пришлите.\n"));
            }
        }
    }
    let signed = letter_from(&citizen(2)).says("Статус записи №104512", "Пришлите.\n");
    house.citizen_writes(&signed);
    house.runs_once();
    assert_eq!(house.answer_kinds(), ["cancelled", "received"]);
    let receipt = house.answers().pop().unwrap();
    assert_eq!(receipt.recipient, citizen(2).email);
    assert!(!receipt.text.contains("104512"), "{}", receipt.text);
    let mut reasons: Vec<String> = house
        .letters()
        .iter()
        .filter(|letter| word(letter, "/decision") == "held")
        .map(|letter| word(letter, "/reason"))
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    assert_eq!(reasons, ["number_unknown", "sender_not_proven"]);
}

fn a_call_for_a_person_becomes_a_case_with_a_promised_time(database: Database) {
    let house = House::open(database);
    house.imports(&[&Appointment::new("104512", &citizen(1))]);
    let words = "Кнопка в письме не нажимается, и код не приходит. Позовите оператора!\n";
    let asks = letter_from(&citizen(1)).says("Ничего не получается", words);
    house.citizen_writes(&asks);
    house.citizen_writes(&letter_from(&citizen(2)).says("Помогите", words));
    house.runs_once();
    let answers = house.answers();
    let mut kinds = house.answer_kinds();
    kinds.sort_unstable();
    assert_eq!(kinds, ["case_opened", "received"]);
    let case = answers.iter().find(|a| a.kind() == "case_opened").unwrap();
    assert_eq!(case.recipient, citizen(1).email);
    let letters = house.letters();
    let opened = letters
        .iter()
        .find(|letter| word(letter, "/decision") == "case_opened")
        .unwrap();
    let number = opened.pointer("/id").unwrap().as_i64().unwrap();
    assert!(
        case.subject.contains(&number.to_string()),
        "{}",
        case.subject
    );
    let promised = (crate::support::house::now() + jiff::SignedDuration::from_hours(24))
        .to_zoned(jiff::tz::TimeZone::get("Europe/Moscow").unwrap());
    let year = promised.strftime("%Y г., ").to_string();
    let line = case
        .text
        .lines()
        .find(|line| line.starts_with("Сотрудник ответит вам не позднее: "))
        .expect("a promised time");
    assert!(line.contains(&year), "{line}");
    // Both letters are with staff under the same reason, each with its note.
    let note = house.note_beside(asks.message_id());
    assert!(
        note.text().contains("просит ответа человека"),
        "{}",
        note.text()
    );
    let held = |letter: &&serde_json::Value| word(letter, "/reason") == "help_asked";
    assert_eq!(letters.iter().filter(held).count(), 2);
    assert_eq!(house.counts(), [0, 0, 0, 4]);
}

fn the_schedule_learns_of_every_change_and_holds_up_no_letter(database: Database) {
    let mut house = House::open(database);
    let (script, told) = (house.path("tell.sh"), house.path("told"));
    let working = format!("cat >> {}\n", told.display());
    std::fs::write(&script, "exit 7\n").unwrap();
    let command = vec!["/bin/sh".to_owned(), script.display().to_string()];
    house.set("registry", "command", command);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    // The command fails: the letter is answered all the same, and something is left.
    house.runs_once_until(75);
    assert_eq!(house.answer_kinds(), ["cancelled"]);
    let check = house.answers_with(&["check", "--json"]).out;
    assert!(
        check.contains("exit_7") && check.contains("2 changes wait"),
        "{check}"
    );
    std::fs::write(&script, working).unwrap();
    house.tampers("UPDATE registry_backlog SET due_at = 0");
    house.runs_once();
    let lines = std::fs::read_to_string(&told).unwrap();
    assert_eq!(lines, house.tells(&["bookings", "changes", "--json"]));
    let check = house.answers_with(&["check", "--json"]).out;
    assert!(check.contains("0 changes wait"), "{check}");
    // The daemon tells by itself, with a command that hangs for a while at first.
    let slow = format!("sleep 1\ncat >> {}\n", told.display());
    std::fs::write(&script, slow).unwrap();
    let mut daemon = house.serves();
    let second = Appointment::new("104513", &citizen(2));
    house.imports(&[&second]);
    daemon.wait_until("the schedule is told", || {
        std::fs::read_to_string(&told).unwrap().contains("104513")
    });
    house.stops(daemon);
}

fn the_appointment_is_put_into_the_calendar_and_taken_out_again(database: Database) {
    let house = House::open(database);
    let appointment = Appointment::new("104512", &citizen(1));
    house.imports(&[&appointment]);
    house.tells(&["bookings", "letter", "104512"]);
    house.runs_once();
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&appointment));
    house.runs_once();
    let events: Vec<String> = house.answers().iter().map(|a| a.event()).collect();
    let line = |event: &str, name: &str| {
        let unfolded = event.replace("\r\n ", "");
        let found = unfolded.lines().find(|line| line.starts_with(name));
        found.unwrap_or_default().to_owned()
    };
    let [put, taken] = events.as_slice() else {
        panic!("two letters: {events:?}");
    };
    assert_eq!(line(put, "METHOD:"), "METHOD:PUBLISH");
    assert_eq!(line(taken, "METHOD:"), "METHOD:CANCEL");
    assert_eq!(line(put, "UID:"), line(taken, "UID:"));
    let sequence = |event: &str| -> u32 {
        line(event, "SEQUENCE:")
            .trim_start_matches("SEQUENCE:")
            .parse()
            .unwrap()
    };
    assert!(sequence(taken) > sequence(put));
}

/// The appointment was a hundred days ago, and so were the letters.
fn names_and_letters_go_after_their_time_and_the_proof_stays(database: Database) {
    let house = House::open(database);
    let old = Appointment::new("104512", &citizen(1));
    let new = Appointment::new("104513", &citizen(2));
    house.imports(&[&old, &new]);
    let days = 24 * 130;
    house.citizen_wrote(days, &letter_from(&citizen(1)).cancels(&old));
    let unknown = letter_from(&citizen(1)).asks_briefly("104599");
    house.citizen_wrote(days, &unknown);
    house.citizen_writes(&letter_from(&citizen(2)).cancels(&new));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.counts(), [0, 2, 0, 2]);
    let sha = house.number("SELECT count(*) FROM letters WHERE raw_hash IS NOT NULL");
    let ago = 100 * 86_400_000_000_i64;
    house.tampers(&format!(
        "UPDATE bookings SET starts_at = starts_at - {ago} - 30 * 86400000000 \
         WHERE number = '104512'; UPDATE letters SET decided_at = decided_at - {ago}"
    ));
    let would = house.tells(&["privacy", "purge", "--dry-run", "--json"]);
    assert!(
        would.contains("\"bookings\":1") && would.contains("\"letters\":2"),
        "{would}"
    );
    let held = house.tells(&["privacy", "export", "--email", &citizen(1).email]);
    assert!(
        held.contains(&citizen(1).name) && !held.contains(&citizen(2).name),
        "{held}"
    );
    // The daemon does it by itself, once a day.
    house.tampers("UPDATE meta SET value = 0 WHERE name = 'last_purge'");
    house.runs_once();
    assert_eq!(
        house.counts(),
        [0, 1, 0, 1],
        "the note is of today and stays until its own time"
    );
    let gone = house.answers_with(&["privacy", "export", "--email", &citizen(1).email]);
    assert_eq!(gone.code, 1);
    assert!(!gone.out.contains(&citizen(1).name), "{}", gone.out);
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(
        word(&house.booking("104513"), "/full_name"),
        citizen(2).name
    );
    let kept = house.number("SELECT count(*) FROM letters WHERE raw_hash IS NOT NULL");
    assert_eq!(kept, sha, "the hashes stay");
    let kinds = house.journal("104512");
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("personal_data_purged")
    );
    house.journal_verifies();
}
