//! Entries of the journal as sentences.

use crate::cli::{terminal, times};
use crate::domain::{EventKind, JournalEntry, Moment, Zone};
use serde_json::Value;

/// An entry as a sentence. A kind that only a later version knows is named by its code.
pub fn sentence(entry: &JournalEntry) -> String {
    let kind = serde_json::from_value::<EventKind>(Value::String(entry.kind.clone()));
    let told = kind.map_or_else(
        |_| terminal::plain(&entry.kind),
        |kind| words(kind).to_owned(),
    );
    format!("{told} (by {})", terminal::plain(&entry.actor))
}

/// What happened. No arm for the rest: an event without a sentence does not compile.
const fn words(kind: EventKind) -> &'static str {
    match kind {
        EventKind::BookingImported => "The booking came in by import",
        EventKind::BookingChanged => "An import changed its details",
        EventKind::BookingRescheduled => "An import moved it to another time",
        EventKind::BookingCancelled => "The booking was cancelled",
        EventKind::SlotFreed => "Its slot became free",
        EventKind::CancellationRefused => "A cancellation was refused",
        EventKind::ConfirmationRepeated => "The confirmation was given again",
        EventKind::ChallengeOpened => "The address on file was asked to confirm",
        EventKind::ChallengeConfirmed => "The citizen confirmed",
        EventKind::LetterHeld => "A letter went to staff",
        EventKind::LetterDecided => "A letter was decided without effect on the booking",
        EventKind::DocumentIssued => "The document was sent for the first time",
        EventKind::LetterRequested => "A letter of ours was asked for",
        EventKind::LetterUndeliverable => "A letter of ours could not be delivered",
        EventKind::BreakerReleased => "An operator let the letter pass the breaker",
        EventKind::StaffActed => "Staff acted on a letter",
        EventKind::StaffActImpossible => "Staff tried what is not possible",
        EventKind::LetterReleased => "A letter went on by itself",
        EventKind::LetterMissing => "A letter is no longer in the folders",
        EventKind::StatusTold => "The citizen was told how the booking stands",
        EventKind::PersonalDataPurged => "What names a person was deleted",
        EventKind::SlotOffered => "The time was offered to a person of the waiting list",
        EventKind::OfferAccepted => "The person took the offered time",
        EventKind::OfferDeclined => "The person did not want the offered time",
        EventKind::OfferExpired => "The hold of the offer ended without an answer",
        EventKind::OfferWithdrawn => "The offered time went otherwise",
        EventKind::SlotClosed => "The organisation took its time back",
        EventKind::BookingRestored => "The booking was scheduled again",
        EventKind::RestorationWaits => "It comes back if the time on offer is not taken",
        EventKind::RestorationRefused => "It could not be scheduled again",
        EventKind::BookingMade => "The booking was made here",
        EventKind::WaitingJoined => "A place in the waiting list",
        EventKind::WaitingChanged => "The entry of the waiting list was changed",
        EventKind::WaitingRemoved => "The entry was taken off the waiting list",
        EventKind::ReviewOpened => "Staff are to look at a document",
        EventKind::DocumentsRecorded => "Documents came along",
        EventKind::ReviewApproved => "Staff accepted the document",
        EventKind::ReviewRejected => "Staff did not accept the document",
        EventKind::SanctionProposed => "A sanction was proposed",
        EventKind::SanctionImposed => "A sanction is in force",
        EventKind::SanctionLifted => "A sanction was lifted",
        EventKind::CancellationRecounted => "The cancellation counts otherwise from now on",
    }
}

/// The data of an entry as `key value` pairs; moments on the clocks of `zone`.
pub fn details(data: &str, zone: &Zone) -> String {
    let Ok(Value::Object(data)) = serde_json::from_str(data) else {
        return data.to_owned();
    };
    let pairs = data
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| format!("{key} {}", detail(key, value, zone)));
    pairs.collect::<Vec<String>>().join(", ")
}

fn detail(key: &str, value: &Value, zone: &Zone) -> String {
    let names_a_moment = key.ends_with("_at") || key.ends_with("_until") || key == "deadline";
    match (value, value.as_i64()) {
        (_, Some(micros)) if names_a_moment => {
            times::to_the_second(Moment::from_micros(micros), zone)
        }
        (Value::String(text), _) => text.clone(),
        (Value::Object(evidence), _) if key == "evidence" => summary(evidence),
        _ => value.to_string(),
    }
}

/// What spoke for the sender, in a few words: `dkim passed, relay none, token challenge`.
fn summary(evidence: &serde_json::Map<String, Value>) -> String {
    let words = evidence.iter().filter_map(|(key, value)| match value {
        Value::String(word) => Some(format!("{key} {word}")),
        Value::Array(list) if !list.is_empty() => {
            let listed: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            Some(format!("{key} {}", listed.join("+")))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    });
    format!("[{}]", words.collect::<Vec<String>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Event, JournalEntry};
    use serde_json::json;

    #[test]
    fn evidence_is_told_in_a_few_words() {
        let data = json!({
            "channel": "mail",
            "evidence": {"dkim": "passed", "relay": "aligned", "tokens": ["booking", "challenge"]},
        });
        let zone = Zone::named("UTC").unwrap();
        assert_eq!(
            details(&data.to_string(), &zone),
            "channel mail, evidence [dkim passed; relay aligned; tokens booking+challenge]"
        );
    }

    #[test]
    fn the_ledgers_word_for_an_event_is_the_one_that_is_read_back() {
        let event = Event {
            chain: "booking:1".to_owned(),
            kind: EventKind::LetterUndeliverable,
            actor: "daemon".to_owned(),
            data: json!({}),
        };
        let mut entry = JournalEntry::append(&event, Moment::default(), None);
        assert_eq!(
            sentence(&entry),
            "A letter of ours could not be delivered (by daemon)"
        );
        entry.kind = "taken_to_the_moon".to_owned();
        assert_eq!(sentence(&entry), "taken_to_the_moon (by daemon)");
    }

    /// The list of codes is read from the code itself, so that a new event cannot be left out.
    #[test]
    fn every_event_has_a_sentence() {
        let source = include_str!("../../domain/journal.rs");
        let codes: Vec<&str> = source
            .lines()
            .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \""))
            .filter_map(|(_, code)| code.strip_suffix("\","))
            .collect();
        assert!(codes.len() >= 21, "{codes:?}");
        for code in codes {
            let kind: EventKind = serde_json::from_value(json!(code)).unwrap();
            assert_eq!(kind.code(), code);
            assert!(words(kind).len() > 10, "{code}");
        }
    }
}
