//! The word of staff about documents: approve or reject. The citizen is told of either.

use super::OwnCancellation;
use super::caused::{CountedCancellation, LateConsequences, Recount};
use crate::decide::by_staff::settled;
use crate::decide::consequences::booking_chain;
use crate::decide::{
    BookingFacts, Case, Consequences, Facts, Rules, StaffCommand, StaffJudgement, StaffOutcome,
    last_minute,
};
use crate::domain::{
    Booking, BookingId, BookingState, Cancellation, Channel, Event, EventKind, LetterId, Moment,
    Obstacle, StaffAct, Timeliness,
};
use crate::reply::compose::{Answered, Draft, add_cancellation, late_words_of, words_of};
use crate::reply::{LetterData, LetterKind, SanctionWords};
use serde_json::json;

/// Documents of a letter that staff look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// The letter.
    pub letter: LetterId,
    /// The booking.
    pub booking: BookingId,
    /// The receipt by which the request is judged.
    pub received_at: Moment,
    /// Whether the appointment's time was given to others already.
    pub slot_released: bool,
    /// Whether the documents came for a cancellation that was done.
    pub follow_up: bool,
    /// How far it has come.
    pub state: ReviewState,
}

/// How far a review has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReviewState {
    /// Staff have not decided.
    Open,
    /// The documents are accepted.
    Approved,
    /// They are not.
    Rejected,
}

impl ReviewState {
    /// The word used in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Open, Self::Approved, Self::Rejected]
            .into_iter()
            .find(|one| one.code() == code)
    }
}

/// One act on one open review.
struct Ruling<'a> {
    case: &'a Case,
    review: &'a Review,
    facts: &'a BookingFacts,
    command: &'a StaffCommand,
    rules: &'a Rules<'a>,
}

/// Whether the word of staff about this letter's documents is still awaited.
pub(in crate::decide) fn is_reviewable(facts: &Facts) -> bool {
    facts
        .review
        .as_ref()
        .is_some_and(|(review, booking)| awaited(review, booking).is_ok())
}

/// Whether there is anything to approve or reject, or what stands against it.
fn awaited(review: &Review, facts: &BookingFacts) -> Result<(), Obstacle> {
    if review.state != ReviewState::Open {
        return Err(Obstacle::NothingToReview);
    }
    match (&facts.booking.state, review.follow_up) {
        (BookingState::AwaitingConfirmation, false) => Ok(()),
        (BookingState::Cancelled(_), true) => {
            let untimely = |own: &&OwnCancellation| own.timeliness == Timeliness::Untimely;
            let own = facts.late.own.as_ref().filter(untimely);
            own.map(|_| ()).ok_or(Obstacle::NothingToReview)
        }
        (BookingState::Cancelled(_), false) => Err(Obstacle::CancelledAlready),
        // The sender was not known for sure: nothing was begun that could be approved.
        (BookingState::Scheduled, false) => Err(Obstacle::SenderUnproven),
        (
            BookingState::Scheduled
            | BookingState::AwaitingConfirmation
            | BookingState::Completed
            | BookingState::NoShow,
            _,
        ) => Err(Obstacle::NothingToReview),
    }
}

/// What an act does where documents of the letter are, or were, under review; `None` where the act
/// has nothing to do with them. «Отменить запись» and «Отказать» are the answers by dragging.
pub(in crate::decide) fn by_review(
    case: &Case,
    facts: &Facts,
    command: &StaffCommand,
    rules: &Rules<'_>,
) -> Option<Result<StaffJudgement, Obstacle>> {
    let approves = match command.act {
        StaffAct::Approve => true,
        StaffAct::Reject => false,
        StaffAct::Cancel if command.booking.is_none() && is_reviewable(facts) => true,
        StaffAct::Refuse if is_reviewable(facts) => false,
        StaffAct::Close if is_reviewable(facts) => return Some(Err(Obstacle::ReviewOpen)),
        StaffAct::Retry | StaffAct::Cancel | StaffAct::Refuse | StaffAct::Close => return None,
    };
    let Some((review, booking)) = &facts.review else {
        return Some(Err(Obstacle::NothingToReview));
    };
    if let Err(obstacle) = awaited(review, booking) {
        return Some(Err(obstacle));
    }
    let ruling = Ruling {
        case,
        review,
        facts: booking,
        command,
        rules,
    };
    Some(Ok(if approves {
        ruling.approved()
    } else {
        ruling.rejected()
    }))
}

impl Ruling<'_> {
    fn approved(&self) -> StaffJudgement {
        let mut consequences = self.closed(ReviewState::Approved);
        let (after, recount) = if self.review.follow_up {
            (self.facts.booking.clone(), Some(self.recount()))
        } else {
            (self.cancelled(&mut consequences, Timeliness::Excused), None)
        };
        consequences.late.recount = recount;
        let mut data = self.data(&after);
        if let Some(late) = &mut data.late {
            late.sanctions = self.sanctions_of_it();
        }
        self.finish(consequences, &after, data, true)
    }

    fn rejected(&self) -> StaffJudgement {
        let mut consequences = self.closed(ReviewState::Rejected);
        let booking = &self.facts.booking;
        if self.review.follow_up {
            let data = self.data(booking);
            return self.finish(consequences, booking, data, false);
        }
        if self.review.slot_released {
            let after = self.cancelled(&mut consequences, Timeliness::Untimely);
            let data = self.data(&after);
            return self.finish(consequences, &after, data, false);
        }
        consequences.late.scheduled_again = Some(booking.id);
        let mut data = self.data(booking);
        data.document = Some(format!("{}/R{}", booking.number, self.case.letter));
        if let Some(late) = &mut data.late {
            late.refused_at = Some(self.rules.now);
        }
        self.finish(consequences, booking, data, false)
    }

    fn closed(&self, state: ReviewState) -> Consequences {
        let mut consequences = settled();
        consequences.booking = Some(self.facts.booking.id);
        consequences.late = LateConsequences {
            close_review: Some((self.case.letter, state)),
            ..LateConsequences::default()
        };
        consequences
    }

    /// Enters the cancellation, and how it counts; no sanction follows, for none was shown.
    fn cancelled(&self, consequences: &mut Consequences, timeliness: Timeliness) -> Booking {
        let (booking, rules) = (&self.facts.booking, self.rules);
        let cancellation = Cancellation {
            received_at: self.review.received_at,
            cancelled_at: rules.now,
            document: booking.next_document(),
            letter: Some(self.case.letter),
            channel: Channel::Mail,
        };
        let days = i64::from(rules.policy.late_rules(&booking.service).documents_days);
        let follow = timeliness == Timeliness::Untimely && days > 0;
        let reason = rules.policy.reason(self.case.reading.reason.as_deref());
        consequences.late.counted = Some(CountedCancellation {
            booking: booking.id,
            document: cancellation.document.clone(),
            citizen: booking.counted_person(),
            service_code: booking.service.code.clone(),
            received_at: cancellation.received_at,
            cancelled_at: cancellation.cancelled_at,
            timeliness,
            reason_code: reason.map(|rule| rule.code.clone()),
            documents_until: follow.then(|| rules.now.plus_hours(24 * days).minute()),
            policy: rules.policy.version.clone(),
        });
        consequences.events.push(Event {
            chain: booking_chain(booking.id),
            kind: EventKind::BookingCancelled,
            actor: self.command.actor.clone(),
            data: json!({
                "letter": self.case.letter,
                "document": cancellation.document,
                "judged_by": cancellation.received_at.to_rfc3339(),
                "timeliness": timeliness,
                "reason_code": reason.map(|rule| &rule.code),
                "policy": rules.policy.version,
            }),
        });
        let after = booking.clone().cancel(cancellation.clone());
        consequences.cancel = Some((booking.id, cancellation));
        after.unwrap_or_else(|_| booking.clone())
    }

    fn recount(&self) -> Recount {
        let own = self.facts.late.own.as_ref();
        Recount {
            booking: self.facts.booking.id,
            document: own.map(|own| own.document.clone()).unwrap_or_default(),
            timeliness: Timeliness::Excused,
            why: "document",
            actor: self.command.actor.clone(),
        }
    }

    /// The sanctions that the cancellation under review brought.
    fn sanctions_of_it(&self) -> Vec<SanctionWords> {
        let own = self.facts.late.own.as_ref();
        let of_it = |document: &str| own.is_some_and(|own| own.document == document);
        self.facts
            .late
            .sanctions
            .iter()
            .filter(|one| one.booking == self.facts.booking.id && of_it(&one.document))
            .map(|one| SanctionWords {
                kind: one.kind,
                amount: one.amount,
                until: None,
            })
            .collect()
    }

    fn data(&self, after: &Booking) -> LetterData {
        let policy = self.rules.policy;
        let mut late = late_words_of(after, policy);
        late.follow_up = self.review.follow_up;
        late.slot_released = self.review.slot_released;
        let mut data = LetterData {
            booking: Some(words_of(after, policy)),
            received_at: Some(self.review.received_at),
            deadline: Some(last_minute(after, policy)),
            staff_words: self.command.words.clone(),
            late: Some(late),
            ..LetterData::default()
        };
        add_cancellation(&mut data, after);
        data
    }

    fn finish(
        &self,
        mut consequences: Consequences,
        after: &Booking,
        data: LetterData,
        approved: bool,
    ) -> StaffJudgement {
        let (kind, event, outcome) = if approved {
            let event = EventKind::ReviewApproved;
            (LetterKind::ReviewApproved, event, StaffOutcome::Approved)
        } else {
            let event = EventKind::ReviewRejected;
            (LetterKind::ReviewRejected, event, StaffOutcome::Rejected)
        };
        let draft = Draft {
            kind,
            answers: Some(Answered {
                letter: self.case.letter,
                raw_hash: &self.case.raw_hash,
                message_id: self.case.message_id.as_ref(),
                thread: &self.case.thread,
            }),
            booking: Some(after),
            date: self.rules.now,
            verified: true,
            data,
        };
        let office = self.rules.office;
        consequences.letters = office.compose(&draft, &after.citizen.emails);
        let told = Event {
            chain: booking_chain(after.id),
            kind: event,
            actor: self.command.actor.clone(),
            data: json!({
                "letter": self.case.letter,
                "follow_up": self.review.follow_up,
                "reason": self.command.reason,
                "policy": self.rules.policy.version,
            }),
        };
        consequences.events.insert(0, told);
        StaffJudgement {
            outcome,
            gates: Vec::new(),
            consequences,
        }
    }
}
