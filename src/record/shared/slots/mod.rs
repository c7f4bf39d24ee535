//! Slots, the waiting list and offers in SQL. Whoever gives slots away holds one lock until the
//! commit, taken behind those of letters and bookings: there is one winner whatever happens at the
//! same moment.

mod changes;
mod choices;
mod importing;
mod known;
mod line;
mod moves;

pub(super) use changes::write;
pub(super) use known::{Wanted, gather};

use super::super::dialect::{self, Connection, Db};
use super::bookings::{booking_columns, booking_tables};
use super::{SqlLedger, bookings, consequences, journal};
use crate::decide::{Decision, SlotQuery};
use crate::domain::{Booking, Event, EventKind, Moment, OfferId, Slot, SlotId, WaitingId};
use crate::failure::Failure;
use crate::record::rows::BookingRow;
use crate::record::{
    PlaceAct, SlotAct, SlotFilter, SlotImport, SlotLedger, SlotReport, WaitingImport,
    WaitingRecord, WaitingReport,
};
use async_trait::async_trait;
use serde_json::json;

const RUN_OUT: &str = "SELECT slot_id FROM offers WHERE state = 'open' AND expires_at < $1 \
    ORDER BY expires_at, id LIMIT $2";

const WANTED: &str = "SELECT DISTINCT s.id FROM slots s JOIN waiting_list w \
    ON w.service_code = s.service_code AND w.organisation = s.organisation \
    AND w.state = 'waiting' AND w.restores IS NULL \
    WHERE s.id > $1 AND s.starts_at > $2 AND s.state = 'free' AND s.held_until IS NULL \
    AND s.closed_at IS NULL ORDER BY s.id LIMIT $3";

const OPEN_OF_SERVICE: &str = concat!(
    booking_columns!(),
    booking_tables!(),
    " WHERE b.service_code = $1 AND b.starts_at >= $2 AND b.starts_at < $3 \
     AND b.state IN ('scheduled', 'awaiting_confirmation') ORDER BY b.starts_at, b.id"
);

/// Takes the lock of the slots.
pub(super) async fn lock(connection: &mut Connection) -> Result<(), Failure> {
    sqlx::query_scalar::<Db, i64>(dialect::LOCK_SLOTS)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// The bookings that may come back when these offers end: to be locked before the slots are.
pub(super) async fn touched(
    connection: &mut Connection,
    offers: &[OfferId],
) -> Result<Vec<i64>, Failure> {
    let mut bookings = Vec::new();
    for offer in offers {
        let slot = sqlx::query_scalar::<Db, i64>("SELECT slot_id FROM offers WHERE id = $1")
            .bind(offer.0)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(slot) = slot {
            let restorer = known::restorer_of(connection, SlotId(slot)).await?;
            bookings.extend(restorer.map(|(_, booking)| booking.0));
        }
    }
    Ok(bookings)
}

/// A free slot of the time of a booking that an import brings, which takes its place; one on offer
/// is withdrawn from the offer. Gives the slot.
async fn free_for_import(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<Option<i64>, Failure> {
    let sql = "SELECT id FROM slots WHERE service_code = $1 AND organisation = $2 \
               AND starts_at = $3 AND resource = $4 AND state = 'free' AND closed_at IS NULL \
               ORDER BY CASE WHEN held_until IS NULL THEN 0 ELSE 1 END, id LIMIT 1";
    let slot = sqlx::query_scalar::<Db, i64>(sql)
        .bind(&booking.service.code)
        .bind(&booking.organisation.name)
        .bind(booking.starts_at.micros())
        .bind(&booking.resource)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(slot) = slot else {
        return Ok(None);
    };
    let sql = "UPDATE offers SET state = 'withdrawn', closed_at = $1 \
               WHERE slot_id = $2 AND state = 'open' RETURNING waiting_id";
    let withdrawn = sqlx::query_scalar::<Db, i64>(sql)
        .bind(now.micros())
        .bind(slot)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(waiting) = withdrawn {
        let sql = "UPDATE waiting_list SET state = 'waiting' WHERE id = $1 AND state = 'offered'";
        sqlx::query(sql)
            .bind(waiting)
            .execute(&mut *connection)
            .await?;
    }
    Ok(Some(slot))
}

/// A booking that an import brings takes a free slot of its time. Gives the slot, if there is one.
pub(super) async fn book_by_import(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<Option<i64>, Failure> {
    let Some(slot) = free_for_import(connection, booking, now).await? else {
        return Ok(None);
    };
    let sql = "UPDATE slots SET state = 'booked', booking_id = $1, held_until = NULL, zone = $2 \
               WHERE id = $3";
    sqlx::query(sql)
        .bind(booking.id.0)
        .bind(booking.organisation.zone.name())
        .bind(slot)
        .execute(connection)
        .await?;
    Ok(Some(slot))
}

/// A booking that an import moves brings its slot along: a free one of the new time is nobody's any
/// more.
pub(super) async fn give_way_to_import(
    connection: &mut Connection,
    booking: &Booking,
    now: Moment,
) -> Result<(), Failure> {
    let Some(slot) = free_for_import(connection, booking, now).await? else {
        return Ok(());
    };
    sqlx::query("UPDATE slots SET held_until = NULL WHERE id = $1")
        .bind(slot)
        .execute(&mut *connection)
        .await?;
    close(connection, slot, now).await?;
    let event = Event {
        chain: format!("slot:{slot}"),
        kind: EventKind::SlotClosed,
        actor: "operator".to_owned(),
        data: json!({ "moved_here": booking.id }),
    };
    journal::append(connection, &[event], now).await
}

/// The organisation takes a slot back.
pub(super) async fn close(
    connection: &mut Connection,
    slot: i64,
    now: Moment,
) -> Result<(), Failure> {
    sqlx::query("UPDATE slots SET closed_at = $1 WHERE id = $2")
        .bind(now.micros())
        .bind(slot)
        .execute(connection)
        .await?;
    Ok(())
}

impl SqlLedger {
    async fn act_on_slot_in(
        &self,
        connection: &mut Connection,
        id: SlotId,
        act: SlotAct<'_>,
        now: Moment,
    ) -> Result<bool, Failure> {
        let restorer = known::restorer_of(connection, id).await?;
        let bookings: Vec<i64> = restorer.iter().map(|(_, booking)| booking.0).collect();
        dialect::lock_bookings(connection, &[], &bookings, &[]).await?;
        lock(connection).await?;
        let Some(facts) = known::slot_by_id(connection, id, now).await? else {
            return Ok(false);
        };
        let Some((_, caused)) = act(&facts) else {
            return Ok(false);
        };
        let pending =
            consequences::write(connection, &caused, &[], self.limits.budget, now).await?;
        super::changes::write(connection, &pending, now).await?;
        Ok(true)
    }
}

#[async_trait]
impl SlotLedger for SqlLedger {
    async fn import_slots(
        &self,
        slots: &[SlotImport],
        _now: Moment,
    ) -> Result<SlotReport, Failure> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction).await?;
        let report = importing::slots(&mut transaction, slots).await?;
        transaction.commit().await?;
        Ok(report)
    }

    async fn slots(&self, filter: &SlotFilter) -> Result<Vec<Slot>, Failure> {
        importing::list(&mut *self.reader().await?, filter).await
    }

    async fn import_waiting(
        &self,
        entries: &[WaitingImport],
        now: Moment,
    ) -> Result<WaitingReport, Failure> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction).await?;
        let report = importing::waiting(&mut transaction, entries, now).await?;
        transaction.commit().await?;
        Ok(report)
    }

    async fn waiting_list(
        &self,
        state: Option<&str>,
        limit: u32,
    ) -> Result<Vec<WaitingRecord>, Failure> {
        importing::waiting_list(&mut *self.reader().await?, state, limit).await
    }

    async fn remove_waiting(&self, id: WaitingId, now: Moment) -> Result<bool, Failure> {
        let mut transaction = self.begin().await?;
        lock(&mut transaction).await?;
        let removed = importing::remove(&mut transaction, id, now).await?;
        transaction.commit().await?;
        Ok(removed)
    }

    async fn offers_run_out(&self, read_until: Moment, limit: u32) -> Result<Vec<SlotId>, Failure> {
        let slots = sqlx::query_scalar::<Db, i64>(RUN_OUT)
            .bind(read_until.minute().micros())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await?;
        Ok(slots.into_iter().map(SlotId).collect())
    }

    async fn free_slots_wanted(
        &self,
        after: SlotId,
        now: Moment,
        limit: u32,
    ) -> Result<Vec<SlotId>, Failure> {
        let slots = sqlx::query_scalar::<Db, i64>(WANTED)
            .bind(after.0)
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(&mut *self.reader().await?)
            .await?;
        Ok(slots.into_iter().map(SlotId).collect())
    }

    async fn act_on_slot(
        &self,
        slot: SlotId,
        act: SlotAct<'_>,
        now: Moment,
    ) -> Result<bool, Failure> {
        let mut transaction = self.begin().await?;
        let acted = self
            .act_on_slot_in(&mut transaction, slot, act, now)
            .await?;
        transaction.commit().await?;
        Ok(acted)
    }

    async fn act_on_place(
        &self,
        number_key: &str,
        act: PlaceAct<'_>,
        now: Moment,
    ) -> Result<Option<Decision>, Failure> {
        let mut transaction = self.begin().await?;
        let connection: &mut Connection = &mut transaction;
        dialect::lock_bookings(connection, &[number_key.to_owned()], &[], &[]).await?;
        lock(connection).await?;
        let Some(booking) = bookings::by_key(connection, number_key).await? else {
            return Ok(None);
        };
        let wanted = Wanted {
            query: &SlotQuery::default(),
            sender: None,
            now,
        };
        let place = known::place(connection, &wanted, &booking, None).await?;
        let (decision, caused) = act(&booking, Some(&place))?;
        let pending =
            consequences::write(connection, &caused, &[&booking], self.limits.budget, now).await?;
        super::changes::write(connection, &pending, now).await?;
        transaction.commit().await?;
        Ok(Some(decision))
    }

    async fn open_bookings(
        &self,
        service_code: &str,
        from: Moment,
        until: Moment,
    ) -> Result<Vec<Booking>, Failure> {
        let rows = sqlx::query_as::<Db, BookingRow>(OPEN_OF_SERVICE)
            .bind(service_code)
            .bind(from.micros())
            .bind(until.micros())
            .fetch_all(&mut *self.reader().await?)
            .await?;
        rows.into_iter().map(BookingRow::booking).collect()
    }
}
