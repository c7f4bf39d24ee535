//! Whose turn it is when a time is free: the waiting list in its order, and what sanctions change.

use super::{Rules, SlotFacts};
use crate::domain::{Waiter, bars_booking, stands_back};

/// Who gets the slot, and whether a sanction has put that person behind all others. Whoever may not
/// book now keeps the place in the list, and is offered nothing.
pub(super) fn next<'s>(slot: &'s SlotFacts, rules: &Rules<'_>) -> Option<(&'s Waiter, bool)> {
    let (service, _) = slot.kind.as_ref()?;
    let heeded = rules.policy.sanction_rules(service).enabled;
    let counts = |exempt: bool| heeded && !exempt;
    let mut behind = None;
    for one in &slot.line {
        if !counts(one.exempt) {
            return Some((&one.waiter, false));
        }
        let barred = bars_booking(&one.sanctions, &service.code, rules.now).next();
        if barred.is_some() {
            continue;
        }
        if !stands_back(&one.sanctions, rules.now) {
            return Some((&one.waiter, false));
        }
        behind.get_or_insert((&one.waiter, true));
    }
    behind
}
