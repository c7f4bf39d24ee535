//! The numbered change feed.

use super::super::dialect::{Connection, Db};
use crate::domain::{Booking, Channel, Moment};
use crate::failure::Failure;
use crate::record::Change;
use crate::record::rows::{ChangeRow, channel_code};

/// A change that waits for its number.
pub struct Pending {
    booking: i64,
    number: String,
    kind: &'static str,
    state: &'static str,
    starts_at: i64,
    channel: &'static str,
}

impl Pending {
    /// `kind` happened to `booking`, which is given as it is afterwards.
    pub fn new(kind: &'static str, booking: &Booking, channel: Channel) -> Self {
        Self {
            booking: booking.id.0,
            number: booking.number.as_str().to_owned(),
            kind,
            state: booking.state.code(),
            starts_at: booking.starts_at.micros(),
            channel: channel_code(channel),
        }
    }
}

/// Numbers the changes and writes them. The counter stays locked until the commit, so that no
/// number is seen before a lower one and none is left out; it comes last in a transaction, so
/// that others wait for it as briefly as can be, and never in a circle.
pub async fn write(
    connection: &mut Connection,
    changes: &[Pending],
    now: Moment,
) -> Result<(), Failure> {
    let number = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    if number == 0 {
        return Ok(());
    }
    let sql = "UPDATE meta SET value = value + $1 WHERE name = 'change_seq' RETURNING value";
    let last = sqlx::query_scalar::<Db, i64>(sql)
        .bind(number)
        .fetch_one(&mut *connection)
        .await?;
    for (change, seq) in changes
        .iter()
        .zip(last.saturating_sub(number).saturating_add(1)..)
    {
        insert(connection, change, seq, now).await?;
    }
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    change: &Pending,
    seq: i64,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "INSERT INTO changes (seq, at, booking_id, number, kind, state, starts_at, channel) \
               VALUES ($1,$2,$3,$4,$5,$6,$7,$8)";
    sqlx::query(sql)
        .bind(seq)
        .bind(now.micros())
        .bind(change.booking)
        .bind(&change.number)
        .bind(change.kind)
        .bind(change.state)
        .bind(change.starts_at)
        .bind(change.channel)
        .execute(connection)
        .await?;
    Ok(())
}

/// Changes behind `after`, in order.
pub async fn read(
    connection: &mut Connection,
    after: i64,
    limit: u32,
) -> Result<Vec<Change>, Failure> {
    let sql = "SELECT seq, at, booking_id, number, kind, state, starts_at, channel FROM changes \
               WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = sqlx::query_as::<Db, ChangeRow>(sql)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(ChangeRow::change).collect()
}
