//! Letters about times with invented people.

use super::samples::{at, booking};
use otmena::domain::SanctionKind;
use otmena::reply::{BookingWords, LateWords, LetterData, LetterKind, SanctionWords};

/// A time that is nobody's yet.
fn free(starts_at: &str) -> BookingWords {
    BookingWords {
        number: String::new(),
        starts_at: at(starts_at),
        ..booking()
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others say nothing beside the booking"
)]
pub fn data(kind: LetterKind, base: LetterData) -> LetterData {
    match kind {
        LetterKind::Offer | LetterKind::OfferDeclined | LetterKind::OfferGone => LetterData {
            booking: None,
            deadline: None,
            choices: vec![free("2027-03-12T14:30:00+05:00")],
            answer_until: (kind == LetterKind::Offer).then(|| at("2027-03-10T11:15:00+05:00")),
            ..base
        },
        LetterKind::RestoreConfirm | LetterKind::RebookConfirm => LetterData {
            received_at: Some(at("2027-03-10T09:15:20+05:00")),
            answer_until: Some(at("2027-03-12T09:15:00+05:00")),
            code: Some("482193".to_owned()),
            ..base
        },
        LetterKind::RestoreSlotOnOffer => LetterData {
            answer_until: Some(at("2027-03-10T11:15:00+05:00")),
            ..base
        },
        LetterKind::RestoreSlotGone | LetterKind::RebookChoices => LetterData {
            choices: vec![
                free("2027-03-12T15:00:00+05:00"),
                free("2027-03-13T09:00:00+05:00"),
                free("2027-03-15T11:30:00+05:00"),
            ],
            ..base
        },
        LetterKind::RebookBarred => LetterData {
            late: Some(LateWords {
                against: vec![SanctionWords {
                    kind: SanctionKind::SameService,
                    amount: 14,
                    until: Some(at("2027-03-24T09:15:00+05:00")),
                }],
                moves: 3,
                moves_until: Some(at("2027-04-01T09:15:00+05:00")),
                ..LateWords::default()
            }),
            ..base
        },
        LetterKind::CancelledByOrganisation => LetterData {
            cancelled_at: Some(at("2027-03-10T09:15:31+05:00")),
            document: Some("12345/1".to_owned()),
            staff_words: Some("врач заболел".to_owned()),
            ..base
        },
        LetterKind::Restored => LetterData {
            reason: Some("ошиблась датой".to_owned()),
            ..base
        },
        LetterKind::Rebooked => LetterData {
            previous: Some("67890".to_owned()),
            ..base
        },
        _ => base,
    }
}
