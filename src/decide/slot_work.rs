//! What a decision about times causes: changes, letters and entries of the journal, gathered until
//! they join the other consequences.

use super::consequences::booking_chain;
use super::rules::Rules;
use super::{Case, Challenge, Consequences, SlotChanges, SlotFacts, last_minute};
use crate::domain::{
    Booking, BookingId, BookingNumber, BookingState, Channel, Citizen, EmailAddress, Event,
    EventKind, Moment, Slot, SlotId,
};
use crate::reply::compose::{Answered, Draft, late_words_of, words_of};
use crate::reply::{BookingWords, LetterData, LetterKind, OutgoingLetter};
use serde_json::{Value, json};

/// Gathered consequences.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SlotWork {
    pub(super) changes: SlotChanges,
    pub(super) letters: Vec<OutgoingLetter>,
    pub(super) events: Vec<Event>,
    pub(super) challenge: Option<Challenge>,
}

/// A letter about times before it is composed.
pub(super) struct SlotLetter<'a> {
    pub(super) kind: LetterKind,
    /// The letter that it answers.
    pub(super) answers: Option<&'a Case>,
    /// The booking that it is about.
    pub(super) booking: Option<&'a Booking>,
    pub(super) recipients: &'a [EmailAddress],
    pub(super) data: LetterData,
}

impl SlotWork {
    /// Adds what was gathered to the other consequences.
    pub(super) fn add_to(self, consequences: &mut Consequences) {
        consequences.letters.extend(self.letters);
        consequences.events.extend(self.events);
        consequences.slots = self.changes;
        if self.challenge.is_some() {
            consequences.open_challenge = self.challenge;
        }
    }

    /// Composes a letter.
    pub(super) fn write(&mut self, letter: SlotLetter<'_>, rules: &Rules<'_>) {
        let draft = Draft {
            kind: letter.kind,
            answers: letter.answers.map(|case| Answered {
                letter: case.letter,
                raw_hash: &case.raw_hash,
                message_id: case.message_id.as_ref(),
                thread: &case.thread,
            }),
            booking: letter.booking,
            date: rules.now,
            verified: true,
            data: letter.data,
        };
        let composed = rules.office.compose(&draft, letter.recipients);
        self.letters.extend(composed);
    }

    /// Enters an event; `data` are ids, codes and times, and get the version of the policy.
    pub(super) fn note(
        &mut self,
        chain: String,
        kind: EventKind,
        actor: &str,
        mut data: Value,
        rules: &Rules<'_>,
    ) {
        if let Value::Object(map) = &mut data {
            map.insert("policy".to_owned(), json!(rules.policy.version));
        }
        self.events.push(Event {
            chain,
            kind,
            actor: actor.to_owned(),
            data,
        });
    }
}

/// The chain of a slot in the journal.
pub(super) fn slot_chain(slot: SlotId) -> String {
    format!("slot:{}", slot.0)
}

/// Who does what a request by this way causes.
pub(super) const fn actor_of(channel: Channel) -> &'static str {
    match channel {
        Channel::Mail => "daemon",
        Channel::Command | Channel::Phone | Channel::Visit | Channel::Organisation => "operator",
    }
}

/// The booking that somebody would have with this slot; `None` where nobody knows the service.
pub(super) fn booking_with(
    slot: &SlotFacts,
    citizen: &Citizen,
    id: BookingId,
    number: BookingNumber,
) -> Option<Booking> {
    let (service, organisation) = slot.kind.clone()?;
    Some(Booking {
        id,
        number,
        citizen: citizen.clone(),
        service,
        organisation,
        resource: slot.slot.resource.clone(),
        starts_at: slot.slot.starts_at,
        state: BookingState::Scheduled,
        cancellations: 0,
        revision: 0,
    })
}

/// The last minute in which a booking of this slot could be cancelled.
pub(super) fn last_minute_with(slot: &SlotFacts, citizen: &Citizen, rules: &Rules<'_>) -> Moment {
    let none = BookingNumber::own(0, 0);
    booking_with(slot, citizen, BookingId(0), none).map_or(slot.slot.starts_at, |booking| {
        last_minute(&booking, rules.policy)
    })
}

/// What a letter says about a slot that is nobody's yet: everything but a number.
pub(super) fn words_of_slot(
    slot: &SlotFacts,
    citizen: &Citizen,
    rules: &Rules<'_>,
) -> Option<BookingWords> {
    let none = BookingNumber::own(0, 0);
    let booking = booking_with(slot, citizen, BookingId(0), none)?;
    Some(BookingWords {
        number: String::new(),
        ..words_of(&booking, rules.policy)
    })
}

/// What a letter says about another time of the same service.
pub(super) fn words_of_choice(slot: &Slot, like: &Booking, rules: &Rules<'_>) -> BookingWords {
    BookingWords {
        number: String::new(),
        resource: slot.resource.clone(),
        starts_at: slot.starts_at,
        ..words_of(like, rules.policy)
    }
}

/// The facts of a letter about a booking as it is now.
pub(super) fn data_about(booking: &Booking, rules: &Rules<'_>) -> LetterData {
    LetterData {
        booking: Some(words_of(booking, rules.policy)),
        deadline: Some(last_minute(booking, rules.policy)),
        late: Some(late_words_of(booking, rules.policy)),
        ..LetterData::default()
    }
}

/// What the journal of a booking that is made says.
pub(super) fn note_made(
    work: &mut SlotWork,
    booking: &Booking,
    slot: SlotId,
    actor: &str,
    rules: &Rules<'_>,
) {
    let data = json!({
        "slot": slot,
        "starts_at": booking.starts_at.micros(),
        "revision": booking.revision,
    });
    let chain = booking_chain(booking.id);
    work.note(chain, EventKind::BookingMade, actor, data, rules);
}
