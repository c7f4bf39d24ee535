//! Seals the journal each minute in which something was written into it.

use super::Workshop;
use crate::telemetry::metrics;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const PAUSE: Duration = Duration::from_secs(60);

/// Seals until `stop` is cancelled, and once more then.
pub(super) async fn serve(workshop: Arc<Workshop>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        seal(&workshop).await;
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    seal(&workshop).await;
}

/// Seals what was written since the last seal. What cannot be sealed now is sealed with the next.
pub(super) async fn seal(workshop: &Workshop) {
    let journey = &workshop.journey;
    match journey.ledger.seal_journal(journey.clock.now()).await {
        Ok(Some(seal)) => tracing::debug!(seal = seal.position, heads = seal.heads, "sealed"),
        Ok(None) => {}
        Err(failure) => {
            metrics::failed("record", &failure);
            tracing::warn!(cause = %failure.chain(), "the journal could not be sealed");
        }
    }
}
