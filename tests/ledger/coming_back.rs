//! Bookings that come back and new times, beside offers: one winner, whatever happens at the same
//! moment.

use super::slots::{at, decided, office, waiting};
use super::subject::{NOW, Subject, sighting};
use otmena::decide::{
    Case, Decision, OperatorAct, SlotDecision, SlotFacts, cancel_by_operator, due,
    restore_by_operator,
};
use otmena::domain::{BookingState, Channel, SlotState, Zone};
use otmena::failure::Failure;
use otmena::record::SlotImport;
use otmena::reply::LetterKind;
use otmena::request::Intent;

contract! {
    a_restoration_and_an_offer_never_both_have_the_time
    the_end_of_a_hold_brings_back_whoever_waited_for_it
    one_free_time_is_booked_by_one_of_many
    what_the_organisation_cancels_is_nobodys
    a_restored_booking_is_as_before_and_the_journal_only_grows
}

fn restoring(case: &mut Case, booking: &otmena::domain::Booking) {
    case.reading.intent = Intent::Restore;
    let secrets = office().secrets;
    case.reading.code = Some(secrets.restoration_code(booking.id, booking.cancellations));
}

async fn a_restoration_and_an_offer_never_both_have_the_time(subject: Subject) {
    let other = subject.second_daemon().await;
    subject.import(&["A-1"]).await;
    subject.cancels(1, "A-1").await;
    let cancelled = subject.booking("A-1").await;
    let slot = subject.only_slot().await;
    assert_eq!(slot.state, SlotState::Free);
    subject.waits(&[waiting(1, 30)]).await;
    let mut restore = subject.signed(2, "A-1", Intent::Restore).await;
    restoring(&mut restore, &cancelled);
    let offering = {
        let act = |facts: &SlotFacts| at(NOW, |rules| due(facts, NOW, rules));
        tokio::spawn(async move {
            for _ in 0..20 {
                match other.act_on_slot(slot.id, &act, NOW).await {
                    Ok(acted) => return acted,
                    Err(failure) => assert!(failure.is_passing(), "{failure}"),
                }
            }
            panic!("twenty tries were in vain");
        })
    };
    let restored = tokio::spawn(decided(subject.ledger.clone(), restore));
    let (offered, restored) = (offering.await.unwrap(), restored.await.unwrap().unwrap());
    let booking = subject.booking("A-1").await;
    match subject.only_slot().await.state {
        SlotState::Booked { booking: of } => {
            assert!(!offered && restored == "restored" && of == booking.id);
            assert!(booking.is_open());
        }
        SlotState::Held { .. } => {
            assert!(offered && restored == "restore_slot_on_offer");
            assert!(!booking.is_open());
        }
        SlotState::Free | SlotState::Closed => panic!("nobody has it"),
    }
    subject.verifies().await;
}

async fn the_end_of_a_hold_brings_back_whoever_waited_for_it(subject: Subject) {
    subject.import(&["A-1"]).await;
    subject.waits(&[waiting(1, 30), waiting(2, 20)]).await;
    subject.cancels(1, "A-1").await;
    let cancelled = subject.booking("A-1").await;
    let mut restore = subject.signed(2, "A-1", Intent::Restore).await;
    restoring(&mut restore, &cancelled);
    let told = decided(subject.ledger.clone(), restore.clone()).await;
    assert_eq!(told, Some("restore_slot_on_offer"));
    let slot = subject.only_slot().await;
    assert!(
        subject
            .ledger
            .offers_run_out(NOW.plus_hours(2), 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        !subject.passes_on(&slot, NOW.plus_hours(2)).await,
        "the hold lasts"
    );
    let later = NOW.plus_hours(2).plus_minutes(1);
    assert_eq!(
        subject.ledger.offers_run_out(later, 10).await.unwrap(),
        [slot.id]
    );
    assert!(subject.passes_on(&slot, later).await);
    assert!(!subject.passes_on(&slot, later).await, "once");
    let booking = subject.booking("A-1").await;
    assert!(booking.is_open());
    let booked = SlotState::Booked {
        booking: booking.id,
    };
    assert_eq!(subject.only_slot().await.state, booked);
    assert_eq!(
        subject.letters_of(LetterKind::Restored).await,
        2,
        "to both addresses"
    );
    assert_eq!(subject.letters_of(LetterKind::Offer).await, 1);
    let feed = subject.ledger.changes(0, 10).await.unwrap();
    assert_eq!(feed.last().unwrap().kind, "restored");
    subject.verifies().await;
}

async fn one_free_time_is_booked_by_one_of_many(subject: Subject) {
    let other = subject.second_daemon().await;
    let numbers: Vec<String> = (1..=6).map(|n| format!("A-{n}")).collect();
    let names: Vec<&str> = numbers.iter().map(String::as_str).collect();
    subject.import(&names).await;
    let act = OperatorAct {
        channel: Channel::Organisation,
        words: Some("врач заболел".to_owned()),
    };
    for number in &numbers {
        let judge = |booking: &_, place: Option<&_>| {
            at(NOW, |rules| cancel_by_operator(booking, place, &act, rules))
                .map_err(|error| Failure::try_again_because("x", error))
        };
        subject
            .ledger
            .act_on_place(number, &judge, NOW)
            .await
            .unwrap();
    }
    let wished = NOW.plus_hours(264);
    let free = SlotImport {
        organisation: "Поликлиника".to_owned(),
        resource: "Кабинет 5".to_owned(),
        service_code: "T-1".to_owned(),
        starts_at: wished,
        zone: Zone::named("Europe/Moscow").unwrap(),
    };
    subject.ledger.import_slots(&[free], NOW).await.unwrap();
    let local = wished.in_zone(&Zone::named("Europe/Moscow").unwrap());
    let mut tasks = Vec::new();
    for (uid, number) in (1..).zip(&numbers) {
        let mut case = subject.signed(uid, number, Intent::Rebook).await;
        case.reading.date = Some(local.strftime("%Y-%m-%d").to_string());
        case.reading.time = Some(local.strftime("%H:%M").to_string());
        let ledger = if uid % 2 == 0 {
            &other
        } else {
            &subject.ledger
        };
        tasks.push(tokio::spawn(decided(ledger.clone(), case)));
    }
    let mut codes = Vec::new();
    for task in tasks {
        codes.push(task.await.unwrap().unwrap());
    }
    codes.sort_unstable();
    assert_eq!(codes[0], "rebooked");
    assert_eq!(
        codes[1..],
        ["waiting_list_joined"; 5],
        "nothing else is free"
    );
    subject.verifies().await;
}

async fn what_the_organisation_cancels_is_nobodys(subject: Subject) {
    subject.import(&["A-1"]).await;
    subject.waits(&[waiting(1, 30)]).await;
    let act = OperatorAct {
        channel: Channel::Organisation,
        words: Some("врач заболел".to_owned()),
    };
    let judge = |booking: &_, place: Option<&_>| {
        at(NOW, |rules| cancel_by_operator(booking, place, &act, rules))
            .map_err(|error| Failure::try_again_because("x", error))
    };
    let done = subject
        .ledger
        .act_on_place("A-1", &judge, NOW)
        .await
        .unwrap();
    assert_eq!(done, Some(Decision::Cancelled));
    assert_eq!(subject.only_slot().await.state, SlotState::Closed);
    assert_eq!(subject.offers().await, []);
    assert_eq!(
        subject
            .letters_of(LetterKind::CancelledByOrganisation)
            .await,
        2
    );
    let free = subject
        .ledger
        .free_slots_wanted(otmena::domain::SlotId(0), NOW, 10)
        .await;
    assert_eq!(free.unwrap(), []);
    let BookingState::Cancelled(cancelled) = subject.booking("A-1").await.state else {
        panic!("it is open");
    };
    assert_eq!(cancelled.channel, Channel::Organisation);
    let act = OperatorAct {
        channel: Channel::Phone,
        words: None,
    };
    let judge = |booking: &_, place: Option<&_>| {
        at(NOW, |rules| {
            restore_by_operator(booking, place, &act, rules)
        })
        .map_err(|error| Failure::try_again_because("x", error))
    };
    let done = subject
        .ledger
        .act_on_place("A-1", &judge, NOW)
        .await
        .unwrap();
    assert_eq!(done, Some(Decision::Slots(SlotDecision::RestoreGone)));
}

async fn a_restored_booking_is_as_before_and_the_journal_only_grows(subject: Subject) {
    subject.import(&["A-1"]).await;
    let before = (subject.booking("A-1").await, subject.only_slot().await);
    let chain = format!("booking:{}", before.0.id.0);
    let mut entries = 1;
    for uid in [1, 3] {
        subject.cancels(uid, "A-1").await;
        let cancelled = subject.booking("A-1").await;
        let mut restore = subject.signed(uid + 1, "A-1", Intent::Restore).await;
        restoring(&mut restore, &cancelled);
        // A letter of its own each time.
        restore.evidence.content = Some(sighting(uid).raw_hash);
        let told = decided(subject.ledger.clone(), restore).await;
        assert_eq!(told, Some("restored"));
        let mut after = subject.booking("A-1").await;
        assert_eq!(after.revision, before.0.revision + uid + 1);
        after.revision = before.0.revision;
        after.cancellations = before.0.cancellations;
        assert_eq!((after, subject.only_slot().await), before);
        let journal = subject.ledger.journal(&chain).await.unwrap();
        assert!(journal.len() > entries);
        entries = journal.len();
    }
    subject.verifies().await;
}
