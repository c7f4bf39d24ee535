//! Only what staff could have dragged obeys a folder of acts.

use super::{DEAD, DONE, REFUSE, answer_kinds, answers, held_letter, only_answer, state_of};
use crate::support::dovecot::DovecotOptions;
use crate::support::house::{Appointment, Database, House, How, citizen, letter_from, word};

on_both!(
    a_letter_delivered_into_a_folder_of_staff_is_a_letter_like_any_other,
    a_dead_letter_in_the_inbox_is_only_filed_again,
    a_decided_letter_in_a_folder_of_acts_is_only_filed_again,
);

/// `cancel+desk@…`, as Dovecot delivers it when it is told to. A name with other letters than ASCII
/// cannot stand in an address of its LMTP, so the folder is named so for once; into the folders of
/// acts letters come as a rule of Sieve would put them there.
fn a_letter_delivered_into_a_folder_of_staff_is_a_letter_like_any_other(database: Database) {
    let mut house = House::with_own_dovecot(
        database,
        DovecotOptions {
            extra: "lmtp_save_to_detail_mailbox = yes\nrecipient_delimiter = +\n".to_owned(),
            ..DovecotOptions::default()
        },
    );
    house.set("mailbox", "dead_letter", "desk");
    let victim = Appointment::new("779001", &citizen(3));
    house.imports(&[&victim]);
    house.runs_once();
    let mut forger = citizen(72);
    forger.name = citizen(3).name;
    let body = format!("Отмена записи №779001\nФИО: {}\n", forger.name);
    let letter = || letter_from(&forger).says("Отмена записи №779001", &body);
    let (local, domain) = house.office().split_once('@').unwrap();
    let address = format!("{local}+desk@{domain}");
    let answer = house
        .dovecot()
        .try_deliver_lmtp(&address, &letter().bytes(house.office()));
    assert!(
        answer.starts_with("250"),
        "{answer} {}",
        house.dovecot().log()
    );
    assert_eq!(house.folder("desk").len(), 1, "delivered past the inbox");
    let acts = ["Повторить", "Отменить запись", "Отказать"].map(|act| format!("desk/{act}"));
    for folder in &acts {
        house.dovecot().append(
            house.office(),
            folder,
            &letter().bytes(house.office()),
            None,
        );
    }
    house.runs_once();
    for folder in &acts {
        assert!(house.folder(folder).is_empty(), "{folder}");
    }
    assert_eq!(house.booking_state("779001"), "scheduled");
    assert!(answers(&house).is_empty(), "no refusal, no question");
    let letters = house.letters();
    assert_eq!(letters.len(), 4, "each was read like any other");
    for letter in &letters {
        assert_eq!(word(letter, "/reason"), "sender_not_proven");
    }
    assert_eq!(house.folder("desk").len(), 8, "each with its note");
}

fn a_dead_letter_in_the_inbox_is_only_filed_again(database: Database) {
    let house = House::open(database);
    let letter = held_letter(&house, "779002");
    house.staff_drags(&[letter.message_id()], DEAD, "INBOX", How::Move);
    house.runs_once();
    assert!(house.folder("INBOX").is_empty());
    assert_eq!(house.folder(DEAD).len(), 2, "the letter and its note");
    assert_eq!(state_of(&house, 0), ("held".into(), "held".into()));
    house.staff_drags(&[letter.message_id()], DEAD, REFUSE, How::Move);
    house.runs_once();
    assert_eq!(only_answer(&house).kind(), "refused");
}

fn a_decided_letter_in_a_folder_of_acts_is_only_filed_again(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("779003", &citizen(3));
    house.imports(&[&own]);
    let letter = letter_from(&citizen(3)).cancels(&own);
    house.citizen_writes(&letter);
    house.runs_once();
    house.staff_drags(&[letter.message_id()], DONE, REFUSE, How::Move);
    house.runs_once();
    assert_eq!(answer_kinds(&house), ["cancelled"]);
    assert_eq!(house.ids_in(DONE), [letter.message_id()]);
    assert!(house.folder(REFUSE).is_empty() && house.folder("INBOX").is_empty());
}
