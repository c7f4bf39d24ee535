//! The rules of restoring and of new times, each with its sentence.

use super::samples::{NOW, booking, facts_of, judge, office, unverified};
use super::slot_samples::{asks, cancelled, place, slot, slot_facts, waiter, with_rules};
use super::{
    BookingPlace, Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts, OperatorAct,
    SlotDecision, TypedFor, decide, due, restore_by_operator,
};
use crate::domain::{
    Booking, Channel, EmailAddress, LetterId, Moment, Purpose, Reason, SlotState, Token, WaitingId,
};
use crate::reply::LetterKind;
use crate::request::Intent;

fn free_place() -> BookingPlace {
    place(Some(slot_facts(SlotState::Free, None)))
}

fn code_of(booking: &Booking) -> String {
    let secrets = office().secrets;
    secrets.restoration_code(booking.id, booking.cancellations)
}

/// A letter with the right code.
fn with_code(place: BookingPlace) -> (Case, Facts) {
    let booking = cancelled(Channel::Mail);
    let (mut case, facts) = asks(Intent::Restore, booking.clone(), place);
    case.reading.code = Some(code_of(&booking));
    (case, facts)
}

fn code(case: &Case, facts: &Facts) -> &'static str {
    judge(case, facts).decision.code()
}

/// "A reply with the code restores at once for a trusted sender"; "the code replaces the challenge,
/// not the sender check": it counts from an address on file and from no other.
#[test]
fn the_code_restores_at_once_from_an_address_on_file_only() {
    let (case, facts) = with_code(free_place());
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision, Decision::Slots(SlotDecision::Restored));
    let restored = judged.consequences.slots.restore.unwrap();
    assert_eq!(restored.booking.id, booking().id);
    assert_eq!(judged.consequences.letters[0].kind, LetterKind::Restored);
    assert_eq!(
        judged.consequences.events[0].kind.code(),
        "booking_restored"
    );
    assert_eq!(code(&unverified(case.clone()), &facts), "restored");
    let mut stranger = case;
    stranger.sender = EmailAddress::parse("stranger@example.net");
    let judged = judge(&stranger, &facts);
    assert_eq!(judged.decision, Decision::Held(Reason::SenderNotProven));
    assert_eq!(judged.consequences.slots.restore, None);
}

/// The code alone, in the thread of the confirmation.
#[test]
fn nothing_but_the_code_restores_too() {
    let (mut case, mut facts) = with_code(free_place());
    case.reading.intent = Intent::Consent;
    case.reading.number = None;
    facts.by_token = facts.named.take().into_iter().collect();
    assert_eq!(code(&case, &facts), "restored");
    case.reading.code = Some("000000".to_owned());
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodeWrong)
    );
}

/// "Without it a code is sent to the address on file" — also to a sender who is trusted.
#[test]
fn without_the_code_the_address_on_file_is_asked() {
    let (case, facts) = asks(Intent::Restore, cancelled(Channel::Mail), free_place());
    for case in [case.clone(), unverified(case)] {
        let judged = judge(&case, &facts);
        assert_eq!(
            judged.decision,
            Decision::Slots(SlotDecision::RestoreConfirm)
        );
        let challenge = judged.consequences.open_challenge.unwrap();
        assert_eq!(challenge.purpose, ChallengePurpose::Restore);
        assert_eq!(judged.consequences.slots.restore, None);
        let letter = &judged.consequences.letters[0];
        assert_eq!(letter.kind, LetterKind::RestoreConfirm);
        assert_eq!(letter.data.code, Some(office().secrets.code(challenge.id)));
    }
}

/// "A wrong code counts against the sender's tries"; when these are spent, the right one is late.
#[test]
fn wrong_codes_are_counted_and_few() {
    let (mut case, facts) = with_code(free_place());
    let right = case.reading.code.replace("000000".to_owned());
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision, Decision::Held(Reason::CodeWrong));
    let counted = judged.consequences.slots.wrong_code.unwrap();
    assert_eq!((counted.booking, counted.cancellation), (booking().id, 1));
    let mut spent = free_place();
    spent.wrong_codes = 5;
    let (_, facts) = with_code(spent);
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodesSpent)
    );
    case.reading.code = right;
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodesSpent)
    );
}

/// "Within 30 days of cancelling and before the appointment", by the receipt of the letter.
#[test]
fn thirty_days_and_the_start_of_the_appointment_end_it() {
    let mut late = cancelled(Channel::Mail);
    late.starts_at = NOW.plus_hours(24 * 60);
    let end = NOW.plus_hours(-1).plus_hours(24 * 30).minute();
    for (received_at, expected) in [
        (end.plus_seconds(59), "restored"),
        (end.plus_seconds(60), "restore_too_late"),
    ] {
        let (mut case, facts) = asks(Intent::Restore, late.clone(), free_place());
        case.reading.code = Some(code_of(&late));
        case.received_at = received_at;
        let judged = with_rules(received_at, |rules| decide(&case, &facts, rules));
        assert_eq!(judged.decision.code(), expected);
    }
    let (mut case, facts) = with_code(free_place());
    case.received_at = booking().starts_at;
    let judged = with_rules(case.received_at, |rules| decide(&case, &facts, rules));
    assert_eq!(judged.decision.code(), "restore_too_late");
    assert_eq!(
        judged.consequences.letters[0].kind,
        LetterKind::RestoreTooLate
    );
}

/// "Slot still free: scheduled again. A slot on offer is taken, and the restorer stands first. Slot
/// gone: the nearest free times."
#[test]
fn the_slot_decides_what_can_be_done() {
    let until = NOW.plus_hours(1);
    let other = crate::domain::BookingId(99);
    for (state, expected) in [
        (Some(SlotState::Free), "restored"),
        (Some(SlotState::Held { until }), "restore_slot_on_offer"),
        (
            Some(SlotState::Booked { booking: other }),
            "restore_slot_gone",
        ),
        (Some(SlotState::Closed), "restore_slot_gone"),
        (None, "restore_slot_gone"),
    ] {
        let mut place = place(state.map(|state| slot_facts(state, None)));
        place.nearest = vec![slot(SlotState::Free)];
        let (case, facts) = with_code(place);
        let judged = judge(&case, &facts);
        assert_eq!(judged.decision.code(), expected);
        let slots = &judged.consequences.slots;
        assert_eq!(slots.restore.is_some(), expected == "restored");
        assert_eq!(
            slots.await_hold.is_some(),
            expected == "restore_slot_on_offer"
        );
        let choices = judged.consequences.letters[0].data.choices.len();
        assert_eq!(choices, usize::from(expected == "restore_slot_gone"));
    }
}

/// "The restorer stands first when the hold ends."
#[test]
fn whoever_wants_to_come_back_stands_before_the_waiting_list() {
    let mut slot = slot_facts(SlotState::Free, Some(waiter(2, "petr@example.org")));
    slot.restorer = Some((WaitingId(9), cancelled(Channel::Mail)));
    let (_, caused) = with_rules(NOW, |rules| due(&slot, NOW, rules)).unwrap();
    assert_eq!(caused.slots.offer, None);
    assert_eq!(caused.slots.restore.unwrap().waiting, Some(WaitingId(9)));
    assert_eq!(caused.letters[0].kind, LetterKind::Restored);
    // Restored meanwhile by another way: the list goes on.
    slot.restorer = Some((WaitingId(9), booking()));
    let (_, caused) = with_rules(NOW, |rules| due(&slot, NOW, rules)).unwrap();
    assert_eq!(caused.slots.offer.unwrap().waiting, WaitingId(2));
    assert_eq!(caused.slots.give_up, Some(WaitingId(9)));
}

/// "A replayed genuine letter must not restore or cancel a second time after a restoration."
#[test]
fn a_signed_letter_acts_once() {
    let (case, mut facts) = with_code(free_place());
    facts.replay_of = vec![(booking().id, LetterId(3))];
    let judged = judge(&case, &facts);
    assert_eq!(judged.decision, Decision::Repeated);
    assert_eq!(judged.consequences.slots, super::SlotChanges::default());
    assert!(judged.consequences.letters.is_empty());
    let (cancels, mut facts) = asks(Intent::Cancel, booking(), free_place());
    facts.replay_of = vec![(booking().id, LetterId(3))];
    assert_eq!(judge(&cancels, &facts).decision, Decision::Repeated);
}

/// The code of one cancellation is worth nothing for the next.
#[test]
fn an_old_code_does_not_take_back_a_later_cancellation() {
    let first = cancelled(Channel::Mail);
    let again = first.clone().restore().unwrap();
    let crate::domain::BookingState::Cancelled(cancellation) = &first.state else {
        panic!("not cancelled");
    };
    let second = again.cancel(cancellation.clone()).unwrap();
    let (mut case, facts) = asks(Intent::Restore, second, free_place());
    case.reading.code = Some(code_of(&first));
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodeWrong)
    );
}

fn asked(purpose: ChallengePurpose, wished_at: Option<Moment>) -> Challenge {
    Challenge {
        purpose,
        wished_at,
        ..super::samples::challenge()
    }
}

/// The answer to a question about restoring or a new time, by the token of its letter.
fn consents(intent: Intent, challenge: Challenge, place: BookingPlace) -> (Case, Facts) {
    let (mut case, mut facts) = asks(intent, cancelled(Channel::Mail), place);
    case = unverified(case);
    case.reading.number = None;
    case.evidence.tokens = vec![Token {
        purpose: Purpose::Challenge,
        subject: challenge.id.0,
        expires_at: challenge.expires_at,
    }];
    facts.challenges = facts
        .named
        .take()
        .map(|f| (challenge, f))
        .into_iter()
        .collect();
    (case, facts)
}

/// «ДА» does what was asked and nothing else; «Отмените» is no consent to restoring.
#[test]
fn consent_does_what_the_question_asked() {
    let question = asked(ChallengePurpose::Restore, None);
    for (intent, expected) in [
        (Intent::Consent, "restored"),
        (Intent::Restore, "restored"),
        (Intent::Cancel, "held"),
        (Intent::Decline, "held"),
    ] {
        let (case, facts) = consents(intent, question.clone(), free_place());
        assert_eq!(code(&case, &facts), expected, "{intent:?}");
    }
    let (case, facts) = consents(Intent::Consent, question.clone(), free_place());
    let closed = judge(&case, &facts).consequences.close_challenge.unwrap();
    assert_eq!(closed, (question.id, ChallengeState::Confirmed));
    let spent = Challenge {
        state: ChallengeState::Confirmed,
        ..question
    };
    let (case, facts) = consents(Intent::Consent, spent, free_place());
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::ChallengeSpent)
    );
    let mut wished = place(None);
    wished.wished = Some(slot(SlotState::Free));
    let question = asked(ChallengePurpose::Rebook, Some(NOW.plus_hours(50)));
    let (case, facts) = consents(Intent::Consent, question, wished);
    assert_eq!(code(&case, &facts), "rebooked");
    let question = asked(ChallengePurpose::Join, None);
    let (case, facts) = consents(Intent::Consent, question, place(None));
    assert_eq!(code(&case, &facts), "waiting_list_joined");
}

/// The code of the question counts in a letter of its own, too.
#[test]
fn the_code_of_the_question_restores() {
    let question = asked(ChallengePurpose::Restore, None);
    for intent in [Intent::Consent, Intent::Restore] {
        let (mut case, mut facts) = asks(intent, cancelled(Channel::Mail), free_place());
        case = unverified(case);
        case.reading.code = Some(office().secrets.code(question.id));
        facts.senders_challenges = vec![TypedFor {
            challenge: question.clone(),
            booking: facts_of(cancelled(Channel::Mail)),
            wrong: 0,
        }];
        assert_eq!(code(&case, &facts), "restored", "{intent:?}");
    }
}

/// "Staff cancel or restore on the citizen's behalf: same core", without a code.
#[test]
fn an_operator_restores_by_the_same_rules() {
    let act = OperatorAct {
        channel: Channel::Phone,
        words: None,
    };
    let booked = cancelled(Channel::Mail);
    let restored = with_rules(NOW, |rules| {
        restore_by_operator(&booked, Some(&free_place()), &act, rules)
    });
    let (decision, caused) = restored.unwrap();
    assert_eq!(decision, Decision::Slots(SlotDecision::Restored));
    assert_eq!(caused.slots.restore.unwrap().channel, Channel::Phone);
    assert_eq!(caused.events[0].actor, "operator");
    let late = NOW.plus_hours(24 * 31);
    for (booked, now) in [(booking(), NOW), (cancelled(Channel::Mail), late)] {
        let refused = with_rules(now, |rules| {
            restore_by_operator(&booked, Some(&free_place()), &act, rules)
        });
        assert!(refused.is_err());
    }
}
