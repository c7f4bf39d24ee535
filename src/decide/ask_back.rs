//! A trusted sender whose letter leaves open which booking is meant is asked back: with the data of
//! the booking, by «ДА», or by the list of his open bookings.

use super::consequences::{Outcome, SHORTEST_CHALLENGE_MINUTES, challenge_end};
use super::rules::{Rules, Trail};
use super::trust::on_file;
use super::{BookingFacts, Case, Decision, Facts, in_time};
use crate::domain::{EmailAddress, Moment, Reason};
use crate::request::Intent;

/// Whether the question «Это были вы?» or «Об этой записи речь?» can be put now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// It can.
    Possible,
    /// The booking is closed, or the letter came too late for it.
    Settled,
    /// The citizen could not answer in time any more.
    NoTimeLeft,
    /// One is asked already.
    Awaited,
    /// The questions of the day are spent.
    Spent,
}

/// Whether a question about this booking can be put now, for a letter received at `received_at`.
pub(super) fn asking(booking: &BookingFacts, received_at: Moment, rules: &Rules<'_>) -> Asking {
    let shortest = rules.now.plus_minutes(SHORTEST_CHALLENGE_MINUTES);
    let awaited = |expires_at: Moment| rules.now <= expires_at;
    let limit = usize::from(rules.policy.challenge.per_booking_and_day);
    if !booking.booking.is_open() || !in_time(&booking.booking, rules.policy, received_at) {
        Asking::Settled
    } else if challenge_end(booking, rules) < shortest {
        Asking::NoTimeLeft
    } else if booking
        .open_challenge
        .as_ref()
        .is_some_and(|challenge| awaited(challenge.expires_at))
    {
        Asking::Awaited
    } else if booking.recent_challenges.len() >= limit {
        Asking::Spent
    } else {
        Asking::Possible
    }
}

/// The details of a trusted sender's letter are similar to those of the booking, or different: he
/// is asked with the booking's own data. Where no question can be put, staff have the letter.
pub(super) fn about_details<'a>(
    case: &Case,
    booking: &'a BookingFacts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let possible = asking(booking, case.received_at, rules) == Asking::Possible;
    let decision = if possible {
        Decision::CheckDetails
    } else {
        Decision::NotUnderstood(Reason::DetailsDiffer)
    };
    trail.note("decision", decision.code());
    Outcome::about(decision, booking, true)
}

/// Whether the sender's open bookings are needed: he asks to cancel and names no number, and his
/// domain stands for him.
pub(super) fn wants_senders_bookings(case: &Case) -> bool {
    case.reading.intent == Intent::Cancel
        && case.reading.number.is_none()
        && case.reading.quoted_number.is_none()
        && case.reading.problems.contains(&Reason::NumberMissing)
        && case.evidence.aligned()
        && case.sender.is_some()
}

/// A request without a number: a trusted sender is asked about his only open booking, or gets the
/// list of them. `None` where he is not trusted or has none that could be cancelled.
pub(super) fn without_number<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Option<Outcome<'a>> {
    if !wants_senders_bookings(case) {
        return None;
    }
    let open: Vec<&BookingFacts> = facts
        .senders_bookings
        .iter()
        .filter(|one| one.booking.is_open() && on_file(sender, one))
        .filter(|one| in_time(&one.booking, rules.policy, case.received_at))
        .collect();
    let outcome = match open.as_slice() {
        [] => return None,
        [only] if asking(only, case.received_at, rules) == Asking::Possible => {
            Outcome::about(Decision::IsItThisOne, only, true)
        }
        [_] => return None,
        several => {
            let mut outcome = Outcome::plain(Decision::WhichOne);
            outcome.verified = true;
            outcome.choices = several.to_vec();
            outcome
        }
    };
    trail.note("decision", outcome.decision.code());
    Some(outcome)
}
