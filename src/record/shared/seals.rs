//! Seals over the journal in SQL.

use super::super::dialect::{Connection, Db};
use super::{SqlLedger, journal};
use crate::domain::{ContentHash, JournalEntry, Moment, Seal, SealedHead};
use crate::failure::Failure;
use crate::record::rows::JournalRow;
use crate::record::{JournalFault, JournalLedger, NumberedEntry, SEALS, Verified};
use async_trait::async_trait;
use sqlx::FromRow;
use std::collections::HashMap;

/// An entry may be committed a while after a younger one: so far behind the last seal is looked
/// again. No transaction lives that long.
const LOOK_BACK_MINUTES: i64 = 15;

/// The columns of [`SealRow`].
macro_rules! seals {
    ($rest:literal) => {
        concat!(
            "SELECT position, at, last_id, heads, digest, previous, hash FROM seals ",
            $rest
        )
    };
}

/// The heads of chains that grew behind `$2` and are not sealed yet, under the seal `$1`.
const SEAL_HEADS: &str = "INSERT INTO sealed_heads (seal, chain, position, hash) \
    SELECT $1, j.chain, j.position, j.hash FROM journal j JOIN (\
        SELECT chain, max(position) AS position FROM journal WHERE id > $2 GROUP BY chain\
    ) top ON top.chain = j.chain AND top.position = j.position \
    WHERE NOT EXISTS (SELECT 1 FROM sealed_heads s \
        WHERE s.chain = j.chain AND s.position >= j.position)";

#[derive(FromRow)]
struct SealRow {
    position: i64,
    at: i64,
    last_id: i64,
    heads: i64,
    digest: Vec<u8>,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl SealRow {
    /// A hash of the wrong length becomes zeros: `journal verify` then names the seal.
    fn seal(self) -> Seal {
        Seal {
            position: self.position,
            at: Moment::from_micros(self.at),
            last_id: self.last_id,
            heads: self.heads,
            digest: hash_or_zeros(&self.digest),
            previous: hash_or_zeros(&self.previous),
            hash: hash_or_zeros(&self.hash),
        }
    }
}

fn hash_or_zeros(bytes: &[u8]) -> ContentHash {
    ContentHash::from_slice(bytes).unwrap_or(ContentHash([0; 32]))
}

#[async_trait]
impl JournalLedger for SqlLedger {
    async fn seal_journal(&self, now: Moment) -> Result<Option<Seal>, Failure> {
        let mut transaction = self.begin().await?;
        let sealed = seal(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(sealed)
    }

    async fn verify_all(&self) -> Result<Verified, Failure> {
        let mut reader = self.reader().await?;
        let (entries, mut faults) = journal::verify(&mut reader).await?;
        let (seals, last, broken) = verify(&mut reader).await?;
        faults.extend(broken);
        Ok(Verified {
            entries,
            seals,
            last,
            faults,
        })
    }

    async fn seal(&self, position: i64) -> Result<Option<Seal>, Failure> {
        let row = sqlx::query_as::<Db, SealRow>(seals!("WHERE position = $1"))
            .bind(position)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        Ok(row.map(SealRow::seal))
    }

    async fn export_journal(&self, after: i64, limit: u32) -> Result<Vec<NumberedEntry>, Failure> {
        let sql = "SELECT id, chain, position, kind, actor, at, data, previous, hash FROM journal \
                   WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = sqlx::query_as::<Db, NumberedRow>(sql)
            .bind(after)
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await?;
        let numbered = |row: NumberedRow| NumberedEntry {
            id: row.id,
            entry: JournalEntry::from(row.entry),
        };
        Ok(rows.into_iter().map(numbered).collect())
    }
}

#[derive(FromRow)]
struct NumberedRow {
    id: i64,
    #[sqlx(flatten)]
    entry: JournalRow,
}

/// Where two daemons seal at once, the second fails on the position and tries again later.
async fn seal(connection: &mut Connection, now: Moment) -> Result<Option<Seal>, Failure> {
    let before = last(connection).await?;
    let position = before.as_ref().map_or(0, |seal| seal.position) + 1;
    let from = look_from(connection, before.as_ref()).await?;
    let last_id =
        sqlx::query_scalar::<Db, i64>("SELECT CAST(COALESCE(max(id), 0) AS BIGINT) FROM journal")
            .fetch_one(&mut *connection)
            .await?;
    let sealed = sqlx::query(SEAL_HEADS)
        .bind(position)
        .bind(from)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if sealed == 0 {
        return Ok(None);
    }
    let heads = heads_between(connection, position.saturating_sub(1), position).await?;
    let heads: Vec<SealedHead> = heads.into_values().flatten().collect();
    let seal = Seal::over(&heads, last_id, now, before.as_ref());
    let sql = "INSERT INTO seals (position, at, last_id, heads, digest, previous, hash) \
               VALUES ($1,$2,$3,$4,$5,$6,$7)";
    sqlx::query(sql)
        .bind(seal.position)
        .bind(seal.at.micros())
        .bind(seal.last_id)
        .bind(seal.heads)
        .bind(seal.digest.0.as_slice())
        .bind(seal.previous.0.as_slice())
        .bind(seal.hash.0.as_slice())
        .execute(connection)
        .await?;
    Ok(Some(seal))
}

async fn last(connection: &mut Connection) -> Result<Option<Seal>, Failure> {
    let row = sqlx::query_as::<Db, SealRow>(seals!("ORDER BY position DESC LIMIT 1"))
        .fetch_optional(connection)
        .await?;
    Ok(row.map(SealRow::seal))
}

/// Entries up to this number were sealed for certain.
async fn look_from(connection: &mut Connection, last: Option<&Seal>) -> Result<i64, Failure> {
    let Some(last) = last else { return Ok(0) };
    let sql = "SELECT CAST(COALESCE(max(last_id), 0) AS BIGINT) FROM seals WHERE at <= $1";
    Ok(sqlx::query_scalar::<Db, i64>(sql)
        .bind(last.at.plus_minutes(-LOOK_BACK_MINUTES).micros())
        .fetch_one(connection)
        .await?)
}

type Checked = (u64, Option<(i64, ContentHash)>, Vec<JournalFault>);

/// Seals that are in memory at a time, with their heads.
const PAGE: i64 = 1_000;

async fn verify(connection: &mut Connection) -> Result<Checked, Failure> {
    let mut faults = Vec::new();
    let mut before: Option<Seal> = None;
    let mut checked = 0_u64;
    loop {
        let after = before.as_ref().map_or(0, |seal| seal.position);
        let page =
            sqlx::query_as::<Db, SealRow>(seals!("WHERE position > $1 ORDER BY position LIMIT $2"))
                .bind(after)
                .bind(PAGE)
                .fetch_all(&mut *connection)
                .await?;
        let Some(last) = page.last().map(|row| row.position) else {
            break;
        };
        let mut heads = heads_between(connection, after, last).await?;
        for row in page {
            let seal = row.seal();
            let own = heads.remove(&seal.position).unwrap_or_default();
            if !seal.binds(&own, before.as_ref()) {
                faults.push(fault(SEALS.to_owned(), seal.position));
            }
            checked = checked.saturating_add(1);
            before = Some(seal);
        }
    }
    faults.extend(orphans(connection).await?);
    faults.extend(missing_entries(connection).await?);
    let last = before.map(|seal| (seal.position, seal.hash));
    Ok((checked, last, faults))
}

/// The heads of the seals behind `after` up to `last`, by their seal.
async fn heads_between(
    connection: &mut Connection,
    after: i64,
    last: i64,
) -> Result<HashMap<i64, Vec<SealedHead>>, Failure> {
    let sql = "SELECT seal, chain, position, hash FROM sealed_heads \
               WHERE seal > $1 AND seal <= $2";
    let rows = sqlx::query_as::<Db, (i64, String, i64, Vec<u8>)>(sql)
        .bind(after)
        .bind(last)
        .fetch_all(connection)
        .await?;
    let mut found: HashMap<i64, Vec<SealedHead>> = HashMap::new();
    for (seal, chain, position, hash) in rows {
        let hash = hash_or_zeros(&hash);
        found.entry(seal).or_default().push(SealedHead {
            chain,
            position,
            hash,
        });
    }
    Ok(found)
}

/// Heads whose seal is gone: the chain of seals was cut at its end.
async fn orphans(connection: &mut Connection) -> Result<Vec<JournalFault>, Failure> {
    let sql = "SELECT DISTINCT seal FROM sealed_heads h \
               WHERE NOT EXISTS (SELECT 1 FROM seals s WHERE s.position = h.seal) ORDER BY seal";
    let gone = sqlx::query_scalar::<Db, i64>(sql)
        .fetch_all(connection)
        .await?;
    Ok(gone
        .into_iter()
        .map(|position| fault(SEALS.to_owned(), position))
        .collect())
}

/// Sealed entries that are not in the journal as they were sealed.
async fn missing_entries(connection: &mut Connection) -> Result<Vec<JournalFault>, Failure> {
    let sql = "SELECT h.chain, h.position FROM sealed_heads h LEFT JOIN journal j \
               ON j.chain = h.chain AND j.position = h.position \
               WHERE j.hash IS NULL OR j.hash <> h.hash ORDER BY h.seal, h.chain";
    let gone = sqlx::query_as::<Db, (String, i64)>(sql)
        .fetch_all(connection)
        .await?;
    Ok(gone
        .into_iter()
        .map(|(chain, position)| fault(chain, position))
        .collect())
}

const fn fault(chain: String, position: i64) -> JournalFault {
    JournalFault { chain, position }
}
