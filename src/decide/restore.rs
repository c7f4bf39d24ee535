//! «Восстановление записи №…»: a cancelled booking comes back, while there is time and its slot can
//! be had.

use super::cancel::{doubtful, named_booking, not_understood, trust_words};
use super::come_back::{Wanted, come_back};
use super::consequences::{Outcome, SHORTEST_CHALLENGE_MINUTES, challenge_end};
use super::rules::{Rules, Trail};
use super::slot_work::{SlotLetter, SlotWork, data_about};
use super::trust::{Trust, on_file, trust};
use super::{
    BookingFacts, BookingPlace, Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts,
    SlotDecision, TypedFor, WrongRestorationCode,
};
use crate::domain::{
    Booking, BookingState, ChallengeId, Channel, EmailAddress, MOST_WRONG_CODES, Moment, Reason,
};
use crate::reply::{LetterData, LetterKind};
use crate::request::details::compare;

/// Until when a cancelled booking can be restored: the last minute that counts. `None` where it
/// cannot be at all.
pub(super) fn restorable_until(booking: &Booking, rules: &Rules<'_>) -> Option<Moment> {
    let BookingState::Cancelled(cancellation) = &booking.state else {
        return None;
    };
    let days = i64::from(rules.policy.restoration_rule(&booking.service).days);
    let until = cancellation.cancelled_at.plus_hours(24 * days);
    let possible = days > 0 && cancellation.channel != Channel::Organisation;
    possible.then(|| until.min(booking.starts_at.plus_minutes(-1)).minute())
}

/// Adds to the confirmation of a cancellation what takes it back: the code and its last minute.
pub(super) fn add_code(data: &mut LetterData, booking: &Booking, rules: &Rules<'_>) {
    if let Some(until) = restorable_until(booking, rules).filter(|until| rules.now <= *until) {
        let secrets = &rules.office.secrets;
        data.restore_code = Some(secrets.restoration_code(booking.id, booking.cancellations));
        data.restore_until = Some(until);
    }
}

/// The request.
pub(super) fn by_request<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let booking = match named_booking(case, facts, trail) {
        Ok(booking) => booking,
        Err(reason) => return not_understood(case, facts, reason),
    };
    let typed = case.reading.code.as_deref();
    let right = typed.is_some_and(|typed| is_code_of(typed, booking, facts, rules));
    let details = compare(&case.reading, &booking.booking);
    let verdict = trust(sender, &case.evidence, booking, right, &details);
    trail.note("trust", trust_words(verdict));
    if doubtful(&details) {
        trail.note("details", "stopped: details_differ");
        let decision = match verdict {
            Trust::Trusted => Decision::NotUnderstood(Reason::DetailsDiffer),
            Trust::ConfirmFirst | Trust::Staff => Decision::Held(Reason::DetailsDiffer),
        };
        return Outcome::about(decision, booking, verdict == Trust::Trusted);
    }
    if verdict == Trust::Staff {
        return Outcome::about(Decision::Held(Reason::SenderNotProven), booking, false);
    }
    let asked = Asked {
        case,
        sender,
        booking,
        trusted: verdict == Trust::Trusted,
    };
    if let Some(settled) = asked.settled(rules, trail) {
        return settled;
    }
    match (typed, right) {
        (Some(_), true) if asked.trusted && !asked.tries_are_spent(facts) => {
            asked.effect(facts, None, rules, trail)
        }
        (Some(_), _) => asked.wrong_code(facts, trail),
        (None, _) => asked.confirm(rules, trail),
    }
}

/// A letter that holds nothing but the code of a confirmation letter, in the thread of that booking.
pub(super) fn by_code_alone<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Option<Outcome<'a>> {
    let typed = case.reading.code.as_deref()?;
    let booking = facts
        .by_token
        .iter()
        .chain(&facts.named)
        .find(|known| on_file(sender, known) && is_own_code(typed, &known.booking, rules))?;
    let asked = Asked {
        case,
        sender,
        booking,
        trusted: true,
    };
    trail.note("code", format!("restores booking {}", booking.booking.id.0));
    if asked.tries_are_spent(facts) {
        return Some(asked.wrong_code(facts, trail));
    }
    let settled = asked.settled(rules, trail);
    Some(settled.unwrap_or_else(|| asked.effect(facts, None, rules, trail)))
}

/// The answer to a confirmation letter about a restoration, by its token or its code.
pub(super) fn by_challenge<'a>(
    case: &Case,
    sender: &EmailAddress,
    (challenge, booking): (&'a Challenge, &'a BookingFacts),
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let asked = Asked {
        case,
        sender,
        booking,
        trusted: true,
    };
    // A spent challenge only gets the answer that it led to again.
    if challenge.state != ChallengeState::Open && !booking.booking.is_open() {
        trail.note("challenge", "stopped: challenge_spent");
        return Outcome::about(Decision::Held(Reason::ChallengeSpent), booking, true);
    }
    let settled = asked.settled_for(challenge.received_at, rules, trail);
    let mut outcome =
        settled.unwrap_or_else(|| asked.effect(facts, challenge.reason.clone(), rules, trail));
    outcome.judged_by = Some(challenge.received_at);
    outcome.confirm = Some(challenge).filter(|c| c.state == ChallengeState::Open);
    outcome
}

/// The code of the confirmation of this cancellation, or of a question about restoring it.
fn is_code_of(typed: &str, booking: &BookingFacts, facts: &Facts, rules: &Rules<'_>) -> bool {
    is_own_code(typed, &booking.booking, rules)
        || facts
            .senders_challenges
            .iter()
            .any(|TypedFor { challenge, .. }| {
                challenge.booking == booking.booking.id
                    && challenge.purpose == ChallengePurpose::Restore
                    && rules.office.secrets.is_code(typed, challenge.id)
            })
}

fn is_own_code(typed: &str, booking: &Booking, rules: &Rules<'_>) -> bool {
    let secrets = &rules.office.secrets;
    matches!(booking.state, BookingState::Cancelled(_))
        && secrets.is_restoration_code(typed, booking.id, booking.cancellations)
}

/// A restoration that is asked for by somebody who may ask.
struct Asked<'c, 'a> {
    case: &'c Case,
    sender: &'c EmailAddress,
    booking: &'a BookingFacts,
    trusted: bool,
}

impl<'a> Asked<'_, 'a> {
    /// What needs no confirmation, because nothing is to be done.
    fn settled(&self, rules: &Rules<'_>, trail: &mut Trail) -> Option<Outcome<'a>> {
        self.settled_for(self.case.received_at, rules, trail)
    }

    fn settled_for(
        &self,
        received_at: Moment,
        rules: &Rules<'_>,
        trail: &mut Trail,
    ) -> Option<Outcome<'a>> {
        let booking = &self.booking.booking;
        let told = self.trusted || on_file(self.sender, self.booking);
        match &booking.state {
            BookingState::Scheduled | BookingState::AwaitingConfirmation if told => {
                let data = data_about(booking, rules);
                let kind = LetterKind::Booking;
                Some(self.answer(SlotDecision::StillScheduled, kind, data, rules, trail))
            }
            BookingState::Cancelled(cancellation) => {
                let until = restorable_until(booking, rules);
                let by_organisation = cancellation.channel == Channel::Organisation;
                let late = until.is_some_and(|until| received_at.minute() > until)
                    || until.is_none() && !by_organisation;
                let over = received_at >= booking.starts_at || rules.now >= booking.starts_at;
                if !late && !over {
                    return None;
                }
                if !told {
                    return Some(self.held(Reason::BookingClosed, trail));
                }
                let data = data_about(booking, rules);
                let kind = LetterKind::RestoreTooLate;
                Some(self.answer(SlotDecision::RestoreTooLate, kind, data, rules, trail))
            }
            BookingState::Scheduled
            | BookingState::AwaitingConfirmation
            | BookingState::Completed
            | BookingState::NoShow => Some(self.held(Reason::BookingClosed, trail)),
        }
    }

    fn held(&self, reason: Reason, trail: &mut Trail) -> Outcome<'a> {
        trail.note("decision", format!("stopped: {}", reason.code()));
        Outcome::about(Decision::Held(reason), self.booking, self.trusted)
    }

    fn outcome(&self, decision: SlotDecision, work: SlotWork, trail: &mut Trail) -> Outcome<'a> {
        trail.note("decision", decision.code());
        let mut outcome = Outcome::about(Decision::Slots(decision), self.booking, self.trusted);
        outcome.work = Some(Box::new(work));
        outcome
    }

    fn answer(
        &self,
        decision: SlotDecision,
        kind: LetterKind,
        data: LetterData,
        rules: &Rules<'_>,
        trail: &mut Trail,
    ) -> Outcome<'a> {
        let mut work = SlotWork::default();
        let booking = &self.booking.booking;
        let letter = SlotLetter {
            kind,
            answers: Some(self.case),
            booking: Some(booking),
            recipients: &booking.citizen.emails,
            data,
        };
        work.write(letter, rules);
        self.outcome(decision, work, trail)
    }

    fn place<'f>(&self, facts: &'f Facts) -> Option<&'f BookingPlace> {
        facts.place(self.booking.booking.id)
    }

    fn tries_are_spent(&self, facts: &Facts) -> bool {
        let wrong = self.place(facts).map_or(0, |place| place.wrong_codes);
        wrong >= MOST_WRONG_CODES
    }

    /// A wrong code counts against this sender's tries, and nobody is told how near it was.
    fn wrong_code(&self, facts: &Facts, trail: &mut Trail) -> Outcome<'a> {
        if self.tries_are_spent(facts) {
            return self.held(Reason::CodesSpent, trail);
        }
        let mut outcome = self.held(Reason::CodeWrong, trail);
        let mut work = SlotWork::default();
        work.changes.wrong_code = Some(WrongRestorationCode {
            booking: self.booking.booking.id,
            cancellation: self.booking.booking.cancellations,
            sender: self.sender.clone(),
        });
        outcome.work = Some(Box::new(work));
        outcome
    }

    /// A code goes to the addresses on file and to no other.
    fn confirm(&self, rules: &Rules<'_>, trail: &mut Trail) -> Outcome<'a> {
        let booking = &self.booking.booking;
        let end = challenge_end(self.booking, rules);
        let limit = usize::from(rules.policy.challenge.per_booking_and_day);
        if self.booking.recent_challenges.len() >= limit {
            return self.held(Reason::ChallengesSpent, trail);
        }
        if end < rules.now.plus_minutes(SHORTEST_CHALLENGE_MINUTES) {
            return self.held(Reason::SenderNotProven, trail);
        }
        let challenge = Challenge {
            id: ChallengeId::for_letter(&self.case.raw_hash, booking.id),
            booking: booking.id,
            letter: self.case.letter,
            received_at: self.case.received_at,
            opened_at: rules.now,
            expires_at: end,
            state: ChallengeState::Open,
            reason: self.case.reading.reason.clone(),
            purpose: ChallengePurpose::Restore,
            wished_at: None,
            shown: None,
        };
        let data = LetterData {
            challenge: Some(challenge.id),
            answer_until: Some(end),
            code: Some(rules.office.secrets.code(challenge.id)),
            received_at: Some(self.case.received_at),
            ..data_about(booking, rules)
        };
        let kind = LetterKind::RestoreConfirm;
        let decision = SlotDecision::RestoreConfirm;
        let mut outcome = self.answer(decision, kind, data, rules, trail);
        if let Some(work) = &mut outcome.work {
            work.challenge = Some(challenge);
        }
        outcome
    }

    /// The slot decides what can be done.
    fn effect(
        &self,
        facts: &Facts,
        reason: Option<String>,
        rules: &Rules<'_>,
        trail: &mut Trail,
    ) -> Outcome<'a> {
        let BookingState::Cancelled(cancellation) = &self.booking.booking.state else {
            return self.held(Reason::BookingClosed, trail);
        };
        let place = self.place(facts);
        if place.is_some_and(|place| place.replaced) {
            return self.held(Reason::NeedsPerson, trail);
        }
        let mut work = SlotWork::default();
        let words = reason.or_else(|| self.case.reading.reason.clone());
        let decision = come_back(
            &Wanted {
                booking: &self.booking.booking,
                cancellation,
                place,
                channel: Channel::Mail,
                answers: Some(self.case),
                reason: words,
            },
            rules,
            &mut work,
        );
        self.outcome(decision, work, trail)
    }
}
