//! Seals show what the chains themselves cannot: entries cut off the end, and chains taken out whole.

use super::subject::{NOW, Subject, cancelling};
use otmena::record::{JournalFault, SEALS};

contract! {
    a_seal_is_made_only_when_something_was_written
    a_chain_cut_at_its_end_is_seen
    a_chain_taken_out_whole_is_seen
    a_seal_that_was_altered_or_cut_off_is_seen
    an_entry_committed_after_a_younger_one_was_sealed_is_sealed_later
    the_export_goes_on_where_it_ended
}

async fn filled(subject: &Subject) -> String {
    subject.import(&["A-1", "A-2"]).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &cancelling).await;
    format!("booking:{}", subject.booking("A-1").await.id.0)
}

async fn faults(subject: &Subject) -> Vec<JournalFault> {
    subject.ledger.verify_all().await.unwrap().faults
}

async fn a_seal_is_made_only_when_something_was_written(subject: Subject) {
    let ledger = &subject.ledger;
    assert_eq!(ledger.seal_journal(NOW).await.unwrap(), None);
    filled(&subject).await;
    let first = ledger.seal_journal(NOW).await.unwrap().unwrap();
    assert_eq!((first.position, first.heads), (1, 2));
    let later = NOW.plus_minutes(1);
    assert_eq!(ledger.seal_journal(later).await.unwrap(), None);
    let case = subject.letter(2, "A-2").await;
    subject.decide(&[case], &cancelling).await;
    let second = ledger.seal_journal(later).await.unwrap().unwrap();
    assert_eq!((second.position, second.heads), (2, 1));
    let verified = ledger.verify_all().await.unwrap();
    assert_eq!((verified.entries, verified.seals), (6, 2));
    assert_eq!(verified.last, Some((2, second.hash)));
    assert_eq!(verified.faults, []);
    assert_eq!(ledger.seal(2).await.unwrap(), Some(second));
    assert_eq!(ledger.seal(3).await.unwrap(), None);
}

async fn a_chain_cut_at_its_end_is_seen(subject: Subject) {
    let chain = filled(&subject).await;
    subject.ledger.seal_journal(NOW).await.unwrap();
    let cut = "DELETE FROM journal WHERE kind = 'slot_freed'";
    assert_eq!(subject.tamper(cut).await, 1);
    assert_eq!(
        faults(&subject).await,
        [JournalFault { chain, position: 3 }]
    );
}

async fn a_chain_taken_out_whole_is_seen(subject: Subject) {
    filled(&subject).await;
    subject.ledger.seal_journal(NOW).await.unwrap();
    let other = format!("booking:{}", subject.booking("A-2").await.id.0);
    let cut = "DELETE FROM journal WHERE chain = \
               (SELECT 'booking:' || id FROM bookings WHERE number = 'A-2')";
    assert_eq!(subject.tamper(cut).await, 1);
    let gone = JournalFault {
        chain: other,
        position: 1,
    };
    assert_eq!(faults(&subject).await, [gone]);
}

async fn a_seal_that_was_altered_or_cut_off_is_seen(subject: Subject) {
    filled(&subject).await;
    subject.ledger.seal_journal(NOW).await.unwrap();
    let seal = |position| JournalFault {
        chain: SEALS.to_owned(),
        position,
    };
    assert_eq!(subject.tamper("UPDATE seals SET at = at + 1").await, 1);
    assert_eq!(faults(&subject).await, [seal(1)]);
    assert_eq!(subject.tamper("UPDATE seals SET at = at - 1").await, 1);
    assert_eq!(faults(&subject).await, []);
    let fewer = "DELETE FROM sealed_heads WHERE chain = \
                 (SELECT 'booking:' || id FROM bookings WHERE number = 'A-2')";
    assert_eq!(subject.tamper(fewer).await, 1);
    assert_eq!(faults(&subject).await, [seal(1)]);
    assert_eq!(subject.tamper("DELETE FROM seals").await, 1);
    assert_eq!(faults(&subject).await, [seal(1)]);
}

/// PostgreSQL gives numbers in the order of the statements, not of the commits.
async fn an_entry_committed_after_a_younger_one_was_sealed_is_sealed_later(subject: Subject) {
    filled(&subject).await;
    let first = subject.ledger.seal_journal(NOW).await.unwrap().unwrap();
    // As if the numbers of everything sealed so far had been higher.
    let sql = "UPDATE seals SET last_id = last_id + 1000000";
    subject.tamper(sql).await;
    let case = subject.letter(2, "A-2").await;
    subject.decide(&[case], &cancelling).await;
    let later = NOW.plus_minutes(1);
    let second = subject.ledger.seal_journal(later).await.unwrap().unwrap();
    assert_eq!((first.heads, second.heads), (2, 1));
}

async fn the_export_goes_on_where_it_ended(subject: Subject) {
    filled(&subject).await;
    let all = subject.ledger.export_journal(0, 100).await.unwrap();
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted_by_key(|numbered| numbered.id));
    let first = subject.ledger.export_journal(0, 3).await.unwrap();
    let rest = subject
        .ledger
        .export_journal(first[2].id, 100)
        .await
        .unwrap();
    assert_eq!([first, rest].concat(), all);
}
