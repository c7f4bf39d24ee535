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

/// A batch that took less time is followed by a larger one.
const QUICK_BATCH_MICROS: i64 = 2_000_000;

/// A batch that took more time is followed by a smaller one.
const SLOW_BATCH_MICROS: i64 = 10_000_000;

const LARGEST_BATCH: u32 = 512;
const SMALLEST_BATCH: u32 = 16;

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
    let clock = journey.clock.as_ref();
    let mut desk = workshop.desk.clone();
    while !stop.is_cancelled() {
        let began = clock.now();
        let sent = send_due(&desk, journey.ledger.as_ref(), clock).await;
        desk.batch = next_batch(desk.batch, began, clock.now());
        match sent {
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

/// Where the mail server is quick, more rows are leased at once: each batch ends with a moment in
/// which little is done. Where it is slow, fewer, so that none outlives its lease unsent.
fn next_batch(batch: u32, began: Moment, ended: Moment) -> u32 {
    let took = ended.micros().saturating_sub(began.micros());
    if took < QUICK_BATCH_MICROS {
        batch.saturating_mul(2).min(LARGEST_BATCH)
    } else if took > SLOW_BATCH_MICROS {
        (batch / 2).max(SMALLEST_BATCH)
    } else {
        batch
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_follow_the_pace_of_the_mail_server() {
        let after = |batch, seconds| {
            let began = Moment::from_seconds(1_000);
            next_batch(batch, began, began.plus_seconds(seconds))
        };
        assert_eq!(
            [after(64, 1), after(400, 1), after(512, 1)],
            [128, 512, 512]
        );
        assert_eq!([after(64, 5), after(64, 11), after(16, 50)], [64, 32, 16]);
    }
}
