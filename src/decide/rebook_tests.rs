//! The rules of new times, each with its sentence.

use super::samples::{NOW, booking, judge, judge_by, unverified};
use super::slot_samples::{asks, cancelled, place, slot};
use super::{Case, ChallengePurpose, Decision, Facts, SlotDecision};
use crate::domain::{
    Channel, EmailAddress, Folder, LetterId, Policy, Reason, Sanction, SanctionKind, SanctionState,
    SlotState,
};
use crate::read::Attachment;
use crate::reply::LetterKind;
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

/// A sanction of this kind, in force for a day more.
fn in_force(kind: SanctionKind) -> Sanction {
    Sanction {
        id: 1,
        booking: booking().id,
        service_code: booking().service.code,
        document: "1/1".to_owned(),
        kind,
        amount: 14,
        state: SanctionState::Imposed,
        policy: "v".to_owned(),
        proposed_at: NOW,
        decided_at: Some(NOW),
        until: Some(NOW.plus_hours(24)),
    }
}

fn sanctioning() -> Policy {
    let mut policy = Policy::default();
    policy.sanctions.enabled = true;
    policy
}

/// «Самостоятельная запись закрыта», «новая запись на эту же услугу закрыта»: no new time by mail,
/// and the letter says which, until when; the waiting list stays open. What the organisation
/// cancelled is made good.
#[test]
fn a_sanction_keeps_from_a_new_time_but_not_from_the_list() {
    let policy = sanctioning();
    for (kind, barred) in [
        (SanctionKind::SelfBooking, true),
        (SanctionKind::SameService, true),
        (SanctionKind::Fine, false),
        (SanctionKind::WaitingList, false),
    ] {
        let (case, mut facts) = rebooks(Channel::Mail);
        facts.named.as_mut().unwrap().late.sanctions = vec![in_force(kind)];
        let judged = judge_by(&policy, NOW, &case, &facts);
        let expected = if barred { "rebook_barred" } else { "rebooked" };
        assert_eq!(judged.decision.code(), expected, "{kind:?}");
        if barred {
            assert_eq!(judged.consequences.slots.book, None);
            let letter = judged.consequences.letters[0].data.late.clone().unwrap();
            assert_eq!(letter.against[0].kind, kind);
            assert_eq!(letter.against[0].until, Some(NOW.plus_hours(24)));
            assert_eq!((letter.moves, letter.moves_until), (0, None));
        }
        let later = NOW.plus_hours(25);
        let judged = judge_by(&policy, later, &case, &facts);
        assert_eq!(judged.decision.code(), "rebooked", "it has run out");
        let off = judge(&case, &facts);
        assert_eq!(off.decision.code(), "rebooked", "there are none");
        let mut joins = case;
        joins.reading.intent = Intent::Join;
        let judged = judge_by(&policy, NOW, &joins, &facts);
        assert_eq!(judged.decision.code(), "waiting_list_joined");
        let told = judged.consequences.letters[0].data.late.clone().unwrap();
        assert_eq!(told.against.len(), usize::from(barred), "and hears of it");
        assert!(!judged.consequences.slots.join.unwrap().exempt);
        let (case, mut facts) = rebooks(Channel::Organisation);
        facts.named.as_mut().unwrap().late.sanctions = vec![in_force(kind)];
        let judged = judge_by(&policy, NOW, &case, &facts);
        assert_eq!(judged.decision.code(), "rebooked", "by the organisation");
        facts.slots.places[0].wished = None;
        let judged = judge_by(&policy, NOW, &case, &facts);
        let joined = judged.consequences.slots.join.unwrap();
        assert!(joined.exempt, "and made good in the list, too");
    }
}

/// «Не больше трёх переносов в месяц.»
#[test]
fn the_fourth_move_within_thirty_days_is_a_persons_business() {
    let policy = sanctioning();
    let days_ago = |days: i64| NOW.plus_hours(-24 * days);
    for (moves, expected, until) in [
        (&[20, 10][..], "rebooked", None),
        (&[20, 10, 5], "rebook_barred", Some(10)),
        (&[20, 10, 5, 1], "rebook_barred", Some(20)),
    ] {
        let (case, mut facts) = rebooks(Channel::Mail);
        facts.slots.places[0].moved = moves.iter().copied().map(days_ago).collect();
        let judged = judge_by(&policy, NOW, &case, &facts);
        assert_eq!(judged.decision.code(), expected, "{moves:?}");
        let told = judged.consequences.letters[0].data.late.clone().unwrap();
        let until = until.map(|days| NOW.plus_hours(24 * days));
        assert_eq!(told.moves_until, until);
        let any_number = judge(&case, &facts);
        assert_eq!(any_number.decision.code(), "rebooked", "no sanctions");
        facts.slots.places[0].came_back_in_vain = true;
        let owed = judge_by(&policy, NOW, &case, &facts);
        assert_eq!(owed.decision.code(), "rebooked", "instead of the old time");
    }
}

/// "Documents attached are passed to staff": the wish is met, and the letter lies with them.
#[test]
fn documents_for_the_new_appointment_go_to_staff() {
    let (mut case, facts) = rebooks(Channel::Organisation);
    case.attachments.push(Attachment {
        name: Some("napravlenie.pdf".to_owned()),
        media_type: "application/pdf".to_owned(),
        size: 40_000,
        sha256: None,
    });
    let judged = judge(&case, &facts);
    let rebooked = Decision::SlotsWithDocuments(SlotDecision::Rebooked);
    assert_eq!(judged.decision, rebooked);
    let caused = judged.consequences;
    assert!(caused.slots.book.is_some());
    assert_eq!(caused.letters[0].kind, LetterKind::Rebooked);
    assert_eq!(caused.filing.to, Folder::DeadLetter);
    assert_eq!(caused.late.documents.len(), 1);
    let reason = caused.filing.note.map(|note| note.reason);
    assert_eq!(reason, Some(Reason::DocumentsEnclosed));
}

/// "One signed body and Date acts once per booking."
#[test]
fn a_signed_wish_is_met_once() {
    let (rebooks, mut facts) = rebooks(Channel::Organisation);
    facts.replay_of = vec![(booking().id, LetterId(3))];
    assert_eq!(judge(&rebooks, &facts).decision, Decision::Repeated);
}
