//! `journal verify` shows what was altered behind the program's back.

use super::subject::{NOW, Subject, cancelling};
use otmena::record::JournalFault;

contract! {
    an_untouched_journal_verifies
    an_altered_entry_is_named
    a_removed_entry_is_shown_by_the_one_behind_it
}

async fn filled(subject: &Subject) -> String {
    subject.import(&["A-1", "A-2"]).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &cancelling).await;
    format!("booking:{}", subject.booking("A-1").await.id.0)
}

async fn an_untouched_journal_verifies(subject: Subject) {
    let chain = filled(&subject).await;
    let entries = subject.ledger.journal(&chain).await.unwrap();
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| entry.at == NOW));
    let verified = subject.ledger.verify_journal().await.unwrap();
    assert_eq!(verified, (4, Vec::new()));
}

async fn an_altered_entry_is_named(subject: Subject) {
    let chain = filled(&subject).await;
    let sql = "UPDATE journal SET data = '{\"letter\":2}' WHERE kind = 'booking_cancelled'";
    assert_eq!(subject.tamper(sql).await, 1);
    let (_, faults) = subject.ledger.verify_journal().await.unwrap();
    assert_eq!(faults, [JournalFault { chain, position: 2 }]);
}

async fn a_removed_entry_is_shown_by_the_one_behind_it(subject: Subject) {
    let chain = filled(&subject).await;
    let sql = "DELETE FROM journal WHERE kind = 'booking_cancelled'";
    assert_eq!(subject.tamper(sql).await, 1);
    let (checked, faults) = subject.ledger.verify_journal().await.unwrap();
    assert_eq!(checked, 3);
    assert_eq!(faults, [JournalFault { chain, position: 3 }]);
}
