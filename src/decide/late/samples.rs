//! A late request, its sender's history, and what may come of it, for the tests of this folder.

use super::OwnCancellation;
use crate::decide::samples::{NOW, booking, case, challenge, consent, facts_of};
use crate::decide::{BookingFacts, Case, Facts};
use crate::domain::{
    BookingState, Cancellation, Channel, Consequence, ContentHash, LateWay, LetterId, Moment,
    PastCancellation, Policy, Timeliness,
};
use crate::read::Attachment;

/// Twelve hours before the appointment: too late by twelve hours.
pub(super) const LATE: Moment = NOW.plus_hours(24 * 10 - 12);

pub(super) fn policy(late: LateWay) -> Policy {
    let mut policy = Policy::default();
    policy.general.late = late;
    policy.sanctions.enabled = true;
    policy
}

pub(super) fn late_case() -> Case {
    Case {
        received_at: LATE,
        ..case()
    }
}

pub(super) fn paper() -> Attachment {
    Attachment {
        name: Some("spravka.pdf".to_owned()),
        media_type: "application/pdf".to_owned(),
        size: 40_000,
        sha256: Some(ContentHash([9; 32])),
    }
}

pub(super) fn with_paper(mut case: Case) -> Case {
    case.attachments.push(paper());
    case
}

/// The booking of a citizen whom the organisation knows by an id, and who was late so often before.
pub(super) fn known(before: usize) -> BookingFacts {
    let mut booking = booking();
    booking.citizen.citizen_id = Some("P-1".to_owned());
    let mut facts = facts_of(booking);
    facts.late.past = vec![
        PastCancellation {
            at: LATE.plus_hours(-240),
            timeliness: Timeliness::Untimely,
        };
        before
    ];
    facts
}

pub(super) fn named(booking: BookingFacts) -> Facts {
    Facts {
        named: Some(booking),
        ..Facts::default()
    }
}

/// «ДА» to the question about a consequence of these parts.
pub(super) fn yes(shown: Consequence, booking: BookingFacts) -> (Case, Facts) {
    let (mut yes, mut facts) = consent();
    yes.received_at = LATE.plus_hours(1);
    let mut challenge = challenge();
    challenge.received_at = LATE;
    challenge.expires_at = LATE.plus_hours(12);
    challenge.shown = Some(shown);
    facts.challenges = vec![(challenge, booking)];
    (yes, facts)
}

/// A booking that was cancelled late, and what is known of that.
pub(super) fn cancelled_late(timeliness: Timeliness) -> BookingFacts {
    let mut facts = known(1);
    facts.booking.state = BookingState::Cancelled(Cancellation {
        received_at: LATE,
        cancelled_at: LATE,
        document: "12345/1".to_owned(),
        letter: Some(LetterId(1)),
        channel: Channel::Mail,
    });
    facts.late.own = Some(OwnCancellation {
        document: "12345/1".to_owned(),
        timeliness,
        documents_until: Some(LATE.plus_hours(24 * 14)),
    });
    facts
}
