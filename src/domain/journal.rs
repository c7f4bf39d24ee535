//! The journal: what happened to a booking or a letter, chained by hashes.

use super::{ContentHash, Moment};
use serde::{Deserialize, Serialize};

/// What an entry records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A booking came in by import.
    BookingImported,
    /// An import changed a booking's details.
    BookingChanged,
    /// An import moved a booking to another time.
    BookingRescheduled,
    /// A booking was cancelled.
    BookingCancelled,
    /// A booking's slot became free.
    SlotFreed,
    /// A cancellation was refused.
    CancellationRefused,
    /// A confirmation of an earlier cancellation was given again.
    ConfirmationRepeated,
    /// A confirmation letter went to the address on file.
    ChallengeOpened,
    /// The citizen confirmed.
    ChallengeConfirmed,
    /// A letter came to staff.
    LetterHeld,
    /// A letter was decided without effect on a booking.
    LetterDecided,
    /// A document was first sent; its hash is in the data.
    DocumentIssued,
    /// A letter of ours was asked for by an operator.
    LetterRequested,
    /// A letter of ours could not be delivered.
    LetterUndeliverable,
    /// An operator let a letter pass the breaker.
    BreakerReleased,
    /// Staff acted on a dead letter.
    StaffActed,
    /// Staff tried an act that is not possible; the letter came back.
    StaffActImpossible,
    /// A dead letter went on by itself: the passing cause has passed.
    LetterReleased,
    /// A dead letter is no longer in the folders: somebody deleted it or took it out.
    LetterMissing,
    /// A free time was offered to a person of the waiting list.
    SlotOffered,
    /// The person took the offered time.
    OfferAccepted,
    /// The person did not want the offered time.
    OfferDeclined,
    /// The hold of an offer ended without an answer.
    OfferExpired,
    /// An offered time went otherwise.
    OfferWithdrawn,
    /// The organisation took a time back.
    SlotClosed,
    /// A cancelled booking was scheduled again.
    BookingRestored,
    /// A restoration waits until the hold of an offer ends.
    RestorationWaits,
    /// A restoration was not possible.
    RestorationRefused,
    /// A booking was made here: from the waiting list, or instead of a cancelled one.
    BookingMade,
    /// Somebody came onto the waiting list.
    WaitingJoined,
    /// An entry of the waiting list was changed.
    WaitingChanged,
    /// Somebody was taken off the waiting list.
    WaitingRemoved,
    /// Documents came for a late cancellation; staff look at them.
    ReviewOpened,
    /// Types, sizes and hashes of the documents that came.
    DocumentsRecorded,
    /// Staff accepted the documents.
    ReviewApproved,
    /// Staff did not accept the documents.
    ReviewRejected,
    /// A late cancellation brings a sanction that staff may impose.
    SanctionProposed,
    /// A sanction is in force.
    SanctionImposed,
    /// A sanction is lifted.
    SanctionLifted,
    /// A cancellation counts otherwise from now on.
    CancellationRecounted,
    /// The citizen was told how a booking stands.
    StatusTold,
    /// What names a person was deleted; the proof stays.
    PersonalDataPurged,
}

impl EventKind {
    /// The word used in the ledger and in exports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::BookingImported => "booking_imported",
            Self::BookingChanged => "booking_changed",
            Self::BookingRescheduled => "booking_rescheduled",
            Self::BookingCancelled => "booking_cancelled",
            Self::SlotFreed => "slot_freed",
            Self::CancellationRefused => "cancellation_refused",
            Self::ConfirmationRepeated => "confirmation_repeated",
            Self::ChallengeOpened => "challenge_opened",
            Self::ChallengeConfirmed => "challenge_confirmed",
            Self::LetterHeld => "letter_held",
            Self::LetterDecided => "letter_decided",
            Self::DocumentIssued => "document_issued",
            Self::LetterRequested => "letter_requested",
            Self::LetterUndeliverable => "letter_undeliverable",
            Self::BreakerReleased => "breaker_released",
            Self::StaffActed => "staff_acted",
            Self::StaffActImpossible => "staff_act_impossible",
            Self::LetterReleased => "letter_released",
            Self::LetterMissing => "letter_missing",
            Self::SlotOffered => "slot_offered",
            Self::OfferAccepted => "offer_accepted",
            Self::OfferDeclined => "offer_declined",
            Self::OfferExpired => "offer_expired",
            Self::OfferWithdrawn => "offer_withdrawn",
            Self::SlotClosed => "slot_closed",
            Self::BookingRestored => "booking_restored",
            Self::RestorationWaits => "restoration_waits",
            Self::RestorationRefused => "restoration_refused",
            Self::BookingMade => "booking_made",
            Self::WaitingJoined => "waiting_joined",
            Self::WaitingChanged => "waiting_changed",
            Self::WaitingRemoved => "waiting_removed",
            Self::ReviewOpened => "review_opened",
            Self::DocumentsRecorded => "documents_recorded",
            Self::ReviewApproved => "review_approved",
            Self::ReviewRejected => "review_rejected",
            Self::SanctionProposed => "sanction_proposed",
            Self::SanctionImposed => "sanction_imposed",
            Self::SanctionLifted => "sanction_lifted",
            Self::CancellationRecounted => "cancellation_recounted",
            Self::StatusTold => "status_told",
            Self::PersonalDataPurged => "personal_data_purged",
        }
    }
}

/// What happened, and when: as a citizen may be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEvent {
    /// When it was recorded.
    pub at: Moment,
    /// What happened.
    pub kind: EventKind,
}

/// An event before it is chained. `data` holds ids, codes, times and hashes, never names,
/// addresses or words of a letter; object keys are sorted by serde_json, so its text is canonical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// `booking:<id>`, `letter:<id>`, `slot:<id>` or `waiting:<id>`.
    pub chain: String,
    /// What happened.
    pub kind: EventKind,
    /// Who did it: `daemon`, `operator`, or the login of the mailbox in which staff work.
    pub actor: String,
    /// Ids, codes, times, hashes, and the version of the policy.
    pub data: serde_json::Value,
}

/// An event in its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Position in the chain, from 1, without gaps.
    pub position: i64,
    /// When it was recorded.
    pub at: Moment,
    /// `booking:<id>`, `letter:<id>`, `slot:<id>` or `waiting:<id>`.
    pub chain: String,
    /// The event's code ([`EventKind::code`]); text, so that entries of later versions verify.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// The event's data as the canonical JSON text that was hashed.
    pub data: String,
    /// The hash of the entry before; zeros at position 1.
    pub previous: ContentHash,
    /// The hash of this entry.
    pub hash: ContentHash,
}

impl JournalEntry {
    /// Appends `event` to its chain behind `before` (position and hash of the last entry).
    pub fn append(event: &Event, at: Moment, before: Option<(i64, ContentHash)>) -> Self {
        let (last, previous) = before.unwrap_or((0, ContentHash([0; 32])));
        let mut entry = Self {
            position: last.saturating_add(1),
            at,
            chain: event.chain.clone(),
            kind: event.kind.code().to_owned(),
            actor: event.actor.clone(),
            data: event.data.to_string(),
            previous,
            hash: previous,
        };
        entry.hash = entry.expected_hash();
        entry
    }

    /// The hash that this entry must have.
    pub fn expected_hash(&self) -> ContentHash {
        ContentHash::of(&[
            &self.previous.0,
            &self.position.to_be_bytes(),
            &self.at.micros().to_be_bytes(),
            self.chain.as_bytes(),
            self.kind.as_bytes(),
            self.actor.as_bytes(),
            self.data.as_bytes(),
        ])
    }

    /// Whether this entry is intact and follows `before`.
    pub fn follows(&self, before: Option<&Self>) -> bool {
        let (last, previous) = before.map_or((0, ContentHash([0; 32])), |b| (b.position, b.hash));
        self.position == last.saturating_add(1)
            && self.previous == previous
            && self.hash == self.expected_hash()
            && before.is_none_or(|b| b.chain == self.chain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: serde_json::Value) -> Event {
        Event {
            chain: "booking:1".to_owned(),
            kind: EventKind::BookingCancelled,
            actor: "daemon".to_owned(),
            data,
        }
    }

    #[test]
    fn a_chain_verifies_and_shows_any_change() {
        let at = Moment::from_seconds(1);
        let first = JournalEntry::append(&event(serde_json::json!({"a": 1})), at, None);
        let second = JournalEntry::append(
            &event(serde_json::json!({"b": 2})),
            at,
            Some((first.position, first.hash)),
        );
        assert!(first.follows(None) && second.follows(Some(&first)));
        let mut altered = second.clone();
        altered.data = r#"{"b":3}"#.to_owned();
        assert!(!altered.follows(Some(&first)));
        assert!(!second.follows(None));
    }
}
