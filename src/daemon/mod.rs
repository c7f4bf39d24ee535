//! The daemon: loops that only repeat steps which tests can call until nothing is due.

mod first_start;
mod batches;
mod mailbox_loop;
mod reply_loop;
mod offers_step;
mod seal_loop;
mod registry_loop;
mod retention_round;
mod scan_report;
mod workshop;

pub use mailbox_loop::Scanner;
pub use scan_report::ScanReport;
pub use workshop::Workshop;

use crate::failure::Failure;
use crate::halting_point;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// How often `run --once` begins a scan that broke off.
const MOST_SCANS: u32 = 8;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Everything that was there is done.
    Done,
    /// Something is left for a later try.
    SomethingLeft,
}

/// Handles all that lies in the mailbox, sends all that is due, files everything, and ends.
///
/// # Errors
/// [`Failure::Stop`] where the operator must act; a passing failure where nothing could be done.
pub async fn run_once(
    workshop: &Arc<Workshop>,
    stop: &CancellationToken,
) -> Result<Finish, Failure> {
    workshop.claim_mailbox().await?;
    first_start::refuse_unannounced(workshop).await?;
    let beside = CancellationToken::new();
    let replies = tokio::spawn(reply_loop::serve(Arc::clone(workshop), beside.clone()));
    let scanned = scan_to_the_end(workshop, stop).await;
    beside.cancel();
    reply_loop::join(replies).await;
    // The loop beside the scan only made it quicker: what is due is sent to its end here.
    reply_loop::send_until_nothing_is_due(workshop, stop).await;
    let left = scanned?.left;
    let schedule_told = registry_loop::tell_once(workshop, stop).await;
    seal_loop::seal(workshop).await;
    let counts = workshop.journey.ledger.counts().await?;
    halting_point::reach("ending");
    let finished = schedule_told && left == 0 && counts.outbox_due == 0 && counts.filings_due == 0;
    Ok(if finished {
        Finish::Done
    } else {
        Finish::SomethingLeft
    })
}

/// One scan; where it breaks off at a letter it is begun anew, now with that letter last and alone.
async fn scan_to_the_end(
    workshop: &Arc<Workshop>,
    stop: &CancellationToken,
) -> Result<ScanReport, Failure> {
    let mut scanner = Scanner::new(Arc::clone(workshop), stop.clone());
    let mut tries = 0;
    loop {
        let mut mailbox = crate::intake::open(&workshop.mailbox).await?;
        mailbox.prepare().await?;
        let scanned = scanner.scan(mailbox.as_mut()).await;
        tries += 1;
        match scanned {
            Err(failure)
                if failure.is_passing() && scanner.has_suspects() && tries < MOST_SCANS =>
            {
                tracing::warn!(cause = %failure.chain(), "the scan broke off; once more");
            }
            scanned => {
                mailbox.close().await;
                return scanned;
            }
        }
    }
}

/// Serves the mailbox until `stop` is cancelled.
///
/// # Errors
/// [`Failure::Stop`] where the operator must act before the daemon can start.
pub async fn run(workshop: &Arc<Workshop>, stop: &CancellationToken) -> Result<Finish, Failure> {
    workshop.claim_mailbox().await?;
    first_start::refuse_unannounced(workshop).await?;
    let beside = CancellationToken::new();
    let replies = tokio::spawn(reply_loop::serve(Arc::clone(workshop), beside.clone()));
    let seals = tokio::spawn(seal_loop::serve(Arc::clone(workshop), beside.clone()));
    let telling = tokio::spawn(registry_loop::serve(Arc::clone(workshop), beside.clone()));
    let served = mailbox_loop::serve(workshop, stop).await;
    beside.cancel();
    reply_loop::join(replies).await;
    reply_loop::join(telling).await;
    reply_loop::join(seals).await;
    served.map(|()| Finish::Done)
}
