//! Retention and requests of persons, in SQL.

use super::super::dialect::{self, Connection, Db};
use super::{SqlLedger, journal, outbox};
use crate::domain::{BookingId, ContentHash, EmailAddress, Event, EventKind, LetterId, Moment};
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

/// What each purged booking loses.
const OF_BOOKING: [&str; 6] = [
    "DELETE FROM citizens WHERE booking_id = $1",
    "DELETE FROM booking_addresses WHERE booking_id = $1",
    "DELETE FROM bounced_addresses WHERE booking_id = $1",
    "DELETE FROM code_tries WHERE challenge_id IN \
        (SELECT id FROM challenges WHERE booking_id = $1)",
    "UPDATE challenges SET reason = NULL WHERE booking_id = $1",
    "DELETE FROM waiting_letters WHERE booking_id = $1",
];

/// What each purged letter loses.
const OF_LETTER: [&str; 7] = [
    "DELETE FROM letter_words WHERE letter_id = $1",
    "DELETE FROM desk_orders WHERE letter_id = $1",
    "DELETE FROM waiting_letters WHERE letter_id = $1",
    "DELETE FROM dns_waits WHERE letter_id = $1",
    "UPDATE challenges SET reason = NULL WHERE letter_id = $1",
    "DELETE FROM desk_notes WHERE letter_id = $1",
    "UPDATE filings SET note = NULL WHERE letter_id = $1",
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
        held_on(&mut *self.reader().await?, address).await
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
    for row in ids(connection, ANSWERS, before, limit).await? {
        answers += delete_answers(connection, "id", row).await?;
    }
    let purged = Purged {
        bookings: length(&bookings),
        letters: length(&letters),
        answers,
    };
    if !purged.is_nothing() {
        journal::append(connection, &events(&bookings, purged, before), now).await?;
    }
    Ok(purged)
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
    });
    events.push(event(RETENTION_CHAIN.to_owned(), data));
    events
}

async fn held_on(
    connection: &mut Connection,
    address: &EmailAddress,
) -> Result<HeldOnPerson, Failure> {
    let bookings = "SELECT DISTINCT booking_id FROM booking_addresses WHERE address = $1 \
                    ORDER BY booking_id";
    let letters = "SELECT id FROM letters WHERE id IN \
                   (SELECT letter_id FROM letter_words WHERE sender = $1) OR booking_id IN \
                   (SELECT booking_id FROM booking_addresses WHERE address = $1) ORDER BY id";
    let mut found = Vec::new();
    for sql in [bookings, letters] {
        let ids = sqlx::query_scalar::<Db, i64>(sql)
            .bind(address.as_str())
            .fetch_all(&mut *connection)
            .await?;
        found.push(ids);
    }
    let mut found = found.into_iter();
    Ok(HeldOnPerson {
        bookings: found
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(BookingId)
            .collect(),
        letters: found
            .next()
            .unwrap_or_default()
            .into_iter()
            .map(LetterId)
            .collect(),
        answers: outbox::of_person(connection, address).await?,
    })
}
