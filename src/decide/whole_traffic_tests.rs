//! Over all combinations of evidence: nothing but a challenge or an aligned address on file leads to
//! an effect; and the gates for bounces and the breaker.

use super::samples::{NOW, booking, case, challenge, consent, facts, facts_of, judge};
use super::slot_samples::{self, slot_facts};
use super::{
    Bounce, CancellationRates, Case, ChallengeState, Decision, Facts, ReturnedLetter, SlotsKnown,
};
use crate::domain::{
    BookingId, BookingNumber, Channel, EmailAddress, Folder, LetterState, MessageId, Purpose,
    SlotState, Token,
};
use crate::read::AutomaticSign;
use crate::reply::{LetterKind, OutgoingLetter};
use crate::request::{Intent, RequestReading};
use crate::verify::{
    DkimEvidence, RelayVerdict, SenderEvidence, SignatureFinding, SignatureVerdict,
};
use proptest::prelude::*;

const INTENTS: [Intent; 10] = [
    Intent::Cancel,
    Intent::Restore,
    Intent::Resend,
    Intent::Consent,
    Intent::Rebook,
    Intent::Join,
    Intent::Decline,
    Intent::None,
    Intent::Status,
    Intent::Help,
];

fn finding(verdict: SignatureVerdict) -> SignatureFinding {
    SignatureFinding {
        domain: "example.org".to_owned(),
        selector: "s".to_owned(),
        algorithm: "rsa-sha256".to_owned(),
        verdict,
    }
}

prop_compose! {
    fn any_reading()(
        intent in prop::sample::select(INTENTS.to_vec()),
        number in prop::option::of(prop::sample::select(vec!["12345", "67890"])),
        quoted in prop::option::of(Just("12345")),
        name in prop::option::of(prop::sample::select(vec!["Иванова Мария Петровна", "Чужой Пётр"])),
        date in prop::option::of(prop::sample::select(vec!["2027-02-11", "2027-03-01"])),
        time in prop::option::of(prop::sample::select(vec!["12:00", "09:09"])),
        phone in prop::option::of(Just("+79161234567")),
        code in prop::option::of(Just("000000")),
    ) -> RequestReading {
        let text = |value: Option<&str>| value.map(str::to_owned);
        RequestReading {
            intent,
            number: number.and_then(BookingNumber::parse),
            quoted_number: quoted.and_then(BookingNumber::parse),
            full_name: text(name),
            date: text(date),
            time: text(time),
            phone: text(phone),
            code: text(code),
            ..RequestReading::default()
        }
    }
}

prop_compose! {
    fn any_case()(
        reading in any_reading(),
        sender in prop::option::of(prop::sample::select(vec!["maria@example.org", "x@example.net"])),
        signature in prop::option::of(prop::sample::select(vec![
            SignatureVerdict::Pass, SignatureVerdict::DnsTrouble, SignatureVerdict::BodyChanged,
        ])),
        addressed_to_us in any::<bool>(),
        date_apart in prop::option::of(0_i64..20_000),
        relay in prop::sample::select(vec![
            RelayVerdict::Absent, RelayVerdict::Aligned, RelayVerdict::NotAligned,
        ]),
        booking_token in any::<bool>(),
        challenge_token in any::<bool>(),
        expired_token in any::<bool>(),
        automatic in prop::option::of(prop::sample::select(vec![
            AutomaticSign::NullSender, AutomaticSign::AutoSubmitted, AutomaticSign::Words,
        ])),
        is_ours in prop::bool::weighted(0.1),
    ) -> Case {
        let token = |purpose, subject| Token { purpose, subject, expires_at: NOW.plus_hours(9) };
        let dkim = DkimEvidence {
            checked: signature.is_some(),
            signatures: signature.map(finding).into_iter().collect(),
            addressed_to_us,
            date_apart,
        };
        let mut evidence = SenderEvidence { dkim, relay, ..SenderEvidence::default() };
        if booking_token {
            evidence.tokens.push(token(Purpose::Booking, 7));
        }
        if challenge_token {
            evidence.tokens.push(token(Purpose::Challenge, 99));
        }
        if expired_token {
            evidence.expired.push(token(Purpose::Challenge, 99));
        }
        Case {
            reading,
            sender: sender.and_then(EmailAddress::parse),
            evidence,
            automatic,
            is_ours,
            ..case()
        }
    }
}

/// What the ledger finds for a case, as `query` asks for it.
fn found(case: &Case, shared: bool, open: bool, cancelled: bool) -> Facts {
    let mut one = facts_of(booking());
    let mut place = slot_samples::place(Some(slot_facts(SlotState::Free, None)));
    if cancelled {
        one = facts_of(slot_samples::cancelled(Channel::Mail));
        place.wished = Some(slot_samples::slot(SlotState::Free));
    }
    if shared {
        one.shared_addresses = one.booking.citizen.emails.clone();
    }
    let challenge = || {
        let mut challenge = challenge();
        if !open {
            challenge.state = ChallengeState::Declined;
        }
        challenge
    };
    let has = |purpose| case.evidence.tokens.iter().any(|t| t.purpose == purpose);
    let numbered = case.reading.number == BookingNumber::parse("12345");
    let own = case
        .sender
        .as_ref()
        .is_some_and(|s| one.booking.has_on_file(s));
    Facts {
        named: numbered.then(|| one.clone()),
        by_token: has(Purpose::Booking)
            .then(|| one.clone())
            .into_iter()
            .collect(),
        challenges: has(Purpose::Challenge)
            .then(|| (challenge(), one.clone()))
            .into_iter()
            .collect(),
        senders_open_bookings: own.then_some(BookingId(7)).into_iter().collect(),
        senders_bookings: own.then(|| one.clone()).into_iter().collect(),
        senders_challenges: Vec::new(),
        slots: SlotsKnown {
            places: vec![place],
            offers: Vec::new(),
            fresh: Some(slot_samples::fresh()),
        },
        ..Facts::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_effect_without_a_challenge_or_an_aligned_address_on_file(
        case in any_case(),
        shared in any::<bool>(),
        open in any::<bool>(),
        cancelled in any::<bool>(),
    ) {
        let facts = found(&case, shared, open, cancelled);
        let judgement = judge(&case, &facts);
        let on_file = case.sender == EmailAddress::parse("maria@example.org") && !shared;
        let challenged = case.evidence.tokens.iter().any(|t| t.purpose == Purpose::Challenge);
        let proven = on_file && (challenged || case.evidence.aligned());
        if judgement.consequences.cancel.is_some() {
            prop_assert!(proven, "{judgement:?}");
            prop_assert!(case.automatic.is_none() && !case.is_ours);
            prop_assert!(!matches!(case.reading.intent, Intent::None | Intent::Restore | Intent::Resend | Intent::Rebook
                | Intent::Join | Intent::Decline | Intent::Status | Intent::Help));
        }
        let slots = &judgement.consequences.slots;
        if slots.restore.is_some() || slots.book.is_some() || slots.join.is_some() {
            prop_assert!(proven && cancelled, "{judgement:?}");
            prop_assert!(case.automatic.is_none() && !case.is_ours);
        }
        // Whatever is sent goes to an address on file and nowhere else, but for the constant
        // receipt to a stranger whose domain vouches for him.
        let receipt = |letter: &&OutgoingLetter| letter.kind == LetterKind::Received;
        for letter in judgement.consequences.letters.iter().filter(|l| !receipt(l)) {
            prop_assert_eq!(letter.recipient.as_str(), "maria@example.org");
        }
        if judgement.consequences.letters.iter().any(|l| receipt(&l)) {
            prop_assert!(case.evidence.aligned(), "{judgement:?}");
        }
        if case.automatic.is_some() || case.is_ours {
            prop_assert!(judgement.consequences.letters.is_empty());
        }
        // A sender who is not on file causes at most the question to the address on file.
        if case.sender != EmailAddress::parse("maria@example.org") {
            let quiet = judgement.consequences.letters.iter().all(|l| receipt(&l))
                || judgement.decision == Decision::ConfirmFirst
                || matches!(&judgement.decision, Decision::Slots(one) if one.asks());
            prop_assert!(quiet, "{judgement:?}");
        }
    }
}

#[test]
fn the_matching_stranger_and_the_weak_token_end_at_a_question() {
    let mut stranger = case();
    stranger.sender = EmailAddress::parse("x@example.net");
    let zoned = booking().starts_at.in_zone(&booking().organisation.zone);
    stranger.reading.full_name = Some("Иванова Мария Петровна".to_owned());
    stranger.reading.phone = Some("+79161234567".to_owned());
    stranger.reading.date = Some(zoned.date().to_string());
    for evidence in [SenderEvidence::default(), case().evidence] {
        stranger.evidence = evidence;
        assert_eq!(judge(&stranger, &facts()).decision, Decision::ConfirmFirst);
    }
    let mut weak = case();
    weak.evidence = SenderEvidence::default();
    weak.evidence.tokens.push(Token {
        purpose: Purpose::Booking,
        subject: 7,
        expires_at: NOW.plus_hours(1),
    });
    for sender in ["maria@example.org", "friend@example.net"] {
        weak.sender = EmailAddress::parse(sender);
        assert_eq!(judge(&weak, &facts()).decision, Decision::ConfirmFirst);
    }
}

#[test]
fn a_token_of_one_purpose_or_booking_is_worth_nothing_for_another() {
    let (mut case, facts) = consent();
    // The subject of the challenge, but the purpose of a booking letter.
    case.evidence.tokens = vec![Token {
        purpose: Purpose::Booking,
        subject: challenge().id.0,
        expires_at: NOW.plus_hours(1),
    }];
    assert!(judge(&case, &facts).consequences.cancel.is_none());
    let (mut other, facts) = consent();
    for token in &mut other.evidence.tokens {
        token.subject = 100;
    }
    assert!(judge(&other, &facts).consequences.cancel.is_none());
}

fn bounce_case() -> (Case, Facts) {
    let mut case = case();
    case.automatic = Some(AutomaticSign::NullSender);
    case.bounce = Some(Bounce {
        row: 42,
        message_id: MessageId::parse("<ours.1@example.com>"),
        status: Some("5.1.1".to_owned()),
    });
    let facts = Facts {
        returned: Some(ReturnedLetter {
            row: 42,
            sent: true,
            message_id: MessageId::parse("<ours.1@example.com>").unwrap(),
            booking: Some(BookingId(7)),
            recipient: EmailAddress::parse("maria@example.org").unwrap(),
        }),
        ..facts()
    };
    (case, facts)
}

#[test]
fn a_bounce_of_a_letter_that_was_sent_marks_it_and_its_address() {
    let (case, facts) = bounce_case();
    let judgement = judge(&case, &facts);
    assert_eq!(judgement.decision, Decision::Bounced);
    let undeliverable = judgement.consequences.undeliverable.unwrap();
    assert_eq!(
        (undeliverable.row, undeliverable.code.as_str()),
        (42, "bounced_5.1.1")
    );
    assert_eq!(judgement.consequences.filing.to, Folder::Automatic);
    assert!(judgement.consequences.letters.is_empty());
    assert!(judgement.consequences.cancel.is_none());
}

#[test]
fn a_bounce_of_anything_else_changes_nothing() {
    let (case, facts) = bounce_case();
    let mut unsent = facts.clone();
    unsent.returned.as_mut().unwrap().sent = false;
    let mut other = facts.clone();
    other.returned.as_mut().unwrap().message_id = MessageId::parse("<ours.2@example.com>").unwrap();
    let mut unknown = facts.clone();
    unknown.returned = None;
    for facts in [unsent, other, unknown] {
        let judgement = judge(&case, &facts);
        assert_eq!(judgement.decision, Decision::Automatic);
        assert!(judgement.consequences.undeliverable.is_none());
    }
    let mut untagged = case;
    untagged.bounce = None;
    assert_eq!(judge(&untagged, &facts).decision, Decision::Automatic);
}

fn rates(of_organisation: u32, by_domain: u32) -> CancellationRates {
    CancellationRates {
        limit: 30,
        by_organisation: vec![(booking().organisation.name, of_organisation)],
        by_domain,
        released: false,
    }
}

#[test]
fn over_the_rate_a_cancellation_waits_for_an_operator() {
    let mut facts = facts();
    for (rate, expected) in [
        (rates(29, 29), Decision::Cancelled),
        (rates(30, 0), Decision::AwaitsOperator),
        (rates(0, 30), Decision::AwaitsOperator),
        (
            CancellationRates {
                released: true,
                ..rates(99, 99)
            },
            Decision::Cancelled,
        ),
        (
            CancellationRates {
                limit: 0,
                ..rates(99, 99)
            },
            Decision::Cancelled,
        ),
    ] {
        facts.rates = rate;
        let judgement = judge(&case(), &facts);
        assert_eq!(judgement.decision, expected);
        let stopped = expected == Decision::AwaitsOperator;
        assert_eq!(judgement.consequences.cancel.is_none(), stopped);
        assert_eq!(
            judgement.consequences.letter_state == LetterState::TakenIn,
            stopped
        );
        assert_eq!(judgement.consequences.letters.is_empty(), stopped);
    }
}

#[test]
fn the_breaker_stops_nothing_but_cancellations() {
    let mut late = facts();
    late.rates = rates(99, 99);
    late.named.as_mut().unwrap().booking.starts_at = NOW.plus_hours(2);
    assert_eq!(judge(&case(), &late).decision, Decision::RefusedTooLate);
    let mut asked = facts();
    asked.rates = rates(99, 99);
    let mut unsigned = case();
    unsigned.evidence = SenderEvidence::default();
    assert_eq!(judge(&unsigned, &asked).decision, Decision::ConfirmFirst);
}
