//! What identifies a letter and where it lies.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The ledger's id of a letter; safe to log.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct LetterId(pub i64);

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A SHA-256 value: the identity of a letter's bytes, or of its content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ContentHash(pub [u8; 32]);

impl ContentHash {
    /// SHA-256 over the parts, each preceded by its length so that they cannot run together.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut bytes = [0_u8; 32];
        for (to, from) in bytes.iter_mut().zip(context.finish().as_ref()) {
            *to = *from;
        }
        Self(bytes)
    }

    /// SHA-256 of the octets alone, as `sha256sum` gives it for a file.
    pub fn of_octets(octets: &[u8]) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, octets);
        let mut bytes = [0_u8; 32];
        for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
            *to = *from;
        }
        Self(bytes)
    }

    /// From the ledger's 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The first eight bytes as a positive number: a deterministic id for what this caused.
    pub fn short(&self) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        i64::from_be_bytes([a & 0x7f, b, c, d, e, f, g, h])
    }

    /// Lower-case hexadecimal, 64 characters.
    pub fn to_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// A Message-ID (RFC 5322 section 3.6.4) without its angle brackets; at most 900 printable ASCII
/// characters, so that it can be quoted in In-Reply-To without harm.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MessageId(String);

impl MessageId {
    /// The one door; angle brackets are taken off.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('<').trim_end_matches('>');
        let clean = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | ',' | '\\');
        (!text.is_empty() && text.len() <= 900 && text.chars().all(clean))
            .then(|| Self(text.to_owned()))
    }

    /// The id without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for MessageId {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a Message-ID")
    }
}

impl From<MessageId> for String {
    fn from(id: MessageId) -> Self {
        id.0
    }
}

/// The folders that otmena knows, by their duty; `file_away/folders` gives their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Folder {
    /// Where letters arrive.
    Inbox,
    /// «Обработано»: decided letters.
    Processed,
    /// «Обработано/Автоматические»: letters that no person wrote.
    Automatic,
    /// «Разбор»: dead letters, for staff.
    DeadLetter,
    /// «Разбор/Повторить».
    Retry,
    /// «Разбор/Отменить запись».
    CancelBooking,
    /// «Разбор/Отказать».
    Refuse,
}

impl Folder {
    /// All folders, the inbox first.
    pub const ALL: [Self; 7] = [
        Self::Inbox,
        Self::Processed,
        Self::Automatic,
        Self::DeadLetter,
        Self::Retry,
        Self::CancelBooking,
        Self::Refuse,
    ];

    /// The word used in the ledger and in logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Processed => "processed",
            Self::Automatic => "automatic",
            Self::DeadLetter => "dead_letter",
            Self::Retry => "retry",
            Self::CancelBooking => "cancel_booking",
            Self::Refuse => "refuse",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|folder| folder.code() == code)
    }
}

/// Where a letter lies: the folder, its UIDVALIDITY (0 for Maildir), and the UID in decimal
/// (the unique part of the file name for Maildir).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The folder.
    pub folder: Folder,
    /// UIDVALIDITY of the folder; 0 for Maildir.
    pub validity: u32,
    /// UID or file name.
    pub key: String,
}

/// A keyword that mail programs show as a tag on a dead letter: one per group of reasons,
/// because servers such as Dovecot keep only 26 keywords per folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Keyword {
    /// No or no clear wish.
    Wish,
    /// Number missing, unknown or more than one.
    Number,
    /// The details do not match the booking.
    Details,
    /// The sender could not be told to be the citizen.
    Sender,
    /// An automatic letter that holds a request.
    Automatic,
    /// The letter could not be read.
    Unreadable,
    /// A wish that a person handles.
    Person,
    /// The booking's deadline is near.
    Urgent,
}

impl Keyword {
    /// All keywords.
    pub const ALL: [Self; 8] = [
        Self::Wish,
        Self::Number,
        Self::Details,
        Self::Sender,
        Self::Automatic,
        Self::Unreadable,
        Self::Person,
        Self::Urgent,
    ];

    /// The IMAP keyword: ASCII, an atom of RFC 9051.
    pub const fn imap_name(self) -> &'static str {
        match self {
            Self::Wish => "otmena-wish",
            Self::Number => "otmena-number",
            Self::Details => "otmena-details",
            Self::Sender => "otmena-sender",
            Self::Automatic => "otmena-automatic",
            Self::Unreadable => "otmena-unreadable",
            Self::Person => "otmena-person",
            Self::Urgent => "otmena-urgent",
        }
    }

    /// Reads an IMAP keyword of ours.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|keyword| keyword.imap_name() == name)
    }
}

/// How far a letter has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterState {
    /// Fetched, not decided yet.
    TakenIn,
    /// Decided; answers and filing are on their way.
    Decided,
    /// All answers have been sent.
    Answered,
    /// It lies in its folder and nothing is left to do.
    Filed,
    /// With staff.
    Held,
    /// Staff are done with it.
    Resolved,
    /// Something about it could not be finished; staff must look.
    Failed,
}

impl LetterState {
    /// All states, in the order of the way.
    pub const ALL: [Self; 7] = [
        Self::TakenIn,
        Self::Decided,
        Self::Answered,
        Self::Filed,
        Self::Held,
        Self::Resolved,
        Self::Failed,
    ];

    /// The word used in the ledger and in lists.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TakenIn => "taken_in",
            Self::Decided => "decided",
            Self::Answered => "answered",
            Self::Filed => "filed",
            Self::Held => "held",
            Self::Resolved => "resolved",
            Self::Failed => "failed",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
