//! The first start on a filled mailbox changes nothing until the operator has said from when on
//! letters are meant for us.

use super::Workshop;
use super::batches::batches;
use crate::failure::Failure;
use crate::intake::{self, Mailbox};
use crate::read::read;
use crate::request::{Intent, understand};

/// How many letters of each kind lie in the inbox.
#[derive(Debug, Default)]
struct Kinds {
    requests: u64,
    other: u64,
    automatic: u64,
}

/// Refuses to start when `mailbox.since` is unset, the database has never seen a letter, and the
/// inbox holds some: old letters would be answered as if they were new.
///
/// # Errors
/// [`Failure::Stop`] with the counts.
pub(super) async fn refuse_unannounced(workshop: &Workshop) -> Result<(), Failure> {
    if workshop.since.is_some() || workshop.journey.ledger.counts().await?.letters > 0 {
        return Ok(());
    }
    let mut mailbox = intake::open(&workshop.mailbox).await?;
    let kinds = count(mailbox.as_mut()).await;
    mailbox.close().await;
    let Kinds {
        requests,
        other,
        automatic,
    } = kinds?;
    if requests + other + automatic == 0 {
        return Ok(());
    }
    let today = workshop.journey.clock.now().to_rfc3339();
    Err(Failure::stop(
        format!(
            "`mailbox.since` is not set and the inbox holds letters from before the first start: \
             {requests} that ask for something, {other} others of people, {automatic} automatic; \
             nothing was changed"
        ),
        format!(
            "Set it to the time from which letters are meant for otmena, for example since = \
             \"{today}\" to leave all of these alone"
        ),
    ))
}

async fn count(mailbox: &mut dyn Mailbox) -> Result<Kinds, Failure> {
    let listed = mailbox.list().await?;
    let mut kinds = Kinds::default();
    for batch in batches(&listed) {
        for raw in mailbox.fetch(batch).await? {
            let task = tokio::task::spawn_blocking(move || {
                let letter = read(&raw.bytes);
                (letter.automatic.is_some(), understand(&letter).intent)
            });
            match task.await {
                Ok((true, _)) => kinds.automatic += 1,
                Ok((false, Intent::None)) | Err(_) => kinds.other += 1,
                Ok((false, _)) => kinds.requests += 1,
            }
        }
    }
    Ok(kinds)
}
