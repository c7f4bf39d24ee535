//! Decisions as table tests: the case and the facts in, the decision out.

use super::samples::{NOW, booking, case, challenge, consent, facts, facts_of, judge, unverified};
use super::{ChallengeState, Decision, EarlierLetter, Facts};
use crate::domain::{
    BookingId, BookingNumber, Cancellation, ChallengeId, Channel, EmailAddress, Folder, LetterId,
    LetterState, MessageId, Reason,
};
use crate::read::AutomaticSign;
use crate::reply::LetterKind;
use crate::request::{Intent, RequestReading};

#[test]
fn a_trusted_request_in_time_cancels_and_is_answered_with_a_document() {
    let judgement = judge(&case(), &facts());
    assert_eq!(judgement.decision, Decision::Cancelled);
    let effects = judgement.consequences;
    assert_eq!(effects.cancel.unwrap().1.document, "12345/1");
    assert_eq!(effects.filing.to, Folder::Processed);
    let [letter] = effects.letters.as_slice() else {
        panic!("one answer")
    };
    assert_eq!(letter.kind, LetterKind::Cancelled);
    assert_eq!(letter.data.document.as_deref(), Some("12345/1"));
    assert_eq!(
        letter.thread,
        vec![MessageId::parse("1@example.org").unwrap()]
    );
    assert!(
        letter
            .reply_to
            .as_ref()
            .unwrap()
            .as_str()
            .starts_with("cancel+")
    );
}

#[test]
fn deciding_twice_gives_the_same() {
    assert_eq!(judge(&case(), &facts()), judge(&case(), &facts()));
}

#[test]
fn the_gates_stand_in_their_fixed_order() {
    let judgement = judge(&case(), &facts());
    let order: Vec<_> = judgement.gates.iter().map(|gate| gate.gate).collect();
    let expected = [
        "own_letter",
        "bounce",
        "automatic",
        "known",
        "readable",
        "sender",
        "request",
        "booking",
        "trust",
        "details",
    ];
    assert_eq!(order.get(..expected.len()).unwrap(), expected);
}

#[test]
fn our_own_letter_is_filed_before_anything_else_is_asked() {
    let mut case = case();
    case.is_ours = true;
    case.automatic = Some(AutomaticSign::NullSender);
    let judgement = judge(&case, &facts());
    assert_eq!(judgement.decision, Decision::OwnLetter);
    assert!(judgement.consequences.letters.is_empty());
    assert_eq!(judgement.consequences.filing.to, Folder::Automatic);
}

#[test]
fn an_automatic_letter_never_has_an_effect_nor_an_answer() {
    for (sign, expected) in [
        (
            AutomaticSign::AutoSubmitted,
            Decision::Held(Reason::AutomaticRequest),
        ),
        (AutomaticSign::NullSender, Decision::Automatic),
        (AutomaticSign::Report, Decision::Automatic),
    ] {
        let mut case = case();
        case.automatic = Some(sign);
        let judgement = judge(&case, &facts());
        assert_eq!(judgement.decision, expected);
        assert!(judgement.consequences.letters.is_empty());
        assert!(judgement.consequences.cancel.is_none());
    }
}

#[test]
fn an_unverified_request_asks_the_address_on_file() {
    let judgement = judge(&unverified(case()), &facts());
    assert_eq!(judgement.decision, Decision::ConfirmFirst);
    let challenge = judgement.consequences.open_challenge.unwrap();
    assert_eq!(challenge.received_at, NOW);
    assert_eq!(challenge.expires_at, NOW.plus_hours(48));
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one letter")
    };
    assert_eq!(letter.recipient.as_str(), "maria@example.org");
    assert_eq!(letter.data.masked_sender.as_deref(), Some("m…@….org"));
    assert_eq!(letter.data.reason, None);
    assert!(judgement.consequences.cancel.is_none());
}

#[test]
fn a_challenge_ends_at_the_appointment_at_the_latest() {
    let mut facts = facts();
    if let Some(named) = &mut facts.named {
        named.booking.starts_at = NOW.plus_hours(30);
    }
    let challenge = judge(&unverified(case()), &facts)
        .consequences
        .open_challenge
        .unwrap();
    assert_eq!(challenge.expires_at, NOW.plus_hours(30));
}

#[test]
fn one_challenge_at_a_time_and_three_a_day() {
    let mut facts = facts();
    let named = facts.named.as_mut().unwrap();
    named.open_challenge = Some(challenge());
    assert_eq!(
        judge(&unverified(case()), &facts).decision,
        Decision::ConfirmationAwaited
    );
    let named = facts.named.as_mut().unwrap();
    named.open_challenge = None;
    named.recent_challenges = vec![NOW; 3];
    assert_eq!(
        judge(&unverified(case()), &facts).decision,
        Decision::Held(Reason::ChallengesSpent)
    );
}

#[test]
fn consent_cancels_judged_by_the_first_letters_receipt() {
    let (case, facts) = consent();
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Cancelled);
    let effects = judgement.consequences;
    assert_eq!(
        effects.cancel.unwrap().1.received_at,
        challenge().received_at
    );
    assert_eq!(
        effects.close_challenge,
        Some((ChallengeId(99), ChallengeState::Confirmed))
    );
    assert_eq!(
        effects.letters.first().unwrap().data.reason.as_deref(),
        Some("болезнь")
    );
}

#[test]
fn consent_after_the_deadline_counts_when_the_first_letter_was_in_time() {
    let (case, mut facts) = consent();
    facts.challenges[0].1.booking.starts_at = NOW.plus_hours(1);
    assert_eq!(judge(&case, &facts).decision, Decision::Cancelled);
}

#[test]
fn consent_from_another_address_goes_to_staff() {
    let (mut case, facts) = consent();
    case.sender = EmailAddress::parse("friend@example.net");
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::SenderNotProven)
    );
}

#[test]
fn a_refusal_in_reply_to_a_challenge_goes_to_staff_and_closes_it() {
    let (mut case, facts) = consent();
    case.reading.intent = Intent::None;
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Held(Reason::ConsentNotGiven));
    assert_eq!(
        judgement.consequences.close_challenge,
        Some((ChallengeId(99), ChallengeState::Declined))
    );
}

#[test]
fn consent_with_an_expired_token_goes_to_staff() {
    let (mut case, mut facts) = consent();
    case.evidence.expired = std::mem::take(&mut case.evidence.tokens);
    facts.challenges.clear();
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::ChallengeSpent)
    );
}

#[test]
fn too_late_is_refused_and_explained() {
    let mut facts = facts();
    facts.named.as_mut().unwrap().booking.starts_at = NOW.plus_hours(23);
    let judgement = judge(&case(), &facts);
    assert_eq!(judgement.decision, Decision::RefusedTooLate);
    assert_eq!(judgement.consequences.letters.len(), 1);
    assert!(judgement.consequences.cancel.is_none());
}

#[test]
fn a_cancelled_booking_gives_the_same_confirmation_again() {
    let first = Cancellation {
        received_at: NOW.plus_hours(-5),
        cancelled_at: NOW.plus_hours(-5),
        document: "12345/1".to_owned(),
        letter: None,
        channel: Channel::Mail,
    };
    let mut facts = facts();
    let named = facts.named.as_mut().unwrap();
    named.booking = named.booking.clone().cancel(first).unwrap();
    let judgement = judge(&case(), &facts);
    assert_eq!(judgement.decision, Decision::AlreadyCancelled);
    assert!(judgement.consequences.cancel.is_none());
    let data = &judgement.consequences.letters.first().unwrap().data;
    assert_eq!(data.document.as_deref(), Some("12345/1"));
    assert_eq!(data.received_at, Some(NOW.plus_hours(-5)));
}

#[test]
fn what_no_rule_may_decide_is_held_with_its_reason() {
    let unknown = judge(&case(), &Facts::default());
    assert_eq!(unknown.decision, Decision::Held(Reason::NumberUnknown));
    let mut two = case();
    two.reading.number = None;
    two.reading.problems.push(Reason::NumberAmbiguous);
    assert_eq!(
        judge(&two, &facts()).decision,
        Decision::Held(Reason::NumberAmbiguous)
    );
    let mut nothing = case();
    nothing.reading = RequestReading::default();
    assert_eq!(
        judge(&nothing, &facts()).decision,
        Decision::Held(Reason::NoRequest)
    );
    nothing.reading.problems = vec![Reason::NoRequest, Reason::LetterTruncated];
    assert_eq!(
        judge(&nothing, &facts()).decision,
        Decision::Held(Reason::LetterTruncated)
    );
    let mut stranger = unverified(case());
    stranger.sender = EmailAddress::parse("stranger@example.net");
    let judgement = judge(&stranger, &facts());
    assert_eq!(judgement.decision, Decision::Held(Reason::SenderNotProven));
    assert!(
        judgement.consequences.letters.is_empty(),
        "a stranger hears nothing"
    );
    assert_eq!(judgement.consequences.filing.to, Folder::DeadLetter);
    assert_eq!(judgement.consequences.letter_state, LetterState::Held);
    assert!(judgement.consequences.filing.note.is_some());
}

#[test]
fn a_trusted_sender_is_told_that_we_did_not_understand() {
    let mut case = case();
    case.reading = RequestReading::default();
    let facts = Facts {
        senders_open_bookings: vec![BookingId(7)],
        ..Facts::default()
    };
    let judgement = judge(&case, &facts);
    assert_eq!(
        judgement.decision,
        Decision::NotUnderstood(Reason::NoRequest)
    );
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one answer")
    };
    assert_eq!(letter.recipient.as_str(), "maria@example.org");
}

#[test]
fn a_second_delivery_of_a_held_letter_is_not_held_twice() {
    let earlier = EarlierLetter {
        letter: LetterId(3),
        decision: "held".to_owned(),
        reason: Some(Reason::NumberUnknown),
        received_at: NOW,
    };
    let facts = Facts {
        repeat_of: Some(earlier),
        ..Facts::default()
    };
    let judgement = judge(&case(), &facts);
    assert_eq!(judgement.decision, Decision::Repeated);
    assert_eq!(judgement.consequences.filing.to, Folder::Processed);
}

#[test]
fn a_quoted_number_counts_only_through_our_token() {
    let mut case = case();
    case.reading.number = None;
    case.reading.quoted_number = BookingNumber::parse("12345");
    assert_eq!(
        judge(&case, &facts()).decision,
        Decision::Held(Reason::NumberMissing)
    );
    let by_token = Facts {
        by_token: vec![facts_of(booking())],
        ..Facts::default()
    };
    assert_eq!(judge(&case, &by_token).decision, Decision::Cancelled);
    case.reading.quoted_number = BookingNumber::parse("99999");
    assert_eq!(
        judge(&case, &by_token).decision,
        Decision::Held(Reason::NumberAmbiguous)
    );
}

#[test]
fn the_journal_holds_no_personal_data() {
    let judgement = judge(&case(), &facts());
    let text = format!("{:?}", judgement.consequences.events);
    for secret in ["Иванова", "maria", "916", "Отмена"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn once_the_appointment_has_begun_a_person_decides() {
    let mut facts = facts();
    facts.named.as_mut().unwrap().booking.starts_at = NOW;
    let judgement = judge(&case(), &facts);
    assert_eq!(judgement.decision, Decision::Held(Reason::BookingClosed));
    assert!(judgement.consequences.letters.is_empty());
}

#[test]
fn no_confirmation_is_asked_for_that_could_not_be_given_in_time() {
    let mut late = unverified(case());
    late.received_at = NOW.plus_hours(-30);
    let mut facts = facts();
    facts.named.as_mut().unwrap().booking.starts_at = NOW.plus_minutes(10);
    assert_eq!(
        judge(&late, &facts).decision,
        Decision::Held(Reason::SenderNotProven)
    );
}

#[test]
fn a_spent_challenge_cancels_nothing() {
    let (case, mut facts) = consent();
    facts.challenges[0].0.state = ChallengeState::Confirmed;
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::ChallengeSpent)
    );
}

#[test]
fn an_unreadable_letter_is_held_for_that_and_not_for_what_is_missing_in_it() {
    let mut case = case();
    case.reading = RequestReading {
        problems: vec![Reason::NumberMissing, Reason::CharsetUnreadable],
        ..RequestReading::default()
    };
    assert_eq!(
        judge(&case, &facts()).decision,
        Decision::Held(Reason::CharsetUnreadable)
    );
}

#[test]
fn a_note_tells_the_deadline_of_the_booking_that_is_only_mentioned() {
    let mut case = case();
    case.reading.intent = Intent::None;
    let judgement = judge(&case, &facts());
    assert_eq!(judgement.consequences.booking, None);
    let note = judgement.consequences.filing.note.unwrap();
    assert_eq!(note.deadline, Some(booking().starts_at.plus_hours(-24)));
}
