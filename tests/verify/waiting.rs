//! DNS gives no answer: the letter waits, others do not, and nobody is taken for verified or for a
//! forger meanwhile.

use super::post::{Post, domain, key_name, line};
use crate::support::dkim::Signing;
use crate::support::house::{Appointment, Database, citizen, letter_from};

on_both!(
    a_letter_waits_for_dns_and_holds_up_no_other,
    after_two_hours_the_address_on_file_is_asked,
    a_later_letter_of_the_same_sender_keeps_its_place,
    a_letter_that_staff_got_for_silent_dns_goes_on_by_itself,
);

fn a_letter_waits_for_dns_and_holds_up_no_other(database: Database) {
    let (post, appointment) = Post::with_booking(database);
    let house = &post.house;
    let other = Appointment::new("200002", &citizen(2));
    house.imports(&[&other]);
    post.publishes(&citizen(2));
    post.dns.fails(&key_name(&citizen(1)));
    let letter = letter_from(&citizen(1)).cancels(&appointment);
    post.writes(&citizen(1), &letter);
    post.writes(&citizen(2), &letter_from(&citizen(2)).cancels(&other));
    house.runs_once_until(75);

    assert_eq!(house.booking_state("200002"), "cancelled");
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.counts(), [1, 1, 0, 0]);
    assert_eq!(house.answer_kinds(), ["cancelled"]);
    let told = post.explains(&post.signed(&citizen(1), &letter));
    assert_eq!(line(&told, "dkim"), "dns_trouble");
    assert!(
        line(&told, "signature").starts_with("dns_trouble"),
        "{told}"
    );
    assert!(told.contains("waits"), "{told}");

    // Its pause is not over: it is not even looked at.
    post.publishes(&citizen(1));
    house.runs_once_until(75);
    assert_eq!(house.booking_state("104512"), "scheduled");
    house.time_passes(2);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    assert_eq!(house.answer_kinds(), ["cancelled"; 2]);
    assert_eq!(house.counts(), [0, 2, 0, 0]);
    house.journal_verifies();
}

fn after_two_hours_the_address_on_file_is_asked(database: Database) {
    let (post, appointment) = Post::with_booking(database);
    let house = &post.house;
    post.dns.goes_down();
    post.writes(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    for _ in 0..7 {
        house.runs_once_until(75);
        assert_eq!(house.counts(), [1, 0, 0, 0]);
        assert!(house.answers().is_empty());
        house.time_passes(17);
    }
    house.time_passes(2);
    house.runs_once();

    assert_eq!(house.last_decision().0, "confirm_first");
    assert_eq!(house.booking_state("104512"), "scheduled");
    let question = house.only_answer();
    assert_eq!(question.kind(), "confirm_first");
    assert_eq!(question.recipient, citizen(1).email);
    assert_eq!(house.counts(), [0, 1, 0, 0]);
    // DNS is back; the letter has been decided and is not judged anew.
    post.dns.comes_back();
    house.time_passes(200);
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "scheduled");
}

fn a_later_letter_of_the_same_sender_keeps_its_place(database: Database) {
    let (post, appointment) = Post::with_booking(database);
    let house = &post.house;
    let writer = citizen(1);
    let own = domain(&writer);
    let bytes =
        |letter: crate::support::house::CitizenLetter| letter.unsigned().bytes(house.office());
    let first = bytes(letter_from(&citizen(1)).cancels(&appointment));
    let first = Signing::by(own).selecting("slow").sign(&post.key, &first);
    post.dns.fails(&format!("slow._domainkey.{own}"));
    let second = bytes(letter_from(&citizen(1)).asks_briefly("104512"));
    let second = Signing::by(own).sign(&post.key, &second);
    house.arrives(&first);
    house.runs_once_until(75);
    house.arrives(&second);
    house.runs_once_until(75);
    assert_eq!(house.booking_state("104512"), "scheduled");
    assert_eq!(house.counts(), [2, 0, 0, 0]);

    post.dns
        .serves(&format!("slow._domainkey.{own}"), &[&post.key.record()]);
    house.time_passes(4);
    house.runs_once();
    let kinds = house.answer_kinds();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    let sql = "SELECT decision, id FROM letters ORDER BY received_at, id";
    let decisions: Vec<String> = house.rows(sql).into_iter().map(|(d, _)| d).collect();
    assert_eq!(decisions, ["cancelled", "already_cancelled"]);
    assert_eq!(house.cancellations_told("104512"), 1);
}

/// Unsigned, a wish without a number goes to staff; signed, its sender is asked about her booking.
fn a_letter_that_staff_got_for_silent_dns_goes_on_by_itself(database: Database) {
    let (post, _) = Post::with_booking(database);
    let house = &post.house;
    post.dns.goes_down();
    let body = "Отмените, пожалуйста, мою запись.\n";
    post.writes(
        &citizen(1),
        &letter_from(&citizen(1)).says("Отмена записи", body),
    );
    house.runs_once_until(75);
    house.time_passes(125);
    house.runs_once();
    let held = ("held".to_owned(), Some("dns_silent".to_owned()));
    assert_eq!(house.last_decision(), held);
    assert!(house.answers().is_empty(), "nobody is asked");
    post.dns.comes_back();
    post.publishes(&citizen(1));
    house.time_passes(61);
    house.runs_once();
    let (decision, reason) = house.last_decision();
    assert_eq!(decision, "is_it_this_one", "{reason:?}");
    assert_eq!(house.counts(), [0, 1, 0, 0], "the note is gone, too");
    house.journal_verifies();
}

#[test]
fn the_daemon_serves_others_while_a_letter_waits() {
    let (post, appointment) = Post::with_booking(Database::Sqlite);
    let house = &post.house;
    let other = Appointment::new("200002", &citizen(2));
    house.imports(&[&other]);
    post.publishes(&citizen(2));
    post.dns.is_silent_about(&key_name(&citizen(1)));
    let mut daemon = house.serves();
    post.writes(&citizen(1), &letter_from(&citizen(1)).cancels(&appointment));
    daemon.wait_until("the letter waits", || {
        house.rows("SELECT 'waits', COUNT(*) FROM dns_waits")[0].1 == 1
    });
    post.writes(&citizen(2), &letter_from(&citizen(2)).cancels(&other));
    daemon.wait_until("the other is answered", || house.answers().len() == 1);
    house.stops(daemon);
    assert_eq!(house.booking_state("200002"), "cancelled");
    assert_eq!(house.booking_state("104512"), "scheduled");
    let sql = "SELECT state, attempts FROM letters WHERE state = 'taken_in'";
    let (_, attempts) = house.rows(sql).remove(0);
    assert!(attempts <= 1, "waiting is no failed attempt: {attempts}");
}
