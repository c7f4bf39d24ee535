//! Where commands call the steps: everything that a command shares with the daemon.

use super::Exit;
use crate::clock::Clock;
use crate::config::Loaded;
use crate::decide::{Consequences, Decision, Judgement};
use crate::domain::{Booking, Moment};
use crate::failure::Failure;
use crate::read::Letter;
use crate::record::Ledger;
use crate::request::RequestReading;
use crate::telemetry::Health;
use crate::verify::SenderEvidence;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What the daemon is made from.
pub struct DaemonParts {
    /// Settings, policy and secrets.
    pub loaded: Loaded,
    /// The database.
    pub ledger: Arc<dyn Ledger>,
    /// To be told of each completed scan.
    pub health: Health,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Cancelled on SIGTERM and SIGINT.
    pub stop: CancellationToken,
    /// Handle all that lies there, send all that is due, and end.
    pub once: bool,
}

/// Runs the daemon until it is stopped (or, with `once`, until nothing is due). It calls
/// [`crate::telemetry::systemd::ready`] when the mailbox is prepared. [`Exit::Done`], or
/// [`Exit::Later`] when something could not be finished.
pub async fn daemon(parts: DaemonParts) -> Result<Exit, Failure> {
    let once = parts.once;
    std::future::ready(Err(missing(if once { "run --once" } else { "run" }))).await
}

/// One letter of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRow {
    /// File name of the sample.
    pub letter: String,
    /// What was read, in a few words.
    pub read: String,
    /// The decision's code.
    pub decision: String,
    /// Kind of the answer, or empty.
    pub answer: String,
    /// The folder that it lies in now.
    pub folder: String,
    /// What differs from the expected outcome; `None` when nothing does.
    pub fault: Option<String>,
}

/// What the demo did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DemoReport {
    /// One row for each letter, in order of receipt.
    pub rows: Vec<DemoRow>,
    /// Where the answers lie.
    pub answers: PathBuf,
    /// Where the documents lie.
    pub documents: PathBuf,
    /// Faults that belong to no single letter.
    pub faults: Vec<String>,
}

/// Runs the demo in `folder`, or in a fresh temporary one that is left behind to be looked at.
pub async fn demo(folder: Option<&Path>) -> Result<DemoReport, Failure> {
    let given = folder.is_some();
    std::future::ready(Err(missing(if given { "demo --folder" } else { "demo" }))).await
}

/// Steps 2 to 5 for one letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// What was read.
    pub letter: Letter,
    /// What was understood.
    pub reading: RequestReading,
    /// What speaks for the sender.
    pub evidence: SenderEvidence,
    /// The gates and the decision.
    pub judgement: Judgement,
}

/// Explains what would be decided about `raw`, had the server received it at `received_at`.
pub async fn explain(
    raw: &[u8],
    received_at: Moment,
    loaded: &Loaded,
    ledger: &dyn Ledger,
) -> Result<Explanation, Failure> {
    let known = ledger.counts().await?;
    let what = format!(
        "{} {} {} {}",
        raw.len(),
        received_at.micros(),
        loaded.max_size,
        known.letters
    );
    Err(missing(&format!("explain ({what})")))
}

/// Cancels a booking by an operator's command: pure, called inside the transaction.
pub fn cancel(
    booking: &Booking,
    loaded: &Loaded,
    now: Moment,
) -> Result<(Decision, Consequences), Failure> {
    let what = format!(
        "{} {} {}",
        booking.id.0,
        loaded.policy.version,
        now.micros()
    );
    Err(missing(&format!("bookings cancel ({what})")))
}

/// Sends the booking letter: pure, called inside the transaction.
pub fn letter(
    booking: &Booking,
    loaded: &Loaded,
    now: Moment,
) -> Result<(Decision, Consequences), Failure> {
    let what = format!(
        "{} {} {}",
        booking.id.0,
        loaded.policy.version,
        now.micros()
    );
    Err(missing(&format!("bookings letter ({what})")))
}

fn missing(command: &str) -> Failure {
    Failure::stop(
        format!("this build cannot do `{command}`"),
        "Use a complete build",
    )
}
