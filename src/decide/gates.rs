//! The gates in their fixed order, and the decision behind the last of them.

use super::consequences::Outcome;
use super::freed_time::after_cancelling;
use super::late::documents_follow;
use super::rules::{Rules, Trail, first_of};
use super::{
    Case, ChallengePurpose, Decision, Facts, FactsQuery, Judgement, Outlook, SlotQuery, ask_back,
    bounced, breaker, by_code, by_question, cancel, dns_silent, offers, outlook, rebook, receipt,
    restore,
};
use crate::domain::{BookingId, ChallengeId, Purpose, Reason};
use crate::read::AutomaticSign;
use crate::request::Intent;

/// What the ledger must look up before `case` can be decided.
pub fn query(case: &Case) -> FactsQuery {
    let tokens_for = |purpose: Purpose| {
        case.evidence
            .tokens
            .iter()
            .filter(move |t| t.purpose == purpose)
            .map(|t| t.subject)
    };
    FactsQuery {
        number_key: case
            .reading
            .number
            .as_ref()
            .map(crate::domain::BookingNumber::lookup_key),
        token_bookings: once(tokens_for(Purpose::Booking)).map(BookingId).collect(),
        token_challenges: once(tokens_for(Purpose::Challenge))
            .map(ChallengeId)
            .collect(),
        sender: case.sender.clone(),
        senders_bookings: ask_back::wants_senders_bookings(case),
        senders_challenges: by_code::wants_challenges(case),
        content_hash: case.content_hash,
        signed_content: case.evidence.content,
        receipt_to: case.sender.clone().filter(|_| case.evidence.aligned()),
        rates: matches!(case.reading.intent, Intent::Cancel | Intent::Consent)
            || !case.attachments.is_empty() && case.evidence.brings_challenge(),
        history: case.reading.intent == Intent::Status || case.reading.intent == Intent::Resend,
        bounced_row: case.bounce.as_ref().map(|bounce| bounce.row),
        slots: slot_query(case),
        received_at: case.received_at,
        letter: case.letter,
        review: false,
    }
}

/// What is looked up about times: only for a wish that may give one away or take one.
fn slot_query(case: &Case) -> SlotQuery {
    let places = matches!(
        case.reading.intent,
        Intent::Cancel | Intent::Consent | Intent::Restore | Intent::Rebook | Intent::Join
    );
    let wished = case.reading.date.clone().zip(case.reading.time.clone());
    let mut offers: Vec<_> = offers::tokens(case).collect();
    offers.dedup();
    SlotQuery {
        places,
        may_book: case.reading.intent == Intent::Rebook || case.reading.intent == Intent::Consent,
        wished: wished.filter(|_| case.reading.intent == Intent::Rebook),
        offers,
    }
}

/// Each subject once: two tokens of one booking differ in their expiry only.
fn once(subjects: impl Iterator<Item = i64>) -> impl Iterator<Item = i64> {
    let mut seen = Vec::new();
    subjects.filter(move |subject| {
        let new = !seen.contains(subject);
        seen.push(*subject);
        new
    })
}

/// Decides one letter. The same case, facts and rules give the same judgement.
pub fn decide(case: &Case, facts: &Facts, rules: &Rules<'_>) -> Judgement {
    let mut trail = Trail::default();
    let outcome = walk_gates(case, facts, rules, &mut trail);
    let outcome = settle_replay(outcome, facts, &mut trail);
    let outcome = breaker::settle(outcome, facts, &mut trail);
    let outcome = settle_repeat(outcome, facts, &mut trail);
    let outcome = dns_silent::settle(outcome, case, facts, rules, &mut trail);
    let mut consequences = outcome.consequences(case, rules);
    after_cancelling(&mut consequences, facts, "daemon", rules);
    let answers = &consequences.letters;
    let receipt = receipt::for_stranger(case, facts, &outcome, answers, rules);
    consequences.letters.extend(receipt);
    if let Some(note) = &mut consequences.filing.note {
        note.outlook = Some(if is_under_review(&outcome) {
            Outlook::OF_REVIEW
        } else {
            outlook(case, facts, rules)
        });
    }
    Judgement {
        decision: outcome.decision,
        gates: trail.gates,
        consequences,
    }
}

fn walk_gates<'a>(
    case: &Case,
    facts: &'a Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    if case.is_ours {
        trail.note("own_letter", "stopped: a letter of ours came back");
        return Outcome::plain(Decision::OwnLetter);
    }
    trail.note("own_letter", "passed");
    if let Some(sign) = case.automatic {
        return automatic(case, sign, facts, trail);
    }
    trail.note("bounce", "passed");
    trail.note("automatic", "passed");
    trail.note("known", known_words(facts));
    if let Some(reason) = case.unreadable {
        trail.note("readable", format!("stopped: {}", reason.code()));
        return Outcome::plain(Decision::Held(reason));
    }
    trail.note("readable", "passed");
    let Some(sender) = &case.sender else {
        let reason = first_of(&case.reading.problems, &[Reason::SenderAmbiguous])
            .unwrap_or(Reason::SenderMissing);
        trail.note("sender", format!("stopped: {}", reason.code()));
        return Outcome::plain(Decision::Held(reason));
    };
    trail.note("sender", "passed");
    trail.note("request", format!("intent {}", case.reading.intent.code()));
    if offers::is_answer(case, facts) {
        return offers::decide(case, sender, facts, rules, trail);
    }
    if let Some(outcome) = documents_follow(case, sender, facts, rules, trail) {
        return outcome;
    }
    match case.reading.intent {
        Intent::Consent | Intent::Cancel if by_code::typed(case, facts) => {
            by_code::decide(case, sender, facts, rules, trail)
        }
        Intent::Consent => cancel::by_consent(case, sender, facts, rules, trail),
        Intent::Cancel if cancel::asked_to(ChallengePurpose::Cancel, case, facts) => {
            cancel::by_consent(case, sender, facts, rules, trail)
        }
        Intent::Restore if cancel::asked_to(ChallengePurpose::Restore, case, facts) => {
            cancel::by_consent(case, sender, facts, rules, trail)
        }
        Intent::Cancel => cancel::by_request(case, sender, facts, rules, trail),
        Intent::Status | Intent::Resend => by_question::about_booking(case, sender, facts, trail),
        Intent::Help => by_question::for_a_person(case, sender, facts, trail),
        Intent::Rebook | Intent::Join => rebook::by_request(case, sender, facts, rules, trail),
        Intent::Restore => restore::by_request(case, sender, facts, rules, trail),
        Intent::None | Intent::Decline => cancel::without_wish(case, sender, facts, trail),
    }
}

/// An automatic letter never has an effect and never gets an answer; a bounce is filed, any other
/// that holds a request goes to staff (RFC 3834 section 2, and people behind ticket systems).
fn automatic<'a>(
    case: &Case,
    sign: AutomaticSign,
    facts: &'a Facts,
    trail: &mut Trail,
) -> Outcome<'a> {
    if matches!(sign, AutomaticSign::NullSender | AutomaticSign::Report) {
        trail.note("bounce", format!("stopped: {}", sign.code()));
        return bounced::decide(case, facts, trail);
    }
    trail.note("bounce", "passed");
    trail.note("automatic", format!("stopped: {}", sign.code()));
    let request = matches!(case.reading.intent, Intent::Cancel | Intent::Restore)
        || case.reading.problems.contains(&Reason::AutomaticRequest);
    if request {
        Outcome::plain(Decision::Held(Reason::AutomaticRequest))
    } else {
        Outcome::plain(Decision::Automatic)
    }
}

/// An authenticated letter acts once for each booking: whoever delivers it again later, when the
/// booking stands again, causes nothing.
fn settle_replay<'a>(outcome: Outcome<'a>, facts: &Facts, trail: &mut Trail) -> Outcome<'a> {
    let acts = outcome.decision.has_effect()
        || matches!(
            outcome.decision,
            Decision::UnderReview | Decision::DocumentsReceived
        );
    let booking = outcome.booking.map(|facts| facts.booking.id);
    let earlier = facts.replay_of.iter().find(|(id, _)| Some(*id) == booking);
    match earlier {
        Some((_, letter)) if acts => {
            trail.note(
                "replay",
                format!("stopped: the same signed letter was decided as letter {letter}"),
            );
            Outcome::plain(Decision::Repeated)
        }
        Some(_) | None => outcome,
    }
}

/// Whether the word of staff about a document is awaited from now on.
fn is_under_review(outcome: &Outcome<'_>) -> bool {
    outcome.decision == Decision::UnderReview
        || outcome.decision == Decision::DocumentsReceived && outcome.late.follow_up
}

fn known_words(facts: &Facts) -> String {
    match &facts.repeat_of {
        None => "passed".to_owned(),
        Some(earlier) => format!("passed: delivered before as letter {}", earlier.letter),
    }
}

/// A second delivery of the same message: where the first went to staff or caused a confirmation
/// letter, this one causes nothing more. An effect that was had shows in the booking itself.
fn settle_repeat<'a>(outcome: Outcome<'a>, facts: &Facts, trail: &mut Trail) -> Outcome<'a> {
    let Some(earlier) = &facts.repeat_of else {
        return outcome;
    };
    let same = earlier.decision == outcome.decision.code();
    let quiet = matches!(
        outcome.decision,
        Decision::Held(_)
            | Decision::NotUnderstood(_)
            | Decision::ConfirmFirst
            | Decision::ConfirmationAwaited
            | Decision::CheckDetails
            | Decision::IsItThisOne
            | Decision::WhichOne
            | Decision::Slots(_)
            | Decision::SlotsWithDocuments(_)
            | Decision::DocumentAgain
            | Decision::StatusTold
            | Decision::CaseOpened
            | Decision::LateConsent
            | Decision::UnderReview
            | Decision::ReviewAwaited
            | Decision::DocumentsReceived
    );
    if same && quiet {
        trail.note(
            "repeat",
            format!("stopped: delivered before as letter {}", earlier.letter),
        );
        return Outcome::plain(Decision::Repeated);
    }
    outcome
}
