//! Every reason code meets every act.

use super::{CANCEL, DEAD, DONE, REFUSE, RETRY, answers};
use crate::support::house::{CitizenLetter, Database, House, How, citizen, letter_from, word};
use otmena::domain::Reason;
use std::collections::BTreeMap;

on_both!(every_reason_code_meets_every_act);

const ACTS: [&str; 4] = [RETRY, CANCEL, REFUSE, DONE];

/// Held letters of all reasons, dragged into all folders at once. The reasons are put into the
/// ledger by hand: what matters here is that none of them stands in the way of an act, but for the one
/// that says that the letter was answered.
fn every_reason_code_meets_every_act(database: Database) {
    let house = House::open(database);
    let cases: Vec<(Reason, &str)> = Reason::ALL
        .iter()
        .flat_map(|reason| ACTS.map(|act| (*reason, act)))
        .collect();
    let letters: Vec<_> = (0..cases.len())
        .map(|n| letter_from(&citizen(n)).asks_briefly(&format!("99{n:05}")))
        .collect();
    for letter in &letters {
        house.citizen_writes(letter);
    }
    house.runs_once();
    assert_eq!(house.folder(DEAD).len(), cases.len() * 2);
    put_reasons_and_drag(&house, &cases, &letters);
    house.runs_once();

    let by_subject: BTreeMap<String, serde_json::Value> = house
        .letters()
        .into_iter()
        .map(|letter| (word(&letter, "/subject"), letter))
        .collect();
    for ((reason, act), letter) in cases.iter().zip(&letters) {
        let record = by_subject.get(letter.subject()).unwrap();
        let (state, decision) = (word(record, "/state"), word(record, "/decision"));
        let expected = match *act {
            // What the program has answered itself is not refused afterwards.
            REFUSE if *reason != Reason::DocumentsEnclosed => ("resolved", "refused"),
            DONE => ("resolved", "closed"),
            _ => ("held", "held"),
        };
        assert_eq!(
            (state.as_str(), decision.as_str()),
            expected,
            "{} {act}",
            reason.code()
        );
    }
    assert_eq!(
        answers(&house).len(),
        Reason::ALL.len() - 1,
        "one refusal for each reason but the answered one"
    );
    assert_eq!(
        house.folder(DEAD).len(),
        Reason::ALL.len() * 4 + 2,
        "those that came back, with notes"
    );
    for act in [RETRY, CANCEL, REFUSE] {
        assert!(house.folder(act).is_empty(), "{act}");
    }
    house.journal_verifies();
}

fn put_reasons_and_drag(house: &House, cases: &[(Reason, &str)], letters: &[CitizenLetter]) {
    for ((reason, _), letter) in cases.iter().zip(letters) {
        let number = letter.subject_number();
        house.tampers(&format!(
            "UPDATE letters SET reason = '{}' WHERE id = (SELECT letter_id FROM letter_words \
             WHERE subject LIKE '%{number}%')",
            reason.code()
        ));
    }
    for act in ACTS {
        let ids: Vec<&str> = cases
            .iter()
            .zip(letters)
            .filter(|((_, wanted), _)| *wanted == act)
            .map(|(_, letter)| letter.message_id())
            .collect();
        house.staff_drags(&ids, DEAD, act, How::Move);
    }
}
