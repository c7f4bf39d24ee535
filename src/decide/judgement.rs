//! What comes out: the decision, the gates that led to it, and its consequences as data.

use super::{Challenge, ChallengeState, LateConsequences, Outlook, Undeliverable};
use crate::domain::{
    BookingId, Cancellation, ChallengeId, Event, Folder, Keyword, LetterId, LetterState, MessageId,
    Moment, Obstacle, Reason, StaffAct, Zone,
};
use crate::reply::OutgoingLetter;
use crate::request::RequestReading;
use serde::{Deserialize, Serialize};

/// What is done with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A letter of our own that came back: filed, never answered.
    OwnLetter,
    /// A bounce or an automatic letter without a request: filed, never answered.
    Automatic,
    /// A letter of ours could not be delivered: noted, filed, never answered.
    Bounced,
    /// The same message delivered again: filed like the first, no second effect.
    Repeated,
    /// An operator asked for the booking letter; no letter of a citizen is decided so.
    Informed,
    /// The booking is cancelled.
    Cancelled,
    /// It was cancelled before: the same confirmation again.
    AlreadyCancelled,
    /// Too late: refused with an explanation.
    RefusedTooLate,
    /// The address on file is asked to confirm.
    ConfirmFirst,
    /// The address on file has been asked already and its answer is awaited.
    ConfirmationAwaited,
    /// A trusted sender's details are not those of the booking: asked back with its own data.
    CheckDetails,
    /// A trusted sender named no number and has one open booking: asked whether it is that.
    IsItThisOne,
    /// A trusted sender named no number and has several open bookings: they are listed.
    WhichOne,
    /// A trusted sender's letter that we do not understand: told so, and with staff.
    NotUnderstood(Reason),
    /// Too many cancellations at once: it stays in the inbox until an operator lets it pass.
    AwaitsOperator,
    /// With staff.
    Held(Reason),
    /// About a time: an offer, a restoration, a new time.
    Slots(super::SlotDecision),
    /// The same, and documents came with the letter: it lies with staff, who see to them.
    SlotsWithDocuments(super::SlotDecision),
    /// The confirmation document is sent again, because it was asked for.
    DocumentAgain,
    /// A trusted sender is told how the booking stands.
    StatusTold,
    /// Something did not work, or a person was asked for: with staff, and the citizen knows by when.
    CaseOpened,
    /// Too late: the consequence is shown, and consent asked for.
    LateConsent,
    /// Too late, with a document: the booking is «Ожидает подтверждения», and staff decide.
    UnderReview,
    /// Staff look at a document already: told so again.
    ReviewAwaited,
    /// A document came for what is with staff, or done: staff look at it.
    DocumentsReceived,
}

impl Decision {
    /// The word used in the ledger, in logs and in the demo's table.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::OwnLetter => "own_letter",
            Self::Automatic => "automatic",
            Self::Bounced => "bounced",
            Self::Repeated => "repeated",
            Self::Informed => "informed",
            Self::Cancelled => "cancelled",
            Self::AlreadyCancelled => "already_cancelled",
            Self::RefusedTooLate => "refused_too_late",
            Self::ConfirmFirst => "confirm_first",
            Self::ConfirmationAwaited => "confirmation_awaited",
            Self::CheckDetails => "check_details",
            Self::IsItThisOne => "is_it_this_one",
            Self::WhichOne => "which_one",
            Self::NotUnderstood(_) => "not_understood",
            Self::AwaitsOperator => "awaits_operator",
            Self::Held(_) => "held",
            Self::Slots(decision) | Self::SlotsWithDocuments(decision) => decision.code(),
            Self::DocumentAgain => "document_again",
            Self::StatusTold => "status_told",
            Self::CaseOpened => "case_opened",
            Self::LateConsent => "late_consent",
            Self::UnderReview => "under_review",
            Self::ReviewAwaited => "review_awaited",
            Self::DocumentsReceived => "documents_received",
        }
    }

    /// Whether it changes a booking or who has a time: a signed letter does that once.
    pub(super) const fn has_effect(&self) -> bool {
        if let Self::Slots(one) | Self::SlotsWithDocuments(one) = self {
            return one.has_effect();
        }
        matches!(self, Self::Cancelled)
    }

    /// The reason with which it goes to staff.
    pub const fn reason(&self) -> Option<Reason> {
        match self {
            Self::NotUnderstood(reason) | Self::Held(reason) => Some(*reason),
            Self::CaseOpened => Some(Reason::HelpAsked),
            Self::UnderReview | Self::DocumentsReceived => Some(Reason::DocumentReview),
            Self::SlotsWithDocuments(_) => Some(Reason::DocumentsEnclosed),
            Self::OwnLetter
            | Self::Automatic
            | Self::Bounced
            | Self::Repeated
            | Self::Informed
            | Self::Cancelled
            | Self::AlreadyCancelled
            | Self::RefusedTooLate
            | Self::ConfirmFirst
            | Self::ConfirmationAwaited
            | Self::CheckDetails
            | Self::IsItThisOne
            | Self::WhichOne
            | Self::AwaitsOperator
            | Self::DocumentAgain
            | Self::StatusTold
            | Self::Slots(_)
            | Self::LateConsent
            | Self::ReviewAwaited => None,
        }
    }
}

/// One gate and what it said, for `otmena explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateVerdict {
    /// The gate.
    pub gate: &'static str,
    /// Passed or stopped, and why; ids and codes only.
    pub verdict: String,
}

/// A decision and everything it causes.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The decision.
    pub decision: Decision,
    /// The gates that were asked, in order.
    pub gates: Vec<GateVerdict>,
    /// What it causes, to be recorded in one transaction.
    pub consequences: Consequences,
}

/// What a decision causes; nothing is left to choose.
#[derive(Debug, Clone, PartialEq)]
pub struct Consequences {
    /// The letter's state after it.
    pub letter_state: LetterState,
    /// The booking that the decision is about.
    pub booking: Option<BookingId>,
    /// A cancellation to be entered; frees the slot and tells the registry.
    pub cancel: Option<(BookingId, Cancellation)>,
    /// A challenge to be opened.
    pub open_challenge: Option<Challenge>,
    /// Challenges for which this letter's sender typed a wrong code.
    pub wrong_codes: Vec<ChallengeId>,
    /// A letter of ours that could not be delivered.
    pub undeliverable: Option<Undeliverable>,
    /// A challenge to be closed.
    pub close_challenge: Option<(ChallengeId, ChallengeState)>,
    /// Letters to be sent, one for each recipient.
    pub letters: Vec<OutgoingLetter>,
    /// Where the letter is filed.
    pub filing: Filing,
    /// What is written into the journal.
    pub events: Vec<Event>,
    /// What a late cancellation causes beside its effect.
    pub late: LateConsequences,
    /// What changes about times.
    pub slots: super::SlotChanges,
}

impl Consequences {
    /// Consequences of no letter, and none so far.
    pub(super) fn nothing() -> Self {
        Self {
            letter_state: LetterState::Decided,
            booking: None,
            cancel: None,
            open_challenge: None,
            wrong_codes: Vec::new(),
            undeliverable: None,
            close_challenge: None,
            letters: Vec::new(),
            filing: Filing {
                to: Folder::Processed,
                keywords: Vec::new(),
                note: None,
            },
            events: Vec::new(),
            slots: super::SlotChanges::default(),
            late: LateConsequences::default(),
        }
    }
}

/// Where a letter is filed, and what is put beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The folder.
    pub to: Folder,
    /// Keywords on it.
    pub keywords: Vec<Keyword>,
    /// A note for staff beside it.
    pub note: Option<Note>,
}

/// The facts of the note that lies beside a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The note's own Message-ID, fixed here so that it is placed once.
    pub message_id: MessageId,
    /// The ledger's id of the dead letter.
    #[serde(default)]
    pub letter: Option<LetterId>,
    /// Its Date.
    pub date: Moment,
    /// The dead letter's Message-ID and thread, newest first.
    pub in_reply_to: Vec<MessageId>,
    /// The dead letter's subject.
    pub subject: String,
    /// Why it was held.
    pub reason: Reason,
    /// What was read.
    pub reading: RequestReading,
    /// When the letter was received.
    pub received_at: Moment,
    /// Zone in which staff read times.
    pub zone: Zone,
    /// The last minute in which the named booking can be cancelled, when it is known.
    pub deadline: Option<Moment>,
    /// What each act of staff would do.
    #[serde(default)]
    pub outlook: Option<Outlook>,
    /// Why it is written.
    #[serde(default)]
    pub occasion: Occasion,
}

/// Why a note is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The letter came to staff.
    #[default]
    Held,
    /// It was tried again, and is here again.
    Retried,
    /// An act was not possible.
    Returned {
        /// The act.
        act: StaffAct,
        /// Why not.
        obstacle: Obstacle,
    },
}
