//! What the letters of an outcome say of lateness, and of the conditions of cancelling.

use super::caused::{LateConsequences, NewSanction};
use super::document_count;
use crate::decide::consequences::Outcome;
use crate::decide::rules::Rules;
use crate::decide::{Case, Decision};
use crate::domain::{ReleaseSlot, SanctionState, Timeliness};
use crate::reply::LetterData;
use crate::reply::compose::late_words_of;

/// Fills in what a letter about `outcome` says: the conditions in every one, the rest where it came
/// too late.
pub(in crate::decide) fn add_words(
    data: &mut LetterData,
    outcome: &Outcome<'_>,
    case: &Case,
    rules: &Rules<'_>,
    caused: &LateConsequences,
) {
    let Some(facts) = outcome.booking else {
        return;
    };
    let booking = &facts.booking;
    let mut words = late_words_of(booking, rules.policy);
    words.automatic = rules.policy.sanction_rules(&booking.service).automatic;
    let reason = outcome.reason_rule(case, rules);
    if outcome.decision == Decision::RefusedTooLate {
        words.refused_at = Some(rules.now);
        data.document = Some(refusal_number(outcome, case));
    } else if outcome.decision == Decision::LateConsent {
        words.consequence = outcome.late.shown;
        words.document_kinds = rules.policy.document_kinds(reason);
    } else if matches!(
        outcome.decision,
        Decision::UnderReview | Decision::ReviewAwaited | Decision::DocumentsReceived
    ) {
        let rule = rules.policy.rule_for(&booking.service);
        words.slot_released = rule.release_slot == ReleaseSlot::OnRequest;
        words.documents = document_count(case);
        words.follow_up = outcome.late.follow_up;
        data.received_at = Some(case.received_at);
    } else if outcome.decision == Decision::Cancelled {
        let counted = caused.counted.as_ref();
        let late = counted.filter(|one| one.timeliness == Timeliness::Untimely);
        words.untimely = late.is_some();
        words.documents_until = late.and_then(|one| one.documents_until);
        words.document_kinds = rules.policy.document_kinds(reason);
        let imposed = |one: &NewSanction| one.state == SanctionState::Imposed;
        words.automatic = caused.sanctions.iter().all(imposed);
        let brings = !caused.sanctions.is_empty();
        words.consequence = outcome.late.accepted.filter(|_| brings);
    }
    data.late = Some(words);
}

/// The number of a written refusal: the booking's, and the letter that it answers.
fn refusal_number(outcome: &Outcome<'_>, case: &Case) -> String {
    let number = outcome
        .booking
        .map_or("", |facts| facts.booking.number.as_str());
    format!("{number}/R{}", case.letter)
}
