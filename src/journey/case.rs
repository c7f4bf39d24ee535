//! A fetched letter becomes a case: steps 2 to 4, each within its limits.

use super::reading::{Reading, read_within_limits};
use super::{Journey, Waiting, coming_back};
use crate::decide::Case;
use crate::domain::{ContentHash, LetterId, Moment, Reason};
use crate::failure::Failure;
use crate::verify::{Arrived, SenderEvidence};
use std::sync::Arc;

/// After so many tries without a decision a letter goes to staff unread: each ended with the end
/// of the process, a panic, or the end of the time for reading, and the letter may be the cause. A
/// passing fault is no try.
const MOST_ATTEMPTS: u32 = 5;

/// A letter at the end of step 3.
pub(super) struct Read {
    pub(super) letter: LetterId,
    pub(super) raw_hash: ContentHash,
    pub(super) received_at: Moment,
    pub(super) reading: Reading,
    /// All its bytes; `None` where not all were fetched.
    pub(super) bytes: Option<Arc<[u8]>>,
    /// It was taken in before; then evidence may have been kept.
    pub(super) seen_before: bool,
}

impl Journey {
    /// Steps 2 and 3.
    pub(super) async fn read_letter(&self, waiting: Waiting) -> Result<Read, Failure> {
        let Waiting {
            raw,
            raw_hash,
            taken,
        } = waiting;
        let bytes: Arc<[u8]> = raw.bytes.into();
        let reading = if taken.attempts > MOST_ATTEMPTS {
            Reading::failed()
        } else {
            let Some(mut reading) = read_within_limits(Arc::clone(&bytes)).await else {
                return Err(Failure::try_again("reading a letter took too long"));
            };
            if raw.over_cap {
                reading.unreadable = Some(Reason::LetterTooLarge);
            }
            reading
        };
        Ok(Read {
            letter: taken.letter,
            raw_hash,
            received_at: taken.received_at,
            reading,
            bytes: (!raw.over_cap).then_some(bytes),
            seen_before: taken.attempts > 1,
        })
    }

    /// Step 4, and everything that deciding needs in one value.
    pub(super) async fn case(&self, read: Read) -> Result<Case, Failure> {
        let letter = &read.reading.letter;
        let is_ours = coming_back::is_ours(letter, &self.office);
        let automatic = coming_back::automatic(letter);
        let bounce = coming_back::bounce(letter, &self.office);
        let evidence = self.evidence(&read, is_ours).await?;
        let reading = read.reading;
        Ok(Case {
            letter: read.letter,
            raw_hash: read.raw_hash,
            content_hash: reading.content_hash,
            received_at: read.received_at,
            sender: reading.letter.sender,
            message_id: reading.letter.message_id,
            thread: reading.letter.thread,
            subject: reading.letter.subject,
            is_ours,
            automatic,
            bounce,
            reading: reading.request,
            evidence,
            unreadable: reading.unreadable,
            attachments: reading.letter.attachments,
        })
    }

    /// What was kept with the letter, or what is found now: also where DNS left it open then. DNS is
    /// asked only for a letter that can have an effect.
    async fn evidence(&self, read: &Read, is_ours: bool) -> Result<SenderEvidence, Failure> {
        if read.seen_before
            && let Some(kept) = self.ledger.evidence(read.letter).await?
            && !kept.hangs_on_dns()
        {
            return Ok(kept);
        }
        let letter = &read.reading.letter;
        let matters = !is_ours
            && letter.automatic.is_none()
            && letter.sender.is_some()
            && read.reading.unreadable.is_none();
        let arrived = Arrived {
            letter,
            bytes: read.bytes.clone().filter(|_| matters),
            received_at: read.received_at,
        };
        Ok(self.verifier.verify(&arrived, &self.office.secrets).await)
    }
}
