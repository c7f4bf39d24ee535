//! Filing orders: where letters are to be moved.

use super::super::dialect::{self, Connection, Db};
use super::letters;
use crate::decide::Filing;
use crate::domain::{LetterId, Moment, Place};
use crate::failure::Failure;
use crate::record::FilingOrder;
use crate::record::rows::FilingRow;

/// How long an order is in one daemon's hands: long enough to move a batch, and short enough that
/// a crash in between hardly delays the next run.
const LEASE_SECONDS: i64 = 20;

const ORDER: &str = "INSERT INTO filings (letter_id, place_folder, place_validity, place_key, \
    target, keywords, note, attempts, due_at, leased_until, done) \
    SELECT id, place_folder, place_validity, place_key, $2, $3, $4, 0, $5, 0, FALSE \
    FROM letters WHERE id = $1";

/// Orders that a letter is moved from where it was seen last.
pub async fn order(
    connection: &mut Connection,
    letter: LetterId,
    filing: &Filing,
    now: Moment,
) -> Result<(), Failure> {
    let json = |error: serde_json::Error| {
        Failure::try_again_because("a filing order could not be written as JSON", error)
    };
    let note = filing.note.as_ref().map(serde_json::to_string);
    sqlx::query(ORDER)
        .bind(letter.0)
        .bind(filing.to.code())
        .bind(serde_json::to_string(&filing.keywords).map_err(json)?)
        .bind(note.transpose().map_err(json)?)
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// Leases orders that are due, oldest first; counts the attempt.
pub async fn due(
    connection: &mut Connection,
    now: Moment,
    limit: u32,
) -> Result<Vec<FilingOrder>, Failure> {
    let rows = sqlx::query_as::<Db, FilingRow>(dialect::TAKE_FILINGS)
        .bind(now.micros())
        .bind(now.plus_seconds(LEASE_SECONDS).micros())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    let mut orders = rows
        .into_iter()
        .map(FilingRow::order)
        .collect::<Result<Vec<FilingOrder>, Failure>>()?;
    orders.sort_by_key(|order| order.letter);
    Ok(orders)
}

/// Notes that these letters were moved from these places; an order that names another place by
/// now is about another copy, and stays open.
pub async fn settle(
    connection: &mut Connection,
    done: &[(LetterId, Place)],
) -> Result<(), Failure> {
    let mut done: Vec<&(LetterId, Place)> = done.iter().collect();
    done.sort_by_key(|(letter, _)| *letter);
    let letters: Vec<i64> = done.iter().map(|(letter, _)| letter.0).collect();
    // Letters are locked before their orders everywhere, or two daemons could wait in a circle.
    letters::lock(connection, &letters).await?;
    let sql = "UPDATE filings SET done = TRUE, leased_until = 0 WHERE letter_id = $1 \
               AND place_folder = $2 AND place_validity = $3 AND place_key = $4";
    for (letter, place) in done {
        sqlx::query(sql)
            .bind(letter.0)
            .bind(place.folder.code())
            .bind(i64::from(place.validity))
            .bind(&place.key)
            .execute(&mut *connection)
            .await?;
    }
    letters::refresh(connection, &letters).await
}

/// Notes that these are due again at `due_at`.
pub async fn postpone(
    connection: &mut Connection,
    letters: &[LetterId],
    due_at: Moment,
) -> Result<(), Failure> {
    let letters = sorted(letters);
    letters::lock(connection, &letters).await?;
    let sql = "UPDATE filings SET due_at = $1, leased_until = 0 WHERE letter_id = $2 AND NOT done";
    for letter in letters {
        sqlx::query(sql)
            .bind(due_at.micros())
            .bind(letter)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn sorted(letters: &[LetterId]) -> Vec<i64> {
    let mut ids: Vec<i64> = letters.iter().map(|letter| letter.0).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
