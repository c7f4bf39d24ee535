//! Times that somebody can have, the waiting list for them, and offers.

use super::{BookingId, Citizen, ContentHash, Moment, Zone};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// The ledger's id of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlotId(pub i64);

/// The ledger's id of an entry of the waiting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WaitingId(pub i64);

/// The id of an offer, bound into its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OfferId(pub i64);

impl OfferId {
    /// The one offer of this slot to this person: nobody is offered the same slot twice.
    pub fn of(slot: SlotId, waiting: WaitingId) -> Self {
        let parts = [slot.0.to_be_bytes(), waiting.0.to_be_bytes()];
        Self(ContentHash::of(&[b"offer", &parts[0], &parts[1]]).short())
    }
}

/// What a slot is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SlotState {
    /// Anybody can have it.
    Free,
    /// Kept for the person to whom it is offered.
    Held {
        /// The last minute of the hold.
        until: Moment,
    },
    /// Somebody's.
    Booked {
        /// Whose.
        booking: BookingId,
    },
    /// The organisation took it back.
    Closed,
}

impl SlotState {
    /// The word used in lists.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held { .. } => "held",
            Self::Booked { .. } => "booked",
            Self::Closed => "closed",
        }
    }
}

/// A time that somebody can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// The ledger's id.
    pub id: SlotId,
    /// Who gives it.
    pub organisation: String,
    /// Doctor, room or window; may be empty.
    pub resource: String,
    /// For which service.
    pub service_code: String,
    /// Its start.
    pub starts_at: Moment,
    /// The zone whose clocks hang there.
    pub zone: Zone,
    /// What it is now.
    pub state: SlotState,
}

/// A person of the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiter {
    /// The entry.
    pub id: WaitingId,
    /// Who waits; one address.
    pub citizen: Citizen,
    /// Above 0 stands before the others, below 0 behind them.
    pub priority: i64,
    /// Since when: the earlier comes first.
    pub joined_at: Moment,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Waiting for the answer.
    Open,
    /// The person took it.
    Accepted,
    /// The person did not want it.
    Declined,
    /// The hold ended without an answer.
    Expired,
    /// The slot went otherwise: an import booked it.
    Withdrawn,
}

impl OfferState {
    /// The word used in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        [
            Self::Open,
            Self::Accepted,
            Self::Declined,
            Self::Expired,
            Self::Withdrawn,
        ]
        .into_iter()
        .find(|state| state.code() == code)
    }
}

/// A slot kept for a person of the waiting list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// The slot.
    pub slot: SlotId,
    /// The person.
    pub waiting: WaitingId,
    /// When it was made.
    pub offered_at: Moment,
    /// The last minute in which an answer counts.
    pub expires_at: Moment,
    /// What became of it.
    pub state: OfferState,
}

/// An instant from the local date, `YYYY-MM-DD`, and time, `HH:MM`, of a place; `None` when they
/// are no date and time. A time that the clocks skip counts as the one after it.
pub fn at_local(date: &str, time: &str, zone: &Zone) -> Option<Moment> {
    let date: Date = date.parse().ok()?;
    let time: Time = time.parse().ok()?;
    zone.moment(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_an_instant_of_its_zone() {
        let zone = Zone::named("Asia/Kamchatka").unwrap();
        let at = at_local("2027-03-12", "14:30", &zone).unwrap();
        assert_eq!(at.to_rfc3339(), "2027-03-12T02:30:00Z");
        assert_eq!(at_local("2027-02-30", "14:30", &zone), None);
        assert_eq!(at_local("2027-02-03", "25:30", &zone), None);
    }

    #[test]
    fn one_slot_is_offered_to_one_person_once() {
        let first = OfferId::of(SlotId(1), WaitingId(2));
        assert_eq!(first, OfferId::of(SlotId(1), WaitingId(2)));
        assert_ne!(first, OfferId::of(SlotId(2), WaitingId(1)));
        assert!(first.0 > 0);
    }
}
