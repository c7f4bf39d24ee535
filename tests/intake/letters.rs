//! Listing and fetching on a real Dovecot.

use super::*;
use otmena::domain::Moment;
use otmena::intake::OVER_CAP_BYTES;

#[tokio::test]
async fn list_gives_all_letters_by_uid_with_the_time_of_receipt_and_size() {
    let dovecot = &shared();
    let dates = ["05-Feb-2026 10:22:09 +0300", " 1-Jan-2025 00:00:00 +0000"];
    for (mark, date) in ["l1", "l2"].iter().zip(dates) {
        dovecot.append("listed", "INBOX", &letter(mark), Some(date));
    }
    let mut mailbox = mailbox(dovecot, "listed").await;
    let listed = mailbox.list().await.unwrap();
    let keys: Vec<&str> = listed.iter().map(|one| one.place.key.as_str()).collect();
    assert_eq!(keys, ["1", "2"]);
    let received: Vec<Option<Moment>> = ["2026-02-05T07:22:09Z", "2025-01-01T00:00:00Z"]
        .map(Moment::parse_rfc3339)
        .to_vec();
    assert_eq!(
        listed
            .iter()
            .map(|one| Some(one.received_at))
            .collect::<Vec<_>>(),
        received
    );
    assert_eq!(listed[0].size, letter("l1").len() as u64);
    assert!(listed[0].place.validity > 0);
    // Nothing new: the same again, from what EXISTS said.
    assert_eq!(mailbox.list().await.unwrap(), listed);
}

#[tokio::test]
async fn list_sees_letters_come_and_go_between_two_calls() {
    let dovecot = &shared();
    for mark in ["a", "b", "c"] {
        dovecot.append("changing", "INBOX", &letter(mark), None);
    }
    let mut mailbox = mailbox(dovecot, "changing").await;
    assert_eq!(mailbox.list().await.unwrap().len(), 3);
    let remove = |uid: &str| {
        let store = format!("UID STORE {uid} +FLAGS (\\Deleted)");
        dovecot.commands("changing", &["SELECT INBOX", &store, "EXPUNGE"]);
    };
    let append = |mark| dovecot.append("changing", "INBOX", &letter(mark), None);
    remove("2");
    assert_eq!(keys(&mut mailbox).await, ["1", "3"]);
    append("d");
    remove("1");
    assert_eq!(keys(&mut mailbox).await, ["3", "4"]);
    remove("3");
    append("e");
    assert_eq!(keys(&mut mailbox).await, ["4", "5"]);
    remove("4:5");
    assert!(keys(&mut mailbox).await.is_empty());
}

async fn keys(mailbox: &mut Box<dyn Mailbox>) -> Vec<String> {
    let listed = mailbox.list().await.unwrap();
    listed.into_iter().map(|one| one.place.key).collect()
}

#[tokio::test]
async fn list_holds_thousands_of_letters_in_several_commands() {
    let dovecot = &shared();
    let inbox = dovecot.home_of("many").join("Maildir");
    dovecot.append("many", "INBOX", &letter("first"), None);
    for number in 0..4_500 {
        let file = inbox
            .join("new")
            .join(format!("{}.M{number}.test", 1_700_000_000 + number));
        std::fs::write(file, letter("m")).unwrap();
    }
    let mut mailbox = mailbox(dovecot, "many").await;
    let listed = mailbox.list().await.unwrap();
    assert_eq!(listed.len(), 4_501);
    let uids: Vec<u32> = listed
        .iter()
        .map(|one| one.place.key.parse().unwrap())
        .collect();
    assert!(uids.is_sorted());
    let some = mailbox.fetch(&listed[..450]).await.unwrap();
    assert_eq!(some.len(), 450);
}

#[tokio::test]
async fn fetch_gives_the_bytes_unchanged_and_sets_no_flag() {
    let dovecot = &shared();
    let mut strange = b"Subject: \xff\xfe\r\n\r\n.\r\n* 1 EXPUNGE\r\no5 OK done {5}\r\n".to_vec();
    strange.extend((1..=255).filter(|byte| *byte != b'\n' && *byte != b'\r'));
    strange.extend(b"\r\n");
    let letters = [letter("plain"), strange, b"\r\n".to_vec()];
    for bytes in &letters {
        dovecot.append("fetched", "INBOX", bytes, None);
    }
    let mut mailbox = mailbox(dovecot, "fetched").await;
    let mut listed = mailbox.list().await.unwrap();
    listed.reverse();
    let fetched = mailbox.fetch(&listed).await.unwrap();
    let bytes: Vec<&[u8]> = fetched.iter().map(|raw| raw.bytes.as_slice()).collect();
    assert_eq!(bytes, [&letters[2][..], &letters[1], &letters[0]]);
    assert!(fetched.iter().all(|raw| !raw.over_cap));
    let found = dovecot.letters_in("fetched", "INBOX");
    assert!(found.iter().all(|letter| letter.keywords.is_empty()));
}

#[tokio::test]
async fn a_letter_over_the_cap_is_fetched_in_its_first_part_only() {
    let dovecot = &shared();
    let mut huge = letter("huge");
    huge.extend("строка текста\r\n".repeat(40_000).into_bytes());
    dovecot.append("huge", "INBOX", &letter("small"), None);
    dovecot.append("huge", "INBOX", &huge, None);
    let mut settings = settings(dovecot, "huge");
    settings.max_size = "300KB".to_owned();
    let mut mailbox = opened(settings).await;
    let listed = mailbox.list().await.unwrap();
    assert_eq!(listed[1].size, huge.len() as u64);
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert_eq!((fetched[0].over_cap, fetched[1].over_cap), (false, true));
    assert_eq!(fetched[1].bytes, huge[..OVER_CAP_BYTES as usize]);
}

#[tokio::test]
async fn a_letter_gone_between_list_and_fetch_is_left_out() {
    let dovecot = &shared();
    for mark in ["stays", "goes"] {
        dovecot.append("gone", "INBOX", &letter(mark), None);
    }
    let mut mailbox = mailbox(dovecot, "gone").await;
    let mut listed = mailbox.list().await.unwrap();
    dovecot.commands(
        "gone",
        &["SELECT INBOX", "UID STORE 2 +FLAGS (\\Deleted)", "EXPUNGE"],
    );
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert_eq!(fetched.len(), 1);
    assert_eq!(fetched[0].bytes, letter("stays"));
    listed[0].place.validity += 1;
    assert_eq!(mailbox.fetch(&listed).await.unwrap(), []);
}

#[tokio::test]
async fn another_uidvalidity_ends_the_session_and_shows_in_the_next_listing() {
    let dovecot = &shared();
    dovecot.append("validity", "INBOX", &letter("v"), None);
    let mut first = mailbox(dovecot, "validity").await;
    let before = first.list().await.unwrap();
    dovecot.change_uidvalidity("validity", "INBOX", 77_777);
    assert!(first.list().await.is_err());
    assert!(first.list().await.is_err(), "a spent session stays spent");
    let mut second = mailbox(dovecot, "validity").await;
    let after = second.list().await.unwrap();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].place.validity, 77_777);
    assert_ne!(before[0].place, after[0].place);
    assert_eq!(second.fetch(&before).await.unwrap(), []);
}

#[tokio::test]
async fn a_killed_server_is_an_error_and_never_an_empty_list() {
    let mut dovecot = Dovecot::start(DovecotOptions::default());
    dovecot.deliver_lmtp("u", &letter("kept"));
    let mut listing = mailbox(&dovecot, "u").await;
    let mut fetching = mailbox(&dovecot, "u").await;
    let listed = fetching.list().await.unwrap();
    dovecot.kill();
    assert!(listing.list().await.unwrap_err().is_passing());
    assert!(fetching.fetch(&listed).await.unwrap_err().is_passing());
    let refused = open(&MailboxSettings::Imap(settings(&dovecot, "u"))).await;
    assert!(refused.err().unwrap().is_passing());
    dovecot.restart();
    let mut again = mailbox(&dovecot, "u").await;
    assert_eq!(again.list().await.unwrap(), listed);
}
