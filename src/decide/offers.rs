//! Offers of free times: one person at a time, in the order of the waiting list, each with a hold.

use super::consequences::{Outcome, booking_chain};
use super::rules::{Rules, Trail};
use super::slot_work::{
    SlotLetter, SlotWork, booking_with, data_about, last_minute_with, note_made, slot_chain,
    words_of_slot,
};
use super::{
    Case, Consequences, Decision, Facts, NewBooking, OfferFacts, Restoration, SlotDecision,
    SlotFacts, turn,
};
use crate::domain::{
    Booking, BookingState, Channel, Citizen, EmailAddress, EventKind, Moment, Offer, OfferId,
    OfferState, Purpose, Reason, SlotState, WaitingId,
};
use crate::reply::{LetterData, LetterKind};
use crate::request::Intent;
use serde_json::json;

/// Gives a slot that nobody has any more to whoever stands first: a booking that waits to come
/// back, else the first fitting person of the waiting list. Where nobody stands there, or no time
/// is left to answer, it is free for everybody.
pub(super) fn pass_on(slot: &SlotFacts, actor: &str, rules: &Rules<'_>, work: &mut SlotWork) {
    if let Some((waiting, booking)) = &slot.restorer {
        if matches!(booking.state, BookingState::Cancelled(_)) && rules.now < booking.starts_at {
            bring_back(slot, *waiting, booking, actor, rules, work);
            return;
        }
        work.changes.give_up = Some(*waiting);
    }
    let Some((waiter, stands_back)) = turn::next(slot, rules) else {
        return;
    };
    let Some(words) = words_of_slot(slot, &waiter.citizen, rules) else {
        return;
    };
    let Some(expires_at) = hold_end(slot, &waiter.citizen, rules) else {
        return;
    };
    let offer = Offer {
        id: OfferId::of(slot.slot.id, waiter.id),
        slot: slot.slot.id,
        waiting: waiter.id,
        offered_at: rules.now,
        expires_at,
        state: OfferState::Open,
    };
    let data = LetterData {
        choices: vec![words],
        offer: Some(offer.id),
        answer_until: Some(expires_at),
        ..LetterData::default()
    };
    let letter = SlotLetter {
        kind: LetterKind::Offer,
        answers: None,
        booking: None,
        recipients: &waiter.citizen.emails,
        data,
    };
    work.write(letter, rules);
    let order = json!({
        "offer": offer.id.0.to_string(),
        "waiting": waiter.id,
        "priority": waiter.priority,
        "stands_back": stands_back,
        "joined_at": waiter.joined_at.micros(),
        "until": expires_at.to_rfc3339(),
    });
    let chain = slot_chain(slot.slot.id);
    work.note(chain, EventKind::SlotOffered, actor, order, rules);
    work.changes.offer = Some(offer);
}

/// The booking that waited comes back at once: its citizen has asked for it already.
fn bring_back(
    slot: &SlotFacts,
    waiting: WaitingId,
    booking: &Booking,
    actor: &str,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) {
    let Ok(after) = booking.clone().restore() else {
        return;
    };
    let letter = SlotLetter {
        kind: LetterKind::Restored,
        answers: None,
        booking: Some(&after),
        recipients: &after.citizen.emails,
        data: data_about(&after, rules),
    };
    work.write(letter, rules);
    let data = json!({ "slot": slot.slot.id, "waiting": waiting, "revision": after.revision });
    let chain = booking_chain(booking.id);
    work.note(chain, EventKind::BookingRestored, actor, data, rules);
    work.changes.restore = Some(Restoration {
        booking: booking.clone(),
        slot: slot.slot.id,
        waiting: Some(waiting),
        channel: Channel::Mail,
    });
}

/// Until when a slot is kept for one person: never past the minute in which whoever takes it could
/// still cancel it. `None` where too little time is left to answer.
fn hold_end(slot: &SlotFacts, citizen: &Citizen, rules: &Rules<'_>) -> Option<Moment> {
    let (service, _) = slot.kind.as_ref()?;
    let rule = rules.policy.waiting_list_rule(service);
    let whole = rules
        .now
        .plus_minutes(i64::from(rule.hold_minutes))
        .minute();
    let end = whole.min(last_minute_with(slot, citizen, rules));
    let shortest = rules
        .now
        .plus_minutes(i64::from(rule.shortest_hold_minutes))
        .minute();
    (end >= shortest && end < slot.slot.starts_at).then_some(end)
}

/// The offer that the letter answers, by our own token.
pub(super) fn answered<'a>(case: &Case, facts: &'a Facts) -> Option<&'a OfferFacts> {
    facts
        .slots
        .offers
        .iter()
        .find(|known| tokens(case).any(|id| id == known.offer.id))
}

/// The offers that tokens of the letter name; a token that ran out tells which offer it was.
pub(super) fn tokens(case: &Case) -> impl Iterator<Item = OfferId> + '_ {
    case.evidence
        .tokens
        .iter()
        .chain(&case.evidence.expired)
        .filter(|token| token.purpose == Purpose::Offer)
        .map(|token| OfferId(token.subject))
}

/// Whether the letter is judged as an answer to an offer: it brings the token of one and asks for
/// nothing else by number.
pub(super) fn is_answer(case: &Case, facts: &Facts) -> bool {
    let own_request = case.reading.number.is_some()
        && !matches!(
            case.reading.intent,
            Intent::Consent | Intent::Decline | Intent::None
        );
    answered(case, facts).is_some() && !own_request
}

/// «Согласен» books, «Нет» passes the time on; anything else reads a person.
pub(super) fn decide<'a>(
    case: &Case,
    sender: &EmailAddress,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let Some(known) = answered(case, facts) else {
        return Outcome::plain(Decision::Held(Reason::NoRequest));
    };
    trail.note(
        "offer",
        format!("offer {} {}", known.offer.id.0, known.offer.state.code()),
    );
    if !known.waiter.citizen.emails.contains(sender) {
        trail.note("trust", "staff");
        return Outcome::plain(Decision::Held(Reason::SenderNotProven));
    }
    trail.note("trust", "trusted");
    let in_time = case.received_at.minute() <= known.offer.expires_at;
    let wish = case.reading.intent;
    match (known.offer.state, wish) {
        (
            _,
            Intent::Restore
            | Intent::Resend
            | Intent::Rebook
            | Intent::Join
            | Intent::Status
            | Intent::Help
            | Intent::None,
        ) => Outcome::plain(Decision::Held(Reason::ConsentNotGiven)),
        // The answer that was given before stands.
        (OfferState::Accepted, Intent::Consent)
        | (
            OfferState::Declined | OfferState::Expired | OfferState::Withdrawn,
            Intent::Decline | Intent::Cancel,
        ) => Outcome::plain(Decision::Repeated),
        (OfferState::Accepted, Intent::Decline | Intent::Cancel) => {
            Outcome::plain(Decision::Held(Reason::NumberMissing))
        }
        (OfferState::Open, Intent::Consent) if in_time => accept(case, known, facts, rules, trail),
        (OfferState::Open, Intent::Decline | Intent::Cancel) => decline(case, known, rules, trail),
        (
            OfferState::Open | OfferState::Declined | OfferState::Expired | OfferState::Withdrawn,
            Intent::Consent,
        ) => gone(case, known, rules, trail),
    }
}

fn outcome<'a>(decision: SlotDecision, work: SlotWork, trail: &mut Trail) -> Outcome<'a> {
    trail.note("decision", decision.code());
    let mut outcome = Outcome::plain(Decision::Slots(decision));
    outcome.verified = true;
    outcome.work = Some(Box::new(work));
    outcome
}

fn accept<'a>(
    case: &Case,
    known: &OfferFacts,
    facts: &Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let citizen = &known.waiter.citizen;
    let fresh = facts.slots.fresh.as_ref();
    let booking = fresh
        .and_then(|fresh| booking_with(&known.slot, citizen, fresh.id, fresh.number.clone()))
        .filter(|booking| rules.now < booking.starts_at);
    let Some(booking) = booking else {
        return gone(case, known, rules, trail);
    };
    let mut work = SlotWork::default();
    end(
        known,
        OfferState::Accepted,
        EventKind::OfferAccepted,
        rules,
        &mut work,
    );
    note_made(&mut work, &booking, known.offer.slot, "daemon", rules);
    let letter = SlotLetter {
        kind: LetterKind::OfferAccepted,
        answers: Some(case),
        booking: Some(&booking),
        recipients: &citizen.emails,
        data: data_about(&booking, rules),
    };
    work.write(letter, rules);
    if let Some((waiting, restorer)) = &known.slot.restorer {
        disappoint(*waiting, restorer, rules, &mut work);
    }
    work.changes.book = Some(NewBooking {
        booking,
        slot: known.offer.slot,
        follows: None,
        waiting: Some(known.waiter.id),
    });
    outcome(SlotDecision::OfferAccepted, work, trail)
}

/// Whoever waited for the end of the hold hears that the time is somebody's now.
fn disappoint(waiting: WaitingId, booking: &Booking, rules: &Rules<'_>, work: &mut SlotWork) {
    let letter = SlotLetter {
        kind: LetterKind::RestoreSlotGone,
        answers: None,
        booking: Some(booking),
        recipients: &booking.citizen.emails,
        data: data_about(booking, rules),
    };
    work.write(letter, rules);
    let chain = booking_chain(booking.id);
    let data = json!({ "waiting": waiting });
    work.note(chain, EventKind::RestorationRefused, "daemon", data, rules);
    work.changes.give_up = Some(waiting);
}

fn decline<'a>(
    case: &Case,
    known: &OfferFacts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let mut work = SlotWork::default();
    end(
        known,
        OfferState::Declined,
        EventKind::OfferDeclined,
        rules,
        &mut work,
    );
    write_about(
        LetterKind::OfferDeclined,
        Some(case),
        known,
        rules,
        &mut work,
    );
    pass_on(&known.slot, "daemon", rules, &mut work);
    outcome(SlotDecision::OfferDeclined, work, trail)
}

fn gone<'a>(case: &Case, known: &OfferFacts, rules: &Rules<'_>, trail: &mut Trail) -> Outcome<'a> {
    let mut work = SlotWork::default();
    write_about(LetterKind::OfferGone, Some(case), known, rules, &mut work);
    outcome(SlotDecision::OfferGone, work, trail)
}

/// Notes that an offer ended so.
fn end(
    known: &OfferFacts,
    state: OfferState,
    kind: EventKind,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) {
    work.changes.end_offer = Some((known.offer.id, state));
    let data = json!({ "offer": known.offer.id.0.to_string(), "waiting": known.waiter.id });
    let chain = slot_chain(known.offer.slot);
    work.note(chain, kind, "daemon", data, rules);
}

fn write_about(
    kind: LetterKind,
    answers: Option<&Case>,
    known: &OfferFacts,
    rules: &Rules<'_>,
    work: &mut SlotWork,
) {
    let citizen = &known.waiter.citizen;
    let data = LetterData {
        choices: words_of_slot(&known.slot, citizen, rules)
            .into_iter()
            .collect(),
        ..LetterData::default()
    };
    let letter = SlotLetter {
        kind,
        answers,
        booking: None,
        recipients: &citizen.emails,
        data,
    };
    work.write(letter, rules);
}

/// What is due about a slot: an offer that ran out before `read_until` passes on, a free slot goes
/// to whoever waits. All letters received until `read_until` were decided before. `None` where
/// nothing is due.
pub fn due(
    slot: &SlotFacts,
    read_until: Moment,
    rules: &Rules<'_>,
) -> Option<(Decision, Consequences)> {
    let mut work = SlotWork::default();
    let decision = match &slot.offer {
        Some((offer, waiter)) => {
            // The whole printed minute counts.
            if read_until.minute() <= offer.expires_at {
                return None;
            }
            let known = OfferFacts {
                offer: offer.clone(),
                waiter: waiter.clone(),
                slot: slot.clone(),
            };
            end(
                &known,
                OfferState::Expired,
                EventKind::OfferExpired,
                rules,
                &mut work,
            );
            write_about(LetterKind::OfferGone, None, &known, rules, &mut work);
            SlotDecision::OfferExpired
        }
        None if slot.slot.state == SlotState::Free => SlotDecision::Offered,
        None => return None,
    };
    pass_on(slot, "daemon", rules, &mut work);
    if work == SlotWork::default() {
        return None;
    }
    let mut consequences = Consequences::nothing();
    work.add_to(&mut consequences);
    Some((Decision::Slots(decision), consequences))
}
