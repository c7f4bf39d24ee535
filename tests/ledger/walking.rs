//! Letters on their way through a ledger that fails, and copies of one letter.

use super::subject::{NOW, Subject, cancelling, case, email, sighting};
use otmena::clock::FixedClock;
use otmena::config::SenderSettings;
use otmena::decide::{Case, Facts, Judgement};
use otmena::domain::{ContentHash, LetterState, Policy, Reason, TokenSecrets};
use otmena::failure::Failure;
use otmena::intake::RawLetter;
use otmena::journey::{Journey, Passed};
use otmena::record::Sighting;
use otmena::reply::compose::Office;
use otmena::verify::Verifier;
use std::sync::Arc;

contract! {
    faults_of_the_database_never_send_a_letter_to_staff_unread
    a_letter_on_which_the_rules_panic_goes_to_staff_after_the_limit
    an_attempt_is_taken_back_from_undecided_letters_only
    of_two_copies_in_one_batch_each_is_filed_in_its_turn
}

const LIMIT: u32 = 5;

fn journey(subject: &Subject) -> Journey {
    let secrets = TokenSecrets::new(&[7; 32], None);
    let own = email("cancel@otmena.example");
    let clock = Arc::new(FixedClock::new(NOW));
    let settings: SenderSettings = toml::from_str("dkim = false").unwrap();
    Journey {
        ledger: Arc::clone(&subject.ledger),
        policy: Policy::default(),
        office: Office::new(&own, true, secrets).unwrap(),
        verifier: Verifier::new(&settings, own, clock.clone()).unwrap(),
        clock,
    }
}

/// A letter that names no booking, lying in the inbox as `uid`.
fn raw(uid: u32) -> RawLetter {
    let lines = [
        "From: citizen@example.org",
        "To: cancel@otmena.example",
        "Message-ID: <one@example.org>",
        "Subject: Question",
        "",
        "Hello",
        "",
    ];
    RawLetter {
        listed: sighting(uid).listed,
        bytes: lines.join("\r\n").into_bytes(),
        over_cap: false,
    }
}

fn seen(raw: &RawLetter) -> Sighting {
    Sighting {
        listed: raw.listed.clone(),
        raw_hash: ContentHash::of(&[&raw.bytes]),
    }
}

/// From now on no decision can be written, though letters can be taken in.
async fn break_decisions(subject: &Subject) {
    subject
        .tamper(if subject.url.starts_with("sqlite:") {
            "CREATE TRIGGER broken BEFORE INSERT ON letter_words \
             BEGIN SELECT RAISE(ABORT, 'broken'); END"
        } else {
            "ALTER TABLE letter_words ADD CONSTRAINT broken CHECK (letter_id < 0) NOT VALID"
        })
        .await;
}

async fn mend_decisions(subject: &Subject) {
    subject
        .tamper(if subject.url.starts_with("sqlite:") {
            "DROP TRIGGER broken"
        } else {
            "ALTER TABLE letter_words DROP CONSTRAINT broken"
        })
        .await;
}

async fn faults_of_the_database_never_send_a_letter_to_staff_unread(subject: Subject) {
    let journey = journey(&subject);
    break_decisions(&subject).await;
    for _ in 0..=LIMIT {
        let walk = journey.walk(vec![raw(1)]).await.unwrap();
        assert_eq!((walk.arrivals.len(), walk.failures.len()), (0, 1));
    }
    mend_decisions(&subject).await;
    let walk = journey.walk(vec![raw(1)]).await.unwrap();
    let record = subject.ledger.letter(walk.arrivals[0].letter).await;
    let record = record.unwrap().unwrap();
    assert!(record.decision.is_some());
    assert_ne!(record.reason, Some(Reason::LetterUnreadable));
}

async fn a_letter_on_which_the_rules_panic_goes_to_staff_after_the_limit(subject: Subject) {
    let sighting = seen(&raw(1));
    let judge = |_: &Case, _: &Facts| -> Judgement { panic!("a fault in the rules") };
    for attempt in 1..=LIMIT {
        let taken = subject.take_in(&sighting).await;
        assert_eq!(taken.attempts, attempt);
        if attempt > 1 {
            subject.ledger.take_in_hand(taken.letter).await.unwrap();
        }
        let case = case(&taken, &sighting, "A-1");
        let outcome = subject.outcomes(&[case], &judge).await.remove(0);
        let reason = Reason::LetterUnreadable;
        assert!(
            matches!(outcome, Err(Failure::HoldForStaff { reason: r }) if r == reason),
            "the letter is to blame, not the database"
        );
    }
    let walk = journey(&subject).walk(vec![raw(1)]).await.unwrap();
    let record = subject.ledger.letter(walk.arrivals[0].letter).await;
    let record = record.unwrap().unwrap();
    assert_eq!(record.state, LetterState::Held);
    assert_eq!(record.reason, Some(Reason::LetterUnreadable));
}

async fn an_attempt_is_taken_back_from_undecided_letters_only(subject: Subject) {
    let (waiting, other) = (sighting(1), sighting(2));
    let letter = subject.take_in(&waiting).await.letter;
    let decided = subject.take_in(&other).await;
    let case = case(&decided, &other, "A-1");
    subject.decide(&[case], &cancelling).await;
    let settled = subject.take_in(&other).await.attempts;
    assert_eq!(subject.take_in(&waiting).await.attempts, 2);
    subject.ledger.take_in_hand(letter).await.unwrap();
    assert_eq!(subject.take_in(&waiting).await.attempts, 3);
    let both = [decided.letter, letter];
    subject.ledger.take_back(&both).await.unwrap();
    assert_eq!(subject.take_in(&waiting).await.attempts, 2);
    assert_eq!(subject.take_in(&other).await.attempts, settled);
}

async fn of_two_copies_in_one_batch_each_is_filed_in_its_turn(subject: Subject) {
    let journey = journey(&subject);
    let (first, second) = (raw(1), raw(2));
    // Undecided: the copy received first is decided, the other is left for the next pass.
    let copies = vec![second.clone(), first.clone()];
    let walk = journey.walk(copies.clone()).await.unwrap();
    assert_eq!(walk.arrivals.len(), 1);
    assert_eq!(walk.arrivals[0].place, first.listed.place);
    assert!(matches!(walk.arrivals[0].outcome, Passed::Decided(_)));
    let letter = walk.arrivals[0].letter;
    let record = subject.ledger.letter(letter).await.unwrap().unwrap();
    assert_eq!(record.place, first.listed.place);
    let order = subject.ledger.due_filings(NOW, 10).await.unwrap().remove(0);
    assert_eq!(order.place, first.listed.place);
    // Decided before: again one of them, and the order names the place that the walk names.
    let walk = journey.walk(copies).await.unwrap();
    assert_eq!(walk.arrivals.len(), 1);
    assert_eq!(walk.arrivals[0].place, first.listed.place);
    assert!(matches!(walk.arrivals[0].outcome, Passed::Known));
    // The other alone, once the first is gone.
    let walk = journey.walk(vec![second.clone()]).await.unwrap();
    assert_eq!(walk.arrivals[0].letter, letter);
    let record = subject.ledger.letter(letter).await.unwrap().unwrap();
    assert_eq!(record.place, second.listed.place);
}
