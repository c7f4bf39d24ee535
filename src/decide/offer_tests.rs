//! The rules of the waiting list, each with its sentence.

use super::samples::{NOW, booking, judge};
use super::slot_samples::{answer, asks, offered, place, slot_facts, waiter, with_rules};
use super::{Decision, OperatorAct, SlotDecision, cancel_by_operator, due};
use crate::domain::{Channel, EmailAddress, OfferState, Reason, SlotState, WaitingId};
use crate::reply::LetterKind;
use crate::request::Intent;

fn held() -> SlotState {
    SlotState::Booked {
        booking: booking().id,
    }
}

/// "Cancelling frees the slot and offers it, in the same transaction, to the first fitting person,
/// by letter, with a hold of two hours."
#[test]
fn cancelling_offers_the_time_to_whoever_is_first() {
    let slot = slot_facts(held(), Some(waiter(1, "olga@example.org")));
    let (case, facts) = asks(Intent::Cancel, booking(), place(Some(slot)));
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision, Decision::Cancelled);
    let offer = judged.consequences.slots.offer.unwrap();
    assert_eq!(offer.waiting, WaitingId(1));
    assert_eq!(offer.expires_at, NOW.plus_hours(2));
    let kinds: Vec<LetterKind> = judged.consequences.letters.iter().map(|l| l.kind).collect();
    assert_eq!(kinds, [LetterKind::Cancelled, LetterKind::Offer]);
    let letter = judged.consequences.letters.last().unwrap();
    assert_eq!(letter.recipient.as_str(), "olga@example.org");
    assert_eq!(letter.answers, None, "no thread with a stranger's letter");
    let events: Vec<&str> = judged
        .consequences
        .events
        .iter()
        .map(|e| e.kind.code())
        .collect();
    assert_eq!(events, ["booking_cancelled", "slot_offered"]);
}

/// "When nobody waits, the slot is free for others at once."
#[test]
fn where_nobody_waits_the_time_is_free() {
    let (case, facts) = asks(
        Intent::Cancel,
        booking(),
        place(Some(slot_facts(held(), None))),
    );
    let judged = judge(&case, &facts);
    assert_eq!(judged.consequences.slots, super::SlotChanges::default());
    assert_eq!(judged.consequences.letters.len(), 1);
}

/// "The hold never lasts past the slot's own notice deadline"; where too little of it is left,
/// nobody is offered anything.
#[test]
fn the_hold_ends_with_the_notice() {
    let slot = slot_facts(SlotState::Free, Some(waiter(1, "olga@example.org")));
    let start = slot.slot.starts_at;
    for (now, expected) in [
        (start.plus_hours(-30), Some(start.plus_hours(-28))),
        (start.plus_hours(-25), Some(start.plus_hours(-24))),
        (
            start.plus_hours(-24).plus_minutes(-15),
            Some(start.plus_hours(-24)),
        ),
        (start.plus_hours(-24).plus_minutes(-14), None),
        (start.plus_hours(-1), None),
        (start, None),
    ] {
        let caused = with_rules(now, |rules| due(&slot, now, rules));
        let until = caused
            .and_then(|(_, caused)| caused.slots.offer)
            .map(|o| o.expires_at);
        assert_eq!(until, expected, "{}", now.to_rfc3339());
    }
}

/// "A reply («Согласен», with the token) books it" — from the one address that it was sent to.
#[test]
fn agreement_books_for_the_one_to_whom_it_was_offered() {
    let (case, facts) = answer(Intent::Consent, offered(OfferState::Open, None));
    let judged = judge(&case, &facts);
    assert_eq!(
        judged.decision,
        Decision::Slots(SlotDecision::OfferAccepted)
    );
    let made = judged.consequences.slots.book.unwrap();
    assert_eq!(made.booking.number.as_str(), "90000008");
    assert_eq!(made.booking.citizen.emails[0].as_str(), "olga@example.org");
    assert_eq!(made.waiting, Some(WaitingId(1)));
    assert_eq!(
        judged.consequences.letters[0].kind,
        LetterKind::OfferAccepted
    );

    let (mut other, facts) = answer(Intent::Consent, offered(OfferState::Open, None));
    other.sender = EmailAddress::parse("maria@example.org");
    let judged = judge(&other, &facts);
    assert_eq!(judged.decision, Decision::Held(Reason::SenderNotProven));
    assert_eq!(judged.consequences.slots, super::SlotChanges::default());
}

/// "Everything received within the printed minute counts"; later the time is gone.
#[test]
fn the_whole_printed_minute_counts() {
    let end = NOW.plus_hours(2);
    for (received_at, expected) in [
        (end.plus_seconds(59), SlotDecision::OfferAccepted),
        (end.plus_seconds(60), SlotDecision::OfferGone),
    ] {
        let (mut case, facts) = answer(Intent::Consent, offered(OfferState::Open, None));
        case.received_at = received_at;
        assert_eq!(judge(&case, &facts).decision, Decision::Slots(expected));
    }
    let mut slot = slot_facts(SlotState::Held { until: end }, None);
    let known = offered(OfferState::Open, None);
    slot.offer = Some((known.offer, known.waiter));
    for (read_until, passes) in [(end.plus_seconds(59), false), (end.plus_seconds(60), true)] {
        let caused = with_rules(read_until, |rules| due(&slot, read_until, rules));
        assert_eq!(caused.is_some(), passes);
    }
}

/// "A refusal or the end of the hold passes it on."
#[test]
fn a_refusal_and_the_end_of_the_hold_pass_the_time_on() {
    let second = waiter(2, "petr@example.org");
    for intent in [Intent::Decline, Intent::Cancel] {
        let (case, facts) = answer(intent, offered(OfferState::Open, Some(second.clone())));
        let judged = judge(&case, &facts);
        assert_eq!(
            judged.decision,
            Decision::Slots(SlotDecision::OfferDeclined)
        );
        let slots = judged.consequences.slots;
        assert_eq!(slots.end_offer.unwrap().1, OfferState::Declined);
        assert_eq!(slots.offer.unwrap().waiting, WaitingId(2));
    }
    let known = offered(OfferState::Open, Some(second));
    let mut slot = known.slot.clone();
    slot.offer = Some((known.offer, known.waiter));
    let later = NOW.plus_hours(3);
    let (decision, caused) = with_rules(later, |rules| due(&slot, later, rules)).unwrap();
    assert_eq!(decision, Decision::Slots(SlotDecision::OfferExpired));
    assert_eq!(caused.slots.end_offer.unwrap().1, OfferState::Expired);
    assert_eq!(caused.slots.offer.unwrap().waiting, WaitingId(2));
    let kinds: Vec<LetterKind> = caused.letters.iter().map(|l| l.kind).collect();
    assert_eq!(kinds, [LetterKind::OfferGone, LetterKind::Offer]);
}

/// Each answer to an offer in each of its states.
#[test]
fn every_answer_to_every_offer_has_its_decision() {
    use OfferState::{Accepted, Declined, Expired, Open, Withdrawn};
    for (state, intent, expected) in [
        (Open, Intent::Consent, "offer_accepted"),
        (Open, Intent::Decline, "offer_declined"),
        (Open, Intent::None, "held"),
        (Accepted, Intent::Consent, "repeated"),
        (Accepted, Intent::Decline, "held"),
        (Declined, Intent::Consent, "offer_gone"),
        (Declined, Intent::Decline, "repeated"),
        (Expired, Intent::Consent, "offer_gone"),
        (Expired, Intent::Decline, "repeated"),
        (Withdrawn, Intent::Consent, "offer_gone"),
    ] {
        let (case, facts) = answer(intent, offered(state, None));
        let judged = judge(&case, &facts);
        assert_eq!(judged.decision.code(), expected, "{state:?} {intent:?}");
        let booked = judged.consequences.slots.book.is_some();
        assert_eq!(booked, expected == "offer_accepted");
    }
}

/// A request about a booking of one's own stays one, whatever letter it replies to.
#[test]
fn a_numbered_request_in_the_thread_of_an_offer_is_a_request() {
    let (mut case, mut facts) = answer(Intent::Cancel, offered(OfferState::Open, None));
    case.reading.number = Some(booking().number);
    facts.named = Some(super::samples::facts_of(booking()));
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::SenderNotProven)
    );
}

/// "A cancellation by the organisation": its time is nobody's any more, and nobody is offered it.
#[test]
fn what_the_organisation_cancels_is_offered_to_nobody() {
    let slot = slot_facts(held(), Some(waiter(1, "olga@example.org")));
    let place = place(Some(slot));
    for (channel, offers, kind) in [
        (
            Channel::Organisation,
            false,
            LetterKind::CancelledByOrganisation,
        ),
        (Channel::Phone, true, LetterKind::Cancelled),
        (Channel::Visit, true, LetterKind::Cancelled),
    ] {
        let act = OperatorAct {
            channel,
            words: Some("врач заболел".to_owned()),
        };
        let (decision, caused) = with_rules(NOW, |rules| {
            cancel_by_operator(&booking(), Some(&place), &act, rules)
        })
        .unwrap();
        assert_eq!(decision, Decision::Cancelled);
        assert_eq!(caused.slots.offer.is_some(), offers, "{channel:?}");
        assert_eq!(caused.slots.close, !offers);
        assert_eq!(caused.letters[0].kind, kind);
        assert_eq!(caused.letters[0].data.restore_code.is_some(), offers);
        assert_eq!(caused.cancel.unwrap().1.channel, channel);
    }
}
