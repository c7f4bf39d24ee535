//! Imports slots and the waiting list, all or nothing, and lists them.

use super::super::super::dialect::{Connection, Db};
use super::super::journal;
use super::changes::{person, write_person};
use super::known::slot_columns;
use crate::domain::{Event, EventKind, Moment, Slot, WaitingId};
use crate::failure::Failure;
use crate::record::rows::{SlotRow, WaitingRow, clean, count};
use crate::record::{
    SlotFilter, SlotImport, SlotReport, WaitingImport, WaitingRecord, WaitingReport,
};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const LIST: &str = concat!(
    slot_columns!(),
    " WHERE ($1 IS NULL OR service_code = $1) AND starts_at >= $2 \
     ORDER BY starts_at, id LIMIT $3"
);

const WAITING_LIST: &str = "SELECT w.id, w.state, w.service_code, w.organisation, w.wanted_from, \
    w.wanted_until, w.joined_at, w.priority, p.full_name, p.email, p.phone, p.citizen_id \
    FROM waiting_list w LEFT JOIN waiting_persons p ON p.waiting_id = w.id \
    WHERE w.restores IS NULL AND ($1 IS NULL OR w.state = $1) \
    ORDER BY w.service_code, w.organisation, w.priority DESC, w.joined_at, w.id LIMIT $2";

/// The same time of the same resource: as many slots are there as the file has lines for it.
type Key<'a> = (&'a str, &'a str, &'a str, Moment, &'a str);

/// Imports slots.
pub async fn slots(
    connection: &mut Connection,
    imports: &[SlotImport],
) -> Result<SlotReport, Failure> {
    let mut wanted: BTreeMap<Key<'_>, u64> = BTreeMap::new();
    for import in imports {
        let key = (
            import.organisation.as_str(),
            import.resource.as_str(),
            import.service_code.as_str(),
            import.starts_at,
            import.zone.name(),
        );
        let lines = wanted.entry(key).or_default();
        *lines = lines.saturating_add(1);
    }
    let mut report = SlotReport::default();
    for (key, lines) in &wanted {
        let there = existing(connection, key).await?.min(*lines);
        for _ in there..*lines {
            create(connection, key).await?;
        }
        report.created = report.created.saturating_add(lines.saturating_sub(there));
        report.unchanged = report.unchanged.saturating_add(there);
    }
    let services: BTreeSet<(&str, &str)> = wanted
        .keys()
        .map(|(organisation, _, service, ..)| (*service, *organisation))
        .collect();
    for (service, organisation) in services {
        if !is_known(connection, service, organisation).await? {
            let unknown = (service.to_owned(), organisation.to_owned());
            report.unknown_services.push(unknown);
        }
    }
    Ok(report)
}

async fn existing(connection: &mut Connection, key: &Key<'_>) -> Result<u64, Failure> {
    let (organisation, resource, service, starts_at, _) = key;
    let sql = "SELECT count(*) FROM slots WHERE service_code = $1 AND organisation = $2 \
               AND starts_at = $3 AND resource = $4";
    let rows = sqlx::query_scalar::<Db, i64>(sql)
        .bind(clean(service))
        .bind(clean(organisation))
        .bind(starts_at.micros())
        .bind(clean(resource))
        .fetch_one(connection)
        .await?;
    Ok(count(rows))
}

async fn create(connection: &mut Connection, key: &Key<'_>) -> Result<(), Failure> {
    let (organisation, resource, service, starts_at, zone) = key;
    let sql = "INSERT INTO slots (organisation, resource, service_code, starts_at, zone, state) \
               VALUES ($1, $2, $3, $4, $5, 'free')";
    sqlx::query(sql)
        .bind(clean(organisation))
        .bind(clean(resource))
        .bind(clean(service))
        .bind(starts_at.micros())
        .bind(*zone)
        .execute(connection)
        .await?;
    Ok(())
}

async fn is_known(
    connection: &mut Connection,
    service: &str,
    organisation: &str,
) -> Result<bool, Failure> {
    let sql = "SELECT id FROM bookings WHERE service_code = $1 AND organisation = $2 LIMIT 1";
    let row = sqlx::query_scalar::<Db, i64>(sql)
        .bind(service)
        .bind(organisation)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}

/// Slots by their start.
pub async fn list(connection: &mut Connection, filter: &SlotFilter) -> Result<Vec<Slot>, Failure> {
    let rows = sqlx::query_as::<Db, SlotRow>(LIST)
        .bind(filter.service_code.as_deref())
        .bind(filter.from.map_or(i64::MIN, Moment::micros))
        .bind(i64::from(filter.limit))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(SlotRow::slot).collect()
}

/// Imports entries of the waiting list.
pub async fn waiting(
    connection: &mut Connection,
    imports: &[WaitingImport],
    now: Moment,
) -> Result<WaitingReport, Failure> {
    let mut report = WaitingReport::default();
    for import in imports {
        let counter = match entry(connection, import, now).await? {
            Entered::Created => &mut report.created,
            Entered::Changed => &mut report.changed,
            Entered::Unchanged => &mut report.unchanged,
        };
        *counter = counter.saturating_add(1);
    }
    Ok(report)
}

enum Entered {
    Created,
    Changed,
    Unchanged,
}

async fn entry(
    connection: &mut Connection,
    import: &WaitingImport,
    now: Moment,
) -> Result<Entered, Failure> {
    let person = person(&import.citizen);
    let (service, organisation) = (clean(&import.service_code), clean(&import.organisation));
    let sql = "SELECT w.id, w.state, w.service_code, w.organisation, w.wanted_from, \
               w.wanted_until, w.joined_at, w.priority, p.full_name, p.email, p.phone, \
               p.citizen_id FROM waiting_list w \
               LEFT JOIN waiting_persons p ON p.waiting_id = w.id \
               WHERE w.person = $1 AND w.service_code = $2 AND w.organisation = $3 \
               AND w.joined_at = $4";
    let known = sqlx::query_as::<Db, WaitingRow>(sql)
        .bind(person.0.as_slice())
        .bind(&service)
        .bind(&organisation)
        .bind(import.joined_at.micros())
        .fetch_optional(&mut *connection)
        .await?
        .map(WaitingRecord::from);
    if let Some(known) = known {
        let same = known.citizen == import.citizen
            && known.wanted_from == import.wanted_from
            && known.wanted_until == import.wanted_until;
        // A person whom retention has removed does not come back with an old file.
        if same || known.citizen.full_name.is_empty() {
            return Ok(Entered::Unchanged);
        }
        update(connection, known.id, import).await?;
        note(connection, known.id, EventKind::WaitingChanged, import, now).await?;
        return Ok(Entered::Changed);
    }
    let sql = "INSERT INTO waiting_list (person, service_code, organisation, wanted_from, \
               wanted_until, joined_at, priority, state) \
               VALUES ($1, $2, $3, $4, $5, $6, 0, 'waiting') RETURNING id";
    let id = sqlx::query_scalar::<Db, i64>(sql)
        .bind(person.0.as_slice())
        .bind(&service)
        .bind(&organisation)
        .bind(&import.wanted_from)
        .bind(&import.wanted_until)
        .bind(import.joined_at.micros())
        .fetch_one(&mut *connection)
        .await?;
    write_person(connection, id, &import.citizen).await?;
    let id = WaitingId(id);
    note(connection, id, EventKind::WaitingJoined, import, now).await?;
    Ok(Entered::Created)
}

async fn update(
    connection: &mut Connection,
    id: WaitingId,
    import: &WaitingImport,
) -> Result<(), Failure> {
    sqlx::query("UPDATE waiting_list SET wanted_from = $1, wanted_until = $2 WHERE id = $3")
        .bind(&import.wanted_from)
        .bind(&import.wanted_until)
        .bind(id.0)
        .execute(&mut *connection)
        .await?;
    write_person(connection, id.0, &import.citizen).await
}

async fn note(
    connection: &mut Connection,
    id: WaitingId,
    kind: EventKind,
    import: &WaitingImport,
    now: Moment,
) -> Result<(), Failure> {
    let event = Event {
        chain: format!("waiting:{}", id.0),
        kind,
        actor: "operator".to_owned(),
        data: json!({ "joined_at": import.joined_at.micros() }),
    };
    journal::append(connection, &[event], now).await
}

/// The waiting list in its order.
pub async fn waiting_list(
    connection: &mut Connection,
    state: Option<&str>,
    limit: u32,
) -> Result<Vec<WaitingRecord>, Failure> {
    let rows = sqlx::query_as::<Db, WaitingRow>(WAITING_LIST)
        .bind(state)
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(WaitingRecord::from).collect())
}

/// Takes an entry off the list.
pub async fn remove(
    connection: &mut Connection,
    id: WaitingId,
    now: Moment,
) -> Result<bool, Failure> {
    let sql = "UPDATE waiting_list SET state = 'removed' WHERE id = $1 \
               AND state IN ('waiting', 'offered') AND restores IS NULL";
    let rows = sqlx::query(sql)
        .bind(id.0)
        .execute(&mut *connection)
        .await?
        .rows_affected();
    if rows == 0 {
        return Ok(false);
    }
    let event = Event {
        chain: format!("waiting:{}", id.0),
        kind: EventKind::WaitingRemoved,
        actor: "operator".to_owned(),
        data: json!({}),
    };
    journal::append(connection, &[event], now).await?;
    Ok(true)
}
