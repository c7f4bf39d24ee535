//! The constant receipt: a stranger whose domain signed the letter hears once a day that staff
//! have it, in the same words whatever exists and whatever the letter asked for.

use super::consequences::Outcome;
use super::rules::Rules;
use super::trust::on_file;
use super::{Case, Decision, Facts};
use crate::reply::compose::{Answered, Draft};
use crate::reply::{LetterData, LetterKind, OutgoingLetter};

/// The receipt for the sender of this letter, unless an answer goes to her anyway; nobody whose
/// From is not authenticated gets one, for it could be a third person's address.
pub(super) fn for_stranger(
    case: &Case,
    facts: &Facts,
    outcome: &Outcome<'_>,
    answers: &[OutgoingLetter],
    rules: &Rules<'_>,
) -> Option<OutgoingLetter> {
    let sender = case.sender.as_ref()?;
    let answered = answers.iter().any(|answer| answer.recipient == *sender);
    let known = outcome
        .booking
        .is_some_and(|booking| on_file(sender, booking));
    if !is_with_staff_or_asked(&outcome.decision)
        || answered
        || known
        || facts.receipt_sent
        || case.automatic.is_some()
        || !case.evidence.aligned()
    {
        return None;
    }
    let draft = Draft {
        kind: LetterKind::Received,
        answers: Some(Answered {
            letter: case.letter,
            raw_hash: &case.raw_hash,
            message_id: case.message_id.as_ref(),
            thread: &case.thread,
        }),
        booking: None,
        date: rules.now,
        verified: false,
        data: LetterData::default(),
    };
    rules
        .office
        .compose(&draft, std::slice::from_ref(sender))
        .pop()
}

/// Decisions of which the sender must not learn which one it was. A challenge, which goes to the
/// address on file, is one of them: silence would tell the stranger that all details were right.
const fn is_with_staff_or_asked(decision: &Decision) -> bool {
    match decision {
        Decision::Held(_) | Decision::ConfirmFirst | Decision::ConfirmationAwaited => true,
        Decision::Slots(decision) | Decision::SlotsWithDocuments(decision) => decision.asks(),
        Decision::OwnLetter
        | Decision::Automatic
        | Decision::Bounced
        | Decision::CheckDetails
        | Decision::IsItThisOne
        | Decision::WhichOne
        | Decision::AwaitsOperator
        | Decision::Repeated
        | Decision::Informed
        | Decision::Cancelled
        | Decision::AlreadyCancelled
        | Decision::RefusedTooLate
        | Decision::LateConsent
        | Decision::UnderReview
        | Decision::ReviewAwaited
        | Decision::DocumentsReceived
        | Decision::NotUnderstood(_)
        | Decision::DocumentAgain
        | Decision::StatusTold
        | Decision::CaseOpened => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::decide::samples::{booking, case, facts, judge, unverified};
    use crate::decide::{Case, Facts};
    use crate::domain::{BookingNumber, Channel, EmailAddress};
    use crate::read::AutomaticSign;
    use crate::reply::{LetterKind, OutgoingLetter};
    use crate::request::Intent;

    fn stranger() -> Case {
        let mut case = case();
        case.sender = EmailAddress::parse("stranger@example.net");
        case
    }

    fn receipts(case: &Case, facts: &Facts) -> Vec<OutgoingLetter> {
        let mut letters = judge(case, facts).consequences.letters;
        letters.retain(|letter| letter.kind == LetterKind::Received);
        letters
    }

    #[test]
    fn a_stranger_gets_the_same_receipt_whatever_exists() {
        let exists = receipts(&stranger(), &facts());
        assert_eq!(exists.len(), 1);
        let nothing = receipts(&stranger(), &Facts::default());
        assert_eq!(nothing, exists);
        let mut all_right = stranger();
        let booked = booking();
        all_right.reading.full_name = Some(booked.citizen.full_name.clone());
        all_right.reading.phone = booked.citizen.phone.clone();
        let start = booked.starts_at.in_zone(&booked.organisation.zone);
        all_right.reading.date = Some(start.strftime("%Y-%m-%d").to_string());
        let judged = judge(&all_right, &facts());
        assert_eq!(judged.decision.code(), "confirm_first");
        assert_eq!(receipts(&all_right, &facts()), exists);
        let mut closed = facts();
        let named = closed.named.as_mut().unwrap();
        named.booking.starts_at = crate::decide::samples::NOW.plus_hours(-1);
        assert_eq!(receipts(&all_right, &closed), exists);
        for intent in [Intent::Restore, Intent::Rebook, Intent::Join] {
            let mut cancelled = facts();
            let named = cancelled.named.as_mut().unwrap();
            named.booking = crate::decide::slot_samples::cancelled(Channel::Mail);
            all_right.reading.intent = intent;
            assert_eq!(receipts(&all_right, &cancelled), exists, "{intent:?}");
            assert_eq!(receipts(&all_right, &Facts::default()), exists);
        }
        let mut chats = stranger();
        chats.reading.intent = Intent::None;
        chats.reading.number = BookingNumber::parse("999");
        assert_eq!(receipts(&chats, &Facts::default()), exists);
    }

    #[test]
    fn nobody_else_gets_one() {
        let lately = Facts {
            receipt_sent: true,
            ..facts()
        };
        assert!(receipts(&stranger(), &lately).is_empty());
        assert!(receipts(&unverified(stranger()), &facts()).is_empty());
        assert!(receipts(&case(), &facts()).is_empty());
        let mut automatic = stranger();
        automatic.automatic = Some(AutomaticSign::AutoSubmitted);
        assert!(receipts(&automatic, &facts()).is_empty());
        let mut ours = stranger();
        ours.is_ours = true;
        assert!(receipts(&ours, &facts()).is_empty());
    }
}
