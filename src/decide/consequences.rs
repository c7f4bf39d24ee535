//! What a decision causes, as data.

use super::decision_kinds::{asks_for_consent, event_kind, letter_kind};
pub(super) use super::journal_words::booking_chain;
use super::journal_words::{after_cancellation, evidence_words, letter_chain};
use super::late::{Late, add_words, consent_end, of_outcome};
use super::restore;
use super::rules::Rules;
use super::slot_work::SlotWork;
use super::{
    BookingFacts, Case, Challenge, ChallengePurpose, ChallengeState, Consequences, Decision,
    Filing, LateConsequences, SlotChanges, Undeliverable, by_question, held_note, last_minute,
};
use crate::domain::{
    Booking, BookingId, Cancellation, ChallengeId, Channel, EmailAddress, Event, EventKind, Folder,
    HistoryEvent, LetterState, Moment, Reason,
};
use crate::reply::compose::{Answered, Draft, add_cancellation, words_of};
use crate::reply::{LetterData, LetterKind, OutgoingLetter};
use serde_json::{Value, json};

/// A decision and what its consequences are made from.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub(super) decision: Decision,
    pub(super) booking: Option<&'a BookingFacts>,
    /// The booking whose number stands in the letter where nothing else ties the sender to it:
    /// for the staff's note alone.
    pub(super) mentioned: Option<&'a BookingFacts>,
    /// Whether the sender is trusted: decides which budget an answer is counted on.
    pub(super) verified: bool,
    /// The receipt by which the deadline was judged.
    pub(super) judged_by: Option<Moment>,
    /// The open challenge that this letter confirms.
    pub(super) confirm: Option<&'a Challenge>,
    /// The open challenge that this letter declines.
    pub(super) decline: Option<&'a Challenge>,
    /// The bookings among which a trusted sender chooses.
    pub(super) choices: Vec<&'a BookingFacts>,
    /// Challenges for which a wrong code was typed.
    pub(super) wrong_codes: Vec<ChallengeId>,
    /// A letter of ours that could not be delivered.
    pub(super) undeliverable: Option<Undeliverable>,
    /// What changes about times, with its letters.
    pub(super) work: Option<Box<SlotWork>>,
    /// What it has to do with lateness.
    pub(super) late: Late,
    /// What happened to the booking, for a letter that tells it.
    pub(super) history: Vec<HistoryEvent>,
}

impl<'a> Outcome<'a> {
    /// A decision that is about no booking.
    pub(super) fn plain(decision: Decision) -> Self {
        Self {
            decision,
            booking: None,
            mentioned: None,
            verified: false,
            judged_by: None,
            confirm: None,
            decline: None,
            choices: Vec::new(),
            wrong_codes: Vec::new(),
            undeliverable: None,
            work: None,
            late: Late::default(),
            history: Vec::new(),
        }
    }

    /// A decision about a booking.
    pub(super) fn about(decision: Decision, booking: &'a BookingFacts, verified: bool) -> Self {
        let mut outcome = Self::plain(decision);
        outcome.booking = Some(booking);
        outcome.verified = verified;
        outcome
    }

    /// Everything that the decision causes.
    pub(super) fn consequences(&self, case: &Case, rules: &Rules<'_>) -> Consequences {
        let cancel = self.cancellation(case, rules);
        let asked = self.work.as_ref().and_then(|work| work.challenge.clone());
        let challenge = self.challenge(case, rules).or(asked);
        let (late, late_events) = of_outcome(self, case, rules, cancel.as_ref());
        let mut events = self.events(case, rules, cancel.as_ref(), challenge.as_ref());
        events.extend(late_events);
        let mut consequences = Consequences {
            letter_state: if self.decision == Decision::AwaitsOperator {
                LetterState::TakenIn
            } else if self.decision.reason().is_some() {
                LetterState::Held
            } else {
                LetterState::Decided
            },
            booking: self.booking.map(|facts| facts.booking.id),
            letters: self.letters(case, rules, cancel.as_ref(), challenge.as_ref(), &late),
            events,
            late,
            cancel,
            open_challenge: challenge,
            close_challenge: self.closed_challenge(),
            wrong_codes: self.wrong_codes.clone(),
            undeliverable: self.undeliverable.clone(),
            filing: self.filing(case, rules),
            slots: SlotChanges::default(),
        };
        if let Some(work) = &self.work {
            work.as_ref().clone().add_to(&mut consequences);
        }
        consequences
    }

    fn cancellation(&self, case: &Case, rules: &Rules<'_>) -> Option<(BookingId, Cancellation)> {
        let booking = &self
            .booking
            .filter(|_| self.decision == Decision::Cancelled)?
            .booking;
        let cancellation = Cancellation {
            received_at: self.judged_by.unwrap_or(case.received_at),
            cancelled_at: rules.now,
            document: booking.next_document(),
            letter: Some(case.letter),
            channel: Channel::Mail,
        };
        Some((booking.id, cancellation))
    }

    fn challenge(&self, case: &Case, rules: &Rules<'_>) -> Option<Challenge> {
        let facts = self.booking.filter(|_| asks_for_consent(&self.decision))?;
        let booking = &facts.booking;
        let replaced = self.decline.and_then(|first| first.reason.clone());
        Some(Challenge {
            id: ChallengeId::for_letter(&case.raw_hash, booking.id),
            booking: booking.id,
            letter: case.letter,
            received_at: self.judged_by.unwrap_or(case.received_at),
            opened_at: rules.now,
            expires_at: match self.late.shown {
                Some(_) => consent_end(facts, rules),
                None => challenge_end(facts, rules),
            },
            state: ChallengeState::Open,
            reason: replaced.or_else(|| case.reading.reason.clone()),
            shown: self.late.shown,
            purpose: ChallengePurpose::Cancel,
            wished_at: None,
        })
    }

    fn closed_challenge(&self) -> Option<(ChallengeId, ChallengeState)> {
        let confirmed = self.confirm.map(|c| (c.id, ChallengeState::Confirmed));
        confirmed.or_else(|| self.decline.map(|c| (c.id, ChallengeState::Declined)))
    }

    fn letters(
        &self,
        case: &Case,
        rules: &Rules<'_>,
        cancel: Option<&(BookingId, Cancellation)>,
        challenge: Option<&Challenge>,
        late: &LateConsequences,
    ) -> Vec<OutgoingLetter> {
        let Some(kind) = letter_kind(&self.decision) else {
            return Vec::new();
        };
        let before = self.booking.map(|facts| &facts.booking);
        let after = before.map(|booking| after_cancellation(booking, cancel));
        let booking = after.as_ref();
        let mut data = self.data(case, rules, booking, challenge);
        add_words(&mut data, self, case, rules, late);
        let draft = Draft {
            kind,
            answers: Some(Answered {
                letter: case.letter,
                raw_hash: &case.raw_hash,
                message_id: case.message_id.as_ref(),
                thread: &case.thread,
            }),
            booking,
            date: rules.now,
            verified: self.verified,
            data,
        };
        rules.office.compose(&draft, self.recipients(case, kind))
    }

    /// Answers go to the addresses on file and nowhere else. A question about a trusted sender's own
    /// letter goes to him alone, who is on file.
    fn recipients<'c>(&'c self, case: &'c Case, kind: LetterKind) -> &'c [EmailAddress] {
        let to_sender_alone = matches!(
            kind,
            LetterKind::NotUnderstood
                | LetterKind::CheckDetails
                | LetterKind::IsItThisOne
                | LetterKind::WhichOne
                | LetterKind::DocumentAgain
                | LetterKind::Status
                | LetterKind::CaseOpened
        );
        if to_sender_alone {
            return case.sender.as_slice();
        }
        self.booking
            .map_or(&[], |facts| facts.booking.citizen.emails.as_slice())
    }

    fn data(
        &self,
        case: &Case,
        rules: &Rules<'_>,
        booking: Option<&Booking>,
        challenge: Option<&Challenge>,
    ) -> LetterData {
        let mut data = LetterData {
            booking: booking.map(|booking| words_of(booking, rules.policy)),
            received_at: Some(self.judged_by.unwrap_or(case.received_at)),
            deadline: booking.map(|booking| last_minute(booking, rules.policy)),
            problem: self.decision.reason(),
            ..LetterData::default()
        };
        if let Some(challenge) = challenge {
            data.challenge = Some(challenge.id);
            data.answer_until = Some(challenge.expires_at);
            data.code = Some(rules.office.secrets.code(challenge.id));
            let stranger = case.sender.as_ref().filter(|_| !self.verified);
            data.masked_sender = stranger.map(EmailAddress::masked);
        }
        data.choices = self
            .choices
            .iter()
            .map(|facts| words_of(&facts.booking, rules.policy))
            .collect();
        if self.decision == Decision::Cancelled {
            let first = self.confirm.and_then(|challenge| challenge.reason.clone());
            data.reason = first.or_else(|| case.reading.reason.clone());
        }
        if let Some(booking) = booking {
            add_cancellation(&mut data, booking);
            restore::add_code(&mut data, booking, rules);
        }
        by_question::add_answer(self, case, rules, &mut data);
        data
    }

    fn filing(&self, case: &Case, rules: &Rules<'_>) -> Filing {
        let to = match self.decision {
            Decision::OwnLetter | Decision::Automatic | Decision::Bounced => Folder::Automatic,
            Decision::NotUnderstood(_)
            | Decision::Held(_)
            | Decision::CaseOpened
            | Decision::UnderReview
            | Decision::DocumentsReceived
            | Decision::SlotsWithDocuments(_) => Folder::DeadLetter,
            Decision::Repeated
            | Decision::Informed
            | Decision::Cancelled
            | Decision::AlreadyCancelled
            | Decision::RefusedTooLate
            | Decision::ConfirmFirst
            | Decision::ConfirmationAwaited
            | Decision::CheckDetails
            | Decision::IsItThisOne
            | Decision::WhichOne
            | Decision::DocumentAgain
            | Decision::StatusTold
            | Decision::Slots(_)
            | Decision::LateConsent
            | Decision::ReviewAwaited => Folder::Processed,
            Decision::AwaitsOperator => Folder::Inbox,
        };
        let reason = self.decision.reason();
        Filing {
            to,
            keywords: reason.map(Reason::keyword).into_iter().collect(),
            note: reason.map(|reason| held_note::note(self, case, rules, reason)),
        }
    }

    fn events(
        &self,
        case: &Case,
        rules: &Rules<'_>,
        cancel: Option<&(BookingId, Cancellation)>,
        challenge: Option<&Challenge>,
    ) -> Vec<Event> {
        let kind = event_kind(&self.decision);
        let mut data = json!({
            "channel": Channel::Mail,
            "letter": case.letter,
            "decision": self.decision.code(),
            "received_at": case.received_at.to_rfc3339(),
            "policy": rules.policy.version,
            "evidence": evidence_words(case),
        });
        if let Value::Object(map) = &mut data {
            let mut put = |key: &str, value: Value| drop(map.insert(key.to_owned(), value));
            if let Some(reason) = self.decision.reason() {
                put("reason", json!(reason));
            }
            if let Some(returned) = &self.undeliverable {
                put("outbox", json!(returned.row));
                put("code", json!(returned.code));
            }
            if let Some((_, cancellation)) = cancel {
                put("document", json!(cancellation.document));
                put("judged_by", json!(cancellation.received_at.to_rfc3339()));
                let reason = self.reason_rule(case, rules);
                put("reason_code", json!(reason.map(|rule| &rule.code)));
            }
            if let Some(consequence) = self.late.shown.or(self.late.accepted) {
                put("late", json!(consequence));
            }
            if let Some(challenge) = challenge.or(self.confirm).or(self.decline) {
                put("challenge", json!(challenge.id.0.to_string()));
            }
        }
        let returned = self
            .undeliverable
            .as_ref()
            .and_then(|letter| letter.booking);
        let chain = match (self.booking, returned) {
            (Some(facts), _) => booking_chain(facts.booking.id),
            (None, Some(booking)) => booking_chain(booking),
            (None, None) => letter_chain(case),
        };
        let event = |kind| Event {
            chain: chain.clone(),
            kind,
            actor: "daemon".to_owned(),
            data: data.clone(),
        };
        let confirmed = self.confirm.map(|_| event(EventKind::ChallengeConfirmed));
        confirmed.into_iter().chain([event(kind)]).collect()
    }
}

/// A question that could be answered for less time than this is not sent.
pub(super) const SHORTEST_CHALLENGE_MINUTES: i64 = 15;

/// Until when a confirmation letter sent now could be answered: never past the appointment.
pub(super) fn challenge_end(facts: &BookingFacts, rules: &Rules<'_>) -> Moment {
    let valid = rules
        .now
        .plus_hours(i64::from(rules.policy.challenge.valid_hours));
    valid.min(facts.booking.starts_at).minute()
}
