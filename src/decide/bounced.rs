//! A report that a letter of ours could not be delivered. It counts only under the tag of a letter
//! that was sent, and only where what it returns is that letter.

use super::consequences::Outcome;
use super::rules::Trail;
use super::{Case, Decision, Facts};
use crate::domain::{BookingId, EmailAddress, Moment};

/// A letter of ours that could not be delivered: its row, and the address on file to be marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undeliverable {
    /// The row of the outbox.
    pub row: i64,
    /// The booking at which the address stands.
    pub booking: Option<BookingId>,
    /// To whom the letter went.
    pub recipient: EmailAddress,
    /// When our server received the report.
    pub at: Moment,
    /// `bounced`, with the status code where one is given: `bounced_5.1.1`.
    pub code: String,
}

/// A bounce: that of a letter which we know, or any other, of which nothing follows.
pub(super) fn decide<'a>(case: &Case, facts: &'a Facts, trail: &mut Trail) -> Outcome<'a> {
    let Some((bounce, returned)) = case.bounce.as_ref().zip(facts.returned.as_ref()) else {
        trail.note("returned", "no letter of ours");
        return Outcome::plain(Decision::Automatic);
    };
    let same = bounce
        .message_id
        .as_ref()
        .is_none_or(|id| *id == returned.message_id);
    if !(returned.sent && same) {
        trail.note("returned", "not the letter that was sent");
        return Outcome::plain(Decision::Automatic);
    }
    trail.note("returned", format!("outbox {}", returned.row));
    let mut outcome = Outcome::plain(Decision::Bounced);
    outcome.undeliverable = Some(Undeliverable {
        row: returned.row,
        booking: returned.booking,
        recipient: returned.recipient.clone(),
        at: case.received_at,
        code: bounce
            .status
            .as_ref()
            .map_or_else(|| "bounced".to_owned(), |code| format!("bounced_{code}")),
    });
    outcome
}
