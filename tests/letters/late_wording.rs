//! What citizens read about late cancellations.

use super::late_samples::{reviews, untimely};
use super::samples::{data, words};
use otmena::reply::LetterKind;
use otmena::reply::templates::Templates;

#[test]
fn late_cancellations_are_told_in_every_way_they_end() {
    let templates = Templates::load().unwrap();
    let mut told = reviews();
    for (name, automatic) in [("cancelled.proposed", false), ("cancelled.imposed", true)] {
        told.push((name, LetterKind::Cancelled, untimely(automatic)));
    }
    let mut nothing = data(LetterKind::LateConsent);
    let late = nothing.late.as_mut().unwrap();
    late.consequence = None;
    late.document_kinds.clear();
    nothing.masked_sender = Some("m…@….ru".to_owned());
    told.push(("late_consent.nothing", LetterKind::LateConsent, nothing));
    for (name, kind, data) in told {
        let said = words(&templates, kind, &data);
        for text in [&said.text, &said.html] {
            assert!(text.contains("прочтёт сотрудник"), "{name}");
        }
        let shown = format!("{}\n\n{}", said.subject, said.text);
        insta::assert_snapshot!(format!("{name}.txt"), shown);
    }
}

/// Refusals never blame, and no letter speaks of guilt or punishment.
#[test]
fn no_letter_blames() {
    let templates = Templates::load().unwrap();
    for kind in LetterKind::ALL {
        let said = words(&templates, kind, &data(kind)).text.to_lowercase();
        for word in [
            "вина",
            "виноват",
            "наруш",
            "наказ",
            "обязаны",
            "не имеете права",
        ] {
            assert!(!said.contains(word), "{}: {word}", kind.code());
        }
    }
}
