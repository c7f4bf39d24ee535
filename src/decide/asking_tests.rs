//! Decisions that ask back, as table tests: by details, without a number, and by a typed code.

use super::samples::{
    NOW, booking, case, challenge, consent, facts, facts_of, judge, office, unverified,
};
use super::{BookingFacts, Case, Decision, Facts, TypedFor};
use crate::domain::{
    BookingId, BookingNumber, EmailAddress, Folder, MOST_WRONG_CODES, MessageId, Reason,
};
use crate::reply::LetterKind;
use crate::request::{Intent, RequestReading};

/// A trusted request whose details are given by `change`.
fn with_details(change: impl Fn(&mut RequestReading)) -> Case {
    let mut case = case();
    change(&mut case.reading);
    case
}

#[test]
fn a_trusted_sender_with_other_details_is_asked_with_those_of_the_booking() {
    let cases = [
        with_details(|r| r.full_name = Some("Петрова Анна Ивановна".to_owned())),
        with_details(|r| r.full_name = Some("Ивановна Мария Петровна".to_owned())),
        with_details(|r| r.date = Some("2027-02-12".to_owned())),
        with_details(|r| r.time = Some("03:33".to_owned())),
        with_details(|r| r.phone = Some("+79990000000".to_owned())),
    ];
    for case in cases {
        let judgement = judge(&case, &facts());
        assert_eq!(
            judgement.decision,
            Decision::CheckDetails,
            "{:?}",
            case.reading
        );
        assert!(judgement.consequences.cancel.is_none());
        assert_eq!(judgement.consequences.filing.to, Folder::Processed);
        let challenge = judgement.consequences.open_challenge.unwrap();
        assert_eq!(
            challenge.received_at, NOW,
            "«ДА» is judged by this letter's receipt"
        );
        let [letter] = judgement.consequences.letters.as_slice() else {
            panic!("one question")
        };
        assert_eq!(letter.kind, LetterKind::CheckDetails);
        assert_eq!(letter.recipient.as_str(), "maria@example.org");
        assert_eq!(
            letter.data.booking.as_ref().unwrap().full_name,
            "Иванова Мария Петровна"
        );
        assert_eq!(letter.data.masked_sender, None);
        assert_eq!(letter.data.code, Some(office().secrets.code(challenge.id)));
    }
}

#[test]
fn a_stranger_with_other_details_goes_to_staff_and_hears_nothing() {
    let mut case = unverified(with_details(|r| r.date = Some("2027-02-12".to_owned())));
    for sender in ["maria@example.org", "stranger@example.net"] {
        case.sender = EmailAddress::parse(sender);
        let judgement = judge(&case, &facts());
        assert_eq!(judgement.decision, Decision::Held(Reason::DetailsDiffer));
        assert!(judgement.consequences.letters.is_empty());
        assert!(judgement.consequences.open_challenge.is_none());
    }
}

#[test]
fn where_no_question_can_be_put_a_trusted_sender_is_told_and_staff_decide() {
    let case = with_details(|r| r.time = Some("03:33".to_owned()));
    let mut asked = facts();
    asked.named.as_mut().unwrap().open_challenge = Some(challenge());
    let mut spent = facts();
    spent.named.as_mut().unwrap().recent_challenges = vec![NOW; 3];
    let mut late = facts();
    late.named.as_mut().unwrap().booking.starts_at = NOW.plus_hours(23);
    for facts in [asked, spent, late] {
        let judgement = judge(&case, &facts);
        let expected = Decision::NotUnderstood(Reason::DetailsDiffer);
        assert_eq!(judgement.decision, expected);
        assert!(judgement.consequences.open_challenge.is_none());
    }
}

/// A trusted wish to cancel that names no number.
fn unnumbered() -> Case {
    let mut case = case();
    case.reading.number = None;
    case.reading.problems = vec![Reason::NumberMissing];
    case
}

fn has_bookings(bookings: Vec<BookingFacts>) -> Facts {
    Facts {
        senders_open_bookings: bookings.iter().map(|one| one.booking.id).collect(),
        senders_bookings: bookings,
        ..Facts::default()
    }
}

fn another() -> BookingFacts {
    let mut other = booking();
    other.id = BookingId(8);
    other.number = BookingNumber::parse("67890").unwrap();
    facts_of(other)
}

#[test]
fn without_a_number_the_only_open_booking_is_asked_about() {
    let judgement = judge(&unnumbered(), &has_bookings(vec![facts_of(booking())]));
    assert_eq!(judgement.decision, Decision::IsItThisOne);
    assert_eq!(judgement.consequences.booking, Some(BookingId(7)));
    assert!(judgement.consequences.cancel.is_none());
    assert!(judgement.consequences.open_challenge.is_some());
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one question")
    };
    assert_eq!(letter.kind, LetterKind::IsItThisOne);
    assert_eq!(letter.recipient.as_str(), "maria@example.org");
}

#[test]
fn without_a_number_several_bookings_are_listed() {
    let facts = has_bookings(vec![facts_of(booking()), another()]);
    let judgement = judge(&unnumbered(), &facts);
    assert_eq!(judgement.decision, Decision::WhichOne);
    assert!(judgement.consequences.open_challenge.is_none());
    let [letter] = judgement.consequences.letters.as_slice() else {
        panic!("one list")
    };
    let numbers: Vec<_> = letter
        .data
        .choices
        .iter()
        .map(|b| b.number.as_str())
        .collect();
    assert_eq!(numbers, ["12345", "67890"]);
    assert_eq!(letter.booking, None, "no token speaks for one of them");
}

#[test]
fn nobody_but_a_trusted_sender_is_told_of_his_bookings() {
    let facts = has_bookings(vec![facts_of(booking()), another()]);
    let unsigned = judge(&unverified(unnumbered()), &facts);
    assert_eq!(unsigned.decision, Decision::Held(Reason::NumberMissing));
    assert!(unsigned.consequences.letters.is_empty());
    let mut foreign = unnumbered();
    foreign.sender = EmailAddress::parse("stranger@example.net");
    assert!(
        judge(&foreign, &facts).consequences.letters.is_empty() || {
            // The ledger gives a stranger no bookings; even if it did, none has him on file.
            matches!(judge(&foreign, &facts).decision, Decision::NotUnderstood(_))
        }
    );
    let mut shared = facts_of(booking());
    shared.shared_addresses = shared.booking.citizen.emails.clone();
    let judgement = judge(&unnumbered(), &has_bookings(vec![shared]));
    assert_eq!(
        judgement.decision,
        Decision::NotUnderstood(Reason::NumberMissing),
        "an address of many persons is no evidence"
    );
}

#[test]
fn bookings_that_cannot_be_cancelled_any_more_are_not_asked_about() {
    let mut late = another();
    late.booking.starts_at = NOW.plus_hours(3);
    let facts = has_bookings(vec![late, facts_of(booking())]);
    let judgement = judge(&unnumbered(), &facts);
    assert_eq!(judgement.decision, Decision::IsItThisOne);
    assert_eq!(judgement.consequences.booking, Some(BookingId(7)));
}

/// A letter of its own with the code of the challenge that waits.
fn coded(code: &str, wrong: u32) -> (Case, Facts) {
    let (mut case, _) = consent();
    case.evidence.tokens.clear();
    case.reading.code = Some(code.to_owned());
    let facts = Facts {
        senders_challenges: vec![TypedFor {
            challenge: challenge(),
            booking: facts_of(booking()),
            wrong,
        }],
        ..Facts::default()
    };
    (case, facts)
}

fn right_code() -> String {
    office().secrets.code(challenge().id)
}

#[test]
fn the_right_code_confirms_by_the_first_receipt() {
    let (case, facts) = coded(&right_code(), MOST_WRONG_CODES - 1);
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Cancelled);
    let (_, cancellation) = judgement.consequences.cancel.unwrap();
    assert_eq!(cancellation.received_at, challenge().received_at);
    assert!(judgement.consequences.close_challenge.is_some());
}

#[test]
fn a_wrong_code_is_counted_and_after_five_even_the_right_one_is_not_taken() {
    let wrong = if right_code() == "000000" {
        "000001"
    } else {
        "000000"
    };
    let (case, facts) = coded(wrong, 0);
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Held(Reason::CodeWrong));
    assert_eq!(judgement.consequences.wrong_codes, [challenge().id]);
    assert!(judgement.consequences.letters.is_empty(), "nobody is told");
    let (case, facts) = coded(&right_code(), MOST_WRONG_CODES);
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Held(Reason::CodesSpent));
    assert!(judgement.consequences.cancel.is_none());
}

#[test]
fn a_code_is_worth_nothing_for_another_booking_sender_or_time() {
    let (case, mut facts) = coded(&right_code(), 0);
    facts.senders_challenges[0].challenge.id = crate::domain::ChallengeId(100);
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodeWrong)
    );

    let (mut foreign, facts) = coded(&right_code(), 0);
    foreign.sender = EmailAddress::parse("stranger@example.net");
    let judgement = judge(&foreign, &facts);
    assert_eq!(judgement.decision, Decision::Held(Reason::CodeWrong));
    assert!(judgement.consequences.wrong_codes.is_empty());

    let (case, mut facts) = coded(&right_code(), 0);
    facts.senders_challenges[0].challenge.expires_at = NOW.plus_minutes(-1);
    assert_eq!(
        judge(&case, &facts).decision,
        Decision::Held(Reason::CodeWrong)
    );
}

#[test]
fn a_code_beside_another_number_does_not_cancel() {
    let (mut case, facts) = coded(&right_code(), 0);
    case.reading.number = BookingNumber::parse("99999");
    case.message_id = MessageId::parse("<2@example.org>");
    let judgement = judge(&case, &facts);
    assert_eq!(
        judgement.decision,
        Decision::NotUnderstood(Reason::NumberAmbiguous)
    );
}

#[test]
fn a_request_with_a_code_is_a_request_where_no_code_is_awaited() {
    let mut case = case();
    case.reading.code = Some("123456".to_owned());
    assert_eq!(judge(&case, &facts()).decision, Decision::Cancelled);
    case.reading.intent = Intent::Consent;
    assert_eq!(
        judge(&case, &facts()).decision,
        Decision::Held(Reason::CodeWrong)
    );
}
