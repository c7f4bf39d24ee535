//! The one mailbox that a ledger serves.

use super::super::dialect::{Connection, Db};
use crate::domain::ContentHash;
use crate::failure::Failure;

/// Notes the mailbox at first use, and refuses another one.
pub async fn claim(connection: &mut Connection, identity: &ContentHash) -> Result<(), Failure> {
    let sql = "INSERT INTO mailbox (id, identity) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
    sqlx::query(sql)
        .bind(identity.0.as_slice())
        .execute(&mut *connection)
        .await?;
    let claimed = sqlx::query_scalar::<Db, Vec<u8>>("SELECT identity FROM mailbox WHERE id = 1")
        .fetch_one(connection)
        .await?;
    if claimed == identity.0 {
        return Ok(());
    }
    Err(Failure::stop(
        "the database of database.url serves another mailbox",
        "let database.url name a database of its own for this mailbox, or correct mailbox",
    ))
}
