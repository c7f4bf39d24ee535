//! Times, a waiting person and an offer, for the tests of this step.

use super::samples::{NOW, booking, case, facts_of, office};
use super::{
    BookingPlace, Case, Facts, FreshBooking, InLine, OfferFacts, Rules, SlotFacts, SlotsKnown,
};
use crate::domain::{
    Booking, BookingId, BookingNumber, Cancellation, Channel, Citizen, EmailAddress, Moment, Offer,
    OfferId, OfferState, Policy, Purpose, Slot, SlotId, SlotState, Token, Waiter, WaitingId,
};
use crate::request::Intent;

pub(super) fn with_rules<T>(now: Moment, act: impl FnOnce(&Rules<'_>) -> T) -> T {
    let (policy, office) = (Policy::default(), office());
    act(&Rules {
        policy: &policy,
        office: &office,
        now,
    })
}

/// Our booking, cancelled an hour ago.
pub(super) fn cancelled(channel: Channel) -> Booking {
    let cancellation = Cancellation {
        received_at: NOW.plus_hours(-1),
        cancelled_at: NOW.plus_hours(-1),
        document: booking().next_document(),
        letter: None,
        channel,
    };
    booking().cancel(cancellation).unwrap()
}

pub(super) fn waiter(id: i64, address: &str) -> Waiter {
    Waiter {
        id: WaitingId(id),
        citizen: Citizen {
            full_name: "Орлова Ольга Ивановна".to_owned(),
            emails: vec![EmailAddress::parse(address).unwrap()],
            phone: None,
            citizen_id: None,
        },
        priority: 0,
        joined_at: NOW.plus_hours(-100),
    }
}

/// Nothing stands against this person.
fn in_line(waiter: Waiter) -> InLine {
    InLine {
        waiter,
        exempt: false,
        sanctions: Vec::new(),
    }
}

pub(super) fn slot(state: SlotState) -> Slot {
    let like = booking();
    Slot {
        id: SlotId(5),
        organisation: like.organisation.name,
        resource: like.resource,
        service_code: like.service.code,
        starts_at: like.starts_at,
        zone: like.organisation.zone,
        state,
    }
}

pub(super) fn slot_facts(state: SlotState, next: Option<Waiter>) -> SlotFacts {
    SlotFacts {
        slot: slot(state),
        kind: Some((booking().service, booking().organisation)),
        offer: None,
        restorer: None,
        line: next.into_iter().map(in_line).collect(),
    }
}

pub(super) fn place(slot: Option<SlotFacts>) -> BookingPlace {
    BookingPlace {
        booking: booking().id,
        slot,
        nearest: Vec::new(),
        wished: None,
        replaced: false,
        since: NOW.plus_hours(-500),
        moved: Vec::new(),
        came_back_in_vain: false,
        wrong_codes: 0,
    }
}

pub(super) fn fresh() -> FreshBooking {
    FreshBooking {
        id: BookingId(8),
        number: BookingNumber::own(8, 0),
    }
}

/// A letter about our booking, which is as given; trusted unless changed.
pub(super) fn asks(intent: Intent, booking: Booking, place: BookingPlace) -> (Case, Facts) {
    let mut case = case();
    case.reading.intent = intent;
    let facts = Facts {
        named: Some(facts_of(booking)),
        slots: SlotsKnown {
            places: vec![place],
            offers: Vec::new(),
            fresh: Some(fresh()),
        },
        ..Facts::default()
    };
    (case, facts)
}

/// An offer of our slot to Olga until two hours from now.
pub(super) fn offered(state: OfferState, behind: Option<Waiter>) -> OfferFacts {
    let waiter = waiter(1, "olga@example.org");
    let until = NOW.plus_hours(2);
    OfferFacts {
        offer: Offer {
            id: OfferId::of(SlotId(5), waiter.id),
            slot: SlotId(5),
            waiting: waiter.id,
            offered_at: NOW,
            expires_at: until,
            state,
        },
        waiter,
        slot: slot_facts(SlotState::Held { until }, behind),
    }
}

/// Olga's unsigned reply to the offer.
pub(super) fn answer(intent: Intent, offer: OfferFacts) -> (Case, Facts) {
    let mut case = super::samples::unverified(case());
    case.sender = EmailAddress::parse("olga@example.org");
    case.reading.intent = intent;
    case.reading.number = None;
    case.evidence.tokens = vec![Token {
        purpose: Purpose::Offer,
        subject: offer.offer.id.0,
        expires_at: offer.offer.expires_at,
    }];
    let facts = Facts {
        slots: SlotsKnown {
            places: Vec::new(),
            offers: vec![offer],
            fresh: Some(fresh()),
        },
        ..Facts::default()
    };
    (case, facts)
}
