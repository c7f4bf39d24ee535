//! Bookings: found, listed, cancelled.

use super::super::dialect::{Connection, Db};
use crate::domain::{Booking, BookingId, Cancellation, Channel, Event, EventKind};
use crate::failure::Failure;
use crate::record::BookingFilter;
use crate::record::rows::{BookingRow, channel_code};
use serde_json::json;

/// The columns of [`BookingRow`]; a literal, so that statements can be put together of it.
macro_rules! booking_columns {
    () => {
        "SELECT b.id, b.number, b.service_code, b.service_name, b.category, b.organisation, \
         b.address, b.zone, b.resource, b.starts_at, b.state, b.cancel_received_at, \
         b.cancelled_at, b.document, b.cancel_letter, b.cancel_channel, b.cancellations, \
         b.revision, c.full_name, c.phone, c.citizen_id, \
         (SELECT string_agg(a.address, ';' ORDER BY a.position) FROM booking_addresses a \
          WHERE a.booking_id = b.id) AS addresses"
    };
}
pub(super) use booking_columns;

/// The tables of [`booking_columns`].
macro_rules! booking_tables {
    () => {
        " FROM bookings b LEFT JOIN citizens c ON c.booking_id = b.id"
    };
}
pub(super) use booking_tables;

const BY_KEY: &str = concat!(
    booking_columns!(),
    booking_tables!(),
    " WHERE b.number_key = $1"
);
const BY_ID: &str = concat!(booking_columns!(), booking_tables!(), " WHERE b.id = $1");
const LIST: &str = concat!(
    booking_columns!(),
    booking_tables!(),
    " WHERE ($1 IS NULL OR b.state = $1) ORDER BY b.starts_at, b.id LIMIT $2"
);

/// A booking by its lookup key.
pub async fn by_key(connection: &mut Connection, key: &str) -> Result<Option<Booking>, Failure> {
    let row = sqlx::query_as::<Db, BookingRow>(BY_KEY)
        .bind(key)
        .fetch_optional(connection)
        .await?;
    row.map(BookingRow::booking).transpose()
}

/// A booking by its id.
pub async fn by_id(connection: &mut Connection, id: BookingId) -> Result<Option<Booking>, Failure> {
    let row = sqlx::query_as::<Db, BookingRow>(BY_ID)
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(BookingRow::booking).transpose()
}

/// Bookings by start.
pub async fn list(
    connection: &mut Connection,
    filter: &BookingFilter,
) -> Result<Vec<Booking>, Failure> {
    let rows = sqlx::query_as::<Db, BookingRow>(LIST)
        .bind(filter.state.as_deref())
        .bind(i64::from(filter.limit))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(BookingRow::booking).collect()
}

/// Cancels a booking that was read in this transaction and frees its slot. Gives the booking as
/// it is afterwards, and the freed slot.
pub async fn cancel(
    connection: &mut Connection,
    booking: Booking,
    cancellation: &Cancellation,
) -> Result<(Booking, Option<i64>), Failure> {
    let (id, revision) = (booking.id, booking.revision);
    let refused = format!("booking {} cannot be cancelled in its state", id.0);
    let cancelled = booking
        .cancel(cancellation.clone())
        .map_err(|error| Failure::try_again_because(refused.as_str(), error))?;
    let sql = "UPDATE bookings SET state = $1, cancel_received_at = $2, cancelled_at = $3, \
               document = $4, cancel_letter = $5, cancel_channel = $6, cancellations = $7, \
               revision = $8 WHERE id = $9 AND revision = $10";
    let changed = sqlx::query(sql)
        .bind(cancelled.state.code())
        .bind(cancellation.received_at.micros())
        .bind(cancellation.cancelled_at.micros())
        .bind(&cancellation.document)
        .bind(cancellation.letter.map(|letter| letter.0))
        .bind(channel_code(cancellation.channel))
        .bind(i64::from(cancelled.cancellations))
        .bind(i64::from(cancelled.revision))
        .bind(id.0)
        .bind(i64::from(revision))
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if changed != 1 {
        return Err(Failure::try_again(refused));
    }
    let slot = free_slot(connection, id).await?;
    Ok((cancelled, slot))
}

/// Frees the slot of a booking. Gives its id, where there was one.
pub async fn free_slot(connection: &mut Connection, id: BookingId) -> Result<Option<i64>, Failure> {
    let sql = "UPDATE slots SET state = 'free', booking_id = NULL WHERE booking_id = $1 \
               RETURNING id";
    Ok(sqlx::query_scalar::<Db, i64>(sql)
        .bind(id.0)
        .fetch_optional(connection)
        .await?)
}

/// The event of a slot that a cancellation freed, or that the organisation took back with it.
pub fn slot_freed(id: BookingId, slot: i64, cancellation: &Cancellation, closed: bool) -> Event {
    let actor = match cancellation.channel {
        Channel::Mail => "daemon",
        Channel::Command | Channel::Phone | Channel::Visit | Channel::Organisation => "operator",
    };
    let kind = if closed {
        EventKind::SlotClosed
    } else {
        EventKind::SlotFreed
    };
    Event {
        chain: format!("booking:{}", id.0),
        kind,
        actor: actor.to_owned(),
        data: json!({ "slot": slot }),
    }
}

/// Whether a slot is this booking's.
pub async fn has_slot(connection: &mut Connection, id: BookingId) -> Result<bool, Failure> {
    let slot = sqlx::query_scalar::<Db, i64>("SELECT id FROM slots WHERE booking_id = $1")
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    Ok(slot.is_some())
}
