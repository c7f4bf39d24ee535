//! What the ledger knows of a sender: his open bookings, and the questions that wait at them.

use super::super::dialect::{Connection, Db};
use super::bounces;
use crate::decide::{Case, ChallengeState, FactsQuery, query};
use crate::domain::{ChallengeId, ContentHash, EmailAddress, Moment};
use crate::failure::Failure;
use crate::record::rows::ChallengeRow;

const OPEN_BOOKINGS: &str = "SELECT a.booking_id FROM booking_addresses a \
    JOIN bookings b ON b.id = a.booking_id WHERE a.address = $1 \
    AND b.state IN ('scheduled', 'awaiting_confirmation') ORDER BY a.booking_id LIMIT 10";

const OPEN_CHALLENGES: &str = "SELECT DISTINCT c.id, c.booking_id, c.letter_id, c.received_at, \
    c.opened_at, c.expires_at, c.state, c.reason, c.purpose, c.wished_at, c.shown FROM booking_addresses a \
    JOIN challenges c ON c.booking_id = a.booking_id \
    WHERE a.address = $1 AND c.state = $2 AND c.expires_at >= $3 ORDER BY c.id LIMIT 20";

const WRONG_CODES: &str = "SELECT wrong FROM code_tries WHERE challenge_id = $1 AND sender = $2";

const COUNT_WRONG_CODE: &str = "INSERT INTO code_tries (challenge_id, sender, wrong) \
    VALUES ($1, $2, 1) ON CONFLICT (challenge_id, sender) \
    DO UPDATE SET wrong = code_tries.wrong + 1";

/// Ids of the open bookings that have the address on file, at most 10.
pub async fn open_bookings(
    connection: &mut Connection,
    sender: &EmailAddress,
) -> Result<Vec<i64>, Failure> {
    Ok(sqlx::query_scalar::<Db, i64>(OPEN_BOOKINGS)
        .bind(sender.as_str())
        .fetch_all(connection)
        .await?)
}

/// The challenges open since before `at` at bookings that have the address on file.
pub async fn open_challenges(
    connection: &mut Connection,
    sender: &EmailAddress,
    at: Moment,
) -> Result<Vec<ChallengeRow>, Failure> {
    Ok(sqlx::query_as::<Db, ChallengeRow>(OPEN_CHALLENGES)
        .bind(sender.as_str())
        .bind(ChallengeState::Open.code())
        .bind(at.micros())
        .fetch_all(connection)
        .await?)
}

/// How many wrong codes the sender typed for this challenge.
pub async fn wrong_codes(
    connection: &mut Connection,
    challenge: ChallengeId,
    sender: &EmailAddress,
) -> Result<u32, Failure> {
    let wrong = sqlx::query_scalar::<Db, i64>(WRONG_CODES)
        .bind(challenge.0)
        .bind(hashed(sender).0.as_slice())
        .fetch_optional(connection)
        .await?;
    Ok(u32::try_from(wrong.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// Counts a wrong code for each of these challenges.
pub async fn count_wrong_codes(
    connection: &mut Connection,
    challenges: &[ChallengeId],
    case: &Case,
) -> Result<(), Failure> {
    let Some(sender) = &case.sender else {
        return Ok(());
    };
    for challenge in challenges {
        sqlx::query(COUNT_WRONG_CODE)
            .bind(challenge.0)
            .bind(hashed(sender).0.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The bookings that a case may touch through its sender, or through a letter of ours that came
/// back: to be locked before they are read.
pub async fn touched(connection: &mut Connection, case: &Case) -> Result<Vec<i64>, Failure> {
    let FactsQuery {
        senders_bookings,
        senders_challenges,
        sender,
        bounced_row,
        ..
    } = query(case);
    if let Some(row) = bounced_row {
        let returned = bounces::returned(connection, row).await?;
        return Ok(returned
            .and_then(|letter| letter.booking)
            .map(|booking| booking.0)
            .into_iter()
            .collect());
    }
    match &sender {
        Some(sender) if senders_bookings || senders_challenges => {
            open_bookings(connection, sender).await
        }
        Some(_) | None => Ok(Vec::new()),
    }
}

/// By which a sender's tries are counted.
pub fn hashed(sender: &EmailAddress) -> ContentHash {
    ContentHash::of(&[b"sender", sender.as_str().as_bytes()])
}
