//! What the ledger knows of slots, read in the transaction that gives them away.

use super::super::super::dialect::{Connection, Db};
use super::super::{bookings, senders};
use super::choices::{nearest, wished_slot};
use super::line::line;
use super::moves;
use crate::decide::{
    BookingFacts, BookingPlace, FreshBooking, OfferFacts, SlotFacts, SlotQuery, SlotsKnown,
};
use crate::domain::{
    Booking, BookingId, BookingNumber, BookingState, Category, EmailAddress, Moment, Offer,
    OfferId, Organisation, Service, Slot, SlotId, Waiter, WaitingId, Zone, at_local,
};
use crate::failure::Failure;
use crate::record::rows::{OfferRow, SlotRow, WaiterRow};

/// The columns of [`SlotRow`].
macro_rules! slot_columns {
    () => {
        "SELECT id, organisation, resource, service_code, starts_at, zone, booking_id, \
         held_until, closed_at FROM slots"
    };
}
pub(super) use slot_columns;

/// What makes a slot one that can be had.
macro_rules! can_be_had {
    () => {
        "state = 'free' AND held_until IS NULL AND closed_at IS NULL"
    };
}
pub(super) use can_be_had;

const BY_ID: &str = concat!(slot_columns!(), " WHERE id = $1");
const OF_BOOKING: &str = concat!(slot_columns!(), " WHERE booking_id = $1");
const OF_TIME: &str = concat!(
    slot_columns!(),
    " WHERE service_code = $1 AND organisation = $2 AND starts_at = $3 AND resource = $4 \
     ORDER BY CASE WHEN closed_at IS NOT NULL THEN 3 WHEN state <> 'free' THEN 2 \
     WHEN held_until IS NOT NULL THEN 1 ELSE 0 END, id LIMIT 1"
);
/// A person whom retention has removed has no address, and gets no letter.
const WAITER: &str = "SELECT w.id, w.priority, w.joined_at, \
    COALESCE(p.full_name, '') AS full_name, COALESCE(p.email, '') AS email, p.phone, \
    p.citizen_id FROM waiting_list w LEFT JOIN waiting_persons p ON p.waiting_id = w.id \
    WHERE w.id = $1";

const OFFER: &str = "SELECT id, slot_id, waiting_id, offered_at, expires_at, state FROM offers \
    WHERE id = $1";

const OPEN_OFFER: &str = "SELECT id, slot_id, waiting_id, offered_at, expires_at, state \
    FROM offers WHERE slot_id = $1 AND state = 'open'";

const RESTORER: &str = "SELECT id, restores FROM waiting_list WHERE slot_id = $1 \
    AND restores IS NOT NULL AND state = 'waiting' ORDER BY joined_at, id LIMIT 1";

const KIND: &str = "SELECT service_name, category, address, zone FROM bookings \
    WHERE service_code = $1 AND organisation = $2 ORDER BY id DESC LIMIT 1";

const WRONG: &str = "SELECT wrong FROM restoration_tries \
    WHERE booking_id = $1 AND cancellation = $2 AND sender = $3";

/// What a query wants to know, beside the bookings that were read.
pub struct Wanted<'a> {
    /// The query.
    pub query: &'a SlotQuery,
    /// From, for its tries.
    pub sender: Option<&'a EmailAddress>,
    /// The moment of the decision.
    pub now: Moment,
}

/// Looks up what the query asks for; `bookings` are those in play, with the new time that a
/// question about them proposes.
pub async fn gather(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
    bookings: &[(&BookingFacts, Option<Moment>)],
) -> Result<SlotsKnown, Failure> {
    let query = wanted.query;
    let mut known = SlotsKnown::default();
    let in_play = query.places && !bookings.is_empty();
    if !in_play && query.offers.is_empty() {
        return Ok(known);
    }
    super::lock(connection).await?;
    for (facts, wished) in bookings.iter().filter(|_| in_play) {
        let seen = |place: &BookingPlace| place.booking == facts.booking.id;
        if !known.places.iter().any(seen) {
            let place = place(connection, wanted, &facts.booking, *wished).await?;
            known.places.push(place);
        }
    }
    for id in &query.offers {
        known
            .offers
            .extend(offer_facts(connection, *id, wanted.now).await?);
    }
    if query.may_book {
        known.fresh = Some(fresh(connection).await?);
    }
    Ok(known)
}

/// What is known of the time of one booking.
pub async fn place(
    connection: &mut Connection,
    wanted: &Wanted<'_>,
    booking: &Booking,
    wished: Option<Moment>,
) -> Result<BookingPlace, Failure> {
    let slot = slot_of(connection, booking).await?;
    let slot = match slot {
        Some(slot) => {
            let kind = Some((booking.service.clone(), booking.organisation.clone()));
            Some(slot_facts(connection, slot, kind, wanted.now).await?)
        }
        None => None,
    };
    let mut place = BookingPlace {
        booking: booking.id,
        slot,
        nearest: Vec::new(),
        wished: None,
        replaced: false,
        since: wanted.now,
        moved: Vec::new(),
        came_back_in_vain: false,
        wrong_codes: 0,
    };
    // A booking that stands gives its slot away; only a cancelled one looks for another.
    if matches!(booking.state, BookingState::Cancelled(_)) {
        let local = || {
            let (date, time) = wanted.query.wished.as_ref()?;
            at_local(date, time, &booking.organisation.zone)
        };
        let wished = wished.or_else(local);
        let around = wished.unwrap_or(booking.starts_at);
        place.nearest = nearest(connection, booking, around, wanted.now).await?;
        place.wished = match wished {
            Some(at) => wished_slot(connection, booking, at, wanted.now).await?,
            None => None,
        };
        place.replaced = is_replaced(connection, booking.id).await?;
        place.since = since(connection, booking.id).await?.unwrap_or(wanted.now);
        place.moved = moves::lately(connection, booking, wanted.now).await?;
        place.came_back_in_vain = moves::came_back_in_vain(connection, booking).await?;
        place.wrong_codes = wrong_codes(connection, booking, wanted.sender).await?;
    }
    Ok(place)
}

async fn slot_of(connection: &mut Connection, booking: &Booking) -> Result<Option<Slot>, Failure> {
    let own = sqlx::query_as::<Db, SlotRow>(OF_BOOKING)
        .bind(booking.id.0)
        .fetch_optional(&mut *connection)
        .await?;
    let row = match own {
        Some(row) => Some(row),
        None => {
            sqlx::query_as::<Db, SlotRow>(OF_TIME)
                .bind(&booking.service.code)
                .bind(&booking.organisation.name)
                .bind(booking.starts_at.micros())
                .bind(&booking.resource)
                .fetch_optional(connection)
                .await?
        }
    };
    row.map(SlotRow::slot).transpose()
}

/// A slot by its id, with who could have it.
pub async fn slot_by_id(
    connection: &mut Connection,
    id: SlotId,
    now: Moment,
) -> Result<Option<SlotFacts>, Failure> {
    let row = sqlx::query_as::<Db, SlotRow>(BY_ID)
        .bind(id.0)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let slot = row.slot()?;
    let kind = kind(connection, &slot).await?;
    Ok(Some(slot_facts(connection, slot, kind, now).await?))
}

async fn slot_facts(
    connection: &mut Connection,
    slot: Slot,
    kind: Option<(Service, Organisation)>,
    now: Moment,
) -> Result<SlotFacts, Failure> {
    let restorer = match restorer_of(connection, slot.id).await? {
        Some((waiting, booking)) => bookings::by_id(connection, booking)
            .await?
            .map(|booking| (waiting, booking)),
        None => None,
    };
    let offer = match open_offer(connection, slot.id).await? {
        Some(offer) => waiter(connection, offer.waiting)
            .await?
            .map(|waiter| (offer, waiter)),
        None => None,
    };
    let line = line(connection, &slot, now).await?;
    Ok(SlotFacts {
        slot,
        kind,
        offer,
        restorer,
        line,
    })
}

async fn open_offer(connection: &mut Connection, slot: SlotId) -> Result<Option<Offer>, Failure> {
    let row = sqlx::query_as::<Db, OfferRow>(OPEN_OFFER)
        .bind(slot.0)
        .fetch_optional(connection)
        .await?;
    row.map(OfferRow::offer).transpose()
}

/// The restoration that waits for this slot.
pub async fn restorer_of(
    connection: &mut Connection,
    slot: SlotId,
) -> Result<Option<(WaitingId, BookingId)>, Failure> {
    let row = sqlx::query_as::<Db, (i64, i64)>(RESTORER)
        .bind(slot.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(waiting, booking)| (WaitingId(waiting), BookingId(booking))))
}

async fn waiter(connection: &mut Connection, id: WaitingId) -> Result<Option<Waiter>, Failure> {
    let row = sqlx::query_as::<Db, WaiterRow>(WAITER)
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(Waiter::from))
}

async fn offer_facts(
    connection: &mut Connection,
    id: OfferId,
    now: Moment,
) -> Result<Option<OfferFacts>, Failure> {
    let row = sqlx::query_as::<Db, OfferRow>(OFFER)
        .bind(id.0)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let offer = row.offer()?;
    let waiter = waiter(connection, offer.waiting).await?;
    let slot = slot_by_id(connection, offer.slot, now).await?;
    Ok(waiter.zip(slot).map(|(waiter, slot)| OfferFacts {
        offer,
        waiter,
        slot,
    }))
}

async fn kind(
    connection: &mut Connection,
    slot: &Slot,
) -> Result<Option<(Service, Organisation)>, Failure> {
    let row = sqlx::query_as::<Db, (String, String, String, String)>(KIND)
        .bind(&slot.service_code)
        .bind(&slot.organisation)
        .fetch_optional(connection)
        .await?;
    let read = |(name, category, address, zone): (String, String, String, String)| {
        let service = Service {
            code: slot.service_code.clone(),
            name,
            category: Category::parse(&category)?,
        };
        let organisation = Organisation {
            name: slot.organisation.clone(),
            address,
            zone: Zone::named(&zone).ok()?,
        };
        Some((service, organisation))
    };
    Ok(row.and_then(read))
}

async fn is_replaced(connection: &mut Connection, id: BookingId) -> Result<bool, Failure> {
    let sql = "SELECT id FROM bookings WHERE follows = $1 \
               AND state IN ('scheduled', 'awaiting_confirmation') LIMIT 1";
    let row = sqlx::query_scalar::<Db, i64>(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

async fn since(connection: &mut Connection, id: BookingId) -> Result<Option<Moment>, Failure> {
    let sql = "SELECT at FROM journal WHERE chain = $1 AND position = 1";
    let at = sqlx::query_scalar::<Db, i64>(sql)
        .bind(format!("booking:{}", id.0))
        .fetch_optional(connection)
        .await?;
    Ok(at.map(Moment::from_micros))
}

async fn wrong_codes(
    connection: &mut Connection,
    booking: &Booking,
    sender: Option<&EmailAddress>,
) -> Result<u32, Failure> {
    let Some(sender) = sender else {
        return Ok(0);
    };
    let wrong = sqlx::query_scalar::<Db, i64>(WRONG)
        .bind(booking.id.0)
        .bind(i64::from(booking.cancellations))
        .bind(senders::hashed(sender).0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(u32::try_from(wrong.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// Id and number of the next booking: bookings are never deleted, and whoever makes one holds the
/// lock of the slots.
async fn fresh(connection: &mut Connection) -> Result<FreshBooking, Failure> {
    let id = sqlx::query_scalar::<Db, i64>("SELECT COALESCE(max(id), 0) + 1 FROM bookings")
        .fetch_one(&mut *connection)
        .await?;
    let mut number = BookingNumber::own(id, 0);
    for attempt in 1..=u8::MAX {
        let taken = bookings::by_key(connection, &number.lookup_key()).await?;
        if taken.is_none() {
            break;
        }
        number = BookingNumber::own(id, attempt);
    }
    Ok(FreshBooking {
        id: BookingId(id),
        number,
    })
}
