//! Bookings and challenges.

use super::{addresses, parse_channel, small};
use crate::decide::{Challenge, ChallengePurpose, ChallengeState};
use crate::domain::{
    Booking, BookingId, BookingNumber, BookingState, Cancellation, Category, ChallengeId, Citizen,
    LetterId, Moment, Organisation, Service, Zone,
};
use crate::failure::Failure;
use crate::record::fault::damaged;
use sqlx::FromRow;

/// A booking with its citizen.
#[derive(FromRow)]
pub struct BookingRow {
    id: i64,
    number: String,
    service_code: String,
    service_name: String,
    category: String,
    organisation: String,
    address: String,
    zone: String,
    resource: String,
    starts_at: i64,
    state: String,
    cancel_received_at: Option<i64>,
    cancelled_at: Option<i64>,
    document: Option<String>,
    cancel_letter: Option<i64>,
    cancel_channel: Option<String>,
    cancellations: i64,
    revision: i64,
    full_name: Option<String>,
    phone: Option<String>,
    citizen_id: Option<String>,
    addresses: Option<String>,
}

impl BookingRow {
    /// The booking.
    pub fn booking(self) -> Result<Booking, Failure> {
        let id = self.id;
        self.read().ok_or_else(|| damaged("bookings", id))
    }

    fn read(self) -> Option<Booking> {
        let state = self.state()?;
        Some(Booking {
            id: BookingId(self.id),
            number: BookingNumber::parse(&self.number)?,
            citizen: Citizen {
                full_name: self.full_name.unwrap_or_default(),
                emails: addresses(self.addresses.as_deref()),
                phone: self.phone,
                citizen_id: self.citizen_id,
            },
            service: Service {
                code: self.service_code,
                name: self.service_name,
                category: Category::parse(&self.category)?,
            },
            organisation: Organisation {
                name: self.organisation,
                address: self.address,
                zone: Zone::named(&self.zone).ok()?,
            },
            resource: self.resource,
            starts_at: Moment::from_micros(self.starts_at),
            state,
            cancellations: small(self.cancellations),
            revision: small(self.revision),
        })
    }

    fn state(&self) -> Option<BookingState> {
        match self.state.as_str() {
            "scheduled" => Some(BookingState::Scheduled),
            "awaiting_confirmation" => Some(BookingState::AwaitingConfirmation),
            "completed" => Some(BookingState::Completed),
            "no_show" => Some(BookingState::NoShow),
            "cancelled" => Some(BookingState::Cancelled(Cancellation {
                received_at: Moment::from_micros(self.cancel_received_at?),
                cancelled_at: Moment::from_micros(self.cancelled_at?),
                document: self.document.clone()?,
                letter: self.cancel_letter.map(LetterId),
                channel: parse_channel(self.cancel_channel.as_deref()?)?,
            })),
            _ => None,
        }
    }
}

/// A booking and those of its addresses that too many persons share.
#[derive(FromRow)]
pub struct BookingFactsRow {
    /// The booking.
    #[sqlx(flatten)]
    pub booking: BookingRow,
    /// The shared addresses, joined with `;`.
    pub shared_addresses: Option<String>,
}

/// A challenge.
#[derive(FromRow)]
pub struct ChallengeRow {
    id: i64,
    booking_id: i64,
    letter_id: i64,
    received_at: i64,
    opened_at: i64,
    expires_at: i64,
    state: String,
    reason: Option<String>,
    purpose: String,
    wished_at: Option<i64>,
    shown: Option<String>,
}

impl ChallengeRow {
    /// The challenge.
    pub fn challenge(self) -> Result<Challenge, Failure> {
        let state =
            ChallengeState::parse(&self.state).ok_or_else(|| damaged("challenges", self.id))?;
        let purpose =
            ChallengePurpose::parse(&self.purpose).ok_or_else(|| damaged("challenges", self.id))?;
        Ok(Challenge {
            id: ChallengeId(self.id),
            booking: BookingId(self.booking_id),
            letter: LetterId(self.letter_id),
            received_at: Moment::from_micros(self.received_at),
            opened_at: Moment::from_micros(self.opened_at),
            expires_at: Moment::from_micros(self.expires_at),
            state,
            reason: self.reason,
            purpose,
            wished_at: self.wished_at.map(Moment::from_micros),
            shown: self
                .shown
                .map(|json| serde_json::from_str(&json).map_err(|_| damaged("challenges", self.id)))
                .transpose()?,
        })
    }
}
