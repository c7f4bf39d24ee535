//! Step 5, decide: facts in, decision out, effects as data. Pure.
//!
//! The gates stand in a fixed order: our own letter, automatic, readable, sender, request; then
//! the decision itself. `otmena explain` prints what each said.

mod facts;
mod judgement;
mod rules;
mod gates;
mod trust;
mod deadline;
mod cancel;
mod consequences;
mod by_operator;
mod staff_order;
mod by_staff;
mod likely;

pub use by_operator::{booking_letter, cancel_by_operator};
pub use by_staff::{decide_by_staff, outlook, staff_query};
pub use deadline::{in_time, last_minute};
pub use facts::{BookingFacts, Case, Challenge, ChallengeState, EarlierLetter, Facts, FactsQuery};
pub use gates::{decide, query};
pub use judgement::{Consequences, Decision, Filing, GateVerdict, Judgement, Note, Occasion};
pub use likely::{Likely, Sign, likely, neighbours};
pub use rules::Rules;
pub use staff_order::{CancelOutlook, Outlook, StaffCommand, StaffJudgement, StaffOutcome};
pub use trust::{Trust, trust};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
