//! What staff can do with a dead letter.

use super::Folder;
use serde::{Deserialize, Serialize};

/// An act of staff on a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffAct {
    /// Run it again from the start.
    Retry,
    /// Cancel the booking that it asks for.
    Cancel,
    /// Send the polite refusal.
    Refuse,
    /// Close it without an answer.
    Close,
    /// Do not accept the documents that came with it.
    Reject,
    /// Accept the documents that came with it.
    Approve,
}

impl StaffAct {
    /// All acts, in the order in which one letter's are judged when it was dragged twice: the one
    /// that can do least harm comes first.
    pub const ALL: [Self; 6] = [
        Self::Retry,
        Self::Refuse,
        Self::Close,
        Self::Cancel,
        Self::Reject,
        Self::Approve,
    ];

    /// The word used in the ledger, the journal and the metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Cancel => "cancel",
            Self::Refuse => "refuse",
            Self::Close => "close",
            Self::Reject => "reject",
            Self::Approve => "approve",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.code() == code)
    }

    /// The folder into which a letter is dragged for it: documents are accepted and rejected by the
    /// folders of the acts that they come to.
    pub const fn folder(self) -> Folder {
        match self {
            Self::Retry => Folder::Retry,
            Self::Cancel | Self::Approve => Folder::CancelBooking,
            Self::Refuse | Self::Reject => Folder::Refuse,
            Self::Close => Folder::Processed,
        }
    }
}

/// Why an act is not possible. The letter comes back with a note that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The letter gives no number, or more than one.
    NumberMissing,
    /// No booking has exactly this number.
    NumberUnknown,
    /// The letter gives no name.
    NameMissing,
    /// The surname in the letter is not the one on the booking.
    SurnameDiffers,
    /// The appointment is over, or its time had come when the letter arrived.
    BookingOver,
    /// The booking is cancelled already, and nothing ties the sender to it.
    CancelledAlready,
    /// All confirmation letters of this booking for today are spent.
    ChallengesSpent,
    /// The citizen could not answer a confirmation letter in time any more.
    NoTimeToAsk,
    /// A program wrote the letter: it is never answered and has no effect.
    AutomaticLetter,
    /// The letter has no usable sender.
    NoSender,
    /// Nothing proves the sender's address: the answer could go to a stranger.
    SenderUnproven,
    /// Somebody acted on the letter before.
    ActedBefore,
    /// No document of the letter waits for a word of staff.
    NothingToReview,
    /// A document of the letter waits for a word of staff.
    ReviewOpen,
    /// The program has answered the letter itself: only its documents are left to see to.
    AnsweredAlready,
}

impl Obstacle {
    /// All obstacles.
    pub const ALL: [Self; 15] = [
        Self::NumberMissing,
        Self::NumberUnknown,
        Self::NameMissing,
        Self::SurnameDiffers,
        Self::BookingOver,
        Self::CancelledAlready,
        Self::ChallengesSpent,
        Self::NoTimeToAsk,
        Self::AutomaticLetter,
        Self::NoSender,
        Self::SenderUnproven,
        Self::ActedBefore,
        Self::NothingToReview,
        Self::ReviewOpen,
        Self::AnsweredAlready,
    ];

    /// The word used in the ledger, the journal and `templates/notes/acts.toml`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NumberMissing => "number_missing",
            Self::NumberUnknown => "number_unknown",
            Self::NameMissing => "name_missing",
            Self::SurnameDiffers => "surname_differs",
            Self::BookingOver => "booking_over",
            Self::CancelledAlready => "cancelled_already",
            Self::ChallengesSpent => "challenges_spent",
            Self::NoTimeToAsk => "no_time_to_ask",
            Self::AutomaticLetter => "automatic_letter",
            Self::NoSender => "no_sender",
            Self::SenderUnproven => "sender_unproven",
            Self::ActedBefore => "acted_before",
            Self::NothingToReview => "nothing_to_review",
            Self::ReviewOpen => "review_open",
            Self::AnsweredAlready => "answered_already",
        }
    }
}
