//! Who stands in line for a slot: the waiting list in its order, with what stands against each.

use super::super::super::dialect::{Connection, Db};
use super::super::late_facts;
use crate::decide::InLine;
use crate::domain::{Moment, Sanction, Slot};
use crate::failure::Failure;
use crate::record::rows::InLineRow;

/// Those who fit, in their order. `$3` is the start on the clocks of the place.
const FITTING: &str = "SELECT w.id, w.priority, w.joined_at, w.exempt, p.full_name, p.email, \
    p.phone, p.citizen_id FROM waiting_list w JOIN waiting_persons p ON p.waiting_id = w.id \
    WHERE w.service_code = $1 AND w.organisation = $2 AND w.state = 'waiting' \
    AND w.restores IS NULL AND w.wanted_from <= $3 AND w.wanted_until >= $3 \
    AND NOT EXISTS (SELECT 1 FROM offers o WHERE o.slot_id = $4 AND o.waiting_id = w.id) \
    ORDER BY w.priority DESC, w.joined_at, w.id LIMIT $5";

/// Whoever stands behind so many against whom something stands is looked at when they are fewer.
const MOST_LOOKED_AT: i64 = 200;

/// The line up to the first person against whom nothing is in force.
pub async fn line(
    connection: &mut Connection,
    slot: &Slot,
    now: Moment,
) -> Result<Vec<InLine>, Failure> {
    let local = slot.starts_at.in_zone(&slot.zone);
    let rows = sqlx::query_as::<Db, InLineRow>(FITTING)
        .bind(&slot.service_code)
        .bind(&slot.organisation)
        .bind(local.strftime("%Y-%m-%dT%H:%M").to_string())
        .bind(slot.id.0)
        .bind(MOST_LOOKED_AT)
        .fetch_all(&mut *connection)
        .await?;
    let mut line = Vec::new();
    for row in rows {
        let sanctions = match row.counted_at(&slot.organisation) {
            Some(person) => late_facts::sanctions_of(connection, &person).await?,
            None => Vec::new(),
        };
        let free = !sanctions.iter().any(|one: &Sanction| one.is_in_force(now));
        line.push(row.with(sanctions));
        if free {
            break;
        }
    }
    Ok(line)
}
