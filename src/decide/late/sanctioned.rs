//! Sanctions by the word of staff: imposed or lifted, and the citizen is told.

use super::LateFacts;
use crate::decide::consequences::booking_chain;
use crate::decide::{Rules, last_minute};
use crate::domain::{
    Booking, BookingId, Event, EventKind, Moment, Sanction, SanctionState, Timeliness,
};
use crate::reply::compose::{Draft, add_cancellation, late_words_of, words_of};
use crate::reply::{LetterData, LetterKind, OutgoingLetter, SanctionWords};
use serde_json::json;

/// What staff do with sanctions of one cancellation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SanctionDeed {
    /// What was proposed comes into force.
    Impose,
    /// What was proposed or imposed is lifted; with a word for the journal.
    Lift(Option<String>),
}

/// Why a deed is not possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SanctionObstacle {
    /// It is in force already.
    #[error("it is imposed already")]
    ImposedAlready,
    /// It was lifted.
    #[error("it was lifted")]
    LiftedAlready,
    /// The cancellation does not count as untimely any more.
    #[error("the cancellation is excused or taken back")]
    NotUntimely,
}

/// What a deed causes, to be recorded in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct SanctionJudgement {
    /// Each sanction's id, its new state, and until when it holds.
    pub changes: Vec<(i64, SanctionState, Option<Moment>)>,
    /// Letters to the citizen.
    pub letters: Vec<OutgoingLetter>,
    /// Entries in the journal.
    pub events: Vec<Event>,
}

/// Decides about sanctions that one cancellation of `booking` brought.
///
/// # Errors
/// [`SanctionObstacle`] of the first that stands against it; then none is changed.
pub fn decide_on_sanction(
    booking: &Booking,
    late: &LateFacts,
    sanctions: &[Sanction],
    deed: &SanctionDeed,
    rules: &Rules<'_>,
) -> Result<SanctionJudgement, SanctionObstacle> {
    let mut judgement = SanctionJudgement {
        changes: Vec::new(),
        letters: Vec::new(),
        events: Vec::new(),
    };
    let mut told = Vec::new();
    for one in sanctions {
        let (state, until) = match deed {
            SanctionDeed::Impose => {
                may_be_imposed(one, late)?;
                (SanctionState::Imposed, one.until_if_imposed(rules.now))
            }
            SanctionDeed::Lift(_) if one.state == SanctionState::Lifted => {
                return Err(SanctionObstacle::LiftedAlready);
            }
            SanctionDeed::Lift(_) => (SanctionState::Lifted, None),
        };
        judgement.changes.push((one.id, state, until));
        judgement
            .events
            .push(event(booking.id, one, deed, until, rules));
        told.push(SanctionWords {
            kind: one.kind,
            amount: one.amount,
            until,
        });
    }
    judgement.letters = letters(booking, late, told, deed, rules);
    Ok(judgement)
}

fn may_be_imposed(one: &Sanction, late: &LateFacts) -> Result<(), SanctionObstacle> {
    match one.state {
        SanctionState::Imposed => return Err(SanctionObstacle::ImposedAlready),
        SanctionState::Lifted => return Err(SanctionObstacle::LiftedAlready),
        SanctionState::Proposed => {}
    }
    let own = late.own.as_ref().filter(|own| own.document == one.document);
    match own {
        Some(own) if own.timeliness != Timeliness::Untimely => Err(SanctionObstacle::NotUntimely),
        Some(_) | None => Ok(()),
    }
}

fn event(
    booking: BookingId,
    one: &Sanction,
    deed: &SanctionDeed,
    until: Option<Moment>,
    rules: &Rules<'_>,
) -> Event {
    let (kind, why) = match deed {
        SanctionDeed::Impose => (EventKind::SanctionImposed, None),
        SanctionDeed::Lift(why) => (EventKind::SanctionLifted, why.as_deref()),
    };
    Event {
        chain: booking_chain(booking),
        kind,
        actor: "operator".to_owned(),
        data: json!({
            "id": one.id,
            "document": one.document,
            "sanction": one.kind,
            "amount": one.amount,
            "until": until.map(Moment::to_rfc3339),
            "why": why,
            "proposed_by": one.policy,
            "policy": rules.policy.version,
        }),
    }
}

fn letters(
    booking: &Booking,
    late: &LateFacts,
    told: Vec<SanctionWords>,
    deed: &SanctionDeed,
    rules: &Rules<'_>,
) -> Vec<OutgoingLetter> {
    let mut words = late_words_of(booking, rules.policy);
    words.sanctions = told;
    let kind = match deed {
        SanctionDeed::Impose => {
            let until = late.own.as_ref().and_then(|own| own.documents_until);
            words.documents_until = until.filter(|until| rules.now <= *until);
            words.document_kinds = rules.policy.document_kinds(None);
            LetterKind::SanctionImposed
        }
        SanctionDeed::Lift(_) => LetterKind::SanctionLifted,
    };
    let mut data = LetterData {
        booking: Some(words_of(booking, rules.policy)),
        deadline: Some(last_minute(booking, rules.policy)),
        late: Some(words),
        ..LetterData::default()
    };
    add_cancellation(&mut data, booking);
    data.received_at = None;
    let draft = Draft {
        kind,
        answers: None,
        booking: Some(booking),
        date: rules.now,
        verified: true,
        data,
    };
    rules.office.compose(&draft, &booking.citizen.emails)
}
