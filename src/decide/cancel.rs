//! The wish to cancel: whose booking, who asks, in time or not.

use super::ask_back::{self, Asking, asking};
use super::consequences::Outcome;
use super::late::{self, Wish};
use super::rules::{Rules, Trail, first_of};
use super::trust::{Trust, on_file, trust};
use super::{
    BookingFacts, Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts, in_time,
    rebook, restore,
};
use crate::domain::{BookingState, EmailAddress, Keyword, Purpose, Reason};
use crate::request::details::{DetailComparison, DetailMatch, compare};

/// Problems that name why a number is missing, the most telling first.
const NUMBER_PROBLEMS: [Reason; 3] = [
    Reason::NumberAmbiguous,
    Reason::NumberUnreadable,
    Reason::FacesDiffer,
];

/// The challenge whose genuine token the letter brings, with its booking.
pub(super) fn challenge_for<'a>(
    case: &Case,
    facts: &'a Facts,
) -> Option<&'a (Challenge, BookingFacts)> {
    let asked = |challenge: &Challenge| {
        case.evidence
            .tokens
            .iter()
            .any(|t| t.purpose == Purpose::Challenge && t.subject == challenge.id.0)
    };
    facts
        .challenges
        .iter()
        .find(|(challenge, _)| asked(challenge))
}

/// Whether the letter answers a question that asks for this.
pub(super) fn asked_to(purpose: ChallengePurpose, case: &Case, facts: &Facts) -> bool {
    challenge_for(case, facts).is_some_and(|(challenge, _)| challenge.purpose == purpose)
}

/// «Отмена записи №…»: a request of its own.
pub(super) fn by_request<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let booking = match named_booking(case, facts, trail) {
        Ok(booking) => booking,
        Err(reason) => {
            return ask_back::without_number(case, sender, facts, rules, trail)
                .unwrap_or_else(|| not_understood(case, facts, reason));
        }
    };
    let details = compare(&case.reading, &booking.booking);
    let verdict = trust(sender, &case.evidence, booking, false, &details);
    trail.note("trust", trust_words(verdict));
    if doubtful(&details) {
        trail.note("details", "stopped: details_differ");
        return match verdict {
            Trust::Trusted => ask_back::about_details(case, booking, rules, trail),
            Trust::ConfirmFirst | Trust::Staff => {
                Outcome::about(Decision::Held(Reason::DetailsDiffer), booking, false)
            }
        };
    }
    trail.note("details", "passed");
    match verdict {
        Trust::Trusted => {
            let wish = Wish {
                case,
                booking,
                received_at: case.received_at,
                challenge: None,
                verified: true,
            };
            effect(wish, rules, trail)
        }
        Trust::ConfirmFirst => confirm_first(case, sender, booking, rules, trail),
        Trust::Staff => Outcome::about(Decision::Held(Reason::SenderNotProven), booking, false),
    }
}

/// The answer to a confirmation letter: judged by the first letter's receipt.
pub(super) fn by_consent<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let Some((challenge, booking)) = challenge_for(case, facts) else {
        return consent_without_challenge(case, facts, trail);
    };
    by_challenge(case, sender, (challenge, booking), facts, rules, trail)
}

/// Consent to this challenge, by its token or its code.
pub(super) fn by_challenge<'a>(
    case: &Case,
    sender: &EmailAddress,
    (challenge, booking): (&'a Challenge, &'a BookingFacts),
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    trail.note(
        "challenge",
        format!("challenge {} {}", challenge.id.0, challenge.state.code()),
    );
    let details = compare(&case.reading, &booking.booking);
    let verdict = trust(sender, &case.evidence, booking, true, &details);
    trail.note("trust", trust_words(verdict));
    if verdict != Trust::Trusted {
        return Outcome::about(Decision::Held(Reason::SenderNotProven), booking, false);
    }
    let other_number = case
        .reading
        .number
        .as_ref()
        .is_some_and(|number| number.lookup_key() != booking.booking.number.lookup_key());
    if other_number || doubtful(&details) {
        let reason = if other_number {
            Reason::NumberAmbiguous
        } else {
            Reason::DetailsDiffer
        };
        return Outcome::about(Decision::NotUnderstood(reason), booking, true);
    }
    match challenge.purpose {
        ChallengePurpose::Cancel => {}
        ChallengePurpose::Restore => {
            return restore::by_challenge(case, sender, (challenge, booking), facts, rules, trail);
        }
        ChallengePurpose::Rebook | ChallengePurpose::Join => {
            return rebook::by_challenge(case, (challenge, booking), facts, rules, trail);
        }
    }
    // A spent challenge proves nothing any more; it only gets the answer that it led to again.
    let spent = match challenge.state {
        ChallengeState::Open => false,
        ChallengeState::Confirmed => booking.booking.is_open(),
        ChallengeState::Declined => true,
    };
    if spent {
        trail.note("challenge", "stopped: challenge_spent");
        return Outcome::about(Decision::Held(Reason::ChallengeSpent), booking, true);
    }
    let wish = Wish {
        case,
        booking,
        received_at: challenge.received_at,
        challenge: Some(challenge),
        verified: true,
    };
    effect(wish, rules, trail)
}

/// A letter that asks for nothing that we know.
pub(super) fn without_wish<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    trail: &mut Trail,
) -> Outcome<'a> {
    if let Some((challenge, booking)) = challenge_for(case, facts) {
        trail.note("challenge", "stopped: consent_not_given");
        let mut outcome = Outcome::about(Decision::Held(Reason::ConsentNotGiven), booking, false);
        let own = on_file(sender, booking) && challenge.state == ChallengeState::Open;
        outcome.decline = own.then_some(challenge);
        return outcome;
    }
    not_understood(case, facts, why_no_wish(&case.reading.problems))
}

/// A letter that could not be read well is held for that; what is missing in it follows from it.
fn why_no_wish(problems: &[Reason]) -> Reason {
    let unreadable = problems
        .iter()
        .find(|reason| reason.keyword() == Keyword::Unreadable);
    unreadable
        .or(problems.first())
        .copied()
        .unwrap_or(Reason::NoRequest)
}

fn consent_without_challenge<'a>(case: &Case, facts: &'a Facts, trail: &mut Trail) -> Outcome<'a> {
    let spent = case
        .evidence
        .expired
        .iter()
        .any(|t| t.purpose == Purpose::Challenge);
    let reason = if spent {
        Reason::ChallengeSpent
    } else {
        Reason::NumberMissing
    };
    trail.note("challenge", format!("stopped: {}", reason.code()));
    not_understood(case, facts, reason)
}

/// The booking that the letter is about: by the number that the writer gave, or by the one
/// genuine token together with a quoted number that does not contradict it.
pub(super) fn named_booking<'a>(
    case: &Case,
    facts: &'a Facts,
    trail: &mut Trail,
) -> Result<&'a BookingFacts, Reason> {
    let named = find_named(case, facts);
    match named {
        Ok(booking) => trail.note("booking", format!("booking {}", booking.booking.id.0)),
        Err(reason) => trail.note("booking", format!("stopped: {}", reason.code())),
    }
    named
}

fn find_named<'a>(case: &Case, facts: &'a Facts) -> Result<&'a BookingFacts, Reason> {
    if case.reading.number.is_some() {
        return facts.named.as_ref().ok_or(Reason::NumberUnknown);
    }
    if let Some(reason) = first_of(&case.reading.problems, &NUMBER_PROBLEMS) {
        return Err(reason);
    }
    let [only] = facts.by_token.as_slice() else {
        return Err(Reason::NumberMissing);
    };
    let agrees = case
        .reading
        .quoted_number
        .as_ref()
        .is_none_or(|number| number.lookup_key() == only.booking.number.lookup_key());
    if agrees {
        Ok(only)
    } else {
        Err(Reason::NumberAmbiguous)
    }
}

/// The effect for a trusted request, or why there is none.
fn effect<'a>(wish: Wish<'_, 'a>, rules: &Rules<'_>, trail: &mut Trail) -> Outcome<'a> {
    let Wish {
        booking,
        received_at,
        challenge,
        verified,
        ..
    } = wish;
    let decision = match &booking.booking.state {
        BookingState::Cancelled(_) => Decision::AlreadyCancelled,
        BookingState::Completed | BookingState::NoShow => Decision::Held(Reason::BookingClosed),
        BookingState::Scheduled | BookingState::AwaitingConfirmation => {
            if received_at >= booking.booking.starts_at {
                Decision::Held(Reason::BookingClosed)
            } else if in_time(&booking.booking, rules.policy, received_at) {
                Decision::Cancelled
            } else {
                return late::settle(wish, rules, trail);
            }
        }
    };
    trail.note("decision", decision.code());
    let mut outcome = Outcome::about(decision, booking, verified);
    outcome.judged_by = Some(received_at);
    outcome.confirm = challenge.filter(|c| c.state == ChallengeState::Open);
    outcome
}

/// The address on file is asked, unless nothing is left to confirm.
fn confirm_first<'a>(
    case: &Case,
    sender: &EmailAddress,
    booking: &'a BookingFacts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let asking = asking(booking, case.received_at, rules);
    if asking == Asking::Settled {
        // The answer goes to the addresses on file only; a stranger causes none at all.
        return if on_file(sender, booking) {
            let wish = Wish {
                case,
                booking,
                received_at: case.received_at,
                challenge: None,
                verified: false,
            };
            effect(wish, rules, trail)
        } else {
            Outcome::about(Decision::Held(Reason::SenderNotProven), booking, false)
        };
    }
    let decision = match asking {
        Asking::Awaited => Decision::ConfirmationAwaited,
        Asking::Spent => Decision::Held(Reason::ChallengesSpent),
        Asking::Possible => Decision::ConfirmFirst,
        // The citizen could not answer in time any more: a person has to decide.
        Asking::NoTimeLeft | Asking::Settled => Decision::Held(Reason::SenderNotProven),
    };
    trail.note("challenge", decision.code());
    Outcome::about(decision, booking, false)
}

/// A trusted sender is told that we did not understand; a stranger hears nothing. Either way
/// staff have the letter.
pub(super) fn not_understood<'a>(case: &Case, facts: &'a Facts, reason: Reason) -> Outcome<'a> {
    let known = case.evidence.aligned() && !facts.senders_open_bookings.is_empty();
    let mut outcome = Outcome::plain(if known {
        Decision::NotUnderstood(reason)
    } else {
        Decision::Held(reason)
    });
    outcome.verified = known;
    outcome.mentioned = facts.named.as_ref();
    outcome
}

pub(super) fn doubtful(details: &DetailComparison) -> bool {
    [details.name, details.date, details.time, details.phone]
        .iter()
        .any(|d| matches!(d, DetailMatch::Different | DetailMatch::Similar))
}

pub(super) const fn trust_words(trust: Trust) -> &'static str {
    match trust {
        Trust::Trusted => "trusted",
        Trust::ConfirmFirst => "confirm first",
        Trust::Staff => "staff",
    }
}
