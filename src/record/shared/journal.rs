//! The journal: entries are appended under the lock of what they tell of; the unique position in
//! a chain holds even where a lock was forgotten.

use super::super::dialect::{Connection, Db};
use crate::domain::{BookingId, ContentHash, Event, HistoryEvent, JournalEntry, Moment};
use crate::failure::Failure;
use crate::record::JournalFault;
use crate::record::fault::damaged;
use crate::record::rows::JournalRow;
use futures::TryStreamExt;
use std::collections::HashMap;

const APPEND: &str = "INSERT INTO journal \
    (chain, position, kind, actor, at, data, previous, hash) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)";

const HEAD: &str =
    "SELECT position, hash FROM journal WHERE chain = $1 ORDER BY position DESC LIMIT 1";

/// Appends events to their chains, in order.
pub async fn append(
    connection: &mut Connection,
    events: &[Event],
    now: Moment,
) -> Result<(), Failure> {
    let mut heads: HashMap<&str, (i64, ContentHash)> = HashMap::new();
    for event in events {
        let before = match heads.get(event.chain.as_str()) {
            Some(head) => Some(*head),
            None => head(connection, &event.chain).await?,
        };
        let entry = JournalEntry::append(event, now, before);
        write(connection, &entry).await?;
        heads.insert(&event.chain, (entry.position, entry.hash));
    }
    Ok(())
}

async fn head(
    connection: &mut Connection,
    chain: &str,
) -> Result<Option<(i64, ContentHash)>, Failure> {
    let row = sqlx::query_as::<Db, (i64, Vec<u8>)>(HEAD)
        .bind(chain)
        .fetch_optional(connection)
        .await?;
    let Some((position, hash)) = row else {
        return Ok(None);
    };
    let hash = ContentHash::from_slice(&hash).ok_or_else(|| damaged("journal", chain))?;
    Ok(Some((position, hash)))
}

async fn write(connection: &mut Connection, entry: &JournalEntry) -> Result<(), Failure> {
    sqlx::query(APPEND)
        .bind(&entry.chain)
        .bind(entry.position)
        .bind(&entry.kind)
        .bind(&entry.actor)
        .bind(entry.at.micros())
        .bind(&entry.data)
        .bind(entry.previous.0.as_slice())
        .bind(entry.hash.0.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}

/// One chain, from its beginning.
pub async fn read(connection: &mut Connection, chain: &str) -> Result<Vec<JournalEntry>, Failure> {
    let sql = "SELECT chain, position, kind, actor, at, data, previous, hash FROM journal \
               WHERE chain = $1 ORDER BY position";
    let rows = sqlx::query_as::<Db, JournalRow>(sql)
        .bind(chain)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(JournalEntry::from).collect())
}

/// Events that a letter tells at most.
const LONGEST_HISTORY: i64 = 40;

/// What happened to a booking of late, oldest first; kinds of later versions are left out.
pub async fn history(
    connection: &mut Connection,
    booking: BookingId,
) -> Result<Vec<HistoryEvent>, Failure> {
    let sql = "SELECT kind, at FROM journal WHERE chain = $1 ORDER BY position DESC LIMIT $2";
    let rows = sqlx::query_as::<Db, (String, i64)>(sql)
        .bind(format!("booking:{}", booking.0))
        .bind(LONGEST_HISTORY)
        .fetch_all(connection)
        .await?;
    let event = |(kind, at): (String, i64)| {
        let kind = serde_json::from_value(serde_json::Value::String(kind)).ok()?;
        let at = Moment::from_micros(at);
        Some(HistoryEvent { at, kind })
    };
    Ok(rows.into_iter().rev().filter_map(event).collect())
}

/// Checks every chain, one entry in memory at a time.
pub async fn verify(connection: &mut Connection) -> Result<(u64, Vec<JournalFault>), Failure> {
    let sql = "SELECT chain, position, kind, actor, at, data, previous, hash FROM journal \
               ORDER BY chain, position";
    let mut rows = sqlx::query_as::<Db, JournalRow>(sql).fetch(connection);
    let (mut checked, mut faults) = (0_u64, Vec::new());
    let mut before: Option<JournalEntry> = None;
    while let Some(row) = rows.try_next().await? {
        let entry = JournalEntry::from(row);
        let same_chain = before.take().filter(|b| b.chain == entry.chain);
        if !entry.follows(same_chain.as_ref()) {
            faults.push(JournalFault {
                chain: entry.chain.clone(),
                position: entry.position,
            });
        }
        checked = checked.saturating_add(1);
        before = Some(entry);
    }
    Ok((checked, faults))
}
