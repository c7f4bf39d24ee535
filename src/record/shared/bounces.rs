//! Letters of ours that came back undelivered, and the addresses on file that they went to.

use super::super::dialect::{Connection, Db};
use super::letters;
use crate::decide::{ReturnedLetter, Undeliverable};
use crate::domain::{BookingId, EmailAddress, MessageId, Moment};
use crate::failure::Failure;
use crate::record::fault::damaged;
use crate::record::{BouncedAddress, OutboxState};

const RETURNED: &str = "SELECT state, message_id, booking_id, recipient FROM outbox WHERE id = $1";

const UNDELIVERABLE: &str = "UPDATE outbox SET state = 'undeliverable', last_error = $1 \
    WHERE id = $2 AND state = 'sent' RETURNING answers";

const MARK: &str = "INSERT INTO bounced_addresses (booking_id, address, outbox_id, bounced_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (booking_id, address) \
    DO UPDATE SET outbox_id = excluded.outbox_id, bounced_at = excluded.bounced_at";

const MARKED: &str = "SELECT address, bounced_at FROM bounced_addresses WHERE booking_id = $1 \
    ORDER BY address";

const UNREACHED: &str = "SELECT DISTINCT bookings.number FROM bounced_addresses \
    JOIN bookings ON bookings.id = bounced_addresses.booking_id \
    WHERE bounced_at >= $1 AND bounced_at < $2 ORDER BY bookings.number";

/// Numbers of the bookings whose address sent a letter of ours back in this time.
pub async fn unreached(
    connection: &mut Connection,
    from: Moment,
    until: Moment,
) -> Result<Vec<String>, Failure> {
    Ok(sqlx::query_scalar::<Db, String>(UNREACHED)
        .bind(from.micros())
        .bind(until.micros())
        .fetch_all(connection)
        .await?)
}

/// The letter in this row of the outbox.
pub async fn returned(
    connection: &mut Connection,
    row: i64,
) -> Result<Option<ReturnedLetter>, Failure> {
    let found = sqlx::query_as::<Db, (String, String, Option<i64>, String)>(RETURNED)
        .bind(row)
        .fetch_optional(connection)
        .await?;
    let Some((state, message_id, booking, recipient)) = found else {
        return Ok(None);
    };
    let fault = || damaged("outbox", row);
    Ok(Some(ReturnedLetter {
        row,
        sent: state == OutboxState::Sent.code(),
        message_id: MessageId::parse(&message_id).ok_or_else(fault)?,
        booking: booking.map(BookingId),
        recipient: EmailAddress::parse(&recipient).ok_or_else(fault)?,
    }))
}

/// Notes that a letter of ours could not be delivered, and marks the address at its booking.
pub async fn note(connection: &mut Connection, letter: &Undeliverable) -> Result<(), Failure> {
    let answers = sqlx::query_scalar::<Db, Option<i64>>(UNDELIVERABLE)
        .bind(&letter.code)
        .bind(letter.row)
        .fetch_optional(&mut *connection)
        .await?
        .flatten();
    if let Some(booking) = letter.booking {
        sqlx::query(MARK)
            .bind(booking.0)
            .bind(letter.recipient.as_str())
            .bind(letter.row)
            .bind(letter.at.micros())
            .execute(&mut *connection)
            .await?;
    }
    let answered: Vec<i64> = answers.into_iter().collect();
    letters::refresh(connection, &answered).await
}

/// The addresses of a booking to which letters could not be delivered.
pub async fn of_booking(
    connection: &mut Connection,
    booking: BookingId,
) -> Result<Vec<BouncedAddress>, Failure> {
    let rows = sqlx::query_as::<Db, (String, i64)>(MARKED)
        .bind(booking.0)
        .fetch_all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(address, at)| {
            Some(BouncedAddress {
                address: EmailAddress::parse(&address)?,
                bounced_at: Moment::from_micros(at),
            })
        })
        .collect())
}
