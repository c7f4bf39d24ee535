//! A dead letter read anew, for an act of staff.

use super::reading::{Reading, make_patterns, read_within_limits};
use super::{Journey, sighting};
use crate::decide::Case;
use crate::domain::{ContentHash, LetterId, Moment, Reason};
use crate::intake::RawLetter;

/// The identity of a letter's bytes.
pub fn raw_hash(raw: &RawLetter) -> ContentHash {
    sighting(raw).raw_hash
}

impl Journey {
    /// Steps 2 to 4 for a letter that staff act on; the first receipt time counts. A letter that
    /// cannot be read is left as it was: unread.
    pub async fn read_again(&self, raw: RawLetter, letter: LetterId, received_at: Moment) -> Case {
        make_patterns().await;
        let hash = raw_hash(&raw);
        let mut reading = read_within_limits(raw.bytes)
            .await
            .unwrap_or_else(Reading::failed);
        if raw.over_cap {
            reading.unreadable = Some(Reason::LetterTooLarge);
        }
        self.case(letter, hash, received_at, reading)
    }

    /// What is known of a letter whose bytes are gone.
    pub fn without_bytes(&self, letter: LetterId, received_at: Moment) -> Case {
        let hash = ContentHash::of(&[b"gone", &letter.0.to_be_bytes()]);
        self.case(letter, hash, received_at, Reading::failed())
    }
}
