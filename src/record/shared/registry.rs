//! Telling the organisation's own schedule, in SQL: how far the feed was told, and what waits.

use super::super::dialect::{Connection, Db};
use super::{SqlLedger, changes};
use crate::domain::{BookingId, Moment};
use crate::failure::Failure;
use crate::record::rows::count;
use crate::record::{Change, RegistryLedger, RegistryState, Telling};
use async_trait::async_trait;

/// The first of each booking that waits, where it is due.
const DUE: &str = "SELECT b.seq, b.attempts FROM registry_backlog b WHERE b.due_at <= $1 \
    AND NOT EXISTS (SELECT 1 FROM registry_backlog e \
        WHERE e.booking_id = b.booking_id AND e.seq < b.seq) \
    ORDER BY b.due_at, b.seq LIMIT 1";

const STATE: &str = "SELECT (SELECT count(*) FROM changes WHERE seq > r.told) \
    + (SELECT count(*) FROM registry_backlog), r.last_told_at, r.failing_since, r.last_error \
    FROM registry r WHERE r.id = 1";

#[async_trait]
impl RegistryLedger for SqlLedger {
    async fn lease_registry(
        &self,
        holder: i64,
        now: Moment,
        until: Moment,
    ) -> Result<bool, Failure> {
        let sql = "UPDATE registry SET holder = $1, leased_until = $3 \
                   WHERE id = 1 AND (holder = $1 OR leased_until <= $2)";
        let mut transaction = self.begin().await?;
        let taken = sqlx::query(sql)
            .bind(holder)
            .bind(now.micros())
            .bind(until.micros())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        transaction.commit().await?;
        Ok(taken == 1)
    }

    async fn release_registry(&self, holder: i64) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        sqlx::query("UPDATE registry SET leased_until = 0 WHERE id = 1 AND holder = $1")
            .bind(holder)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn next_telling(&self, now: Moment) -> Result<Option<Telling>, Failure> {
        let mut transaction = self.begin().await?;
        let next = next(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(next)
    }

    async fn note_told(&self, telling: &Telling, now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        if telling.waited {
            sqlx::query("DELETE FROM registry_backlog WHERE seq = $1")
                .bind(telling.change.seq)
                .execute(&mut *transaction)
                .await?;
        } else {
            pass(&mut transaction, telling.change.seq).await?;
        }
        let sql = "UPDATE registry SET last_told_at = $1, failing_since = NULL, \
                   last_error = NULL WHERE id = 1";
        sqlx::query(sql)
            .bind(now.micros())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn note_untold(
        &self,
        telling: &Telling,
        error: &str,
        due_at: Moment,
        now: Moment,
    ) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        if telling.waited {
            let sql = "UPDATE registry_backlog SET attempts = attempts + 1, due_at = $1 \
                       WHERE seq = $2";
            sqlx::query(sql)
                .bind(due_at.micros())
                .bind(telling.change.seq)
                .execute(&mut *transaction)
                .await?;
        } else {
            put_off(&mut transaction, &telling.change, 1, due_at).await?;
        }
        let sql = "UPDATE registry SET failing_since = COALESCE(failing_since, $1), \
                   last_error = $2 WHERE id = 1";
        sqlx::query(sql)
            .bind(now.micros())
            .bind(error)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn registry_state(&self) -> Result<RegistryState, Failure> {
        let (waiting, told, failing, last_error) =
            sqlx::query_as::<Db, (i64, Option<i64>, Option<i64>, Option<String>)>(STATE)
                .fetch_one(&mut *self.reader().await?)
                .await?;
        Ok(RegistryState {
            waiting: count(waiting),
            last_told_at: told.map(Moment::from_micros),
            failing_since: failing.map(Moment::from_micros),
            last_error,
        })
    }
}

async fn next(connection: &mut Connection, now: Moment) -> Result<Option<Telling>, Failure> {
    let due = sqlx::query_as::<Db, (i64, i64)>(DUE)
        .bind(now.micros())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some((seq, attempts)) = due {
        let change = first_behind(connection, seq.saturating_sub(1)).await?;
        return Ok(change.map(|change| Telling {
            change,
            attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
            waited: true,
        }));
    }
    loop {
        let told = sqlx::query_scalar::<Db, i64>("SELECT told FROM registry WHERE id = 1")
            .fetch_one(&mut *connection)
            .await?;
        let Some(change) = first_behind(connection, told).await? else {
            return Ok(None);
        };
        if !waits(connection, change.booking).await? {
            return Ok(Some(Telling {
                change,
                attempts: 0,
                waited: false,
            }));
        }
        put_off(connection, &change, 0, now).await?;
    }
}

async fn first_behind(connection: &mut Connection, seq: i64) -> Result<Option<Change>, Failure> {
    Ok(changes::read(connection, seq, 1).await?.into_iter().next())
}

/// Whether a change of this booking waits already: later ones keep behind it.
async fn waits(connection: &mut Connection, booking: BookingId) -> Result<bool, Failure> {
    let sql = "SELECT seq FROM registry_backlog WHERE booking_id = $1 LIMIT 1";
    let found = sqlx::query_scalar::<Db, i64>(sql)
        .bind(booking.0)
        .fetch_optional(connection)
        .await?;
    Ok(found.is_some())
}

async fn put_off(
    connection: &mut Connection,
    change: &Change,
    attempts: i64,
    due_at: Moment,
) -> Result<(), Failure> {
    let sql = "INSERT INTO registry_backlog (seq, booking_id, attempts, due_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (seq) DO NOTHING";
    sqlx::query(sql)
        .bind(change.seq)
        .bind(change.booking.0)
        .bind(attempts)
        .bind(due_at.micros())
        .execute(&mut *connection)
        .await?;
    pass(connection, change.seq).await
}

/// The feed was told up to this change, or what was not told waits.
async fn pass(connection: &mut Connection, seq: i64) -> Result<(), Failure> {
    sqlx::query("UPDATE registry SET told = $1 WHERE id = 1 AND told < $1")
        .bind(seq)
        .execute(connection)
        .await?;
    Ok(())
}
