//! One service in a ledger, what can happen to its times, and what is true at any time.

use super::slots::{at, office, waiting};
use super::subject::{NOW, Subject, booking_import, email, sighting};
use otmena::decide::{Case, OperatorAct, SlotFacts, cancel_by_operator, decide, due};
use otmena::domain::{
    Booking, BookingState, Channel, EmailAddress, Moment, OfferId, Slot, SlotState,
};
use otmena::failure::Failure;
use otmena::record::{BookingFilter, BookingImport};
use otmena::request::Intent;
use proptest::prelude::*;
use std::collections::BTreeMap;

const BOOKINGS: u8 = 3;

/// What happens next; numbers choose among the bookings or the offers that there are.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Cancels(usize),
    Restores(usize),
    MistypesTheCode(usize),
    TakesTheOffer(usize),
    DeclinesTheOffer(usize),
    WantsTheTimeOf(usize, usize),
    JoinsTheList(usize),
    HoldsEnd,
    OfficeCancels(usize),
}

pub fn any_step() -> impl Strategy<Value = Step> {
    let one = 0..8_usize;
    prop_oneof![
        4 => one.clone().prop_map(Step::Cancels),
        3 => one.clone().prop_map(Step::Restores),
        1 => one.clone().prop_map(Step::MistypesTheCode),
        3 => one.clone().prop_map(Step::TakesTheOffer),
        2 => one.clone().prop_map(Step::DeclinesTheOffer),
        2 => (one.clone(), one.clone()).prop_map(|(who, whose)| Step::WantsTheTimeOf(who, whose)),
        1 => one.clone().prop_map(Step::JoinsTheList),
        2 => Just(Step::HoldsEnd),
        1 => one.prop_map(Step::OfficeCancels),
    ]
}

/// A booking of this service, at an hour of its own.
fn import(service: &str, n: u8) -> BookingImport {
    let mut import = booking_import(&format!("{service}-{n}"));
    import.service.code = service.to_owned();
    import.citizen.emails = vec![email(&format!("{service}@example.org"))];
    import.starts_at = NOW.plus_hours(240 + i64::from(n));
    import
}

/// One service in a ledger: its bookings, those who wait, and what was seen of them.
pub struct Office<'a> {
    subject: &'a Subject,
    service: &'static str,
    now: Moment,
    letters: u32,
    /// Bookings as they were before they were cancelled.
    before: BTreeMap<i64, Booking>,
    revisions: BTreeMap<i64, u32>,
    entries: BTreeMap<i64, usize>,
    /// The decisions, in order.
    pub decided: Vec<&'static str>,
}

impl<'a> Office<'a> {
    pub async fn opened(subject: &'a Subject, service: &'static str, letters_from: u32) -> Self {
        let imports: Vec<BookingImport> = (1..=BOOKINGS).map(|n| import(service, n)).collect();
        subject.ledger.import_bookings(&imports, NOW).await.unwrap();
        let people: Vec<_> = (1..=3_u8)
            .map(|n| {
                let mut waiting = waiting(n, i64::from(n) * 10);
                waiting.service_code = service.to_owned();
                let own = format!("{service}-{n}@example.org");
                waiting.citizen.emails = vec![email(&own)];
                waiting
            })
            .collect();
        subject.waits(&people).await;
        Self {
            subject,
            service,
            now: NOW,
            letters: letters_from,
            before: BTreeMap::new(),
            revisions: BTreeMap::new(),
            entries: BTreeMap::new(),
            decided: Vec::new(),
        }
    }

    async fn bookings(&self) -> Vec<Booking> {
        let filter = BookingFilter {
            state: None,
            limit: 1_000,
        };
        let mut all = self.subject.ledger.bookings(&filter).await.unwrap();
        all.retain(|booking| booking.service.code == self.service);
        all.sort_by_key(|booking| booking.id);
        all
    }

    async fn slots(&self) -> Vec<Slot> {
        let mut all = self.subject.all_slots().await;
        all.retain(|slot| slot.service_code == self.service);
        all
    }

    /// Offers to the people of this service, the open one and those that ended.
    async fn offers(&self) -> Vec<(EmailAddress, OfferId)> {
        let mut all = self.subject.offers().await;
        all.retain(|(who, _)| who.as_str().starts_with(self.service));
        all
    }

    async fn any_booking(&self, choice: usize) -> Booking {
        let mut all = self.bookings().await;
        let at = choice % all.len();
        all.swap_remove(at)
    }

    /// A signed letter of the person who has this booking.
    async fn letter(&mut self, about: &Booking, intent: Intent) -> Case {
        self.letters += 1;
        let number = about.number.as_str();
        let mut case = self.subject.signed(self.letters, number, intent).await;
        case.sender = about.citizen.emails.first().cloned();
        case.received_at = self.now;
        case.evidence.content = Some(sighting(self.letters).raw_hash);
        case
    }

    /// The decision; it is the same when it is made again, and a letter is decided once.
    async fn decides(&mut self, case: &Case) -> &'static str {
        let judge = |case: &Case, facts: &_| {
            let judged = at(self.now, |rules| decide(case, facts, rules));
            assert_eq!(judged, at(self.now, |rules| decide(case, facts, rules)));
            judged
        };
        let ledger = &self.subject.ledger;
        let cases = std::slice::from_ref(case);
        let mut outcomes = ledger.decide(cases, &judge, self.now).await.unwrap();
        let recorded = outcomes.pop().unwrap().1.unwrap();
        let again = ledger.decide(cases, &judge, self.now).await.unwrap();
        assert!(again.is_empty(), "decided twice: {again:?}");
        let code = recorded.judgement.decision.code();
        self.decided.push(code);
        code
    }

    /// The clock moves between two steps, as it does for a daemon: by its time the ledger tells
    /// two letters of one kind about one booking apart.
    pub async fn step(&mut self, step: Step) {
        self.now = self.now.plus_seconds(1);
        match step {
            Step::Cancels(choice) => {
                let booking = self.any_booking(choice).await;
                let case = self.letter(&booking, Intent::Cancel).await;
                if self.decides(&case).await == "cancelled" {
                    self.before.insert(booking.id.0, booking);
                }
            }
            Step::Restores(choice) => self.restores(choice).await,
            Step::MistypesTheCode(choice) => {
                let booking = self.any_booking(choice).await;
                let mut case = self.letter(&booking, Intent::Restore).await;
                case.reading.code = Some("000000".to_owned());
                assert_ne!(self.decides(&case).await, "restored");
            }
            Step::TakesTheOffer(choice) => self.answers(choice, Intent::Consent).await,
            Step::DeclinesTheOffer(choice) => self.answers(choice, Intent::Decline).await,
            Step::WantsTheTimeOf(who, whose) => {
                let (booking, other) = (self.any_booking(who).await, self.any_booking(whose).await);
                let mut case = self.letter(&booking, Intent::Rebook).await;
                let local = other.starts_at.in_zone(&other.organisation.zone);
                case.reading.date = Some(local.strftime("%Y-%m-%d").to_string());
                case.reading.time = Some(local.strftime("%H:%M").to_string());
                self.decides(&case).await;
            }
            Step::JoinsTheList(choice) => {
                let booking = self.any_booking(choice).await;
                let case = self.letter(&booking, Intent::Join).await;
                self.decides(&case).await;
            }
            Step::HoldsEnd => {
                self.now = self.now.plus_minutes(121);
                for slot in self.slots().await {
                    let now = self.now;
                    let act = |facts: &SlotFacts| at(now, |rules| due(facts, now, rules));
                    let ledger = &self.subject.ledger;
                    ledger.act_on_slot(slot.id, &act, now).await.unwrap();
                }
            }
            Step::OfficeCancels(choice) => self.office_cancels(choice).await,
        }
    }

    /// With the code of the confirmation; the booking is then as it was before.
    async fn restores(&mut self, choice: usize) {
        let booking = self.any_booking(choice).await;
        let mut case = self.letter(&booking, Intent::Restore).await;
        let secrets = office().secrets;
        case.reading.code = Some(secrets.restoration_code(booking.id, booking.cancellations));
        if self.decides(&case).await != "restored" {
            return;
        }
        let mut after = self.bookings().await;
        after.retain(|one| one.id == booking.id);
        let mut before = self.before[&booking.id.0].clone();
        before.revision = after[0].revision;
        before.cancellations = after[0].cancellations;
        assert_eq!(after[0], before);
    }

    async fn answers(&mut self, choice: usize, intent: Intent) {
        let offers = self.offers().await;
        if offers.is_empty() {
            return;
        }
        let (who, offer) = offers[choice % offers.len()].clone();
        self.letters += 1;
        let mut case = self
            .subject
            .answers(self.letters, &who, offer, intent)
            .await;
        case.received_at = self.now;
        self.decides(&case).await;
    }

    async fn office_cancels(&self, choice: usize) {
        let booking = self.any_booking(choice).await;
        let act = OperatorAct {
            channel: Channel::Organisation,
            words: None,
        };
        let judge = |booking: &_, place: Option<&_>| {
            at(self.now, |rules| {
                cancel_by_operator(booking, place, &act, rules)
            })
            .map_err(|error| Failure::try_again_because("not possible", error))
        };
        let key = booking.number.lookup_key();
        // A booking that cannot be cancelled any more stays as it is.
        drop(
            self.subject
                .ledger
                .act_on_place(&key, &judge, self.now)
                .await,
        );
    }

    /// What is true at any time.
    pub async fn holds(&mut self) {
        let (bookings, slots) = (self.bookings().await, self.slots().await);
        let open: Vec<&Booking> = bookings.iter().filter(|one| one.is_open()).collect();
        for one in &open {
            let same = |other: &&&Booking| {
                (other.starts_at, &other.resource) == (one.starts_at, &one.resource)
            };
            assert_eq!(open.iter().filter(same).count(), 1, "two have a time");
            let booked = SlotState::Booked { booking: one.id };
            let own: Vec<_> = slots.iter().filter(|slot| slot.state == booked).collect();
            assert_eq!(own.len(), 1, "booking {} has one slot", one.id.0);
            assert_eq!(own[0].starts_at, one.starts_at);
        }
        for slot in &slots {
            if let SlotState::Booked { booking } = slot.state {
                assert!(open.iter().any(|one| one.id == booking), "a slot of nobody");
            }
        }
        for one in &bookings {
            let seen = self.revisions.insert(one.id.0, one.revision);
            assert!(
                seen.is_none_or(|seen| seen <= one.revision),
                "SEQUENCE fell"
            );
            let chain = format!("booking:{}", one.id.0);
            let entries = self.subject.ledger.journal(&chain).await.unwrap().len();
            let seen = self.entries.insert(one.id.0, entries);
            assert!(
                seen.is_none_or(|seen| seen <= entries),
                "the journal shrank"
            );
        }
    }

    /// States by number and time, to be compared with another ledger's.
    pub async fn summary(&self) -> Vec<String> {
        let state = |booking: &Booking| match &booking.state {
            BookingState::Cancelled(_) => format!("cancelled {}", booking.cancellations),
            BookingState::Scheduled
            | BookingState::AwaitingConfirmation
            | BookingState::Completed
            | BookingState::NoShow => booking.state.code().to_owned(),
        };
        let of_booking = |one: &Booking| {
            format!(
                "{} {} {}",
                one.starts_at.to_rfc3339(),
                state(one),
                one.revision
            )
        };
        let mut lines: Vec<String> = self.bookings().await.iter().map(of_booking).collect();
        for slot in self.slots().await {
            let state = match slot.state {
                SlotState::Booked { .. } => "booked".to_owned(),
                SlotState::Free | SlotState::Held { .. } | SlotState::Closed => {
                    format!("{:?}", slot.state)
                }
            };
            lines.push(format!("slot {} {state}", slot.starts_at.to_rfc3339()));
        }
        lines.sort();
        lines
    }
}
