//! The decisions about times: offers, restorations, new times.

use crate::domain::EventKind;

/// What is decided about a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotDecision {
    /// The cancelled booking is scheduled again.
    Restored,
    /// It was never cancelled, or is scheduled again already.
    StillScheduled,
    /// The address on file gets a code that restores.
    RestoreConfirm,
    /// The time is on offer to somebody: it comes back if that person does not take it.
    RestoreOnOffer,
    /// The time is somebody else's: others are proposed.
    RestoreGone,
    /// Too late to restore.
    RestoreTooLate,
    /// The offered time is booked.
    OfferAccepted,
    /// The offered time is not wanted: it passes on.
    OfferDeclined,
    /// The hold of the offer ended without an answer.
    OfferExpired,
    /// An answer to an offer that has ended.
    OfferGone,
    /// A new time is booked instead of the cancelled one.
    Rebooked,
    /// The wished time cannot be had: others are proposed.
    RebookChoices,
    /// The address on file is asked whether the wish for a new time is hers.
    RebookConfirm,
    /// No new time: a consequence of late cancellations stands against it, or too many moves.
    RebookBarred,
    /// A place in the waiting list.
    WaitingJoined,
    /// A free time is offered to the waiting list; no letter is decided so.
    Offered,
}

impl SlotDecision {
    /// The word used in the ledger, in logs and in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::StillScheduled => "still_scheduled",
            Self::RestoreConfirm => "restore_confirm",
            Self::RestoreOnOffer => "restore_slot_on_offer",
            Self::RestoreGone => "restore_slot_gone",
            Self::RestoreTooLate => "restore_too_late",
            Self::OfferAccepted => "offer_accepted",
            Self::OfferDeclined => "offer_declined",
            Self::OfferExpired => "offer_expired",
            Self::OfferGone => "offer_gone",
            Self::Rebooked => "rebooked",
            Self::RebookChoices => "rebook_choices",
            Self::RebookConfirm => "rebook_confirm",
            Self::RebookBarred => "rebook_barred",
            Self::WaitingJoined => "waiting_list_joined",
            Self::Offered => "offered",
        }
    }

    /// Whether the addresses on file are asked, and the sender of the letter hears nothing.
    pub(super) const fn asks(self) -> bool {
        matches!(self, Self::RestoreConfirm | Self::RebookConfirm)
    }

    /// Whether it changes who has a time or a place: a signed letter does that once.
    pub(super) const fn has_effect(self) -> bool {
        match self {
            Self::Restored
            | Self::RestoreOnOffer
            | Self::OfferAccepted
            | Self::OfferDeclined
            | Self::Rebooked
            | Self::WaitingJoined => true,
            Self::StillScheduled
            | Self::RestoreConfirm
            | Self::RestoreGone
            | Self::RestoreTooLate
            | Self::OfferExpired
            | Self::OfferGone
            | Self::RebookChoices
            | Self::RebookConfirm
            | Self::RebookBarred
            | Self::Offered => false,
        }
    }

    /// What the journal of the booking, or of the letter, says of it.
    pub(super) const fn event_kind(self) -> EventKind {
        match self {
            Self::Restored => EventKind::BookingRestored,
            Self::RestoreConfirm | Self::RebookConfirm => EventKind::ChallengeOpened,
            Self::RestoreOnOffer => EventKind::RestorationWaits,
            Self::RestoreGone | Self::RestoreTooLate => EventKind::RestorationRefused,
            Self::OfferExpired => EventKind::OfferExpired,
            Self::WaitingJoined => EventKind::WaitingJoined,
            Self::StillScheduled
            | Self::OfferAccepted
            | Self::OfferDeclined
            | Self::OfferGone
            | Self::Rebooked
            | Self::RebookChoices
            | Self::RebookBarred
            | Self::Offered => EventKind::LetterDecided,
        }
    }
}
