//! How often a person has moved bookings: cancelled one and taken another time for it.

use super::super::super::dialect::{Connection, Db};
use crate::domain::{Booking, BookingState, MOVE_COUNTS_HOURS, Moment};
use crate::failure::Failure;

/// What the organisation cancelled, what was taken back, and what was excused is no move. A booking
/// that was cancelled more than once stands once, by its last cancellation.
const MOVED: &str = "SELECT max(c.received_at) FROM counted_cancellations c \
    JOIN bookings made ON made.follows = c.booking_id \
    WHERE c.citizen = $1 AND c.received_at > $2 \
    AND c.timeliness NOT IN ('taken_back', 'excused') GROUP BY made.id ORDER BY 1 LIMIT 500";

/// Moves of the citizen of this booking in the 30 days before `now`, by the receipt of the
/// cancellation, oldest first; none without the organisation's id of the person.
pub async fn lately(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<Vec<Moment>, Failure> {
    let Some(citizen) = booking.counted_person() else {
        return Ok(Vec::new());
    };
    let moved = sqlx::query_scalar::<Db, i64>(MOVED)
        .bind(citizen.0.as_slice())
        .bind(now.plus_hours(-MOVE_COUNTS_HOURS).micros())
        .fetch_all(connection)
        .await?;
    Ok(moved.into_iter().map(Moment::from_micros).collect())
}

/// Whether a letter asked in time for this cancelled booking back, and heard that its time is gone:
/// another time is then what the restoration promised, not a move.
pub async fn came_back_in_vain(
    connection: &mut Connection,
    booking: &Booking,
) -> Result<bool, Failure> {
    let BookingState::Cancelled(cancellation) = &booking.state else {
        return Ok(false);
    };
    let sql = "SELECT id FROM letters WHERE booking_id = $1 AND decision = 'restore_slot_gone' \
               AND decided_at >= $2 LIMIT 1";
    let letter = sqlx::query_scalar::<Db, i64>(sql)
        .bind(booking.id.0)
        .bind(cancellation.cancelled_at.micros())
        .fetch_optional(connection)
        .await?;
    Ok(letter.is_some())
}
