//! What is known around late cancellations: how earlier ones count, sanctions, reviews.

use super::super::dialect::{Connection, Db};
use crate::decide::{LateFacts, Review};
use crate::domain::{Booking, BookingState, ContentHash, LetterId, Moment, Sanction};
use crate::failure::Failure;
use crate::record::rows::{CountedRow, ReviewRow, SanctionRow};

/// The columns of [`SanctionRow`]; a literal, so that statements can be put together of it.
macro_rules! sanction_columns {
    () => {
        "SELECT id, booking_id, document, service_code, kind, amount, state, policy, proposed_at, \
         decided_at, until FROM sanctions"
    };
}
pub(super) use sanction_columns;

/// How far back earlier cancellations are looked up: no window of a policy is longer.
const LONGEST_WINDOW_DAYS: i64 = 366;

/// More earlier cancellations than this change nothing any more.
const PAST: &str = "SELECT id, document, received_at, timeliness, documents_until \
    FROM counted_cancellations WHERE citizen = $1 AND received_at > $2 \
    ORDER BY received_at DESC, id DESC LIMIT 500";

const OWN: &str = "SELECT id, document, received_at, timeliness, documents_until \
    FROM counted_cancellations WHERE booking_id = $1 AND document = $2";

const OF_CITIZEN: &str = concat!(
    sanction_columns!(),
    " WHERE citizen = $1 AND state <> 'lifted' ORDER BY id LIMIT 500"
);

const REVIEW: &str = "SELECT letter_id, booking_id, received_at, slot_released, follow_up, state \
    FROM reviews WHERE letter_id = $1";

/// What is known of the booking and its citizen.
pub async fn of_booking(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<LateFacts, Failure> {
    let mut facts = LateFacts::default();
    if let BookingState::Cancelled(cancellation) = &booking.state {
        facts.own = sqlx::query_as::<Db, CountedRow>(OWN)
            .bind(booking.id.0)
            .bind(&cancellation.document)
            .fetch_optional(&mut *connection)
            .await?
            .map(CountedRow::own)
            .transpose()?;
    }
    let Some(citizen) = booking.counted_person() else {
        return Ok(facts);
    };
    facts.past = sqlx::query_as::<Db, CountedRow>(PAST)
        .bind(citizen.0.as_slice())
        .bind(now.plus_hours(-24 * LONGEST_WINDOW_DAYS).micros())
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .map(CountedRow::past)
        .collect::<Result<_, _>>()?;
    facts.sanctions = sanctions_of(connection, &citizen).await?;
    Ok(facts)
}

/// Sanctions of this person that are proposed or imposed.
pub async fn sanctions_of(
    connection: &mut Connection,
    citizen: &ContentHash,
) -> Result<Vec<Sanction>, Failure> {
    sqlx::query_as::<Db, SanctionRow>(OF_CITIZEN)
        .bind(citizen.0.as_slice())
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(SanctionRow::sanction)
        .collect()
}

/// The review of this letter's documents, if there is one.
pub async fn review(
    connection: &mut Connection,
    letter: LetterId,
) -> Result<Option<Review>, Failure> {
    let row = sqlx::query_as::<Db, ReviewRow>(REVIEW)
        .bind(letter.0)
        .fetch_optional(connection)
        .await?;
    row.map(ReviewRow::review).transpose()
}
