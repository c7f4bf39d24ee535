//! Documents that follow, and the word of staff about documents, each with the sentence of its rule.

use super::samples::{LATE, cancelled_late, known, late_case, policy, with_paper};
use crate::decide::samples::{case, judge_by, office};
use crate::decide::{
    BookingFacts, Case, Facts, Review, ReviewState, Rules, StaffCommand, StaffJudgement,
    decide_by_staff,
};
use crate::domain::{
    BookingId, BookingState, EmailAddress, Folder, LateWay, LetterId, LetterState, Obstacle,
    Policy, Purpose, Reason, StaffAct, Timeliness, Token,
};
use crate::reply::LetterKind;
use crate::request::RequestReading;

fn follow_up(days: i64, sender_known: bool) -> (Case, Facts) {
    let mut case = with_paper(case());
    case.received_at = LATE.plus_hours(24 * days);
    case.reading = RequestReading::default();
    if !sender_known {
        case.sender = EmailAddress::parse("other@example.org");
    }
    case.evidence.tokens.push(Token {
        purpose: Purpose::Booking,
        subject: 7,
        expires_at: LATE.plus_hours(24 * 60),
    });
    let facts = Facts {
        by_token: vec![cancelled_late(Timeliness::Untimely)],
        ..Facts::default()
    };
    (case, facts)
}

/// «Документ можно прислать вслед, 14 дней, ответом на наше письмо, с адреса из записи.»
#[test]
fn documents_may_follow_for_fourteen_days() {
    for (days, known, expected) in [
        (1, true, "documents_received"),
        (14, true, "documents_received"),
        (15, true, "held"),
        (1, false, "held"),
    ] {
        let (case, facts) = follow_up(days, known);
        let judged = judge_by(&policy(LateWay::Consent), case.received_at, &case, &facts);
        assert_eq!(judged.decision.code(), expected, "{days} {known}");
        let review = judged.consequences.late.open_review;
        assert_eq!(review.is_some_and(|one| one.follow_up), expected != "held");
    }
}

fn staff(act: StaffAct, review: Review, booking: BookingFacts, policy: &Policy) -> StaffJudgement {
    let office = office();
    let facts = Facts {
        review: Some((review, booking)),
        ..Facts::default()
    };
    let command = StaffCommand {
        act,
        actor: "operator".to_owned(),
        booking: None,
        reason: None,
        words: Some("Ждём вас.".to_owned()),
    };
    let rules = Rules {
        policy,
        office: &office,
        now: LATE.plus_hours(48),
    };
    decide_by_staff(
        &with_paper(late_case()),
        &facts,
        &command,
        Reason::DocumentReview,
        &rules,
    )
}

fn review(slot_released: bool, follow_up: bool) -> Review {
    Review {
        letter: LetterId(1),
        booking: BookingId(7),
        received_at: LATE,
        slot_released,
        follow_up,
        state: ReviewState::Open,
    }
}

fn awaiting() -> BookingFacts {
    let mut facts = known(1);
    facts.booking.state = BookingState::AwaitingConfirmation;
    facts
}

/// «Документ принят: запись отменена без последствий. Не принят: запись остаётся в силе, с
/// письменным отказом; если время уже отдано, отмена записана, но последствий нет.»
#[test]
fn staff_approve_or_reject_and_the_citizen_is_told() {
    let policy = policy(LateWay::Consent);
    for act in [StaffAct::Approve, StaffAct::Cancel] {
        let judged = staff(act, review(false, false), awaiting(), &policy);
        assert_eq!(judged.outcome.code(), "approved");
        let effects = judged.consequences;
        assert_eq!(effects.cancel.unwrap().1.received_at, LATE);
        let counted = effects.late.counted.unwrap();
        assert_eq!(counted.timeliness, Timeliness::Excused);
        assert!(effects.late.sanctions.is_empty());
        assert_eq!(effects.letters[0].kind, LetterKind::ReviewApproved);
        assert_eq!(effects.letters[0].data.document.as_deref(), Some("12345/1"));
        assert_eq!(effects.letter_state, LetterState::Resolved);
    }
    for act in [StaffAct::Reject, StaffAct::Refuse] {
        let judged = staff(act, review(false, false), awaiting(), &policy);
        assert_eq!(judged.outcome.code(), "rejected");
        let effects = judged.consequences;
        assert!(effects.cancel.is_none());
        assert_eq!(effects.late.scheduled_again, Some(BookingId(7)));
        let letter = &effects.letters[0];
        assert_eq!(letter.kind, LetterKind::ReviewRejected);
        assert_eq!(letter.data.document.as_deref(), Some("12345/R1"));
        assert_eq!(letter.data.staff_words.as_deref(), Some("Ждём вас."));
    }
    let judged = staff(StaffAct::Reject, review(true, false), awaiting(), &policy);
    let effects = judged.consequences;
    assert!(effects.cancel.is_some() && effects.late.sanctions.is_empty());
    assert_eq!(
        effects.late.counted.unwrap().timeliness,
        Timeliness::Untimely
    );
}

/// «Принятый вслед документ снимает последствия; не принятый ничего не меняет.»
#[test]
fn a_document_that_followed_lifts_what_the_cancellation_brought() {
    let policy = policy(LateWay::Consent);
    let booking = cancelled_late(Timeliness::Untimely);
    let judged = staff(
        StaffAct::Approve,
        review(false, true),
        booking.clone(),
        &policy,
    );
    let recount = judged.consequences.late.recount.unwrap();
    assert_eq!(recount.timeliness, Timeliness::Excused);
    assert_eq!(recount.document, "12345/1");
    assert!(judged.consequences.cancel.is_none());
    let judged = staff(StaffAct::Reject, review(false, true), booking, &policy);
    assert!(judged.consequences.late.recount.is_none());
    assert_eq!(judged.outcome.code(), "rejected");
}

/// «Что сотрудник отменил после срока своим решением, не считается несвоевременным.»
#[test]
fn what_staff_cancel_late_is_not_counted() {
    let (policy, office) = (policy(LateWay::Consent), office());
    let mut case = late_case();
    case.reading.full_name = Some("Иванова Мария Петровна".to_owned());
    let facts = Facts {
        named: Some(known(3)),
        ..Facts::default()
    };
    let command = StaffCommand {
        act: StaffAct::Cancel,
        actor: "operator".to_owned(),
        booking: None,
        reason: None,
        words: None,
    };
    let rules = Rules {
        policy: &policy,
        office: &office,
        now: LATE,
    };
    let judged = decide_by_staff(&case, &facts, &command, Reason::WishUnclear, &rules);
    let caused = judged.consequences;
    assert!(caused.cancel.is_some());
    assert!(caused.late.counted.is_none() && caused.late.sanctions.is_empty());
}

/// «Обещанный ответ нельзя закрыть молча, решённое нельзя решить ещё раз, нерешаемое — нельзя.»
#[test]
fn what_cannot_be_decided_comes_back() {
    let policy = policy(LateWay::Consent);
    let closed = Review {
        state: ReviewState::Approved,
        ..review(false, false)
    };
    let mut over = known(1);
    over.booking.state = BookingState::Completed;
    for (act, review, booking, expected) in [
        (
            StaffAct::Close,
            review(false, false),
            awaiting(),
            Obstacle::ReviewOpen,
        ),
        (
            StaffAct::Approve,
            closed,
            awaiting(),
            Obstacle::NothingToReview,
        ),
        (
            StaffAct::Approve,
            review(false, false),
            known(1),
            Obstacle::SenderUnproven,
        ),
        (
            StaffAct::Approve,
            review(false, false),
            over,
            Obstacle::NothingToReview,
        ),
        (
            StaffAct::Approve,
            review(false, false),
            cancelled_late(Timeliness::Untimely),
            Obstacle::CancelledAlready,
        ),
        (
            StaffAct::Reject,
            review(false, true),
            cancelled_late(Timeliness::TakenBack),
            Obstacle::NothingToReview,
        ),
    ] {
        let judged = staff(act, review, booking, &policy);
        assert_eq!(judged.outcome.code(), expected.code());
        assert_eq!(judged.consequences.filing.to, Folder::DeadLetter);
    }
}
