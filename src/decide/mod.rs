//! Step 5, decide: facts in, decision out, effects as data. Pure.
//!
//! The gates stand in a fixed order: our own letter, bounce, automatic, already known, readable,
//! sender, request; then the decision itself. `otmena explain` prints what each said.

mod facts;
mod judgement;
mod rules;
mod gates;
mod trust;
mod deadline;
mod cancel;
mod ask_back;
mod by_code;
mod bounced;
mod dns_silent;
mod breaker;
mod consequences;
mod held_note;
mod receipt;
mod by_operator;
mod staff_order;
mod by_staff;
mod likely;
mod late;

pub use bounced::Undeliverable;
pub use by_operator::{booking_letter, cancel_by_operator};
pub use by_staff::{decide_by_staff, outlook, staff_query};
pub use deadline::{in_time, last_minute};
pub use facts::{
    BookingFacts, Bounce, CancellationRates, Case, Challenge, ChallengeState, EarlierLetter, Facts,
    FactsQuery, ReturnedLetter, TypedFor,
};
pub use gates::{decide, query};
pub use judgement::{Consequences, Decision, Filing, GateVerdict, Judgement, Note, Occasion};
pub use late::{
    AwaitingOrder, CountedCancellation, DocumentRecord, LateConsequences, LateFacts, NewSanction,
    OwnCancellation, Recount, Review, ReviewOpening, ReviewState, SanctionDeed, SanctionJudgement,
    SanctionObstacle, TakeBackCause, decide_on_sanction, take_back,
};
pub use likely::{Likely, Sign, likely, neighbours};
pub use rules::Rules;
pub use staff_order::{CancelOutlook, Outlook, StaffCommand, StaffJudgement, StaffOutcome};
pub use trust::{DkimVerdict, Trust, trust};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod asking_tests;
#[cfg(test)]
mod whole_traffic_tests;
#[cfg(test)]
mod staff_tests;
