//! The daemon sees drags while it serves, with programs of staff open on the same folders.

use super::{CANCEL, DEAD, DONE, REFUSE, answer_kinds, unclear_letter};
use crate::support::dovecot::quoted;
use crate::support::house::{Appointment, Database, House, How, citizen, letter_from};

on_both!(a_drag_is_carried_out_while_the_daemon_serves);

fn a_drag_is_carried_out_while_the_daemon_serves(database: Database) {
    let mut house = House::open(database);
    house.set("desk", "look_seconds", 1);
    let own = Appointment::new("784001", &citizen(3));
    house.imports(&[&own]);
    let mut daemon = house.serves();
    let odd = letter_from(&citizen(70)).asks_briefly("784999");
    let unclear = unclear_letter(&own);
    house.citizen_writes(&odd);
    house.citizen_writes(&unclear);
    daemon.wait_until("both letters with their notes", || {
        house.folder(DEAD).len() == 4
    });
    // Programs that stay open on the folders, as those of colleagues do.
    let mut colleagues: Vec<_> = [DEAD, REFUSE, DONE]
        .map(|folder| {
            let mut program = house.dovecot().client(house.office());
            assert!(program.command(&format!("SELECT {}", quoted(folder))).ok);
            program
        })
        .into();
    house.staff_drags(&[odd.message_id()], DEAD, REFUSE, How::Move);
    house.staff_drags(&[unclear.message_id()], DEAD, CANCEL, How::CopyAndExpunge);
    daemon.wait_until("both acts", || {
        let kinds = answer_kinds(&house);
        kinds.contains(&"refused") && kinds.contains(&"cancelled")
    });
    daemon.wait_until("the folders to be empty", || {
        [DEAD, CANCEL, REFUSE]
            .iter()
            .all(|name| house.folder(name).is_empty())
    });
    for program in &mut colleagues {
        assert!(program.command("NOOP").ok);
    }
    house.stops(daemon);
    assert_eq!(house.folder(DONE).len(), 2);
    assert_eq!(house.booking_state("784001"), "cancelled");
    house.journal_verifies();
}
