//! Filing orders.

use super::subject::{NOW, Subject, cancelling, sighting};
use otmena::domain::{ContentHash, Folder, Keyword, LetterState};
use otmena::failure::Failure;
use otmena::record::{Attempt, OutboxState};

contract! {
    a_letter_is_filed_when_it_lies_in_its_folder_and_its_answers_are_sent
    a_dead_letter_stays_held_when_it_lies_in_its_folder
    a_postponed_filing_is_due_again_and_counts_its_attempts
    an_order_is_in_one_pair_of_hands_until_its_lease_runs_out
    an_order_for_another_place_stays_open
    a_ledger_serves_one_mailbox
}

async fn a_letter_is_filed_when_it_lies_in_its_folder_and_its_answers_are_sent(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    let letter = case.letter;
    subject.decide(&[case], &cancelling).await;
    let order = subject.ledger.due_filings(NOW, 10).await.unwrap().remove(0);
    assert_eq!((order.letter, order.to), (letter, Folder::Processed));
    subject
        .ledger
        .settle_filings(&[(letter, order.place)], NOW)
        .await
        .unwrap();
    assert_eq!(subject.state(letter).await, LetterState::Decided);
    let until = NOW.plus_minutes(5);
    let row = subject
        .ledger
        .lease_letters(NOW, until, 1)
        .await
        .unwrap()
        .remove(0);
    let attempt = Attempt {
        row: row.id,
        state: OutboxState::Sent,
        due_at: NOW,
        error: None,
        document_hash: None,
        tried: true,
    };
    subject
        .ledger
        .settle_letters(&[attempt], NOW)
        .await
        .unwrap();
    assert_eq!(subject.state(letter).await, LetterState::Filed);
    assert_eq!(subject.ledger.counts().await.unwrap().filings_due, 0);
}

async fn a_dead_letter_stays_held_when_it_lies_in_its_folder(subject: Subject) {
    let case = subject.letter(1, "Б-404").await;
    let letter = case.letter;
    subject.decide(&[case], &cancelling).await;
    let order = subject.ledger.due_filings(NOW, 10).await.unwrap().remove(0);
    assert_eq!(
        (order.to, order.keywords.clone()),
        (Folder::DeadLetter, vec![Keyword::Number])
    );
    subject
        .ledger
        .settle_filings(&[(letter, order.place)], NOW)
        .await
        .unwrap();
    assert_eq!(subject.state(letter).await, LetterState::Held);
    assert_eq!(subject.ledger.counts().await.unwrap().held, 1);
}

async fn a_postponed_filing_is_due_again_and_counts_its_attempts(subject: Subject) {
    let case = subject.letter(1, "Б-404").await;
    let letters = [case.letter];
    subject.decide(&[case], &cancelling).await;
    assert_eq!(
        subject.ledger.due_filings(NOW, 10).await.unwrap()[0].attempts,
        0
    );
    let later = NOW.plus_minutes(1);
    subject
        .ledger
        .postpone_filings(&letters, later)
        .await
        .unwrap();
    assert!(
        subject
            .ledger
            .due_filings(NOW, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        subject.ledger.due_filings(later, 10).await.unwrap()[0].attempts,
        1
    );
}

async fn an_order_is_in_one_pair_of_hands_until_its_lease_runs_out(subject: Subject) {
    let other = subject.second_daemon().await;
    let case = subject.letter(1, "Б-404").await;
    subject.decide(&[case], &cancelling).await;
    let mine = subject.ledger.due_filings(NOW, 10).await.unwrap();
    assert_eq!(mine.len(), 1);
    let soon = NOW.plus_seconds(19);
    assert!(other.due_filings(soon, 10).await.unwrap().is_empty());
    let after_a_crash = NOW.plus_seconds(20);
    let again = other.due_filings(after_a_crash, 10).await.unwrap();
    assert_eq!((again.len(), again[0].attempts), (1, 1));
}

async fn an_order_for_another_place_stays_open(subject: Subject) {
    let mut copy = sighting(1);
    let case = subject.letter(1, "Б-404").await;
    let letter = case.letter;
    subject.decide(&[case], &cancelling).await;
    let order = subject.ledger.due_filings(NOW, 10).await.unwrap().remove(0);
    copy.listed.place.key = "99".to_owned();
    subject.take_in(&copy).await;
    let carried_out = [(letter, order.place)];
    subject
        .ledger
        .settle_filings(&carried_out, NOW)
        .await
        .unwrap();
    let open = subject.ledger.due_filings(NOW, 10).await.unwrap();
    assert_eq!(open.len(), 1, "the copy still lies in the inbox");
    assert_eq!(open[0].place, copy.listed.place);
}

async fn a_ledger_serves_one_mailbox(subject: Subject) {
    let (first, second) = (ContentHash::of(&[b"first"]), ContentHash::of(&[b"second"]));
    subject.ledger.claim_mailbox(&first).await.unwrap();
    subject.ledger.claim_mailbox(&first).await.unwrap();
    let refused = subject.ledger.claim_mailbox(&second).await.unwrap_err();
    assert!(matches!(refused, Failure::Stop { .. }));
    assert!(refused.to_string().contains("database.url"), "{refused}");
    let other = subject.second_daemon().await;
    other.claim_mailbox(&first).await.unwrap();
}
