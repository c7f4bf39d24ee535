//! «Повторная запись №…» and «В лист ожидания»: a new time instead of a cancelled booking.

use super::barred::{self, Against};
use super::cancel::{named_booking, not_understood, trust_words};
use super::consequences::{Outcome, SHORTEST_CHALLENGE_MINUTES, challenge_end};
use super::late::document_count;
use super::rules::{Rules, Trail};
use super::slot_work::{SlotLetter, SlotWork, data_about, note_made, words_of_choice};
use super::trust::{Trust, trust};
use super::{
    BookingFacts, BookingPlace, Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts,
    Joining, NewBooking, SlotDecision,
};
use crate::domain::{
    Booking, BookingState, ChallengeId, EmailAddress, Moment, Reason, Slot, at_local,
};
use crate::reply::{LetterData, LetterKind};
use crate::request::Intent;
use crate::request::details::compare;

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
    // Date and time are those of the wish, not of the booking.
    let mut reading = case.reading.clone();
    reading.date = None;
    reading.time = None;
    let verdict = trust(
        sender,
        &case.evidence,
        booking,
        false,
        &compare(&reading, &booking.booking),
    );
    trail.note("trust", trust_words(verdict));
    if verdict == Trust::Staff {
        return Outcome::about(Decision::Held(Reason::SenderNotProven), booking, false);
    }
    if let Some(reason) = not_ours_to_do(booking, facts, rules) {
        trail.note("decision", format!("stopped: {}", reason.code()));
        return Outcome::about(Decision::Held(reason), booking, verdict == Trust::Trusted);
    }
    let wish = if case.reading.intent == Intent::Join {
        ChallengePurpose::Join
    } else {
        ChallengePurpose::Rebook
    };
    match verdict {
        Trust::Trusted => effect(case, booking, facts, wish, rules, trail),
        Trust::ConfirmFirst | Trust::Staff => confirm(case, booking, wish, rules, trail),
    }
}

/// The answer to the question whether the wish was hers.
pub(super) fn by_challenge<'a>(
    case: &Case,
    (challenge, booking): (&'a Challenge, &'a BookingFacts),
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    if challenge.state != ChallengeState::Open {
        trail.note("challenge", "stopped: challenge_spent");
        return Outcome::about(Decision::Held(Reason::ChallengeSpent), booking, true);
    }
    let mut outcome = match not_ours_to_do(booking, facts, rules) {
        Some(reason) => Outcome::about(Decision::Held(reason), booking, true),
        None => effect(case, booking, facts, challenge.purpose, rules, trail),
    };
    outcome.confirm = Some(challenge);
    outcome
}

/// Why a person has to see to it: a booking that stands would have to be moved, or was replaced.
fn not_ours_to_do(booking: &BookingFacts, facts: &Facts, rules: &Rules<'_>) -> Option<Reason> {
    let place = facts.place(booking.booking.id);
    match &booking.booking.state {
        BookingState::Cancelled(_) if place.is_some_and(|place| place.replaced) => {
            Some(Reason::NeedsPerson)
        }
        BookingState::Cancelled(_) => None,
        BookingState::Scheduled | BookingState::AwaitingConfirmation
            if rules.now < booking.booking.starts_at =>
        {
            Some(Reason::NeedsPerson)
        }
        BookingState::Scheduled
        | BookingState::AwaitingConfirmation
        | BookingState::Completed
        | BookingState::NoShow => Some(Reason::BookingClosed),
    }
}

/// The wished instant on the clocks of the place.
fn wished_at(case: &Case, booking: &Booking) -> Option<Moment> {
    let date = case.reading.date.as_deref()?;
    let time = case.reading.time.as_deref()?;
    at_local(date, time, &booking.organisation.zone)
}

fn confirm<'a>(
    case: &Case,
    booking: &'a BookingFacts,
    purpose: ChallengePurpose,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let limit = usize::from(rules.policy.challenge.per_booking_and_day);
    let valid = i64::from(rules.policy.challenge.valid_hours);
    let about = &booking.booking;
    // A cancelled appointment may lie behind: its start ends nothing here.
    let end = rules.now.plus_hours(valid).minute();
    let end = end.max(challenge_end(booking, rules));
    if booking.recent_challenges.len() >= limit
        || end < rules.now.plus_minutes(SHORTEST_CHALLENGE_MINUTES)
    {
        return Outcome::about(Decision::Held(Reason::ChallengesSpent), booking, false);
    }
    let challenge = Challenge {
        id: ChallengeId::for_letter(&case.raw_hash, about.id),
        booking: about.id,
        letter: case.letter,
        received_at: case.received_at,
        opened_at: rules.now,
        expires_at: end,
        state: ChallengeState::Open,
        reason: None,
        purpose,
        wished_at: wished_at(case, about),
        shown: None,
    };
    let data = LetterData {
        challenge: Some(challenge.id),
        answer_until: Some(end),
        code: Some(rules.office.secrets.code(challenge.id)),
        received_at: Some(case.received_at),
        ..data_about(about, rules)
    };
    let mut work = SlotWork::default();
    write(
        LetterKind::RebookConfirm,
        case,
        about,
        data,
        rules,
        &mut work,
    );
    work.challenge = Some(challenge);
    outcome(SlotDecision::RebookConfirm, case, booking, work, trail)
}

fn outcome<'a>(
    decision: SlotDecision,
    case: &Case,
    booking: &'a BookingFacts,
    work: SlotWork,
    trail: &mut Trail,
) -> Outcome<'a> {
    trail.note("decision", decision.code());
    let verified = decision != SlotDecision::RebookConfirm;
    // Papers for the new appointment are the office's to read.
    let decided = if document_count(case) > 0 {
        Decision::SlotsWithDocuments(decision)
    } else {
        Decision::Slots(decision)
    };
    let mut outcome = Outcome::about(decided, booking, verified);
    outcome.work = Some(Box::new(work));
    outcome
}

fn write(
    kind: LetterKind,
    case: &Case,
    about: &Booking,
    data: LetterData,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) {
    let letter = SlotLetter {
        kind,
        answers: Some(case),
        booking: Some(about),
        recipients: &about.citizen.emails,
        data,
    };
    work.write(letter, rules);
}

/// The wished time if it is free; else the nearest ones are proposed; else the waiting list.
fn effect<'a>(
    case: &Case,
    booking: &'a BookingFacts,
    facts: &Facts,
    wish: ChallengePurpose,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let place = facts.place(booking.booking.id);
    let against = barred::against(booking, place, rules);
    if wish == ChallengePurpose::Rebook && against.is_something() {
        let mut data = data_about(&booking.booking, rules);
        against.tell(&mut data);
        let (kind, mut work) = (LetterKind::RebookBarred, SlotWork::default());
        write(kind, case, &booking.booking, data, rules, &mut work);
        return outcome(SlotDecision::RebookBarred, case, booking, work, trail);
    }
    let wished = place.and_then(|place| place.wished.as_ref());
    let nearest = place.map_or(&[][..], |place| &place.nearest);
    let mut work = SlotWork::default();
    let decision = if wish == ChallengePurpose::Join {
        join(case, booking, (place, against), rules, &mut work)
    } else if let Some(slot) = wished {
        match book(case, &booking.booking, slot, facts, rules, &mut work) {
            Some(decision) => decision,
            None => return Outcome::about(Decision::Held(Reason::NeedsPerson), booking, true),
        }
    } else if nearest.is_empty() {
        join(case, booking, (place, against), rules, &mut work)
    } else {
        let mut data = data_about(&booking.booking, rules);
        data.choices = nearest
            .iter()
            .map(|slot| words_of_choice(slot, &booking.booking, rules))
            .collect();
        let kind = LetterKind::RebookChoices;
        write(kind, case, &booking.booking, data, rules, &mut work);
        SlotDecision::RebookChoices
    };
    outcome(decision, case, booking, work, trail)
}

fn book(
    case: &Case,
    before: &Booking,
    slot: &Slot,
    facts: &Facts,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) -> Option<SlotDecision> {
    let fresh = facts.slots.fresh.as_ref()?;
    let booking = Booking {
        id: fresh.id,
        number: fresh.number.clone(),
        resource: slot.resource.clone(),
        starts_at: slot.starts_at,
        state: BookingState::Scheduled,
        cancellations: 0,
        revision: 0,
        ..before.clone()
    };
    note_made(work, &booking, slot.id, "daemon", rules);
    let mut data = data_about(&booking, rules);
    data.previous = Some(before.number.as_str().to_owned());
    write(LetterKind::Rebooked, case, &booking, data, rules, work);
    work.changes.book = Some(NewBooking {
        booking,
        slot: slot.id,
        follows: Some(before.id),
        waiting: None,
    });
    Some(SlotDecision::Rebooked)
}

fn join(
    case: &Case,
    facts: &BookingFacts,
    (place, against): (Option<&BookingPlace>, Against),
    rules: &Rules<'_>,
    work: &mut SlotWork,
) -> SlotDecision {
    let booking = &facts.booking;
    let mut data = data_about(booking, rules);
    against.tell(&mut data);
    write(
        LetterKind::WaitingListJoined,
        case,
        booking,
        data,
        rules,
        work,
    );
    work.changes.join = Some(Joining {
        citizen: booking.citizen.clone(),
        service_code: booking.service.code.clone(),
        organisation: booking.organisation.name.clone(),
        joined_at: place.map_or(rules.now, |place| place.since),
        exempt: barred::is_owed(booking, place),
    });
    SlotDecision::WaitingJoined
}
