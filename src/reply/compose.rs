//! Letters as facts: what a decision has to say becomes rows for the outbox. Pure.

use crate::domain::{
    Booking, BookingState, Channel, ContentHash, EmailAddress, LetterId, MessageId, Moment, Policy,
    Purpose, Token, TokenSecrets, Zone,
};
use crate::failure::Failure;
use crate::reply::{BookingWords, LateWords, LetterData, LetterKind, OutgoingLetter};

/// Days for which the token of a booking letter outlives the appointment.
const TOKEN_DAYS_AFTER_START: i64 = 30;

/// Most ids that References of an answer holds (RFC 5322 recommends to keep it short).
const THREAD_LENGTH: usize = 10;

/// The zone in which staff read times where no organisation gives one.
const STAFF_ZONE: &str = "Europe/Moscow";

/// Who we are in our letters.
#[derive(Debug)]
pub struct Office {
    /// The address that letters come from and that citizens answer to.
    pub address: EmailAddress,
    /// Whether the mail server delivers plus-addresses to the mailbox.
    pub plus_address: bool,
    /// The secrets of our tokens.
    pub secrets: TokenSecrets,
    /// The zone in which staff read times where no organisation gives one.
    pub zone: Zone,
}

/// The letter that is answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The ledger's id.
    pub letter: LetterId,
    /// SHA-256 of its bytes.
    pub raw_hash: &'a ContentHash,
    /// Its Message-ID.
    pub message_id: Option<&'a MessageId>,
    /// Its In-Reply-To and References, newest first.
    pub thread: &'a [MessageId],
}

/// What all copies of one letter share.
#[derive(Debug, Clone)]
pub struct Draft<'a> {
    /// Its kind.
    pub kind: LetterKind,
    /// The letter that it answers; `None` for a letter that we send of our own accord.
    pub answers: Option<Answered<'a>>,
    /// The booking that it is about.
    pub booking: Option<&'a Booking>,
    /// Date header: the moment of the decision.
    pub date: Moment,
    /// Whether the sender of the answered letter was verified.
    pub verified: bool,
    /// What the wording is filled with.
    pub data: LetterData,
}

impl Office {
    /// The office that writes from `address`.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the built-in time zones are damaged.
    pub fn new(
        address: &EmailAddress,
        plus_address: bool,
        secrets: TokenSecrets,
    ) -> Result<Self, Failure> {
        let zone = Zone::named(STAFF_ZONE).map_err(|cause| {
            Failure::stop_because("the built-in time zones are damaged", "Install anew", cause)
        })?;
        Ok(Self {
            address: address.clone(),
            plus_address,
            secrets,
            zone,
        })
    }

    /// One letter for each recipient, each with a Message-ID of its own that holds the token.
    pub fn compose(&self, draft: &Draft<'_>, recipients: &[EmailAddress]) -> Vec<OutgoingLetter> {
        recipients
            .iter()
            .map(|recipient| self.compose_one(draft, recipient))
            .collect()
    }

    fn compose_one(&self, draft: &Draft<'_>, recipient: &EmailAddress) -> OutgoingLetter {
        let token = self.token_for(draft);
        let mut data = draft.data.clone();
        data.version = 1;
        let reply_to = token.as_deref().and_then(|token| self.plus_address(token));
        data.answer_address = Some(reply_to.clone().unwrap_or_else(|| self.address.clone()));
        OutgoingLetter {
            kind: draft.kind,
            answers: draft.answers.map(|answered| answered.letter),
            booking: draft.booking.map(|booking| booking.id),
            recipient: recipient.clone(),
            message_id: self.message_id(draft, recipient, token.as_deref()),
            thread: thread_of(draft),
            reply_to,
            date: draft.date,
            verified: draft.verified,
            data,
        }
    }

    /// The token that a reply brings back: of the offer, of the challenge, or the weak one of the
    /// booking.
    fn token_for(&self, draft: &Draft<'_>) -> Option<String> {
        if let Some(offer) = draft.data.offer {
            return Some(self.secrets.mint(&Token {
                purpose: Purpose::Offer,
                subject: offer.0,
                expires_at: draft.data.answer_until.unwrap_or(draft.date),
            }));
        }
        let booking = draft.booking?;
        let token = match draft.data.challenge {
            Some(challenge) => Token {
                purpose: Purpose::Challenge,
                subject: challenge.0,
                expires_at: draft.data.answer_until.unwrap_or(booking.starts_at),
            },
            None => Token {
                purpose: Purpose::Booking,
                subject: booking.id.0,
                expires_at: booking.starts_at.plus_hours(24 * TOKEN_DAYS_AFTER_START),
            },
        };
        Some(self.secrets.mint(&token))
    }

    /// `local+token@domain`, unless the local part would be too long (RFC 5321 section 4.5.3.1.1).
    fn plus_address(&self, token: &str) -> Option<EmailAddress> {
        if !self.plus_address {
            return None;
        }
        EmailAddress::parse(&format!(
            "{}+{token}@{}",
            self.address.local(),
            self.address.domain()
        ))
    }

    /// The same letter to the same recipient for the same cause has the same Message-ID for ever.
    fn message_id(
        &self,
        draft: &Draft<'_>,
        recipient: &EmailAddress,
        token: Option<&str>,
    ) -> MessageId {
        let own = ContentHash([0; 32]);
        let cause = draft.answers.map_or(&own, |answered| answered.raw_hash);
        let revision = draft.booking.map_or(0, |booking| booking.revision);
        let offer = draft.data.offer.map(|offer| offer.0.to_be_bytes());
        let mut parts: Vec<&[u8]> = Vec::new();
        parts.extend(offer.as_ref().map(|octets| octets.as_slice()));
        let booking = draft
            .booking
            .map_or(0, |booking| booking.id.0)
            .to_be_bytes();
        let (revision, date) = (revision.to_be_bytes(), draft.date.micros().to_be_bytes());
        parts.extend([
            draft.kind.code().as_bytes(),
            &cause.0,
            &booking,
            &revision,
            &date,
            recipient.as_str().as_bytes(),
        ]);
        let unique = ContentHash::of(&parts);
        self.own_message_id(token.unwrap_or("letter"), &unique)
    }

    /// A Message-ID of ours: a word or token, a dot, what makes it unique.
    pub fn own_message_id(&self, head: &str, unique: &ContentHash) -> MessageId {
        let text = format!("{head}.{:016x}@{}", unique.short(), self.address.domain());
        MessageId::parse(&text).unwrap_or_else(|| fallback_message_id(unique))
    }
}

/// A domain that cannot stand in a Message-ID (an internationalised one) is left out of it.
fn fallback_message_id(unique: &ContentHash) -> MessageId {
    let text = format!("letter.{:016x}@otmena.invalid", unique.short());
    #[expect(
        clippy::expect_used,
        reason = "hexadecimal digits and a fixed domain always parse"
    )]
    MessageId::parse(&text).expect("a plain Message-ID")
}

fn thread_of(draft: &Draft<'_>) -> Vec<MessageId> {
    let Some(answered) = draft.answers else {
        return Vec::new();
    };
    answered
        .message_id
        .into_iter()
        .chain(answered.thread)
        .take(THREAD_LENGTH)
        .cloned()
        .collect()
}

/// What a letter says about a booking, as it is now.
pub fn words_of(booking: &Booking, policy: &Policy) -> BookingWords {
    BookingWords {
        number: booking.number.as_str().to_owned(),
        full_name: booking.citizen.full_name.clone(),
        service: booking.service.name.clone(),
        organisation: booking.organisation.name.clone(),
        address: booking.organisation.address.clone(),
        resource: booking.resource.clone(),
        starts_at: booking.starts_at,
        zone: booking.organisation.zone.clone(),
        sequence: booking.revision,
        notice: policy.rule_for(&booking.service).notice,
    }
}

/// What a letter about `booking` says of cancelling it late: the conditions, to begin with.
pub fn late_words_of(booking: &Booking, policy: &Policy) -> LateWords {
    LateWords {
        conditions: Some(policy.conditions(&booking.service)),
        ..LateWords::default()
    }
}

/// Fills in what a cancelled booking says of its cancellation; a receipt only where a letter asked
/// for it.
pub fn add_cancellation(data: &mut LetterData, booking: &Booking) {
    if let BookingState::Cancelled(cancellation) = &booking.state {
        let by_letter = cancellation.channel == Channel::Mail;
        data.received_at = by_letter.then_some(cancellation.received_at);
        data.cancelled_at = Some(cancellation.cancelled_at);
        data.document = Some(cancellation.document.clone());
    }
}
