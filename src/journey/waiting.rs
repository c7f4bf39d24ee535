//! Which letters are decided now, and which wait: for DNS, or behind an earlier letter of the same
//! sender that does. Pure.

use crate::decide::Case;
use crate::domain::Moment;
use crate::record::{Wait, Waits};

/// Those that are decided now, in order of receipt, and those that are put off. What DNS does not
/// tell in two hours counts as unsigned: neither passed nor failed.
pub(super) fn in_order(
    mut cases: Vec<Case>,
    waits: &mut Waits,
    now: Moment,
) -> (Vec<Case>, Vec<Wait>) {
    cases.sort_by_key(|case| (case.received_at, case.letter));
    let mut ready = Vec::with_capacity(cases.len());
    let mut postponed = Vec::new();
    for case in cases {
        let unknown = case.evidence.hangs_on_dns() && !waits.is_over(case.letter, now);
        let behind = keeps_order(&case) && waits.ahead_of(&case, now).is_some();
        if unknown || behind {
            postponed.push(waits.put_off(&case, now));
        } else {
            waits.leave(case.letter);
            ready.push(case);
        }
    }
    (ready, postponed)
}

/// A letter that can have no effect has no order to keep; an answer to a confirmation letter has
/// had its own.
fn keeps_order(case: &Case) -> bool {
    !case.is_ours
        && case.automatic.is_none()
        && case.unreadable.is_none()
        && !case.evidence.brings_challenge()
}
