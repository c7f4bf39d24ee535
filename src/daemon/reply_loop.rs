//! Repeats step 7: sends what is due, then waits for the next due time or a new decision.

use super::Workshop;
use crate::domain::Moment;
use crate::reply::step::send_due;
use crate::telemetry::metrics;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longest sleep: another daemon or a command may have made a letter due.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Sleep while the mail server cannot be reached or the ledger fails.
const PAUSE: Duration = Duration::from_secs(5);

/// How a round of sending ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Nothing is due now.
    Everything,
    /// The way is closed for now, or the ledger failed.
    NotNow,
}

/// Sends until `stop` is cancelled.
pub(super) async fn serve(workshop: Arc<Workshop>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let sleep = match send_until_nothing_is_due(&workshop, &stop).await {
            Sent::Everything => time_to_next(&workshop).await,
            Sent::NotNow => PAUSE,
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = workshop.replies_due.notified() => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// Repeats the step until nothing is due, it fails, or it is asked to stop between two batches;
/// rows that were put off are not due.
pub(super) async fn send_until_nothing_is_due(
    workshop: &Workshop,
    stop: &CancellationToken,
) -> Sent {
    let journey = &workshop.journey;
    while !stop.is_cancelled() {
        match send_due(
            &workshop.desk,
            journey.ledger.as_ref(),
            journey.clock.as_ref(),
        )
        .await
        {
            Ok(report) if report.closed.is_some() => return Sent::NotNow,
            Ok(report) if report.handled == 0 => return Sent::Everything,
            Ok(_) => {}
            Err(failure) => {
                metrics::failed("reply", &failure);
                tracing::warn!(step = "reply", cause = %failure.chain(), "sending failed");
                return Sent::NotNow;
            }
        }
    }
    Sent::Everything
}

async fn time_to_next(workshop: &Workshop) -> Duration {
    let now = workshop.journey.clock.now();
    let Ok(Some(due)) = workshop.journey.ledger.next_letter_due().await else {
        return LONGEST_SLEEP;
    };
    until(now, due).min(LONGEST_SLEEP)
}

/// At least a moment, so that a row leased by another daemon does not make this loop spin.
fn until(now: Moment, due: Moment) -> Duration {
    let micros = due.micros().saturating_sub(now.micros()).max(200_000);
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Waits for a loop to end; one that panicked has been reported by the panic hook.
pub(super) async fn join(task: JoinHandle<()>) {
    if task.await.is_err() {
        tracing::error!("a loop ended with a panic");
    }
}
