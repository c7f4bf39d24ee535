//! What the journal calls things, and the booking as letters describe it.

use super::Case;
use crate::domain::{Booking, BookingId, Cancellation};
use serde_json::{Value, json};

pub(super) fn booking_chain(booking: BookingId) -> String {
    format!("booking:{}", booking.0)
}

pub(super) fn letter_chain(case: &Case) -> String {
    format!("letter:{}", case.letter)
}

pub(super) fn evidence_words(case: &Case) -> Value {
    let tokens: Vec<_> = case
        .evidence
        .tokens
        .iter()
        .map(|token| token.purpose)
        .collect();
    json!({
        "tokens": tokens,
        "dkim": case.evidence.dkim_verdict().code(),
        "relay": case.evidence.relay,
    })
}

/// The booking as the letters describe it: after the cancellation that they announce.
pub(super) fn after_cancellation(
    booking: &Booking,
    cancel: Option<&(BookingId, Cancellation)>,
) -> Booking {
    cancel
        .and_then(|(_, cancellation)| booking.clone().cancel(cancellation.clone()).ok())
        .unwrap_or_else(|| booking.clone())
}
