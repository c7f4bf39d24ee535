//! Filing orders: where letters are to be moved.

use super::super::dialect::{self, Connection, Db};
use super::letters;
use crate::decide::Filing;
use crate::domain::{LetterId, Moment};
use crate::failure::Failure;
use crate::record::FilingOrder;
use crate::record::rows::FilingRow;

const ORDER: &str = "INSERT INTO filings (letter_id, place_folder, place_validity, place_key, \
    target, keywords, note, attempts, due_at, done) \
    SELECT id, place_folder, place_validity, place_key, $2, $3, $4, 0, $5, FALSE \
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

/// Orders that are due, oldest first; counts the attempt.
pub async fn due(
    connection: &mut Connection,
    now: Moment,
    limit: u32,
) -> Result<Vec<FilingOrder>, Failure> {
    let rows = sqlx::query_as::<Db, FilingRow>(dialect::TAKE_FILINGS)
        .bind(now.micros())
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

/// Notes that these letters lie in their folders.
pub async fn settle(connection: &mut Connection, done: &[LetterId]) -> Result<(), Failure> {
    let letters = sorted(done);
    // Letters are locked before their orders everywhere, or two daemons could wait in a circle.
    letters::lock(connection, &letters).await?;
    for letter in &letters {
        sqlx::query("UPDATE filings SET done = TRUE WHERE letter_id = $1")
            .bind(letter)
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
    for letter in letters {
        sqlx::query("UPDATE filings SET due_at = $1 WHERE letter_id = $2 AND NOT done")
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
