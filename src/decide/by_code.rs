//! A code that a person typed instead of answering in the thread: it stands for the token of its
//! challenge, with few tries.

use super::consequences::Outcome;
use super::rules::{Rules, Trail};
use super::trust::on_file;
use super::{
    BookingFacts, Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts, TypedFor,
    cancel, restore,
};
use crate::domain::{ChallengeId, EmailAddress, MOST_WRONG_CODES, Reason};
use crate::request::Intent;

/// A challenge that waits, its booking, and the wrong codes that this sender typed for it.
type Candidate<'a> = (&'a Challenge, &'a BookingFacts, u32);

/// Whether the challenges of the sender's bookings are needed.
pub(super) fn wants_challenges(case: &Case) -> bool {
    let wish = matches!(
        case.reading.intent,
        Intent::Consent | Intent::Cancel | Intent::Restore
    );
    wish && case.reading.code.is_some() && case.sender.is_some()
}

/// Whether the letter is to be judged by the code in it. A request of its own that names a code
/// where none is awaited stays a request.
pub(super) fn typed(case: &Case, facts: &Facts) -> bool {
    let awaited = !facts.senders_challenges.is_empty() || !facts.challenges.is_empty();
    wants_challenges(case) && (case.reading.intent == Intent::Consent || awaited)
}

/// The right code confirms; a wrong one is counted against all challenges that it could have been
/// meant for, and nobody is told whether there are any.
pub(super) fn decide<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let typed = case.reading.code.as_deref().unwrap_or_default();
    let waiting = candidates(case, sender, facts);
    let left: Vec<&Candidate<'a>> = waiting
        .iter()
        .filter(|(_, _, wrong)| *wrong < MOST_WRONG_CODES)
        .collect();
    let meant = left
        .iter()
        .find(|(challenge, ..)| rules.office.secrets.is_code(typed, challenge.id));
    if let Some((challenge, booking, _)) = meant {
        trail.note("code", format!("challenge {}", challenge.id.0));
        return cancel::by_challenge(case, sender, (challenge, booking), facts, rules, trail);
    }
    if case.reading.intent == Intent::Consent
        && let Some(restored) = restore::by_code_alone(case, sender, facts, rules, trail)
    {
        return restored;
    }
    let reason = if left.is_empty() && !waiting.is_empty() {
        Reason::CodesSpent
    } else {
        Reason::CodeWrong
    };
    trail.note("code", format!("stopped: {}", reason.code()));
    let mut outcome = Outcome::plain(Decision::Held(reason));
    outcome.wrong_codes = left.iter().map(|(challenge, ..)| challenge.id).collect();
    outcome
}

/// The challenges that this sender may confirm: those that wait at bookings which have his address
/// on file.
fn candidates<'a>(case: &Case, sender: &EmailAddress, facts: &'a Facts) -> Vec<Candidate<'a>> {
    let mut seen: Vec<ChallengeId> = Vec::new();
    facts
        .senders_challenges
        .iter()
        .map(
            |TypedFor {
                 challenge,
                 booking,
                 wrong,
             }| (challenge, booking, *wrong),
        )
        .filter(|(challenge, booking, _)| {
            let waits =
                challenge.state == ChallengeState::Open && case.received_at <= challenge.expires_at;
            let new = !seen.contains(&challenge.id);
            seen.push(challenge.id);
            // «Отмените» is no consent to bringing the booking back.
            let meant = case.reading.intent == Intent::Consent
                || challenge.purpose == ChallengePurpose::Cancel;
            waits && new && meant && on_file(sender, booking)
        })
        .collect()
}
