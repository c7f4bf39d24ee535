//! Once a day: what names a person goes after its time.

use super::Workshop;
use crate::domain::Moment;
use crate::failure::Failure;
use crate::intake::Mailbox;
use crate::retention;
use crate::telemetry::metrics;

/// Hours between two purges.
const PAUSE_HOURS: i64 = 24;

/// Minutes between two looks whether one is due.
const LOOK_MINUTES: i64 = 10;

/// When it was last looked whether a purge is due.
#[derive(Debug, Default)]
pub(super) struct RetentionRound(Option<Moment>);

impl RetentionRound {
    /// Purges when it is due. A failure is told and tried again: no letter waits for it.
    pub(super) async fn look(&mut self, workshop: &Workshop, mailbox: &mut dyn Mailbox) {
        let now = workshop.journey.clock.now();
        let looked = self
            .0
            .is_some_and(|last| now < last.plus_minutes(LOOK_MINUTES));
        if looked {
            return;
        }
        self.0 = Some(now);
        if let Err(failure) = purge_if_due(workshop, mailbox, now).await {
            metrics::failed("retention", &failure);
            tracing::warn!(cause = %failure.chain(), "retention could not be carried out");
        }
    }
}

async fn purge_if_due(
    workshop: &Workshop,
    mailbox: &mut dyn Mailbox,
    now: Moment,
) -> Result<(), Failure> {
    let Some(before) = retention::limit(workshop.retention_days, now) else {
        return Ok(());
    };
    let ledger = workshop.journey.ledger.as_ref();
    let last = ledger.last_purge().await?;
    if last.is_some_and(|last| now < last.plus_hours(PAUSE_HOURS)) {
        return Ok(());
    }
    let purged = retention::empty_ledger(ledger, before, now).await?;
    let removed = if ledger.has_purged_letters().await? {
        let own = &workshop.from.address;
        retention::empty_mailbox(ledger, mailbox, own, before).await?
    } else {
        0
    };
    ledger.note_purge(now).await?;
    tracing::info!(
        bookings = purged.bookings,
        letters = purged.letters,
        answers = purged.answers,
        removed,
        "what names a person was deleted after its time"
    );
    Ok(())
}
