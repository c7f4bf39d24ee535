//! What an operator's command causes: the same effects and letters as a citizen's, of our own accord.

use super::consequences::booking_chain;
use super::rules::Rules;
use super::{Consequences, Decision, Filing, LateConsequences, last_minute};
use crate::domain::{
    Booking, Cancellation, Channel, Event, EventKind, Folder, LetterState, TransitionError,
};
use crate::reply::compose::{Draft, add_cancellation, late_words_of, words_of};
use crate::reply::{LetterData, LetterKind};
use serde_json::json;

/// An operator cancels a booking on the office's behalf: no deadline applies.
///
/// # Errors
/// [`TransitionError`] when the booking cannot be cancelled any more, or its time has come.
pub fn cancel_by_operator(
    booking: &Booking,
    rules: &Rules<'_>,
) -> Result<(Decision, Consequences), TransitionError> {
    if rules.now >= booking.starts_at {
        return Err(TransitionError {
            from: "over",
            to: "cancelled",
        });
    }
    let cancellation = Cancellation {
        received_at: rules.now,
        cancelled_at: rules.now,
        document: booking.next_document(),
        letter: None,
        channel: Channel::Command,
    };
    let after = booking.clone().cancel(cancellation.clone())?;
    let mut data = LetterData {
        booking: Some(words_of(&after, rules.policy)),
        deadline: Some(last_minute(&after, rules.policy)),
        ..LetterData::default()
    };
    add_cancellation(&mut data, &after, rules.office);
    let details = json!({
        "document": cancellation.document,
        "channel": Channel::Command,
        "policy": rules.policy.version,
    });
    let mut consequences = own_accord(
        &after,
        rules,
        LetterKind::Cancelled,
        data,
        EventKind::BookingCancelled,
    );
    consequences.cancel = Some((booking.id, cancellation));
    for event in &mut consequences.events {
        event.data = details.clone();
    }
    Ok((Decision::Cancelled, consequences))
}

/// The letter that tells a citizen of a booking and how to cancel it.
pub fn booking_letter(booking: &Booking, rules: &Rules<'_>) -> (Decision, Consequences) {
    let data = LetterData {
        booking: Some(words_of(booking, rules.policy)),
        deadline: Some(last_minute(booking, rules.policy)),
        late: Some(late_words_of(booking, rules.policy)),
        ..LetterData::default()
    };
    let consequences = own_accord(
        booking,
        rules,
        LetterKind::Booking,
        data,
        EventKind::LetterRequested,
    );
    (Decision::Informed, consequences)
}

/// A letter about a booking that answers none, and its entry in the journal.
fn own_accord(
    booking: &Booking,
    rules: &Rules<'_>,
    kind: LetterKind,
    data: LetterData,
    event: EventKind,
) -> Consequences {
    let draft = Draft {
        kind,
        answers: None,
        booking: Some(booking),
        date: rules.now,
        verified: true,
        data,
    };
    Consequences {
        letter_state: LetterState::Decided,
        booking: Some(booking.id),
        cancel: None,
        open_challenge: None,
        wrong_codes: Vec::new(),
        undeliverable: None,
        close_challenge: None,
        letters: rules.office.compose(&draft, &booking.citizen.emails),
        late: LateConsequences::default(),
        filing: Filing {
            to: Folder::Processed,
            keywords: Vec::new(),
            note: None,
        },
        events: vec![Event {
            chain: booking_chain(booking.id),
            kind: event,
            actor: "operator".to_owned(),
            data: json!({ "letter_kind": kind.code(), "policy": rules.policy.version }),
        }],
    }
}
