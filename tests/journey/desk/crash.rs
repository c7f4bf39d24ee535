//! The program is killed in the middle of acts and started again: each is done once.

use super::{DEAD, DONE, REFUSE, RETRY, answer_kinds, answers};
use crate::support::house::{Appointment, Database, House, How, citizen, letter_from};

macro_rules! killed_at {
    ($database:ident: $($name:ident = $point:literal),+ $(,)?) => {
        $(#[test]
        fn $name() {
            super::killed_once_at(Database::$database, $point);
        })+
    };
}

mod on_sqlite {
    use super::Database;

    killed_at! { Sqlite:
        before_the_first_act_is_decided = "acting",
        in_the_middle_of_the_acts = "acting:4",
        when_the_first_act_was_committed = "acted",
        when_the_last_act_was_committed = "acted:6",
        before_letters_are_moved_on = "moving",
        when_letters_were_moved_on = "moved",
        when_a_new_note_was_placed = "noted",
        when_the_first_answer_was_sent = "sent",
    }
}

mod on_postgres {
    use super::Database;

    killed_at! { Postgres:
        in_the_middle_of_the_acts = "acting:4",
        when_the_first_act_was_committed = "acted",
        when_letters_were_moved_on = "moved",
    }
}

/// Starts the program, kills it at the halting point, and notes what it logged.
fn dies_at(house: &House, point: &str) {
    let told = house.path("halted");
    let mut program = house.start(
        &["run", "--once"],
        &[
            ("OTMENA_HALT_AT", point),
            ("OTMENA_HALT_FILE", told.to_str().unwrap()),
        ],
    );
    program.wait_until("the halting point", || told.exists());
    house.note(program.kill());
    std::fs::remove_file(told).unwrap();
    house.time_passes(5);
}

on_both!(a_letter_on_which_the_program_dies_is_given_up);

/// Whoever drags it must not stop all others' letters for ever.
fn a_letter_on_which_the_program_dies_is_given_up(database: Database) {
    let house = House::open(database);
    let letter = letter_from(&citizen(81)).asks_briefly("781001");
    house.citizen_writes(&letter);
    house.runs_once();
    house.staff_drags(&[letter.message_id()], DEAD, RETRY, How::Move);
    for _ in 0..3 {
        dies_at(&house, "reading");
    }
    house.runs_once();
    let held = |reason: &str| ("held".to_owned(), Some(reason.to_owned()));
    assert_eq!(house.last_decision(), held("letter_unreadable"));
    assert!(house.folder(RETRY).is_empty());
    // It is read once more for whoever tries again.
    house.staff_drags(&[letter.message_id()], DEAD, RETRY, How::Move);
    house.runs_once();
    assert_eq!(house.last_decision(), held("number_unknown"));
    house.journal_verifies();
}

/// Two letters are refused, two closed, and two are tried again: one is cancelled now, one stays.
fn killed_once_at(database: Database, point: &str) {
    let house = House::open(database);
    let own = Appointment::new("781000", &citizen(3));
    let known = letter_from(&citizen(3)).cancels(&own);
    house.citizen_writes(&known);
    let others: Vec<_> = (1..6)
        .map(|n| letter_from(&citizen(80 + n)).asks_briefly(&format!("78100{n}")))
        .collect();
    for letter in &others {
        house.citizen_writes(letter);
    }
    house.runs_once();
    house.imports(&[&own]);
    let ids: Vec<&str> = others.iter().map(|letter| letter.message_id()).collect();
    let (retried, rest) = ids.split_first().unwrap();
    let (refused, closed) = rest.split_at(2);
    house.staff_drags(&[known.message_id(), retried], DEAD, RETRY, How::Move);
    house.staff_drags(refused, DEAD, REFUSE, How::CopyAndExpunge);
    house.staff_drags(closed, DEAD, DONE, How::Move);

    dies_at(&house, point);
    house.runs_once();
    each_act_was_done_once(&house);
}

fn each_act_was_done_once(house: &House) {
    assert_eq!(house.booking_state("781000"), "cancelled");
    assert_eq!(house.cancellations_told("781000"), 1);
    let mut kinds = answer_kinds(house);
    kinds.sort_unstable();
    // A letter whose sending was not noted may be sent again under the same Message-ID.
    let mut ids_sent: Vec<String> = answers(house).into_iter().map(|a| a.message_id).collect();
    ids_sent.sort();
    ids_sent.dedup();
    kinds.dedup();
    assert_eq!(kinds, ["cancelled", "refused"]);
    assert_eq!(ids_sent.len(), 3);
    let left = house.folder(DEAD);
    let subjects: Vec<_> = left
        .iter()
        .map(|found| {
            (
                &found.message_id,
                found.header("Subject"),
                found.header("Date"),
            )
        })
        .collect();
    assert_eq!(
        left.len(),
        2,
        "the one that stays, and its note: {subjects:?}"
    );
    assert_eq!(house.folder(DONE).len(), 5);
    for folder in [RETRY, REFUSE] {
        assert!(house.folder(folder).is_empty(), "{folder}");
    }
    let acted =
        house.rows("SELECT chain, count(*) FROM journal WHERE kind = 'staff_acted' GROUP BY chain");
    assert_eq!(acted.len(), 6, "{acted:?}");
    assert!(acted.iter().all(|(_, times)| *times == 1), "{acted:?}");
    house.journal_verifies();
}
