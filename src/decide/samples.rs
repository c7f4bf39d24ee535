//! A citizen, her booking and her letter, for the tests of this step.

use super::gates::decide;
use super::rules::Rules;
use super::{
    BookingFacts, Case, Challenge, ChallengePurpose, ChallengeState, Facts, Judgement, LateFacts,
};
use crate::domain::{
    Booking, BookingId, BookingNumber, BookingState, Category, ChallengeId, Citizen, ContentHash,
    EmailAddress, LetterId, MessageId, Moment, Organisation, Policy, Purpose, Service, Token,
    TokenSecrets, Zone,
};
use crate::reply::compose::Office;
use crate::request::{Intent, RequestReading};
use crate::verify::{RelayVerdict, SenderEvidence};

/// 2027-02-01T09:00:00Z, a Monday.
pub(super) const NOW: Moment = Moment::from_seconds(1_801_472_400);

pub(super) fn booking() -> Booking {
    Booking {
        id: BookingId(7),
        number: BookingNumber::parse("12345").unwrap(),
        citizen: Citizen {
            full_name: "Иванова Мария Петровна".to_owned(),
            emails: vec![EmailAddress::parse("maria@example.org").unwrap()],
            phone: Some("+79161234567".to_owned()),
            citizen_id: None,
        },
        service: Service {
            code: "therapist".to_owned(),
            name: "Приём терапевта".to_owned(),
            category: Category::General,
        },
        organisation: Organisation {
            name: "Поликлиника".to_owned(),
            address: "ул. Ленина, 1".to_owned(),
            zone: Zone::named("Europe/Moscow").unwrap(),
        },
        resource: String::new(),
        starts_at: NOW.plus_hours(24 * 10),
        state: BookingState::Scheduled,
        cancellations: 0,
        revision: 0,
    }
}

pub(super) fn facts_of(booking: Booking) -> BookingFacts {
    BookingFacts {
        booking,
        shared_addresses: Vec::new(),
        open_challenge: None,
        recent_challenges: Vec::new(),
        late: LateFacts::default(),
    }
}

pub(super) fn office() -> Office {
    Office {
        address: EmailAddress::parse("cancel@example.com").unwrap(),
        plus_address: true,
        secrets: TokenSecrets::new(&[7; 32], None),
        zone: Zone::named("Europe/Moscow").unwrap(),
    }
}

/// A request by the citizen, authenticated by her own domain.
pub(super) fn case() -> Case {
    Case {
        letter: LetterId(1),
        raw_hash: ContentHash([1; 32]),
        content_hash: None,
        received_at: NOW,
        sender: EmailAddress::parse("maria@example.org"),
        message_id: MessageId::parse("<1@example.org>"),
        thread: Vec::new(),
        subject: "Отмена записи №12345".to_owned(),
        is_ours: false,
        automatic: None,
        bounce: None,
        reading: RequestReading {
            intent: Intent::Cancel,
            number: BookingNumber::parse("12345"),
            ..RequestReading::default()
        },
        evidence: SenderEvidence {
            relay: RelayVerdict::Aligned,
            ..SenderEvidence::default()
        },
        unreadable: None,
        attachments: Vec::new(),
    }
}

pub(super) fn facts() -> Facts {
    Facts {
        named: Some(facts_of(booking())),
        ..Facts::default()
    }
}

pub(super) fn judge(case: &Case, facts: &Facts) -> Judgement {
    judge_by(&Policy::default(), NOW, case, facts)
}

/// By these rules, at this moment.
pub(super) fn judge_by(policy: &Policy, now: Moment, case: &Case, facts: &Facts) -> Judgement {
    let office = &office();
    decide(
        case,
        facts,
        &Rules {
            policy,
            office,
            now,
        },
    )
}

pub(super) fn unverified(mut case: Case) -> Case {
    case.evidence = SenderEvidence::default();
    case
}

pub(super) fn challenge() -> Challenge {
    Challenge {
        id: ChallengeId(99),
        booking: BookingId(7),
        letter: LetterId(1),
        received_at: NOW.plus_hours(-30),
        opened_at: NOW.plus_hours(-30),
        expires_at: NOW.plus_hours(18),
        state: ChallengeState::Open,
        reason: Some("болезнь".to_owned()),
        purpose: ChallengePurpose::Cancel,
        wished_at: None,
        shown: None,
    }
}

/// «ДА» in reply to the confirmation letter.
pub(super) fn consent() -> (Case, Facts) {
    let mut case = unverified(case());
    case.reading = RequestReading {
        intent: Intent::Consent,
        ..RequestReading::default()
    };
    case.evidence.tokens.push(Token {
        purpose: Purpose::Challenge,
        subject: 99,
        expires_at: challenge().expires_at,
    });
    let facts = Facts {
        challenges: vec![(challenge(), facts_of(booking()))],
        ..Facts::default()
    };
    (case, facts)
}
