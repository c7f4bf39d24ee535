//! A time that a cancellation frees, or a request under review gives up, is offered on.

use super::offers::pass_on;
use super::rules::Rules;
use super::slot_work::SlotWork;
use super::{Consequences, Facts};

/// The slot of a booking that was cancelled, or given up, goes to whoever stands first, in the same transaction.
pub(super) fn after_cancelling(
    consequences: &mut Consequences,
    facts: &Facts,
    actor: &str,
    rules: &Rules<'_>,
) {
    let cancelled = consequences.cancel.as_ref().map(|(booking, _)| *booking);
    let released = consequences
        .late
        .awaiting
        .filter(|order| order.release_slot)
        .map(|order| order.booking);
    let Some(booking) = cancelled.or(released) else {
        return;
    };
    let Some(slot) = facts.place(booking).and_then(|place| place.slot.as_ref()) else {
        return;
    };
    let mut work = SlotWork::default();
    pass_on(slot, actor, rules, &mut work);
    work.add_to(consequences);
}
