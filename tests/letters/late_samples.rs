//! Letters about late cancellations, with invented people.

use super::samples::{at, data};
use otmena::domain::{Conditions, Consequence, DocumentWay, LateWay, SanctionKind};
use otmena::reply::{LateWords, LetterData, LetterKind, SanctionWords};

/// What a letter of one of the kinds about lateness tells.
pub fn of_lateness(kind: LetterKind, base: LetterData) -> LetterData {
    let received_at = Some(at("2027-03-11T18:02:00+05:00"));
    if kind == LetterKind::LateConsent {
        return LetterData {
            received_at,
            answer_until: Some(at("2027-03-12T14:30:00+05:00")),
            code: Some("482193".to_owned()),
            ..base
        };
    }
    if kind == LetterKind::RefusedTooLate {
        return LetterData {
            received_at,
            document: Some("12345/R7".to_owned()),
            ..base
        };
    }
    if kind == LetterKind::UnderReview {
        return LetterData {
            received_at,
            ..base
        };
    }
    cancelled_late(kind, base)
}

/// What a letter says of lateness: the conditions in every one.
pub fn late(kind: LetterKind) -> LateWords {
    let fine = SanctionWords {
        kind: SanctionKind::Fine,
        amount: 500,
        until: None,
    };
    let same_service = SanctionWords {
        kind: SanctionKind::SameService,
        amount: 14,
        until: Some(at("2027-03-26T10:00:00+05:00")),
    };
    LateWords {
        conditions: Some(Conditions {
            late: if kind == LetterKind::RefusedTooLate {
                LateWay::Refuse
            } else {
                LateWay::Consent
            },
            documents: DocumentWay::Review,
            documents_days: 14,
            document_kinds: vec![
                "справка от врача".to_owned(),
                "приказ о командировке".to_owned(),
            ],
            sanctions: true,
            version: "2027-03".to_owned(),
        }),
        refused_at: Some(at("2027-03-11T18:02:04+05:00")),
        consequence: Some(Consequence {
            number: 2,
            fine_roubles: 500,
            block_days: 0,
            same_service_days: 14,
            waiting_list_days: 30,
        }),
        documents_until: Some(at("2027-03-25T18:05:00+05:00")),
        document_kinds: vec!["справка от врача".to_owned()],
        documents: 2,
        follow_up: kind == LetterKind::DocumentsReceived,
        sanctions: vec![fine, same_service],
        ..LateWords::default()
    }
}

/// A letter about a cancellation that came too late.
fn cancelled_late(kind: LetterKind, base: LetterData) -> LetterData {
    let asked = !matches!(
        kind,
        LetterKind::SanctionImposed | LetterKind::SanctionLifted
    );
    LetterData {
        received_at: asked.then(|| at("2027-03-11T18:02:00+05:00")),
        cancelled_at: Some(at("2027-03-11T18:05:00+05:00")),
        document: Some("12345/1".to_owned()),
        ..base
    }
}

/// A confirmation of a cancellation that came too late and has consequences.
pub fn untimely(automatic: bool) -> LetterData {
    let mut data = data(LetterKind::Cancelled);
    data.received_at = Some(at("2027-03-11T18:02:00+05:00"));
    data.cancelled_at = Some(at("2027-03-11T18:05:00+05:00"));
    let late = data.late.as_mut().unwrap();
    late.untimely = true;
    late.automatic = automatic;
    data
}

/// The letters of staff's word about a document, worded otherwise.
pub fn reviews() -> Vec<(&'static str, LetterKind, LetterData)> {
    let mut followed = data(LetterKind::ReviewApproved);
    followed.late.as_mut().unwrap().follow_up = true;
    let mut not_followed = data(LetterKind::ReviewRejected);
    not_followed.late.as_mut().unwrap().follow_up = true;
    let mut stands = data(LetterKind::ReviewRejected);
    stands.cancelled_at = None;
    stands.document = Some("12345/R7".to_owned());
    stands.staff_words = Some("На справке нет даты.".to_owned());
    let mut released = data(LetterKind::UnderReview);
    released.late.as_mut().unwrap().slot_released = true;
    vec![
        (
            "review_approved.follow_up",
            LetterKind::ReviewApproved,
            followed,
        ),
        (
            "review_rejected.follow_up",
            LetterKind::ReviewRejected,
            not_followed,
        ),
        ("review_rejected.stands", LetterKind::ReviewRejected, stands),
        ("under_review.released", LetterKind::UnderReview, released),
    ]
}
