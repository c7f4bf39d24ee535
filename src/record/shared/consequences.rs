//! Writes what a decision causes. All of it is in the caller's transaction.

use super::super::dialect::Connection;
use super::changes::Pending;
use super::{bookings, bounces, journal, late, outbox, slots};
use crate::config::BudgetSettings;
use crate::decide::{Challenge, ChallengeState, Consequences};
use crate::domain::{Booking, BookingId, Cancellation, ChallengeId, Moment};
use crate::failure::Failure;

/// Writes all but the letter's own row and filing order. `known` are bookings that were read in
/// this transaction. Gives the changes that wait for their numbers.
pub async fn write(
    connection: &mut Connection,
    consequences: &Consequences,
    known: &[&Booking],
    budget: BudgetSettings,
    now: Moment,
) -> Result<Vec<Pending>, Failure> {
    let mut events = consequences.events.clone();
    let mut changes = Vec::new();
    if let Some((id, cancellation)) = &consequences.cancel {
        let (pending, freed) = cancel(connection, *id, cancellation, known).await?;
        if let Some(slot) = freed {
            if consequences.slots.close {
                slots::close(connection, slot, now).await?;
            }
            let closed = consequences.slots.close;
            events.push(bookings::slot_freed(*id, slot, cancellation, closed));
        }
        changes.push(pending);
    }
    let (moved, told) = late::write(connection, &consequences.late, now).await?;
    changes.extend(moved);
    events.extend(told);
    if let Some((id, state)) = consequences.close_challenge {
        close_challenge(connection, id, state).await?;
    }
    if let Some(challenge) = &consequences.open_challenge {
        open_challenge(connection, challenge).await?;
    }
    if let Some(returned) = &consequences.undeliverable {
        bounces::note(connection, returned).await?;
    }
    changes.extend(slots::write(connection, &consequences.slots, now).await?);
    for letter in &consequences.letters {
        outbox::put(connection, letter, budget, now).await?;
    }
    journal::append(connection, &events, now).await?;
    Ok(changes)
}

async fn cancel(
    connection: &mut Connection,
    id: BookingId,
    cancellation: &Cancellation,
    known: &[&Booking],
) -> Result<(Pending, Option<i64>), Failure> {
    let booking = match known.iter().find(|booking| booking.id == id) {
        Some(booking) => (*booking).clone(),
        None => bookings::by_id(connection, id)
            .await?
            .ok_or_else(|| Failure::try_again(format!("booking {} is not there", id.0)))?,
    };
    let (cancelled, freed) = bookings::cancel(connection, booking, cancellation).await?;
    let change = Pending::new("cancelled", &cancelled, cancellation.channel);
    Ok((change, freed))
}

async fn open_challenge(connection: &mut Connection, challenge: &Challenge) -> Result<(), Failure> {
    let shown = challenge.shown.as_ref().map(serde_json::to_string);
    let sql = "INSERT INTO challenges (id, booking_id, letter_id, received_at, opened_at, \
               expires_at, state, reason, purpose, wished_at, shown) \
               VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)";
    sqlx::query(sql)
        .bind(challenge.id.0)
        .bind(challenge.booking.0)
        .bind(challenge.letter.0)
        .bind(challenge.received_at.micros())
        .bind(challenge.opened_at.micros())
        .bind(challenge.expires_at.micros())
        .bind(challenge.state.code())
        .bind(challenge.reason.as_deref().map(crate::record::rows::clean))
        .bind(challenge.purpose.code())
        .bind(challenge.wished_at.map(Moment::micros))
        .bind(shown.transpose().map_err(|error| {
            Failure::try_again_because("a consequence could not be written as JSON", error)
        })?)
        .execute(connection)
        .await?;
    Ok(())
}

/// A challenge is closed once: it is spent by the first answer.
async fn close_challenge(
    connection: &mut Connection,
    id: ChallengeId,
    state: ChallengeState,
) -> Result<(), Failure> {
    let closed = sqlx::query("UPDATE challenges SET state = $1 WHERE id = $2 AND state = 'open'")
        .bind(state.code())
        .bind(id.0)
        .execute(connection)
        .await?
        .rows_affected();
    if closed == 1 {
        Ok(())
    } else {
        Err(Failure::try_again(format!(
            "challenge {} is not open any more",
            id.0
        )))
    }
}
