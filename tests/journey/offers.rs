//! The waiting list as a conversation: a time becomes free, is offered, taken, refused, or passes on.

use crate::support::house::{Answer, Appointment, Database, House, Person, citizen, letter_from};

on_both!(
    an_offered_time_is_taken,
    a_refused_time_goes_to_the_next,
    a_time_that_nobody_answers_for_passes_on,
    an_offer_is_for_one_person_only,
    a_free_time_is_offered_to_whoever_comes_onto_the_list,
);

/// Puts these people onto the waiting list, the first with the longest wait.
pub fn wait(house: &House, people: &[&Person]) {
    let mut text =
        "full_name,email,phone,citizen_id,service_code,organisation,from,until,joined_at\n"
            .to_owned();
    for (day, person) in (1..).zip(people) {
        text.push_str(&format!(
            "{},{},,,B01.047,Поликлиника № 3,,,2026-01-{day:02}T09:00:00+03:00\n",
            person.name, person.email
        ));
    }
    let file = house.path("waiting.csv");
    std::fs::write(&file, text).unwrap();
    house.tells(&["waitlist", "import", file.to_str().unwrap()]);
}

/// Anna cancels; the last letter of ours is the offer of her time to `first`.
pub fn offer(house: &House, people: &[&Person]) -> Answer {
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    wait(house, people);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&own));
    house.runs_once();
    assert_eq!(house.booking_state("104512"), "cancelled");
    last_to(house, people.first().unwrap(), "offer")
}

/// The last letter to this person, which is of this kind.
pub fn last_to(house: &House, person: &Person, kind: &str) -> Answer {
    let mut answers = house.answers();
    answers.retain(|answer| answer.recipient == person.email);
    let last = answers.pop().expect("a letter to this person");
    assert_eq!(last.kind(), kind);
    last
}

/// The person answers this letter, unsigned, in its thread.
pub fn answers(house: &House, person: &Person, letter: &Answer, words: &str) {
    let reply = letter_from(person)
        .unsigned()
        .in_reply_to(&letter.message_id)
        .says(&format!("Re: {}", letter.subject), words);
    house.citizen_writes(&reply);
    house.runs_once();
}

/// The number of a new booking as its citizen reads it in the subject.
pub fn number_in(letter: &Answer) -> String {
    let (_, number) = letter.subject.split_once("№ ").unwrap();
    number.to_owned()
}

fn an_offered_time_is_taken(database: Database) {
    let house = House::open(database);
    let (vera, olga) = (citizen(2), citizen(3));
    let letter = offer(&house, &[&vera, &olga]);
    assert!(letter.text.contains("Приём врача-терапевта") && letter.text.contains("СОГЛАСНА"));
    assert!(
        !letter.text.contains(&citizen(1).name),
        "nothing of the one who cancelled"
    );
    assert_eq!(
        house.answer_kinds(),
        ["cancelled", "offer"],
        "one offer at a time"
    );
    answers(&house, &vera, &letter, "Согласна\n");
    assert_eq!(house.last_decision().0, "offer_accepted");
    let booked = last_to(&house, &vera, "offer_accepted");
    let number = number_in(&booked);
    assert_eq!(house.booking_state(&number), "scheduled");
    assert_eq!(house.free_slots(), 0);
    let kinds: Vec<String> = house.feed().iter().map(|c| c.kind.clone()).collect();
    assert_eq!(kinds, ["imported", "cancelled", "booked"]);
    // A second yes changes nothing, and the new booking can be cancelled by letter like any other.
    answers(&house, &vera, &letter, "Да, согласна\n");
    assert_eq!(house.last_decision().0, "repeated");
    house.citizen_writes(&letter_from(&vera).asks_briefly(&number));
    house.runs_once();
    assert_eq!(house.booking_state(&number), "cancelled");
    last_to(&house, &olga, "offer");
    house.journal_verifies();
}

fn a_refused_time_goes_to_the_next(database: Database) {
    let house = House::open(database);
    let (vera, olga) = (citizen(2), citizen(3));
    let letter = offer(&house, &[&vera, &olga]);
    answers(&house, &vera, &letter, "Нет, спасибо.\n");
    assert_eq!(house.last_decision().0, "offer_declined");
    last_to(&house, &vera, "offer_declined");
    let second = last_to(&house, &olga, "offer");
    // Too late for a change of mind: the time is kept for somebody else.
    answers(&house, &vera, &letter, "Согласна\n");
    last_to(&house, &vera, "offer_gone");
    answers(&house, &olga, &second, "Согласна\n");
    last_to(&house, &olga, "offer_accepted");
    assert_eq!(house.free_slots(), 0);
    house.journal_verifies();
}

/// Time passes for the offers that are open.
pub fn hold_ends(house: &House) {
    let micros: i64 = 3 * 60 * 60 * 1_000_000;
    house.tampers(&format!(
        "UPDATE offers SET expires_at = expires_at - {micros} WHERE state = 'open'; \
         UPDATE slots SET held_until = held_until - {micros} WHERE held_until IS NOT NULL;"
    ));
}

fn a_time_that_nobody_answers_for_passes_on(database: Database) {
    let house = House::open(database);
    let (vera, olga) = (citizen(2), citizen(3));
    let letter = offer(&house, &[&vera, &olga]);
    house.runs_once();
    assert_eq!(house.answers().len(), 2, "nothing happens before the end");
    hold_ends(&house);
    house.runs_once();
    last_to(&house, &vera, "offer_gone");
    last_to(&house, &olga, "offer");
    hold_ends(&house);
    house.runs_once();
    last_to(&house, &olga, "offer_gone");
    assert_eq!(house.free_slots(), 1, "nobody is left: free for everybody");
    let list = house.tells(&["slots", "list"]);
    assert!(
        list.contains("free") && list.contains("Поликлиника № 3"),
        "{list}"
    );
    answers(&house, &vera, &letter, "Согласна\n");
    last_to(&house, &vera, "offer_gone");
    assert_eq!(house.free_slots(), 1);
    house.journal_verifies();
}

fn an_offer_is_for_one_person_only(database: Database) {
    let house = House::open(database);
    let (vera, olga) = (citizen(2), citizen(3));
    let letter = offer(&house, &[&vera, &olga]);
    answers(&house, &olga, &letter, "Согласна\n");
    let held = ("held".to_owned(), Some("sender_not_proven".to_owned()));
    assert_eq!(house.last_decision(), held);
    answers(&house, &vera, &letter, "А можно прийти на час позже?\n");
    assert_eq!(house.last_decision().0, "held");
    answers(&house, &vera, &letter, "Согласна\n");
    last_to(&house, &vera, "offer_accepted");
}

fn a_free_time_is_offered_to_whoever_comes_onto_the_list(database: Database) {
    let house = House::open(database);
    let own = Appointment::new("104512", &citizen(1));
    house.imports(&[&own]);
    house.citizen_writes(&letter_from(&citizen(1)).cancels(&own));
    house.runs_once();
    assert_eq!(house.free_slots(), 1);
    let vera = citizen(2);
    let told = house.tells(&[
        "waitlist",
        "add",
        "--full-name",
        &vera.name,
        "--email",
        &vera.email,
        "--service",
        "B01.047",
        "--organisation",
        "Поликлиника № 3",
    ]);
    assert!(told.contains("1 free time was offered"), "{told}");
    house.runs_once();
    last_to(&house, &vera, "offer");
    let list = house.tells(&["waitlist", "list", "--json"]);
    assert!(list.contains("\"offered\""), "{list}");
    let listed = house.tells(&["slots", "list", "--json"]);
    assert!(listed.contains("\"held\""), "{listed}");
}
