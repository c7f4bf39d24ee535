//! Late requests as table tests, each with the sentence of its rule.

use super::samples::{LATE, known, late_case, named, policy, with_paper, yes};
use crate::decide::samples::{NOW, case, facts, judge_by, unverified};
use crate::decide::{Case, ChallengeState, Decision, Judgement};
use crate::domain::{
    BookingState, Consequence, ContentHash, DocumentWay, EventKind, Folder, LateWay, LetterState,
    Policy, Reason, ReleaseSlot, SanctionKind, SanctionState, Timeliness,
};
use crate::read::Attachment;
use crate::reply::LetterKind;
use crate::request::RequestReading;

fn letters(judged: &Judgement) -> Vec<LetterKind> {
    let letters = judged.consequences.letters.iter();
    letters.map(|letter| letter.kind).collect()
}

fn kinds(judged: &Judgement) -> Vec<EventKind> {
    let events = judged.consequences.events.iter();
    events.map(|event| event.kind).collect()
}

/// «Поздняя отмена без документа по умолчанию отклоняется; отказ письменный, с номером, правилом и
/// его версией, без причины гражданина.»
#[test]
fn a_late_request_is_refused_in_writing_by_default() {
    let mut case = late_case();
    case.reading.reason = Some("болезнь".to_owned());
    let judged = judge_by(&Policy::default(), LATE, &case, &facts());
    assert_eq!(judged.decision, Decision::RefusedTooLate);
    let data = &judged.consequences.letters[0].data;
    assert_eq!(data.document.as_deref(), Some("12345/R1"));
    assert!(data.reason.is_none());
    let late = data.late.as_ref().unwrap();
    assert_eq!(late.refused_at, Some(LATE));
    assert_eq!(
        late.conditions.as_ref().unwrap().version,
        Policy::default().version
    );
    assert!(judged.consequences.cancel.is_none());
}

/// «Всё, что получено в напечатанную минуту, ещё вовремя.»
#[test]
fn the_printed_minute_still_counts() {
    let policy = policy(LateWay::Consent);
    let last = NOW.plus_hours(24 * 9);
    for (seconds, expected) in [(59, Decision::Cancelled), (60, Decision::LateConsent)] {
        let at = last.plus_seconds(seconds);
        let case = Case {
            received_at: at,
            ..case()
        };
        assert_eq!(judge_by(&policy, at, &case, &facts()).decision, expected);
    }
}

/// «По правилам с согласием: письмо называет последствия и срок ответа, запись остаётся.»
#[test]
fn with_consent_the_consequence_is_shown_and_nothing_is_done_yet() {
    let policy = policy(LateWay::Consent);
    let judged = judge_by(&policy, LATE, &late_case(), &named(known(1)));
    assert_eq!(judged.decision, Decision::LateConsent);
    assert_eq!(letters(&judged), [LetterKind::LateConsent]);
    let effects = &judged.consequences;
    assert!(effects.cancel.is_none() && effects.late.sanctions.is_empty());
    let challenge = effects.open_challenge.as_ref().unwrap();
    let shown = challenge.shown.unwrap();
    assert_eq!((shown.number, shown.fine_roubles), (2, 500));
    // The appointment is in twelve hours: an answer counts no longer than that.
    assert_eq!(challenge.expires_at, LATE.plus_hours(12));
    let data = &effects.letters[0].data;
    assert_eq!(data.answer_until, Some(challenge.expires_at));
    assert_eq!(data.late.as_ref().unwrap().consequence, Some(shown));
    assert!(effects.events[0].data.get("late").is_some());
}

/// «Без идентификатора гражданина, без включённых правил и по причине, которая не требует
/// документа, последствий нет.»
#[test]
fn where_nothing_may_follow_nothing_is_shown() {
    let on = policy(LateWay::Consent);
    let mut off = on.clone();
    off.sanctions.enabled = false;
    let mut mistaken = late_case();
    mistaken.reading.reason = Some("записался по ошибке".to_owned());
    let mut stranger = known(9);
    stranger.booking.citizen.citizen_id = None;
    for (policy, case, booking) in [
        (&on, late_case(), stranger),
        (&off, late_case(), known(9)),
        (&on, mistaken, known(9)),
    ] {
        let judged = judge_by(policy, LATE, &case, &named(booking));
        let challenge = judged.consequences.open_challenge.unwrap();
        assert!(challenge.shown.unwrap().is_nothing());
    }
}

/// «Согласие отменяет запись; отмена записана как несвоевременная, санкции предложены; считается
/// время первого письма.»
#[test]
fn consent_cancels_as_untimely_and_proposes_what_was_shown() {
    let policy = policy(LateWay::Consent);
    let shown = policy.sanctions.consequence(&known(1).late.past, LATE);
    let (case, facts) = yes(shown, known(1));
    let judged = judge_by(&policy, LATE.plus_hours(1), &case, &facts);
    assert_eq!(judged.decision, Decision::Cancelled);
    let effects = &judged.consequences;
    assert_eq!(effects.cancel.as_ref().unwrap().1.received_at, LATE);
    let counted = effects.late.counted.as_ref().unwrap();
    assert_eq!(counted.timeliness, Timeliness::Untimely);
    assert_eq!(counted.reason_code.as_deref(), Some("illness"));
    let until = LATE.plus_hours(1 + 24 * 14);
    assert_eq!(counted.documents_until, Some(until));
    let brought: Vec<_> = effects
        .late
        .sanctions
        .iter()
        .map(|one| (one.kind, one.amount, one.state))
        .collect();
    let proposed = SanctionState::Proposed;
    assert_eq!(
        brought,
        [
            (SanctionKind::Fine, 500, proposed),
            (SanctionKind::SameService, 14, proposed),
            (SanctionKind::WaitingList, 30, proposed),
        ]
    );
    assert_eq!(
        kinds(&judged),
        [
            EventKind::ChallengeConfirmed,
            EventKind::BookingCancelled,
            EventKind::SanctionProposed,
            EventKind::SanctionProposed,
            EventKind::SanctionProposed,
        ]
    );
    let told = serde_json::to_string(&effects.events).unwrap();
    assert!(told.contains("illness") && !told.contains("болезнь"));
    assert!(told.contains(&policy.version));
    let late = effects.letters[0].data.late.as_ref().unwrap();
    assert!(late.untimely && !late.automatic);
    assert_eq!(late.documents_until, Some(until));
}

/// «По правилам без участия сотрудника последствия действуют сразу, и письмо говорит об этом.»
#[test]
fn an_automatic_policy_imposes_at_once() {
    let mut policy = policy(LateWay::Consent);
    policy.sanctions.automatic = true;
    let shown = policy.sanctions.consequence(&known(5).late.past, LATE);
    let (case, facts) = yes(shown, known(5));
    let judged = judge_by(&policy, LATE.plus_hours(1), &case, &facts);
    let sanctions = &judged.consequences.late.sanctions;
    assert!(
        sanctions
            .iter()
            .all(|one| one.state == SanctionState::Imposed)
    );
    let block = sanctions
        .iter()
        .find(|one| one.kind == SanctionKind::SelfBooking);
    assert_eq!(block.unwrap().until, Some(LATE.plus_hours(1 + 24 * 7)));
    let late = judged.consequences.letters[0].data.late.as_ref().unwrap();
    assert!(late.automatic);
}

/// «Что не было показано, не наступает, даже если прежних отмен стало больше.»
#[test]
fn nothing_follows_that_was_not_shown() {
    let policy = policy(LateWay::Consent);
    let (case, facts) = yes(Consequence::default(), known(9));
    let judged = judge_by(&policy, LATE.plus_hours(1), &case, &facts);
    assert_eq!(judged.decision, Decision::Cancelled);
    assert!(judged.consequences.late.sanctions.is_empty());
    let shown = policy.sanctions.consequence(&known(5).late.past, LATE);
    let (case, facts) = yes(shown, known(0));
    let judged = judge_by(&policy, LATE.plus_hours(1), &case, &facts);
    assert!(judged.consequences.late.sanctions.is_empty());
}

/// «Согласие на обычный вопрос не заменяет согласия на последствия.»
#[test]
fn consent_to_another_question_is_no_consent_to_a_consequence() {
    let policy = policy(LateWay::Consent);
    let (case, mut facts) = yes(Consequence::default(), known(1));
    facts.challenges[0].0.shown = None;
    let judged = judge_by(&policy, LATE.plus_hours(1), &case, &facts);
    assert_eq!(judged.decision, Decision::LateConsent);
    let effects = judged.consequences;
    assert_eq!(effects.close_challenge.unwrap().1, ChallengeState::Declined);
    let new = effects.open_challenge.unwrap();
    assert_eq!(
        (new.received_at, new.reason.as_deref()),
        (LATE, Some("болезнь"))
    );
}

/// «С документом решает сотрудник: запись ждёт подтверждения, время держится за гражданином.»
#[test]
fn a_late_request_with_a_document_waits_for_staff() {
    for late in [LateWay::Refuse, LateWay::Consent] {
        for release_slot in [ReleaseSlot::OnApproval, ReleaseSlot::OnRequest] {
            let mut policy = policy(late);
            policy.general.release_slot = release_slot;
            let judged = judge_by(&policy, LATE, &with_paper(late_case()), &named(known(1)));
            assert_eq!(judged.decision, Decision::UnderReview);
            let effects = &judged.consequences;
            assert_eq!(effects.letter_state, LetterState::Held);
            assert_eq!(effects.filing.to, Folder::DeadLetter);
            assert_eq!(letters(&judged), [LetterKind::UnderReview]);
            let released = release_slot == ReleaseSlot::OnRequest;
            assert_eq!(effects.late.awaiting.unwrap().release_slot, released);
            assert_eq!(effects.late.open_review.unwrap().slot_released, released);
            let record = &effects.late.documents[0];
            assert_eq!(
                (record.size, record.sha256),
                (40_000, Some(ContentHash([9; 32])))
            );
            let told = serde_json::to_string(&effects.events).unwrap();
            assert!(told.contains("0909") && !told.contains("spravka"), "{told}");
        }
    }
}

/// «Подписи, календари, картинки из подписи — не документы; и правила могут документов не брать.»
#[test]
fn not_everything_attached_is_a_document() {
    for (name, media_type, size, expected) in [
        ("a.pdf", "application/pdf", 900, Decision::UnderReview),
        (
            "a.pdf",
            "application/octet-stream",
            900,
            Decision::UnderReview,
        ),
        ("IMG_1.JPG", "image/jpeg", 800_000, Decision::UnderReview),
        ("logo.png", "image/png", 4_000, Decision::RefusedTooLate),
        ("a.pdf", "application/pdf", 0, Decision::RefusedTooLate),
        (
            "smime.p7s",
            "application/pkcs7-signature",
            4_000,
            Decision::RefusedTooLate,
        ),
        (
            "invite.ics",
            "text/calendar",
            40_000,
            Decision::RefusedTooLate,
        ),
        ("me.vcf", "text/vcard", 40_000, Decision::RefusedTooLate),
        ("a.gif", "image/gif", 40_000, Decision::RefusedTooLate),
    ] {
        let mut case = late_case();
        case.attachments.push(Attachment {
            name: Some(name.to_owned()),
            media_type: media_type.to_owned(),
            size,
            sha256: None,
        });
        let judged = judge_by(&policy(LateWay::Refuse), LATE, &case, &facts());
        assert_eq!(judged.decision, expected, "{name}");
    }
    let mut none = policy(LateWay::Refuse);
    none.general.documents = DocumentWay::Ignore;
    let judged = judge_by(&none, LATE, &with_paper(late_case()), &facts());
    assert_eq!(judged.decision, Decision::RefusedTooLate);
}

/// «Письмо неизвестно от кого состояния записи не меняет.»
#[test]
fn a_document_of_somebody_unproven_changes_no_state() {
    let case = unverified(with_paper(late_case()));
    let judged = judge_by(&policy(LateWay::Refuse), LATE, &case, &named(known(0)));
    assert_eq!(judged.decision, Decision::DocumentsReceived);
    assert!(judged.consequences.late.awaiting.is_none());
    assert_eq!(judged.decision.reason(), Some(Reason::DocumentReview));
}

/// «Пока сотрудник смотрит, второе письмо ничего не меняет; новый документ тоже идёт к нему.»
#[test]
fn while_staff_look_a_second_letter_changes_nothing() {
    let mut waiting = known(0);
    waiting.booking.state = BookingState::AwaitingConfirmation;
    let policy = policy(LateWay::Refuse);
    let again = judge_by(&policy, LATE, &late_case(), &named(waiting.clone()));
    assert_eq!(again.decision, Decision::ReviewAwaited);
    assert_eq!(letters(&again), [LetterKind::UnderReview]);
    let more = judge_by(&policy, LATE, &with_paper(late_case()), &named(waiting));
    assert_eq!(more.decision, Decision::DocumentsReceived);
    assert!(more.consequences.late.awaiting.is_none());
}

/// «На вопрос о последствиях можно ответить документом вместо согласия.»
#[test]
fn a_document_answers_the_question_about_a_consequence() {
    let (mut case, facts) = yes(Consequence::default(), known(1));
    case.reading = RequestReading::default();
    let case = with_paper(case);
    let judged = judge_by(&policy(LateWay::Consent), LATE.plus_hours(1), &case, &facts);
    assert_eq!(judged.decision, Decision::UnderReview);
    let effects = judged.consequences;
    assert_eq!(effects.close_challenge.unwrap().1, ChallengeState::Declined);
    assert_eq!(effects.late.open_review.unwrap().received_at, LATE);
}

/// «Вовремя — ничего не записывается, кроме как по правилам, которые считают всё.»
#[test]
fn a_cancellation_in_time_is_counted_only_where_sanctions_are_on() {
    let mut policy = policy(LateWay::Consent);
    let judged = judge_by(&policy, NOW, &case(), &named(known(0)));
    let counted = judged.consequences.late.counted.unwrap();
    assert_eq!(counted.timeliness, Timeliness::InTime);
    assert!(judged.consequences.late.sanctions.is_empty());
    policy.sanctions.enabled = false;
    let judged = judge_by(&policy, NOW, &case(), &named(known(0)));
    assert!(judged.consequences.late.counted.is_none());
}
