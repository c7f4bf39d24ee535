//! Free times that are proposed instead of another.

use super::super::super::dialect::{Connection, Db};
use super::known::{can_be_had, slot_columns};
use crate::domain::{Booking, Moment, Slot};
use crate::failure::Failure;
use crate::record::rows::SlotRow;

/// Times that are proposed.
const MOST_CHOICES: usize = 3;

const NEAREST: &str = concat!(
    slot_columns!(),
    " WHERE service_code = $1 AND organisation = $2 AND starts_at > $3 AND ",
    can_be_had!(),
    " ORDER BY abs(starts_at - $4), starts_at, id LIMIT 30"
);
const WISHED: &str = concat!(
    slot_columns!(),
    " WHERE service_code = $1 AND organisation = $2 AND starts_at = $3 AND starts_at > $4 AND ",
    can_be_had!(),
    " ORDER BY CASE WHEN resource = $5 THEN 0 ELSE 1 END, id LIMIT 1"
);

/// The nearest free times, by their start.
pub async fn nearest(
    connection: &mut Connection,
    booking: &Booking,
    around: Moment,
    now: Moment,
) -> Result<Vec<Slot>, Failure> {
    let rows = sqlx::query_as::<Db, SlotRow>(NEAREST)
        .bind(&booking.service.code)
        .bind(&booking.organisation.name)
        .bind(now.micros())
        .bind(around.micros())
        .fetch_all(connection)
        .await?;
    let mut slots: Vec<Slot> = Vec::new();
    for row in rows {
        let slot = row.slot()?;
        let new = slots.iter().all(|known| known.starts_at != slot.starts_at);
        if new && slots.len() < MOST_CHOICES {
            slots.push(slot);
        }
    }
    slots.sort_by_key(|slot| (slot.starts_at, slot.id));
    Ok(slots)
}

/// The free slot of exactly this time; with the same resource if there is one.
pub async fn wished_slot(
    connection: &mut Connection,
    booking: &Booking,
    at: Moment,
    now: Moment,
) -> Result<Option<Slot>, Failure> {
    let row = sqlx::query_as::<Db, SlotRow>(WISHED)
        .bind(&booking.service.code)
        .bind(&booking.organisation.name)
        .bind(at.micros())
        .bind(now.micros())
        .bind(&booking.resource)
        .fetch_optional(connection)
        .await?;
    row.map(SlotRow::slot).transpose()
}
