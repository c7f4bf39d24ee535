//! Slots, offers and people who wait.

use crate::decide::InLine;
use crate::domain::{
    BookingId, Citizen, ContentHash, EmailAddress, Moment, Offer, OfferId, OfferState, Sanction,
    Slot, SlotId, SlotState, Waiter, WaitingId, Zone, person_at,
};
use crate::failure::Failure;
use crate::record::WaitingRecord;
use crate::record::fault::damaged;
use sqlx::FromRow;

/// A slot.
#[derive(FromRow)]
pub struct SlotRow {
    id: i64,
    organisation: String,
    resource: String,
    service_code: String,
    starts_at: i64,
    zone: String,
    booking_id: Option<i64>,
    held_until: Option<i64>,
    closed_at: Option<i64>,
}

impl SlotRow {
    /// The slot.
    pub fn slot(self) -> Result<Slot, Failure> {
        let state = match (self.booking_id, self.closed_at, self.held_until) {
            (Some(booking), ..) => SlotState::Booked {
                booking: BookingId(booking),
            },
            (None, Some(_), _) => SlotState::Closed,
            (None, None, Some(until)) => SlotState::Held {
                until: Moment::from_micros(until),
            },
            (None, None, None) => SlotState::Free,
        };
        Ok(Slot {
            id: SlotId(self.id),
            zone: Zone::named(&self.zone).map_err(|_| damaged("slots", self.id))?,
            organisation: self.organisation,
            resource: self.resource,
            service_code: self.service_code,
            starts_at: Moment::from_micros(self.starts_at),
            state,
        })
    }
}

/// A person who waits.
#[derive(FromRow)]
pub struct WaiterRow {
    id: i64,
    priority: i64,
    joined_at: i64,
    full_name: String,
    email: String,
    phone: Option<String>,
    citizen_id: Option<String>,
}

impl From<WaiterRow> for Waiter {
    fn from(row: WaiterRow) -> Self {
        Self {
            id: WaitingId(row.id),
            citizen: Citizen {
                full_name: row.full_name,
                emails: EmailAddress::parse(&row.email).into_iter().collect(),
                phone: row.phone,
                citizen_id: row.citizen_id,
            },
            priority: row.priority,
            joined_at: Moment::from_micros(row.joined_at),
        }
    }
}

/// A person who waits, and whether sanctions count for her.
#[derive(FromRow)]
pub struct InLineRow {
    #[sqlx(flatten)]
    waiter: WaiterRow,
    exempt: bool,
}

impl InLineRow {
    /// The person, with her sanctions.
    pub fn with(self, sanctions: Vec<Sanction>) -> InLine {
        InLine {
            waiter: self.waiter.into(),
            exempt: self.exempt,
            sanctions,
        }
    }

    /// Under which hash this organisation counts the person.
    pub fn counted_at(&self, organisation: &str) -> Option<ContentHash> {
        person_at(organisation, self.waiter.citizen_id.as_deref())
    }
}

/// An offer.
#[derive(FromRow)]
pub struct OfferRow {
    id: i64,
    slot_id: i64,
    waiting_id: i64,
    offered_at: i64,
    expires_at: i64,
    state: String,
}

impl OfferRow {
    /// The offer.
    pub fn offer(self) -> Result<Offer, Failure> {
        let state = OfferState::parse(&self.state).ok_or_else(|| damaged("offers", self.id))?;
        Ok(Offer {
            id: OfferId(self.id),
            slot: SlotId(self.slot_id),
            waiting: WaitingId(self.waiting_id),
            offered_at: Moment::from_micros(self.offered_at),
            expires_at: Moment::from_micros(self.expires_at),
            state,
        })
    }
}

/// An entry of the waiting list with its person.
#[derive(FromRow)]
pub struct WaitingRow {
    id: i64,
    state: String,
    service_code: String,
    organisation: String,
    wanted_from: String,
    wanted_until: String,
    joined_at: i64,
    priority: i64,
    full_name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    citizen_id: Option<String>,
}

impl From<WaitingRow> for WaitingRecord {
    fn from(row: WaitingRow) -> Self {
        let email = row.email.as_deref().and_then(EmailAddress::parse);
        Self {
            id: WaitingId(row.id),
            state: row.state,
            citizen: Citizen {
                full_name: row.full_name.unwrap_or_default(),
                emails: email.into_iter().collect(),
                phone: row.phone,
                citizen_id: row.citizen_id,
            },
            service_code: row.service_code,
            organisation: row.organisation,
            wanted_from: row.wanted_from,
            wanted_until: row.wanted_until,
            joined_at: Moment::from_micros(row.joined_at),
            priority: row.priority,
        }
    }
}
