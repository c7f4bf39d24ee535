//! Orders left by commands, and what was done at the desk.

use super::super::super::dialect::{Connection, Db};
use crate::decide::StaffCommand;
use crate::domain::{LetterId, Moment, StaffAct};
use crate::failure::Failure;
use crate::record::desk::ordered_booking;
use crate::record::fault::damaged;
use crate::record::rows::clean;
use crate::record::{DeskDeed, StaffOrder};
use serde_json::Value;

/// A later order takes the place of an earlier one that was not carried out yet.
const LEAVE: &str = "INSERT INTO desk_orders \
    (letter_id, act, booking, reason, words, actor, ordered_at) \
    SELECT id, $2, $3, $4, $5, $6, $7 FROM letters WHERE id = $1 AND state = 'held' \
    ON CONFLICT (letter_id) DO UPDATE SET act = excluded.act, booking = excluded.booking, \
    reason = excluded.reason, words = excluded.words, actor = excluded.actor, \
    ordered_at = excluded.ordered_at";

/// Leaves an order; false when the letter is not held.
pub async fn leave(
    connection: &mut Connection,
    order: &StaffOrder,
    now: Moment,
) -> Result<bool, Failure> {
    let command = &order.command;
    let left = sqlx::query(LEAVE)
        .bind(order.letter.0)
        .bind(command.act.code())
        .bind(command.booking.as_ref().map(ToString::to_string))
        .bind(command.reason.as_deref())
        .bind(command.words.as_deref().map(clean))
        .bind(&command.actor)
        .bind(now.micros())
        .execute(connection)
        .await?
        .rows_affected();
    Ok(left > 0)
}

/// An order's row.
type OrderRow = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

/// The orders that wait, oldest first.
pub async fn list(connection: &mut Connection) -> Result<Vec<StaffOrder>, Failure> {
    let sql = "SELECT letter_id, act, booking, reason, words, actor FROM desk_orders \
               ORDER BY ordered_at, letter_id";
    let rows = sqlx::query_as::<Db, OrderRow>(sql)
        .fetch_all(connection)
        .await?;
    rows.into_iter()
        .map(|(letter, act, booking, reason, words, actor)| {
            let act = StaffAct::parse(&act).ok_or_else(|| damaged("desk_orders", letter))?;
            Ok(StaffOrder {
                letter: LetterId(letter),
                command: StaffCommand {
                    act,
                    actor,
                    booking: ordered_booking(booking),
                    reason,
                    words,
                },
            })
        })
        .collect()
}

/// What was done at the desk in this time, in order.
pub async fn deeds(
    connection: &mut Connection,
    from: Moment,
    until: Moment,
) -> Result<Vec<DeskDeed>, Failure> {
    let sql = "SELECT kind, data FROM journal WHERE at >= $1 AND at < $2 AND kind IN \
               ('staff_acted', 'staff_act_impossible', 'letter_released', 'letter_missing') \
               ORDER BY id";
    let rows = sqlx::query_as::<Db, (String, String)>(sql)
        .bind(from.micros())
        .bind(until.micros())
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(kind, data)| {
            let data: Value = serde_json::from_str(&data).unwrap_or_default();
            let act = data.get("act").and_then(Value::as_str);
            DeskDeed {
                kind,
                act: act.and_then(StaffAct::parse),
            }
        })
        .collect())
}
