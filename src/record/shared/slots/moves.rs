//! How often a person has moved bookings: cancelled one and taken another time for it.

use super::super::super::dialect::{Connection, Db};
use crate::domain::{Booking, Moment};
use crate::failure::Failure;

/// What the organisation cancelled, and what was taken back, is no move. A booking that was
/// cancelled more than once stands once.
const MOVED: &str = "SELECT count(DISTINCT made.id) FROM counted_cancellations c \
    JOIN bookings made ON made.follows = c.booking_id \
    WHERE c.citizen = $1 AND c.received_at > $2 AND c.timeliness <> 'taken_back'";

/// Moves of the citizen of this booking in the 30 days before `now`, by the day of the
/// cancellation; 0 without the organisation's id of the person.
pub async fn lately(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<u32, Failure> {
    let Some(citizen) = booking.counted_person() else {
        return Ok(0);
    };
    let moved = sqlx::query_scalar::<Db, i64>(MOVED)
        .bind(citizen.0.as_slice())
        .bind(now.plus_hours(-24 * 30).micros())
        .fetch_one(connection)
        .await?;
    Ok(u32::try_from(moved).unwrap_or(u32::MAX))
}
