//! The outbox: leases, attempts, budgets.

use super::subject::{NOW, Subject, cancelling, email, judgement};
use otmena::decide::{Case, Decision, Facts, Judgement};
use otmena::domain::{ContentHash, LetterState, Moment};
use otmena::record::{Attempt, OutboxRow, OutboxState};
use otmena::reply::LetterKind;

contract! {
    a_leased_letter_is_in_one_pair_of_hands_until_its_lease_runs_out
    a_sent_letter_stays_sent_and_its_document_is_journaled_once
    a_failed_attempt_is_due_again_at_its_time
    an_undeliverable_answer_shows_at_its_letter_until_it_is_retried
    two_daemons_never_lease_the_same_letter
    answers_over_the_budget_are_parked
    a_mailbox_has_one_budget_under_all_its_addresses
    domains_and_the_day_have_budgets_too
    the_confirmation_of_a_cancellation_is_always_sent
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

/// Answers of a kind that budgets limit, to a sender who was not verified.
fn unverified(case: &Case, facts: &Facts) -> Judgement {
    let booking = &facts.named.as_ref().unwrap().booking;
    let mut judged = judgement(case, Some(booking), Decision::ConfirmationAwaited);
    for letter in &mut judged.consequences.letters {
        letter.verified = false;
        letter.kind = LetterKind::RefusedTooLate;
    }
    judged
}

/// The default budget: 6 answers a day to one mailbox of an unverified sender.
async fn answers_over_the_budget_are_parked(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut cases = Vec::new();
    for uid in 0..8 {
        cases.push(subject.letter(uid, "A-1").await);
    }
    let verified = cases.pop().unwrap();
    subject.decide(&cases, &unverified).await;
    subject.decide(&[verified], &cancelling).await;
    let now = lease(&subject, NOW).await;
    assert_eq!(now.len(), 7, "six unverified answers and one verified");
    let outbox = |state| subject.ledger.outbox(Some(state), 100);
    let parked = outbox(OutboxState::GivenUp).await.unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].last_error.as_deref(), Some("over_budget"));
    let counts = subject.ledger.counts().await.unwrap();
    assert_eq!((counts.outbox_parked, counts.outbox_due), (1, 7));

    let next = subject.letter(20, "A-1").await;
    let to_another = |case: &Case, facts: &Facts| {
        let mut judged = unverified(case, facts);
        for letter in &mut judged.consequences.letters {
            letter.recipient = email("other@example.org");
        }
        judged
    };
    subject.decide(&[next], &to_another).await;
    let newest = subject.ledger.outbox(None, 1).await.unwrap();
    assert_eq!(
        newest[0].state,
        OutboxState::Due,
        "each address has a budget of its own"
    );

    let later = NOW.plus_hours(25);
    let tomorrow = subject.letter(21, "A-1").await;
    let outcomes = subject.ledger.decide(&[tomorrow], &unverified, later).await;
    assert_eq!(outcomes.unwrap().len(), 1);
    let newest = subject.ledger.outbox(None, 1).await.unwrap();
    assert_eq!(
        newest[0].state,
        OutboxState::Due,
        "a day later there is room again"
    );
    let retried = subject.ledger.retry_outbox(&[parked[0].id], later).await;
    assert_eq!(retried.unwrap(), 1, "an operator can send it after all");
}

/// The budget of a mailbox is one, however its address is written.
async fn a_mailbox_has_one_budget_under_all_its_addresses(subject: Subject) {
    subject.import(&["A-1"]).await;
    for uid in 0..8 {
        let case = subject.letter(uid, "A-1").await;
        let detailed = move |case: &Case, facts: &Facts| {
            let mut judged = unverified(case, facts);
            for letter in &mut judged.consequences.letters {
                letter.recipient = email(&match uid % 3 {
                    0 => format!("anna+{uid}@example.org"),
                    1 => format!("prvs={uid}=anna@example.org"),
                    _ => format!("SRS0=a{uid}=TT=example.org=anna@forwarder.example"),
                });
            }
            judged
        };
        subject.decide(&[case], &detailed).await;
    }
    assert_eq!(lease(&subject, NOW).await.len(), 6);
}

/// Default budgets of a domain (200) and of the day (1,000), unverified.
async fn domains_and_the_day_have_budgets_too(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut uid = 0;
    let mut send = async |count: u32, domain: &'static str, verified: bool| {
        for _ in 0..count {
            uid += 1;
            let case = subject.letter(uid, "A-1").await;
            let to_one = move |case: &Case, facts: &Facts| {
                let mut judged = unverified(case, facts);
                for letter in &mut judged.consequences.letters {
                    letter.recipient = email(&format!("person{uid}@{domain}"));
                    letter.verified = verified;
                }
                judged
            };
            subject.decide(&[case], &to_one).await;
        }
        subject.ledger.counts().await.unwrap().outbox_parked
    };
    assert_eq!(send(201, "one.example", false).await, 1);
    assert_eq!(send(1, "two.example", false).await, 1, "another domain");
    assert_eq!(send(1, "one.example", true).await, 1, "verified apart");
    // 201 were sent so far; a public provider has no budget of its own.
    assert_eq!(send(799, "mail.ru", false).await, 1);
    assert_eq!(send(2, "mail.ru", false).await, 3, "the day is spent");
    assert_eq!(
        send(2, "mail.ru", true).await,
        3,
        "verified senders have their own day"
    );
}

/// The confirmation of an effect is told, however many answers there were.
async fn the_confirmation_of_a_cancellation_is_always_sent(subject: Subject) {
    let numbers: Vec<String> = (1..=25).map(|n| format!("A-{n}")).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    subject.import(&names).await;
    for (uid, number) in (1..).zip(&numbers) {
        let case = subject.letter(uid, number).await;
        subject.decide(&[case], &cancelling).await;
    }
    assert_eq!(subject.ledger.counts().await.unwrap().outbox_parked, 0);
    assert_eq!(lease(&subject, NOW).await.len(), 25);
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
