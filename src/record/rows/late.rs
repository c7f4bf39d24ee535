//! Sanctions and reviews.

use super::small;
use crate::decide::{OwnCancellation, Review, ReviewState};
use crate::domain::{
    BookingId, LetterId, Moment, PastCancellation, Sanction, SanctionKind, SanctionState,
    Timeliness,
};
use crate::failure::Failure;
use crate::record::fault::damaged;
use sqlx::FromRow;

/// A sanction.
#[derive(FromRow)]
pub struct SanctionRow {
    id: i64,
    booking_id: i64,
    document: String,
    service_code: String,
    kind: String,
    amount: i64,
    state: String,
    policy: String,
    proposed_at: i64,
    decided_at: Option<i64>,
    until: Option<i64>,
}

impl SanctionRow {
    /// The sanction.
    pub fn sanction(self) -> Result<Sanction, Failure> {
        let fault = damaged("sanctions", self.id);
        let kind = SanctionKind::parse(&self.kind);
        let state = SanctionState::parse(&self.state);
        let (Some(kind), Some(state)) = (kind, state) else {
            return Err(fault);
        };
        Ok(Sanction {
            id: self.id,
            booking: BookingId(self.booking_id),
            service_code: self.service_code,
            document: self.document,
            kind,
            amount: small(self.amount),
            state,
            policy: self.policy,
            proposed_at: Moment::from_micros(self.proposed_at),
            decided_at: self.decided_at.map(Moment::from_micros),
            until: self.until.map(Moment::from_micros),
        })
    }
}

/// The documents of a letter under review.
#[derive(FromRow)]
pub struct ReviewRow {
    letter_id: i64,
    booking_id: i64,
    received_at: i64,
    slot_released: bool,
    follow_up: bool,
    state: String,
}

impl ReviewRow {
    /// The review.
    pub fn review(self) -> Result<Review, Failure> {
        let fault = damaged("reviews", self.letter_id);
        Ok(Review {
            letter: LetterId(self.letter_id),
            booking: BookingId(self.booking_id),
            received_at: Moment::from_micros(self.received_at),
            slot_released: self.slot_released,
            follow_up: self.follow_up,
            state: ReviewState::parse(&self.state).ok_or(fault)?,
        })
    }
}

/// How a cancellation counts.
#[derive(FromRow)]
pub struct CountedRow {
    id: i64,
    document: String,
    received_at: i64,
    timeliness: String,
    documents_until: Option<i64>,
}

impl CountedRow {
    fn timeliness(&self) -> Result<Timeliness, Failure> {
        let fault = damaged("counted_cancellations", self.id);
        Timeliness::parse(&self.timeliness).ok_or(fault)
    }

    /// As one of the citizen's earlier ones.
    pub fn past(self) -> Result<PastCancellation, Failure> {
        Ok(PastCancellation {
            at: Moment::from_micros(self.received_at),
            timeliness: self.timeliness()?,
        })
    }

    /// As that of the booking in hand.
    pub fn own(self) -> Result<OwnCancellation, Failure> {
        Ok(OwnCancellation {
            timeliness: self.timeliness()?,
            document: self.document,
            documents_until: self.documents_until.map(Moment::from_micros),
        })
    }
}
