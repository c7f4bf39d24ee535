//! Tokens: what we put into our letters so that a reply proves that its writer holds them.

use super::{BookingId, ContentHash, Moment};
use ring::hmac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

/// Octets of the MAC that a token carries (128 bits).
const MAC_OCTETS: usize = 16;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Sent with every letter about a booking. It may travel by forwarding, so it is weak.
    Booking,
    /// Sent on demand to an address on file. Strong.
    Challenge,
    /// Sent with the offer of a free time to the one person to whom it is made. Strong.
    Offer,
}

impl Purpose {
    const fn octet(self) -> u8 {
        match self {
            Self::Booking => 1,
            Self::Challenge => 2,
            Self::Offer => 4,
        }
    }

    fn from_octet(octet: u8) -> Option<Self> {
        [Self::Booking, Self::Challenge, Self::Offer]
            .into_iter()
            .find(|p| p.octet() == octet)
    }
}

/// The id of a challenge: derived from the letter that made it necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChallengeId(pub i64);

impl ChallengeId {
    /// The challenge that `letter` causes for `booking`: the same for ever, so that a decision
    /// made again gives the same challenge.
    pub fn for_letter(letter: &ContentHash, booking: BookingId) -> Self {
        Self(ContentHash::of(&[b"challenge", &letter.0, &booking.0.to_be_bytes()]).short())
    }
}

/// A token that was verified: purpose, subject and expiry are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// What it is good for.
    pub purpose: Purpose,
    /// The booking's id, the challenge's for [`Purpose::Challenge`], the offer's for
    /// [`Purpose::Offer`].
    pub subject: i64,
    /// When it ends, to the minute.
    pub expires_at: Moment,
}

/// The secrets that tokens are made with: the first makes, all of them verify.
pub struct TokenSecrets {
    pub(super) keys: Vec<hmac::Key>,
}

impl std::fmt::Debug for TokenSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenSecrets(…)")
    }
}

impl TokenSecrets {
    /// `current` makes tokens; tokens of `previous` are still believed.
    pub fn new(current: &[u8], previous: Option<&[u8]>) -> Self {
        let key = |secret: &[u8]| hmac::Key::new(hmac::HMAC_SHA256, secret);
        Self {
            keys: std::iter::once(current).chain(previous).map(key).collect(),
        }
    }

    /// The token as text: lower-case base32, 47 characters of `a-z2-7`.
    pub fn mint(&self, token: &Token) -> String {
        let mut octets = payload(token);
        if let Some(key) = self.keys.first() {
            octets.extend(hmac::sign(key, &octets).as_ref().iter().take(MAC_OCTETS));
        }
        data_encoding::BASE32_NOPAD.encode(&octets).to_lowercase()
    }

    /// Reads a token; `None` unless one of the secrets made it and it has not expired at `at`.
    /// Compared in constant time.
    pub fn verify(&self, text: &str, at: Moment) -> Option<Token> {
        if text.len() > 60 {
            return None;
        }
        let octets = data_encoding::BASE32_NOPAD
            .decode(text.to_uppercase().as_bytes())
            .ok()?;
        let (payload_octets, mac) = octets.split_at_checked(13)?;
        let token = parse_payload(payload_octets)?;
        let genuine = mac.len() == MAC_OCTETS
            && self.keys.iter().any(|key| {
                let full = hmac::sign(key, payload_octets);
                full.as_ref()
                    .get(..MAC_OCTETS)
                    .is_some_and(|ours| bool::from(ours.ct_eq(mac)))
            });
        (genuine && at <= token.expires_at).then_some(token)
    }
}

fn payload(token: &Token) -> Vec<u8> {
    let minutes = u32::try_from(token.expires_at.seconds().div_euclid(60)).unwrap_or(u32::MAX);
    let mut octets = vec![token.purpose.octet()];
    octets.extend(token.subject.to_be_bytes());
    octets.extend(minutes.to_be_bytes());
    octets
}

fn parse_payload(octets: &[u8]) -> Option<Token> {
    let (purpose, rest) = octets.split_first()?;
    let (subject, minutes) = rest.split_at_checked(8)?;
    Some(Token {
        purpose: Purpose::from_octet(*purpose)?,
        subject: i64::from_be_bytes(subject.try_into().ok()?),
        expires_at: Moment::from_seconds(
            i64::from(u32::from_be_bytes(minutes.try_into().ok()?)).saturating_mul(60),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(purpose: Purpose) -> Token {
        Token {
            purpose,
            subject: 7,
            expires_at: Moment::from_seconds(600),
        }
    }

    #[test]
    fn a_token_is_read_back_until_it_expires() {
        let secrets = TokenSecrets::new(&[1; 32], None);
        let text = secrets.mint(&token(Purpose::Challenge));
        assert_eq!(text.len(), 47);
        assert_eq!(
            secrets.verify(&text, Moment::from_seconds(600)),
            Some(token(Purpose::Challenge))
        );
        assert_eq!(secrets.verify(&text, Moment::from_seconds(601)), None);
    }

    #[test]
    fn the_previous_secret_still_verifies_and_a_foreign_one_never() {
        let old = TokenSecrets::new(&[1; 32], None).mint(&token(Purpose::Booking));
        let rotated = TokenSecrets::new(&[2; 32], Some(&[1; 32]));
        assert!(rotated.verify(&old, Moment::default()).is_some());
        assert!(
            TokenSecrets::new(&[3; 32], None)
                .verify(&old, Moment::default())
                .is_none()
        );
    }

    #[test]
    fn any_changed_character_spoils_it() {
        let secrets = TokenSecrets::new(&[1; 32], None);
        let text = secrets.mint(&token(Purpose::Booking));
        for at in 0..text.len() {
            let mut changed: Vec<char> = text.chars().collect();
            changed[at] = if changed[at] == 'a' { 'b' } else { 'a' };
            let changed: String = changed.into_iter().collect();
            assert!(
                secrets.verify(&changed, Moment::default()).is_none(),
                "at {at}"
            );
        }
    }
}
