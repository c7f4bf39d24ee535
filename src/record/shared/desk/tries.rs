//! Attempts at reading a letter for an act of staff: one on which the program dies is given up.

use super::super::super::dialect::{Connection, Db};
use crate::domain::LetterId;
use crate::failure::Failure;
use crate::record::rows::count;

const BEGIN: &str = "INSERT INTO desk (letter_id, tries) VALUES ($1, 1) \
    ON CONFLICT (letter_id) DO UPDATE SET tries = desk.tries + 1 RETURNING tries";

/// Counts an attempt and gives which one it is.
pub async fn begin(connection: &mut Connection, letter: LetterId) -> Result<u64, Failure> {
    let tries = sqlx::query_scalar::<Db, i64>(BEGIN)
        .bind(letter.0)
        .fetch_one(connection)
        .await?;
    Ok(count(tries))
}

/// The attempt came to its end.
pub async fn end(connection: &mut Connection, letter: LetterId) -> Result<(), Failure> {
    sqlx::query("UPDATE desk SET tries = 0 WHERE letter_id = $1")
        .bind(letter.0)
        .execute(connection)
        .await?;
    Ok(())
}
