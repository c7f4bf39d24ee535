//! What the ledger forgets after its time, and what it tells a person of herself.

use super::OutboxRow;
use crate::decide::Challenge;
use crate::domain::{BookingId, ContentHash, EmailAddress, LetterId, Moment, Sanction};
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
    /// Late cancellations and sanctions that count no more and are forgotten.
    pub counted: u64,
}

impl Purged {
    /// Whether nothing was to be emptied.
    pub const fn is_nothing(self) -> bool {
        self.bookings == 0
            && self.letters == 0
            && self.answers == 0
            && self.waiting == 0
            && self.counted == 0
    }

    /// Both together.
    pub const fn and(self, other: Self) -> Self {
        Self {
            bookings: self.bookings.saturating_add(other.bookings),
            letters: self.letters.saturating_add(other.letters),
            answers: self.answers.saturating_add(other.answers),
            waiting: self.waiting.saturating_add(other.waiting),
            counted: self.counted.saturating_add(other.counted),
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
    /// Files that came with these letters, as the mail described them.
    pub documents: Vec<HeldDocument>,
    /// What became of documents that staff looked at.
    pub reviews: Vec<HeldReview>,
    /// How the person's cancellations count, by the organisation's id of the person.
    pub cancellations: Vec<HeldCancellation>,
    /// The sanctions that they brought.
    pub sanctions: Vec<Sanction>,
}

/// A file that came with a letter.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldDocument {
    /// The letter.
    pub letter_id: i64,
    /// File name; none after retention.
    pub name: Option<String>,
    /// Media type as declared.
    pub media_type: String,
    /// Decoded octets.
    pub size: i64,
}

/// Documents that staff looked at.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldReview {
    /// The letter that brought them.
    pub letter_id: i64,
    /// The booking.
    pub booking_id: i64,
    /// open, approved or rejected.
    pub state: String,
    /// When it began, in microseconds since 1970.
    pub opened_at: i64,
    /// When staff decided, in microseconds since 1970.
    pub decided_at: Option<i64>,
}

/// How a cancellation counts.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct HeldCancellation {
    /// The booking.
    pub booking_id: i64,
    /// Number of its document.
    pub document: String,
    /// Code of the service.
    pub service_code: String,
    /// When the request was received, in microseconds since 1970.
    pub received_at: i64,
    /// in_time, untimely, excused or taken_back.
    pub timeliness: String,
    /// The reason of the policy's list that was named.
    pub reason_code: Option<String>,
    /// Version of the rules.
    pub policy: String,
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
