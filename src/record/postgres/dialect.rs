//! What PostgreSQL says differently.

use crate::failure::Failure;
use sqlx::Postgres;

/// The database.
pub type Db = Postgres;
/// A pool of its connections.
pub type Pool = sqlx::PgPool;
/// A connection.
pub type Connection = sqlx::PgConnection;
/// A transaction.
pub type Transaction = sqlx::Transaction<'static, Postgres>;

/// Every statement sees what was committed before it; what must not change is locked.
pub const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Whether any migration was ever applied.
pub const WAS_MIGRATED: &str =
    "SELECT count(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')";

/// Which of the letters `$1` still wait for a decision; locks them.
pub const LOCK_UNDECIDED: &str = "SELECT id FROM letters WHERE state = 'taken_in' \
    AND id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

/// The letters `$1`, locked before their state is worked out again.
pub const LOCK_LETTERS: &str =
    "SELECT id FROM letters WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

/// Which of the letters `$1` wait for an operator's word.
pub const WAITING_LETTERS: &str = "SELECT letter_id FROM waiting_letters \
    WHERE released_at IS NULL AND letter_id = ANY($1)";

/// Leases due letters of ours; rows in another daemon's hands are passed over.
pub const LEASE_LETTERS: &str = "UPDATE outbox SET attempts = attempts + 1, leased_until = $2 \
    WHERE id IN (SELECT id FROM outbox WHERE state = 'due' AND due_at <= $1 \
        AND leased_until <= $1 ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *";

/// Leases due filing orders; rows in another daemon's hands are passed over.
pub const TAKE_FILINGS: &str = "UPDATE filings SET attempts = attempts + 1, leased_until = $2 \
    WHERE letter_id IN (SELECT letter_id FROM filings WHERE NOT done AND due_at <= $1 \
        AND leased_until <= $1 ORDER BY due_at, letter_id LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *";

const LOCK_BOOKINGS: &str = "SELECT b.id FROM bookings b JOIN (\
        SELECT id FROM bookings WHERE number_key = ANY($1) \
        UNION SELECT id FROM bookings WHERE id = ANY($2) \
        UNION SELECT booking_id FROM challenges WHERE id = ANY($3)\
    ) wanted ON wanted.id = b.id ORDER BY b.id FOR NO KEY UPDATE OF b";

/// The bookings with these numbers.
pub const IDS_BY_KEYS: &str = "SELECT id FROM bookings WHERE number_key = ANY($1) LIMIT 20";

/// The open bookings of names from `$1` to before `$2`, by their bytes.
pub const IDS_BY_SURNAME: &str = "SELECT c.booking_id FROM citizens c \
    JOIN bookings b ON b.id = c.booking_id \
    WHERE c.full_name COLLATE \"C\" >= $1 AND c.full_name COLLATE \"C\" < $2 \
    AND b.state IN ('scheduled', 'awaiting_confirmation') LIMIT 20";

/// The lock of the slots, held until the commit.
pub const LOCK_SLOTS: &str = "SELECT value FROM meta WHERE name = 'slots' FOR UPDATE";

/// Makes a booking with an id of our choice.
pub const MAKE_BOOKING: &str = "INSERT INTO bookings (id, number, number_key, service_code, \
    service_name, category, organisation, address, zone, resource, starts_at, follows, state, \
    cancellations, revision) OVERRIDING SYSTEM VALUE \
    VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,'scheduled',0,0)";

/// The next id that an import takes lies behind all that are there.
pub async fn made_booking(connection: &mut Connection) -> Result<(), Failure> {
    let sql = "SELECT setval(pg_get_serial_sequence('bookings', 'id'), max(id)) FROM bookings";
    sqlx::query_scalar::<Db, i64>(sql)
        .fetch_one(connection)
        .await?;
    Ok(())
}

/// Many texts as one parameter.
pub fn texts(texts: &[String]) -> Vec<String> {
    texts.to_vec()
}

/// Many ids as one parameter.
pub fn set(ids: &[i64]) -> Vec<i64> {
    ids.to_vec()
}

/// PostgreSQL frees the place of deleted rows by itself (autovacuum).
#[expect(clippy::unused_async, reason = "SQLite has to be told")]
pub async fn sweep(_pool: &Pool) -> Result<(), Failure> {
    Ok(())
}

/// Locks the bookings with these numbers and ids, and those of these challenges, in order of id.
pub async fn lock_bookings(
    connection: &mut Connection,
    keys: &[String],
    bookings: &[i64],
    challenges: &[i64],
) -> Result<(), Failure> {
    sqlx::query(LOCK_BOOKINGS)
        .bind(keys)
        .bind(bookings)
        .bind(challenges)
        .fetch_all(connection)
        .await?;
    Ok(())
}
