//! The staff's desk in SQL.

mod acts;
mod likely;
mod orders;
mod sightings;
mod tries;

use super::super::dialect::{Connection, Db};
use super::{SqlLedger, bounces};
use crate::domain::{
    Booking, ContentHash, Folder, LetterId, LetterState, MessageId, Moment, Place, Reason, StaffAct,
};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::rows::count;
use crate::record::{
    Acted, DeskDeed, DeskLedger, DeskLetter, DeskNote, DeskSighting, LastAct, LikelyQuery,
    StaffCase, StaffJudge, StaffOrder,
};
use async_trait::async_trait;
use sqlx::FromRow;

/// The columns of [`DeskRow`].
macro_rules! desk_columns {
    () => {
        "SELECT l.id, l.state, l.reason, l.received_at, l.size, d.seen_at, d.place_validity, \
         d.place_key, d.missing_since, d.reported_at, d.deadline, d.act, d.acted_at, d.act_folder, \
         d.act_validity, d.act_key FROM letters l LEFT JOIN desk d ON d.letter_id = l.id"
    };
}

#[async_trait]
impl DeskLedger for SqlLedger {
    async fn letters_by_bytes(
        &self,
        hashes: &[ContentHash],
    ) -> Result<Vec<Option<DeskLetter>>, Failure> {
        let mut reader = self.reader().await?;
        let mut found = Vec::with_capacity(hashes.len());
        for hash in hashes {
            let row =
                sqlx::query_as::<Db, DeskRow>(concat!(desk_columns!(), " WHERE l.raw_hash = $1"))
                    .bind(hash.0.as_slice())
                    .fetch_optional(&mut *reader)
                    .await?;
            found.push(row.map(DeskRow::letter).transpose()?);
        }
        Ok(found)
    }

    async fn desk_letters(&self) -> Result<Vec<DeskLetter>, Failure> {
        let sql = concat!(desk_columns!(), " WHERE l.state = 'held' ORDER BY l.id");
        let rows = sqlx::query_as::<Db, DeskRow>(sql)
            .fetch_all(&mut *self.reader().await?)
            .await?;
        rows.into_iter().map(DeskRow::letter).collect()
    }

    async fn desk_letter(&self, id: LetterId) -> Result<Option<DeskLetter>, Failure> {
        by_id(&mut *self.reader().await?, id).await
    }

    async fn desk_notes(&self) -> Result<Vec<DeskNote>, Failure> {
        sightings::notes(&mut *self.reader().await?).await
    }

    async fn see(&self, seen: &[DeskSighting], now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        sightings::see(&mut transaction, seen, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn miss(&self, letters: &[LetterId], now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        sightings::miss(&mut transaction, letters, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn report_missing(&self, letters: &[LetterId], now: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        sightings::report_missing(&mut transaction, letters, now).await?;
        Ok(transaction.commit().await?)
    }

    async fn forget_notes(&self, notes: &[MessageId]) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        for note in notes {
            sqlx::query("DELETE FROM desk_notes WHERE message_id = $1")
                .bind(note.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn act_on_letter(
        &self,
        act: StaffCase<'_>,
        judge: StaffJudge<'_>,
        now: Moment,
    ) -> Result<Acted, Failure> {
        self.act_in_one_transaction(act, judge, now).await
    }

    async fn leave_order(&self, order: &StaffOrder, now: Moment) -> Result<bool, Failure> {
        let mut transaction = self.begin().await?;
        let left = orders::leave(&mut transaction, order, now).await?;
        transaction.commit().await?;
        Ok(left)
    }

    async fn staff_orders(&self) -> Result<Vec<StaffOrder>, Failure> {
        orders::list(&mut *self.reader().await?).await
    }

    async fn begin_reading(&self, letter: LetterId) -> Result<u64, Failure> {
        let mut transaction = self.begin().await?;
        let tries = tries::begin(&mut transaction, letter).await?;
        transaction.commit().await?;
        Ok(tries)
    }

    async fn end_reading(&self, letter: LetterId) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        tries::end(&mut transaction, letter).await?;
        Ok(transaction.commit().await?)
    }

    async fn drop_order(&self, letter: LetterId) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        sqlx::query("DELETE FROM desk_orders WHERE letter_id = $1")
            .bind(letter.0)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn likely_bookings(&self, wanted: &LikelyQuery) -> Result<Vec<Booking>, Failure> {
        likely::bookings(&mut *self.reader().await?, wanted).await
    }

    async fn note_deadline(&self, letter: LetterId, deadline: Moment) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        let sql = "INSERT INTO desk (letter_id, deadline) VALUES ($1, $2) \
                   ON CONFLICT (letter_id) DO UPDATE SET \
                   deadline = COALESCE(desk.deadline, excluded.deadline)";
        sqlx::query(sql)
            .bind(letter.0)
            .bind(deadline.micros())
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn desk_deeds(&self, from: Moment, until: Moment) -> Result<Vec<DeskDeed>, Failure> {
        orders::deeds(&mut *self.reader().await?, from, until).await
    }

    async fn unreached_bookings(
        &self,
        from: Moment,
        until: Moment,
    ) -> Result<Vec<String>, Failure> {
        bounces::unreached(&mut *self.reader().await?, from, until).await
    }

    async fn digest_day(&self) -> Result<i64, Failure> {
        let sql = "SELECT value FROM meta WHERE name = 'digest_day'";
        let day = sqlx::query_scalar::<Db, i64>(sql)
            .fetch_optional(&mut *self.reader().await?)
            .await?;
        Ok(day.unwrap_or(0))
    }

    async fn note_digest_day(&self, day: i64) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        let sql = "INSERT INTO meta (name, value) VALUES ('digest_day', $1) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        sqlx::query(sql)
            .bind(day)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

/// A letter with what the desk knows of it.
#[derive(FromRow)]
struct DeskRow {
    id: i64,
    state: String,
    reason: Option<String>,
    received_at: i64,
    size: i64,
    seen_at: Option<i64>,
    place_validity: Option<i64>,
    place_key: Option<String>,
    missing_since: Option<i64>,
    reported_at: Option<i64>,
    deadline: Option<i64>,
    act: Option<String>,
    acted_at: Option<i64>,
    act_folder: Option<String>,
    act_validity: Option<i64>,
    act_key: Option<String>,
}

impl DeskRow {
    fn letter(self) -> Result<DeskLetter, Failure> {
        let id = self.id;
        self.read().ok_or_else(|| damaged("desk", id))
    }

    fn read(self) -> Option<DeskLetter> {
        let dragged_to = self.act_folder.as_deref().and_then(Folder::parse);
        let acted = self.act.as_deref().and_then(StaffAct::parse);
        Some(DeskLetter {
            id: LetterId(self.id),
            state: LetterState::parse(&self.state)?,
            reason: self.reason.as_deref().and_then(Reason::parse),
            received_at: Moment::from_micros(self.received_at),
            size: count(self.size),
            seen_at: self.seen_at.map(Moment::from_micros),
            place: place(
                Some(Folder::DeadLetter),
                self.place_validity,
                self.place_key,
            ),
            missing_since: self.missing_since.map(Moment::from_micros),
            reported: self.reported_at.is_some(),
            deadline: self.deadline.map(Moment::from_micros),
            acted: acted.map(|act| LastAct {
                act,
                at: Moment::from_micros(self.acted_at.unwrap_or(0)),
                place: place(dragged_to, self.act_validity, self.act_key),
            }),
        })
    }
}

/// A place, when all its parts are there.
fn place(folder: Option<Folder>, validity: Option<i64>, key: Option<String>) -> Option<Place> {
    Some(Place {
        folder: folder?,
        validity: u32::try_from(validity?).ok()?,
        key: key?,
    })
}

async fn by_id(connection: &mut Connection, id: LetterId) -> Result<Option<DeskLetter>, Failure> {
    let row = sqlx::query_as::<Db, DeskRow>(concat!(desk_columns!(), " WHERE l.id = $1"))
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
    row.map(DeskRow::letter).transpose()
}
