//! What SQLite says differently.

use crate::failure::Failure;
use sqlx::Sqlite;

/// The database.
pub type Db = Sqlite;
/// A pool of its connections.
pub type Pool = sqlx::SqlitePool;
/// A connection.
pub type Connection = sqlx::SqliteConnection;
/// A transaction.
pub type Transaction = sqlx::Transaction<'static, Sqlite>;

/// Takes the write lock at once: a transaction that reads first and writes later could find the
/// database locked with no chance to wait.
pub const BEGIN: &str = "BEGIN IMMEDIATE";

/// Whether any migration was ever applied.
pub const WAS_MIGRATED: &str = "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";

/// Which of the letters `$1` still wait for a decision.
pub const LOCK_UNDECIDED: &str = "SELECT id FROM letters WHERE state = 'taken_in' \
    AND id IN (SELECT value FROM json_each($1)) ORDER BY id";

/// The letters `$1`, before their state is worked out again.
pub const LOCK_LETTERS: &str =
    "SELECT id FROM letters WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id";

/// Which of the letters `$1` wait for an operator's word.
pub const WAITING_LETTERS: &str = "SELECT letter_id FROM waiting_letters \
    WHERE released_at IS NULL AND letter_id IN (SELECT value FROM json_each($1))";

/// Leases due letters of ours.
pub const LEASE_LETTERS: &str = "UPDATE outbox SET attempts = attempts + 1, leased_until = $2 \
    WHERE id IN (SELECT id FROM outbox WHERE state = 'due' AND due_at <= $1 \
        AND leased_until <= $1 ORDER BY due_at, id LIMIT $3) RETURNING *";

/// Leases due filing orders.
pub const TAKE_FILINGS: &str = "UPDATE filings SET attempts = attempts + 1, leased_until = $2 \
    WHERE letter_id IN (SELECT letter_id FROM filings WHERE NOT done AND due_at <= $1 \
        AND leased_until <= $1 ORDER BY due_at, letter_id LIMIT $3) RETURNING *";

/// The bookings with these numbers.
pub const IDS_BY_KEYS: &str =
    "SELECT id FROM bookings WHERE number_key IN (SELECT value FROM json_each($1)) LIMIT 20";

/// The open bookings of names from `$1` to before `$2`, by their bytes.
pub const IDS_BY_SURNAME: &str = "SELECT c.booking_id FROM citizens c \
    JOIN bookings b ON b.id = c.booking_id WHERE c.full_name >= $1 AND c.full_name < $2 \
    AND b.state IN ('scheduled', 'awaiting_confirmation') LIMIT 20";

/// The lock of the slots: the one writer needs none.
pub const LOCK_SLOTS: &str = "SELECT value FROM meta WHERE name = 'slots'";

/// Makes a booking with an id of our choice.
pub const MAKE_BOOKING: &str = "INSERT INTO bookings (id, number, number_key, service_code, \
    service_name, category, organisation, address, zone, resource, starts_at, follows, state, \
    cancellations, revision) \
    VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'scheduled',0,0)";

/// AUTOINCREMENT knows of the id by itself.
#[expect(clippy::unused_async, reason = "PostgreSQL has something to do here")]
pub async fn made_booking(_connection: &mut Connection) -> Result<(), Failure> {
    Ok(())
}

/// Many texts as one parameter.
pub fn texts(texts: &[String]) -> String {
    serde_json::json!(texts).to_string()
}

/// Many ids as one parameter.
pub fn set(ids: &[i64]) -> String {
    serde_json::json!(ids).to_string()
}

/// Brings deletions out of the log of the file into the file itself, where they overwrite.
pub async fn sweep(pool: &Pool) -> Result<(), Failure> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .fetch_all(pool)
        .await?;
    Ok(())
}

/// The one writer needs no locks on rows.
#[expect(clippy::unused_async, reason = "PostgreSQL has to wait here")]
pub async fn lock_bookings(
    _connection: &mut Connection,
    _keys: &[String],
    _bookings: &[i64],
    _challenges: &[i64],
) -> Result<(), Failure> {
    Ok(())
}
