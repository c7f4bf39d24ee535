//! Writes what a decision changes about slots. All of it is in the caller's transaction, under the
//! lock of the slots; what was changed meanwhile fails the transaction.

use super::super::super::dialect::{self, Connection, Db};
use super::super::changes::Pending;
use super::super::{import, journal, late, senders};
use super::known::can_be_had;
use crate::decide::{
    Joining, NewBooking, Restoration, SlotChanges, WaitingRestoration, WrongRestorationCode,
};
use crate::domain::{
    Booking, Channel, Citizen, ContentHash, Event, EventKind, Moment, Offer, OfferId, OfferState,
    SlotId, WaitingId,
};
use crate::failure::Failure;
use crate::record::rows::clean;
use serde_json::json;

/// Writes all changes but `close`, which belongs to the cancellation. Gives the changes of
/// bookings that wait for their numbers.
pub async fn write(
    connection: &mut Connection,
    changes: &SlotChanges,
    now: Moment,
) -> Result<Vec<Pending>, Failure> {
    let mut pending = Vec::new();
    if let Some((id, state)) = changes.end_offer {
        end_offer(connection, id, state, now).await?;
    }
    if let Some(waiting) = changes.give_up {
        set_waiting(connection, waiting, "removed", &["waiting"]).await?;
    }
    if let Some(restoration) = &changes.restore {
        pending.push(restore(connection, restoration, now).await?);
    }
    if let Some(waiting) = &changes.await_hold {
        await_hold(connection, waiting, now).await?;
    }
    if let Some(new) = &changes.book {
        pending.push(book(connection, new).await?);
    }
    if let Some(offer) = &changes.offer {
        open_offer(connection, offer).await?;
    }
    if let Some(joining) = &changes.join {
        join(connection, joining, now).await?;
    }
    if let Some(wrong) = &changes.wrong_code {
        count_wrong_code(connection, wrong).await?;
    }
    Ok(pending)
}

/// A statement that had to change exactly one row.
fn changed_one(rows: u64, what: &str) -> Result<(), Failure> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Failure::try_again(format!("{what} was changed meanwhile")))
    }
}

async fn end_offer(
    connection: &mut Connection,
    id: OfferId,
    state: OfferState,
    now: Moment,
) -> Result<(), Failure> {
    let sql = "UPDATE offers SET state = $1, closed_at = $2 WHERE id = $3 AND state = 'open' \
               RETURNING slot_id, waiting_id";
    let ended = sqlx::query_as::<Db, (i64, i64)>(sql)
        .bind(state.code())
        .bind(now.micros())
        .bind(id.0)
        .fetch_optional(&mut *connection)
        .await?;
    let Some((slot, waiting)) = ended else {
        return changed_one(0, "an offer");
    };
    sqlx::query("UPDATE slots SET held_until = NULL WHERE id = $1")
        .bind(slot)
        .execute(&mut *connection)
        .await?;
    let after = match state {
        OfferState::Accepted => "served",
        OfferState::Open | OfferState::Declined | OfferState::Expired | OfferState::Withdrawn => {
            "waiting"
        }
    };
    // Whoever was taken off the list meanwhile stays off it.
    let sql = "UPDATE waiting_list SET state = $1 WHERE id = $2 AND state = 'offered'";
    sqlx::query(sql)
        .bind(after)
        .bind(waiting)
        .execute(connection)
        .await?;
    Ok(())
}

async fn set_waiting(
    connection: &mut Connection,
    id: WaitingId,
    state: &str,
    from: &[&str],
) -> Result<(), Failure> {
    let sql = "UPDATE waiting_list SET state = $1 WHERE id = $2 AND state IN ($3, $4)";
    let rows = sqlx::query(sql)
        .bind(state)
        .bind(id.0)
        .bind(from.first().copied())
        .bind(from.get(1).copied())
        .execute(connection)
        .await?
        .rows_affected();
    changed_one(rows, "an entry of the waiting list")
}

const TAKE: &str = concat!(
    "UPDATE slots SET state = 'booked', booking_id = $1 WHERE id = $2 AND ",
    can_be_had!()
);

async fn take(connection: &mut Connection, slot: SlotId, booking: &Booking) -> Result<(), Failure> {
    let rows = sqlx::query(TAKE)
        .bind(booking.id.0)
        .bind(slot.0)
        .execute(connection)
        .await?
        .rows_affected();
    changed_one(rows, "a slot")
}

async fn restore(
    connection: &mut Connection,
    restoration: &Restoration,
    now: Moment,
) -> Result<Pending, Failure> {
    let before = &restoration.booking;
    let refused = format!("booking {} cannot be restored in its state", before.id.0);
    let after = before
        .clone()
        .restore()
        .map_err(|error| Failure::try_again_because(refused.as_str(), error))?;
    let sql = "UPDATE bookings SET state = $1, cancel_received_at = NULL, cancelled_at = NULL, \
               document = NULL, cancel_letter = NULL, cancel_channel = NULL, revision = $2 \
               WHERE id = $3 AND revision = $4";
    let rows = sqlx::query(sql)
        .bind(after.state.code())
        .bind(i64::from(after.revision))
        .bind(after.id.0)
        .bind(i64::from(before.revision))
        .execute(&mut *connection)
        .await?
        .rows_affected();
    changed_one(rows, "a booking")?;
    late::take_back(connection, before, now).await?;
    take(connection, restoration.slot, &after).await?;
    if let Some(waiting) = restoration.waiting {
        set_waiting(connection, waiting, "served", &["waiting"]).await?;
    }
    Ok(Pending::new("restored", &after, restoration.channel))
}

async fn await_hold(
    connection: &mut Connection,
    waiting: &WaitingRestoration,
    now: Moment,
) -> Result<(), Failure> {
    let person = ContentHash::of(&[b"restores", &waiting.booking.0.to_be_bytes()]);
    let sql = "INSERT INTO waiting_list (person, service_code, organisation, wanted_from, \
               wanted_until, joined_at, priority, state, slot_id, restores) \
               SELECT $1, service_code, organisation, '', '9999', $2, 1, 'waiting', id, $3 \
               FROM slots WHERE id = $4 AND NOT EXISTS (SELECT 1 FROM waiting_list w \
               WHERE w.slot_id = $4 AND w.restores = $3 AND w.state = 'waiting')";
    sqlx::query(sql)
        .bind(person.0.as_slice())
        .bind(now.micros())
        .bind(waiting.booking.0)
        .bind(waiting.slot.0)
        .execute(connection)
        .await?;
    Ok(())
}

async fn book(connection: &mut Connection, new: &NewBooking) -> Result<Pending, Failure> {
    let booking = &new.booking;
    sqlx::query(dialect::MAKE_BOOKING)
        .bind(booking.id.0)
        .bind(booking.number.as_str())
        .bind(booking.number.lookup_key())
        .bind(&booking.service.code)
        .bind(&booking.service.name)
        .bind(booking.service.category.code())
        .bind(&booking.organisation.name)
        .bind(&booking.organisation.address)
        .bind(booking.organisation.zone.name())
        .bind(&booking.resource)
        .bind(booking.starts_at.micros())
        .bind(new.follows.map(|id| id.0))
        .execute(&mut *connection)
        .await?;
    dialect::made_booking(connection).await?;
    import::write_citizen(connection, booking).await?;
    take(connection, new.slot, booking).await?;
    if let Some(waiting) = new.waiting {
        set_waiting(connection, waiting, "served", &["served", "offered"]).await?;
    }
    Ok(Pending::new("booked", booking, Channel::Mail))
}

async fn open_offer(connection: &mut Connection, offer: &Offer) -> Result<(), Failure> {
    let sql = "INSERT INTO offers (id, slot_id, waiting_id, offered_at, expires_at, state) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(sql)
        .bind(offer.id.0)
        .bind(offer.slot.0)
        .bind(offer.waiting.0)
        .bind(offer.offered_at.micros())
        .bind(offer.expires_at.micros())
        .bind(offer.state.code())
        .execute(&mut *connection)
        .await?;
    let sql = concat!(
        "UPDATE slots SET held_until = $1 WHERE id = $2 AND ",
        can_be_had!()
    );
    let rows = sqlx::query(sql)
        .bind(offer.expires_at.micros())
        .bind(offer.slot.0)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    changed_one(rows, "a slot")?;
    set_waiting(connection, offer.waiting, "offered", &["waiting"]).await
}

/// Who is meant in the waiting list: the organisation's id, else the address.
pub fn person(citizen: &Citizen) -> ContentHash {
    let address = citizen.emails.first().map_or("", |email| email.as_str());
    match &citizen.citizen_id {
        Some(id) => ContentHash::of(&[b"citizen_id", id.as_bytes()]),
        None => ContentHash::of(&[b"address", address.as_bytes()]),
    }
}

/// Whoever is on the list already keeps the place; whoever was served or taken off waits again.
async fn join(connection: &mut Connection, joining: &Joining, now: Moment) -> Result<(), Failure> {
    let sql = "INSERT INTO waiting_list (person, service_code, organisation, wanted_from, \
               wanted_until, joined_at, priority, state, exempt) \
               VALUES ($1, $2, $3, '', '9999', $4, 0, 'waiting', $5) \
               ON CONFLICT (person, service_code, organisation, joined_at) DO UPDATE SET \
               exempt = excluded.exempt, state = CASE WHEN waiting_list.state = 'offered' THEN 'offered' \
               ELSE 'waiting' END RETURNING id";
    let id = sqlx::query_scalar::<Db, i64>(sql)
        .bind(person(&joining.citizen).0.as_slice())
        .bind(&joining.service_code)
        .bind(&joining.organisation)
        .bind(joining.joined_at.micros())
        .bind(joining.exempt)
        .fetch_one(&mut *connection)
        .await?;
    write_person(connection, id, &joining.citizen).await?;
    let event = Event {
        chain: format!("waiting:{id}"),
        kind: EventKind::WaitingJoined,
        actor: "daemon".to_owned(),
        data: json!({
            "joined_at": joining.joined_at.micros(),
            "priority": 0,
            "exempt": joining.exempt,
        }),
    };
    journal::append(connection, &[event], now).await
}

/// Enters the person of an entry.
pub async fn write_person(
    connection: &mut Connection,
    waiting: i64,
    citizen: &Citizen,
) -> Result<(), Failure> {
    let sql = "INSERT INTO waiting_persons (waiting_id, full_name, email, phone, citizen_id) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (waiting_id) DO UPDATE SET \
               full_name = excluded.full_name, email = excluded.email, phone = excluded.phone, \
               citizen_id = excluded.citizen_id";
    sqlx::query(sql)
        .bind(waiting)
        .bind(clean(&citizen.full_name))
        .bind(citizen.emails.first().map_or("", |email| email.as_str()))
        .bind(citizen.phone.as_deref())
        .bind(citizen.citizen_id.as_deref().map(clean))
        .execute(connection)
        .await?;
    Ok(())
}

async fn count_wrong_code(
    connection: &mut Connection,
    wrong: &WrongRestorationCode,
) -> Result<(), Failure> {
    let sql = "INSERT INTO restoration_tries (booking_id, cancellation, sender, wrong) \
               VALUES ($1, $2, $3, 1) ON CONFLICT (booking_id, cancellation, sender) \
               DO UPDATE SET wrong = restoration_tries.wrong + 1";
    sqlx::query(sql)
        .bind(wrong.booking.0)
        .bind(i64::from(wrong.cancellation))
        .bind(senders::hashed(&wrong.sender).0.as_slice())
        .execute(connection)
        .await?;
    Ok(())
}
