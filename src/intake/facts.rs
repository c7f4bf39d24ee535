//! What a mailbox is like, for `check` and the first start.

use super::Listed;
use crate::domain::{Folder, Moment};

/// One of our folders on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderFacts {
    /// Its duty.
    pub folder: Folder,
    /// Its name there, as people read it.
    pub name: String,
    /// Whether it exists; missing ones are created at start.
    pub exists: bool,
}

/// The facts about a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// What an IMAP server says it can do, upper case and sorted; empty for Maildir.
    pub capabilities: Vec<String>,
    /// Hierarchy delimiter.
    pub delimiter: Option<char>,
    /// Whether letters can get keywords of our own.
    pub keywords: bool,
    /// Our folders.
    pub folders: Vec<FolderFacts>,
    /// Letters in the inbox.
    pub letters: usize,
    /// Of these, received before the given moment; none when none was given.
    pub before: usize,
    /// Of these, received from the given moment on; all when none was given.
    pub from: usize,
}

impl ServerFacts {
    /// Counts the letters of a listing.
    pub(super) fn new(
        letters: &[Listed],
        since: Option<Moment>,
        folders: Vec<FolderFacts>,
    ) -> Self {
        let before = letters
            .iter()
            .filter(|listed| since.is_some_and(|since| listed.received_at < since))
            .count();
        Self {
            capabilities: Vec::new(),
            delimiter: None,
            keywords: false,
            folders,
            letters: letters.len(),
            before,
            from: letters.len() - before,
        }
    }

    pub(super) fn with_capabilities(mut self, capabilities: Vec<String>) -> Self {
        self.capabilities = capabilities;
        self
    }

    pub(super) const fn with_delimiter(mut self, delimiter: Option<char>) -> Self {
        self.delimiter = delimiter;
        self
    }

    pub(super) const fn with_keywords(mut self, keywords: bool) -> Self {
        self.keywords = keywords;
        self
    }

    /// Whether the server offers a capability: `IDLE`, `MOVE`, `UIDPLUS`, `NOTIFY`, `CONDSTORE`,
    /// `QUOTA`.
    pub fn offers(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|known| known == capability)
    }
}
