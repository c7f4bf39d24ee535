//! Writes what late cancellations cause. All of it is in the caller's transaction.

use super::super::dialect::{Connection, Db};
use super::changes::Pending;
use super::{bookings, journal};
use crate::decide::{
    self, AwaitingOrder, CountedCancellation, DocumentRecord, LateConsequences, NewSanction,
    Recount, ReviewOpening, ReviewState, TakeBackCause,
};
use crate::domain::{
    Booking, BookingId, BookingState, Channel, Event, EventKind, LetterId, Moment, SanctionState,
};
use crate::failure::Failure;
use crate::record::rows::{clean, integer};
use serde_json::json;

/// Writes all of it. Gives the change of the booking that waits for its number, and events that
/// only the database could know.
pub async fn write(
    connection: &mut Connection,
    late: &LateConsequences,
    now: Moment,
) -> Result<(Option<Pending>, Vec<Event>), Failure> {
    let mut events = Vec::new();
    let mut change = None;
    for (position, document) in (0_i64..).zip(&late.documents) {
        put_document(connection, position, document).await?;
    }
    if let Some(order) = late.awaiting {
        let (pending, freed) = await_confirmation(connection, order).await?;
        events.extend(freed);
        change = Some(pending);
    }
    if let Some(booking) = late.scheduled_again {
        change = Some(schedule_again(connection, booking).await?);
    }
    if let Some(opening) = late.open_review {
        open_review(connection, opening, now).await?;
    }
    if let Some((letter, state)) = late.close_review {
        close_review(connection, letter, state, now).await?;
    }
    if let Some(counted) = &late.counted {
        put_counted(connection, counted).await?;
    }
    for sanction in &late.sanctions {
        put_sanction(connection, sanction).await?;
    }
    if let Some(recount) = &late.recount {
        events.extend(recounted(connection, recount, now).await?);
    }
    Ok((change, events))
}

/// A booking that comes back takes back its cancellation: it counts no more, and what it brought
/// is lifted.
pub async fn take_back(
    connection: &mut Connection,
    cancelled: &Booking,
    now: Moment,
) -> Result<(), Failure> {
    let BookingState::Cancelled(cancellation) = &cancelled.state else {
        return Ok(());
    };
    let caused = decide::take_back(cancelled.id, cancellation, TakeBackCause::Restored);
    let (_, events) = write(connection, &caused, now).await?;
    journal::append(connection, &events, now).await
}

async fn put_document(
    connection: &mut Connection,
    position: i64,
    document: &DocumentRecord,
) -> Result<(), Failure> {
    let sql = "INSERT INTO received_documents (letter_id, position, name, media_type, size, sha256) \
               VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT (letter_id, position) DO NOTHING";
    sqlx::query(sql)
        .bind(document.letter.0)
        .bind(position)
        .bind(document.name.as_deref().map(clean))
        .bind(clean(&document.media_type))
        .bind(integer(document.size))
        .bind(document.sha256.map(|hash| hash.0.to_vec()))
        .execute(connection)
        .await?;
    Ok(())
}

async fn await_confirmation(
    connection: &mut Connection,
    order: AwaitingOrder,
) -> Result<(Pending, Option<Event>), Failure> {
    let booking = found(connection, order.booking).await?;
    let revision = booking.revision;
    let after = booking
        .await_confirmation()
        .map_err(|error| moved_on(order.booking, error))?;
    set_state(connection, &after, revision).await?;
    let mut freed = None;
    if order.release_slot {
        let slot = bookings::free_slot(connection, order.booking).await?;
        freed = slot.map(|slot| Event {
            chain: format!("booking:{}", order.booking.0),
            kind: EventKind::SlotFreed,
            actor: "daemon".to_owned(),
            data: json!({ "slot": slot }),
        });
    }
    let change = Pending::new("awaiting_confirmation", &after, Channel::Mail);
    Ok((change, freed))
}

async fn schedule_again(connection: &mut Connection, id: BookingId) -> Result<Pending, Failure> {
    let booking = found(connection, id).await?;
    let revision = booking.revision;
    let after = booking
        .schedule_again()
        .map_err(|error| moved_on(id, error))?;
    set_state(connection, &after, revision).await?;
    Ok(Pending::new("scheduled", &after, Channel::Mail))
}

async fn found(connection: &mut Connection, id: BookingId) -> Result<Booking, Failure> {
    bookings::by_id(connection, id)
        .await?
        .ok_or_else(|| Failure::try_again(format!("booking {} is not there", id.0)))
}

fn moved_on(id: BookingId, error: crate::domain::TransitionError) -> Failure {
    Failure::try_again_because(
        format!("booking {} is in another state by now", id.0),
        error,
    )
}

async fn set_state(
    connection: &mut Connection,
    after: &Booking,
    revision: u32,
) -> Result<(), Failure> {
    let sql = "UPDATE bookings SET state = $1, revision = $2 WHERE id = $3 AND revision = $4";
    let changed = sqlx::query(sql)
        .bind(after.state.code())
        .bind(i64::from(after.revision))
        .bind(after.id.0)
        .bind(i64::from(revision))
        .execute(connection)
        .await?
        .rows_affected();
    if changed == 1 {
        Ok(())
    } else {
        let what = format!("booking {} is in another state by now", after.id.0);
        Err(Failure::try_again(what))
    }
}

/// A letter that is tried again keeps its first review.
async fn open_review(
    connection: &mut Connection,
    opening: ReviewOpening,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "INSERT INTO reviews (letter_id, booking_id, received_at, slot_released, follow_up, \
               state, opened_at) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (letter_id) DO NOTHING";
    sqlx::query(sql)
        .bind(opening.letter.0)
        .bind(opening.booking.0)
        .bind(opening.received_at.micros())
        .bind(opening.slot_released)
        .bind(opening.follow_up)
        .bind(ReviewState::Open.code())
        .bind(now.micros())
        .execute(connection)
        .await?;
    Ok(())
}

/// A review is closed once.
async fn close_review(
    connection: &mut Connection,
    letter: LetterId,
    state: ReviewState,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "UPDATE reviews SET state = $1, decided_at = $2 \
               WHERE letter_id = $3 AND state = 'open'";
    let closed = sqlx::query(sql)
        .bind(state.code())
        .bind(now.micros())
        .bind(letter.0)
        .execute(connection)
        .await?
        .rows_affected();
    if closed == 1 {
        Ok(())
    } else {
        let what = format!("the review of letter {letter} is not open any more");
        Err(Failure::try_again(what))
    }
}

async fn put_counted(
    connection: &mut Connection,
    counted: &CountedCancellation,
) -> Result<(), Failure> {
    let sql = "INSERT INTO counted_cancellations (booking_id, document, citizen, service_code, \
               received_at, cancelled_at, timeliness, reason_code, documents_until, policy) \
               VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)";
    sqlx::query(sql)
        .bind(counted.booking.0)
        .bind(&counted.document)
        .bind(counted.citizen.map(|hash| hash.0.to_vec()))
        .bind(&counted.service_code)
        .bind(counted.received_at.micros())
        .bind(counted.cancelled_at.micros())
        .bind(counted.timeliness.code())
        .bind(counted.reason_code.as_deref())
        .bind(counted.documents_until.map(Moment::micros))
        .bind(&counted.policy)
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_sanction(connection: &mut Connection, sanction: &NewSanction) -> Result<(), Failure> {
    let sql = "INSERT INTO sanctions (booking_id, document, citizen, service_code, kind, amount, \
               state, policy, proposed_at, decided_at, until) \
               VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)";
    let imposed = sanction.state == SanctionState::Imposed;
    sqlx::query(sql)
        .bind(sanction.booking.0)
        .bind(&sanction.document)
        .bind(sanction.citizen.0.to_vec())
        .bind(&sanction.service_code)
        .bind(sanction.kind.code())
        .bind(i64::from(sanction.amount))
        .bind(sanction.state.code())
        .bind(&sanction.policy)
        .bind(sanction.at.micros())
        .bind(imposed.then_some(sanction.at.micros()))
        .bind(sanction.until.map(Moment::micros))
        .execute(connection)
        .await?;
    Ok(())
}

/// The cancellation counts otherwise, and what it brought is lifted. Nothing happens where it is
/// not on record, or counts so already.
async fn recounted(
    connection: &mut Connection,
    recount: &Recount,
    now: Moment,
) -> Result<Vec<Event>, Failure> {
    let event = |kind, data| Event {
        chain: format!("booking:{}", recount.booking.0),
        kind,
        actor: recount.actor.clone(),
        data,
    };
    let sql = "UPDATE counted_cancellations SET timeliness = $1 \
               WHERE booking_id = $2 AND document = $3 AND timeliness <> $1";
    let changed = sqlx::query(sql)
        .bind(recount.timeliness.code())
        .bind(recount.booking.0)
        .bind(&recount.document)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    let mut events = Vec::new();
    if changed > 0 {
        let data = json!({
            "document": recount.document,
            "timeliness": recount.timeliness,
            "why": recount.why,
        });
        events.push(event(EventKind::CancellationRecounted, data));
    }
    let sql = "UPDATE sanctions SET state = 'lifted', decided_at = $1 WHERE booking_id = $2 \
               AND document = $3 AND state <> 'lifted' RETURNING id, kind, policy";
    let mut lifted = sqlx::query_as::<Db, (i64, String, String)>(sql)
        .bind(now.micros())
        .bind(recount.booking.0)
        .bind(&recount.document)
        .fetch_all(connection)
        .await?;
    lifted.sort_unstable();
    events.extend(lifted.into_iter().map(|(id, kind, policy)| {
        let data = json!({
            "id": id,
            "document": recount.document,
            "sanction": kind,
            "why": recount.why,
            "policy": policy,
        });
        event(EventKind::SanctionLifted, data)
    }));
    Ok(events)
}
