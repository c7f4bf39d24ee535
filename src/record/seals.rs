//! What the ledger knows of its journal as a whole: seals over it, and its export.

use super::JournalFault;
use crate::domain::{ContentHash, JournalEntry, Moment, Seal};
use crate::failure::Failure;
use async_trait::async_trait;

/// The chain under which faults of the seals themselves are named.
pub const SEALS: &str = "seals";

/// What `journal verify` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Entries checked.
    pub entries: u64,
    /// Seals checked.
    pub seals: u64,
    /// The last seal: whoever keeps its hash elsewhere can tell later that none was cut off.
    pub last: Option<(i64, ContentHash)>,
    /// Faults in the order found; those of the seals under the chain [`SEALS`].
    pub faults: Vec<JournalFault>,
}

/// An entry with its number in the order of recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedEntry {
    /// Number in the order of recording; grows, may have gaps.
    pub id: i64,
    /// The entry.
    pub entry: JournalEntry,
}

/// The journal as a whole.
#[async_trait]
pub trait JournalLedger {
    /// Seals the heads of all chains that grew since the last seal: one transaction. `None` when
    /// none did.
    async fn seal_journal(&self, now: Moment) -> Result<Option<Seal>, Failure>;

    /// Checks every chain and every seal.
    async fn verify_all(&self) -> Result<Verified, Failure>;

    /// The number of entries checked, and the faults.
    async fn verify_journal(&self) -> Result<(u64, Vec<JournalFault>), Failure> {
        let verified = self.verify_all().await?;
        Ok((verified.entries, verified.faults))
    }

    /// The seal at this position.
    async fn seal(&self, position: i64) -> Result<Option<Seal>, Failure>;

    /// Entries of all chains behind the number `after`, in the order of recording.
    async fn export_journal(&self, after: i64, limit: u32) -> Result<Vec<NumberedEntry>, Failure>;
}
