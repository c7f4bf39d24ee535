//! Acts of staff as table tests.

use super::samples::{NOW, booking, case, facts, facts_of, office, unverified};
use super::{
    CancelOutlook, Case, Decision, Facts, Occasion, Rules, StaffCommand, StaffJudgement,
    StaffOutcome, decide_by_staff, outlook,
};
use crate::domain::{
    BookingId, BookingState, Cancellation, Channel, EmailAddress, EventKind, Folder, LetterState,
    Obstacle, Policy, Reason, StaffAct,
};
use crate::read::AutomaticSign;
use crate::reply::LetterKind;

fn command(act: StaffAct) -> StaffCommand {
    StaffCommand {
        act,
        actor: "cancel@example.com".to_owned(),
        booking: None,
        reason: None,
        words: None,
    }
}

fn act(case: &Case, facts: &Facts, command: &StaffCommand, held: Reason) -> StaffJudgement {
    let (policy, office) = (Policy::default(), office());
    let rules = Rules {
        policy: &policy,
        office: &office,
        now: NOW,
    };
    decide_by_staff(case, facts, command, held, &rules)
}

/// The citizen's letter with her name in it.
fn named() -> Case {
    let mut case = case();
    case.reading.full_name = Some("Мария Петровна ИВАНОВА".to_owned());
    case
}

fn cancel(case: &Case, facts: &Facts) -> StaffOutcome {
    let judgement = act(case, facts, &command(StaffAct::Cancel), Reason::WishUnclear);
    judgement.outcome
}

/// Whatever the reason: the letter ends in one folder, the act stands in the journal under the name
/// of the mailbox, and what comes back has a note.
#[test]
fn every_reason_and_every_act_end_in_a_folder_and_in_the_journal() {
    for reason in Reason::ALL {
        for staff_act in StaffAct::ALL {
            let judgement = act(&named(), &facts(), &command(staff_act), *reason);
            let caused = &judgement.consequences;
            let held = caused.letter_state == LetterState::Held;
            assert_eq!(caused.filing.to == Folder::DeadLetter, held);
            assert_eq!(caused.filing.note.is_some(), held);
            let event = caused.events.last().unwrap();
            assert_eq!(
                event.actor,
                "cancel@example.com",
                "{} {staff_act:?}",
                reason.code()
            );
            assert_eq!(event.chain, "letter:1");
            assert!(matches!(
                event.kind,
                EventKind::StaffActed | EventKind::StaffActImpossible
            ));
            let answers = match staff_act {
                StaffAct::Close | StaffAct::Approve | StaffAct::Reject => 0,
                // What was answered before is not answered again.
                _ if *reason == Reason::DocumentsEnclosed => 0,
                StaffAct::Retry | StaffAct::Cancel | StaffAct::Refuse => 1,
            };
            assert_eq!(
                caused.letters.len(),
                answers,
                "{} {staff_act:?}",
                reason.code()
            );
        }
    }
}

#[test]
fn staff_cancel_the_exact_number_with_the_right_surname_by_the_first_receipt() {
    let mut case = named();
    case.received_at = NOW.plus_hours(-50);
    let judgement = act(
        &case,
        &facts(),
        &command(StaffAct::Cancel),
        Reason::WishUnclear,
    );
    assert_eq!(
        judgement.outcome,
        StaffOutcome::Cancelled(Decision::Cancelled)
    );
    let caused = judgement.consequences;
    let (id, cancellation) = caused.cancel.unwrap();
    assert_eq!(
        (id, cancellation.received_at),
        (BookingId(7), case.received_at)
    );
    assert_eq!(caused.letter_state, LetterState::Resolved);
    assert_eq!(caused.filing.to, Folder::Processed);
    assert!(
        caused
            .events
            .iter()
            .all(|event| event.actor == "cancel@example.com")
    );
}

#[test]
fn cancelling_is_impossible_for_its_reason() {
    let without_number = {
        let mut case = named();
        case.reading.number = None;
        (case, facts())
    };
    let other_surname = {
        let mut case = named();
        case.reading.full_name = Some("Петрова Мария".to_owned());
        (case, facts())
    };
    let automatic = {
        let mut case = named();
        case.automatic = Some(AutomaticSign::Report);
        (case, facts())
    };
    let over = {
        let mut case = named();
        case.received_at = booking().starts_at;
        (case, facts())
    };
    let late_stranger = {
        let mut case = unverified(named());
        case.received_at = booking().starts_at.plus_hours(-2);
        (case, facts())
    };
    let spent = {
        let mut booking = facts_of(booking());
        booking.recent_challenges = vec![NOW; 3];
        let facts = Facts {
            named: Some(booking),
            ..Facts::default()
        };
        (unverified(named()), facts)
    };
    let cancelled_stranger = (unverified(named()), cancelled());
    for ((case, facts), obstacle) in [
        (without_number, Obstacle::NumberMissing),
        ((named(), Facts::default()), Obstacle::NumberUnknown),
        ((case(), facts()), Obstacle::NameMissing),
        (other_surname, Obstacle::SurnameDiffers),
        (automatic, Obstacle::AutomaticLetter),
        (over, Obstacle::BookingOver),
        (late_stranger, Obstacle::NoTimeToAsk),
        (spent, Obstacle::ChallengesSpent),
        (cancelled_stranger, Obstacle::CancelledAlready),
    ] {
        let command = command(StaffAct::Cancel);
        let judgement = act(&case, &facts, &command, Reason::NumberUnknown);
        assert_eq!(judgement.outcome, StaffOutcome::Impossible(obstacle));
        let caused = judgement.consequences;
        assert!(caused.cancel.is_none() && caused.letters.is_empty());
        assert!(caused.open_challenge.is_none());
        let note = caused.filing.note.unwrap();
        let act = StaffAct::Cancel;
        assert_eq!(note.occasion, Occasion::Returned { act, obstacle });
        let outlook = note.outlook.unwrap();
        assert_eq!(outlook.cancel, CancelOutlook::ComesBack(obstacle));
    }
}

fn cancelled() -> Facts {
    let mut booking = booking();
    booking.state = BookingState::Cancelled(Cancellation {
        received_at: NOW.plus_hours(-40),
        cancelled_at: NOW.plus_hours(-40),
        document: "12345/1".to_owned(),
        letter: None,
        channel: Channel::Mail,
    });
    Facts {
        named: Some(facts_of(booking)),
        ..Facts::default()
    }
}

#[test]
fn an_untrusted_sender_is_asked_and_a_cancelled_booking_confirmed_again() {
    let asked = act(
        &unverified(named()),
        &facts(),
        &command(StaffAct::Cancel),
        Reason::SenderNotProven,
    );
    assert_eq!(
        asked.outcome,
        StaffOutcome::Cancelled(Decision::ConfirmFirst)
    );
    assert!(asked.consequences.cancel.is_none());
    assert_eq!(asked.consequences.letters[0].kind, LetterKind::ConfirmFirst);
    let challenge = asked.consequences.open_challenge.unwrap();
    assert_eq!(challenge.received_at, NOW);
    let again = cancel(&named(), &cancelled());
    assert_eq!(again, StaffOutcome::Cancelled(Decision::AlreadyCancelled));
}

#[test]
fn a_booking_named_outright_is_cancelled_whoever_wrote() {
    let mut command = command(StaffAct::Cancel);
    command.booking = Some(booking().number);
    command.words = Some("Как договорились.".to_owned());
    let mut stranger = unverified(case());
    stranger.sender = None;
    stranger.reading.number = None;
    let judgement = act(&stranger, &facts(), &command, Reason::NumberMissing);
    assert_eq!(
        judgement.outcome,
        StaffOutcome::Cancelled(Decision::Cancelled)
    );
    let letters = judgement.consequences.letters;
    assert_eq!(letters[0].recipient, booking().citizen.emails[0]);
    assert_eq!(
        letters[0].data.staff_words.as_deref(),
        Some("Как договорились.")
    );
}

#[test]
fn a_refusal_goes_to_a_proven_address_or_one_on_file_and_nowhere_else() {
    let refuse = command(StaffAct::Refuse);
    let judged = |case: &Case, facts: &Facts| act(case, facts, &refuse, Reason::NoRequest);
    let signed = judged(&named(), &Facts::default());
    assert_eq!(signed.outcome, StaffOutcome::Refused);
    assert_eq!(signed.consequences.letters[0].booking, None);
    assert_eq!(
        signed.consequences.letters[0].recipient,
        case().sender.unwrap()
    );
    assert_eq!(
        judged(&unverified(named()), &facts()).outcome,
        StaffOutcome::Refused
    );

    let mut typed = unverified(named());
    typed.sender = EmailAddress::parse("stranger@example.net");
    let unproven = judged(&typed, &facts()).outcome;
    assert_eq!(unproven, StaffOutcome::Impossible(Obstacle::SenderUnproven));
    typed.sender = None;
    let nobody = judged(&typed, &facts()).outcome;
    assert_eq!(nobody, StaffOutcome::Impossible(Obstacle::NoSender));
    let mut program = named();
    program.automatic = Some(AutomaticSign::Report);
    let automatic = judged(&program, &facts()).outcome;
    assert_eq!(
        automatic,
        StaffOutcome::Impossible(Obstacle::AutomaticLetter)
    );
}

#[test]
fn a_retry_goes_the_way_anew_and_tells_a_citizen_nothing_twice() {
    let retry = command(StaffAct::Retry);
    let now_known = act(&case(), &facts(), &retry, Reason::NumberUnknown);
    assert_eq!(
        now_known.outcome,
        StaffOutcome::Retried(Decision::Cancelled)
    );
    assert!(!now_known.gates.is_empty());

    let unknown = Facts {
        senders_open_bookings: vec![BookingId(8)],
        ..Facts::default()
    };
    let told = act(&case(), &unknown, &retry, Reason::NumberMissing);
    let reason = Decision::NotUnderstood(Reason::NumberUnknown);
    assert_eq!(told.outcome, StaffOutcome::Retried(reason.clone()));
    assert_eq!(told.consequences.letters.len(), 1);
    let again = act(&case(), &unknown, &retry, Reason::NumberUnknown);
    assert_eq!(again.outcome, StaffOutcome::Retried(reason));
    assert!(again.consequences.letters.is_empty());
    let note = again.consequences.filing.note.unwrap();
    assert_eq!(note.occasion, Occasion::Retried);
}

/// What the program has answered itself is only closed: a second try would book or ask once more.
#[test]
fn a_letter_whose_wish_was_answered_is_only_closed() {
    for staff_act in StaffAct::ALL {
        let held = Reason::DocumentsEnclosed;
        let judgement = act(&named(), &facts(), &command(staff_act), held);
        let closes = staff_act == StaffAct::Close;
        let reviews = matches!(staff_act, StaffAct::Approve | StaffAct::Reject);
        let expected = match (closes, reviews) {
            (true, _) => StaffOutcome::Closed,
            (false, true) => StaffOutcome::Impossible(Obstacle::NothingToReview),
            (false, false) => StaffOutcome::Impossible(Obstacle::AnsweredAlready),
        };
        assert_eq!(judgement.outcome, expected);
        assert!(judgement.consequences.letters.is_empty());
        let note = judgement.consequences.filing.note;
        assert!(note.is_none_or(|note| note.deadline.is_none()));
    }
}

#[test]
fn the_outlook_says_what_the_act_then_does() {
    let (policy, office) = (Policy::default(), office());
    let rules = Rules {
        policy: &policy,
        office: &office,
        now: NOW,
    };
    for (case, facts) in [
        (named(), facts()),
        (unverified(named()), facts()),
        (named(), cancelled()),
        (unverified(named()), cancelled()),
        (case(), facts()),
    ] {
        let expected = match cancel(&case, &facts) {
            StaffOutcome::Cancelled(Decision::Cancelled) => CancelOutlook::Cancels,
            StaffOutcome::Cancelled(Decision::AlreadyCancelled) => CancelOutlook::ConfirmsAgain,
            StaffOutcome::Cancelled(Decision::ConfirmFirst) => CancelOutlook::AsksFirst,
            StaffOutcome::Impossible(obstacle) => CancelOutlook::ComesBack(obstacle),
            other @ (StaffOutcome::Retried(_)
            | StaffOutcome::Cancelled(_)
            | StaffOutcome::Refused
            | StaffOutcome::Approved
            | StaffOutcome::Rejected
            | StaffOutcome::Closed) => panic!("{other:?}"),
        };
        assert_eq!(outlook(&case, &facts, &rules).cancel, expected);
    }
}
