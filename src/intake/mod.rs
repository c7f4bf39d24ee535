//! Step 1, intake: letters are fetched from a mailbox and stay in it. I/O.

pub mod maildir;
pub mod pace;
pub mod size;
pub(crate) mod imap;
mod facts;

pub use facts::{FolderFacts, ServerFacts};

use crate::config::MailboxSettings;
use crate::domain::{Folder, Keyword, MessageId, Moment, Place};
use crate::failure::Failure;
use async_trait::async_trait;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How much of a letter over the size cap is fetched.
pub const OVER_CAP_BYTES: u64 = 256 * 1024;

/// Opens the mailbox of the settings: connects and logs in, or looks for the Maildir. Folders are
/// created by [`Mailbox::prepare`].
///
/// # Errors
/// [`Failure::Stop`] naming the setting for what waiting does not mend: unknown host, wrong
/// password, a certificate that is expired, unknown or made out to another name, no STARTTLS, a
/// server without MOVE and UIDPLUS, a missing Maildir. [`Failure::TryAgain`] for a connection
/// that is refused or breaks, and for an answer that does not come in time.
pub async fn open(settings: &MailboxSettings) -> Result<Box<dyn Mailbox>, Failure> {
    Ok(match settings {
        MailboxSettings::Imap(imap) => Box::new(imap::ImapMailbox::open(imap).await?),
        MailboxSettings::Maildir(path) => Box::new(maildir::MaildirMailbox::open(path)?),
    })
}

/// What `check` and the first start want to know of the mailbox: nothing in it is changed.
/// Letters are counted before and from `since` on.
///
/// # Errors
/// As [`open`].
pub async fn probe(
    settings: &MailboxSettings,
    since: Option<Moment>,
) -> Result<ServerFacts, Failure> {
    match settings {
        MailboxSettings::Imap(settings) => imap::probe(settings, since).await,
        MailboxSettings::Maildir(settings) => maildir::probe(settings, since).await,
    }
}

/// Reads `mailbox.max_size`.
fn max_size(text: &str) -> Result<u64, Failure> {
    size::parse_size(text)
        .filter(|size| *size >= OVER_CAP_BYTES && *size <= 100 * 1024 * 1024)
        .ok_or_else(|| {
            Failure::stop(
                "mailbox.max_size is no size between 256KB and 100MB",
                "Write it like \"25MB\"",
            )
        })
}

/// A letter that lies in the inbox, before its bytes are fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Where it lies.
    pub place: Place,
    /// When the server received it: INTERNALDATE; for Maildir the leading seconds of the name.
    pub received_at: Moment,
    /// RFC822.SIZE; the file's size for Maildir.
    pub size: u64,
}

/// A fetched letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawLetter {
    /// Where it lies, when it came and how large it is.
    pub listed: Listed,
    /// All bytes; only the first 256 KB of a letter over the size cap.
    pub bytes: Vec<u8>,
    /// Whether the letter is over the size cap.
    pub over_cap: bool,
}

/// A letter in a folder where staff work, with what they did to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lying {
    /// Where it lies, when it came and how large it is.
    pub listed: Listed,
    /// Somebody has it in hand (`\Flagged`; `F` for Maildir).
    pub flagged: bool,
    /// It is on its way out: a program that copies and expunges left it (`\Deleted`, `T`).
    pub deleted: bool,
}

/// One letter to be moved; done again it changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where it lies.
    pub from: Place,
    /// Where it belongs.
    pub to: Folder,
    /// Keywords that it gets on the way.
    pub keywords: Vec<Keyword>,
}

/// What became of a [`Move`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It lies in its folder, or is no longer where it was: somebody moved it already.
    Done,
    /// The server refused for now (quota, lock): try again.
    NotYet,
}

/// A letter of ours to be put into a folder, unless one with this Message-ID lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placing {
    /// The folder.
    pub folder: Folder,
    /// Its Message-ID, by which it is recognised.
    pub message_id: MessageId,
    /// Its bytes, CRLF line ends.
    pub bytes: Vec<u8>,
    /// Keywords.
    pub keywords: Vec<Keyword>,
    /// Whether it may lie there already (an earlier try was cut off), so that it is looked for.
    pub maybe_there: bool,
}

/// Why [`Mailbox::wait`] came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The server told of something new.
    News,
    /// The time is over: scan anyway.
    Timeout,
    /// The token was cancelled.
    Cancelled,
}

/// A mailbox: IMAP or Maildir. One connection, used by one task. After any `Err` the value is
/// spent: it is dropped and another one is opened. An empty list means that the folder is empty;
/// a failure is never an empty list.
#[async_trait]
pub trait Mailbox: Send {
    /// Creates and subscribes the folders that are missing.
    async fn prepare(&mut self) -> Result<(), Failure>;

    /// All letters in the inbox in order of arrival (UID; file time and name).
    async fn list(&mut self) -> Result<Vec<Listed>, Failure>;

    /// The letters at these places, in order; a letter that is gone meanwhile is left out. So is
    /// one that the server gives empty or short for now, when others came; when none did, that is
    /// a failure. Over the cap only the first 256 KB. All of `wanted` must lie in one folder; at
    /// most about 32 MB are fetched in one call by the caller.
    async fn fetch(&mut self, wanted: &[Listed]) -> Result<Vec<RawLetter>, Failure>;

    /// A mark for each folder that differs when letters have come into it or left it; empty where
    /// the server tells nothing, and then the folder may hold anything.
    async fn standing(&mut self, folders: &[Folder]) -> Result<Vec<String>, Failure>;

    /// All letters in a folder; none where it does not exist.
    async fn lying_in(&mut self, folder: Folder) -> Result<Vec<Lying>, Failure>;

    /// Removes letters of ours for good; those that are gone are no failure. A server that cannot
    /// remove single letters gets them into [`Folder::Automatic`].
    async fn remove(&mut self, places: &[Place]) -> Result<(), Failure>;

    /// Gives letters a keyword where the folder keeps keywords.
    async fn mark(&mut self, places: &[Place], keyword: Keyword) -> Result<(), Failure>;

    /// Moves letters in sets; one outcome for each, in order. A place under another UIDVALIDITY
    /// than the folder has now counts as done: the letter is listed again under its new place.
    /// Without MOVE, a crash between COPY and EXPUNGE leaves a second copy in the target.
    async fn file_away(&mut self, moves: &[Move]) -> Result<Vec<Moved>, Failure>;

    /// Puts a letter of ours into a folder, once.
    async fn place(&mut self, placing: &Placing) -> Result<Moved, Failure>;

    /// Waits for news in the inbox since the last [`Mailbox::list`]: IDLE for at most 5 minutes,
    /// or asking every 30 s where the server lacks it. List again whatever it says.
    async fn wait(&mut self, limit: Duration, stop: &CancellationToken) -> Result<Woken, Failure>;

    /// Ends the session politely.
    async fn close(self: Box<Self>);
}
