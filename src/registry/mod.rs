//! Tells the organisation's own schedule of every change: a command of the operator is run for each,
//! at least once, for each booking in order. Letters never wait for it. I/O.

mod command;

pub use command::{RunFault, TellCommand};

use crate::clock::Clock;
use crate::domain::Moment;
use crate::failure::Failure;
use crate::record::{Change, Ledger};
use crate::telemetry::metrics;
use serde_json::{Value, json};

/// How long one daemon tells alone: longer than one run of the command may take.
const LEASE_SECONDS: i64 = 120;

/// First pause before a change is told again; doubled by each failure.
const FIRST_PAUSE_SECONDS: i64 = 10;

/// Longest pause.
const LONGEST_PAUSE_SECONDS: i64 = 3_600;

/// After so many failures in a row the command itself is taken to be broken: the round ends, and no
/// further change is tried before the next.
const MOST_IN_VAIN: u32 = 3;

/// What one round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Changes that the command took.
    pub told: u32,
    /// Runs that failed.
    pub failed: u32,
    /// Another daemon tells at the moment.
    pub elsewhere: bool,
}

/// A change as it is told: one object, the same as a line of `otmena bookings changes --json`.
pub fn as_json(change: &Change) -> Value {
    json!({
        "seq": change.seq,
        "at": change.at.to_rfc3339(),
        "number": change.number.as_str(),
        "booking_id": change.booking.0,
        "kind": change.kind,
        "state": change.state,
        "starts_at": change.starts_at.to_rfc3339(),
        "channel": change.channel,
    })
}

/// Tells what is due until nothing is, the command fails several times in a row, or `stopped`.
/// `holder` tells this daemon from others: one tells at a time.
///
/// # Errors
/// When the ledger fails; what was told stands, but for the last, which is told again.
pub async fn tell_due(
    command: &TellCommand,
    holder: i64,
    ledger: &dyn Ledger,
    clock: &dyn Clock,
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Told, Failure> {
    let mut report = Told::default();
    let mut in_vain = 0;
    while in_vain < MOST_IN_VAIN && !stopped() {
        let now = clock.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        if !ledger.lease_registry(holder, now, until).await? {
            report.elsewhere = true;
            return Ok(report);
        }
        let next = ledger.next_telling(now).await?;
        let Some(telling) = next else { break };
        let outcome = command.run(&as_json(&telling.change).to_string()).await;
        let now = clock.now();
        match &outcome {
            Ok(()) => {
                in_vain = 0;
                report.told = report.told.saturating_add(1);
                ledger.note_told(&telling, now).await?;
            }
            Err(fault) => {
                in_vain += 1;
                report.failed = report.failed.saturating_add(1);
                let error = fault.code();
                tracing::warn!(seq = telling.change.seq, error, "registry.command failed");
                let due_at = next_try(telling.attempts.saturating_add(1), now);
                ledger.note_untold(&telling, &error, due_at, now).await?;
            }
        }
        metrics::registry_ran(outcome.is_ok());
    }
    ledger.release_registry(holder).await?;
    Ok(report)
}

/// When a change is told again after so many failures.
fn next_try(attempts: u32, now: Moment) -> Moment {
    let doubled = 1_i64.checked_shl(attempts.saturating_sub(1).min(20));
    let pause = FIRST_PAUSE_SECONDS.saturating_mul(doubled.unwrap_or(i64::MAX));
    now.plus_seconds(pause.min(LONGEST_PAUSE_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let pause = |attempts| next_try(attempts, Moment::default()).seconds();
        assert_eq!([pause(1), pause(2), pause(5)], [10, 20, 160]);
        assert_eq!([pause(10), pause(1_000)], [3_600, 3_600]);
    }
}
