//! Letters that ask and change nothing: «Статус записи №…», «Подтверждение отмены №…», and those that
//! ask for a person.
//!
//! What is told of a booking goes to a trusted sender alone. There is nothing to confirm first: a
//! question has no effect, and asking the address on file whether it may be answered would let
//! anybody have letters sent to it. So the letter of a sender who is not trusted goes to staff, and
//! its sender hears no more than any stranger: whether the booking exists cannot be found out so.

use super::cancel::{doubtful, named_booking, not_understood, trust_words};
use super::consequences::Outcome;
use super::rules::{Rules, Trail};
use super::trust::{Trust, trust};
use super::{Case, Decision, Facts};
use crate::domain::{BookingState, EmailAddress, Reason};
use crate::reply::LetterData;
use crate::request::Intent;
use crate::request::details::compare;

/// «Статус записи №…» and «Подтверждение отмены №…».
pub(super) fn about_booking<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    trail: &mut Trail,
) -> Outcome<'a> {
    let booking = match named_booking(case, facts, trail) {
        Ok(booking) => booking,
        Err(reason) => return not_understood(case, facts, reason),
    };
    let details = compare(&case.reading, &booking.booking);
    let verdict = trust(sender, &case.evidence, booking, false, &details);
    trail.note("trust", trust_words(verdict));
    let decision = match verdict {
        Trust::ConfirmFirst | Trust::Staff => Decision::Held(Reason::SenderNotProven),
        Trust::Trusted if doubtful(&details) => Decision::NotUnderstood(Reason::DetailsDiffer),
        Trust::Trusted => answer(case.reading.intent, &booking.booking.state),
    };
    trail.note("decision", decision.code());
    let trusted = verdict == Trust::Trusted;
    let mut outcome = Outcome::about(decision, booking, trusted);
    outcome.history.clone_from(&facts.history);
    outcome
}

/// A confirmation of what was not cancelled cannot be given: the citizen learns how it stands.
fn answer(intent: Intent, state: &BookingState) -> Decision {
    let cancelled = matches!(state, BookingState::Cancelled(_));
    if intent == Intent::Resend && cancelled {
        Decision::DocumentAgain
    } else {
        Decision::StatusTold
    }
}

/// Something did not work, or a person is asked for: a case for staff. A sender whom we know by an
/// address on file learns its number and when it will be answered.
pub(super) fn for_a_person<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    trail: &mut Trail,
) -> Outcome<'a> {
    let named = facts.named.as_ref();
    let of_named = named.is_some_and(|booking| {
        let details = compare(&case.reading, &booking.booking);
        trust(sender, &case.evidence, booking, false, &details) == Trust::Trusted
    });
    let known = of_named || case.evidence.aligned() && !facts.senders_open_bookings.is_empty();
    let decision = if known {
        Decision::CaseOpened
    } else {
        Decision::Held(Reason::HelpAsked)
    };
    trail.note("decision", decision.code());
    let mut outcome = Outcome::plain(decision);
    outcome.booking = named.filter(|_| of_named);
    outcome.mentioned = named;
    outcome.verified = known;
    outcome
}

/// What a letter tells that answers a question.
pub(super) fn add_answer(
    outcome: &Outcome<'_>,
    case: &Case,
    rules: &Rules<'_>,
    data: &mut LetterData,
) {
    if outcome.decision == Decision::StatusTold {
        let state = outcome.booking.map(|facts| facts.booking.state.code());
        data.state = state.map(str::to_owned);
        data.received_at = Some(case.received_at);
        data.history.clone_from(&outcome.history);
    }
    if outcome.decision == Decision::CaseOpened {
        let service = outcome.booking.map(|facts| &facts.booking.service);
        let hours = i64::from(rules.policy.help_rule(service).answer_hours);
        data.case_number = Some(case.letter.0);
        data.received_at = Some(case.received_at);
        data.answer_until = Some(case.received_at.plus_hours(hours).minute());
    }
}
