//! What late cancellations cause, as data: documents, reviews, counted cancellations, sanctions.

use super::{Late, ReviewState, documents};
use crate::decide::consequences::{Outcome, booking_chain};
use crate::decide::rules::Rules;
use crate::decide::{Case, Decision, in_time};
use crate::domain::{
    Booking, BookingId, Cancellation, Channel, Consequence, ContentHash, DocumentWay, Event,
    EventKind, LetterId, Moment, ReasonRule, ReleaseSlot, SanctionKind, SanctionState, Timeliness,
};
use serde_json::json;

/// What is recorded beside the cancellation itself. Empty where nothing came late.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LateConsequences {
    /// Documents that came with the letter; they are listed, never opened.
    pub documents: Vec<DocumentRecord>,
    /// A booking becomes «Ожидает подтверждения».
    pub awaiting: Option<AwaitingOrder>,
    /// A booking is «Запланировано» again.
    pub scheduled_again: Option<BookingId>,
    /// Staff are to look at the documents of this letter.
    pub open_review: Option<ReviewOpening>,
    /// What staff decided about the documents of a letter.
    pub close_review: Option<(LetterId, ReviewState)>,
    /// A cancellation is put on record with how it counts.
    pub counted: Option<CountedCancellation>,
    /// Sanctions that the cancellation brings.
    pub sanctions: Vec<NewSanction>,
    /// An earlier cancellation counts otherwise from now on; its sanctions are lifted.
    pub recount: Option<Recount>,
}

/// One document: what the mail says of it, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRecord {
    /// The letter.
    pub letter: LetterId,
    /// File name; emptied by retention.
    pub name: Option<String>,
    /// Media type.
    pub media_type: String,
    /// Decoded size in octets.
    pub size: u64,
    /// SHA-256 of the decoded part; `None` where the letter was too large to be fetched whole.
    pub sha256: Option<ContentHash>,
}

/// A booking that waits for the word of staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwaitingOrder {
    /// The booking.
    pub booking: BookingId,
    /// Whether its time is free for others at once.
    pub release_slot: bool,
}

/// Documents that staff are to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewOpening {
    /// The letter that brought them.
    pub letter: LetterId,
    /// The booking.
    pub booking: BookingId,
    /// The receipt by which the request is judged.
    pub received_at: Moment,
    /// Whether the appointment's time is given to others already.
    pub slot_released: bool,
    /// Whether they came for a cancellation that is done.
    pub follow_up: bool,
}

/// How a cancellation counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedCancellation {
    /// The booking.
    pub booking: BookingId,
    /// Number of the cancellation's document.
    pub document: String,
    /// Whose it is: a hash of the organisation's id of the person; none without one.
    pub citizen: Option<ContentHash>,
    /// Code of the service.
    pub service_code: String,
    /// When the request was received.
    pub received_at: Moment,
    /// When it was cancelled.
    pub cancelled_at: Moment,
    /// How it counts.
    pub timeliness: Timeliness,
    /// The reason of the policy's list that the citizen named.
    pub reason_code: Option<String>,
    /// Until when documents may follow.
    pub documents_until: Option<Moment>,
    /// Version of the rules.
    pub policy: String,
}

/// A sanction that is proposed, or imposed by the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSanction {
    /// The booking.
    pub booking: BookingId,
    /// Number of the cancellation's document.
    pub document: String,
    /// Whose it is.
    pub citizen: ContentHash,
    /// Code of the service.
    pub service_code: String,
    /// Its kind.
    pub kind: SanctionKind,
    /// Roubles or days.
    pub amount: u32,
    /// Proposed or imposed.
    pub state: SanctionState,
    /// Version of the rules.
    pub policy: String,
    /// When.
    pub at: Moment,
    /// Until when it holds, where it is imposed for days.
    pub until: Option<Moment>,
}

/// A cancellation that counts otherwise from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recount {
    /// The booking.
    pub booking: BookingId,
    /// Number of the cancellation's document.
    pub document: String,
    /// How it counts now.
    pub timeliness: Timeliness,
    /// Why its sanctions are lifted, for the journal.
    pub why: &'static str,
    /// Who did it, for the journal.
    pub actor: String,
}

/// Why a cancellation is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakeBackCause {
    /// The booking was restored.
    Restored,
    /// The organisation cancelled it itself.
    ByOrganisation,
    /// A fault of ours.
    TechnicalFault,
}

impl TakeBackCause {
    /// The word in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::ByOrganisation => "by_organisation",
            Self::TechnicalFault => "technical_fault",
        }
    }
}

/// Takes a cancellation back: it counts no more, and every sanction that it brought is lifted.
/// Nothing happens where it was in time. For whatever undoes a cancellation: put the result into
/// the `late` of its consequences.
pub fn take_back(
    booking: BookingId,
    cancellation: &Cancellation,
    cause: TakeBackCause,
) -> LateConsequences {
    LateConsequences {
        recount: Some(Recount {
            booking,
            document: cancellation.document.clone(),
            timeliness: Timeliness::TakenBack,
            why: cause.code(),
            actor: "daemon".to_owned(),
        }),
        ..LateConsequences::default()
    }
}

/// What an outcome causes beside its effect on the booking, with the events that tell of it.
pub(in crate::decide) fn of_outcome(
    outcome: &Outcome<'_>,
    case: &Case,
    rules: &Rules<'_>,
    cancel: Option<&(BookingId, Cancellation)>,
) -> (LateConsequences, Vec<Event>) {
    let mut caused = LateConsequences::default();
    let mut events = Vec::new();
    let Some(facts) = outcome.booking else {
        return (caused, events);
    };
    let booking = &facts.booking;
    if matches!(
        outcome.decision,
        Decision::UnderReview | Decision::DocumentsReceived
    ) {
        let rule = rules.policy.rule_for(&booking.service);
        let release = rule.release_slot == ReleaseSlot::OnRequest;
        caused.documents = records(case);
        caused.awaiting = outcome.late.awaits.then_some(AwaitingOrder {
            booking: booking.id,
            release_slot: release,
        });
        caused.open_review = Some(ReviewOpening {
            letter: case.letter,
            booking: booking.id,
            received_at: outcome.judged_by.unwrap_or(case.received_at),
            slot_released: outcome.late.awaits && release,
            follow_up: outcome.late.follow_up,
        });
        events.push(recorded(booking, &caused.documents, rules));
    }
    if matches!(outcome.decision, Decision::SlotsWithDocuments(_)) {
        caused.documents = records(case);
        events.push(recorded(booking, &caused.documents, rules));
    }
    if let Some((_, cancellation)) = cancel {
        let (counted, consequence) = counted(outcome, booking, case, cancellation, rules);
        if let Some(counted) = counted {
            let automatic = rules.policy.sanction_rules(&booking.service).automatic;
            caused.sanctions = sanctions(&counted, consequence, automatic, rules);
            events.extend(
                caused
                    .sanctions
                    .iter()
                    .map(|one| proposed(one, consequence.number)),
            );
            caused.counted = Some(counted);
        }
    }
    (caused, events)
}

/// Whether the cancellation goes on record, and what it brings: one that came too late always, one
/// in time where the rules count all.
fn counted(
    outcome: &Outcome<'_>,
    booking: &Booking,
    case: &Case,
    cancellation: &Cancellation,
    rules: &Rules<'_>,
) -> (Option<CountedCancellation>, Consequence) {
    let Late { accepted, .. } = outcome.late;
    let citizen = booking.counted_person();
    let sanctions = rules.policy.sanction_rules(&booking.service);
    // What staff cancel after its time, they have judged themselves: it is not counted.
    let widened = sanctions.enabled
        && citizen.is_some()
        && in_time(booking, rules.policy, cancellation.received_at);
    if cancellation.channel != Channel::Mail || (accepted.is_none() && !widened) {
        return (None, Consequence::default());
    }
    let reason = outcome.reason_rule(case, rules);
    let timeliness = match (accepted, reason) {
        (None, _) => Timeliness::InTime,
        (Some(_), Some(rule)) if rule.excuses_by_word() => Timeliness::Excused,
        (Some(_), _) => Timeliness::Untimely,
    };
    let review = rules.policy.rule_for(&booking.service).documents == DocumentWay::Review;
    let days = i64::from(rules.policy.late_rules(&booking.service).documents_days);
    let follow = timeliness == Timeliness::Untimely && review && days > 0;
    let counted = CountedCancellation {
        booking: booking.id,
        document: cancellation.document.clone(),
        citizen,
        service_code: booking.service.code.clone(),
        received_at: cancellation.received_at,
        cancelled_at: cancellation.cancelled_at,
        timeliness,
        reason_code: reason.map(|rule: &ReasonRule| rule.code.clone()),
        documents_until: follow.then(|| cancellation.cancelled_at.plus_hours(24 * days).minute()),
        policy: rules.policy.version.clone(),
    };
    let consequence = match timeliness {
        Timeliness::Untimely => accepted.unwrap_or_default(),
        Timeliness::InTime | Timeliness::Excused | Timeliness::TakenBack => Consequence::default(),
    };
    (Some(counted), consequence)
}

/// The parts of a consequence as sanctions: none without the organisation's id of the person.
fn sanctions(
    counted: &CountedCancellation,
    consequence: Consequence,
    automatic: bool,
    rules: &Rules<'_>,
) -> Vec<NewSanction> {
    let Some(citizen) = counted.citizen else {
        return Vec::new();
    };
    let state = if automatic {
        SanctionState::Imposed
    } else {
        SanctionState::Proposed
    };
    consequence
        .parts()
        .into_iter()
        .map(|(kind, amount)| NewSanction {
            booking: counted.booking,
            document: counted.document.clone(),
            citizen,
            service_code: counted.service_code.clone(),
            kind,
            amount,
            state,
            policy: rules.policy.version.clone(),
            at: rules.now,
            until: (automatic && kind != SanctionKind::Fine)
                .then(|| rules.now.plus_hours(24 * i64::from(amount))),
        })
        .collect()
}

fn records(case: &Case) -> Vec<DocumentRecord> {
    documents(case)
        .into_iter()
        .map(|one| DocumentRecord {
            letter: case.letter,
            name: one.name.clone(),
            media_type: one.media_type.clone(),
            size: one.size,
            sha256: one.sha256,
        })
        .collect()
}

/// Types, sizes and hashes; names of files are the citizen's own words.
fn recorded(booking: &Booking, documents: &[DocumentRecord], rules: &Rules<'_>) -> Event {
    let list: Vec<_> = documents
        .iter()
        .map(|one| {
            json!({
                "media_type": one.media_type,
                "size": one.size,
                "sha256": one.sha256.map(|hash| hash.to_hex()),
            })
        })
        .collect();
    Event {
        chain: booking_chain(booking.id),
        kind: EventKind::DocumentsRecorded,
        actor: "daemon".to_owned(),
        data: json!({
            "letter": documents.first().map(|one| one.letter),
            "documents": list,
            "policy": rules.policy.version,
        }),
    }
}

fn proposed(sanction: &NewSanction, number: u32) -> Event {
    let kind = match sanction.state {
        SanctionState::Imposed => EventKind::SanctionImposed,
        SanctionState::Proposed | SanctionState::Lifted => EventKind::SanctionProposed,
    };
    Event {
        chain: booking_chain(sanction.booking),
        kind,
        actor: "daemon".to_owned(),
        data: json!({
            "document": sanction.document,
            "sanction": sanction.kind,
            "amount": sanction.amount,
            "number": number,
            "until": sanction.until.map(Moment::to_rfc3339),
            "policy": sanction.policy,
        }),
    }
}
