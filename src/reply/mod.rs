//! Step 7, reply: a due row of the outbox becomes a letter and is sent. I/O, but for `compose`,
//! `attempt` and the rendering, which are pure.

pub mod compose;
pub mod words;
pub mod late_words;
mod late_view;
pub mod act_words;
mod template_files;
pub mod templates;
pub mod pdf;
pub mod calendar;
pub mod message;
pub mod transport;
pub mod attempt;
pub mod step;
pub mod wire_address;

pub use late_words::{LateWords, SanctionWords};

use crate::domain::{
    BookingId, ChallengeId, EmailAddress, HistoryEvent, LetterId, MessageId, Moment, Notice,
    OfferId, Zone,
};
use serde::{Deserialize, Serialize};

/// The kinds of letters that we send; one folder of `templates/letters/` for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// Tells of a booking and how to cancel it.
    Booking,
    /// The booking is cancelled; the document is attached.
    Cancelled,
    /// It was cancelled before; the same document is attached.
    AlreadyCancelled,
    /// Too late to cancel.
    RefusedTooLate,
    /// Please confirm that it was you.
    ConfirmFirst,
    /// The details are not those of the booking: is it this one?
    CheckDetails,
    /// No number was given: is it this booking?
    IsItThisOne,
    /// No number was given: which of these bookings?
    WhichOne,
    /// We did not understand; staff will look.
    NotUnderstood,
    /// The letter is with staff: the same words to every stranger, whatever exists.
    Received,
    /// Staff read the letter and cannot do what it asks.
    Refused,
    /// A free time is offered to a person of the waiting list.
    Offer,
    /// The offered time is booked: the booking letter of the new booking.
    OfferAccepted,
    /// The offered time is not wanted; the place in the waiting list stays.
    OfferDeclined,
    /// The offered time cannot be had any more.
    OfferGone,
    /// The cancelled booking is scheduled again.
    Restored,
    /// The code that restores.
    RestoreConfirm,
    /// The time is on offer to somebody: the booking comes back if it is not taken.
    RestoreSlotOnOffer,
    /// The time is somebody else's: others, or the waiting list.
    RestoreSlotGone,
    /// Too late to restore.
    RestoreTooLate,
    /// The organisation cancelled; with the document and how to get a new time.
    CancelledByOrganisation,
    /// A new time is booked instead of the cancelled one.
    Rebooked,
    /// The wished time cannot be had: others, or the waiting list.
    RebookChoices,
    /// Please confirm that you want a new time.
    RebookConfirm,
    /// No new time now: what stands against it, and until when.
    RebookBarred,
    /// A place in the waiting list.
    WaitingListJoined,
    /// Too late, but possible with this consequence: do you agree?
    LateConsent,
    /// The document that came with a late request is with staff.
    UnderReview,
    /// A document that came later is with staff.
    DocumentsReceived,
    /// Staff accepted the document.
    ReviewApproved,
    /// Staff did not accept the document.
    ReviewRejected,
    /// A consequence of late cancellations is in force.
    SanctionImposed,
    /// A consequence of late cancellations is lifted.
    SanctionLifted,
    /// The confirmation document again, because it was asked for.
    DocumentAgain,
    /// How the booking stands, and what happened to it.
    Status,
    /// A person will answer: the number of the case, and by when.
    CaseOpened,
}

impl LetterKind {
    /// All kinds.
    pub const ALL: [Self; 36] = [
        Self::Booking,
        Self::Cancelled,
        Self::AlreadyCancelled,
        Self::RefusedTooLate,
        Self::ConfirmFirst,
        Self::CheckDetails,
        Self::IsItThisOne,
        Self::WhichOne,
        Self::NotUnderstood,
        Self::Received,
        Self::Refused,
        Self::Offer,
        Self::OfferAccepted,
        Self::OfferDeclined,
        Self::OfferGone,
        Self::Restored,
        Self::RestoreConfirm,
        Self::RestoreSlotOnOffer,
        Self::RestoreSlotGone,
        Self::RestoreTooLate,
        Self::CancelledByOrganisation,
        Self::Rebooked,
        Self::RebookChoices,
        Self::RebookConfirm,
        Self::RebookBarred,
        Self::WaitingListJoined,
        Self::LateConsent,
        Self::UnderReview,
        Self::DocumentsReceived,
        Self::ReviewApproved,
        Self::ReviewRejected,
        Self::SanctionImposed,
        Self::SanctionLifted,
        Self::DocumentAgain,
        Self::Status,
        Self::CaseOpened,
    ];

    /// The word used in the ledger, and the name of its folder of templates.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Booking => "booking",
            Self::Cancelled => "cancelled",
            Self::AlreadyCancelled => "already_cancelled",
            Self::RefusedTooLate => "refused_too_late",
            Self::ConfirmFirst => "confirm_first",
            Self::CheckDetails => "check_details",
            Self::IsItThisOne => "is_it_this_one",
            Self::WhichOne => "which_one",
            Self::NotUnderstood => "not_understood",
            Self::Received => "received",
            Self::Refused => "refused",
            Self::Offer => "offer",
            Self::OfferAccepted => "offer_accepted",
            Self::OfferDeclined => "offer_declined",
            Self::OfferGone => "offer_gone",
            Self::Restored => "restored",
            Self::RestoreConfirm => "restore_confirm",
            Self::RestoreSlotOnOffer => "restore_slot_on_offer",
            Self::RestoreSlotGone => "restore_slot_gone",
            Self::RestoreTooLate => "restore_too_late",
            Self::CancelledByOrganisation => "cancelled_by_organisation",
            Self::Rebooked => "rebooked",
            Self::RebookChoices => "rebook_choices",
            Self::RebookConfirm => "rebook_confirm",
            Self::RebookBarred => "rebook_barred",
            Self::WaitingListJoined => "waiting_list_joined",
            Self::LateConsent => "late_consent",
            Self::UnderReview => "under_review",
            Self::DocumentsReceived => "documents_received",
            Self::ReviewApproved => "review_approved",
            Self::ReviewRejected => "review_rejected",
            Self::SanctionImposed => "sanction_imposed",
            Self::SanctionLifted => "sanction_lifted",
            Self::DocumentAgain => "document_again",
            Self::Status => "status",
            Self::CaseOpened => "case_opened",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a document is attached where the data number one.
    pub const fn has_document(self) -> bool {
        matches!(
            self,
            Self::Cancelled
                | Self::AlreadyCancelled
                | Self::DocumentAgain
                | Self::CancelledByOrganisation
                | Self::RefusedTooLate
                | Self::ReviewApproved
                | Self::ReviewRejected
        )
    }
}

/// A letter to be sent, complete but for its wording: what the outbox keeps. Rendered by the same
/// version of the program it gives the same bytes each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingLetter {
    /// Its kind.
    pub kind: LetterKind,
    /// The letter that it answers.
    pub answers: Option<LetterId>,
    /// The booking that it is about.
    pub booking: Option<BookingId>,
    /// The one recipient.
    pub recipient: EmailAddress,
    /// Message-ID, fixed for every attempt.
    pub message_id: MessageId,
    /// Message-IDs of the thread, the answered letter first.
    pub thread: Vec<MessageId>,
    /// The plus-address for answers; `None` where the mail server takes none.
    pub reply_to: Option<EmailAddress>,
    /// Date header.
    pub date: Moment,
    /// Whether the sender of the answered letter was verified: budgets are kept apart.
    pub verified: bool,
    /// What the wording is filled with.
    pub data: LetterData,
}

/// The facts of a letter, stored as versioned JSON. Times are microseconds UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterData {
    /// Version of this shape: 1.
    pub version: u32,
    /// The booking, as it was when the letter was decided.
    pub booking: Option<BookingWords>,
    /// When our server received the letter that is answered, or that asked for the cancellation;
    /// `None` when nobody asked by letter.
    pub received_at: Option<Moment>,
    /// The last minute in which the booking can (or could) be cancelled.
    pub deadline: Option<Moment>,
    /// When the booking was cancelled.
    pub cancelled_at: Option<Moment>,
    /// Number of the confirmation document.
    pub document: Option<String>,
    /// Until when a confirmation is accepted.
    pub answer_until: Option<Moment>,
    /// The challenge that is answered by «ДА».
    pub challenge: Option<ChallengeId>,
    /// The digits that a person may type instead of answering in the thread.
    #[serde(default)]
    pub code: Option<String>,
    /// The bookings among which the citizen chooses.
    #[serde(default)]
    pub choices: Vec<BookingWords>,
    /// The unverified sender, masked: `i…@….ru`.
    pub masked_sender: Option<String>,
    /// The reason that the citizen gave; in the citizen's own letter only, never in the document.
    pub reason: Option<String>,
    /// The code of the reason why a letter was not understood.
    pub problem: Option<crate::domain::Reason>,
    /// What staff want to tell the citizen beside the letter's own words.
    #[serde(default)]
    pub staff_words: Option<String>,
    /// The offer that is answered by «Согласен».
    #[serde(default)]
    pub offer: Option<OfferId>,
    /// The digits that take the cancellation back; never in the document.
    #[serde(default)]
    pub restore_code: Option<String>,
    /// Until when they do.
    #[serde(default)]
    pub restore_until: Option<Moment>,
    /// The number of the cancelled booking in whose place this one stands.
    #[serde(default)]
    pub previous: Option<String>,
    /// The state of the booking ([`crate::domain::BookingState::code`]), for a letter that tells it.
    #[serde(default)]
    pub state: Option<String>,
    /// What happened to the booking, oldest first.
    #[serde(default)]
    pub history: Vec<HistoryEvent>,
    /// The number under which staff have the letter.
    #[serde(default)]
    pub case_number: Option<i64>,
    /// The address that answers go to, for `mailto:` links.
    pub answer_address: Option<EmailAddress>,
    /// The conditions of cancelling, and what a late cancellation comes to.
    #[serde(default)]
    pub late: Option<LateWords>,
}

/// What a letter says about a booking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookingWords {
    /// Its number.
    pub number: String,
    /// The citizen's full name.
    pub full_name: String,
    /// Name of the service.
    pub service: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Address of the appointment.
    pub address: String,
    /// Doctor, room or window; may be empty.
    pub resource: String,
    /// Start of the appointment.
    pub starts_at: Moment,
    /// The organisation's zone.
    pub zone: Zone,
    /// The notice that the service needs; rows of earlier versions hold a number of hours.
    #[serde(alias = "notice_hours", default)]
    pub notice: Notice,
    /// How often the booking was changed: the calendar's SEQUENCE.
    #[serde(default)]
    pub sequence: u32,
}
