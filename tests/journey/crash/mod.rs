//! The program is killed with SIGKILL at every point of a letter's way and started again: nothing is
//! done twice, nothing is left out.

mod world;

use crate::support::house::{Database, House, Program};
use std::path::Path;
use std::time::Duration;
use world::World;

/// Letters in a batch.
const BATCH: usize = 50;

macro_rules! killed_at {
    ($database:ident: $($name:ident = $point:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            super::killed_once_at(Database::$database, $point);
        })+
    };
}

/// Step by step; the number says at which time within the batch.
mod on_sqlite {
    use super::Database;

    killed_at! { Sqlite:
        when_the_inbox_was_listed = "listed",
        when_letters_were_fetched = "fetched",
        when_letters_were_taken_in = "taken_in",
        when_letters_were_read = "read",
        before_the_first_is_decided = "deciding",
        within_the_transaction_of_the_batch = "deciding:25",
        when_the_batch_was_committed = "decided",
        when_answers_were_leased = "leased",
        when_the_first_answer_was_sent = "sent",
        in_the_middle_of_the_answers = "sent:18",
        when_answers_were_settled = "settled",
        before_letters_are_moved = "moving",
        when_letters_were_moved = "moved",
        when_the_first_note_was_placed = "noted",
        in_the_middle_of_the_notes = "noted:8",
        when_letters_were_settled_as_filed = "filed",
        at_the_very_end = "ending",
    }
}

mod on_postgres {
    use super::Database;

    killed_at! { Postgres:
        within_the_transaction_of_the_batch = "deciding:25",
        when_the_batch_was_committed = "decided",
        in_the_middle_of_the_answers = "sent:18",
        when_letters_were_moved = "moved",
    }
}

/// The program halts at `point`, is killed there, and is started again until all is done.
fn killed_once_at(database: Database, point: &str) {
    let house = House::open(database);
    let world = World::of(&house, 0, BATCH);
    let told = house.path("halted");
    let mut program = house.start(
        &["run", "--once"],
        &[
            ("OTMENA_HALT_AT", point),
            ("OTMENA_HALT_FILE", told.to_str().unwrap()),
        ],
    );
    wait_for_halt(&mut program, &told);
    house.note(program.kill());
    finish(&house);
    world.is_as_it_should_be(&house);
}

fn wait_for_halt(program: &mut Program, told: &Path) {
    program.wait_until("the halting point", || told.exists());
}

/// Starts it again, a few minutes later each time, until it says that nothing is left.
fn finish(house: &House) {
    for _ in 0..5 {
        house.time_passes(5);
        let ended = house.note(house.start(&["run", "--once"], &[]).wait());
        if ended.code == 0 {
            return;
        }
        assert_eq!(ended.code, 75, "{}", ended.log);
    }
    panic!("something is left for ever: {}", house.log());
}

#[test]
fn ten_kills_at_any_moment_do_no_harm_on_sqlite() {
    ten_kills_at_any_moment(Database::Sqlite);
}

#[test]
fn ten_kills_at_any_moment_do_no_harm_on_postgres() {
    ten_kills_at_any_moment(Database::Postgres);
}

/// Each round brings new letters, so that there is always work to be killed in.
fn ten_kills_at_any_moment(database: Database) {
    let mut house = House::open(database);
    // A hundred cancellations in a minute are what this test is about.
    house.set("breaker", "enabled", false);
    let mut worlds = Vec::new();
    let mut chance = std::process::id() | 1;
    for round in 0..10 {
        worlds.push(World::of(&house, round * 10, 10));
        chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let pause = Duration::from_millis(u64::from(chance >> 16) % 1_500);
        let program = house.start(&["run", "--once"], &[]);
        std::thread::sleep(pause);
        house.note(program.kill());
        if round % 3 == 2 {
            house.time_passes(5);
        }
    }
    finish(&house);
    for world in &worlds {
        world.is_as_it_should_be(&house);
    }
}

/// SIGTERM while a filled inbox is worked off: what is in hand is finished, the rest waits.
#[test]
fn a_polite_end_in_the_middle_loses_nothing() {
    let house = House::open(Database::Sqlite);
    let world = World::of(&house, 0, BATCH);
    let mut daemon = house.start(&["run"], &[]);
    daemon.wait_for_log("decided");
    house.stops(daemon);
    finish(&house);
    world.is_as_it_should_be(&house);
}

#[test]
fn two_programs_at_one_mailbox_do_nothing_twice_on_sqlite() {
    two_programs_at_one_mailbox_do_nothing_twice(Database::Sqlite);
}

#[test]
fn two_programs_at_one_mailbox_do_nothing_twice_on_postgres() {
    two_programs_at_one_mailbox_do_nothing_twice(Database::Postgres);
}

/// Not how it is meant to be run, but it happens: a second one was started by hand.
fn two_programs_at_one_mailbox_do_nothing_twice(database: Database) {
    let house = House::open(database);
    house.runs_once();
    let world = World::of(&house, 0, BATCH);
    let both = [(); 2].map(|()| house.start(&["run", "--once"], &[]));
    for program in both {
        let ended = house.note(program.wait());
        assert!([0, 75].contains(&ended.code), "{}", ended.log);
    }
    finish(&house);
    world.is_as_it_should_be(&house);
}
