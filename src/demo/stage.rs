//! Where the demo plays: a folder with its own settings, database, Maildir and answers.

use crate::cli::bookings::csv_file;
use crate::clock::FixedClock;
use crate::config;
use crate::daemon::Workshop;
use crate::domain::{ContentHash, Folder, Moment};
use crate::failure::Failure;
use crate::file_away::folders::{FolderNames, Naming};
use crate::intake::maildir;
use crate::record::{self, OutboxState};
use crate::reply::LetterKind;
use crate::telemetry::Health;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Marks a folder as the demo's own, so that nothing else is ever emptied.
const MARK: &str = ".otmena-demo";

/// The settings of the demo. The secret protects nothing: everything here is invented.
const SETTINGS: &str = r#"[database]
url = "sqlite:otmena.db"

[mailbox]
kind = "maildir"
path = "mailbox"
since = "2027-01-01T00:00:00Z"

[smtp]
kind = "folder"
path = "answers"
from = "Отмена записи <cancel@demo.example>"

[sender]
authserv_id = "mx.demo.example"
dkim = false
plus_address = true
token_secret = "a secret of the demo that protects nothing"
"#;

/// The stage, set.
pub(super) struct Stage {
    pub(super) workshop: Arc<Workshop>,
    pub(super) clock: Arc<FixedClock>,
    pub(super) answers: PathBuf,
    pub(super) papers: PathBuf,
    mailbox: PathBuf,
    delivered: AtomicU64,
}

impl Stage {
    /// Empties `folder` if an earlier demo made it, and sets everything up in it.
    pub(super) async fn build(folder: &Path, now: Moment) -> Result<Self, Failure> {
        let fault = |cause| {
            Failure::stop_because(
                format!("the demo's folder {} cannot be made", folder.display()),
                "Name another with --folder",
                cause,
            )
        };
        clear(folder).map_err(fault)?;
        let inside = |name: &str| folder.join(name);
        let mailbox = inside("mailbox");
        for path in [inside("answers"), inside("documents")] {
            std::fs::create_dir_all(path).map_err(fault)?;
        }
        for path in ["cur", "new", "tmp"] {
            std::fs::create_dir_all(mailbox.join(path)).map_err(fault)?;
        }
        std::fs::write(inside("otmena.toml"), SETTINGS).map_err(fault)?;
        let clock = Arc::new(FixedClock::new(now));
        let loaded = config::load_with(&inside("otmena.toml"), [])?;
        let url = &loaded.settings.database.url;
        record::migrate(url).await?;
        let ledger = record::open(url, loaded.settings.limits()).await?;
        let own_clock = Arc::<FixedClock>::clone(&clock);
        // Two runs give the same documents; the key protects nothing.
        let key = ledger.document_key(&[0x5a; 32], now).await?;
        let workshop = Workshop::new(loaded, ledger, own_clock, Health::new(now), key)?;
        let bookings = csv_file::parse(super::samples::BOOKINGS.as_bytes()).map_err(|faults| {
            Failure::stop(
                format!("the demo's bookings have {} bad lines", faults.len()),
                "Mend fixtures/demo/bookings.csv",
            )
        })?;
        workshop
            .journey
            .ledger
            .import_bookings(&bookings, now)
            .await?;
        Ok(Self {
            workshop: Arc::new(workshop),
            clock,
            answers: inside("answers"),
            papers: inside("documents"),
            mailbox,
            delivered: AtomicU64::new(0),
        })
    }

    /// Puts a letter into the mailbox.
    pub(super) fn deliver(&self, bytes: &[u8], received_at: Moment) -> Result<(), Failure> {
        let sequence = self.delivered.fetch_add(1, Ordering::SeqCst);
        maildir::deliver(&self.mailbox, bytes, received_at, sequence)
            .map(drop)
            .map_err(|cause| {
                Failure::stop_because("a letter cannot be delivered", "Free some space", cause)
            })
    }

    /// «ДА» in reply to the confirmation letter that `first` caused, as its citizen would send it.
    pub(super) async fn consent(&self, first: &[u8], at: Moment) -> Result<Vec<u8>, Failure> {
        let missing = || Failure::stop("the demo's confirmation letter is missing", "Report this");
        let sender = crate::read::read(first).sender.ok_or_else(missing)?;
        let sent = self
            .workshop
            .journey
            .ledger
            .outbox(Some(OutboxState::Sent), 1_000)
            .await?;
        let challenge = sent
            .iter()
            .map(|row| &row.letter)
            .find(|letter| letter.kind == LetterKind::ConfirmFirst && letter.recipient == sender)
            .ok_or_else(missing)?;
        let date = at.timestamp().strftime("%a, %d %b %Y %H:%M:%S +0000");
        Ok(format!(
            "From: <{}>\r\nTo: <cancel@demo.example>\r\nSubject: =?utf-8?B?{}?=\r\nDate: {date}\r\n\
             Message-ID: <consent@demo.example>\r\nIn-Reply-To: <{}>\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\
             ДА\r\n",
            sender.as_str(),
            data_encoding::BASE64.encode("Re: Подтвердите, пожалуйста".as_bytes()),
            challenge.message_id.as_str(),
        )
        .into_bytes())
    }

    /// The word for the folder in which the letter with these bytes lies.
    pub(super) fn folder_of(&self, bytes: &[u8]) -> Option<String> {
        let names = FolderNames::new(Naming {
            inbox: "INBOX",
            processed: "Обработано",
            dead_letter: "Разбор",
            prefix: "",
            delimiter: Some('.'),
        })
        .ok()?;
        let wanted = ContentHash::of(&[bytes]);
        Folder::ALL
            .into_iter()
            .find(|folder| {
                let path = match folder {
                    Folder::Inbox => self.mailbox.clone(),
                    Folder::Processed
                    | Folder::Automatic
                    | Folder::DeadLetter
                    | Folder::Retry
                    | Folder::CancelBooking
                    | Folder::Refuse => self.mailbox.join(format!(".{}", names.encoded(*folder))),
                };
                ["new", "cur"]
                    .iter()
                    .any(|part| holds(&path.join(part), &wanted))
            })
            .map(|folder| folder.code().to_owned())
    }
}

fn holds(folder: &Path, wanted: &ContentHash) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        std::fs::read(entry.path()).is_ok_and(|bytes| ContentHash::of(&[&bytes]) == *wanted)
    })
}

/// Makes the folder, or empties one that bears the mark.
fn clear(folder: &Path) -> std::io::Result<()> {
    if folder.join(MARK).is_file() {
        std::fs::remove_dir_all(folder)?;
    }
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let text = "it is not empty and no demo made it";
        return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, text));
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(folder.join(MARK), "")
}
