//! Slots, offers and restorations: one winner, whatever happens at the same moment. Decided by the
//! program's own rules.

use super::subject::{NOW, Subject, booking_import, email};
use otmena::decide::{Case, Decision, Facts, Judgement, Rules, SlotFacts, decide, due};
use otmena::domain::{
    Citizen, EmailAddress, Moment, OfferId, Policy, Purpose, Slot, SlotState, Token, TokenSecrets,
    Zone,
};
use otmena::record::{Ledger, SlotFilter, SlotImport, WaitingImport};
use otmena::reply::LetterKind;
use otmena::reply::compose::Office;
use otmena::request::Intent;
use otmena::verify::RelayVerdict;
use std::sync::Arc;

contract! {
    a_cancellation_offers_the_time_in_order_and_one_answer_wins
    two_cancellations_at_once_offer_two_times_to_two_people
    an_offer_is_accepted_once_and_passed_on_once
    slots_are_imported_again_without_harm
    the_waiting_list_is_imported_again_without_harm
    an_import_takes_a_time_out_of_its_offer
}

pub fn office() -> Office {
    let secrets = TokenSecrets::new(&[7; 32], None);
    Office::new(&email("cancel@otmena.example"), true, secrets).unwrap()
}

/// Decides by the program's own rules.
pub fn by_the_rules(case: &Case, facts: &Facts) -> Judgement {
    at(NOW, |rules| decide(case, facts, rules))
}

pub fn at<T>(now: Moment, act: impl FnOnce(&Rules<'_>) -> T) -> T {
    at_by(&Policy::default(), now, act)
}

/// By another policy.
pub fn at_by<T>(policy: &Policy, now: Moment, act: impl FnOnce(&Rules<'_>) -> T) -> T {
    let office = office();
    act(&Rules {
        policy,
        office: &office,
        now,
    })
}

pub fn waiting(number: u8, joined_hours_ago: i64) -> WaitingImport {
    WaitingImport {
        citizen: Citizen {
            full_name: format!("Ждущая Анна {number}"),
            emails: vec![email(&format!("w{number}@example.org"))],
            phone: None,
            citizen_id: None,
        },
        service_code: "T-1".to_owned(),
        organisation: "Поликлиника".to_owned(),
        wanted_from: String::new(),
        wanted_until: "9999".to_owned(),
        joined_at: NOW.plus_hours(-joined_hours_ago),
    }
}

impl Subject {
    pub async fn waits(&self, entries: &[WaitingImport]) {
        self.ledger.import_waiting(entries, NOW).await.unwrap();
    }

    pub async fn all_slots(&self) -> Vec<Slot> {
        let filter = SlotFilter {
            limit: 100,
            ..SlotFilter::default()
        };
        self.ledger.slots(&filter).await.unwrap()
    }

    pub async fn only_slot(&self) -> Slot {
        let mut slots = self.all_slots().await;
        assert_eq!(slots.len(), 1);
        slots.remove(0)
    }

    /// The citizen's signed letter with this wish.
    pub async fn signed(&self, uid: u32, number: &str, intent: Intent) -> Case {
        let mut case = self.letter(uid, number).await;
        case.evidence.relay = RelayVerdict::Aligned;
        case.reading.intent = intent;
        case
    }

    /// The letter of somebody who answers an offer.
    pub async fn answers(
        &self,
        uid: u32,
        who: &EmailAddress,
        offer: OfferId,
        intent: Intent,
    ) -> Case {
        let mut case = self.letter(uid, "нет").await;
        case.sender = Some(who.clone());
        case.reading.intent = intent;
        case.reading.number = None;
        case.evidence.tokens = vec![Token {
            purpose: Purpose::Offer,
            subject: offer.0,
            expires_at: NOW.plus_hours(2),
        }];
        case
    }

    /// Recipients and offers of the letters that offer a time, oldest first.
    pub async fn offers(&self) -> Vec<(EmailAddress, OfferId)> {
        let mut rows = self.ledger.outbox(None, 1_000).await.unwrap();
        rows.reverse();
        rows.into_iter()
            .filter(|row| row.letter.kind == LetterKind::Offer)
            .map(|row| (row.letter.recipient, row.letter.data.offer.unwrap()))
            .collect()
    }

    pub async fn letters_of(&self, kind: LetterKind) -> usize {
        let rows = self.ledger.outbox(None, 200).await.unwrap();
        rows.iter().filter(|row| row.letter.kind == kind).count()
    }

    pub async fn passes_on(&self, slot: &Slot, now: Moment) -> bool {
        let act = |facts: &SlotFacts| at(now, |rules| due(facts, now, rules));
        self.ledger.act_on_slot(slot.id, &act, now).await.unwrap()
    }

    pub async fn verifies(&self) {
        let (_, faults) = self.ledger.verify_journal().await.unwrap();
        assert_eq!(faults, []);
    }

    pub async fn cancels(&self, uid: u32, number: &str) {
        let case = self.signed(uid, number, Intent::Cancel).await;
        let decided = self.decide(&[case], &by_the_rules).await;
        assert_eq!(decided[0].judgement.decision, Decision::Cancelled);
    }
}

async fn a_cancellation_offers_the_time_in_order_and_one_answer_wins(subject: Subject) {
    subject.import(&["A-1"]).await;
    let mut later = waiting(1, 10);
    later.wanted_until = "2027-01-20T00:00".to_owned();
    // The third fits and has waited longest of those who fit; the first wants an earlier time.
    let mut other = waiting(4, 500);
    other.service_code = "T-2".to_owned();
    subject
        .waits(&[later, waiting(2, 20), waiting(3, 30), other])
        .await;
    subject.cancels(1, "A-1").await;
    let offers = subject.offers().await;
    assert_eq!(offers.len(), 1);
    let (first, offer) = offers[0].clone();
    assert_eq!(first.as_str(), "w3@example.org");
    let slot = subject.only_slot().await;
    let until = NOW.plus_hours(2);
    assert_eq!(slot.state, SlotState::Held { until });
    let journal = subject.ledger.journal(&format!("slot:{}", slot.id.0)).await;
    assert_eq!(journal.unwrap()[0].kind, "slot_offered");

    let no = subject.answers(2, &first, offer, Intent::Decline).await;
    let decided = subject.decide(&[no], &by_the_rules).await;
    assert_eq!(decided[0].judgement.decision.code(), "offer_declined");
    let offers = subject.offers().await;
    let (second, offer) = offers[1].clone();
    assert_eq!(second.as_str(), "w2@example.org");
    let yes = subject.answers(3, &second, offer, Intent::Consent).await;
    let decided = subject.decide(&[yes], &by_the_rules).await;
    assert_eq!(decided[0].judgement.decision.code(), "offer_accepted");
    let made = decided[0]
        .judgement
        .consequences
        .slots
        .book
        .clone()
        .unwrap();
    let booking = subject.booking(made.booking.number.as_str()).await;
    assert_eq!(booking, made.booking);
    assert_eq!(booking.citizen.emails, [second]);
    let booked = SlotState::Booked {
        booking: booking.id,
    };
    assert_eq!(subject.only_slot().await.state, booked);
    let feed = subject.ledger.changes(0, 10).await.unwrap();
    let kinds: Vec<&str> = feed.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["imported", "cancelled", "booked"]);
    let states = subject.ledger.waiting_list(None, 10).await.unwrap();
    let state = |n: usize| states[n].state.as_str();
    assert_eq!(
        [state(0), state(1), state(2), state(3)],
        ["waiting", "served", "waiting", "waiting"]
    );
    // A booking that was made here can be cancelled like any other, and an import comes after it.
    subject.import(&["A-2"]).await;
    assert!(subject.booking("A-2").await.id > booking.id);
    subject.verifies().await;
}

async fn two_cancellations_at_once_offer_two_times_to_two_people(subject: Subject) {
    let other = subject.second_daemon().await;
    subject.import(&["A-1", "A-2"]).await;
    subject.waits(&[waiting(1, 10), waiting(2, 20)]).await;
    let first = subject.signed(1, "A-1", Intent::Cancel).await;
    let second = subject.signed(2, "A-2", Intent::Cancel).await;
    let ledgers = [(subject.ledger.clone(), first), (other, second)];
    let tasks = ledgers.map(|(ledger, case)| tokio::spawn(decided(ledger, case)));
    for task in tasks {
        assert_eq!(task.await.unwrap(), Some("cancelled"));
    }
    let mut people: Vec<String> = subject
        .offers()
        .await
        .into_iter()
        .map(|(who, _)| who.as_str().to_owned())
        .collect();
    people.sort();
    assert_eq!(people, ["w1@example.org", "w2@example.org"]);
    subject.verifies().await;
}

/// Decides until the database had no reason to ask for another try.
pub async fn decided(ledger: Arc<dyn Ledger>, case: Case) -> Option<&'static str> {
    for _ in 0..20 {
        let outcomes = ledger
            .decide(std::slice::from_ref(&case), &by_the_rules, NOW)
            .await;
        match outcomes.map(|mut outcomes| outcomes.pop()) {
            Ok(Some((_, Ok(recorded)))) => return Some(recorded.judgement.decision.code()),
            Ok(None) => return None,
            Ok(Some((_, Err(failure)))) | Err(failure) => assert!(failure.is_passing()),
        }
    }
    panic!("twenty tries were in vain");
}

async fn an_offer_is_accepted_once_and_passed_on_once(subject: Subject) {
    let other = subject.second_daemon().await;
    subject.import(&["A-1"]).await;
    subject
        .waits(&[waiting(1, 30), waiting(2, 20), waiting(3, 10)])
        .await;
    subject.cancels(1, "A-1").await;
    let (who, offer) = subject.offers().await[0].clone();
    let yes = subject.answers(2, &who, offer, Intent::Consent).await;
    let no = subject.answers(3, &who, offer, Intent::Decline).await;
    let again = subject.answers(4, &who, offer, Intent::Consent).await;
    let cases = [
        (subject.ledger.clone(), yes),
        (other.clone(), no),
        (other, again),
    ];
    let mut codes = Vec::new();
    for task in cases.map(|(ledger, case)| tokio::spawn(decided(ledger, case))) {
        codes.push(task.await.unwrap().unwrap());
    }
    let won = |code| codes.iter().filter(|one| **one == code).count();
    assert_eq!(
        won("offer_accepted") + won("offer_declined"),
        1,
        "{codes:?}"
    );
    let open = subject.offers().await.len() - 1;
    assert_eq!(open, won("offer_declined"), "it passes on once");
    assert_eq!(
        subject.letters_of(LetterKind::OfferAccepted).await,
        won("offer_accepted")
    );
    assert_eq!(subject.all_slots().await.len(), 1);
    subject.verifies().await;
}

async fn slots_are_imported_again_without_harm(subject: Subject) {
    let line = SlotImport {
        organisation: "Поликлиника".to_owned(),
        resource: "Кабинет 3".to_owned(),
        service_code: "T-1".to_owned(),
        starts_at: NOW.plus_hours(240),
        zone: Zone::named("Europe/Moscow").unwrap(),
    };
    let file = [line.clone(), line.clone()];
    let report = subject.ledger.import_slots(&file, NOW).await.unwrap();
    assert_eq!((report.created, report.unchanged), (2, 0));
    assert_eq!(report.unknown_services.len(), 1);
    subject.import(&["A-1"]).await;
    let report = subject.ledger.import_slots(&file, NOW).await.unwrap();
    assert_eq!((report.created, report.unchanged), (0, 2));
    assert_eq!(report.unknown_services, []);
    let mut states: Vec<&str> = Vec::new();
    let slots = subject.all_slots().await;
    states.extend(slots.iter().map(|slot| slot.state.code()));
    states.sort_unstable();
    assert_eq!(states, ["booked", "free"], "the booking took one of them");
}

async fn the_waiting_list_is_imported_again_without_harm(subject: Subject) {
    let file = [waiting(1, 10), waiting(2, 20)];
    let report = subject.ledger.import_waiting(&file, NOW).await.unwrap();
    assert_eq!(
        (report.created, report.changed, report.unchanged),
        (2, 0, 0)
    );
    let mut changed = file.clone();
    changed[0].wanted_from = "2027-02-01T00:00".to_owned();
    let report = subject.ledger.import_waiting(&changed, NOW).await.unwrap();
    assert_eq!(
        (report.created, report.changed, report.unchanged),
        (0, 1, 1)
    );
    let list = subject
        .ledger
        .waiting_list(Some("waiting"), 10)
        .await
        .unwrap();
    let order: Vec<&str> = list.iter().map(|e| e.citizen.emails[0].as_str()).collect();
    assert_eq!(
        order,
        ["w2@example.org", "w1@example.org"],
        "the longest wait first"
    );
    assert!(
        subject
            .ledger
            .remove_waiting(list[0].id, NOW)
            .await
            .unwrap()
    );
    assert!(
        !subject
            .ledger
            .remove_waiting(list[0].id, NOW)
            .await
            .unwrap()
    );
    let report = subject.ledger.import_waiting(&changed, NOW).await.unwrap();
    assert_eq!(
        report.unchanged, 2,
        "a file does not bring back who was taken off"
    );
    let list = subject
        .ledger
        .waiting_list(Some("waiting"), 10)
        .await
        .unwrap();
    assert_eq!(list.len(), 1);
    subject.verifies().await;
}

async fn an_import_takes_a_time_out_of_its_offer(subject: Subject) {
    subject.import(&["A-1"]).await;
    subject.waits(&[waiting(1, 30)]).await;
    subject.cancels(1, "A-1").await;
    let (who, offer) = subject.offers().await[0].clone();
    subject
        .ledger
        .import_bookings(&[booking_import("A-2")], NOW)
        .await
        .unwrap();
    let booked = subject.booking("A-2").await.id;
    let state = subject.only_slot().await.state;
    assert_eq!(state, SlotState::Booked { booking: booked });
    let yes = subject.answers(2, &who, offer, Intent::Consent).await;
    assert_eq!(
        decided(subject.ledger.clone(), yes).await,
        Some("offer_gone")
    );
    let list = subject
        .ledger
        .waiting_list(Some("waiting"), 10)
        .await
        .unwrap();
    assert_eq!(list.len(), 1, "the place in the list stays");
}
