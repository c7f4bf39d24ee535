//! Letters: taken in, found again, listed, and their state.

use super::super::dialect::{self, Connection, Db};
use crate::domain::{ContentHash, LetterId, LetterState, Moment, Place};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::letter_state::{Progress, after};
use crate::record::rows::{LetterRow, integer};
use crate::record::{LetterFilter, LetterRecord, Sighting, TakenIn};
use std::collections::HashMap;

/// A new letter, or the one with these bytes at its new place; its receipt time is kept. Attempts
/// are those that came to no end: of a letter that is found again undecided, at least the first.
const TAKE_IN: &str = "INSERT INTO letters (raw_hash, received_at, size, state, attempts, \
    place_folder, place_validity, place_key, taken_in_at) \
    VALUES ($1, $2, $3, 'taken_in', 0, $4, $5, $6, $7) \
    ON CONFLICT (raw_hash) DO UPDATE SET \
        attempts = CASE WHEN letters.attempts < 1 THEN 1 ELSE letters.attempts END, \
        place_folder = excluded.place_folder, place_validity = excluded.place_validity, \
        place_key = excluded.place_key \
    RETURNING id, received_at, attempts + 1, state";

/// Its attempts are kept: above 0 the note may lie there already. An order that is still open
/// for the same place keeps its time, so that a rescan does not spoil the back-off.
const FILE_AGAIN: &str = "UPDATE filings SET done = FALSE, \
        due_at = CASE WHEN NOT done AND place_folder = $1 AND place_validity = $2 \
            AND place_key = $3 THEN due_at ELSE $4 END, \
        leased_until = CASE WHEN place_folder = $1 AND place_validity = $2 \
            AND place_key = $3 THEN leased_until ELSE 0 END, \
        place_folder = $1, place_validity = $2, place_key = $3 \
    WHERE letter_id = $5";

/// Takes letters in; one answer for each, in order.
pub async fn take_in(
    connection: &mut Connection,
    letters: &[Sighting],
    now: Moment,
) -> Result<Vec<TakenIn>, Failure> {
    let mut by_receipt: Vec<&Sighting> = letters.iter().collect();
    // Ids follow the order of receipt, and two daemons lock the same rows in the same order.
    by_receipt.sort_by_key(|sighting| (sighting.listed.received_at, sighting.raw_hash));
    let mut answers: HashMap<ContentHash, TakenIn> = HashMap::new();
    let mut found_again = Vec::new();
    for sighting in by_receipt {
        // Two copies in one batch are one attempt; the second is found again in the next round.
        if answers.contains_key(&sighting.raw_hash) {
            continue;
        }
        let taken = one(connection, sighting, now).await?;
        if taken.decided {
            file_again(connection, taken.letter, &sighting.listed.place, now).await?;
            found_again.push(taken.letter.0);
        }
        answers.insert(sighting.raw_hash, taken);
    }
    refresh(connection, &found_again).await?;
    Ok(letters
        .iter()
        .filter_map(|sighting| answers.get(&sighting.raw_hash).cloned())
        .collect())
}

async fn one(
    connection: &mut Connection,
    sighting: &Sighting,
    now: Moment,
) -> Result<TakenIn, Failure> {
    let place = &sighting.listed.place;
    let (id, received_at, attempts, state) = sqlx::query_as::<Db, (i64, i64, i64, String)>(TAKE_IN)
        .bind(sighting.raw_hash.0.as_slice())
        .bind(sighting.listed.received_at.micros())
        .bind(integer(sighting.listed.size))
        .bind(place.folder.code())
        .bind(i64::from(place.validity))
        .bind(&place.key)
        .bind(now.micros())
        .fetch_one(connection)
        .await?;
    Ok(TakenIn {
        letter: LetterId(id),
        received_at: Moment::from_micros(received_at),
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        decided: state != LetterState::TakenIn.code(),
    })
}

/// Counts an attempt at this one letter, before it is made.
pub async fn take_in_hand(connection: &mut Connection, letter: LetterId) -> Result<(), Failure> {
    let sql = "UPDATE letters SET attempts = attempts + 1 WHERE id = $1 AND state = 'taken_in'";
    sqlx::query(sql).bind(letter.0).execute(connection).await?;
    Ok(())
}

/// Takes one attempt back from those that are still undecided.
pub async fn take_back(connection: &mut Connection, letters: &[LetterId]) -> Result<(), Failure> {
    let mut letters = letters.to_vec();
    letters.sort_unstable();
    letters.dedup();
    let sql = "UPDATE letters SET attempts = attempts - 1 \
               WHERE id = $1 AND state = 'taken_in' AND attempts > 0";
    for letter in letters {
        sqlx::query(sql)
            .bind(letter.0)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn file_again(
    connection: &mut Connection,
    letter: LetterId,
    place: &Place,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query(FILE_AGAIN)
        .bind(place.folder.code())
        .bind(i64::from(place.validity))
        .bind(&place.key)
        .bind(now.micros())
        .bind(letter.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Works out the state of these letters again, after something was done about them.
pub async fn refresh(connection: &mut Connection, letters: &[i64]) -> Result<(), Failure> {
    let mut wanted = letters.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(());
    }
    for id in lock(connection, &wanted).await? {
        refresh_one(connection, id).await?;
    }
    Ok(())
}

/// Locks letters in order of id; gives those that there are.
pub async fn lock(connection: &mut Connection, letters: &[i64]) -> Result<Vec<i64>, Failure> {
    Ok(sqlx::query_scalar::<Db, i64>(dialect::LOCK_LETTERS)
        .bind(dialect::set(letters))
        .fetch_all(connection)
        .await?)
}

async fn refresh_one(connection: &mut Connection, id: i64) -> Result<(), Failure> {
    let sql = "SELECT l.state, \
        (SELECT count(*) FROM outbox o WHERE o.answers = l.id AND o.state = 'due'), \
        (SELECT count(*) FROM outbox o WHERE o.answers = l.id \
            AND o.state IN ('undeliverable', 'given_up')), \
        (SELECT count(*) FROM outbox o WHERE o.answers = l.id AND o.state = 'sent'), \
        (SELECT count(*) FROM filings f WHERE f.letter_id = l.id AND f.done) \
        FROM letters l WHERE l.id = $1";
    let (code, answers_due, answers_failed, answers_sent, filed) =
        sqlx::query_as::<Db, (String, i64, i64, i64, i64)>(sql)
            .bind(id)
            .fetch_one(&mut *connection)
            .await?;
    let state = LetterState::parse(&code).ok_or_else(|| damaged("letters", id))?;
    let next = after(Progress {
        state,
        answers_due,
        answers_failed,
        answers_sent,
        filed: filed > 0,
    });
    if next != state {
        sqlx::query("UPDATE letters SET state = $1 WHERE id = $2")
            .bind(next.code())
            .bind(id)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The columns of [`LetterRow`].
macro_rules! letter_columns {
    () => {
        "SELECT l.id, l.raw_hash, l.received_at, l.size, l.state, l.decision, l.reason, \
         l.booking_id, l.gates, l.place_folder, l.place_validity, l.place_key, w.sender, \
         w.subject, w.reading FROM letters l LEFT JOIN letter_words w ON w.letter_id = l.id"
    };
}

const LIST: &str = concat!(
    letter_columns!(),
    " WHERE ($1 IS NULL OR l.state = $1) AND ($2 IS NULL OR l.reason = $2) \
     ORDER BY l.id DESC LIMIT $3"
);
const BY_ID: &str = concat!(letter_columns!(), " WHERE l.id = $1");

/// Letters, newest first.
pub async fn list(
    connection: &mut Connection,
    filter: &LetterFilter,
) -> Result<Vec<LetterRecord>, Failure> {
    let rows = sqlx::query_as::<Db, LetterRow>(LIST)
        .bind(filter.state.map(LetterState::code))
        .bind(filter.reason.map(|reason| reason.code()))
        .bind(i64::from(filter.limit))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(LetterRow::record).collect()
}

/// One letter.
pub async fn by_id(
    connection: &mut Connection,
    id: LetterId,
) -> Result<Option<LetterRecord>, Failure> {
    let row = sqlx::query_as::<Db, LetterRow>(BY_ID)
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(LetterRow::record).transpose()
}
