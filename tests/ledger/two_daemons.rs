//! Two daemons on one database, and many letters about one booking.

use super::subject::{NOW, Subject, cancelling};
use otmena::decide::{Case, Decision};
use otmena::record::{Ledger, Recorded};
use std::sync::Arc;

contract! {
    two_daemons_that_decide_the_same_letters_have_one_effect
    twenty_concurrent_cancellations_of_one_booking_cancel_it_once
    the_change_feed_has_no_gaps_under_concurrency
}

async fn decide(ledger: Arc<dyn Ledger>, cases: Vec<Case>) -> Vec<Recorded> {
    let outcomes = ledger.decide(&cases, &cancelling, NOW).await.unwrap();
    let recorded = outcomes.into_iter().map(|(_, outcome)| outcome.unwrap());
    recorded.collect()
}

async fn two_daemons_that_decide_the_same_letters_have_one_effect(subject: Subject) {
    let other = subject.second_daemon().await;
    let numbers: Vec<String> = (1..=10).map(|n| format!("A-{n}")).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    subject.import(&names).await;
    let mut cases = Vec::new();
    for (uid, number) in (1..).zip(&numbers) {
        cases.push(subject.letter(uid, number).await);
    }
    let mut reversed = cases.clone();
    reversed.reverse();
    let first = tokio::spawn(decide(subject.ledger.clone(), cases));
    let second = tokio::spawn(decide(other, reversed));
    let together = first.await.unwrap().len() + second.await.unwrap().len();
    assert_eq!(together, 10, "each letter is decided by one of them");
    assert_eq!(subject.ledger.outbox(None, 100).await.unwrap().len(), 10);
    assert_eq!(subject.ledger.changes(0, 100).await.unwrap().len(), 20);
}

async fn twenty_concurrent_cancellations_of_one_booking_cancel_it_once(subject: Subject) {
    let other = subject.second_daemon().await;
    subject.import(&["A-1"]).await;
    let mut running = Vec::new();
    for uid in 0..20 {
        let case = subject.letter(uid, "A-1").await;
        let ledger = if uid % 2 == 0 {
            &subject.ledger
        } else {
            &other
        };
        running.push(tokio::spawn(decide(ledger.clone(), vec![case])));
    }
    let mut cancelled = 0;
    for task in running {
        for recorded in task.await.unwrap() {
            cancelled += u32::from(recorded.judgement.decision == Decision::Cancelled);
        }
    }
    assert_eq!(cancelled, 1);
    let booking = subject.booking("A-1").await;
    assert_eq!((booking.cancellations, booking.revision), (1, 1));
    let chain = format!("booking:{}", booking.id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    let freed = journal.iter().filter(|entry| entry.kind == "slot_freed");
    assert_eq!(freed.count(), 1);
    let (checked, faults) = subject.ledger.verify_journal().await.unwrap();
    assert_eq!((checked, faults), (22, Vec::new()));
}

async fn the_change_feed_has_no_gaps_under_concurrency(subject: Subject) {
    let other = subject.second_daemon().await;
    let numbers: Vec<String> = (0..20).map(|n| format!("A-{n}")).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    subject.import(&names).await;
    let mut running = Vec::new();
    for (uid, number) in (0..).zip(&numbers) {
        let case = subject.letter(uid, number).await;
        let ledger = if uid % 2 == 0 {
            &subject.ledger
        } else {
            &other
        };
        running.push(tokio::spawn(decide(ledger.clone(), vec![case])));
    }
    let mut after = 0;
    let mut seen = Vec::new();
    while seen.len() < 40 {
        for change in subject.ledger.changes(after, 3).await.unwrap() {
            after = change.seq;
            seen.push(change.seq);
        }
    }
    for task in running {
        task.await.unwrap();
    }
    assert_eq!(seen, (1..=40).collect::<Vec<i64>>());
    assert!(subject.ledger.changes(after, 3).await.unwrap().is_empty());
}
