//! Repeats the telling of the organisation's schedule beside everything else.

use super::Workshop;
use crate::registry::{TellCommand, Told, tell_due};
use crate::telemetry::metrics;
use ring::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Pause between two looks for changes: they come from commands and other daemons, too.
const LOOK: Duration = Duration::from_secs(2);

/// Pause after a round that failed or found another daemon at it.
const PAUSE: Duration = Duration::from_secs(10);

/// Tells until `stop` is cancelled; ends at once where no command is set.
pub(super) async fn serve(workshop: Arc<Workshop>, stop: CancellationToken) {
    let Some(command) = TellCommand::new(&workshop.registry.command) else {
        return;
    };
    let holder = holder();
    while !stop.is_cancelled() {
        let quiet = round(&workshop, &command, holder, &stop).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(if quiet { LOOK } else { PAUSE }) => {}
        }
    }
}

/// One round of telling for `run --once`; whether nothing is left to be told.
pub(super) async fn tell_once(workshop: &Workshop, stop: &CancellationToken) -> bool {
    let Some(command) = TellCommand::new(&workshop.registry.command) else {
        return true;
    };
    round(workshop, &command, holder(), stop).await;
    let state = workshop.journey.ledger.registry_state().await;
    state.is_ok_and(|state| state.waiting == 0)
}

/// Whether the round went well.
async fn round(
    workshop: &Workshop,
    command: &TellCommand,
    holder: i64,
    stop: &CancellationToken,
) -> bool {
    let journey = &workshop.journey;
    let ledger = journey.ledger.as_ref();
    let told = match ledger.registry_state().await {
        Ok(state) if state.waiting == 0 => Ok(Told::default()),
        Ok(_) => {
            let stopped = || stop.is_cancelled();
            tell_due(command, holder, ledger, journey.clock.as_ref(), &stopped).await
        }
        Err(failure) => Err(failure),
    };
    if let Ok(state) = ledger.registry_state().await {
        metrics::registry_stands(&state, journey.clock.now());
    }
    match told {
        Ok(told) => told.failed == 0 && !told.elsewhere,
        Err(failure) => {
            metrics::failed("registry", &failure);
            tracing::warn!(cause = %failure.chain(), "the schedule could not be told");
            false
        }
    }
}

/// A number that no other daemon has; where chance fails, two daemons may tell at once, which only
/// tells a change twice.
fn holder() -> i64 {
    let mut octets = [0; 8];
    let drawn = SystemRandom::new().fill(&mut octets).is_ok();
    if drawn { i64::from_be_bytes(octets) } else { 1 }
}
