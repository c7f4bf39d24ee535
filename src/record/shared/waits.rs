//! Letters that wait for DNS, and the evidence that was kept with letters.

use super::super::dialect::{Connection, Db};
use crate::domain::{ContentHash, LetterId, Moment};
use crate::failure::Failure;
use crate::record::Wait;
use crate::record::fault::damaged;
use crate::verify::SenderEvidence;

const WAITING: &str = "SELECT d.letter_id, l.received_at, d.since, d.due_at, d.attempts, d.sender, \
    d.number_key FROM dns_waits d JOIN letters l ON l.id = d.letter_id \
    WHERE l.state = 'taken_in' ORDER BY l.received_at, l.id";

const PUT_OFF: &str = "INSERT INTO dns_waits \
    (letter_id, since, due_at, attempts, sender, number_key) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (letter_id) DO UPDATE SET due_at = excluded.due_at, \
        attempts = excluded.attempts, sender = excluded.sender, number_key = excluded.number_key";

const FORGET_DECIDED: &str = "DELETE FROM dns_waits \
    WHERE letter_id IN (SELECT id FROM letters WHERE state <> 'taken_in')";

type Row = (i64, i64, i64, i64, i64, Vec<u8>, Option<String>);

/// Those that still wait, in order of receipt.
pub async fn waiting(connection: &mut Connection) -> Result<Vec<Wait>, Failure> {
    let rows = sqlx::query_as::<Db, Row>(WAITING)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Wait, Failure> {
    let (letter, received_at, since, due_at, attempts, sender, number_key) = row;
    let sender = ContentHash::from_slice(&sender).ok_or_else(|| damaged("dns_waits", letter))?;
    Ok(Wait {
        letter: LetterId(letter),
        received_at: Moment::from_micros(received_at),
        since: Moment::from_micros(since),
        due_at: Moment::from_micros(due_at),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        sender,
        number_key,
    })
}

/// Notes these and forgets those that were decided meanwhile.
pub async fn put_off(connection: &mut Connection, waits: &[Wait]) -> Result<(), Failure> {
    sqlx::query(FORGET_DECIDED)
        .execute(&mut *connection)
        .await?;
    for wait in waits {
        sqlx::query(PUT_OFF)
            .bind(wait.letter.0)
            .bind(wait.since.micros())
            .bind(wait.due_at.micros())
            .bind(i64::from(wait.attempts))
            .bind(wait.sender.0.as_slice())
            .bind(wait.number_key.as_deref())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// What spoke for the sender of a letter when it was decided before.
pub async fn evidence(
    connection: &mut Connection,
    letter: LetterId,
) -> Result<Option<SenderEvidence>, Failure> {
    let sql = "SELECT evidence FROM letter_words WHERE letter_id = $1 AND evidence IS NOT NULL";
    let text = sqlx::query_scalar::<Db, String>(sql)
        .bind(letter.0)
        .fetch_optional(connection)
        .await?;
    let Some(text) = text else {
        return Ok(None);
    };
    let read = serde_json::from_str(&text).map_err(|_| damaged("letter_words", letter.0))?;
    Ok(Some(read))
}
