//! Late cancellations in the ledger: states, documents, reviews, sanctions.

use super::subject::{NOW, Subject, booking_import, cancellation, judgement};
use otmena::decide::{
    AwaitingOrder, Case, CountedCancellation, Decision, DocumentRecord, Facts, FactsQuery,
    Judgement, LateConsequences, LateFacts, NewSanction, ReviewOpening, ReviewState,
    SanctionJudgement, SanctionObstacle, TakeBackCause, take_back,
};
use otmena::domain::{
    Booking, BookingId, BookingState, ContentHash, LetterId, Sanction, SanctionKind, SanctionState,
    Timeliness,
};
use otmena::record::SanctionFilter;

contract! {
    a_booking_under_review_waits_and_may_stand_again
    documents_are_listed_once_with_their_hashes
    a_late_cancellation_counts_for_its_citizen_alone
    taking_back_lifts_what_the_cancellation_brought_and_tells_the_journal
    two_who_decide_about_one_sanction_at_once_decide_it_once
    a_slot_is_released_on_request_where_the_rules_say_so
}

/// The late part of a judgement about the named booking.
fn with(case: &Case, facts: &Facts, decision: Decision, late: LateConsequences) -> Judgement {
    let booking = &facts.named.as_ref().unwrap().booking;
    let mut judged = judgement(case, Some(booking), decision);
    judged.consequences.late = late;
    judged
}

fn awaiting(release_slot: bool) -> impl Fn(&Case, &Facts) -> Judgement + Send + Sync {
    move |case, facts| {
        let booking = facts.named.as_ref().unwrap().booking.id;
        let late = LateConsequences {
            documents: vec![document(case.letter)],
            awaiting: Some(AwaitingOrder {
                booking,
                release_slot,
            }),
            open_review: Some(ReviewOpening {
                letter: case.letter,
                booking,
                received_at: case.received_at,
                slot_released: release_slot,
                follow_up: false,
            }),
            ..LateConsequences::default()
        };
        with(case, facts, Decision::UnderReview, late)
    }
}

fn document(letter: LetterId) -> DocumentRecord {
    DocumentRecord {
        letter,
        name: Some("spravka\u{0}.pdf".to_owned()),
        media_type: "application/pdf".to_owned(),
        size: 40_000,
        sha256: Some(ContentHash([9; 32])),
    }
}

/// A cancellation that came too late and brings a fine.
fn late(case: &Case, facts: &Facts) -> Judgement {
    late_with(|fine| fine)(case, facts)
}

/// The same, and what becomes of the fine.
pub fn late_with(
    change: impl Fn(NewSanction) -> NewSanction + Send + Sync,
) -> impl Fn(&Case, &Facts) -> Judgement + Send + Sync {
    move |case, facts| cancelled_late(case, facts, &change)
}

/// Nothing but this, about the named booking.
pub fn with_late(late: LateConsequences) -> impl Fn(&Case, &Facts) -> Judgement + Send + Sync {
    move |case, facts| with(case, facts, Decision::Informed, late.clone())
}

fn cancelled_late(
    case: &Case,
    facts: &Facts,
    change: &dyn Fn(NewSanction) -> NewSanction,
) -> Judgement {
    let booking = &facts.named.as_ref().unwrap().booking;
    let cancellation = cancellation(booking, case);
    let citizen = booking.counted_person();
    let counted = CountedCancellation {
        booking: booking.id,
        document: cancellation.document.clone(),
        citizen,
        service_code: booking.service.code.clone(),
        received_at: case.received_at,
        cancelled_at: NOW,
        timeliness: Timeliness::Untimely,
        reason_code: Some("illness".to_owned()),
        documents_until: Some(NOW.plus_hours(24 * 14)),
        policy: "v".to_owned(),
    };
    let fine = |citizen| NewSanction {
        booking: booking.id,
        document: cancellation.document.clone(),
        citizen,
        service_code: booking.service.code.clone(),
        kind: SanctionKind::Fine,
        amount: 500,
        state: SanctionState::Proposed,
        policy: "v".to_owned(),
        at: NOW,
        until: None,
    };
    let caused = LateConsequences {
        sanctions: citizen.map(fine).map(change).into_iter().collect(),
        counted: Some(counted),
        ..LateConsequences::default()
    };
    let mut judged = with(case, facts, Decision::Cancelled, caused);
    judged.consequences.cancel = Some((booking.id, cancellation));
    judged
}

pub async fn import_of(subject: &Subject, number: &str, citizen: Option<&str>) {
    let mut import = booking_import(number);
    import.citizen.citizen_id = citizen.map(str::to_owned);
    subject
        .ledger
        .import_bookings(&[import], NOW)
        .await
        .unwrap();
}

async fn late_facts(subject: &Subject, number: &str) -> LateFacts {
    let query = FactsQuery {
        number_key: Some(number.to_owned()),
        ..FactsQuery::default()
    };
    let facts = subject.ledger.facts(&query, NOW).await.unwrap();
    facts.named.unwrap().late
}

async fn a_booking_under_review_waits_and_may_stand_again(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    subject
        .decide(std::slice::from_ref(&case), &awaiting(false))
        .await;
    let booking = subject.booking("A-1").await;
    assert_eq!(booking.state, BookingState::AwaitingConfirmation);
    assert_eq!(booking.revision, 1);
    let query = FactsQuery {
        letter: case.letter,
        review: true,
        ..FactsQuery::default()
    };
    let facts = subject.ledger.facts(&query, NOW).await.unwrap();
    let (review, reviewed) = facts.review.unwrap();
    assert_eq!(review.state, ReviewState::Open);
    assert_eq!(
        (review.booking, reviewed.booking.id),
        (booking.id, booking.id)
    );
    assert_eq!(review.received_at, case.received_at);

    let stands = |case: &Case, facts: &Facts| {
        let late = LateConsequences {
            scheduled_again: Some(facts.named.as_ref().unwrap().booking.id),
            close_review: Some((LetterId(1), ReviewState::Rejected)),
            ..LateConsequences::default()
        };
        with(case, facts, Decision::Informed, late)
    };
    let second = subject.letter(2, "A-1").await;
    subject.decide(&[second], &stands).await;
    assert_eq!(subject.booking("A-1").await.state, BookingState::Scheduled);
    let changes = subject.ledger.changes(0, 10).await.unwrap();
    let kinds: Vec<&str> = changes.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["imported", "awaiting_confirmation", "scheduled"]);
    // A second word about the same review changes nothing.
    let third = subject.letter(3, "A-1").await;
    let outcomes = subject.outcomes(&[third], &stands).await;
    assert!(outcomes[0].is_err());
    let facts = subject.ledger.facts(&query, NOW).await.unwrap();
    assert_eq!(facts.review.unwrap().0.state, ReviewState::Rejected);
}

async fn documents_are_listed_once_with_their_hashes(subject: Subject) {
    subject.import(&["A-1"]).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &awaiting(false)).await;
    let sql = "UPDATE received_documents SET size = size WHERE position = 0 \
               AND name = 'spravka.pdf' AND media_type = 'application/pdf' AND size = 40000 \
               AND sha256 IS NOT NULL";
    assert_eq!(subject.tamper(sql).await, 1);
}

async fn a_late_cancellation_counts_for_its_citizen_alone(subject: Subject) {
    for (number, citizen) in [
        ("A-1", Some("P-1")),
        ("A-2", Some("P-1")),
        ("A-3", Some("P-2")),
        ("A-4", None),
    ] {
        import_of(&subject, number, citizen).await;
    }
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &late).await;
    let own = late_facts(&subject, "A-1").await;
    assert_eq!(own.own.unwrap().timeliness, Timeliness::Untimely);
    let same = late_facts(&subject, "A-2").await;
    assert_eq!((same.past.len(), same.sanctions.len()), (1, 1));
    assert!(same.own.is_none());
    for other in ["A-3", "A-4"] {
        assert_eq!(
            late_facts(&subject, other).await,
            LateFacts::default(),
            "{other}"
        );
    }
    let without = subject.letter(4, "A-4").await;
    subject.decide(&[without], &late).await;
    let filter = SanctionFilter {
        state: None,
        limit: 10,
    };
    let sanctions = subject.ledger.sanctions(&filter).await.unwrap();
    assert_eq!(sanctions.len(), 1, "none without an id of the person");
    assert_eq!(
        (sanctions[0].kind, sanctions[0].amount),
        (SanctionKind::Fine, 500)
    );
}

async fn taking_back_lifts_what_the_cancellation_brought_and_tells_the_journal(subject: Subject) {
    import_of(&subject, "A-1", Some("P-1")).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &late).await;
    let back = |case: &Case, facts: &Facts| {
        let booking = &facts.named.as_ref().unwrap().booking;
        let BookingState::Cancelled(cancellation) = &booking.state else {
            panic!("it is cancelled");
        };
        let late = take_back(booking.id, cancellation, TakeBackCause::Restored);
        with(case, facts, Decision::Informed, late)
    };
    for uid in [2, 3] {
        let case = subject.letter(uid, "A-1").await;
        subject.decide(&[case], &back).await;
    }
    let facts = late_facts(&subject, "A-1").await;
    assert!(facts.sanctions.is_empty());
    assert_eq!(facts.past[0].timeliness, Timeliness::TakenBack);
    let chain = format!("booking:{}", subject.booking("A-1").await.id.0);
    let journal = subject.ledger.journal(&chain).await.unwrap();
    let count = |kind: &str| journal.iter().filter(|entry| entry.kind == kind).count();
    assert_eq!(
        count("cancellation_recounted"),
        1,
        "once, however often it is said"
    );
    assert_eq!(count("sanction_lifted"), 1);
    assert!(subject.ledger.verify_journal().await.unwrap().1.is_empty());
}

fn imposing(
    _: &Booking,
    _: &LateFacts,
    sanctions: &[Sanction],
) -> Result<SanctionJudgement, SanctionObstacle> {
    let proposed = |one: &Sanction| one.state == SanctionState::Proposed;
    if !sanctions.iter().all(proposed) {
        return Err(SanctionObstacle::ImposedAlready);
    }
    let changes = sanctions
        .iter()
        .map(|one| (one.id, SanctionState::Imposed, None));
    Ok(SanctionJudgement {
        changes: changes.collect(),
        letters: Vec::new(),
        events: Vec::new(),
    })
}

async fn two_who_decide_about_one_sanction_at_once_decide_it_once(subject: Subject) {
    import_of(&subject, "A-1", Some("P-1")).await;
    let case = subject.letter(1, "A-1").await;
    subject.decide(&[case], &late).await;
    let other = subject.second_daemon().await;
    let ids = [1, 99];
    let (a, b) = tokio::join!(
        subject.ledger.settle_sanctions(&ids, &imposing, NOW),
        other.settle_sanctions(&ids, &imposing, NOW)
    );
    let (a, b) = (a.unwrap(), b.unwrap());
    assert_eq!((a.len(), b.len()), (1, 1), "what is none is left out");
    let done = [&a[0].1, &b[0].1].iter().filter(|one| one.is_ok()).count();
    assert_eq!(done, 1, "{a:?} {b:?}");
    let imposed = SanctionFilter {
        state: Some(SanctionState::Imposed),
        limit: 10,
    };
    assert_eq!(subject.ledger.sanctions(&imposed).await.unwrap().len(), 1);
}

async fn a_slot_is_released_on_request_where_the_rules_say_so(subject: Subject) {
    subject.import(&["A-1", "A-2"]).await;
    let keeps = subject.letter(1, "A-1").await;
    subject.decide(&[keeps], &awaiting(false)).await;
    let gives = subject.letter(2, "A-2").await;
    subject.decide(&[gives], &awaiting(true)).await;
    let free = "UPDATE slots SET state = state WHERE state = 'free'";
    assert_eq!(subject.tamper(free).await, 1);
    let id: BookingId = subject.booking("A-2").await.id;
    let journal = subject.ledger.journal(&format!("booking:{}", id.0)).await;
    let kinds: Vec<String> = journal
        .unwrap()
        .into_iter()
        .map(|entry| entry.kind)
        .collect();
    assert!(kinds.contains(&"slot_freed".to_owned()), "{kinds:?}");
}
