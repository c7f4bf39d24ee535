//! Everything that a decision causes is one transaction.

use super::subject::{
    NOW, Subject, cancellation, cancelling, case, email, judgement, message_id, sighting,
};
use otmena::decide::{
    Case, Challenge, ChallengePurpose, ChallengeState, Decision, Facts, FactsQuery, Judgement,
    query,
};
use otmena::domain::{
    BookingState, ChallengeId, Channel, ContentHash, LetterState, Purpose, Reason, Token,
};
use otmena::record::{BookingFilter, LetterFilter};

contract! {
    a_decision_is_recorded_with_all_that_it_causes
    a_judge_that_panics_leaves_nothing_behind_and_the_others_stand
    an_impossible_cancellation_leaves_nothing_behind_and_the_others_stand
    two_letters_about_one_booking_in_one_batch_are_decided_in_order_of_receipt
    a_second_delivery_of_the_same_content_is_seen_also_within_a_batch
    a_message_id_of_ours_that_is_taken_fails_one_letter_only
    a_batch_that_fails_as_a_whole_is_decided_one_by_one
    challenges_are_found_by_token_and_closed_once
    facts_name_the_senders_open_bookings_and_leave_no_trace
    letters_are_listed_by_state_and_reason
}

async fn a_decision_is_recorded_with_all_that_it_causes(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "a-1").await;
    let recorded = subject
        .decide(std::slice::from_ref(&case), &cancelling)
        .await;
    assert_eq!(recorded[0].letter, case.letter);
    assert_eq!(recorded[0].judgement.decision, Decision::Cancelled);

    let booking = subject.booking("A-1").await;
    let BookingState::Cancelled(cancelled) = &booking.state else {
        panic!("the booking is {}", booking.state.code());
    };
    assert_eq!(cancelled.received_at, case.received_at);
    assert_eq!(cancelled.letter, Some(case.letter));
    assert_eq!(cancelled.document, "A-1/1");
    assert_eq!((booking.cancellations, booking.revision), (1, 1));

    let chain = format!("booking:{}", booking.id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    let kinds: Vec<&str> = journal.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["booking_imported", "booking_cancelled", "slot_freed"]
    );

    let changes = subject.ledger.changes(0, 10).await.unwrap();
    let last = changes.last().unwrap();
    assert_eq!((last.seq, last.kind.as_str()), (2, "cancelled"));
    assert_eq!(
        (last.state.as_str(), last.channel),
        ("cancelled", Channel::Mail)
    );

    let outbox = subject.ledger.outbox(None, 10).await.unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!(
        outbox[0].letter,
        recorded[0].judgement.consequences.letters[0]
    );
    let record = subject.ledger.letter(case.letter).await.unwrap().unwrap();
    assert_eq!(record.state, LetterState::Decided);
    assert_eq!(record.decision.as_deref(), Some("cancelled"));
    assert_eq!(record.booking, Some(booking.id));
    assert_eq!(record.reading, Some(case.reading.clone()));
    assert_eq!(record.subject.as_deref(), Some("Отмена записи"));
    assert_eq!(
        subject
            .tamper("DELETE FROM slots WHERE state = 'free'")
            .await,
        1
    );
}

async fn a_judge_that_panics_leaves_nothing_behind_and_the_others_stand(subject: Subject) {
    subject.import(&["A-1", "A-2", "A-3"]).await;
    let mut cases = Vec::new();
    for uid in 1..=3 {
        cases.push(subject.letter(uid, &format!("A-{uid}")).await);
    }
    let poisoned = cases[1].letter;
    let judge = move |case: &Case, facts: &Facts| {
        assert_ne!(case.letter, poisoned, "a fault in the rules");
        cancelling(case, facts)
    };
    let outcomes = subject.outcomes(&cases, &judge).await;
    let recorded: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(recorded, [true, false, true]);
    assert!(subject.booking("A-2").await.is_open());
    assert_eq!(subject.state(poisoned).await, LetterState::TakenIn);
    assert_eq!(subject.ledger.counts().await.unwrap().outbox_due, 2);
    subject.decide(&cases, &cancelling).await;
    assert!(!subject.booking("A-2").await.is_open());
}

async fn an_impossible_cancellation_leaves_nothing_behind_and_the_others_stand(subject: Subject) {
    subject.import(&["A-1", "A-2"]).await;
    let first = subject.letter(1, "A-1").await;
    subject.decide(&[first], &cancelling).await;
    let cases = [
        subject.letter(2, "A-1").await,
        subject.letter(3, "A-2").await,
    ];
    let stubborn = |case: &Case, facts: &Facts| {
        let booking = &facts.named.as_ref().unwrap().booking;
        let mut judged = judgement(case, Some(booking), Decision::Cancelled);
        judged.consequences.cancel = Some((booking.id, cancellation(booking, case)));
        judged
    };
    let outcomes = subject.outcomes(&cases, &stubborn).await;
    assert!(outcomes[0].is_err() && outcomes[1].is_ok());
    assert_eq!(subject.state(cases[0].letter).await, LetterState::TakenIn);
    assert_eq!(subject.booking("A-1").await.cancellations, 1);
    assert_eq!(subject.ledger.outbox(None, 10).await.unwrap().len(), 2);
    assert!(subject.ledger.verify_journal().await.unwrap().1.is_empty());
}

async fn two_letters_about_one_booking_in_one_batch_are_decided_in_order_of_receipt(
    subject: Subject,
) {
    subject.import(&["A-1"]).await;
    let later = subject.letter(9, "A-1").await;
    let earlier = subject.letter(2, "A-1").await;
    let recorded = subject
        .decide(&[later.clone(), earlier.clone()], &cancelling)
        .await;
    assert_eq!(
        recorded[0].letter, later.letter,
        "outcomes stand in the order of the cases"
    );
    assert_eq!(recorded[0].judgement.decision, Decision::AlreadyCancelled);
    assert_eq!(recorded[1].judgement.decision, Decision::Cancelled);
    let BookingState::Cancelled(cancelled) = subject.booking("A-1").await.state else {
        panic!("the booking is open");
    };
    assert_eq!(cancelled.letter, Some(earlier.letter));
}

async fn a_second_delivery_of_the_same_content_is_seen_also_within_a_batch(subject: Subject) {
    subject.import(&["A-1"]).await;
    let first = subject.letter(1, "A-1").await;
    let mut second = subject.letter(2, "A-1").await;
    second.content_hash = first.content_hash;
    let mut without_id = subject.letter(3, "A-1").await;
    without_id.content_hash = None;
    let judge = |case: &Case, facts: &Facts| match &facts.repeat_of {
        Some(_) => judgement(case, None, Decision::Repeated),
        None => cancelling(case, facts),
    };
    let cases = [first.clone(), second, without_id];
    let recorded = subject.decide(&cases, &judge).await;
    let decisions: Vec<&str> = recorded
        .iter()
        .map(|r| r.judgement.decision.code())
        .collect();
    assert_eq!(decisions, ["cancelled", "repeated", "already_cancelled"]);
    let query = FactsQuery {
        content_hash: first.content_hash,
        ..FactsQuery::default()
    };
    let repeat = subject
        .ledger
        .facts(&query, NOW)
        .await
        .unwrap()
        .repeat_of
        .unwrap();
    assert_eq!(repeat.letter, first.letter, "the first delivery is named");
    assert_eq!(repeat.decision, "cancelled");
    assert_eq!(repeat.received_at, first.received_at);
}

async fn a_message_id_of_ours_that_is_taken_fails_one_letter_only(subject: Subject) {
    subject.import(&["A-1", "A-2"]).await;
    let cases = [
        subject.letter(1, "A-1").await,
        subject.letter(2, "A-2").await,
    ];
    let judge = |case: &Case, facts: &Facts| {
        let mut judged = cancelling(case, facts);
        for letter in &mut judged.consequences.letters {
            letter.message_id = message_id("same@otmena.example");
        }
        judged
    };
    let outcomes = subject.outcomes(&cases, &judge).await;
    assert!(outcomes[0].is_ok() && outcomes[1].is_err());
    assert!(subject.booking("A-2").await.is_open());
}

async fn a_batch_that_fails_as_a_whole_is_decided_one_by_one(subject: Subject) {
    subject.import(&["A-1"]).await;
    let cases = [
        subject.letter(1, "Б-404").await,
        subject.letter(2, "A-1").await,
        subject.letter(3, "Б-405").await,
    ];
    // The number of the next change is taken, which shows only at the end of the transaction.
    subject.tamper("UPDATE meta SET value = 0").await;
    let outcomes = subject.outcomes(&cases, &cancelling).await;
    let recorded: Vec<bool> = outcomes.iter().map(Result::is_ok).collect();
    assert_eq!(recorded, [true, false, true]);
    let failure = outcomes.into_iter().find_map(Result::err).unwrap();
    let named = format!("letter {}", cases[1].letter);
    assert!(failure.to_string().contains(&named), "{failure}");
    assert!(subject.booking("A-1").await.is_open());
    assert_eq!(subject.state(cases[1].letter).await, LetterState::TakenIn);
    assert_eq!(subject.state(cases[2].letter).await, LetterState::Held);
}

fn challenging(case: &Case, facts: &Facts) -> Judgement {
    let booking = &facts.named.as_ref().unwrap().booking;
    let mut judged = judgement(case, Some(booking), Decision::ConfirmFirst);
    judged.consequences.open_challenge = Some(Challenge {
        id: ChallengeId::for_letter(&case.raw_hash, booking.id),
        booking: booking.id,
        letter: case.letter,
        received_at: case.received_at,
        opened_at: NOW,
        expires_at: NOW.plus_hours(48),
        state: ChallengeState::Open,
        reason: Some("заболела".to_owned()),
        purpose: ChallengePurpose::Cancel,
        wished_at: None,
        shown: None,
    });
    judged
}

async fn challenges_are_found_by_token_and_closed_once(subject: Subject) {
    subject.import(&["A-1"]).await;
    let asked = subject.letter(1, "A-1").await;
    subject
        .decide(std::slice::from_ref(&asked), &challenging)
        .await;
    let booking = subject.booking("A-1").await;
    let id = ChallengeId::for_letter(&asked.raw_hash, booking.id);
    let mut confirmed = subject.letter(2, "нет номера").await;
    confirmed.evidence.tokens = vec![Token {
        purpose: Purpose::Challenge,
        subject: id.0,
        expires_at: NOW.plus_hours(48),
    }];
    let facts = subject.ledger.facts(&query(&confirmed), NOW).await.unwrap();
    assert!(facts.named.is_none());
    let (challenge, of) = &facts.challenges[0];
    assert_eq!((challenge.id, challenge.letter), (id, asked.letter));
    assert_eq!(challenge.received_at, asked.received_at);
    assert_eq!(of.open_challenge.as_ref(), Some(challenge));
    assert_eq!(of.recent_challenges, [NOW]);
    let wanted = query(&confirmed);
    let after = subject.ledger.facts(&wanted, NOW.plus_hours(49)).await;
    let (_, expired) = &after.unwrap().challenges[0];
    assert_eq!(expired.open_challenge, None);
    assert!(expired.recent_challenges.is_empty());

    let judge = move |case: &Case, facts: &Facts| {
        let (_, of) = &facts.challenges[0];
        let mut judged = judgement(case, Some(&of.booking), Decision::Cancelled);
        judged.consequences.close_challenge = Some((id, ChallengeState::Confirmed));
        judged
    };
    let mut again = subject.letter(3, "нет номера").await;
    again.evidence.tokens.clone_from(&confirmed.evidence.tokens);
    let outcomes = subject.outcomes(&[confirmed, again], &judge).await;
    assert!(
        outcomes[0].is_ok() && outcomes[1].is_err(),
        "a challenge is spent once"
    );
}

async fn facts_name_the_senders_open_bookings_and_leave_no_trace(subject: Subject) {
    subject.import(&["A-1", "A-2"]).await;
    let case = subject.letter(1, "A-1").await;
    subject
        .decide(std::slice::from_ref(&case), &cancelling)
        .await;
    let before = subject.ledger.counts().await.unwrap();
    let mut wanted = query(&case);
    wanted.sender = Some(email("second@example.org"));
    wanted.token_bookings = vec![subject.booking("A-2").await.id];
    let facts = subject.ledger.facts(&wanted, NOW).await.unwrap();
    assert_eq!(facts.named.unwrap().booking.number.as_str(), "A-1");
    assert_eq!(facts.by_token[0].booking.number.as_str(), "A-2");
    assert_eq!(facts.senders_open_bookings, [facts.by_token[0].booking.id]);
    assert_eq!(facts.repeat_of, None, "a letter is no repeat of itself");
    assert_eq!(subject.ledger.counts().await.unwrap(), before);
}

async fn letters_are_listed_by_state_and_reason(subject: Subject) {
    subject.import(&["A-1"]).await;
    let sightings = [sighting(1), sighting(2), sighting(3)];
    let taken = subject.ledger.take_in(&sightings, NOW).await.unwrap();
    let known = case(&taken[0], &sightings[0], "A-1");
    let mut unknown = case(&taken[1], &sightings[1], "Б-9");
    unknown.subject = "NUL \0 in it".to_owned();
    unknown.content_hash = Some(ContentHash([1; 32]));
    subject.decide(&[known, unknown.clone()], &cancelling).await;
    let list = |state, reason| {
        let filter = LetterFilter {
            state,
            reason,
            limit: 10,
        };
        let ledger = subject.ledger.clone();
        async move { ledger.letters(&filter).await.unwrap() }
    };
    let all = list(None, None).await;
    assert_eq!(all.len(), 3);
    assert_eq!(all[0].id, taken[2].letter, "newest first");
    let held = list(Some(LetterState::Held), Some(Reason::NumberUnknown)).await;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].id, unknown.letter);
    assert_eq!(held[0].sender, unknown.sender);
    assert!(list(None, Some(Reason::NoRequest)).await.is_empty());
    let filter = BookingFilter {
        state: Some("cancelled".to_owned()),
        limit: 10,
    };
    assert_eq!(subject.ledger.bookings(&filter).await.unwrap().len(), 1);
}
