//! What becomes of a wish to cancel that came too late.

use super::{Late, consequence, document_count};
use crate::decide::consequences::Outcome;
use crate::decide::rules::{Rules, Trail};
use crate::decide::{BookingFacts, Case, Challenge, ChallengeState, Decision};
use crate::domain::{BookingState, DocumentWay, LateWay, Moment, Reason};

/// A question that could be answered for less time than this is not put.
const SHORTEST_QUESTION_MINUTES: i64 = 15;

/// A wish to cancel.
#[derive(Debug, Clone, Copy)]
pub(in crate::decide) struct Wish<'c, 'a> {
    /// The letter that brings it, or the consent to it.
    pub(in crate::decide) case: &'c Case,
    /// The booking.
    pub(in crate::decide) booking: &'a BookingFacts,
    /// The receipt by which it is judged.
    pub(in crate::decide) received_at: Moment,
    /// The question that the letter answers.
    pub(in crate::decide) challenge: Option<&'a Challenge>,
    /// Whether its sender is trusted.
    pub(in crate::decide) verified: bool,
}

/// Decides a late wish about a booking that is still open and lies ahead.
pub(in crate::decide) fn settle<'a>(
    wish: Wish<'_, 'a>,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let Wish { case, booking, .. } = wish;
    let rule = rules.policy.rule_for(&booking.booking.service);
    let documents = document_count(case) > 0 && rule.documents == DocumentWay::Review;
    let awaiting = booking.booking.state == BookingState::AwaitingConfirmation;
    let mut late = Late::default();
    let decision = match (documents, awaiting) {
        (false, true) => Decision::ReviewAwaited,
        (true, false) if wish.verified => {
            late.awaits = true;
            Decision::UnderReview
        }
        // Whoever is not known for sure changes no state; staff look at the document all the same.
        (true, true | false) => Decision::DocumentsReceived,
        (false, false) if rule.late == LateWay::Consent => by_consent(&wish, rules, &mut late),
        (false, false) => Decision::RefusedTooLate,
    };
    trail.note("late", decision.code());
    let mut outcome = Outcome::about(decision, booking, wish.verified);
    outcome.judged_by = Some(wish.received_at);
    outcome.late = late;
    let open = wish
        .challenge
        .filter(|challenge| challenge.state == ChallengeState::Open);
    let answered = [
        Decision::Cancelled,
        Decision::RefusedTooLate,
        Decision::ReviewAwaited,
    ];
    let replaced = [
        Decision::LateConsent,
        Decision::UnderReview,
        Decision::DocumentsReceived,
    ];
    outcome.confirm = open.filter(|_| answered.contains(&outcome.decision));
    outcome.decline = open.filter(|_| replaced.contains(&outcome.decision));
    outcome
}

/// Accepted when the letter answers the question that showed the consequence; else the question
/// is put, within the limits of all questions.
fn by_consent(wish: &Wish<'_, '_>, rules: &Rules<'_>, late: &mut Late) -> Decision {
    let first = wish.challenge.and_then(|one| one.reason.as_deref());
    let reason = first.or(wish.case.reading.reason.as_deref());
    let now_due = consequence(wish.booking, reason, wish.received_at, rules);
    if let Some(shown) = wish.challenge.and_then(|one| one.shown.as_ref()) {
        late.accepted = Some(now_due.within(shown));
        return Decision::Cancelled;
    }
    let limit = usize::from(rules.policy.challenge.per_booking_and_day);
    let awaited = wish
        .booking
        .open_challenge
        .as_ref()
        .filter(|one| wish.challenge.is_none_or(|answered| answered.id != one.id))
        .is_some_and(|one| rules.now <= one.expires_at);
    if consent_end(wish.booking, rules) < rules.now.plus_minutes(SHORTEST_QUESTION_MINUTES) {
        Decision::RefusedTooLate
    } else if awaited {
        Decision::ConfirmationAwaited
    } else if wish.booking.recent_challenges.len() >= limit {
        Decision::Held(Reason::ChallengesSpent)
    } else {
        late.shown = Some(now_due);
        Decision::LateConsent
    }
}

/// Until when «ДА» to a consequence is accepted: never past the appointment.
pub(in crate::decide) fn consent_end(facts: &BookingFacts, rules: &Rules<'_>) -> Moment {
    let late = rules.policy.late_rules(&facts.booking.service);
    let hours = i64::from(late.consent_hours);
    let end = rules.now.plus_hours(hours);
    end.min(facts.booking.starts_at).minute()
}
