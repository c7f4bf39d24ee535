//! What an act of staff on a dead letter causes. The letter was read anew; the evidence for its
//! sender is judged as ever, and the original receipt time counts.

use super::consequences::{Outcome, SHORTEST_CHALLENGE_MINUTES, challenge_end};
use super::freed_time::after_cancelling;
use super::late::{by_review, is_reviewable};
use super::rules::Rules;
use super::trust::{Trust, on_file, trust};
use super::{
    BookingFacts, CancelOutlook, Case, Consequences, Decision, Facts, FactsQuery, Occasion,
    Outlook, StaffCommand, StaffJudgement, StaffOutcome, decide, in_time, query,
};
use crate::domain::{BookingState, Event, EventKind, LetterState, Obstacle, Reason, StaffAct};
use crate::reply::compose::{Answered, Draft};
use crate::reply::{LetterData, LetterKind};
use crate::request::details::compare;
use serde_json::{Value, json};

/// What the ledger must look up before the act can be decided.
pub fn staff_query(case: &Case, command: &StaffCommand) -> FactsQuery {
    let mut wanted = query(case);
    wanted.slots.places = true;
    wanted.review = true;
    if let Some(number) = &command.booking {
        wanted.number_key = Some(number.lookup_key());
    }
    wanted
}

/// Decides one act on a letter that is held with `held`.
pub fn decide_by_staff(
    case: &Case,
    facts: &Facts,
    command: &StaffCommand,
    held: Reason,
    rules: &Rules<'_>,
) -> StaffJudgement {
    // What was answered is not asked, booked or refused a second time.
    let answered = held == Reason::DocumentsEnclosed && command.act != StaffAct::Close;
    let reviewed = by_review(case, facts, command, rules);
    let judged = reviewed.unwrap_or_else(|| match command.act {
        _ if answered => Err(Obstacle::AnsweredAlready),
        StaffAct::Retry => Ok(retried(case, facts, held, rules)),
        StaffAct::Cancel => cancelled(case, facts, command, rules),
        StaffAct::Refuse => refused(case, facts, command, rules),
        StaffAct::Close => Ok(StaffJudgement {
            outcome: StaffOutcome::Closed,
            gates: Vec::new(),
            consequences: settled(),
        }),
        // Handled above: there is a review, or there is nothing to do.
        StaffAct::Approve | StaffAct::Reject => Err(Obstacle::NothingToReview),
    });
    let mut judgement =
        judged.unwrap_or_else(|obstacle| impossible(case, facts, command, held, obstacle, rules));
    if matches!(
        judgement.outcome,
        StaffOutcome::Approved | StaffOutcome::Rejected
    ) {
        after_cancelling(&mut judgement.consequences, facts, &command.actor, rules);
    }
    let event = acted(case, command, &judgement, rules);
    judgement.consequences.events.push(event);
    judgement
}

/// What each act would do now.
pub fn outlook(case: &Case, facts: &Facts, rules: &Rules<'_>) -> Outlook {
    if is_reviewable(facts) {
        return Outlook::OF_REVIEW;
    }
    let cancel = match cancel_way(case, facts, false, rules) {
        Ok((Decision::Cancelled, ..)) => CancelOutlook::Cancels,
        Ok((Decision::AlreadyCancelled, ..)) => CancelOutlook::ConfirmsAgain,
        Ok((Decision::ConfirmFirst, ..)) => CancelOutlook::AsksFirst,
        Ok(_) => CancelOutlook::Waits,
        Err(obstacle) => CancelOutlook::ComesBack(obstacle),
    };
    Outlook {
        cancel,
        refuse: may_be_refused(case, facts).err(),
    }
}

/// From the start. A citizen who was told that we did not understand is not told so twice.
fn retried(case: &Case, facts: &Facts, held: Reason, rules: &Rules<'_>) -> StaffJudgement {
    let mut judgement = decide(case, facts, rules);
    if judgement.decision == Decision::NotUnderstood(held) || facts.review.is_some() {
        judgement.consequences.letters.clear();
    }
    if let Some(note) = &mut judgement.consequences.filing.note {
        note.occasion = Occasion::Retried;
    }
    StaffJudgement {
        outcome: StaffOutcome::Retried(judgement.decision),
        gates: judgement.gates,
        consequences: judgement.consequences,
    }
}

fn cancelled(
    case: &Case,
    facts: &Facts,
    command: &StaffCommand,
    rules: &Rules<'_>,
) -> Result<StaffJudgement, Obstacle> {
    let outright = command.booking.is_some();
    let (decision, booking, verified) = cancel_way(case, facts, outright, rules)?;
    let mut outcome = Outcome::about(decision.clone(), booking, verified);
    outcome.judged_by = Some(case.received_at);
    let mut consequences = outcome.consequences(case, rules);
    consequences.letter_state = LetterState::Resolved;
    after_cancelling(&mut consequences, facts, &command.actor, rules);
    for event in &mut consequences.events {
        event.actor.clone_from(&command.actor);
    }
    for letter in &mut consequences.letters {
        letter.data.staff_words.clone_from(&command.words);
    }
    Ok(StaffJudgement {
        outcome: StaffOutcome::Cancelled(decision),
        gates: Vec::new(),
        consequences,
    })
}

/// What a wish to cancel comes to by the word of staff: the exactly numbered booking whose surname
/// matches; the citizen is asked unless the sender is trusted. Lateness is the staff's to judge.
fn cancel_way<'a>(
    case: &Case,
    facts: &'a Facts,
    outright: bool,
    rules: &Rules<'_>,
) -> Result<(Decision, &'a BookingFacts, bool), Obstacle> {
    if !outright {
        if case.is_ours || case.automatic.is_some() {
            return Err(Obstacle::AutomaticLetter);
        }
        if case.reading.number.is_none() {
            return Err(Obstacle::NumberMissing);
        }
    }
    let booking = facts.named.as_ref().ok_or(Obstacle::NumberUnknown)?;
    if !outright {
        let given = case.reading.full_name.as_deref();
        let given = given.ok_or(Obstacle::NameMissing)?;
        if !has_surname_of(given, &booking.booking.citizen.full_name) {
            return Err(Obstacle::SurnameDiffers);
        }
    }
    let trusted = outright || is_trusted(case, booking);
    match &booking.booking.state {
        BookingState::Cancelled(_) if trusted => Ok((Decision::AlreadyCancelled, booking, true)),
        BookingState::Cancelled(_) => Err(Obstacle::CancelledAlready),
        BookingState::Completed | BookingState::NoShow => Err(Obstacle::BookingOver),
        BookingState::Scheduled | BookingState::AwaitingConfirmation => {
            if case.received_at >= booking.booking.starts_at {
                Err(Obstacle::BookingOver)
            } else if trusted {
                Ok((Decision::Cancelled, booking, true))
            } else {
                ask(case, booking, rules).map(|decision| (decision, booking, false))
            }
        }
    }
}

fn is_trusted(case: &Case, booking: &BookingFacts) -> bool {
    let details = compare(&case.reading, &booking.booking);
    case.sender.as_ref().is_some_and(|sender| {
        trust(sender, &case.evidence, booking, false, &details) == Trust::Trusted
    })
}

/// The address on file is asked, within the limits of every confirmation letter.
fn ask(case: &Case, booking: &BookingFacts, rules: &Rules<'_>) -> Result<Decision, Obstacle> {
    let awaited = booking
        .open_challenge
        .as_ref()
        .is_some_and(|challenge| rules.now <= challenge.expires_at);
    let limit = usize::from(rules.policy.challenge.per_booking_and_day);
    let end = challenge_end(booking, rules);
    if end < rules.now.plus_minutes(SHORTEST_CHALLENGE_MINUTES)
        || !in_time(&booking.booking, rules.policy, case.received_at)
    {
        Err(Obstacle::NoTimeToAsk)
    } else if awaited {
        Ok(Decision::ConfirmationAwaited)
    } else if booking.recent_challenges.len() >= limit {
        Err(Obstacle::ChallengesSpent)
    } else {
        Ok(Decision::ConfirmFirst)
    }
}

/// Whether the surname on file, which stands first there, is one of the words given.
fn has_surname_of(given: &str, on_file: &str) -> bool {
    let plain = |word: &str| word.to_lowercase().replace('ё', "е");
    let surname = on_file.split_whitespace().next().map(plain);
    surname.is_some_and(|surname| {
        given
            .split(|c: char| !c.is_alphabetic() && c != '-' && c != '\'')
            .any(|word| plain(word) == surname)
    })
}

/// An answer may go to an address that the sender's own domain has signed for, or that stands on
/// file; never to one that anybody could have typed.
fn may_be_refused(case: &Case, facts: &Facts) -> Result<(), Obstacle> {
    if case.is_ours || case.automatic.is_some() {
        return Err(Obstacle::AutomaticLetter);
    }
    let sender = case.sender.as_ref().ok_or(Obstacle::NoSender)?;
    let known = !facts.senders_open_bookings.is_empty()
        || facts
            .named
            .as_ref()
            .is_some_and(|booking| on_file(sender, booking));
    if known || case.evidence.aligned() {
        Ok(())
    } else {
        Err(Obstacle::SenderUnproven)
    }
}

fn refused(
    case: &Case,
    facts: &Facts,
    command: &StaffCommand,
    rules: &Rules<'_>,
) -> Result<StaffJudgement, Obstacle> {
    may_be_refused(case, facts)?;
    // Nothing about any booking: the sender need not be the one who booked.
    let draft = Draft {
        kind: LetterKind::Refused,
        answers: Some(Answered {
            letter: case.letter,
            raw_hash: &case.raw_hash,
            message_id: case.message_id.as_ref(),
            thread: &case.thread,
        }),
        booking: None,
        date: rules.now,
        verified: case.evidence.aligned(),
        data: LetterData {
            received_at: Some(case.received_at),
            staff_words: command.words.clone(),
            ..LetterData::default()
        },
    };
    let mut consequences = settled();
    consequences.letters = rules.office.compose(&draft, case.sender.as_slice());
    Ok(StaffJudgement {
        outcome: StaffOutcome::Refused,
        gates: Vec::new(),
        consequences,
    })
}

/// The letter comes back with a note that says why.
fn impossible(
    case: &Case,
    facts: &Facts,
    command: &StaffCommand,
    held: Reason,
    obstacle: Obstacle,
    rules: &Rules<'_>,
) -> StaffJudgement {
    let mut outcome = Outcome::plain(Decision::Held(held));
    outcome.mentioned = facts.named.as_ref();
    let mut consequences = outcome.consequences(case, rules);
    consequences.events.clear();
    if let Some(note) = &mut consequences.filing.note {
        note.outlook = Some(outlook(case, facts, rules));
        note.occasion = Occasion::Returned {
            act: command.act,
            obstacle,
        };
    }
    StaffJudgement {
        outcome: StaffOutcome::Impossible(obstacle),
        gates: Vec::new(),
        consequences,
    }
}

/// The letter is done and lies in «Обработано»; nothing else happens.
pub(super) fn settled() -> Consequences {
    Consequences {
        letter_state: LetterState::Resolved,
        ..Consequences::nothing()
    }
}

/// The journal's entry about the act itself, in the letter's own chain.
fn acted(
    case: &Case,
    command: &StaffCommand,
    judgement: &StaffJudgement,
    rules: &Rules<'_>,
) -> Event {
    let kind = match judgement.outcome {
        StaffOutcome::Impossible(_) => EventKind::StaffActImpossible,
        StaffOutcome::Retried(_) if command.actor == "daemon" => EventKind::LetterReleased,
        StaffOutcome::Retried(_)
        | StaffOutcome::Cancelled(_)
        | StaffOutcome::Refused
        | StaffOutcome::Approved
        | StaffOutcome::Rejected
        | StaffOutcome::Closed => EventKind::StaffActed,
    };
    let channel = match command.actor.as_str() {
        "operator" => "command",
        "daemon" => "daemon",
        _ => "mailbox",
    };
    let mut data = json!({
        "channel": channel,
        "letter": case.letter,
        "act": command.act,
        "outcome": judgement.outcome.code(),
        "received_at": case.received_at.to_rfc3339(),
        "policy": rules.policy.version,
    });
    if let Value::Object(map) = &mut data {
        let booking = judgement.consequences.booking;
        for (key, value) in [
            ("booking", booking.map(|id| json!(id))),
            ("reason", command.reason.as_ref().map(|word| json!(word))),
        ] {
            if let Some(value) = value {
                map.insert(key.to_owned(), value);
            }
        }
    }
    Event {
        chain: format!("letter:{}", case.letter),
        kind,
        actor: command.actor.clone(),
        data,
    }
}
