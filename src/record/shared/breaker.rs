//! The breaker: how many cancellations came at once, and the letters that wait for an operator.

use super::super::dialect::{self, Connection, Db};
use super::journal;
use crate::config::BreakerSettings;
use crate::decide::{CancellationRates, Case, FactsQuery};
use crate::domain::{BookingId, EmailAddress, Event, EventKind, LetterId, Moment};
use crate::failure::Failure;
use serde_json::json;

/// Letters that cancelled or put a booking under review, and letters that wait already, by their own receipt: of one organisation
/// ($1), and from one domain ($5, NULL for a public mail provider); and whether this letter ($6)
/// was let pass. Each is counted up to the limit only.
const RATES: &str = "SELECT \
    (SELECT count(*) FROM (SELECT 1 FROM letters l JOIN bookings b ON b.id = l.booking_id \
        WHERE l.booking_id IS NOT NULL AND l.received_at > $2 AND l.received_at <= $3 \
        AND l.decision IN ('cancelled', 'under_review', 'approved', 'rejected') AND b.organisation = $1 LIMIT $4) AS one) \
    + (SELECT count(*) FROM (SELECT 1 FROM waiting_letters w JOIN letters l ON l.id = w.letter_id \
        JOIN bookings b ON b.id = w.booking_id WHERE w.released_at IS NULL \
        AND l.received_at > $2 AND l.received_at <= $3 AND b.organisation = $1 LIMIT $4) AS one), \
    (SELECT count(*) FROM (SELECT 1 FROM letters l JOIN letter_words w ON w.letter_id = l.id \
        WHERE $5 IS NOT NULL AND l.booking_id IS NOT NULL AND l.received_at > $2 \
        AND l.received_at <= $3 AND l.decision IN ('cancelled', 'under_review', 'approved', 'rejected') \
        AND (w.sender LIKE '%@' || $5 OR w.sender LIKE '%.' || $5) LIMIT $4) AS one) \
    + (SELECT count(*) FROM (SELECT 1 FROM waiting_letters w JOIN letters l ON l.id = w.letter_id \
        WHERE $5 IS NOT NULL AND w.released_at IS NULL AND l.received_at > $2 \
        AND l.received_at <= $3 AND w.domain = $5 LIMIT $4) AS one), \
    (SELECT count(*) FROM waiting_letters WHERE letter_id = $6 AND released_at IS NOT NULL)";

const STOP: &str = "INSERT INTO waiting_letters (letter_id, booking_id, domain, since) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (letter_id) DO NOTHING";

const RELEASE: &str = "UPDATE waiting_letters SET released_at = $1 \
    WHERE released_at IS NULL RETURNING letter_id";

/// The rates up to a letter.
pub async fn rates(
    connection: &mut Connection,
    query: &FactsQuery,
    settings: BreakerSettings,
    mut organisations: Vec<String>,
) -> Result<CancellationRates, Failure> {
    let mut rates = CancellationRates::default();
    if !(query.rates && settings.enabled) || organisations.is_empty() {
        return Ok(rates);
    }
    rates.limit = settings.cancellations.max(1);
    let until = query.received_at;
    let from = until.plus_minutes(-i64::from(settings.minutes));
    let domain = query.sender.as_ref().and_then(EmailAddress::organisation);
    organisations.sort();
    organisations.dedup();
    for name in organisations {
        let (of_organisation, of_domain, released) = sqlx::query_as::<Db, (i64, i64, i64)>(RATES)
            .bind(&name)
            .bind(from.micros())
            .bind(until.micros())
            .bind(i64::from(rates.limit))
            .bind(&domain)
            .bind(query.letter.0)
            .fetch_one(&mut *connection)
            .await?;
        rates.by_organisation.push((name, small(of_organisation)));
        rates.by_domain = small(of_domain);
        rates.released = released > 0;
    }
    Ok(rates)
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Notes that a letter waits; it stays undecided.
pub async fn stop(
    connection: &mut Connection,
    case: &Case,
    booking: BookingId,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query(STOP)
        .bind(case.letter.0)
        .bind(booking.0)
        .bind(case.sender.as_ref().and_then(EmailAddress::organisation))
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// Lets all letters pass that wait; gives their number.
pub async fn release(connection: &mut Connection, now: Moment) -> Result<u64, Failure> {
    let mut released = sqlx::query_scalar::<Db, i64>(RELEASE)
        .bind(now.micros())
        .fetch_all(&mut *connection)
        .await?;
    released.sort_unstable();
    let events: Vec<Event> = released
        .iter()
        .map(|letter| Event {
            chain: format!("letter:{letter}"),
            kind: EventKind::BreakerReleased,
            actor: "operator".to_owned(),
            data: json!({ "letter": letter }),
        })
        .collect();
    journal::append(connection, &events, now).await?;
    Ok(u64::try_from(released.len()).unwrap_or(u64::MAX))
}

/// Which of these letters wait for an operator's word.
pub async fn waiting(
    connection: &mut Connection,
    letters: &[LetterId],
) -> Result<Vec<LetterId>, Failure> {
    let ids: Vec<i64> = letters.iter().map(|letter| letter.0).collect();
    Ok(sqlx::query_scalar::<Db, i64>(dialect::WAITING_LETTERS)
        .bind(dialect::set(&ids))
        .fetch_all(connection)
        .await?
        .into_iter()
        .map(LetterId)
        .collect())
}
