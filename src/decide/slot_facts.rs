//! What the ledger knows of the times around a booking or an offer.

use super::Facts;
use crate::domain::{
    Booking, BookingId, BookingNumber, Citizen, Moment, Offer, Organisation, Sanction, Service,
    Slot, Waiter, WaitingId,
};

/// A slot, and who could have it.
#[derive(Debug, Clone, PartialEq)]
pub struct SlotFacts {
    /// The slot.
    pub slot: Slot,
    /// The service and the organisation as the newest booking of this service there has them;
    /// without one nobody can be offered the slot.
    pub kind: Option<(Service, Organisation)>,
    /// The offer that is open, and to whom it was made.
    pub offer: Option<(Offer, Waiter)>,
    /// The booking that comes back when the slot is to be given away: it stands before everybody.
    pub restorer: Option<(WaitingId, Booking)>,
    /// Fitting persons of the waiting list to whom it was not offered before, in their order: up to
    /// the first against whom nothing stands, 200 at most.
    pub line: Vec<InLine>,
}

/// Somebody of the waiting list, with what stands against her.
#[derive(Debug, Clone, PartialEq)]
pub struct InLine {
    /// The person.
    pub waiter: Waiter,
    /// Whether the office makes something good: sanctions do not count then.
    pub exempt: bool,
    /// Her sanctions, proposed and imposed.
    pub sanctions: Vec<Sanction>,
}

/// What the ledger knows of the time of one booking.
#[derive(Debug, Clone, PartialEq)]
pub struct BookingPlace {
    /// The booking.
    pub booking: BookingId,
    /// Its own slot; where it has none, the one of its time that is easiest to have.
    pub slot: Option<SlotFacts>,
    /// Free slots of the same service there, the nearest to the wished time (or else to the
    /// booking's own) first; at most three, each of another time.
    pub nearest: Vec<Slot>,
    /// The free slot of exactly the wished time.
    pub wished: Option<Slot>,
    /// Whether a booking that was made instead of this one stands.
    pub replaced: bool,
    /// When it was first recorded: the seniority that it has in the waiting list.
    pub since: Moment,
    /// When its citizen moved bookings in the 30 days before (cancelled one and took another time
    /// for it), oldest first.
    pub moved: Vec<Moment>,
    /// Whether the citizen asked in time for this booking back, and its time was somebody else's.
    pub came_back_in_vain: bool,
    /// Wrong restoration codes that the sender typed for its present cancellation.
    pub wrong_codes: u32,
}

/// An offer that a letter answers.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferFacts {
    /// The offer.
    pub offer: Offer,
    /// To whom it was made.
    pub waiter: Waiter,
    /// The slot; its `line` is who comes behind this person.
    pub slot: SlotFacts,
}

/// Id and number of the booking that would be made next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreshBooking {
    /// Its id.
    pub id: BookingId,
    /// Its number; taken by no booking.
    pub number: BookingNumber,
}

/// What the ledger must look up about slots.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotQuery {
    /// Whether the slots of all bookings in play are looked up.
    pub places: bool,
    /// Offers named by our tokens, those that ran out included.
    pub offers: Vec<crate::domain::OfferId>,
    /// The new time that the writer wishes, on the clocks of the place: `YYYY-MM-DD`, `HH:MM`.
    pub wished: Option<(String, String)>,
    /// Whether a booking may be made.
    pub may_book: bool,
}

/// What the ledger knows about slots.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SlotsKnown {
    /// For each booking in play, once.
    pub places: Vec<BookingPlace>,
    /// The offers of the query; unknown ones left out.
    pub offers: Vec<OfferFacts>,
    /// The booking that would be made next, where the query asks for it.
    pub fresh: Option<FreshBooking>,
}

impl Facts {
    /// What is known of the time of this booking.
    pub(super) fn place(&self, booking: BookingId) -> Option<&BookingPlace> {
        self.slots
            .places
            .iter()
            .find(|place| place.booking == booking)
    }
}

/// A booking that is made here.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBooking {
    /// The booking as it is then: scheduled.
    pub booking: Booking,
    /// The slot that it takes.
    pub slot: crate::domain::SlotId,
    /// The cancelled booking in whose place it stands.
    pub follows: Option<BookingId>,
    /// The entry of the waiting list that it fulfils.
    pub waiting: Option<WaitingId>,
}

/// Somebody comes onto the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// Who.
    pub citizen: Citizen,
    /// For which service.
    pub service_code: String,
    /// At which organisation.
    pub organisation: String,
    /// With which seniority.
    pub joined_at: Moment,
    /// Whether the office makes something good: sanctions do not count then.
    pub exempt: bool,
}

/// A cancelled booking that comes back when the hold of an offer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingRestoration {
    /// The booking.
    pub booking: BookingId,
    /// The slot.
    pub slot: crate::domain::SlotId,
}

/// A wrong restoration code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongRestorationCode {
    /// For which booking.
    pub booking: BookingId,
    /// For which cancellation of it.
    pub cancellation: u32,
    /// Who typed it.
    pub sender: crate::domain::EmailAddress,
}

/// A booking that comes back.
#[derive(Debug, Clone, PartialEq)]
pub struct Restoration {
    /// The booking, still cancelled.
    pub booking: Booking,
    /// Its slot.
    pub slot: crate::domain::SlotId,
    /// The entry of the waiting list that this fulfils.
    pub waiting: Option<WaitingId>,
    /// By which way it was asked for.
    pub channel: crate::domain::Channel,
}

/// What a decision changes about slots; recorded in this order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SlotChanges {
    /// The organisation takes the time of this cancelled booking back: nobody can have it.
    pub close: bool,
    /// An offer that ends, and how.
    pub end_offer: Option<(crate::domain::OfferId, crate::domain::OfferState)>,
    /// A booking that comes back.
    pub restore: Option<Restoration>,
    /// A restoration that waits for the end of a hold.
    pub await_hold: Option<WaitingRestoration>,
    /// A waiting restoration that is given up.
    pub give_up: Option<WaitingId>,
    /// A booking that is made.
    pub book: Option<NewBooking>,
    /// An offer that is made.
    pub offer: Option<Offer>,
    /// Somebody comes onto the waiting list.
    pub join: Option<Joining>,
    /// A wrong restoration code.
    pub wrong_code: Option<WrongRestorationCode>,
}
