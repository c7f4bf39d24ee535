//! The folders where staff work: whether something changed there, and what lies in them.

use super::listing::row;
use super::names;
use super::session::Session;
use super::wire::{BULK_LIMIT, COMMAND_LIMIT, Verdict};
use crate::domain::{Folder, Place};
use crate::failure::Failure;
use crate::intake::{Listed, Lying};
use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response};
use std::collections::BTreeMap;

/// STATUS of each folder: UIDVALIDITY, UIDNEXT and the number of letters. A letter that comes
/// raises UIDNEXT, one that goes lowers the number. A folder that was deleted is created anew.
pub(super) async fn standing(
    session: &mut Session,
    folders: &[Folder],
) -> Result<Vec<String>, Failure> {
    let mut marks = Vec::with_capacity(folders.len());
    for folder in folders {
        let command = format!(
            "STATUS {} (MESSAGES UIDNEXT UIDVALIDITY)",
            session.quoted(*folder)
        );
        let mut mark = String::new();
        let answer = session
            .run(&command, COMMAND_LIMIT, |response| {
                if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
                    mark = format!("{status:?}");
                }
            })
            .await?;
        if answer.verdict == Verdict::No && !names::exists(session, *folder).await? {
            names::create(session, *folder).await?;
        } else if answer.verdict != Verdict::Ok {
            tracing::warn!(
                folder = folder.code(),
                code = answer.describe(),
                "the server did not tell how a folder stands"
            );
        }
        marks.push(mark);
    }
    Ok(marks)
}

/// All letters of a folder with their flags, by UID.
pub(super) async fn lying_in(session: &mut Session, folder: Folder) -> Result<Vec<Lying>, Failure> {
    let Some(validity) = session.select_if_there(folder).await? else {
        return Ok(Vec::new());
    };
    // It may have been selected before; NOOP brings its count up to date.
    session.noop().await?;
    let empty = session.selected.as_ref().is_none_or(|now| now.exists == 0);
    if empty {
        return Ok(Vec::new());
    }
    let mut found = BTreeMap::new();
    let command = "UID FETCH 1:* (UID INTERNALDATE RFC822.SIZE FLAGS)";
    let answer = session
        .run(command, BULK_LIMIT, |response| {
            if let Response::Fetch(_, attributes) = response
                && let Some(lying) = lying(folder, validity, attributes)
            {
                found.insert(lying.0, lying.1);
            }
        })
        .await?;
    if answer.verdict == Verdict::No && answer.word != "EXPUNGEISSUED" {
        return Err(Failure::try_again(format!(
            "listing {} was answered {}",
            folder.code(),
            answer.describe()
        )));
    }
    if answer.verdict == Verdict::Bad {
        answer.expect_ok("UID FETCH").map(drop)?;
    }
    Ok(found.into_values().collect())
}

/// One line of the listing; `None` for news of flags alone. A letter whose date cannot be read is
/// left to the people: nothing is decided by a date here.
fn lying(folder: Folder, validity: u32, attributes: &[AttributeValue<'_>]) -> Option<(u32, Lying)> {
    let row = row(attributes).ok().flatten()?;
    let flags = attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Flags(flags) => Some(flags),
        _ => None,
    })?;
    let has = |name: &str| flags.iter().any(|flag| flag.eq_ignore_ascii_case(name));
    let listed = Listed {
        place: Place {
            folder,
            validity,
            key: row.uid.to_string(),
        },
        received_at: row.received_at,
        size: u64::from(row.size),
    };
    Some((
        row.uid,
        Lying {
            listed,
            flagged: has("\\Flagged"),
            deleted: has("\\Deleted"),
        },
    ))
}
