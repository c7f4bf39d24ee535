//! Moving letters on an IMAP server, and putting letters of ours beside them.

use crate::domain::{Folder, Keyword, Place};
use crate::failure::Failure;
use crate::intake::imap::session::Session;
use crate::intake::imap::wire::{BULK_LIMIT, COMMAND_LIMIT, Tagged, Verdict};
use crate::intake::imap::{compact, create_folder};
use crate::intake::{Move, Moved, Placing};
use async_imap::imap_proto::rfc4315::UidSetMember;
use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};
use std::collections::BTreeMap;

/// Letters moved by one command.
const MOVED_AT_ONCE: usize = 200;

/// Letters that go the same way.
type Route = (Folder, Folder, Vec<Keyword>);

/// Moves letters in sets. A letter that is gone, or that lay there under another UIDVALIDITY, is
/// done: if it is still somewhere in the inbox, the next listing finds it and it is known again
/// by its bytes.
pub(crate) async fn file_away(
    session: &mut Session,
    moves: &[Move],
) -> Result<Vec<Moved>, Failure> {
    let mut routes: BTreeMap<Route, Vec<usize>> = BTreeMap::new();
    for (at, order) in moves.iter().enumerate() {
        if order.from.folder != order.to {
            let mut keywords = order.keywords.clone();
            keywords.sort_unstable();
            keywords.dedup();
            let route = (order.from.folder, order.to, keywords);
            routes.entry(route).or_default().push(at);
        }
    }
    let mut outcomes = vec![Moved::Done; moves.len()];
    for ((from, to, keywords), indexes) in routes {
        let Some(validity) = session.select_if_there(from).await? else {
            continue;
        };
        let mut letters: Vec<(usize, u32)> = Vec::new();
        for at in indexes {
            if let Some(uid) = moves
                .get(at)
                .and_then(|order| uid_in(&order.from, validity))
            {
                letters.push((at, uid));
            }
        }
        for batch in letters.chunks(MOVED_AT_ONCE) {
            let uids: Vec<u32> = batch.iter().map(|(_, uid)| *uid).collect();
            let refused = move_set(session, &uids, to, &keywords).await?;
            for (at, uid) in batch {
                if let Some(outcome) = outcomes.get_mut(*at).filter(|_| refused.contains(uid)) {
                    *outcome = Moved::NotYet;
                }
            }
        }
    }
    Ok(outcomes)
}

fn uid_in(place: &Place, validity: u32) -> Option<u32> {
    (place.validity == validity)
        .then(|| place.key.parse().ok())
        .flatten()
}

/// Moves a set and gives the UIDs that the server refused. A set that is refused is tried letter
/// by letter, so that one of them cannot hold up the others; over quota that would be in vain.
async fn move_set(
    session: &mut Session,
    uids: &[u32],
    to: Folder,
    keywords: &[Keyword],
) -> Result<Vec<u32>, Failure> {
    add_keywords(session, uids, keywords).await?;
    let Some(word) = move_once(session, uids, to).await? else {
        return Ok(Vec::new());
    };
    if uids.len() == 1 || ["OVERQUOTA", "LIMIT", "NOPERM"].contains(&word.as_str()) {
        return Ok(uids.to_vec());
    }
    let mut refused = Vec::new();
    for uid in uids {
        if move_once(session, &[*uid], to).await?.is_some() {
            refused.push(*uid);
        }
    }
    Ok(refused)
}

/// Gives the letters their keywords. A server that refuses them (too many in the folder) does
/// not keep the letter from its place.
async fn add_keywords(
    session: &mut Session,
    uids: &[u32],
    keywords: &[Keyword],
) -> Result<(), Failure> {
    if keywords.is_empty() || !session.keeps_keywords().await? {
        return Ok(());
    }
    let command = format!(
        "UID STORE {} +FLAGS.SILENT ({})",
        compact(uids),
        imap_names(keywords)
    );
    let answer = session.run(&command, BULK_LIMIT, |_| {}).await?;
    if answer.verdict != Verdict::Ok {
        tracing::warn!(code = answer.describe(), "keywords were refused");
    }
    Ok(())
}

fn imap_names(keywords: &[Keyword]) -> String {
    let names: Vec<&str> = keywords.iter().map(|keyword| keyword.imap_name()).collect();
    names.join(" ")
}

/// One try at a set: `None` when it is moved, else the word of the refusal. A folder that was
/// deleted meanwhile is created once more.
async fn move_once(
    session: &mut Session,
    uids: &[u32],
    to: Folder,
) -> Result<Option<String>, Failure> {
    let mut answer = command_move(session, uids, to).await?;
    if answer.verdict == Verdict::No && is_folder_missing(&answer) {
        create_folder(session, to).await?;
        answer = command_move(session, uids, to).await?;
    }
    match answer.verdict {
        Verdict::Ok => Ok(None),
        Verdict::No => {
            tracing::warn!(
                folder = to.code(),
                count = uids.len(),
                code = answer.describe(),
                "letters could not be moved for now"
            );
            Ok(Some(answer.word))
        }
        Verdict::Bad => Err(Failure::try_again(format!(
            "moving letters was answered {}",
            answer.describe()
        ))),
    }
}

fn is_folder_missing(answer: &Tagged) -> bool {
    ["TRYCREATE", "NONEXISTENT"].contains(&answer.word.as_str())
}

async fn command_move(session: &mut Session, uids: &[u32], to: Folder) -> Result<Tagged, Failure> {
    let name = session.quoted(to);
    if session.offers("MOVE") {
        let command = format!("UID MOVE {} {name}", compact(uids));
        return session.run(&command, BULK_LIMIT, |_| {}).await;
    }
    let command = format!("UID COPY {} {name}", compact(uids));
    let copied = session.run(&command, BULK_LIMIT, |_| {}).await?;
    if copied.verdict != Verdict::Ok {
        return Ok(copied);
    }
    let gone = copied_uids(&copied, uids);
    if gone.is_empty() {
        return Ok(copied);
    }
    remove(session, &gone).await
}

/// The letters that the server says it copied. COPY is all or nothing (RFC 9051 section 6.4.7);
/// without COPYUID the tagged OK speaks for all.
fn copied_uids(copied: &Tagged, uids: &[u32]) -> Vec<u32> {
    let Some(ResponseCode::CopyUid(_, from, _)) = &copied.code else {
        return uids.to_vec();
    };
    let holds = |uid: u32| {
        from.iter().any(|member| match member {
            UidSetMember::Uid(one) => *one == uid,
            UidSetMember::UidRange(range) => {
                range.contains(&uid) || (*range.end()..=*range.start()).contains(&uid)
            }
        })
    };
    uids.iter().copied().filter(|uid| holds(*uid)).collect()
}

/// Removes copied letters, and them only (UID EXPUNGE, RFC 4315).
async fn remove(session: &mut Session, uids: &[u32]) -> Result<Tagged, Failure> {
    let set = compact(uids);
    let store = format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)");
    session
        .run(&store, BULK_LIMIT, |_| {})
        .await?
        .expect_ok("UID STORE")?;
    session
        .run(&format!("UID EXPUNGE {set}"), BULK_LIMIT, |_| {})
        .await?
        .expect_ok("UID EXPUNGE")
}

/// Removes letters of ours for good. Without UIDPLUS, EXPUNGE would also remove what others have
/// marked: there they are only put out of sight.
pub(crate) async fn remove_all(session: &mut Session, places: &[Place]) -> Result<(), Failure> {
    if !session.offers("UIDPLUS") {
        let moves: Vec<Move> = places
            .iter()
            .map(|place| Move {
                from: place.clone(),
                to: Folder::Automatic,
                keywords: Vec::new(),
            })
            .collect();
        return file_away(session, &moves).await.map(drop);
    }
    for (folder, uids) in by_folder(places) {
        let uids = here(session, folder, &uids).await?;
        if !uids.is_empty() {
            remove(session, &uids).await?;
        }
    }
    Ok(())
}

/// Gives letters a keyword.
pub(crate) async fn mark_all(
    session: &mut Session,
    places: &[Place],
    keyword: Keyword,
) -> Result<(), Failure> {
    for (folder, uids) in by_folder(places) {
        let uids = here(session, folder, &uids).await?;
        if !uids.is_empty() {
            add_keywords(session, &uids, &[keyword]).await?;
        }
    }
    Ok(())
}

fn by_folder(places: &[Place]) -> BTreeMap<Folder, Vec<&Place>> {
    let mut folders: BTreeMap<Folder, Vec<&Place>> = BTreeMap::new();
    for place in places {
        folders.entry(place.folder).or_default().push(place);
    }
    folders
}

/// Selects the folder and gives the UIDs of those places that are still places in it.
async fn here(
    session: &mut Session,
    folder: Folder,
    places: &[&Place],
) -> Result<Vec<u32>, Failure> {
    let Some(validity) = session.select_if_there(folder).await? else {
        return Ok(Vec::new());
    };
    Ok(places
        .iter()
        .filter_map(|place| uid_in(place, validity))
        .collect())
}

/// Puts a letter into a folder, unless it may lie there already and does.
pub(crate) async fn place(session: &mut Session, placing: &Placing) -> Result<Moved, Failure> {
    if placing.maybe_there && is_there(session, placing).await? {
        return Ok(Moved::Done);
    }
    let keywords = if session.keeps_keywords().await? {
        imap_names(&placing.keywords)
    } else {
        String::new()
    };
    let mut answer = session
        .append(placing.folder, &keywords, &placing.bytes)
        .await?;
    if answer.verdict == Verdict::No && is_folder_missing(&answer) {
        create_folder(session, placing.folder).await?;
        answer = session
            .append(placing.folder, &keywords, &placing.bytes)
            .await?;
    }
    match answer.verdict {
        Verdict::Ok => Ok(Moved::Done),
        Verdict::No => {
            tracing::warn!(
                folder = placing.folder.code(),
                code = answer.describe(),
                "a letter of ours could not be placed for now"
            );
            Ok(Moved::NotYet)
        }
        Verdict::Bad => answer.expect_ok("APPEND").map(|_| Moved::NotYet),
    }
}

/// Looks for the Message-ID in the folder.
async fn is_there(session: &mut Session, placing: &Placing) -> Result<bool, Failure> {
    if session.select_if_there(placing.folder).await?.is_none() {
        return Ok(false);
    }
    let mut found = false;
    // A MessageId holds neither quotes nor backslashes.
    let command = format!(
        "UID SEARCH HEADER Message-ID \"<{}>\"",
        placing.message_id.as_str()
    );
    session
        .run(&command, COMMAND_LIMIT, |response| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                found |= !uids.is_empty();
            }
        })
        .await?
        .expect_ok("UID SEARCH")?;
    Ok(found)
}
