//! Cancellations that come too late, told as conversations.

mod consent;
mod review;
mod sanctions;

use crate::support::house::{Answer, Appointment, CitizenLetter, Database, House, letter_from};

/// Late cancellations are accepted with consent; the second one within half a year costs.
const CONSENT: &str = "version = \"ours-7\"\n[general]\nlate = \"consent\"\n\
                       [sanctions]\nenabled = true\n";

/// A certificate as citizens send it; its bytes are never looked into.
const PAPER: &[u8] = b"%PDF-1.4 a certificate of illness, twelve days";

fn office(database: Database, policy: &str) -> House {
    let mut house = House::open(database);
    house.has_policy(policy);
    house
}

/// The last letter of ours.
fn last(house: &House) -> Answer {
    house.answers().pop().unwrap()
}

/// The citizen answers our letter.
fn reply(appointment: &Appointment, to: &Answer, words: &str) -> CitizenLetter {
    letter_from(&appointment.person)
        .in_reply_to(&to.message_id)
        .says(&format!("Re: {}", to.subject), words)
}

/// A late request that was answered with the question, and the question's answer «ДА».
fn cancels_late_with_consent(house: &House, appointment: &Appointment) -> (Answer, Answer) {
    house.citizen_writes(&letter_from(&appointment.person).cancels(appointment));
    house.runs_once();
    let question = last(house);
    assert_eq!(question.kind(), "late_consent");
    house.citizen_writes(&reply(appointment, &question, "ДА\n"));
    house.runs_once();
    let confirmation = last(house);
    assert_eq!(confirmation.kind(), "cancelled");
    (question, confirmation)
}
