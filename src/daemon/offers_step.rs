//! Passes on offers that ran out: due work by the clock, behind the letters that may answer them.

use super::Workshop;
use crate::decide::{SlotFacts, due};
use crate::domain::Moment;
use crate::failure::Failure;

/// Slots that are asked for at a time.
const PAGE: u32 = 100;

/// Passes on the offers whose hold ended before `read_until`: all letters that our server received
/// until then were decided. Gives the number of offers.
pub(super) async fn pass_on(workshop: &Workshop, read_until: Moment) -> Result<u64, Failure> {
    let journey = &workshop.journey;
    let mut passed = 0_u64;
    loop {
        let slots = journey.ledger.offers_run_out(read_until, PAGE).await?;
        let mut moved = false;
        for slot in slots {
            let now = journey.clock.now();
            let rules = journey.rules(now);
            let act = |facts: &SlotFacts| due(facts, read_until, &rules);
            if journey.ledger.act_on_slot(slot, &act, now).await? {
                tracing::info!(slot = slot.0, "an offer ran out");
                moved = true;
                passed += 1;
            }
        }
        if !moved {
            break;
        }
    }
    if passed > 0 {
        workshop.replies_due.notify_one();
    }
    Ok(passed)
}
