//! Each act, as mail programs carry it out.

use super::{
    CANCEL, DEAD, DONE, REFUSE, RETRY, acts_in_journal, answer_kinds, answers, held_letter,
    only_answer, state_of, unclear_letter,
};
use crate::support::house::{Appointment, Database, House, How, citizen, letter_from};

on_both!(
    a_refused_letter_is_answered_and_moves_on,
    a_closed_letter_gets_no_answer,
    a_retried_letter_goes_its_way_anew,
    staff_cancel_the_numbered_booking_by_the_first_receipt,
    an_untrusted_sender_is_asked_before_staff_cancel,
    an_impossible_act_brings_the_letter_back_with_the_reason,
    the_note_alone_or_beside_the_letter_is_the_same_act,
    many_letters_are_dragged_at_once,
    the_second_person_is_told_what_the_first_did,
);

fn a_refused_letter_is_answered_and_moves_on(database: Database) {
    for how in [How::Move, How::CopyAndExpunge, How::Append, How::Copy] {
        let house = House::open(database);
        let letter = held_letter(&house, "777001");
        house.staff_drags(&[letter.message_id()], DEAD, REFUSE, how);
        house.runs_once();
        let answer = only_answer(&house);
        assert_eq!(answer.kind(), "refused", "{how:?}");
        assert_eq!(answer.recipient, citizen(70).email);
        assert_eq!(answer.in_reply_to, [letter.message_id()]);
        assert!(house.folder(REFUSE).is_empty(), "{how:?}");
        assert!(house.folder(DEAD).is_empty(), "{how:?}: the note is gone");
        assert!(house.ids_in(DONE).contains(&letter.message_id().to_owned()));
        assert_eq!(state_of(&house, 0), ("resolved".into(), "refused".into()));
        let journal = acts_in_journal(&house, 1);
        let staff: Vec<_> = journal
            .iter()
            .filter(|(kind, _)| kind == "staff_acted")
            .collect();
        assert_eq!(staff.len(), 1, "{how:?}: {journal:?}");
        assert_eq!(staff.first().unwrap().1, house.office());
        house.runs_once();
        assert_eq!(answers(&house).len(), 1, "{how:?}: done once");
        house.journal_verifies();
    }
}

fn a_closed_letter_gets_no_answer(database: Database) {
    for how in [How::Move, How::CopyAndExpunge, How::Append] {
        let house = House::open(database);
        let letter = held_letter(&house, "777001");
        house.staff_drags(&[letter.message_id()], DEAD, DONE, how);
        house.runs_once();
        assert!(answers(&house).is_empty());
        assert_eq!(
            state_of(&house, 0),
            ("resolved".into(), "closed".into()),
            "{how:?}"
        );
        assert!(house.folder(DEAD).is_empty(), "{how:?}");
        assert_eq!(house.ids_in(DONE), [letter.message_id()]);
    }
}

fn a_retried_letter_goes_its_way_anew(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("777002", &citizen(3));
    let letter = letter_from(&citizen(3)).cancels(&own);
    house.citizen_writes(&letter);
    house.runs_once();
    assert_eq!(house.last_decision().1.as_deref(), Some("number_unknown"));

    house.staff_drags(&[letter.message_id()], DEAD, RETRY, How::Move);
    house.runs_once();
    assert_eq!(
        state_of(&house, 0).0,
        "held",
        "there is still no such booking"
    );
    let note = house.note_beside(letter.message_id());
    assert!(note.text().contains("прочитали ещё раз"), "{}", note.text());

    house.imports(&[&own]);
    house.staff_drags(&[letter.message_id()], DEAD, RETRY, How::Move);
    house.runs_once();
    assert_eq!(house.booking_state("777002"), "cancelled");
    assert_eq!(answer_kinds(&house), ["cancelled"]);
    assert!(house.folder(DEAD).is_empty() && house.folder(RETRY).is_empty());
    assert_eq!(house.ids_in(DONE), [letter.message_id()]);
    assert_eq!(house.cancellations_told("777002"), 1);
}

fn staff_cancel_the_numbered_booking_by_the_first_receipt(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("777003", &citizen(3));
    house.imports(&[&own]);
    let letter = unclear_letter(&own);
    house.citizen_wrote(5, &letter);
    house.runs_once();
    assert_eq!(house.booking_state("777003"), "scheduled");

    house.staff_drags(&[letter.message_id()], DEAD, CANCEL, How::Move);
    house.runs_once();
    assert_eq!(house.booking_state("777003"), "cancelled");
    let answers = answer_kinds(&house);
    assert_eq!(answers.last(), Some(&"cancelled"), "{answers:?}");
    let received = "SELECT 'x', (b.cancel_received_at - l.received_at) FROM bookings b \
                    JOIN letters l ON l.id = b.cancel_letter";
    assert_eq!(house.rows(received), [("x".to_owned(), 0)]);
    let by_staff = format!(
        "SELECT actor, count(*) FROM journal WHERE kind = 'booking_cancelled' AND actor = '{}' \
         GROUP BY actor",
        house.office()
    );
    assert_eq!(house.rows(&by_staff).len(), 1);
    assert!(house.folder(DEAD).is_empty());
    assert_eq!(state_of(&house, 0), ("resolved".into(), "cancelled".into()));
}

fn an_untrusted_sender_is_asked_before_staff_cancel(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("777004", &citizen(3));
    house.imports(&[&own]);
    // The right name and number, from an address that nobody knows.
    let mut elsewhere = citizen(71);
    elsewhere.name = citizen(3).name;
    let letter = letter_from(&elsewhere).says(
        "Отмена записи №777004",
        &format!("Отмена записи №777004\nФИО: {}\n", elsewhere.name),
    );
    house.citizen_writes(&letter);
    house.runs_once();
    assert_eq!(
        house.last_decision().1.as_deref(),
        Some("sender_not_proven")
    );

    house.staff_drags(&[letter.message_id()], DEAD, CANCEL, How::Move);
    house.runs_once();
    assert_eq!(house.booking_state("777004"), "scheduled");
    let question = only_answer(&house);
    assert_eq!(question.kind(), "confirm_first");
    assert_eq!(question.recipient, citizen(3).email);

    let yes = letter_from(&citizen(3))
        .in_reply_to(&question.message_id)
        .says(&format!("Re: {}", question.subject), "ДА\n");
    house.citizen_writes(&yes);
    house.runs_once();
    assert_eq!(house.booking_state("777004"), "cancelled");
}

fn an_impossible_act_brings_the_letter_back_with_the_reason(database: Database) {
    let house = House::open(database);
    let letter = held_letter(&house, "777005");
    let first = house.note_beside(letter.message_id());
    assert!(
        first
            .text()
            .contains("Отменить запись — письмо вернётся сюда"),
        "{}",
        first.text()
    );
    house.staff_drags(&[letter.message_id()], DEAD, CANCEL, How::Move);
    house.runs_once();
    assert!(house.folder(CANCEL).is_empty());
    let note = house.note_beside(letter.message_id());
    assert_ne!(note.message_id, first.message_id);
    let text = note.text();
    assert!(text.contains("ПИСЬМО ВЕРНУЛОСЬ"), "{text}");
    assert!(text.contains("otmena letters resolve 1 --cancel"), "{text}");
    assert_eq!(state_of(&house, 0), ("held".into(), "held".into()));
    let journal = acts_in_journal(&house, 1);
    assert!(
        journal
            .iter()
            .any(|(kind, _)| kind == "staff_act_impossible"),
        "{journal:?}"
    );

    // It obeys again.
    house.staff_drags(&[letter.message_id()], DEAD, REFUSE, How::Move);
    house.runs_once();
    assert_eq!(only_answer(&house).kind(), "refused");
    assert!(house.folder(DEAD).is_empty());
}

fn the_note_alone_or_beside_the_letter_is_the_same_act(database: Database) {
    for (with_letter, to) in [(false, REFUSE), (true, REFUSE), (false, DONE), (true, DONE)] {
        let house = House::open(database);
        let letter = held_letter(&house, "777006");
        let note = house.note_beside(letter.message_id());
        let mut dragged = vec![note.message_id.as_str()];
        if with_letter {
            dragged.push(letter.message_id());
        }
        house.staff_drags(&dragged, DEAD, to, How::Move);
        house.runs_once();
        let expected = usize::from(to == REFUSE);
        assert_eq!(answers(&house).len(), expected, "{with_letter} {to}");
        assert_eq!(state_of(&house, 0).0, "resolved", "{with_letter} {to}");
        assert!(house.folder(DEAD).is_empty(), "{with_letter} {to}");
        assert!(house.folder(REFUSE).is_empty(), "{with_letter} {to}");
        assert_eq!(
            house.ids_in(DONE),
            [letter.message_id()],
            "{with_letter} {to}"
        );
    }
}

fn many_letters_are_dragged_at_once(database: Database) {
    let house = House::open(database);
    let letters: Vec<_> = (0..12)
        .map(|n| letter_from(&citizen(80 + n)).asks_briefly(&format!("77800{n}")))
        .collect();
    for letter in &letters {
        house.citizen_writes(letter);
    }
    house.runs_once();
    let ids: Vec<&str> = letters.iter().map(|letter| letter.message_id()).collect();
    house.staff_drags(ids.get(..6).unwrap(), DEAD, REFUSE, How::Move);
    house.staff_drags(ids.get(6..).unwrap(), DEAD, DONE, How::Move);
    house.runs_once();
    assert_eq!(answers(&house).len(), 6);
    assert!(house.folder(DEAD).is_empty());
    assert_eq!(house.folder(DONE).len(), 12);
    let states: Vec<_> = (0..12).map(|at| state_of(&house, at).0).collect();
    assert!(states.iter().all(|state| state == "resolved"), "{states:?}");
}

fn the_second_person_is_told_what_the_first_did(database: Database) {
    let house = House::open(database);
    let letter = held_letter(&house, "777007");
    // Two programs had the folder open: each copies, then removes what it copied.
    house.staff_drags(&[letter.message_id()], DEAD, REFUSE, How::Copy);
    house.staff_drags(&[letter.message_id()], DEAD, CANCEL, How::CopyAndExpunge);
    house.runs_once();
    assert_eq!(
        answer_kinds(&house),
        ["refused"],
        "the first act alone was done"
    );
    let told = house.folder(DEAD);
    assert_eq!(told.len(), 1, "the note for the second");
    let text = told.first().unwrap().text();
    assert!(
        text.contains("отказ отправлен") && text.contains("Отменить запись"),
        "{text}"
    );
    assert!(house.folder(CANCEL).is_empty() && house.folder(REFUSE).is_empty());
    house.runs_once();
    assert_eq!(house.folder(DEAD).len(), 1, "told once");
    house.journal_verifies();
}
