//! Whose turn it is: the waiting list in its order, without those whom a sanction keeps from booking.

use super::super::super::dialect::{Connection, Db};
use super::super::late_facts;
use crate::domain::{Moment, Slot, Waiter, bars_booking, stands_back};
use crate::failure::Failure;
use crate::record::rows::WaiterRow;

/// Those who fit, in their order. `$3` is the start on the clocks of the place.
const FITTING: &str = "SELECT w.id, w.priority, w.joined_at, p.full_name, p.email, p.phone, \
    p.citizen_id FROM waiting_list w JOIN waiting_persons p ON p.waiting_id = w.id \
    WHERE w.service_code = $1 AND w.organisation = $2 AND w.state = 'waiting' \
    AND w.restores IS NULL AND w.wanted_from <= $3 AND w.wanted_until >= $3 \
    AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.slot_id = $4 AND o.waiting_id = w.id) \
    ORDER BY w.priority DESC, w.joined_at, w.id LIMIT $5";

/// How many are looked at, so that a long list of sanctioned persons costs little: behind them the
/// first who stands back is taken.
const MOST_LOOKED_AT: i64 = 200;

/// The first who fits and stands behind nobody; else the first of those who stand back. Whoever
/// may not book now keeps the place in the list, and nothing is offered.
pub async fn next(
    connection: &mut Connection,
    slot: &Slot,
    now: Moment,
) -> Result<Option<Waiter>, Failure> {
    let local = slot.starts_at.in_zone(&slot.zone);
    let rows = sqlx::query_as::<Db, WaiterRow>(FITTING)
        .bind(&slot.service_code)
        .bind(&slot.organisation)
        .bind(local.strftime("%Y-%m-%dT%H:%M").to_string())
        .bind(slot.id.0)
        .bind(MOST_LOOKED_AT)
        .fetch_all(&mut *connection)
        .await?;
    let mut behind = None;
    for mut waiter in rows.into_iter().map(Waiter::from) {
        let Some(person) = waiter.citizen.counted_at(&slot.organisation) else {
            return Ok(Some(waiter));
        };
        let sanctions = late_facts::sanctions_of(connection, &person).await?;
        if bars_booking(&sanctions, &slot.service_code, now)
            .next()
            .is_some()
        {
            continue;
        }
        if !stands_back(&sanctions, now) {
            return Ok(Some(waiter));
        }
        waiter.stands_back = true;
        behind.get_or_insert(waiter);
    }
    Ok(behind)
}
