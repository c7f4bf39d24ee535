//! What the ledger forgets after its time, and what it tells a person of herself.

use super::OutboxRow;
use crate::decide::Challenge;
use crate::domain::{BookingId, ContentHash, EmailAddress, LetterId, Moment};
use crate::failure::Failure;
use async_trait::async_trait;

/// The chain of the journal that tells of purges of letters.
pub const RETENTION_CHAIN: &str = "office:retention";

/// What a purge emptied, or would empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Bookings without their citizens from now on.
    pub bookings: u64,
    /// Letters without their words from now on.
    pub letters: u64,
    /// Letters of ours that are gone.
    pub answers: u64,
    /// Entries of the waiting list without their persons from now on.
    pub waiting: u64,
}

impl Purged {
    /// Whether nothing was to be emptied.
    pub const fn is_nothing(self) -> bool {
        self.bookings == 0 && self.letters == 0 && self.answers == 0 && self.waiting == 0
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            bookings: self.bookings.saturating_add(other.bookings),
            letters: self.letters.saturating_add(other.letters),
            answers: self.answers.saturating_add(other.answers),
            waiting: self.waiting.saturating_add(other.waiting),
        }
    }
}

/// What is held on a person.
#[derive(Debug, Clone, Default)]
pub struct HeldOnPerson {
    /// Bookings that have the address on file.
    pub bookings: Vec<BookingId>,
    /// Letters from the address, and those about these bookings.
    pub letters: Vec<LetterId>,
    /// Letters of ours to the address, and those about these bookings.
    pub answers: Vec<OutboxRow>,
    /// Questions to the address on file about these bookings.
    pub challenges: Vec<Challenge>,
    /// Notes for staff beside these letters, as JSON text.
    pub notes: Vec<(LetterId, String)>,
}

/// Privacy's part of the ledger.
#[async_trait]
pub trait PrivacyLedger {
    /// What a purge would empty.
    async fn to_purge(&self, before: Moment) -> Result<Purged, Failure>;

    /// Empties what names a person: of bookings whose appointment was before `before`, and of
    /// letters received before it that are about none later. At most `limit` of each: one
    /// transaction. Ids, hashes and the journal stay.
    async fn purge(&self, before: Moment, limit: u32, now: Moment) -> Result<Purged, Failure>;

    /// Sweeps out of the database's files what was deleted, where it needs to be told.
    async fn sweep(&self) -> Result<(), Failure>;

    /// Which of these bytes are letters that were purged.
    async fn are_purged(&self, hashes: &[ContentHash]) -> Result<Vec<bool>, Failure>;

    /// Whether any letter was ever purged.
    async fn has_purged_letters(&self) -> Result<bool, Failure>;

    /// When the daemon last purged.
    async fn last_purge(&self) -> Result<Option<Moment>, Failure>;

    /// Notes that the daemon purged.
    async fn note_purge(&self, now: Moment) -> Result<(), Failure>;

    /// Everything that is held on a person.
    async fn held_on(&self, address: &EmailAddress) -> Result<HeldOnPerson, Failure>;
}
