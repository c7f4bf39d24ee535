//! The rules of new times, each with its sentence.

use super::samples::{NOW, booking, judge, unverified};
use super::slot_samples::{asks, cancelled, place, slot};
use super::{Case, ChallengePurpose, Decision, Facts, SlotDecision};
use crate::domain::{Channel, EmailAddress, LetterId, Reason, SlotState};
use crate::request::Intent;

/// «Повторная запись №…» by the trusted sender, at a wished time that is free.
fn rebooks(channel: Channel) -> (Case, Facts) {
    let mut place = place(None);
    place.wished = Some(slot(SlotState::Free));
    asks(Intent::Rebook, cancelled(channel), place)
}

/// "The reply «Повторная запись №…» with a wished date and time books a free slot, else proposes
/// the nearest three, else the waiting list."
#[test]
fn a_new_time_is_booked_or_proposed_or_waited_for() {
    let (case, facts) = rebooks(Channel::Organisation);
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision, Decision::Slots(SlotDecision::Rebooked));
    let made = judged.consequences.slots.book.unwrap();
    assert_eq!(made.follows, Some(booking().id));
    assert_eq!(made.booking.citizen, booking().citizen);
    assert_eq!(
        judged.consequences.letters[0].data.previous.as_deref(),
        Some("12345")
    );

    let mut taken = place(None);
    taken.nearest = vec![slot(SlotState::Free)];
    let (case, facts) = asks(
        Intent::Rebook,
        cancelled(Channel::Organisation),
        taken.clone(),
    );
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision.code(), "rebook_choices");
    assert_eq!(judged.consequences.letters[0].data.choices.len(), 1);

    for (intent, place) in [(Intent::Rebook, place(None)), (Intent::Join, taken)] {
        let (case, facts) = asks(intent, cancelled(Channel::Organisation), place);
        let judged = judge(&case, &facts);
        assert_eq!(judged.decision.code(), "waiting_list_joined");
        let joined = judged.consequences.slots.join.unwrap();
        assert_eq!(
            joined.joined_at,
            NOW.plus_hours(-500),
            "with the old seniority"
        );
    }
}

/// Nobody books for somebody else: an unproven sender is asked at the address on file.
#[test]
fn a_new_time_needs_the_sender_too() {
    let (case, facts) = rebooks(Channel::Mail);
    let judged = judge(&unverified(case.clone()), &facts);
    assert_eq!(judged.decision.code(), "rebook_confirm");
    assert_eq!(judged.consequences.slots.book, None);
    let challenge = judged.consequences.open_challenge.unwrap();
    assert_eq!(challenge.purpose, ChallengePurpose::Rebook);
    let mut stranger = case;
    stranger.sender = EmailAddress::parse("stranger@example.net");
    assert_eq!(
        judge(&stranger, &facts).decision,
        Decision::Held(Reason::SenderNotProven)
    );
}

/// A booking that stands, or was replaced, is a person's business.
#[test]
fn one_cancelled_booking_gives_one_new_time() {
    let (case, mut facts) = rebooks(Channel::Mail);
    facts.slots.places[0].replaced = true;
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::NeedsPerson)
    );
    let (case, facts) = asks(Intent::Rebook, booking(), place(None));
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::NeedsPerson)
    );
}

/// "One signed body and Date acts once per booking."
#[test]
fn a_signed_wish_is_met_once() {
    let (rebooks, mut facts) = rebooks(Channel::Organisation);
    facts.replay_of = vec![(booking().id, LetterId(3))];
    assert_eq!(judge(&rebooks, &facts).decision, Decision::Repeated);
}
