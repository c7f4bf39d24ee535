//! Letters of ours: put in, leased, settled.

use super::super::dialect::{self, Connection, Db};
use super::{budget, documents, letters};
use crate::config::BudgetSettings;
use crate::domain::{BookingId, ContentHash, EmailAddress, Moment};
use crate::failure::Failure;
use crate::record::rows::OutgoingRow;
use crate::record::{Attempt, OutboxRow, OutboxState};
use crate::reply::{LetterData, OutgoingLetter};

const PUT: &str = "INSERT INTO outbox (kind, answers, booking_id, recipient, message_id, thread, \
    reply_to, date, verified, data, state, attempts, created_at, not_before, due_at, leased_until, \
    last_error, budget_address, budget_domain) \
    VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$13,0,$11,$12,$12,0,$14,$15,$16)";

/// Puts a letter into the outbox; an answer over the budget waits or is parked.
pub async fn put(
    connection: &mut Connection,
    letter: &OutgoingLetter,
    budget: BudgetSettings,
    now: Moment,
) -> Result<(), Failure> {
    let charge = budget::charge(connection, letter, budget, now).await?;
    let json = |error: serde_json::Error| {
        Failure::try_again_because("an answer could not be written as JSON", error)
    };
    sqlx::query(PUT)
        .bind(letter.kind.code())
        .bind(letter.answers.map(|id| id.0))
        .bind(letter.booking.map(|id| id.0))
        .bind(letter.recipient.as_str())
        .bind(letter.message_id.as_str())
        .bind(serde_json::to_string(&letter.thread).map_err(json)?)
        .bind(letter.reply_to.as_ref().map(EmailAddress::as_str))
        .bind(letter.date.micros())
        .bind(letter.verified)
        .bind(serde_json::to_string(&letter.data).map_err(json)?)
        .bind(now.micros())
        .bind(charge.due_at.micros())
        .bind(charge.state.code())
        .bind(charge.error)
        .bind(charge.address)
        .bind(charge.domain)
        .execute(connection)
        .await?;
    Ok(())
}

/// Leases due letters and counts the attempt.
pub async fn lease(
    connection: &mut Connection,
    now: Moment,
    leased_until: Moment,
    limit: u32,
) -> Result<Vec<OutboxRow>, Failure> {
    let rows = sqlx::query_as::<Db, OutgoingRow>(dialect::LEASE_LETTERS)
        .bind(now.micros())
        .bind(leased_until.micros())
        .bind(i64::from(limit))
        .fetch_all(&mut *connection)
        .await?;
    let mut rows = read(rows)?;
    documents::recall_first(connection, &mut rows).await?;
    rows.sort_by_key(|row| (row.due_at, row.id));
    Ok(rows)
}

fn read(rows: Vec<OutgoingRow>) -> Result<Vec<OutboxRow>, Failure> {
    rows.into_iter().map(OutgoingRow::row).collect()
}

/// What is sent stays sent, whoever reports something else later; a letter that was sent by one
/// whose lease had run out counts as sent.
const SETTLE: &str = "UPDATE outbox SET state = $1, due_at = $2, leased_until = 0, \
        last_error = $3, sent_at = CASE WHEN $1 = 'sent' THEN $4 ELSE sent_at END, \
        document_hash = COALESCE(document_hash, $5), \
        attempts = CASE WHEN $7 OR attempts = 0 THEN attempts ELSE attempts - 1 END \
    WHERE id = $6 AND state <> 'sent' AND (state = 'due' OR $1 = 'sent') \
    RETURNING answers, booking_id, data";

/// Notes how attempts ended, journals documents that are new, and moves the answered letters on.
pub async fn settle(
    connection: &mut Connection,
    attempts: &[Attempt],
    now: Moment,
) -> Result<(), Failure> {
    let mut in_order: Vec<&Attempt> = attempts.iter().collect();
    in_order.sort_by_key(|attempt| attempt.row);
    let (mut answered, mut issued) = (Vec::new(), Vec::new());
    for attempt in in_order {
        let row = sqlx::query_as::<Db, (Option<i64>, Option<i64>, String)>(SETTLE)
            .bind(attempt.state.code())
            .bind(attempt.due_at.micros())
            .bind(attempt.error.as_deref())
            .bind(now.micros())
            .bind(attempt.document_hash.map(|hash| hash.0.to_vec()))
            .bind(attempt.row)
            .bind(attempt.tried)
            .fetch_optional(&mut *connection)
            .await?;
        let Some((answers, booking, data)) = row else {
            continue;
        };
        answered.extend(answers);
        let sent = attempt.state == OutboxState::Sent;
        if let (true, Some(hash), Some(booking)) = (sent, attempt.document_hash, booking) {
            issued.push((BookingId(booking), hash, data));
        }
    }
    letters::refresh(connection, &answered).await?;
    issue(connection, issued, now).await
}

/// Journals each rendering of a document when it is sent for the first time.
async fn issue(
    connection: &mut Connection,
    mut issued: Vec<(BookingId, ContentHash, String)>,
    now: Moment,
) -> Result<(), Failure> {
    issued.sort_by_key(|(booking, ..)| *booking);
    let bookings: Vec<i64> = issued.iter().map(|(booking, ..)| booking.0).collect();
    if bookings.is_empty() {
        return Ok(());
    }
    dialect::lock_bookings(connection, &[], &bookings, &[]).await?;
    for (booking, hash, data) in issued {
        let number = serde_json::from_str::<LetterData>(&data)
            .ok()
            .and_then(|data| data.document)
            .unwrap_or_default();
        documents::note(connection, booking, &number, &hash, now).await?;
    }
    Ok(())
}

/// When the next letter is due.
pub async fn next_due(connection: &mut Connection) -> Result<Option<Moment>, Failure> {
    let sql = "SELECT min(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) \
               FROM outbox WHERE state = 'due'";
    let due = sqlx::query_scalar::<Db, Option<i64>>(sql)
        .fetch_one(connection)
        .await?;
    Ok(due.map(Moment::from_micros))
}

/// Rows, newest first.
pub async fn list(
    connection: &mut Connection,
    state: Option<OutboxState>,
    limit: u32,
) -> Result<Vec<OutboxRow>, Failure> {
    let sql = "SELECT id, kind, answers, booking_id, recipient, message_id, thread, reply_to, \
               date, verified, data, state, attempts, created_at, not_before, due_at, sent_at, \
               last_error, document_hash FROM outbox WHERE ($1 IS NULL OR state = $1) \
               ORDER BY id DESC LIMIT $2";
    let rows = sqlx::query_as::<Db, OutgoingRow>(sql)
        .bind(state.map(OutboxState::code))
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    read(rows)
}

/// Those to an address, and those about the bookings that have it on file.
pub async fn of_person(
    connection: &mut Connection,
    address: &EmailAddress,
) -> Result<Vec<OutboxRow>, Failure> {
    let sql = "SELECT id, kind, answers, booking_id, recipient, message_id, thread, reply_to, \
               date, verified, data, state, attempts, created_at, not_before, due_at, sent_at, \
               last_error, document_hash FROM outbox WHERE recipient = $1 OR booking_id IN \
               (SELECT booking_id FROM booking_addresses WHERE address = $1) ORDER BY id";
    let rows = sqlx::query_as::<Db, OutgoingRow>(sql)
        .bind(address.as_str())
        .fetch_all(connection)
        .await?;
    read(rows)
}

// A retry begins anew: attempts and days of before do not count against it.
const RETRY_ALL: &str = "UPDATE outbox SET state = 'due', due_at = $1, not_before = $1, attempts = 0 \
    WHERE state IN ('undeliverable', 'given_up') OR (state = 'due' AND due_at > $1) \
    RETURNING answers";
const RETRY_ONE: &str = "UPDATE outbox SET state = 'due', due_at = $1, not_before = $1, attempts = 0 \
    WHERE id = $2 \
    AND (state IN ('undeliverable', 'given_up') OR (state = 'due' AND due_at > $1)) \
    RETURNING answers";

/// Makes rows due at once; all that wait or failed where `ids` is empty.
pub async fn retry(connection: &mut Connection, ids: &[i64], now: Moment) -> Result<u64, Failure> {
    let mut answers: Vec<Option<i64>> = Vec::new();
    if ids.is_empty() {
        answers = sqlx::query_scalar::<Db, Option<i64>>(RETRY_ALL)
            .bind(now.micros())
            .fetch_all(&mut *connection)
            .await?;
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for id in ids {
        let row = sqlx::query_scalar::<Db, Option<i64>>(RETRY_ONE)
            .bind(now.micros())
            .bind(id)
            .fetch_optional(&mut *connection)
            .await?;
        answers.extend(row);
    }
    let letters: Vec<i64> = answers.iter().copied().flatten().collect();
    letters::refresh(connection, &letters).await?;
    Ok(u64::try_from(answers.len()).unwrap_or(u64::MAX))
}
