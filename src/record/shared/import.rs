//! Imports bookings, all or nothing.

use super::super::dialect::{self, Connection, Db};
use super::changes::Pending;
use super::{bookings, facts, journal, slots};
use crate::domain::{
    Booking, BookingId, BookingState, Channel, Citizen, ContentHash, Event, EventKind, Moment,
};
use crate::failure::Failure;
use crate::record::importing::clash;
use crate::record::rows::clean;
use crate::record::{BookingImport, ImportReport, RefusedImport};
use serde_json::json;
use std::collections::HashMap;

/// Imports in the given transaction; gives the changes that wait for their numbers.
pub async fn import(
    connection: &mut Connection,
    imports: &[BookingImport],
    now: Moment,
) -> Result<(ImportReport, Vec<Pending>), Failure> {
    let by_key = with_keys(imports)?;
    let keys: Vec<String> = by_key.iter().map(|(key, _)| key.clone()).collect();
    dialect::lock_bookings(connection, &keys, &[], &[]).await?;
    slots::lock(connection).await?;
    let refused = clashes(connection, &by_key).await?;
    if !refused.is_empty() {
        let report = ImportReport {
            refused,
            ..ImportReport::default()
        };
        return Ok((report, Vec::new()));
    }
    let mut report = ImportReport::default();
    let mut changes = Vec::new();
    for (key, import) in &by_key {
        let change = match bookings::by_key(connection, key).await? {
            Some(before) => update(connection, before, import, now, &mut report).await?,
            None => {
                report.created = report.created.saturating_add(1);
                Some(create(connection, key, import, now).await?)
            }
        };
        changes.extend(change);
    }
    for (key, import) in &by_key {
        if facts::has_shared_address(connection, key).await? {
            report.shared_addresses.push(import.number.clone());
        }
    }
    Ok((report, changes))
}

/// Bookings that would replace somebody else's: a number reused, or one that only looks the same.
async fn clashes(
    connection: &mut Connection,
    by_key: &[(String, BookingImport)],
) -> Result<Vec<RefusedImport>, Failure> {
    let mut refused = Vec::new();
    for (key, import) in by_key {
        let on_file = bookings::by_key(connection, key).await?;
        if let Some(clash) = on_file.and_then(|booking| clash(&booking, import)) {
            refused.push(RefusedImport {
                number: import.number.clone(),
                clash,
            });
        }
    }
    Ok(refused)
}

/// Two lines with one number would make the second change what the first says.
fn with_keys(imports: &[BookingImport]) -> Result<Vec<(String, BookingImport)>, Failure> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut by_key = Vec::with_capacity(imports.len());
    for (index, import) in imports.iter().enumerate() {
        let key = import.number.lookup_key();
        if let Some(first) = seen.insert(key.clone(), index) {
            return Err(Failure::stop(
                format!(
                    "bookings {} and {} of the file have the same number (letters that look \
                     alike count as the same)",
                    first.saturating_add(1),
                    index.saturating_add(1)
                ),
                "give each booking a number of its own; nothing was imported",
            ));
        }
        by_key.push((key, cleaned(import)));
    }
    Ok(by_key)
}

fn cleaned(import: &BookingImport) -> BookingImport {
    let mut import = import.clone();
    for text in [
        &mut import.citizen.full_name,
        &mut import.service.code,
        &mut import.service.name,
        &mut import.organisation.name,
        &mut import.organisation.address,
        &mut import.resource,
    ] {
        *text = clean(text);
    }
    for text in [&mut import.citizen.phone, &mut import.citizen.citizen_id] {
        *text = text.as_deref().map(clean);
    }
    let mut emails = Vec::new();
    for email in import.citizen.emails {
        if !emails.contains(&email) {
            emails.push(email);
        }
    }
    import.citizen.emails = emails;
    import
}

async fn create(
    connection: &mut Connection,
    key: &str,
    import: &BookingImport,
    now: Moment,
) -> Result<Pending, Failure> {
    let sql = "INSERT INTO bookings (number, number_key, service_code, service_name, category, \
               organisation, address, zone, resource, starts_at, state, cancellations, revision) \
               VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,'scheduled',0,0) RETURNING id";
    let id = sqlx::query_scalar::<Db, i64>(sql)
        .bind(import.number.as_str())
        .bind(key)
        .bind(&import.service.code)
        .bind(&import.service.name)
        .bind(import.service.category.code())
        .bind(&import.organisation.name)
        .bind(&import.organisation.address)
        .bind(import.organisation.zone.name())
        .bind(&import.resource)
        .bind(import.starts_at.micros())
        .fetch_one(&mut *connection)
        .await?;
    let booking = as_imported(import, BookingId(id), BookingState::Scheduled, 0, 0);
    write_citizen(connection, &booking).await?;
    if slots::book_by_import(connection, &booking, now)
        .await?
        .is_none()
    {
        let sql = "INSERT INTO slots (organisation, resource, service_code, starts_at, zone, \
                   state, booking_id) VALUES ($1,$2,$3,$4,$5,'booked',$6)";
        write_slot(connection, sql, &booking).await?;
    }
    let event = event(EventKind::BookingImported, &booking, None);
    journal::append(connection, &[event], now).await?;
    Ok(Pending::new("imported", &booking, Channel::Command))
}

fn as_imported(
    import: &BookingImport,
    id: BookingId,
    state: BookingState,
    cancellations: u32,
    revision: u32,
) -> Booking {
    Booking {
        id,
        number: import.number.clone(),
        citizen: import.citizen.clone(),
        service: import.service.clone(),
        organisation: import.organisation.clone(),
        resource: import.resource.clone(),
        starts_at: import.starts_at,
        state,
        cancellations,
        revision,
    }
}

async fn update(
    connection: &mut Connection,
    before: Booking,
    import: &BookingImport,
    now: Moment,
    report: &mut ImportReport,
) -> Result<Option<Pending>, Failure> {
    let mut after = as_imported(
        import,
        before.id,
        before.state.clone(),
        before.cancellations,
        before.revision,
    );
    if after == before {
        report.unchanged = report.unchanged.saturating_add(1);
        return Ok(None);
    }
    after.revision = before.revision.saturating_add(1);
    write_details(connection, &after).await?;
    if after.citizen != before.citizen {
        write_citizen(connection, &after).await?;
    }
    move_slot(connection, &before, &after, now).await?;
    let moved = after.starts_at != before.starts_at;
    let (kind, word, counter) = if moved {
        let kind = EventKind::BookingRescheduled;
        (kind, "rescheduled", &mut report.rescheduled)
    } else {
        (EventKind::BookingChanged, "changed", &mut report.changed)
    };
    *counter = counter.saturating_add(1);
    let event = event(kind, &after, moved.then_some(before.starts_at));
    journal::append(connection, &[event], now).await?;
    Ok(Some(Pending::new(word, &after, Channel::Command)))
}

/// The slot of a booking goes where the booking goes; the time that it leaves is the organisation's
/// to give again. A free slot of the new time gives way: there is one place, not two. A booking
/// without a slot takes none.
async fn move_slot(
    connection: &mut Connection,
    before: &Booking,
    after: &Booking,
    now: Moment,
) -> Result<(), Failure> {
    let place = |booking: &Booking| {
        let Booking {
            service,
            organisation,
            resource,
            ..
        } = booking.clone();
        (booking.starts_at, service.code, organisation.name, resource)
    };
    if place(before) != place(after) && bookings::has_slot(connection, after.id).await? {
        slots::give_way_to_import(connection, after, now).await?;
    }
    let sql = "UPDATE slots SET organisation = $1, resource = $2, service_code = $3, \
               starts_at = $4, zone = $5 WHERE booking_id = $6";
    write_slot(connection, sql, after).await
}

async fn write_details(connection: &mut Connection, booking: &Booking) -> Result<(), Failure> {
    let sql = "UPDATE bookings SET number = $1, service_code = $2, service_name = $3, \
               category = $4, organisation = $5, address = $6, zone = $7, resource = $8, \
               starts_at = $9, revision = $10 WHERE id = $11";
    sqlx::query(sql)
        .bind(booking.number.as_str())
        .bind(&booking.service.code)
        .bind(&booking.service.name)
        .bind(booking.service.category.code())
        .bind(&booking.organisation.name)
        .bind(&booking.organisation.address)
        .bind(booking.organisation.zone.name())
        .bind(&booking.resource)
        .bind(booking.starts_at.micros())
        .bind(i64::from(booking.revision))
        .bind(booking.id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Who is meant when persons are counted: the organisation's id, else the full name.
fn person(citizen: &Citizen) -> ContentHash {
    match &citizen.citizen_id {
        Some(id) => ContentHash::of(&[b"citizen_id", id.as_bytes()]),
        None => ContentHash::of(&[b"full_name", citizen.full_name.as_bytes()]),
    }
}

/// Enters the citizen of a booking and the addresses on file.
pub async fn write_citizen(connection: &mut Connection, booking: &Booking) -> Result<(), Failure> {
    let sql = "INSERT INTO citizens (booking_id, full_name, phone, citizen_id) \
               VALUES ($1,$2,$3,$4) ON CONFLICT (booking_id) DO UPDATE SET \
               full_name = excluded.full_name, phone = excluded.phone, \
               citizen_id = excluded.citizen_id";
    sqlx::query(sql)
        .bind(booking.id.0)
        .bind(&booking.citizen.full_name)
        .bind(booking.citizen.phone.as_deref())
        .bind(booking.citizen.citizen_id.as_deref())
        .execute(&mut *connection)
        .await?;
    sqlx::query("DELETE FROM booking_addresses WHERE booking_id = $1")
        .bind(booking.id.0)
        .execute(&mut *connection)
        .await?;
    let person = person(&booking.citizen);
    for (position, email) in (0_i64..).zip(&booking.citizen.emails) {
        let sql = "INSERT INTO booking_addresses (booking_id, position, address, person) \
                   VALUES ($1,$2,$3,$4)";
        sqlx::query(sql)
            .bind(booking.id.0)
            .bind(position)
            .bind(email.as_str())
            .bind(person.0.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Runs `sql` with the columns of a slot and the booking's id.
async fn write_slot(
    connection: &mut Connection,
    sql: &'static str,
    booking: &Booking,
) -> Result<(), Failure> {
    sqlx::query(sql)
        .bind(&booking.organisation.name)
        .bind(&booking.resource)
        .bind(&booking.service.code)
        .bind(booking.starts_at.micros())
        .bind(booking.organisation.zone.name())
        .bind(booking.id.0)
        .execute(connection)
        .await?;
    Ok(())
}

fn event(kind: EventKind, booking: &Booking, moved_from: Option<Moment>) -> Event {
    let mut data = json!({
        "channel": Channel::Command,
        "revision": booking.revision,
        "starts_at": booking.starts_at.micros(),
    });
    if let (Some(from), Some(object)) = (moved_from, data.as_object_mut()) {
        object.insert("moved_from".to_owned(), json!(from.micros()));
    }
    Event {
        chain: format!("booking:{}", booking.id.0),
        kind,
        actor: "operator".to_owned(),
        data,
    }
}
