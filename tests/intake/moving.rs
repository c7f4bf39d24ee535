//! Moving letters and placing letters of ours on a real Dovecot.

use super::*;
use otmena::intake::Moved;

const SUBJECTS: [&str; 3] = ["one", "two", "three"];

async fn filled(dovecot: &Dovecot, user: &str) -> (Box<dyn Mailbox>, Vec<Listed>) {
    for mark in SUBJECTS {
        dovecot.append(user, "INBOX", &letter(mark), None);
    }
    let mut mailbox = mailbox(dovecot, user).await;
    let listed = mailbox.list().await.unwrap();
    (mailbox, listed)
}

fn bodies(dovecot: &Dovecot, user: &str, folder: &str) -> Vec<Vec<u8>> {
    let found = dovecot.letters_in(user, folder);
    found.into_iter().map(|letter| letter.bytes).collect()
}

/// One to «Обработано», two to «Разбор» with different keywords.
async fn files_three_letters(dovecot: &Dovecot, user: &str) {
    let (mut mailbox, listed) = filled(dovecot, user).await;
    let [one, two, three] = listed.as_slice() else {
        panic!("three letters are expected");
    };
    let moves = [
        order(one, Folder::DeadLetter, &[Keyword::Number, Keyword::Sender]),
        order(two, Folder::Processed, &[]),
        order(three, Folder::DeadLetter, &[Keyword::Wish]),
    ];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done; 3]);
    assert_eq!(bodies(dovecot, user, "Обработано"), [letter("two")]);
    let dead = dovecot.letters_in(user, "Разбор");
    let mut tagged: Vec<(Vec<u8>, Vec<String>)> = dead
        .into_iter()
        .map(|letter| (letter.bytes, letter.keywords))
        .collect();
    tagged.sort_by_key(|(_, keywords)| keywords.len());
    let expected = [
        (letter("three"), vec!["otmena-wish".to_owned()]),
        (
            letter("one"),
            vec!["otmena-number".to_owned(), "otmena-sender".to_owned()],
        ),
    ];
    assert_eq!(tagged, expected);
    assert!(dovecot.letters_in(user, "INBOX").is_empty());
    // The same order again changes nothing.
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done; 3]);
    assert_eq!(dovecot.letters_in(user, "Разбор").len(), 2);
    assert_eq!(mailbox.list().await.unwrap(), []);
}

#[tokio::test]
async fn file_away_moves_by_target_with_keywords() {
    files_three_letters(&shared(), "moves").await;
}

#[tokio::test]
async fn without_move_letters_are_copied_and_expunged() {
    let dovecot = Dovecot::start(DovecotOptions {
        without: vec!["MOVE"],
        ..DovecotOptions::default()
    });
    files_three_letters(&dovecot, "u").await;
    // What others marked as deleted is not expunged with ours.
    let (mut mailbox, listed) = filled(&dovecot, "marked").await;
    dovecot.commands("marked", &["SELECT INBOX", "STORE 1 +FLAGS (\\Deleted)"]);
    let moves = [order(&listed[1], Folder::Processed, &[])];
    mailbox.file_away(&moves).await.unwrap();
    let left = bodies(&dovecot, "marked", "INBOX");
    assert_eq!(left, [letter("one"), letter("three")]);
}

#[tokio::test]
async fn file_away_works_on_sdbox() {
    let dovecot = Dovecot::start(DovecotOptions {
        mail_location: "sdbox:~/sdbox",
        ..DovecotOptions::default()
    });
    files_three_letters(&dovecot, "u").await;
}

#[tokio::test]
async fn a_letter_already_gone_counts_as_done() {
    let dovecot = &shared();
    let (mut mailbox, listed) = filled(dovecot, "already").await;
    let mut elsewhere = order(&listed[0], Folder::Processed, &[]);
    elsewhere.from.validity += 1;
    let missing = Move {
        from: nowhere(listed[0].place.validity),
        ..elsewhere.clone()
    };
    let outcomes = mailbox.file_away(&[elsewhere, missing]).await.unwrap();
    assert_eq!(outcomes, [Moved::Done; 2]);
    assert_eq!(dovecot.letters_in("already", "INBOX").len(), 3);
}

#[tokio::test]
async fn hundreds_of_letters_move_in_sets() {
    let dovecot = &shared();
    dovecot.append("set", "INBOX", &letter("first"), None);
    let new = dovecot.home_of("set").join("Maildir/new");
    for number in 0..449 {
        std::fs::write(new.join(format!("17000{number:05}.M1.test")), letter("n")).unwrap();
    }
    let mut mailbox = mailbox(dovecot, "set").await;
    let listed = mailbox.list().await.unwrap();
    let moves: Vec<Move> = listed
        .iter()
        .map(|one| order(one, Folder::Processed, &[]))
        .collect();
    assert_eq!(
        mailbox.file_away(&moves).await.unwrap(),
        vec![Moved::Done; 450]
    );
    assert_eq!(dovecot.letters_in("set", "Обработано").len(), 450);
}

#[tokio::test]
async fn a_deleted_folder_is_created_again() {
    let dovecot = &shared();
    let (mut mailbox, listed) = filled(dovecot, "deleted").await;
    let gone = "DELETE \"&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-\"";
    dovecot.commands("deleted", &[gone]);
    let moves = [order(&listed[0], Folder::Processed, &[])];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done]);
    assert_eq!(bodies(dovecot, "deleted", "Обработано"), [letter("one")]);
}

#[tokio::test]
async fn a_full_archive_is_not_yet_and_the_session_lives_on() {
    let dovecot = Dovecot::start(DovecotOptions {
        archive_quota: Some(100),
        ..DovecotOptions::default()
    });
    for mark in SUBJECTS {
        dovecot.append("u", "INBOX", &letter(mark), None);
    }
    let mut settings = settings(&dovecot, "u");
    settings.processed = "Archive/Обработано".to_owned();
    let mut mailbox = opened(settings).await;
    let listed = mailbox.list().await.unwrap();
    let all: Vec<Move> = listed
        .iter()
        .map(|one| order(one, Folder::Processed, &[]))
        .collect();
    assert_eq!(mailbox.file_away(&all).await.unwrap(), [Moved::NotYet; 3]);
    assert_eq!(mailbox.list().await.unwrap(), listed);
    let other = [order(&listed[1], Folder::DeadLetter, &[])];
    assert_eq!(mailbox.file_away(&other).await.unwrap(), [Moved::Done]);
}

#[tokio::test]
async fn place_puts_a_letter_once() {
    let dovecot = &shared();
    let mut mailbox = mailbox(dovecot, "placed").await;
    for maybe_there in [false, true] {
        let note = placing("note", Folder::DeadLetter, maybe_there);
        assert_eq!(mailbox.place(&note).await.unwrap(), Moved::Done);
    }
    // Nothing is known of another one, although it may be there.
    let other = placing("other", Folder::DeadLetter, true);
    assert_eq!(mailbox.place(&other).await.unwrap(), Moved::Done);
    let found = dovecot.letters_in("placed", "Разбор");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].bytes, letter("note"));
    assert_eq!(found[1].bytes, letter("other"));
    assert!(!found[0].keywords.contains(&"\\Seen".to_owned()));
    assert_eq!(mailbox.list().await.unwrap(), []);
}

#[tokio::test]
async fn place_before_any_listing_keeps_its_keywords_and_creates_its_folder() {
    let dovecot = &shared();
    let mut mailbox = mailbox(dovecot, "first-placed").await;
    dovecot.commands(
        "first-placed",
        &["DELETE \"&BCAEMAQ3BDEEPgRA-/&BB4EQgQ6BDAENwQwBEIETA-\""],
    );
    let note = placing("note", Folder::Refuse, true);
    assert_eq!(mailbox.place(&note).await.unwrap(), Moved::Done);
    let found = dovecot.letters_in("first-placed", "Разбор/Отказать");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].keywords, ["otmena-number"]);
    // A folder that is gone holds nothing that could still be moved.
    let mut gone = nowhere(1);
    gone.folder = Folder::Retry;
    dovecot.commands(
        "first-placed",
        &["DELETE \"&BCAEMAQ3BDEEPgRA-/&BB8EPgQyBEIEPgRABDgEQgRM-\""],
    );
    let moves = [Move {
        from: gone,
        to: Folder::Inbox,
        keywords: Vec::new(),
    }];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done]);
}

#[tokio::test]
async fn place_over_quota_is_not_yet() {
    let dovecot = Dovecot::start(DovecotOptions {
        quota: Some(50),
        ..DovecotOptions::default()
    });
    let mut mailbox = mailbox(&dovecot, "u").await;
    let note = placing("note", Folder::DeadLetter, false);
    assert_eq!(mailbox.place(&note).await.unwrap(), Moved::NotYet);
    assert_eq!(mailbox.list().await.unwrap(), []);
    assert!(
        dovecot
            .try_deliver_lmtp("u", &letter("l"))
            .starts_with("552")
    );
}
