//! Bookings that a dead letter may be about. Every question goes through an index.

use super::super::super::dialect::{self, Connection, Db};
use super::super::bookings;
use crate::decide::neighbours;
use crate::domain::{Booking, BookingId};
use crate::failure::Failure;
use crate::record::LikelyQuery;
use std::collections::BTreeSet;

const BY_ADDRESS: &str = "SELECT a.booking_id FROM booking_addresses a \
    JOIN bookings b ON b.id = a.booking_id WHERE a.address = $1 \
    AND b.state IN ('scheduled', 'awaiting_confirmation') ORDER BY b.starts_at LIMIT 10";

const BY_PHONE: &str = "SELECT c.booking_id FROM citizens c \
    JOIN bookings b ON b.id = c.booking_id WHERE c.phone = $1 \
    AND b.state IN ('scheduled', 'awaiting_confirmation') ORDER BY b.starts_at LIMIT 10";

/// The bookings.
pub async fn bookings(
    connection: &mut Connection,
    wanted: &LikelyQuery,
) -> Result<Vec<Booking>, Failure> {
    let reading = &wanted.reading;
    let mut found: BTreeSet<i64> = BTreeSet::new();
    for number in [&reading.number, &reading.quoted_number]
        .into_iter()
        .flatten()
    {
        let key = number.lookup_key();
        let mut keys = neighbours(&key);
        keys.push(key);
        let ids = sqlx::query_scalar::<Db, i64>(dialect::IDS_BY_KEYS)
            .bind(dialect::texts(&keys))
            .fetch_all(&mut *connection)
            .await?;
        found.extend(ids);
    }
    let texts = [
        (BY_ADDRESS, wanted.sender.as_ref().map(|s| s.as_str())),
        (BY_PHONE, reading.phone.as_deref()),
    ];
    for (sql, text) in texts {
        if let Some(text) = text {
            let ids = sqlx::query_scalar::<Db, i64>(sql)
                .bind(text)
                .fetch_all(&mut *connection)
                .await?;
            found.extend(ids);
        }
    }
    for name in surnames(reading.full_name.as_deref().unwrap_or_default()) {
        let ids = sqlx::query_scalar::<Db, i64>(dialect::IDS_BY_SURNAME)
            .bind(format!("{name} "))
            // The sign behind the blank: what begins with the name and a blank lies between.
            .bind(format!("{name}!"))
            .fetch_all(&mut *connection)
            .await?;
        found.extend(ids);
    }
    let mut bookings = Vec::with_capacity(found.len());
    for id in found {
        bookings.extend(bookings::by_id(connection, BookingId(id)).await?);
    }
    Ok(bookings)
}

/// The words of a name, any of which may be the surname, as offices write them.
fn surnames(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphabetic() && c != '-');
    words
        .filter(|word| word.chars().count() >= 2)
        .take(3)
        .flat_map(|word| {
            let lower = word.to_lowercase();
            let mut letters = lower.chars();
            let titled: String = letters
                .next()
                .into_iter()
                .flat_map(char::to_uppercase)
                .chain(letters)
                .collect();
            let mut forms = vec![titled, word.to_uppercase()];
            forms.dedup();
            forms
        })
        .collect()
}
