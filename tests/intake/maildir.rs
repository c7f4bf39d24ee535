//! The Maildir keeps the same contract.

use super::*;
use otmena::config::MaildirSettings;
use otmena::domain::Moment;
use otmena::intake::{Moved, OVER_CAP_BYTES, Woken, maildir::deliver, probe};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const PROCESSED: &str = ".&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-";
const DEAD_LETTER: &str = ".&BCAEMAQ3BDEEPgRA-";

fn settings_of(path: &Path) -> MailboxSettings {
    let text = format!(
        "path = {:?}\nmax_size = \"300KB\"\n",
        path.display().to_string()
    );
    MailboxSettings::Maildir(toml::from_str::<MaildirSettings>(&text).unwrap())
}

fn at(seconds: i64) -> Moment {
    Moment::from_seconds(1_770_000_000 + seconds)
}

/// A Maildir with letters of these marks, received a second apart, and its mailbox.
async fn filled(marks: &[&str]) -> (TempDir, Box<dyn Mailbox>) {
    let home = TempDir::new().unwrap();
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(home.path().join(part)).unwrap();
    }
    for (number, mark) in (0..).zip(marks) {
        deliver(home.path(), &letter(mark), at(number), 7).unwrap();
    }
    let mut mailbox = open(&settings_of(home.path())).await.unwrap();
    mailbox.prepare().await.unwrap();
    (home, mailbox)
}

fn files(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ["new", "cur", "tmp"]
        .iter()
        .flat_map(|part| std::fs::read_dir(path.join(part)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

fn bodies(path: &Path) -> Vec<Vec<u8>> {
    let all = files(path);
    all.iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect()
}

#[tokio::test]
async fn maildir_lists_and_fetches_new_and_cur_in_order_of_arrival() {
    let (home, mut mailbox) = filled(&["one", "two", "three"]).await;
    // A mail program has seen the first one.
    let first = files(home.path()).remove(0);
    let name = first.file_name().unwrap().to_str().unwrap().to_owned();
    std::fs::rename(&first, home.path().join("cur").join(format!("{name}:2,S"))).unwrap();
    let listed = mailbox.list().await.unwrap();
    let received: Vec<Moment> = listed.iter().map(|one| one.received_at).collect();
    assert_eq!(received, [at(0), at(1), at(2)]);
    assert_eq!(listed[0].place.key, name);
    assert!(listed.iter().all(|one| one.place.validity == 0));
    let fetched = mailbox.fetch(&listed).await.unwrap();
    let bytes: Vec<Vec<u8>> = fetched.into_iter().map(|raw| raw.bytes).collect();
    assert_eq!(bytes, [letter("one"), letter("two"), letter("three")]);
}

#[tokio::test]
async fn a_letter_whose_name_holds_no_time_is_dated_by_its_file() {
    let (home, mut mailbox) = filled(&[]).await;
    std::fs::write(home.path().join("new/1.letter"), letter("undated")).unwrap();
    let listed = mailbox.list().await.unwrap();
    assert!(listed[0].received_at > at(0));
    use std::os::unix::ffi::OsStrExt;
    let strange = std::ffi::OsStr::from_bytes(b"1770000000.\xff\xfe");
    std::fs::write(home.path().join("new").join(strange), letter("strange")).unwrap();
    let listed = mailbox.list().await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(mailbox.fetch(&listed).await.unwrap().len(), 2);
}

#[tokio::test]
async fn maildir_reads_a_letter_over_the_cap_in_its_first_part_only() {
    let (home, mut mailbox) = filled(&[]).await;
    let huge = "x".repeat(400 * 1024);
    deliver(home.path(), huge.as_bytes(), at(0), 0).unwrap();
    deliver(home.path(), b"", at(1), 0).unwrap();
    let listed = mailbox.list().await.unwrap();
    let fetched = mailbox.fetch(&listed).await.unwrap();
    assert!(fetched[0].over_cap);
    assert_eq!(fetched[0].bytes.len() as u64, OVER_CAP_BYTES);
    assert_eq!((fetched[1].over_cap, fetched[1].bytes.len()), (false, 0));
}

#[tokio::test]
async fn maildir_files_letters_away_and_keeps_their_flags() {
    let (home, mut mailbox) = filled(&["one", "two"]).await;
    let listed = mailbox.list().await.unwrap();
    let mut moves = vec![
        order(&listed[0], Folder::Processed, &[]),
        order(&listed[1], Folder::DeadLetter, &[Keyword::Wish]),
    ];
    // Renamed by a mail program after the listing.
    let key = &listed[0].place.key;
    let seen = home.path().join("cur").join(format!("{key}:2,RS"));
    std::fs::rename(home.path().join("new").join(key), seen).unwrap();
    moves.push(Move {
        from: nowhere(0),
        to: Folder::Refuse,
        keywords: Vec::new(),
    });
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done; 3]);
    let filed = home
        .path()
        .join(PROCESSED)
        .join("cur")
        .join(format!("{key}:2,RS"));
    assert_eq!(std::fs::read(filed).unwrap(), letter("one"));
    assert_eq!(bodies(&home.path().join(DEAD_LETTER)), [letter("two")]);
    assert_eq!(mailbox.list().await.unwrap(), []);
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done; 3]);
    assert_eq!(files(&home.path().join(PROCESSED)).len(), 1);
}

#[tokio::test]
async fn a_letter_of_the_same_name_is_not_overwritten() {
    let (home, mut mailbox) = filled(&["one"]).await;
    let listed = mailbox.list().await.unwrap();
    let target = home.path().join(PROCESSED).join("cur");
    let taken = target.join(format!("{}:2,", listed[0].place.key));
    std::fs::write(taken, letter("another")).unwrap();
    let moves = [order(&listed[0], Folder::Processed, &[])];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done]);
    let mut found = bodies(&home.path().join(PROCESSED));
    found.sort();
    assert_eq!(found, [letter("another"), letter("one")]);
    assert_eq!(mailbox.list().await.unwrap(), []);
}

#[tokio::test]
async fn maildir_places_a_letter_once() {
    let (home, mut mailbox) = filled(&[]).await;
    for maybe_there in [false, true, true] {
        let note = placing("note", Folder::DeadLetter, maybe_there);
        assert_eq!(mailbox.place(&note).await.unwrap(), Moved::Done);
    }
    assert_eq!(bodies(&home.path().join(DEAD_LETTER)), [letter("note")]);
}

#[tokio::test]
async fn maildir_wakes_on_delivery_and_on_cancelling() {
    let (home, mut mailbox) = filled(&["old"]).await;
    let stop = CancellationToken::new();
    let (short, long) = (Duration::from_millis(10), Duration::from_secs(60));
    mailbox.list().await.unwrap();
    assert_eq!(mailbox.wait(short, &stop).await.unwrap(), Woken::Timeout);
    let path = home.path().to_owned();
    let delivery = tokio::task::spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(100));
        deliver(&path, &letter("news"), at(9), 0).unwrap();
    });
    assert_eq!(mailbox.wait(long, &stop).await.unwrap(), Woken::News);
    delivery.await.unwrap();
    assert_eq!(mailbox.list().await.unwrap().len(), 2);
    let cancel = stop.clone();
    let cancelling = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cancel.cancel();
    });
    assert_eq!(mailbox.wait(long, &stop).await.unwrap(), Woken::Cancelled);
    cancelling.await.unwrap();
    mailbox.close().await;
}

#[tokio::test]
async fn a_missing_maildir_stops_and_a_vanished_one_is_an_error() {
    let missing = open(&settings_of(Path::new("/nonexistent/maildir"))).await;
    let failure = missing.err().unwrap();
    assert!(!failure.is_passing());
    assert!(failure.to_string().contains("mailbox.path"));
    let (home, mut mailbox) = filled(&["one"]).await;
    std::fs::remove_dir_all(home.path().join("new")).unwrap();
    std::fs::remove_dir_all(home.path().join("cur")).unwrap();
    assert!(mailbox.list().await.unwrap_err().is_passing());
}

#[tokio::test]
async fn dovecot_reads_the_folders_that_maildir_made() {
    let dovecot = &shared();
    let path = dovecot.home_of("maildir").join("Maildir");
    dovecot.append("maildir", "INBOX", &letter("local"), None);
    let mut mailbox = open(&settings_of(&path)).await.unwrap();
    mailbox.prepare().await.unwrap();
    let listed = mailbox.list().await.unwrap();
    let moves = [order(&listed[0], Folder::CancelBooking, &[])];
    assert_eq!(mailbox.file_away(&moves).await.unwrap(), [Moved::Done]);
    for folder in dovecot.folders("maildir") {
        let expected = usize::from(folder == "Разбор/Отменить запись");
        assert_eq!(
            found_as_mail_user(dovecot, &path, &folder),
            expected,
            "{folder}"
        );
    }
    let facts = probe(&settings_of(&path), None).await.unwrap();
    assert!(facts.folders.iter().all(|folder| folder.exists));
    assert_eq!(facts.letters, 0);
}

/// Dovecot's user must own what root made here.
fn found_as_mail_user(dovecot: &Dovecot, path: &Path, folder: &str) -> usize {
    let owned = std::process::Command::new("chown")
        .args(["-R", "mail:mail"])
        .arg(path)
        .status();
    assert!(owned.unwrap().success());
    dovecot.letters_in("maildir", folder).len()
}
