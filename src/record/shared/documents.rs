//! Documents in SQL: the key that signs them, and each rendering that left the house.

use super::super::dialect::{self, Connection, Db};
use super::{SqlLedger, journal};
use crate::domain::{BookingId, ContentHash, DocumentKey, Event, EventKind, Moment};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::{DocumentLedger, IssuedDocument, OutboxRow};
use crate::reply::LetterKind;
use async_trait::async_trait;
use serde_json::json;

#[async_trait]
impl DocumentLedger for SqlLedger {
    async fn document_key(&self, seed: &[u8; 32], now: Moment) -> Result<DocumentKey, Failure> {
        if let Some(key) = self.kept_document_key().await? {
            return Ok(key);
        }
        let mut transaction = self.begin().await?;
        let sql = "INSERT INTO document_key (id, seed, created_at) VALUES (1, $1, $2) \
                   ON CONFLICT (id) DO NOTHING";
        sqlx::query(sql)
            .bind(seed.as_slice())
            .bind(now.micros())
            .execute(&mut *transaction)
            .await?;
        let key = key(&mut transaction).await?;
        transaction.commit().await?;
        key.ok_or_else(|| damaged("document_key", 1))
    }

    async fn kept_document_key(&self) -> Result<Option<DocumentKey>, Failure> {
        key(&mut *self.reader().await?).await
    }

    async fn issued(&self, number: &str) -> Result<Vec<IssuedDocument>, Failure> {
        issued(&mut *self.reader().await?, number).await
    }

    async fn issued_bytes(&self, hash: &ContentHash) -> Result<Option<Moment>, Failure> {
        let sql = "SELECT min(first_sent_at) FROM documents WHERE hash = $1";
        let at = sqlx::query_scalar::<Db, Option<i64>>(sql)
            .bind(hash.0.as_slice())
            .fetch_one(&mut *self.reader().await?)
            .await?;
        Ok(at.map(Moment::from_micros))
    }

    async fn give_out(
        &self,
        booking: BookingId,
        number: &str,
        hash: &ContentHash,
        event: &Event,
        now: Moment,
    ) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        dialect::lock_bookings(&mut transaction, &[], &[booking.0], &[]).await?;
        note(&mut transaction, booking, number, hash, now).await?;
        journal::append(&mut transaction, std::slice::from_ref(event), now).await?;
        Ok(transaction.commit().await?)
    }
}

async fn key(connection: &mut Connection) -> Result<Option<DocumentKey>, Failure> {
    let seed = sqlx::query_scalar::<Db, Vec<u8>>("SELECT seed FROM document_key WHERE id = 1")
        .fetch_optional(connection)
        .await?;
    seed.map(|seed| DocumentKey::from_seed(&seed).ok_or_else(|| damaged("document_key", 1)))
        .transpose()
}

async fn issued(connection: &mut Connection, number: &str) -> Result<Vec<IssuedDocument>, Failure> {
    let sql = "SELECT hash, first_sent_at FROM documents WHERE number = $1 \
               ORDER BY first_sent_at, hash";
    let rows = sqlx::query_as::<Db, (Vec<u8>, i64)>(sql)
        .bind(number)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(hash, at)| {
            let hash =
                ContentHash::from_slice(&hash).ok_or_else(|| damaged("documents", number))?;
            Ok(IssuedDocument {
                hash,
                first_sent_at: Moment::from_micros(at),
            })
        })
        .collect()
}

/// Notes a rendering and journals it when it is new; the booking is locked by the caller.
pub async fn note(
    connection: &mut Connection,
    booking: BookingId,
    number: &str,
    hash: &ContentHash,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "INSERT INTO documents (number, hash, booking_id, first_sent_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (number, hash) DO NOTHING";
    let new = sqlx::query(sql)
        .bind(number)
        .bind(hash.0.as_slice())
        .bind(booking.0)
        .bind(now.micros())
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if new == 0 {
        return Ok(());
    }
    let event = Event {
        chain: format!("booking:{}", booking.0),
        kind: EventKind::DocumentIssued,
        actor: "daemon".to_owned(),
        data: json!({ "document": number, "sha256": hash.to_hex() }),
    };
    journal::append(connection, &[event], now).await
}

/// Tells rows with a document which bytes it had when it was first issued, by whichever letter. The
/// first try of a first confirmation needs no look: nothing can have been issued before.
pub async fn recall_first(
    connection: &mut Connection,
    rows: &mut [OutboxRow],
) -> Result<(), Failure> {
    for row in rows {
        let first_try = row.letter.kind == LetterKind::Cancelled && row.attempts <= 1;
        if first_try || !row.letter.kind.has_document() {
            continue;
        }
        if let Some(number) = &row.letter.data.document {
            let first = issued(connection, number).await?.into_iter().next();
            row.document_hash = first.map(|issued| issued.hash).or(row.document_hash);
        }
    }
    Ok(())
}
