//! Questions change nothing, and are answered to whom the booking belongs alone.

use super::samples::{NOW, booking, case, facts, facts_of, judge, unverified};
use super::{Case, Decision, Facts, Judgement};
use crate::domain::{
    BookingNumber, BookingState, Cancellation, Channel, EmailAddress, EventKind, Folder,
    HistoryEvent, LetterId, LetterState, Reason,
};
use crate::reply::LetterKind;
use crate::request::Intent;

fn asking(intent: Intent) -> Case {
    let mut case = case();
    case.reading.intent = intent;
    case
}

fn cancelled() -> Facts {
    let cancellation = Cancellation {
        received_at: NOW.plus_hours(-2),
        cancelled_at: NOW.plus_hours(-1),
        document: "12345/1".to_owned(),
        letter: Some(LetterId(5)),
        channel: Channel::Mail,
    };
    Facts {
        named: Some(facts_of(booking().cancel(cancellation).unwrap())),
        ..Facts::default()
    }
}

fn changes_nothing(judgement: &Judgement) {
    let caused = &judgement.consequences;
    assert!(caused.cancel.is_none() && caused.open_challenge.is_none());
    assert!(caused.close_challenge.is_none() && caused.wrong_codes.is_empty());
}

/// «Статус записи №…» (by the trusted sender): a letter with the booking's state and its history.
#[test]
fn a_trusted_sender_alone_is_told_how_the_booking_stands() {
    let mut told = facts();
    let second = EmailAddress::parse("second@example.org").unwrap();
    told.named
        .as_mut()
        .unwrap()
        .booking
        .citizen
        .emails
        .push(second);
    told.history = vec![HistoryEvent {
        at: NOW.plus_hours(-24),
        kind: EventKind::BookingImported,
    }];
    let judgement = judge(&asking(Intent::Status), &told);
    assert_eq!(judgement.decision, Decision::StatusTold);
    changes_nothing(&judgement);
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one letter");
    };
    assert_eq!(letter.kind, LetterKind::Status);
    assert_eq!(letter.recipient.as_str(), "maria@example.org");
    assert_eq!(letter.data.state.as_deref(), Some("scheduled"));
    assert_eq!(letter.data.history, told.history);
    assert_eq!(judgement.consequences.filing.to, Folder::Processed);
    let event = judgement.consequences.events.last().unwrap();
    assert_eq!(event.kind, EventKind::StatusTold);
    assert_eq!(event.data["channel"], "mail");
}

/// «Подтверждение отмены №…»: the same document again; where nothing was cancelled, how it stands.
#[test]
fn the_document_comes_again_only_for_what_was_cancelled() {
    let judgement = judge(&asking(Intent::Resend), &cancelled());
    assert_eq!(judgement.decision, Decision::DocumentAgain);
    changes_nothing(&judgement);
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one letter");
    };
    assert_eq!(letter.kind, LetterKind::DocumentAgain);
    assert_eq!(letter.data.document.as_deref(), Some("12345/1"));
    assert_eq!(letter.data.received_at, Some(NOW.plus_hours(-2)));
    let event = judgement.consequences.events.last().unwrap();
    assert_eq!(event.kind, EventKind::ConfirmationRepeated);
    let judgement = judge(&asking(Intent::Resend), &facts());
    assert_eq!(judgement.decision, Decision::StatusTold);
}

/// Whether the booking exists cannot be found out by asking: the same silence whatever is there.
#[test]
fn a_sender_who_is_not_trusted_hears_the_same_whatever_exists() {
    for intent in [Intent::Status, Intent::Resend] {
        let forged = unverified(asking(intent));
        let mut stranger = unverified(asking(intent));
        stranger.sender = EmailAddress::parse("stranger@example.net");
        let mut signed = asking(intent);
        signed.sender.clone_from(&stranger.sender);
        let mut answers = Vec::new();
        for facts in [facts(), cancelled(), Facts::default()] {
            for case in [&forged, &stranger, &signed] {
                let judgement = judge(case, &facts);
                assert!(matches!(judgement.decision, Decision::Held(_)), "{case:?}");
                changes_nothing(&judgement);
                let kinds: Vec<_> = judgement
                    .consequences
                    .letters
                    .iter()
                    .map(|letter| (letter.kind, letter.recipient.clone()))
                    .collect();
                answers.push(kinds);
            }
        }
        let [first, second, third] = [0, 3, 6].map(|at| answers.get(at..at + 3).unwrap());
        assert!(first == second && second == third, "{answers:?}");
    }
}

#[test]
fn other_details_than_the_bookings_are_asked_about_by_a_person() {
    let mut case = asking(Intent::Status);
    case.reading.full_name = Some("Петрова Инна Олеговна".to_owned());
    let decision = judge(&case, &facts()).decision;
    assert_eq!(decision, Decision::NotUnderstood(Reason::DetailsDiffer));
    let mut unknown = asking(Intent::Status);
    unknown.reading.number = BookingNumber::parse("999");
    let decision = judge(&unknown, &Facts::default()).decision;
    assert_eq!(decision, Decision::Held(Reason::NumberUnknown));
}

/// A letter that asks for a person becomes a case with a number and the promised time (24 h).
#[test]
fn a_case_has_a_number_and_a_time_by_which_it_is_answered() {
    let mut case = asking(Intent::Help);
    case.letter = LetterId(481);
    let judgement = judge(&case, &facts());
    assert_eq!(judgement.decision, Decision::CaseOpened);
    changes_nothing(&judgement);
    let caused = &judgement.consequences;
    assert_eq!(caused.letter_state, LetterState::Held);
    assert_eq!(caused.filing.to, Folder::DeadLetter);
    assert_eq!(
        caused.filing.note.as_ref().unwrap().reason,
        Reason::HelpAsked
    );
    let letter = caused.letters.first().unwrap();
    assert_eq!(letter.data.case_number, Some(481));
    assert_eq!(letter.data.answer_until, Some(NOW.plus_hours(24)));

    // Without a number it is known by the address on file; a stranger gets the constant receipt.
    case.reading.number = None;
    let mut known = Facts::default();
    known.senders_open_bookings.push(booking().id);
    let judgement = judge(&case, &known);
    assert_eq!(judgement.decision, Decision::CaseOpened);
    assert_eq!(judgement.consequences.booking, None);
    let judgement = judge(&case, &Facts::default());
    assert_eq!(judgement.decision, Decision::Held(Reason::HelpAsked));
    let kinds: Vec<_> = judgement
        .consequences
        .letters
        .iter()
        .map(|l| l.kind)
        .collect();
    assert_eq!(kinds, [LetterKind::Received]);
    let judgement = judge(&unverified(case), &known);
    assert_eq!(judgement.decision, Decision::Held(Reason::HelpAsked));
    assert!(judgement.consequences.letters.is_empty());
}

#[test]
fn a_question_about_what_is_over_is_answered_too() {
    for state in [BookingState::Completed, BookingState::NoShow] {
        let mut over = facts();
        over.named.as_mut().unwrap().booking.state = state.clone();
        let judgement = judge(&asking(Intent::Status), &over);
        assert_eq!(judgement.decision, Decision::StatusTold);
        let letter = judgement.consequences.letters.first().unwrap();
        assert_eq!(letter.data.state.as_deref(), Some(state.code()));
    }
}
