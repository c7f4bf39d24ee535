//! Random histories of times: in whatever order people write, nobody's time is given twice, what
//! comes back is as it was, and the journal holds.

use super::office::{Office, Step, any_step};
use super::subject::Subject;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

contract! {
    no_history_gives_a_time_twice
    a_known_history_meets_everything_that_can_happen
    letters_about_other_times_change_nothing
}

const HISTORIES: u32 = 6;
const STEPS: usize = 24;

/// Some histories, other ones in each run.
fn histories(count: u32, length: usize) -> Vec<Vec<Step>> {
    let mut runner = TestRunner::new(Config::default());
    let steps = prop::collection::vec(any_step(), length);
    (0..count)
        .map(|_| steps.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// What a failure is to be repeated with.
#[expect(clippy::print_stdout, reason = "shown where the test fails")]
fn tell(history: &impl std::fmt::Debug) {
    println!("{history:?}");
}

async fn no_history_gives_a_time_twice(subject: Subject) {
    for history in histories(HISTORIES, STEPS) {
        tell(&history);
        let subject = subject.another().await;
        let mut office = Office::opened(&subject, "t1", 0).await;
        for step in history {
            office.step(step).await;
            office.holds().await;
        }
        subject.verifies().await;
    }
}

/// So that the random ones are known to reach what they are to test.
async fn a_known_history_meets_everything_that_can_happen(subject: Subject) {
    let mut office = Office::opened(&subject, "t1", 0).await;
    for step in [
        Step::Cancels(0),
        Step::Restores(0),
        Step::DeclinesTheOffer(0),
        Step::Restores(0),
        Step::MistypesTheCode(0),
        Step::Cancels(1),
        Step::HoldsEnd,
        Step::TakesTheOffer(2),
        Step::Restores(1),
        Step::OfficeCancels(2),
        Step::JoinsTheList(2),
    ] {
        office.step(step).await;
        office.holds().await;
    }
    let expected = [
        "cancelled",
        "restore_slot_on_offer",
        "offer_declined",
        "still_scheduled",
        "still_scheduled",
        "cancelled",
        "offer_accepted",
        "restore_slot_gone",
        "waiting_list_joined",
    ];
    assert_eq!(office.decided, expected);
    subject.verifies().await;
}

/// Two services, first one after the other, then letter by letter in turns.
async fn letters_about_other_times_change_nothing(subject: Subject) {
    let both = histories(2, STEPS / 2);
    tell(&both);
    let in_turns = subject.another().await;
    let mut one = Office::opened(&subject, "t1", 0).await;
    let mut other = Office::opened(&subject, "t2", 1_000).await;
    for step in &both[0] {
        one.step(*step).await;
    }
    for step in &both[1] {
        other.step(*step).await;
    }
    let apart = (one.summary().await, other.summary().await);
    let mut other = Office::opened(&in_turns, "t2", 1_000).await;
    let mut one = Office::opened(&in_turns, "t1", 0).await;
    for (first, second) in both[0].iter().zip(&both[1]) {
        other.step(*second).await;
        one.step(*first).await;
    }
    assert_eq!((one.summary().await, other.summary().await), apart);
    in_turns.verifies().await;
}
