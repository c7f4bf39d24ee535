//! What goes into a decision: the case, and what the ledger knows about it.

use super::late::{LateFacts, Review};
use crate::domain::{
    Booking, BookingId, ChallengeId, Consequence, ContentHash, EmailAddress, HistoryEvent,
    LetterId, MessageId, Moment, Reason,
};
use crate::read::{Attachment, AutomaticSign};
use crate::request::RequestReading;
use crate::verify::SenderEvidence;
use serde::{Deserialize, Serialize};

/// A letter as far as deciding needs it: the outcome of steps 1 to 4.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The ledger's id.
    pub letter: LetterId,
    /// SHA-256 of the raw bytes.
    pub raw_hash: ContentHash,
    /// Message-ID, From and decoded body; `None` without a Message-ID.
    pub content_hash: Option<ContentHash>,
    /// When the server first received it.
    pub received_at: Moment,
    /// The one author in From.
    pub sender: Option<EmailAddress>,
    /// For threading the answer.
    pub message_id: Option<MessageId>,
    /// In-Reply-To and References of the letter, newest first.
    pub thread: Vec<MessageId>,
    /// Its subject.
    pub subject: String,
    /// It carries our own mark: a letter of ours that came back.
    pub is_ours: bool,
    /// Why it is automatic, if it is.
    pub automatic: Option<AutomaticSign>,
    /// The report that a letter of ours could not be delivered.
    pub bounce: Option<Bounce>,
    /// What it asks for.
    pub reading: RequestReading,
    /// What speaks for its sender.
    pub evidence: SenderEvidence,
    /// Set when steps 2 to 4 failed on it: it goes to staff unread.
    pub unreadable: Option<Reason>,
    /// Files that came along, as the mail describes them.
    pub attachments: Vec<Attachment>,
}

/// How many cancellations by mail were received within the breaker's minutes up to this letter,
/// those that wait for an operator's word included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CancellationRates {
    /// So many pass; 0 switches the breaker off.
    pub limit: u32,
    /// For each organisation among the bookings of the facts, counted up to the limit.
    pub by_organisation: Vec<(String, u32)>,
    /// From the sender's domain, counted up to the limit; 0 for a public mail provider.
    pub by_domain: u32,
    /// An operator let this letter pass.
    pub released: bool,
}

/// A report that a letter of ours could not be delivered, under the tag that we gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The row of the outbox that the tag names.
    pub row: i64,
    /// Message-ID of the returned letter, where the report brings it.
    pub message_id: Option<MessageId>,
    /// Status code (RFC 3463).
    pub status: Option<String>,
}

/// The letter of ours that a bounce is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedLetter {
    /// The row of the outbox.
    pub row: i64,
    /// Whether it was sent and nothing else became of it since.
    pub sent: bool,
    /// Its Message-ID.
    pub message_id: MessageId,
    /// The booking that it was about.
    pub booking: Option<BookingId>,
    /// To whom it went.
    pub recipient: EmailAddress,
}

/// What the ledger must look up before a case can be decided.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactsQuery {
    /// Lookup key of the number that the writer gave ([`crate::domain::BookingNumber::lookup_key`]).
    pub number_key: Option<String>,
    /// Bookings named by genuine booking tokens.
    pub token_bookings: Vec<BookingId>,
    /// Challenges named by genuine challenge tokens.
    pub token_challenges: Vec<ChallengeId>,
    /// From, for the bookings that have it on file.
    pub sender: Option<EmailAddress>,
    /// Whether the open bookings that have From on file are looked up in full.
    pub senders_bookings: bool,
    /// Whether the challenges of these bookings are looked up, because a code was typed.
    pub senders_challenges: bool,
    /// For the question whether the same message was delivered before.
    pub content_hash: Option<ContentHash>,
    /// For the question whether the same signed letter was decided before.
    pub signed_content: Option<ContentHash>,
    /// The authenticated sender, for the question whether she got the constant receipt of late.
    pub receipt_to: Option<EmailAddress>,
    /// Whether the rates of cancellations are looked up.
    pub rates: bool,
    /// Whether what happened to the named booking is looked up.
    pub history: bool,
    /// The row of the outbox that a bounce names.
    pub bounced_row: Option<i64>,
    /// What is looked up about times.
    pub slots: super::SlotQuery,
    /// When the server first received the letter.
    pub received_at: Moment,
    /// The letter itself, so that it is not found as its own repeat.
    pub letter: LetterId,
    /// Whether the review of this letter's documents is looked up.
    pub review: bool,
}

/// What the ledger knows, read in the transaction that records the decision.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    /// The booking with the number that the writer gave.
    pub named: Option<BookingFacts>,
    /// The bookings of the tokens, in the order of the query; unknown ones left out.
    pub by_token: Vec<BookingFacts>,
    /// The challenges of the tokens with their bookings; unknown ones left out.
    pub challenges: Vec<(Challenge, BookingFacts)>,
    /// Ids of the open bookings that have From on file, at most 10.
    pub senders_open_bookings: Vec<BookingId>,
    /// The same bookings in full, where the query asks for them.
    pub senders_bookings: Vec<BookingFacts>,
    /// The challenges that wait at these bookings, where the query asks for them.
    pub senders_challenges: Vec<TypedFor>,
    /// The letter of ours that came back, where the query names one.
    pub returned: Option<ReturnedLetter>,
    /// How many cancellations came by mail shortly before this letter.
    pub rates: CancellationRates,
    /// An earlier letter with the same content: this is its second delivery.
    pub repeat_of: Option<EarlierLetter>,
    /// Bookings about which the same authenticated letter was decided before, with that letter.
    pub replay_of: Vec<(BookingId, LetterId)>,
    /// Whether the sender got the constant receipt within the last 24 hours.
    pub receipt_sent: bool,
    /// The times around the bookings in play, and the offers that are answered.
    pub slots: super::SlotsKnown,
    /// The review of this letter's documents, with its booking, where the query asks for it.
    pub review: Option<(Review, BookingFacts)>,
    /// What happened to the named booking, oldest first, where the query asks for it.
    pub history: Vec<HistoryEvent>,
}

/// A booking and what happened around it.
#[derive(Debug, Clone, PartialEq)]
pub struct BookingFacts {
    /// The booking.
    pub booking: Booking,
    /// Those of its addresses that stand on the bookings of more than five persons.
    pub shared_addresses: Vec<EmailAddress>,
    /// The challenge that is open for it now.
    pub open_challenge: Option<Challenge>,
    /// When challenges were opened for it in the last 24 hours.
    pub recent_challenges: Vec<Moment>,
    /// What is known around late cancellations.
    pub late: LateFacts,
}

/// A confirmation letter that was sent to the addresses on file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Its id, bound into the token.
    pub id: ChallengeId,
    /// The booking.
    pub booking: BookingId,
    /// The letter that made it necessary.
    pub letter: LetterId,
    /// When that letter was received: the deadline is judged by this.
    pub received_at: Moment,
    /// When it was opened.
    pub opened_at: Moment,
    /// Until when an answer counts.
    pub expires_at: Moment,
    /// What became of it.
    pub state: ChallengeState,
    /// The reason that the first letter gave, for the citizen's own confirmation only.
    pub reason: Option<String>,
    /// The consequence that the letter showed, where it asked for consent to one.
    #[serde(default)]
    pub shown: Option<Consequence>,
    /// What consent to it does.
    pub purpose: ChallengePurpose,
    /// The new time that was asked for.
    pub wished_at: Option<Moment>,
}

/// What consent to a confirmation letter does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengePurpose {
    /// It cancels.
    #[default]
    Cancel,
    /// It restores.
    Restore,
    /// It books a new time instead of a cancelled one.
    Rebook,
    /// It gives a place in the waiting list.
    Join,
}

impl ChallengePurpose {
    /// The word used in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Restore => "restore",
            Self::Rebook => "rebook",
            Self::Join => "join",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Cancel, Self::Restore, Self::Rebook, Self::Join]
            .into_iter()
            .find(|purpose| purpose.code() == code)
    }
}

/// A challenge whose code the sender of a letter may have typed.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedFor {
    /// The challenge, open.
    pub challenge: Challenge,
    /// Its booking.
    pub booking: BookingFacts,
    /// Wrong codes that this sender typed for it before.
    pub wrong: u32,
}

/// What became of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChallengeState {
    /// Waiting for the answer (or expired: compare the time).
    Open,
    /// Confirmed.
    Confirmed,
    /// Answered with something other than consent; staff have it.
    Declined,
}

impl ChallengeState {
    /// The word used in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Declined => "declined",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Open, Self::Confirmed, Self::Declined]
            .into_iter()
            .find(|s| s.code() == code)
    }
}

/// The first delivery of a letter that came again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierLetter {
    /// Its id.
    pub letter: LetterId,
    /// What was decided, [`crate::decide::Decision::code`].
    pub decision: String,
    /// The reason with which it was held, if it was.
    pub reason: Option<Reason>,
    /// When the server received it.
    pub received_at: Moment,
}
