//! What an operator's command causes: the same effects and letters as a citizen's, of our own accord.

use super::come_back::{Wanted, come_back};
use super::consequences::booking_chain;
use super::offers;
use super::restore;
use super::rules::Rules;
use super::slot_work::{SlotWork, actor_of};
use super::{BookingPlace, Consequences, Decision, SlotDecision, last_minute};
use crate::domain::{
    Booking, BookingState, Cancellation, Channel, Event, EventKind, Policy, TransitionError,
};
use crate::reply::compose::{Draft, add_cancellation, late_words_of, words_of};
use crate::reply::{LetterData, LetterKind};
use serde_json::json;

/// A cancellation or restoration that an operator enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorAct {
    /// Whose wish it is, and by which way it came: [`Channel::Organisation`] for the
    /// organisation's own.
    pub channel: Channel,
    /// What the citizen is told beside the letter's own words.
    pub words: Option<String>,
}

/// An operator cancels a booking on the citizen's or the organisation's behalf: no deadline
/// applies. What the organisation cancels itself is no longer anybody's time; any other goes to
/// the waiting list.
///
/// # Errors
/// [`TransitionError`] when the booking cannot be cancelled any more, or its time has come.
pub fn cancel_by_operator(
    booking: &Booking,
    place: Option<&BookingPlace>,
    act: &OperatorAct,
    rules: &Rules<'_>,
) -> Result<(Decision, Consequences), TransitionError> {
    if rules.now >= booking.starts_at {
        return Err(TransitionError {
            from: "over",
            to: "cancelled",
        });
    }
    let cancellation = Cancellation {
        received_at: rules.now,
        cancelled_at: rules.now,
        document: booking.next_document(),
        letter: None,
        channel: act.channel,
    };
    let after = booking.clone().cancel(cancellation.clone())?;
    let mut data = LetterData {
        booking: Some(words_of(&after, rules.policy)),
        deadline: Some(last_minute(&after, rules.policy)),
        staff_words: act.words.clone(),
        ..LetterData::default()
    };
    add_cancellation(&mut data, &after);
    restore::add_code(&mut data, &after, rules);
    let details = json!({
        "document": cancellation.document,
        "channel": act.channel,
        "policy": rules.policy.version,
    });
    let by_organisation = act.channel == Channel::Organisation;
    let kind = if by_organisation {
        LetterKind::CancelledByOrganisation
    } else {
        LetterKind::Cancelled
    };
    let event = EventKind::BookingCancelled;
    let mut consequences = own_accord(&after, rules, kind, data, event);
    consequences.cancel = Some((booking.id, cancellation));
    for event in &mut consequences.events {
        event.data = details.clone();
    }
    let mut work = SlotWork::default();
    if by_organisation {
        work.changes.close = true;
    } else if let Some(slot) = place.and_then(|place| place.slot.as_ref()) {
        offers::pass_on(slot, actor_of(act.channel), rules, &mut work);
    }
    work.add_to(&mut consequences);
    Ok((Decision::Cancelled, consequences))
}

/// An operator restores a booking on the citizen's behalf: no code is needed, the same limits hold.
///
/// # Errors
/// [`TransitionError`] when it is not cancelled, or it is too late.
pub fn restore_by_operator(
    booking: &Booking,
    place: Option<&BookingPlace>,
    act: &OperatorAct,
    rules: &Rules<'_>,
) -> Result<(Decision, Consequences), TransitionError> {
    let refused = |from| TransitionError {
        from,
        to: "scheduled",
    };
    let BookingState::Cancelled(cancellation) = &booking.state else {
        return Err(refused(booking.state.code()));
    };
    let until = restore::restorable_until(booking, rules);
    let taken_back = cancellation.channel == Channel::Organisation;
    let replaced = place.is_some_and(|place| place.replaced);
    if rules.now >= booking.starts_at || replaced {
        return Err(refused("over"));
    }
    if !taken_back && until.is_none_or(|until| rules.now.minute() > until) {
        return Err(refused("over"));
    }
    let mut work = SlotWork::default();
    let wanted = Wanted {
        booking,
        cancellation,
        place,
        channel: act.channel,
        answers: None,
        reason: act.words.clone(),
    };
    let decision = come_back(&wanted, rules, &mut work);
    let mut consequences = Consequences::nothing();
    consequences.booking = Some(booking.id);
    if decision != SlotDecision::Restored {
        let data = json!({ "decision": decision.code(), "channel": act.channel });
        let chain = booking_chain(booking.id);
        work.note(chain, decision.event_kind(), "operator", data, rules);
    }
    work.add_to(&mut consequences);
    Ok((Decision::Slots(decision), consequences))
}

/// The letter that tells a citizen of a booking and how to cancel it.
pub fn booking_letter(booking: &Booking, rules: &Rules<'_>) -> (Decision, Consequences) {
    let data = LetterData {
        booking: Some(words_of(booking, rules.policy)),
        deadline: Some(last_minute(booking, rules.policy)),
        late: Some(late_words_of(booking, rules.policy)),
        ..LetterData::default()
    };
    let consequences = own_accord(
        booking,
        rules,
        LetterKind::Booking,
        data,
        EventKind::LetterRequested,
    );
    (Decision::Informed, consequences)
}

/// What the document of a cancelled booking is filled with.
pub fn document_data(booking: &Booking, policy: &Policy) -> LetterData {
    let mut data = LetterData {
        booking: Some(words_of(booking, policy)),
        ..LetterData::default()
    };
    add_cancellation(&mut data, booking);
    data
}

/// A letter about a booking that answers none, and its entry in the journal.
fn own_accord(
    booking: &Booking,
    rules: &Rules<'_>,
    kind: LetterKind,
    data: LetterData,
    event: EventKind,
) -> Consequences {
    let draft = Draft {
        kind,
        answers: None,
        booking: Some(booking),
        date: rules.now,
        verified: true,
        data,
    };
    let mut consequences = Consequences::nothing();
    consequences.booking = Some(booking.id);
    consequences.letters = rules.office.compose(&draft, &booking.citizen.emails);
    consequences.events = vec![Event {
        chain: booking_chain(booking.id),
        kind: event,
        actor: "operator".to_owned(),
        data: json!({
            "channel": Channel::Command,
            "letter_kind": kind.code(),
            "policy": rules.policy.version,
        }),
    }];
    consequences
}
