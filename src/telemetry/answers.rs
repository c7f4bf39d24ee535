//! What became of an attempt to send a letter of ours: one line in the log, and the metrics.

use super::metrics;
use crate::domain::Moment;
use crate::record::{OutboxRow, OutboxState};

/// An attempt to send `row` ended at `now`.
pub fn attempted(row: &OutboxRow, outcome: OutboxState, now: Moment) {
    metrics::answered(outcome);
    if outcome != OutboxState::Sent {
        return;
    }
    tracing::info!(outbox = row.id, kind = row.letter.kind.code(), "sent");
    let answered = row.letter.answers.and(row.letter.data.received_at);
    if let Some(received_at) = answered {
        metrics::answer_delay(received_at, now);
    }
}
