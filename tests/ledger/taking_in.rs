//! Letters are known by their bytes.

use super::subject::{NOW, Subject, cancelling, case, sighting};
use otmena::domain::{LetterState, Moment};

contract! {
    the_same_bytes_are_the_same_letter_and_keep_their_first_receipt_time
    a_batch_is_answered_in_order_and_counts_two_copies_as_one_attempt
    an_attempt_counts_for_the_letter_in_hand_alone
    a_found_again_letter_gets_a_filing_order_for_its_new_place
    a_rescan_does_not_hurry_a_postponed_filing
}

async fn the_same_bytes_are_the_same_letter_and_keep_their_first_receipt_time(subject: Subject) {
    let mut sighting = sighting(1);
    let first = subject.take_in(&sighting).await;
    assert_eq!((first.attempts, first.decided), (1, false));
    sighting.listed.received_at = NOW.plus_hours(5);
    sighting.listed.place.validity = 8;
    let second = subject.take_in(&sighting).await;
    assert_eq!(second.letter, first.letter);
    assert_eq!(second.received_at, first.received_at);
    assert_eq!(second.attempts, 2);
    let record = subject.ledger.letter(first.letter).await.unwrap().unwrap();
    assert_eq!(record.place, sighting.listed.place);
    assert_eq!(record.state, LetterState::TakenIn);
    assert_eq!((record.raw_hash, record.size), (sighting.raw_hash, 2_000));
}

async fn a_batch_is_answered_in_order_and_counts_two_copies_as_one_attempt(subject: Subject) {
    let letters = [sighting(3), sighting(1), sighting(3), sighting(2)];
    let taken = subject.ledger.take_in(&letters, NOW).await.unwrap();
    let received: Vec<Moment> = taken.iter().map(|t| t.received_at).collect();
    let expected: Vec<Moment> = letters.iter().map(|l| l.listed.received_at).collect();
    assert_eq!(received, expected);
    assert_eq!(taken[0], taken[2]);
    assert_ne!(taken[1].letter, taken[3].letter);
    assert!(taken.iter().all(|t| t.attempts == 1));
    assert_eq!(subject.ledger.counts().await.unwrap().letters, 3);
}

async fn an_attempt_counts_for_the_letter_in_hand_alone(subject: Subject) {
    let letters = [sighting(1), sighting(2)];
    let first = subject.ledger.take_in(&letters, NOW).await.unwrap();
    for attempt in 3..6 {
        let again = subject.ledger.take_in(&letters, NOW).await.unwrap();
        let in_hand = again[0].letter;
        assert_eq!(in_hand, first[0].letter);
        subject.ledger.take_in_hand(in_hand).await.unwrap();
        let after = subject.ledger.take_in(&letters, NOW).await.unwrap();
        let attempts: Vec<u32> = after.iter().map(|taken| taken.attempts).collect();
        assert_eq!(attempts, [attempt, 2]);
    }
}

async fn a_found_again_letter_gets_a_filing_order_for_its_new_place(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut sighting = sighting(1);
    let taken = subject.take_in(&sighting).await;
    let case = case(&taken, &sighting, "A-1");
    subject
        .decide(std::slice::from_ref(&case), &cancelling)
        .await;
    let orders = subject.ledger.due_filings(NOW, 10).await.unwrap();
    assert_eq!(orders[0].attempts, 0);
    let done = [(case.letter, orders[0].place.clone())];
    subject.ledger.settle_filings(&done, NOW).await.unwrap();
    assert!(
        subject
            .ledger
            .due_filings(NOW, 10)
            .await
            .unwrap()
            .is_empty()
    );

    sighting.listed.place.validity = 8;
    let again = subject.take_in(&sighting).await;
    assert!(again.decided);
    let orders = subject.ledger.due_filings(NOW, 10).await.unwrap();
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].place, sighting.listed.place);
    assert_eq!(orders[0].attempts, 1, "the note may lie there already");
    let outcomes = subject
        .ledger
        .decide(&[case], &cancelling, NOW)
        .await
        .unwrap();
    assert!(outcomes.is_empty(), "it is not decided twice");
}

async fn a_rescan_does_not_hurry_a_postponed_filing(subject: Subject) {
    let sighting = sighting(1);
    let taken = subject.take_in(&sighting).await;
    let case = case(&taken, &sighting, "A-1");
    subject.decide(&[case], &cancelling).await;
    let later = NOW.plus_minutes(10);
    let letters = [taken.letter];
    subject
        .ledger
        .postpone_filings(&letters, later)
        .await
        .unwrap();
    subject.take_in(&sighting).await;
    assert!(
        subject
            .ledger
            .due_filings(NOW, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        subject.ledger.due_filings(later, 10).await.unwrap().len(),
        1
    );
}
