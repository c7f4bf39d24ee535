//! Authenticated letters that were decided about a booking, so that each acts once.

use super::super::dialect::{Connection, Db};
use crate::domain::{BookingId, ContentHash, LetterId, Moment};
use crate::failure::Failure;

const NOTE: &str = "INSERT INTO signed_letters (content, booking_id, letter_id, decided_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (content, booking_id) DO NOTHING";

const EARLIER: &str = "SELECT booking_id, letter_id FROM signed_letters \
    WHERE content = $1 AND letter_id <> $2 ORDER BY booking_id";

/// Notes that a letter with this content was decided about this booking.
pub async fn note(
    connection: &mut Connection,
    content: &ContentHash,
    booking: BookingId,
    letter: LetterId,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query(NOTE)
        .bind(content.0.as_slice())
        .bind(booking.0)
        .bind(letter.0)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// The bookings about which an earlier letter with this content was decided, with that letter.
pub async fn earlier(
    connection: &mut Connection,
    content: &ContentHash,
    letter: LetterId,
) -> Result<Vec<(BookingId, LetterId)>, Failure> {
    let rows = sqlx::query_as::<Db, (i64, i64)>(EARLIER)
        .bind(content.0.as_slice())
        .bind(letter.0)
        .fetch_all(connection)
        .await?;
    let typed = |(booking, letter)| (BookingId(booking), LetterId(letter));
    Ok(rows.into_iter().map(typed).collect())
}
