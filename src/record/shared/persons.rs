//! What is held on a person, for her own request (152-ФЗ), in SQL.

use super::super::dialect::{Connection, Db};
use super::late_facts::sanction_columns;
use super::outbox;
use crate::decide::Challenge;
use crate::domain::{BookingId, EmailAddress, LetterId, Sanction};
use crate::failure::Failure;
use crate::record::HeldOnPerson;
use crate::record::rows::{ChallengeRow, SanctionRow};
use sqlx::FromRow;

/// A row of whichever database this is built for.
type Row = <Db as sqlx::Database>::Row;

const DOCUMENTS: &str = "SELECT d.letter_id, d.name, d.media_type, d.size \
    FROM received_documents d JOIN letter_words w ON w.letter_id = d.letter_id \
    WHERE w.sender = $1 ORDER BY d.letter_id, d.position";

const REVIEWS: &str = "SELECT letter_id, booking_id, state, opened_at, decided_at FROM reviews \
    WHERE booking_id IN (SELECT booking_id FROM booking_addresses WHERE address = $1) \
    ORDER BY letter_id";

const CANCELLATIONS: &str = "SELECT booking_id, document, service_code, received_at, timeliness, \
    reason_code, policy FROM counted_cancellations WHERE booking_id IN \
    (SELECT booking_id FROM booking_addresses WHERE address = $1) ORDER BY id";

/// Of the bookings under this address alone: another person may share it.
const SANCTIONS: &str = concat!(
    sanction_columns!(),
    " WHERE booking_id IN (SELECT booking_id FROM booking_addresses WHERE address = $1) ORDER BY id"
);

/// Everything that is held on whoever has this address.
pub async fn held_on(
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
        challenges: challenges(connection, address).await?,
        notes: notes(connection, address).await?,
        documents: by_address(connection, DOCUMENTS, address).await?,
        reviews: by_address(connection, REVIEWS, address).await?,
        cancellations: by_address(connection, CANCELLATIONS, address).await?,
        sanctions: sanctions(connection, address).await?,
    })
}

async fn challenges(
    connection: &mut Connection,
    address: &EmailAddress,
) -> Result<Vec<Challenge>, Failure> {
    let sql = "SELECT id, booking_id, letter_id, received_at, opened_at, expires_at, state, reason, \
               purpose, wished_at, shown FROM challenges WHERE booking_id IN \
               (SELECT booking_id FROM booking_addresses WHERE address = $1) ORDER BY opened_at, id";
    let rows = sqlx::query_as::<Db, ChallengeRow>(sql)
        .bind(address.as_str())
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(ChallengeRow::challenge).collect()
}

async fn notes(
    connection: &mut Connection,
    address: &EmailAddress,
) -> Result<Vec<(LetterId, String)>, Failure> {
    let sql = "SELECT f.letter_id, f.note FROM filings f \
               JOIN letter_words w ON w.letter_id = f.letter_id \
               WHERE f.note IS NOT NULL AND w.sender = $1 ORDER BY f.letter_id";
    let rows = sqlx::query_as::<Db, (i64, String)>(sql)
        .bind(address.as_str())
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, note)| (LetterId(id), note))
        .collect())
}

async fn by_address<T>(
    connection: &mut Connection,
    sql: &'static str,
    address: &EmailAddress,
) -> Result<Vec<T>, Failure>
where
    T: for<'r> FromRow<'r, Row> + Send + Unpin,
{
    Ok(sqlx::query_as::<Db, T>(sql)
        .bind(address.as_str())
        .fetch_all(connection)
        .await?)
}

async fn sanctions(
    connection: &mut Connection,
    address: &EmailAddress,
) -> Result<Vec<Sanction>, Failure> {
    by_address::<SanctionRow>(connection, SANCTIONS, address)
        .await?
        .into_iter()
        .map(SanctionRow::sanction)
        .collect()
}
