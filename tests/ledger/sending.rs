//! The outbox: leases, attempts, budgets.

use super::subject::{NOW, Subject, answer, cancelling, email, judgement, message_id};
use otmena::decide::{Case, Decision, Facts};
use otmena::domain::{ContentHash, LetterState, Moment};
use otmena::record::{Attempt, OutboxRow, OutboxState};
use otmena::reply::LetterKind;

contract! {
    a_leased_letter_is_in_one_pair_of_hands_until_its_lease_runs_out
    a_sent_letter_stays_sent_and_its_document_is_journaled_once
    a_failed_attempt_is_due_again_at_its_time
    an_undeliverable_answer_shows_at_its_letter_until_it_is_retried
    two_daemons_never_lease_the_same_letter
    answers_over_the_budget_wait_until_a_day_is_over
    confirmations_keep_out_of_the_budget_of_answers
    retrying_everything_hurries_what_waits
}

fn sent(row: &OutboxRow, document: Option<ContentHash>) -> Attempt {
    Attempt {
        row: row.id,
        state: OutboxState::Sent,
        due_at: NOW,
        error: None,
        document_hash: document,
        tried: true,
    }
}

fn failed(row: &OutboxRow, state: OutboxState, due_at: Moment) -> Attempt {
    Attempt {
        row: row.id,
        state,
        due_at,
        error: Some("smtp_451".to_owned()),
        document_hash: None,
        tried: true,
    }
}

async fn one_answer(subject: &Subject) -> Case {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    subject
        .decide(std::slice::from_ref(&case), &cancelling)
        .await;
    case
}

async fn lease(subject: &Subject, at: Moment) -> Vec<OutboxRow> {
    let until = at.plus_minutes(5);
    subject.ledger.lease_letters(at, until, 100).await.unwrap()
}

async fn a_leased_letter_is_in_one_pair_of_hands_until_its_lease_runs_out(subject: Subject) {
    one_answer(&subject).await;
    assert_eq!(subject.ledger.next_letter_due().await.unwrap(), Some(NOW));
    let first = lease(&subject, NOW).await;
    assert_eq!((first.len(), first[0].attempts), (1, 1));
    assert!(lease(&subject, NOW.plus_minutes(4)).await.is_empty());
    let due = subject.ledger.next_letter_due().await.unwrap();
    assert_eq!(due, Some(NOW.plus_minutes(5)));
    let again = lease(&subject, NOW.plus_minutes(5)).await;
    assert_eq!((again.len(), again[0].attempts), (1, 2));
    assert_eq!(again[0].letter, first[0].letter);
}

async fn a_sent_letter_stays_sent_and_its_document_is_journaled_once(subject: Subject) {
    let case = one_answer(&subject).await;
    let row = lease(&subject, NOW).await.remove(0);
    let hash = ContentHash::of(&[b"document"]);
    let attempts = [sent(&row, Some(hash))];
    subject.ledger.settle_letters(&attempts, NOW).await.unwrap();
    let late = [failed(&row, OutboxState::Due, NOW)];
    subject.ledger.settle_letters(&late, NOW).await.unwrap();
    subject.ledger.settle_letters(&attempts, NOW).await.unwrap();
    let settled = subject.ledger.outbox(None, 1).await.unwrap().remove(0);
    assert_eq!(settled.state, OutboxState::Sent);
    assert_eq!(
        (settled.sent_at, settled.document_hash),
        (Some(NOW), Some(hash))
    );
    assert_eq!(settled.last_error, None);
    assert_eq!(subject.ledger.next_letter_due().await.unwrap(), None);
    assert_eq!(subject.state(case.letter).await, LetterState::Answered);
    let chain = format!("booking:{}", subject.booking("A-1").await.id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    let issued: Vec<&str> = journal
        .iter()
        .filter(|entry| entry.kind == "document_issued")
        .map(|entry| entry.data.as_str())
        .collect();
    let expected = format!(r#"{{"document":"A-1/1","sha256":"{}"}}"#, hash.to_hex());
    assert_eq!(issued, [expected.as_str()]);
}

async fn a_failed_attempt_is_due_again_at_its_time(subject: Subject) {
    let case = one_answer(&subject).await;
    let row = lease(&subject, NOW).await.remove(0);
    let later = NOW.plus_minutes(2);
    let attempts = [failed(&row, OutboxState::Due, later)];
    subject.ledger.settle_letters(&attempts, NOW).await.unwrap();
    assert!(lease(&subject, NOW.plus_minutes(1)).await.is_empty());
    let again = lease(&subject, later).await.remove(0);
    assert_eq!(again.attempts, 2);
    assert_eq!(again.last_error.as_deref(), Some("smtp_451"));
    assert_eq!(again.letter.message_id, row.letter.message_id);
    assert_eq!(subject.state(case.letter).await, LetterState::Decided);
}

async fn an_undeliverable_answer_shows_at_its_letter_until_it_is_retried(subject: Subject) {
    let case = one_answer(&subject).await;
    let row = lease(&subject, NOW).await.remove(0);
    let attempts = [failed(&row, OutboxState::Undeliverable, NOW)];
    subject.ledger.settle_letters(&attempts, NOW).await.unwrap();
    assert_eq!(subject.state(case.letter).await, LetterState::Failed);
    assert_eq!(subject.ledger.counts().await.unwrap().outbox_failed, 1);
    assert_eq!(
        subject.ledger.retry_outbox(&[row.id], NOW).await.unwrap(),
        1
    );
    assert_eq!(subject.state(case.letter).await, LetterState::Decided);
    assert_eq!(lease(&subject, NOW).await.len(), 1);
}

async fn two_daemons_never_lease_the_same_letter(subject: Subject) {
    let other = subject.second_daemon().await;
    let numbers: Vec<String> = (1..=10).map(|n| format!("A-{n}")).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    subject.import(&names).await;
    for (uid, number) in (1..).zip(&numbers) {
        let case = subject.letter(uid, number).await;
        subject.decide(&[case], &cancelling).await;
    }
    let until = NOW.plus_minutes(5);
    let (a, b) = tokio::join!(
        subject.ledger.lease_letters(NOW, until, 7),
        other.lease_letters(NOW, until, 7)
    );
    let mut ids: Vec<i64> = a
        .unwrap()
        .iter()
        .chain(&b.unwrap())
        .map(|row| row.id)
        .collect();
    let leased = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), leased);
    assert!(leased >= 7);
}

/// The default budget: 6 answers a day to unverified senders, 20 to verified ones.
async fn answers_over_the_budget_wait_until_a_day_is_over(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut cases = Vec::new();
    for uid in 0..8 {
        cases.push(subject.letter(uid, "A-1").await);
    }
    let verified = cases.pop().unwrap();
    let judge = |case: &Case, facts: &Facts| {
        let booking = &facts.named.as_ref().unwrap().booking;
        let mut judged = judgement(case, Some(booking), Decision::ConfirmationAwaited);
        for letter in &mut judged.consequences.letters {
            letter.verified = false;
        }
        judged
    };
    subject.decide(&cases, &judge).await;
    subject.decide(&[verified], &cancelling).await;
    let now = lease(&subject, NOW).await;
    assert_eq!(now.len(), 7, "six unverified answers and one verified");
    let waiting: Vec<Moment> = subject
        .ledger
        .outbox(Some(OutboxState::Due), 100)
        .await
        .unwrap()
        .iter()
        .map(|row| row.due_at)
        .filter(|due_at| *due_at > NOW)
        .collect();
    assert_eq!(waiting, [NOW.plus_hours(24)]);

    let next = subject.letter(20, "A-1").await;
    let to_another = |case: &Case, facts: &Facts| {
        let booking = &facts.named.as_ref().unwrap().booking;
        let mut judged = judge(case, facts);
        let mut other = answer(case, booking);
        other.recipient = email("other@example.org");
        other.message_id = message_id("other@otmena.example");
        other.verified = false;
        judged.consequences.letters = vec![other];
        judged
    };
    let recorded = subject.decide(&[next], &to_another).await;
    assert_eq!(recorded.len(), 1);
    let due: Vec<OutboxRow> = subject.ledger.outbox(None, 1).await.unwrap();
    assert_eq!(due[0].due_at, NOW, "each address has a budget of its own");
}

async fn confirmations_keep_out_of_the_budget_of_answers(subject: Subject) {
    subject.import(&["A-1"]).await;
    let of_kind = |kind| {
        move |case: &Case, facts: &Facts| {
            let booking = &facts.named.as_ref().unwrap().booking;
            let mut judged = judgement(case, Some(booking), Decision::ConfirmationAwaited);
            for letter in &mut judged.consequences.letters {
                letter.verified = false;
                letter.kind = kind;
            }
            judged
        }
    };
    let confirmation = of_kind(LetterKind::ConfirmFirst);
    let answer = of_kind(LetterKind::NotUnderstood);
    for uid in 0..14 {
        let case = subject.letter(uid, "A-1").await;
        if uid % 2 == 0 {
            subject.decide(&[case], &confirmation).await;
        } else {
            subject.decide(&[case], &answer).await;
        }
    }
    let now = lease(&subject, NOW).await;
    let of = |kind| now.iter().filter(|row| row.letter.kind == kind).count();
    assert_eq!(of(LetterKind::ConfirmFirst), 7, "none waits");
    assert_eq!(of(LetterKind::NotUnderstood), 6, "none is taken away");
}

async fn retrying_everything_hurries_what_waits(subject: Subject) {
    one_answer(&subject).await;
    let row = lease(&subject, NOW).await.remove(0);
    let attempts = [failed(&row, OutboxState::Due, NOW.plus_hours(8))];
    subject.ledger.settle_letters(&attempts, NOW).await.unwrap();
    assert_eq!(subject.ledger.retry_outbox(&[], NOW).await.unwrap(), 1);
    let row = lease(&subject, NOW).await.remove(0);
    subject
        .ledger
        .settle_letters(&[sent(&row, None)], NOW)
        .await
        .unwrap();
    assert_eq!(subject.ledger.retry_outbox(&[], NOW).await.unwrap(), 0);
    assert_eq!(
        subject.ledger.retry_outbox(&[row.id], NOW).await.unwrap(),
        0
    );
}
