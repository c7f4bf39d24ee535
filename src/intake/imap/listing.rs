//! Which letters lie in the inbox, and their bytes.

use super::session::{Row, Session};
use super::wire::{BULK_LIMIT, Tagged, Verdict};
use super::{internal_date, uid_set};
use crate::domain::{Folder, Place};
use crate::failure::Failure;
use crate::intake::{Listed, OVER_CAP_BYTES, RawLetter};
use async_imap::imap_proto::{AttributeValue, Response};
use std::collections::BTreeMap;

/// Letters listed by one command.
const LISTED_AT_ONCE: u32 = 2_000;
/// Bytes and letters fetched by one command.
const FETCHED_AT_ONCE: u64 = 8 * 1024 * 1024;
const LETTERS_AT_ONCE: usize = 200;
/// How often a body that is shorter than announced is fetched before it is believed.
const SHORT_TRIES: usize = 3;

/// All letters of the inbox in order of UID. The first listing after SELECT reads all; later ones
/// read what EXISTS announced, and start over when the count does not agree.
pub(super) async fn list(session: &mut Session) -> Result<Vec<Listed>, Failure> {
    let validity = session.select(Folder::Inbox).await?;
    session.noop().await?;
    for _ in 0..4 {
        let Some(selected) = session.selected.as_mut() else {
            break;
        };
        // What comes while the listing runs is news again.
        selected.news = false;
        let exists = selected.exists;
        let known = selected.rows.take().unwrap_or_default();
        if u32::try_from(known.len()).map_or(true, |known| known > exists) {
            continue;
        }
        let (rows, complete) = extend(session, known, exists).await?;
        let Some(selected) = session.selected.as_mut() else {
            break;
        };
        // EXPUNGE may not come while FETCH runs (RFC 9051 section 7.5.1); where it does come,
        // the numbers are mixed up.
        if selected.exists < exists {
            continue;
        }
        if complete {
            selected.rows = Some(rows.clone());
        }
        return Ok(rows.iter().map(|row| listed(validity, row)).collect());
    }
    Err(Failure::try_again(
        "the inbox changed faster than it could be listed",
    ))
}

fn listed(validity: u32, row: &Row) -> Listed {
    Listed {
        place: Place {
            folder: Folder::Inbox,
            validity,
            key: row.uid.to_string(),
        },
        received_at: row.received_at,
        size: u64::from(row.size),
    }
}

/// Lists what comes after `rows` up to sequence number `exists`. The second value is false when
/// the server left letters out (another session expunged them): numbers cannot be kept then.
async fn extend(
    session: &mut Session,
    mut rows: Vec<Row>,
    exists: u32,
) -> Result<(Vec<Row>, bool), Failure> {
    let mut first = u32::try_from(rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    while first <= exists {
        let last = first.saturating_add(LISTED_AT_ONCE - 1).min(exists);
        let mut found = BTreeMap::new();
        let refused = fetch_rows(session, first, last, &mut found).await?;
        if refused {
            // One letter that the server cannot read must not hide the others.
            let missing: Vec<u32> = (first..=last)
                .filter(|number| !found.contains_key(number))
                .collect();
            for number in missing {
                if fetch_rows(session, number, number, &mut found).await? {
                    tracing::warn!(code = "unlisted", "the server could not list a letter");
                }
            }
            if found.is_empty() {
                return Err(Failure::try_again("IMAP FETCH was answered NO"));
            }
        }
        rows.extend(found.into_values());
        first = last.saturating_add(1);
    }
    let complete = u32::try_from(rows.len()) == Ok(exists);
    let ascending = rows
        .iter()
        .zip(rows.iter().skip(1))
        .all(|(one, next)| one.uid < next.uid);
    if !ascending {
        return Err(Failure::try_again(
            "the IMAP server listed UIDs out of order",
        ));
    }
    Ok((rows, complete))
}

/// Lists a range of sequence numbers; true when the server refused (NO) some of it.
async fn fetch_rows(
    session: &mut Session,
    first: u32,
    last: u32,
    found: &mut BTreeMap<u32, Row>,
) -> Result<bool, Failure> {
    let mut undated = false;
    let command = format!("FETCH {first}:{last} (UID INTERNALDATE RFC822.SIZE)");
    let answer = session
        .run(&command, BULK_LIMIT, |response| {
            if let Response::Fetch(number, attributes) = response
                && (first..=last).contains(number)
            {
                match row(attributes) {
                    Ok(Some(row)) => drop(found.insert(*number, row)),
                    Ok(None) => {}
                    Err(()) => undated = true,
                }
            }
        })
        .await?;
    if undated {
        return Err(Failure::try_again(
            "the IMAP server sent an unreadable INTERNALDATE",
        ));
    }
    is_refused(answer, "FETCH")
}

/// Whether a FETCH was answered NO; BAD is a failure. EXPUNGEISSUED only says that some letters
/// are gone (RFC 5530).
fn is_refused(answer: Tagged, command: &str) -> Result<bool, Failure> {
    match answer.verdict {
        Verdict::Ok => Ok(false),
        Verdict::No if answer.word == "EXPUNGEISSUED" => Ok(false),
        Verdict::No => {
            tracing::warn!(code = answer.describe(), "FETCH was refused");
            Ok(true)
        }
        Verdict::Bad => answer.expect_ok(command).map(|_| true),
    }
}

/// A row, when all three items are there (others are news of flags); an error without a date.
pub(super) fn row(attributes: &[AttributeValue<'_>]) -> Result<Option<Row>, ()> {
    let (mut uid, mut date, mut size) = (None, None, None);
    for attribute in attributes {
        match attribute {
            AttributeValue::Uid(value) => uid = Some(*value),
            AttributeValue::InternalDate(text) => date = Some(internal_date::parse(text)),
            AttributeValue::Rfc822Size(value) => size = Some(*value),
            _ => {}
        }
    }
    let (Some(uid), Some(date), Some(size)) = (uid, date, size) else {
        return Ok(None);
    };
    let received_at = date.ok_or(())?;
    Ok(Some(Row {
        uid,
        received_at,
        size,
    }))
}

/// Fetches letters of one folder, several by one command. Letters that are gone, or that lay there
/// under another UIDVALIDITY, are left out: the next listing tells what is there.
pub(super) async fn fetch(
    session: &mut Session,
    wanted: &[Listed],
    max_size: u64,
) -> Result<Vec<RawLetter>, Failure> {
    let folder = wanted
        .first()
        .map_or(Folder::Inbox, |listed| listed.place.folder);
    let validity = session.select(folder).await?;
    let here = |place: &Place| place.folder == folder && place.validity == validity;
    let order: Vec<(u32, &Listed)> = wanted
        .iter()
        .filter(|listed| here(&listed.place))
        .filter_map(|listed| Some((listed.place.key.parse().ok()?, listed)))
        .collect();
    let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    let (large, whole): (Vec<_>, Vec<_>) =
        order.iter().partition(|(_, listed)| listed.size > max_size);
    let part = format!("BODY.PEEK[]<0.{OVER_CAP_BYTES}>");
    let sets = batches(&whole).into_iter().map(|set| (set, "BODY.PEEK[]"));
    let parts = large.iter().map(|(uid, _)| (vec![*uid], part.as_str()));
    let mut withheld = 0_usize;
    for (set, item) in sets.chain(parts) {
        withheld += fetch_set(session, &set, item, &mut bodies).await?;
    }
    let mut letters = Vec::new();
    for (uid, listed) in order {
        let Some(bytes) = bodies.remove(&uid) else {
            continue;
        };
        let over_cap = listed.size > max_size;
        let announced = if over_cap {
            listed.size.min(OVER_CAP_BYTES)
        } else {
            listed.size
        };
        let item = if over_cap {
            part.as_str()
        } else {
            "BODY.PEEK[]"
        };
        match believed(session, uid, bytes, announced, item).await? {
            Some(bytes) => letters.push(RawLetter {
                listed: listed.clone(),
                bytes,
                over_cap,
            }),
            None => withheld += 1,
        }
    }
    // One letter that the server cannot give must not hold up the others; alone it is a failure.
    if withheld > 0 {
        tracing::warn!(
            count = withheld,
            code = "short_body",
            "letters came empty or short"
        );
        if letters.is_empty() {
            return Err(Failure::try_again(
                "the IMAP server sent empty or short letters",
            ));
        }
    }
    Ok(letters)
}

/// Parts UIDs into commands of bounded size.
fn batches(letters: &[&(u32, &Listed)]) -> Vec<Vec<u32>> {
    let mut batches: Vec<Vec<u32>> = Vec::new();
    let mut bytes = 0_u64;
    for (uid, listed) in letters {
        let full = bytes.saturating_add(listed.size) > FETCHED_AT_ONCE;
        match batches.last_mut() {
            Some(batch) if !full && batch.len() < LETTERS_AT_ONCE => batch.push(*uid),
            _ => {
                batches.push(vec![*uid]);
                bytes = 0;
            }
        }
        bytes = bytes.saturating_add(listed.size);
    }
    batches
}

/// Fetches a set; a set that is refused is fetched letter by letter. Gives how many were refused.
async fn fetch_set(
    session: &mut Session,
    uids: &[u32],
    item: &str,
    bodies: &mut BTreeMap<u32, Vec<u8>>,
) -> Result<usize, Failure> {
    if !fetch_bodies(session, uids, item, bodies).await? {
        return Ok(0);
    }
    if uids.len() == 1 {
        return Ok(1);
    }
    let missing: Vec<u32> = uids
        .iter()
        .copied()
        .filter(|uid| !bodies.contains_key(uid))
        .collect();
    let mut refused = 0;
    for uid in missing {
        refused += usize::from(fetch_bodies(session, &[uid], item, bodies).await?);
    }
    Ok(refused)
}

/// One UID FETCH; true when the server refused (NO) some of it.
async fn fetch_bodies(
    session: &mut Session,
    uids: &[u32],
    item: &str,
    bodies: &mut BTreeMap<u32, Vec<u8>>,
) -> Result<bool, Failure> {
    let command = format!("UID FETCH {} (UID {item})", uid_set::compact(uids));
    let answer = session
        .run(&command, BULK_LIMIT, |response| {
            let Response::Fetch(_, attributes) = response else {
                return;
            };
            let uid = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::Uid(uid) => Some(*uid),
                _ => None,
            });
            let body = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::BodySection { data, .. } => Some(data.as_deref().unwrap_or(&[])),
                _ => None,
            });
            if let (Some(uid), Some(body)) = (uid.filter(|uid| uids.contains(uid)), body) {
                bodies.insert(uid, body.to_vec());
            }
        })
        .await?;
    is_refused(answer, "UID FETCH")
}

/// The body, unless it is shorter than announced. Some servers announce a wrong size for good:
/// a body that comes with the same length each time and is not empty is believed.
async fn believed(
    session: &mut Session,
    uid: u32,
    bytes: Vec<u8>,
    announced: u64,
    item: &str,
) -> Result<Option<Vec<u8>>, Failure> {
    let short = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX) < announced;
    if !short(&bytes) {
        return Ok(Some(bytes));
    }
    let mut same = bytes;
    for _ in 1..SHORT_TRIES {
        let mut bodies = BTreeMap::new();
        fetch_bodies(session, &[uid], item, &mut bodies).await?;
        let Some(again) = bodies.remove(&uid) else {
            return Ok(None);
        };
        if !short(&again) {
            return Ok(Some(again));
        }
        if again != same {
            return Ok(None);
        }
        same = again;
    }
    Ok((!same.is_empty()).then_some(same))
}
