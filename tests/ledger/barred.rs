//! Sanctions where times are given away: who stands back, who is offered nothing, how moves are
//! counted; and how long all that is kept.

use super::late::{import_of, late_with};
use super::slots::{at_by, waiting};
use super::subject::{NOW, Subject, booking_import, email};
use otmena::decide::{
    Case, Facts, FactsQuery, Judgement, NewSanction, SlotFacts, SlotQuery, TakeBackCause, decide,
    due, take_back,
};
use otmena::domain::{
    BookingNumber, BookingState, Moment, Policy, SanctionKind, SanctionState, Slot,
};
use otmena::record::{SanctionFilter, SlotImport, WaitingImport};
use otmena::request::Intent;
use otmena::retention;

contract! {
    a_time_is_offered_when_the_sanction_has_ended
    what_is_owed_is_offered_whatever_stands_against_her
    whoever_stands_back_is_offered_a_time_behind_all_others
    whoever_may_not_book_is_offered_nothing_and_keeps_the_place
    a_move_is_a_cancelled_booking_with_another_time
    what_counts_no_more_is_forgotten_and_told_until_then
}

fn strict() -> Policy {
    let mut policy = Policy::default();
    policy.sanctions.enabled = true;
    policy
}

fn strictly(case: &Case, facts: &Facts) -> Judgement {
    at_by(&strict(), NOW, |rules| decide(case, facts, rules))
}

async fn cancels(subject: &Subject, uid: u32, number: &str) {
    let case = subject.signed(uid, number, Intent::Cancel).await;
    let decided = subject.decide(&[case], &strictly).await;
    assert_eq!(decided[0].judgement.decision.code(), "cancelled");
}

/// Offers the slot now, by a policy.
async fn offers(subject: &Subject, policy: &Policy, slot: &Slot, now: Moment) -> bool {
    let act = |facts: &SlotFacts| at_by(policy, now, |rules| due(facts, now, rules));
    subject
        .ledger
        .act_on_slot(slot.id, &act, now)
        .await
        .unwrap()
}

/// The citizen `P-1` cancels A-1 late; this comes of it.
async fn punished(subject: &Subject, kind: SanctionKind, state: SanctionState) {
    import_of(subject, "A-1", Some("P-1")).await;
    let case = subject.letter(1, "A-1").await;
    let judge = late_with(move |fine: NewSanction| NewSanction {
        kind,
        state,
        until: (state == SanctionState::Imposed).then(|| NOW.plus_hours(24 * 14)),
        ..fine
    });
    subject.decide(&[case], &judge).await;
}

/// `P-1`, who has waited longest, and somebody else.
fn two_who_wait() -> [WaitingImport; 2] {
    let mut first = waiting(1, 30);
    first.citizen.citizen_id = Some("P-1".to_owned());
    let mut second = waiting(2, 10);
    second.citizen.citizen_id = Some("P-2".to_owned());
    [first, second]
}

async fn offered(subject: &Subject) -> Vec<String> {
    let offers = subject.offers().await;
    let recipients = offers.iter().map(|(who, _)| who.as_str().to_owned());
    recipients.collect()
}

async fn whoever_stands_back_is_offered_a_time_behind_all_others(subject: Subject) {
    punished(&subject, SanctionKind::WaitingList, SanctionState::Imposed).await;
    subject.waits(&two_who_wait()).await;
    subject.import(&["A-2"]).await;
    cancels(&subject, 2, "A-2").await;
    assert_eq!(offered(&subject).await, ["w2@example.org"]);
    let (who, offer) = subject.offers().await[0].clone();
    let no = subject.answers(3, &who, offer, Intent::Decline).await;
    subject.decide(&[no], &strictly).await;
    assert_eq!(
        offered(&subject).await,
        ["w2@example.org", "w1@example.org"]
    );
    let slots = subject.all_slots().await;
    let held = slots.iter().find(|slot| slot.state.code() == "held");
    let chain = format!("slot:{}", held.unwrap().id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    let last = journal.last().unwrap();
    assert_eq!(last.kind, "slot_offered");
    assert!(last.data.contains("\"stands_back\":true"), "{}", last.data);
    subject.verifies().await;
}

async fn whoever_may_not_book_is_offered_nothing_and_keeps_the_place(subject: Subject) {
    punished(&subject, SanctionKind::SameService, SanctionState::Imposed).await;
    let [barred, _] = two_who_wait();
    subject.waits(&[barred]).await;
    subject.import(&["A-2"]).await;
    cancels(&subject, 2, "A-2").await;
    assert!(offered(&subject).await.is_empty());
    let list = subject.ledger.waiting_list(None, 10).await.unwrap();
    assert_eq!(list[0].state, "waiting");
    let slot = &subject.all_slots().await[0];
    let later = NOW.plus_hours(24 * 5);
    assert!(!offers(&subject, &strict(), slot, later).await, "it holds");
    assert!(
        offers(&subject, &Policy::default(), slot, later).await,
        "an office without sanctions heeds none"
    );
    assert_eq!(offered(&subject).await, ["w1@example.org"]);
}

async fn a_move_is_a_cancelled_booking_with_another_time(subject: Subject) {
    punished(&subject, SanctionKind::Fine, SanctionState::Proposed).await;
    let moved = async |now| {
        let query = FactsQuery {
            number_key: Some(BookingNumber::parse("A-1").unwrap().lookup_key()),
            slots: SlotQuery {
                places: true,
                ..SlotQuery::default()
            },
            ..FactsQuery::default()
        };
        let facts = subject.ledger.facts(&query, now).await.unwrap();
        facts.slots.places[0].moved.len()
    };
    assert_eq!(moved(NOW).await, 0, "cancelled, not moved");
    let booking = subject.booking("A-1").await;
    let free = SlotImport {
        organisation: booking.organisation.name.clone(),
        resource: "Кабинет 9".to_owned(),
        service_code: booking.service.code.clone(),
        starts_at: booking.starts_at.plus_hours(24),
        zone: booking.organisation.zone.clone(),
    };
    subject.ledger.import_slots(&[free], NOW).await.unwrap();
    let mut rebooks = subject.signed(2, "A-1", Intent::Rebook).await;
    let wished = booking.starts_at.plus_hours(24);
    let local = wished.in_zone(&booking.organisation.zone);
    rebooks.reading.date = Some(local.strftime("%Y-%m-%d").to_string());
    rebooks.reading.time = Some(local.strftime("%H:%M").to_string());
    let decided = subject.decide(&[rebooks], &strictly).await;
    assert_eq!(decided[0].judgement.decision.code(), "rebooked");
    assert_eq!(moved(NOW).await, 1);
    assert_eq!(moved(NOW.plus_hours(24 * 30)).await, 0, "a month ago");
    let BookingState::Cancelled(cancellation) = &booking.state else {
        panic!("it is cancelled");
    };
    let (id, cause) = (booking.id, TakeBackCause::TechnicalFault);
    let back = take_back(id, cancellation, cause);
    let case = subject.letter(3, "A-1").await;
    let judge = super::late::with_late(back);
    subject.decide(&[case], &judge).await;
    assert_eq!(moved(NOW).await, 0, "a fault of ours is no move");
}

async fn what_counts_no_more_is_forgotten_and_told_until_then(subject: Subject) {
    punished(&subject, SanctionKind::SelfBooking, SanctionState::Imposed).await;
    let address = email("citizen@example.org");
    let held = subject.ledger.held_on(&address).await.unwrap();
    assert_eq!((held.cancellations.len(), held.sanctions.len()), (1, 1));
    assert_eq!(held.cancellations[0].timeliness, "untimely");
    let all = SanctionFilter {
        state: None,
        limit: 10,
    };
    let ledger = subject.ledger.as_ref();
    // The person is gone, what counts against her pseudonym is not.
    let early = NOW.plus_hours(24 * 200);
    let purged = retention::empty_ledger(ledger, early, early).await.unwrap();
    assert_eq!((purged.bookings, purged.counted), (1, 0));
    assert_eq!(ledger.sanctions(&all).await.unwrap().len(), 1);
    let late = NOW.plus_hours(24 * 400);
    assert_eq!(ledger.to_purge(late).await.unwrap().counted, 2);
    let purged = retention::empty_ledger(ledger, late, late).await.unwrap();
    assert_eq!(purged.counted, 2);
    assert!(ledger.sanctions(&all).await.unwrap().is_empty());
    subject.verifies().await;
}

async fn a_time_is_offered_when_the_sanction_has_ended(subject: Subject) {
    punished(&subject, SanctionKind::SelfBooking, SanctionState::Imposed).await;
    let [barred, _] = two_who_wait();
    subject.waits(&[barred]).await;
    let mut import = booking_import("A-2");
    import.starts_at = NOW.plus_hours(24 * 30);
    subject
        .ledger
        .import_bookings(&[import], NOW)
        .await
        .unwrap();
    cancels(&subject, 2, "A-2").await;
    let slots = subject.all_slots().await;
    let slot = slots.last().unwrap();
    let still = NOW.plus_hours(24 * 14);
    assert!(!offers(&subject, &strict(), slot, still).await);
    let ended = still.plus_minutes(1);
    assert!(offers(&subject, &strict(), slot, ended).await);
    assert_eq!(offered(&subject).await, ["w1@example.org"]);
}

async fn what_is_owed_is_offered_whatever_stands_against_her(subject: Subject) {
    punished(&subject, SanctionKind::SameService, SanctionState::Imposed).await;
    let [mut owed, _] = two_who_wait();
    owed.joined_at = NOW;
    subject.waits(&[owed]).await;
    let made_good = "UPDATE waiting_list SET exempt = (1 = 1)";
    assert_eq!(subject.tamper(made_good).await, 1);
    subject.import(&["A-2"]).await;
    cancels(&subject, 2, "A-2").await;
    assert_eq!(offered(&subject).await, ["w1@example.org"]);
}
