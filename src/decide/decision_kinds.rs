//! Which letter and which entry of the journal a decision brings.

use super::Decision;
use crate::domain::EventKind;
use crate::reply::LetterKind;

/// Whether the decision puts a question that «ДА» answers.
pub(super) const fn asks_for_consent(decision: &Decision) -> bool {
    matches!(
        decision,
        Decision::ConfirmFirst
            | Decision::CheckDetails
            | Decision::IsItThisOne
            | Decision::LateConsent
    )
}

/// The letter that announces a decision; `None` where nothing is answered.
pub(super) const fn letter_kind(decision: &Decision) -> Option<LetterKind> {
    match decision {
        Decision::Cancelled => Some(LetterKind::Cancelled),
        Decision::AlreadyCancelled => Some(LetterKind::AlreadyCancelled),
        Decision::RefusedTooLate => Some(LetterKind::RefusedTooLate),
        Decision::ConfirmFirst => Some(LetterKind::ConfirmFirst),
        Decision::CheckDetails => Some(LetterKind::CheckDetails),
        Decision::IsItThisOne => Some(LetterKind::IsItThisOne),
        Decision::WhichOne => Some(LetterKind::WhichOne),
        Decision::NotUnderstood(_) => Some(LetterKind::NotUnderstood),
        Decision::DocumentAgain => Some(LetterKind::DocumentAgain),
        Decision::StatusTold => Some(LetterKind::Status),
        Decision::CaseOpened => Some(LetterKind::CaseOpened),
        Decision::LateConsent => Some(LetterKind::LateConsent),
        Decision::UnderReview | Decision::ReviewAwaited => Some(LetterKind::UnderReview),
        Decision::DocumentsReceived => Some(LetterKind::DocumentsReceived),
        Decision::OwnLetter
        | Decision::Automatic
        | Decision::Bounced
        | Decision::Repeated
        | Decision::Informed
        | Decision::ConfirmationAwaited
        | Decision::AwaitsOperator
        | Decision::Held(_)
        | Decision::Slots(_)
        | Decision::SlotsWithDocuments(_) => None,
    }
}

/// The entry of the journal that tells of a decision.
pub(super) const fn event_kind(decision: &Decision) -> EventKind {
    match decision {
        Decision::Cancelled => EventKind::BookingCancelled,
        Decision::AlreadyCancelled | Decision::DocumentAgain => EventKind::ConfirmationRepeated,
        Decision::StatusTold => EventKind::StatusTold,
        Decision::RefusedTooLate => EventKind::CancellationRefused,
        Decision::ConfirmFirst
        | Decision::CheckDetails
        | Decision::IsItThisOne
        | Decision::LateConsent => EventKind::ChallengeOpened,
        Decision::UnderReview | Decision::DocumentsReceived => EventKind::ReviewOpened,
        Decision::NotUnderstood(_) | Decision::Held(_) | Decision::CaseOpened => {
            EventKind::LetterHeld
        }
        Decision::OwnLetter
        | Decision::Automatic
        | Decision::Repeated
        | Decision::ConfirmationAwaited
        | Decision::WhichOne
        | Decision::ReviewAwaited
        | Decision::AwaitsOperator => EventKind::LetterDecided,
        Decision::Bounced => EventKind::LetterUndeliverable,
        Decision::Informed => EventKind::LetterRequested,
        Decision::Slots(decision) | Decision::SlotsWithDocuments(decision) => decision.event_kind(),
    }
}
