//! A dead letter read anew, for an act of staff.

use super::Journey;
use super::case::Read;
pub use super::identity::raw_hash;
use super::reading::{Reading, make_patterns, read_within_limits};
use crate::decide::Case;
use crate::domain::{ContentHash, LetterId, Moment, Reason};
use crate::failure::Failure;
use crate::intake::RawLetter;
use std::sync::Arc;

impl Journey {
    /// Steps 2 to 4 for a letter that staff act on; the first receipt time and the evidence of then
    /// count. A letter that cannot be read is left as it was: unread.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn read_again(
        &self,
        raw: RawLetter,
        letter: LetterId,
        received_at: Moment,
    ) -> Result<Case, Failure> {
        make_patterns().await;
        let raw_hash = raw_hash(&raw);
        let bytes: Arc<[u8]> = raw.bytes.into();
        let mut reading = read_within_limits(Arc::clone(&bytes))
            .await
            .unwrap_or_else(Reading::failed);
        if raw.over_cap {
            reading.unreadable = Some(Reason::LetterTooLarge);
        }
        self.case(Read {
            letter,
            raw_hash,
            received_at,
            reading,
            bytes: (!raw.over_cap).then_some(bytes),
            seen_before: true,
        })
        .await
    }

    /// What is known of a letter whose bytes are gone.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn without_bytes(
        &self,
        letter: LetterId,
        received_at: Moment,
    ) -> Result<Case, Failure> {
        self.case(Read {
            letter,
            raw_hash: ContentHash::of(&[b"gone", &letter.0.to_be_bytes()]),
            received_at,
            reading: Reading::failed(),
            bytes: None,
            seen_before: true,
        })
        .await
    }
}
