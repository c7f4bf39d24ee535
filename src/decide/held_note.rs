//! The note that staff find beside a letter that went to them.

use super::consequences::Outcome;
use super::rules::Rules;
use super::{Case, Note, Occasion, last_minute};
use crate::domain::{ContentHash, Reason};

/// Why it was held, what was read, and of which booking it speaks.
pub(super) fn note(outcome: &Outcome<'_>, case: &Case, rules: &Rules<'_>, reason: Reason) -> Note {
    let booking = outcome
        .booking
        .or(outcome.mentioned)
        .map(|facts| &facts.booking);
    let unique = ContentHash::of(&[b"note", &case.raw_hash.0, &rules.now.micros().to_be_bytes()]);
    Note {
        message_id: rules.office.own_message_id("note", &unique),
        letter: Some(case.letter),
        date: rules.now,
        in_reply_to: case
            .message_id
            .iter()
            .chain(&case.thread)
            .take(10)
            .cloned()
            .collect(),
        subject: case.subject.clone(),
        reason,
        reading: case.reading.clone(),
        received_at: case.received_at,
        zone: booking.map_or_else(
            || rules.office.zone.clone(),
            |b| b.organisation.zone.clone(),
        ),
        deadline: booking
            .filter(|_| reason != Reason::DocumentsEnclosed)
            .map(|booking| last_minute(booking, rules.policy)),
        outlook: None,
        occasion: Occasion::Held,
    }
}
