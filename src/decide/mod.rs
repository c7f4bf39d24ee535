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
mod by_question;
mod bounced;
mod dns_silent;
mod breaker;
mod consequences;
mod decision_kinds;
mod freed_time;
mod journal_words;
mod held_note;
mod receipt;
mod by_operator;
mod staff_order;
mod by_staff;
mod likely;
mod slot_facts;
mod slot_decision;
mod slot_work;
mod turn;
mod offers;
mod restore;
mod come_back;
mod barred;
mod rebook;
mod late;

pub use bounced::Undeliverable;
pub use by_operator::{
    OperatorAct, booking_letter, cancel_by_operator, document_data, restore_by_operator,
};
pub use by_staff::{decide_by_staff, outlook, staff_query};
pub use deadline::{in_time, last_minute};
pub use facts::{
    BookingFacts, Bounce, CancellationRates, Case, Challenge, ChallengePurpose, ChallengeState,
    EarlierLetter, Facts, FactsQuery, ReturnedLetter, TypedFor,
};
pub use gates::{decide, query};
pub use judgement::{Consequences, Decision, Filing, GateVerdict, Judgement, Note, Occasion};
pub use late::{
    AwaitingOrder, CountedCancellation, DocumentRecord, LateConsequences, LateFacts, NewSanction,
    OwnCancellation, Recount, Review, ReviewOpening, ReviewState, SanctionDeed, SanctionJudgement,
    SanctionObstacle, TakeBackCause, decide_on_sanction, take_back,
};
pub use likely::{Likely, Sign, likely, neighbours};
pub use offers::due;
pub use rules::Rules;
pub use slot_decision::SlotDecision;
pub use slot_facts::{
    BookingPlace, FreshBooking, InLine, Joining, NewBooking, OfferFacts, Restoration, SlotChanges,
    SlotFacts, SlotQuery, SlotsKnown, WaitingRestoration, WrongRestorationCode,
};
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
mod slot_samples;
#[cfg(test)]
mod offer_tests;
#[cfg(test)]
mod restore_tests;
#[cfg(test)]
mod rebook_tests;
#[cfg(test)]
mod staff_tests;
#[cfg(test)]
mod question_tests;
