//! Retention and requests of persons, in SQL.

use super::super::dialect::{self, Connection, Db};
use super::{SqlLedger, journal, persons};
use crate::domain::{ContentHash, EmailAddress, Event, EventKind, Moment};
use crate::failure::Failure;
use crate::record::rows::count;
use crate::record::{HeldOnPerson, PrivacyLedger, Purged, RETENTION_CHAIN};
use async_trait::async_trait;
use serde_json::json;

const BOOKINGS: &str = "SELECT id FROM bookings WHERE purged_at IS NULL AND starts_at < $1 \
    ORDER BY starts_at, id LIMIT $2";

/// A letter about a booking keeps with it, however old it is. One that was decided of late, because it
/// was found late, is kept for those who have to answer it.
const LETTERS: &str = "SELECT l.id FROM letters l WHERE l.purged_at IS NULL AND l.received_at < $1 \
    AND l.decided_at < $1 AND l.state <> 'taken_in' AND NOT EXISTS (SELECT 1 FROM bookings b \
        WHERE b.id = l.booking_id AND b.purged_at IS NULL AND b.starts_at >= $1) \
    ORDER BY l.received_at, l.id LIMIT $2";

/// Of our own accord, and about no booking.
const ANSWERS: &str = "SELECT id FROM outbox WHERE booking_id IS NULL AND answers IS NULL \
    AND created_at < $1 ORDER BY id LIMIT $2";

/// Persons who wait no longer, or for times that are over, and have no offer of late. `$2` is the
/// limit as the clocks show it: the zone makes a difference of hours to months.
const WAITING: &str = "SELECT w.id FROM waiting_list w JOIN waiting_persons p ON p.waiting_id = w.id \
    WHERE w.joined_at < $1 AND (w.state IN ('served', 'removed') OR w.wanted_until < $2 \
        OR EXISTS (SELECT 1 FROM slots s WHERE s.id = w.slot_id AND s.starts_at < $1)) \
    AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.waiting_id = w.id AND (o.state = 'open' \
        OR COALESCE(o.closed_at, o.expires_at) >= $1)) ORDER BY w.id LIMIT $3";

/// Days for which a cancellation of a purged booking may still count, or its sanction hold: no
/// window of a policy is longer.
const LONGEST_WINDOW_DAYS: i64 = 366;

/// Cancellations that no window reaches any more, and sanctions that ended as long ago. A fine holds
/// until it is lifted.
const COUNTED: &str = "SELECT c.id FROM counted_cancellations c JOIN bookings b \
    ON b.id = c.booking_id WHERE b.purged_at IS NOT NULL AND c.received_at < $1 \
    AND c.cancelled_at < $1 ORDER BY c.id LIMIT $2";
const SANCTIONS: &str = "SELECT s.id FROM sanctions s JOIN bookings b ON b.id = s.booking_id \
    WHERE b.purged_at IS NOT NULL AND s.proposed_at < $1 AND ((s.state = 'lifted' \
        AND COALESCE(s.decided_at, s.proposed_at) < $1) \
        OR s.state = 'proposed' OR (s.state = 'imposed' AND s.until < $1)) \
    ORDER BY s.id LIMIT $2";

/// What each purged entry of the waiting list loses; nothing can be offered to nobody.
const OF_WAITING: [&str; 2] = [
    "DELETE FROM waiting_persons WHERE waiting_id = $1",
    "UPDATE waiting_list SET state = 'removed' WHERE id = $1 AND state IN ('waiting', 'offered')",
];

/// What each purged booking loses.
const OF_BOOKING: [&str; 7] = [
    "DELETE FROM restoration_tries WHERE booking_id = $1",
    "DELETE FROM citizens WHERE booking_id = $1",
    "DELETE FROM booking_addresses WHERE booking_id = $1",
    "DELETE FROM bounced_addresses WHERE booking_id = $1",
    "DELETE FROM code_tries WHERE challenge_id IN \
        (SELECT id FROM challenges WHERE booking_id = $1)",
    "UPDATE challenges SET reason = NULL WHERE booking_id = $1",
    "DELETE FROM waiting_letters WHERE booking_id = $1",
];

/// What each purged letter loses.
const OF_LETTER: [&str; 8] = [
    "DELETE FROM letter_words WHERE letter_id = $1",
    "DELETE FROM desk_orders WHERE letter_id = $1",
    "DELETE FROM waiting_letters WHERE letter_id = $1",
    "DELETE FROM dns_waits WHERE letter_id = $1",
    "UPDATE challenges SET reason = NULL WHERE letter_id = $1",
    "DELETE FROM desk_notes WHERE letter_id = $1",
    "UPDATE filings SET note = NULL WHERE letter_id = $1",
    "UPDATE received_documents SET name = NULL WHERE letter_id = $1",
];

/// Nobody can act on a letter that is gone: it is no longer with staff.
const PURGE_LETTER: &str = "UPDATE letters SET purged_at = $1, \
    state = CASE WHEN state = 'held' THEN 'resolved' ELSE state END WHERE id = $2";

#[async_trait]
impl PrivacyLedger for SqlLedger {
    async fn to_purge(&self, before: Moment) -> Result<Purged, Failure> {
        let mut reader = self.reader().await?;
        let all = i64::from(u32::MAX);
        Ok(Purged {
            bookings: length(&ids(&mut reader, BOOKINGS, before, all).await?),
            letters: length(&ids(&mut reader, LETTERS, before, all).await?),
            answers: length(&ids(&mut reader, ANSWERS, before, all).await?),
            waiting: length(&waiting(&mut reader, before, all).await?),
            counted: count_no_more(&mut reader, before, all).await?,
        })
    }

    async fn purge(&self, before: Moment, limit: u32, now: Moment) -> Result<Purged, Failure> {
        let mut transaction = self.begin().await?;
        let purged = purge(&mut transaction, before, i64::from(limit), now).await?;
        transaction.commit().await?;
        Ok(purged)
    }

    async fn sweep(&self) -> Result<(), Failure> {
        dialect::sweep(&self.write).await
    }

    async fn are_purged(&self, hashes: &[ContentHash]) -> Result<Vec<bool>, Failure> {
        let sql = "SELECT id FROM letters WHERE raw_hash = $1 AND purged_at IS NOT NULL";
        let mut reader = self.reader().await?;
        let mut purged = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let found = sqlx::query_scalar::<Db, i64>(sql)
                .bind(hash.0.as_slice())
                .fetch_optional(&mut *reader)
                .await?;
            purged.push(found.is_some());
        }
        Ok(purged)
    }

    async fn has_purged_letters(&self) -> Result<bool, Failure> {
        let sql = "SELECT id FROM letters WHERE purged_at IS NOT NULL LIMIT 1";
        let found = sqlx::query_scalar::<Db, i64>(sql)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        Ok(found.is_some())
    }

    async fn last_purge(&self) -> Result<Option<Moment>, Failure> {
        let sql = "SELECT value FROM meta WHERE name = 'last_purge'";
        let at = sqlx::query_scalar::<Db, i64>(sql)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        Ok(at.map(Moment::from_micros))
    }

    async fn note_purge(&self, now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        let sql = "INSERT INTO meta (name, value) VALUES ('last_purge', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        sqlx::query(sql)
            .bind(now.micros())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn held_on(&self, address: &EmailAddress) -> Result<HeldOnPerson, Failure> {
        persons::held_on(&mut *self.reader().await?, address).await
    }
}

fn length(ids: &[i64]) -> u64 {
    count(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}

async fn ids(
    connection: &mut Connection,
    sql: &'static str,
    before: Moment,
    limit: i64,
) -> Result<Vec<i64>, Failure> {
    Ok(sqlx::query_scalar::<Db, i64>(sql)
        .bind(before.micros())
        .bind(limit)
        .fetch_all(connection)
        .await?)
}

async fn purge(
    connection: &mut Connection,
    before: Moment,
    limit: i64,
    now: Moment,
) -> Result<Purged, Failure> {
    let bookings = ids(connection, BOOKINGS, before, limit).await?;
    let mut answers = 0_u64;
    dialect::lock_bookings(connection, &[], &bookings, &[]).await?;
    for booking in &bookings {
        answers += delete_answers(connection, "booking_id", *booking).await?;
        empty(connection, &OF_BOOKING, *booking).await?;
        mark(
            connection,
            "UPDATE bookings SET purged_at = $1 WHERE id = $2",
            *booking,
            now,
        )
        .await?;
    }
    let letters = ids(connection, LETTERS, before, limit).await?;
    for letter in &letters {
        answers += delete_answers(connection, "answers", *letter).await?;
        empty(connection, &OF_LETTER, *letter).await?;
        mark(connection, PURGE_LETTER, *letter, now).await?;
    }
    let waiting = waiting(connection, before, limit).await?;
    for entry in &waiting {
        empty(connection, &OF_WAITING, *entry).await?;
    }
    for row in ids(connection, ANSWERS, before, limit).await? {
        answers += delete_answers(connection, "id", row).await?;
    }
    let counted = forget_counted(connection, before, limit).await?;
    let purged = Purged {
        counted,
        bookings: length(&bookings),
        letters: length(&letters),
        waiting: length(&waiting),
        answers,
    };
    if !purged.is_nothing() {
        journal::append(connection, &events(&bookings, purged, before), now).await?;
    }
    Ok(purged)
}

async fn waiting(
    connection: &mut Connection,
    before: Moment,
    limit: i64,
) -> Result<Vec<i64>, Failure> {
    let clocks = before.timestamp().strftime("%Y-%m-%dT%H:%M").to_string();
    Ok(sqlx::query_scalar::<Db, i64>(WAITING)
        .bind(before.micros())
        .bind(clocks)
        .bind(limit)
        .fetch_all(connection)
        .await?)
}

/// Before which moment nothing counts any more.
fn beyond_windows(before: Moment) -> Moment {
    before.plus_hours(-24 * LONGEST_WINDOW_DAYS)
}

async fn count_no_more(
    connection: &mut Connection,
    before: Moment,
    limit: i64,
) -> Result<u64, Failure> {
    let mut all = 0_u64;
    for sql in [COUNTED, SANCTIONS] {
        let found = ids(connection, sql, beyond_windows(before), limit).await?;
        all = all.saturating_add(length(&found));
    }
    Ok(all)
}

/// Deletes what counts no more; the journal keeps that it was.
async fn forget_counted(
    connection: &mut Connection,
    before: Moment,
    limit: i64,
) -> Result<u64, Failure> {
    let mut all = 0_u64;
    for (find, delete) in [
        (COUNTED, "DELETE FROM counted_cancellations WHERE id = $1"),
        (SANCTIONS, "DELETE FROM sanctions WHERE id = $1"),
    ] {
        for id in ids(connection, find, beyond_windows(before), limit).await? {
            sqlx::query(delete)
                .bind(id)
                .execute(&mut *connection)
                .await?;
            all = all.saturating_add(1);
        }
    }
    Ok(all)
}

async fn empty(
    connection: &mut Connection,
    statements: &'static [&'static str],
    id: i64,
) -> Result<(), Failure> {
    for sql in statements {
        sqlx::query(*sql).bind(id).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn mark(
    connection: &mut Connection,
    sql: &'static str,
    id: i64,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query(sql)
        .bind(now.micros())
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}

async fn delete_answers(
    connection: &mut Connection,
    by: &'static str,
    id: i64,
) -> Result<u64, Failure> {
    let sql = match by {
        "booking_id" => "DELETE FROM outbox WHERE booking_id = $1",
        "answers" => "DELETE FROM outbox WHERE answers = $1",
        _ => "DELETE FROM outbox WHERE id = $1",
    };
    let deleted = sqlx::query(sql).bind(id).execute(connection).await?;
    Ok(deleted.rows_affected())
}

/// One for each booking in its own chain, and one for the letters together.
fn events(bookings: &[i64], purged: Purged, before: Moment) -> Vec<Event> {
    let event = |chain: String, data| Event {
        chain,
        kind: EventKind::PersonalDataPurged,
        actor: "daemon".to_owned(),
        data,
    };
    let mut events: Vec<Event> = bookings
        .iter()
        .map(|id| {
            let data = json!({ "before": before.to_rfc3339() });
            event(format!("booking:{id}"), data)
        })
        .collect();
    let data = json!({
        "before": before.to_rfc3339(),
        "bookings": purged.bookings,
        "letters": purged.letters,
        "answers": purged.answers,
        "waiting": purged.waiting,
        "counted": purged.counted,
    });
    events.push(event(RETENTION_CHAIN.to_owned(), data));
    events
}
