//! Short codes for people to type: six digits, bound to one challenge or one cancellation and good
//! for nothing else.

use super::{BookingId, ChallengeId, TokenSecrets};
use ring::hmac;
use subtle::ConstantTimeEq;

/// Digits of a code; with few tries for each challenge nobody guesses it.
pub const CODE_DIGITS: usize = 6;

/// Ten to the power of [`CODE_DIGITS`].
const CODES: u64 = 1_000_000;

/// Wrong codes that one sender may type for one challenge or one cancellation.
pub const MOST_WRONG_CODES: u32 = 5;

impl TokenSecrets {
    /// The code of a challenge: six digits.
    pub fn code(&self, challenge: ChallengeId) -> String {
        self.typed(&of_challenge(challenge))
    }

    /// Whether `typed` (digits only) is the code of this challenge by one of the secrets. Compared
    /// in constant time.
    pub fn is_code(&self, typed: &str, challenge: ChallengeId) -> bool {
        self.is_typed(typed, &of_challenge(challenge))
    }

    /// The code that takes back the cancellation of `booking` with this number, counted from 1: a
    /// later cancellation has another code.
    pub fn restoration_code(&self, booking: BookingId, cancellation: u32) -> String {
        self.typed(&of_cancellation(booking, cancellation))
    }

    /// Whether `typed` (digits only) takes back this cancellation. Compared in constant time.
    pub fn is_restoration_code(&self, typed: &str, booking: BookingId, cancellation: u32) -> bool {
        self.is_typed(typed, &of_cancellation(booking, cancellation))
    }

    fn typed(&self, meaning: &[u8]) -> String {
        self.keys
            .first()
            .map_or_else(String::new, |key| code_by(key, meaning))
    }

    fn is_typed(&self, typed: &str, meaning: &[u8]) -> bool {
        self.keys
            .iter()
            .map(|key| code_by(key, meaning))
            .fold(false, |found, ours| {
                found | bool::from(ours.as_bytes().ct_eq(typed.as_bytes()))
            })
    }
}

fn of_challenge(challenge: ChallengeId) -> Vec<u8> {
    let mut text = b"typed code".to_vec();
    text.extend(challenge.0.to_be_bytes());
    text
}

fn of_cancellation(booking: BookingId, cancellation: u32) -> Vec<u8> {
    let mut text = b"restoration code".to_vec();
    text.extend(booking.0.to_be_bytes());
    text.extend(cancellation.to_be_bytes());
    text
}

fn code_by(key: &hmac::Key, meaning: &[u8]) -> String {
    let number = hmac::sign(key, meaning)
        .as_ref()
        .iter()
        .take(8)
        .fold(0_u64, |number, octet| number << 8 | u64::from(*octet));
    format!("{:0width$}", number % CODES, width = CODE_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_of_its_challenge_alone() {
        let secrets = TokenSecrets::new(&[1; 32], None);
        let code = secrets.code(ChallengeId(7));
        assert_eq!(code.len(), CODE_DIGITS);
        assert!(code.chars().all(|c| c.is_ascii_digit()));
        assert!(secrets.is_code(&code, ChallengeId(7)));
        for other in 8..200 {
            let same = secrets.code(ChallengeId(other)) == code;
            assert_eq!(secrets.is_code(&code, ChallengeId(other)), same);
        }
        for wrong in ["", "0", "0000000"] {
            assert!(!secrets.is_code(wrong, ChallengeId(7)), "{wrong}");
        }
    }

    #[test]
    fn a_restoration_code_is_of_one_cancellation_of_one_booking() {
        let secrets = TokenSecrets::new(&[1; 32], None);
        let code = secrets.restoration_code(BookingId(7), 1);
        assert_eq!(code.len(), CODE_DIGITS);
        assert!(secrets.is_restoration_code(&code, BookingId(7), 1));
        assert!(!secrets.is_restoration_code(&code, BookingId(7), 2));
        assert!(!secrets.is_restoration_code(&code, BookingId(8), 1));
        assert!(!secrets.is_code(&code, ChallengeId(7)));
    }

    #[test]
    fn a_code_outlives_the_change_of_the_secret_once() {
        let old = TokenSecrets::new(&[1; 32], None).code(ChallengeId(7));
        assert!(TokenSecrets::new(&[2; 32], Some(&[1; 32])).is_code(&old, ChallengeId(7)));
        assert!(!TokenSecrets::new(&[3; 32], Some(&[2; 32])).is_code(&old, ChallengeId(7)));
    }
}
