//! What was seen in «Разбор», and what is no longer anywhere.

use super::super::super::dialect::{self, Connection, Db};
use super::super::journal;
use super::place;
use crate::decide::Note;
use crate::domain::{Event, EventKind, Folder, LetterId, MessageId, Moment, Place};
use crate::failure::Failure;
use crate::record::rows::{count, integer};
use crate::record::{DeskNote, DeskSighting};
use serde_json::json;

const SEE_LETTER: &str = "INSERT INTO desk (letter_id, seen_at, place_validity, place_key) \
    SELECT id, $2, $3, $4 FROM letters WHERE id = $1 AND state = 'held' \
    ON CONFLICT (letter_id) DO UPDATE SET seen_at = COALESCE(desk.seen_at, excluded.seen_at), \
    place_validity = excluded.place_validity, place_key = excluded.place_key, \
    missing_since = NULL, reported_at = NULL";

const SEE_NOTE: &str = "UPDATE desk_notes SET place_validity = $2, place_key = $3, size = $4 \
    WHERE message_id = $1";

const EXPECT_NOTE: &str = "INSERT INTO desk_notes (message_id, letter_id, obsolete) \
    VALUES ($1, $2, FALSE) ON CONFLICT (message_id) DO NOTHING";

/// Notes what was seen.
pub async fn see(
    connection: &mut Connection,
    seen: &[DeskSighting],
    now: Moment,
) -> Result<(), Failure> {
    for sighting in seen {
        match sighting {
            DeskSighting::Letter(letter, place) => {
                see_letter(connection, *letter, place, now).await?;
            }
            DeskSighting::Note(note, place, size) => {
                sqlx::query(SEE_NOTE)
                    .bind(note.as_str())
                    .bind(i64::from(place.validity))
                    .bind(&place.key)
                    .bind(integer(*size))
                    .execute(&mut *connection)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn see_letter(
    connection: &mut Connection,
    letter: LetterId,
    place: &Place,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query(SEE_LETTER)
        .bind(letter.0)
        .bind(now.micros())
        .bind(i64::from(place.validity))
        .bind(&place.key)
        .execute(&mut *connection)
        .await?;
    let sql = "SELECT note FROM filings WHERE letter_id = $1";
    let note = sqlx::query_scalar::<Db, Option<String>>(sql)
        .bind(letter.0)
        .fetch_optional(&mut *connection)
        .await?
        .flatten();
    let Some(note) = note.and_then(|text| serde_json::from_str::<Note>(&text).ok()) else {
        return Ok(());
    };
    expect_note(connection, letter, &note.message_id).await?;
    let sql = "UPDATE desk SET deadline = COALESCE($2, deadline) WHERE letter_id = $1";
    sqlx::query(sql)
        .bind(letter.0)
        .bind(note.deadline.map(Moment::micros))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that a note will lie beside this letter.
pub async fn expect_note(
    connection: &mut Connection,
    letter: LetterId,
    note: &MessageId,
) -> Result<(), Failure> {
    sqlx::query(EXPECT_NOTE)
        .bind(note.as_str())
        .bind(letter.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that these letters are nowhere.
pub async fn miss(
    connection: &mut Connection,
    letters: &[LetterId],
    now: Moment,
) -> Result<(), Failure> {
    let sql = "UPDATE desk SET missing_since = $2, place_key = NULL, place_validity = NULL \
               WHERE letter_id = $1 AND missing_since IS NULL";
    for letter in letters {
        sqlx::query(sql)
            .bind(letter.0)
            .bind(now.micros())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Journals that these held letters are missing, each once.
pub async fn report_missing(
    connection: &mut Connection,
    letters: &[LetterId],
    now: Moment,
) -> Result<(), Failure> {
    let ids: Vec<i64> = letters.iter().map(|letter| letter.0).collect();
    sqlx::query(dialect::LOCK_LETTERS)
        .bind(dialect::set(&ids))
        .fetch_all(&mut *connection)
        .await?;
    let mut events = Vec::new();
    for letter in letters {
        let sql = "UPDATE desk SET reported_at = $2 WHERE letter_id = $1 AND reported_at IS NULL";
        let news = sqlx::query(sql)
            .bind(letter.0)
            .bind(now.micros())
            .execute(&mut *connection)
            .await?
            .rows_affected();
        if news == 1 {
            events.push(Event {
                chain: format!("letter:{letter}"),
                kind: EventKind::LetterMissing,
                actor: "daemon".to_owned(),
                data: json!({ "letter": letter }),
            });
        }
    }
    journal::append(connection, &events, now).await
}

/// A note's row.
type NoteRow = (String, i64, Option<i64>, Option<i64>, Option<String>, bool);

/// All notes that are expected, or wait to be removed.
pub async fn notes(connection: &mut Connection) -> Result<Vec<DeskNote>, Failure> {
    let sql = "SELECT message_id, letter_id, size, place_validity, place_key, obsolete \
               FROM desk_notes ORDER BY letter_id, message_id";
    let rows = sqlx::query_as::<Db, NoteRow>(sql)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, letter, size, validity, key, obsolete)| {
            Some(DeskNote {
                message_id: MessageId::parse(&id)?,
                letter: LetterId(letter),
                size: size.map(count),
                place: place(Some(Folder::DeadLetter), validity, key),
                obsolete,
            })
        })
        .collect())
}
