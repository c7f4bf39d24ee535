//! Filing orders.

use super::subject::{NOW, Subject, cancelling};
use otmena::domain::{Folder, Keyword, LetterState};
use otmena::record::{Attempt, OutboxState};

contract! {
    a_letter_is_filed_when_it_lies_in_its_folder_and_its_answers_are_sent
    a_dead_letter_stays_held_when_it_lies_in_its_folder
    a_postponed_filing_is_due_again_and_counts_its_attempts
}

async fn a_letter_is_filed_when_it_lies_in_its_folder_and_its_answers_are_sent(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    let letter = case.letter;
    subject.decide(&[case], &cancelling).await;
    let order = subject.ledger.due_filings(NOW, 10).await.unwrap().remove(0);
    assert_eq!((order.letter, order.to), (letter, Folder::Processed));
    subject.ledger.settle_filings(&[letter], NOW).await.unwrap();
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
        (order.to, order.keywords),
        (Folder::DeadLetter, vec![Keyword::Number])
    );
    subject.ledger.settle_filings(&[letter], NOW).await.unwrap();
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
