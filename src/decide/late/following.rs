//! Documents that come after a letter of ours: in answer to the question about a consequence, or
//! after a cancellation that counts as untimely.

use super::{Late, OwnCancellation, document_count};
use crate::decide::consequences::Outcome;
use crate::decide::rules::{Rules, Trail};
use crate::decide::trust::on_file;
use crate::decide::{BookingFacts, Case, Challenge, ChallengeState, Decision, Facts};
use crate::domain::{BookingState, DocumentWay, EmailAddress, Timeliness};
use crate::request::Intent;

/// A letter with documents in one of our threads, from an address on file; `None` where they have
/// nothing to do with a late cancellation. They go to staff in any case: nothing is effected by
/// them alone, but that the booking of a question is «Ожидает подтверждения».
pub(in crate::decide) fn documents_follow<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Option<Outcome<'a>> {
    if document_count(case) == 0 || case.reading.intent == Intent::Restore {
        return None;
    }
    let fits = |booking: &BookingFacts| {
        let rule = rules.policy.rule_for(&booking.booking.service);
        let other = case
            .reading
            .number
            .as_ref()
            .is_some_and(|number| number.lookup_key() != booking.booking.number.lookup_key());
        rule.documents == DocumentWay::Review && on_file(sender, booking) && !other
    };
    let answered = facts
        .challenges
        .iter()
        .find(|(challenge, booking)| answers_question(challenge, booking, case) && fits(booking));
    if let Some((challenge, booking)) = answered {
        trail.note("documents", format!("challenge {}", challenge.id.0));
        let mut outcome = Outcome::about(Decision::UnderReview, booking, true);
        outcome.judged_by = Some(challenge.received_at);
        outcome.decline = Some(challenge);
        outcome.late = Late {
            awaits: true,
            ..Late::default()
        };
        return Some(outcome);
    }
    let by_challenge = facts.challenges.iter().map(|(_, booking)| booking);
    let booking = facts
        .by_token
        .iter()
        .chain(by_challenge)
        .find(|booking| may_still_come(booking, case) && fits(booking))?;
    trail.note("documents", format!("booking {}", booking.booking.id.0));
    let verified = case.evidence.aligned();
    let mut outcome = Outcome::about(Decision::DocumentsReceived, booking, verified);
    outcome.late = Late {
        follow_up: true,
        ..Late::default()
    };
    Some(outcome)
}

/// Whether the letter answers an open question about a consequence with a document instead.
fn answers_question(challenge: &Challenge, booking: &BookingFacts, case: &Case) -> bool {
    challenge.shown.is_some()
        && challenge.state == ChallengeState::Open
        && case.received_at <= challenge.expires_at
        && booking.booking.state == BookingState::Scheduled
        && challenge.received_at < booking.booking.starts_at
}

/// Whether documents for the cancellation of this booking may still come.
fn may_still_come(booking: &BookingFacts, case: &Case) -> bool {
    let within = |own: &OwnCancellation| {
        own.timeliness == Timeliness::Untimely
            && own
                .documents_until
                .is_some_and(|until| case.received_at <= until)
    };
    matches!(booking.booking.state, BookingState::Cancelled(_))
        && booking.late.own.as_ref().is_some_and(within)
}
