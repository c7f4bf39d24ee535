//! The token in the square code of a document: what it says in short, signed. It names no person and
//! can do nothing.

use super::{DocumentKey, Moment, PublicKey, Signed};

/// What every token begins with, so that a scanner's user sees whose it is.
const HEAD: &str = "OTMENA:";
const VERSION: u8 = 1;
/// Octets of an Ed25519 signature.
const SIGNATURE: usize = 64;
/// More than a token with the longest number has.
const LONGEST: usize = 600;

/// What a document says in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentToken {
    /// Number of the document.
    pub document: String,
    /// Number of the booking.
    pub booking: String,
    /// Start of the appointment, to the minute.
    pub starts_at: Moment,
    /// When it was cancelled, to the second.
    pub cancelled_at: Moment,
    /// When the letter that asked for it was received, to the second; `None` without a letter.
    pub received_at: Option<Moment>,
}

impl DocumentToken {
    /// The signed token: upper-case base32 behind a word, which a square code holds compactly.
    /// `None` where a number is too long, or a time lies beyond what a token holds.
    pub fn mint(&self, key: &DocumentKey) -> Option<String> {
        let mut octets = self.payload(key.public())?;
        octets.extend(key.sign(Signed::Token, &octets));
        let text = data_encoding::BASE32_NOPAD.encode(&octets);
        Some(format!("{HEAD}{text}"))
    }

    /// Reads a token as scanned or typed: blanks and small letters do no harm. `None` unless `key`
    /// signed it.
    pub fn verify(text: &str, key: PublicKey) -> Option<Self> {
        let clean: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(LONGEST)
            .flat_map(char::to_uppercase)
            .collect();
        let base32 = clean.strip_prefix(HEAD).unwrap_or(&clean);
        let octets = data_encoding::BASE32_NOPAD.decode(base32.as_bytes()).ok()?;
        let (payload, signature) = octets.split_at_checked(octets.len().checked_sub(SIGNATURE)?)?;
        key.verifies(Signed::Token, payload, signature)
            .then(|| Self::read(payload))?
    }

    fn payload(&self, key: PublicKey) -> Option<Vec<u8>> {
        let mut octets = vec![VERSION];
        octets.extend(key.hint());
        octets.push(u8::try_from(self.document.len()).ok()?);
        octets.push(u8::try_from(self.booking.len()).ok()?);
        octets.extend(self.document.as_bytes());
        octets.extend(self.booking.as_bytes());
        let minutes = u32::try_from(self.starts_at.seconds().div_euclid(60)).ok()?;
        octets.extend(minutes.to_be_bytes());
        let moments = [Some(self.cancelled_at), self.received_at];
        for moment in moments {
            // Zero stands for "none": nobody wrote in 1970.
            let seconds = moment.map_or(0, Moment::seconds);
            octets.extend(u32::try_from(seconds).ok()?.to_be_bytes());
        }
        Some(octets)
    }

    fn read(payload: &[u8]) -> Option<Self> {
        let (head, rest) = payload.split_at_checked(7)?;
        let [VERSION, _, _, _, _, document, booking] = *head else {
            return None;
        };
        let (document, rest) = rest.split_at_checked(usize::from(document))?;
        let (booking, times) = rest.split_at_checked(usize::from(booking))?;
        let [starts_at, cancelled_at, received_at] = read_times(times)?;
        Some(Self {
            document: std::str::from_utf8(document).ok()?.to_owned(),
            booking: std::str::from_utf8(booking).ok()?.to_owned(),
            starts_at: Moment::from_seconds(i64::from(starts_at).saturating_mul(60)),
            cancelled_at: Moment::from_seconds(i64::from(cancelled_at)),
            received_at: (received_at > 0).then(|| Moment::from_seconds(i64::from(received_at))),
        })
    }
}

fn read_times(octets: &[u8]) -> Option<[u32; 3]> {
    let mut numbers = [0; 3];
    if octets.len() != 12 {
        return None;
    }
    for (number, chunk) in numbers.iter_mut().zip(octets.chunks_exact(4)) {
        *number = u32::from_be_bytes(chunk.try_into().ok()?);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> DocumentToken {
        DocumentToken {
            document: "А-17/2027/2".to_owned(),
            booking: "А-17/2027".to_owned(),
            starts_at: Moment::from_seconds(1_804_844_400),
            cancelled_at: Moment::from_seconds(1_804_650_931),
            received_at: Some(Moment::from_seconds(1_804_650_920)),
        }
    }

    #[test]
    fn a_token_is_read_back_as_scanned_and_as_typed() {
        let key = DocumentKey::from_seed(&[7; 32]).unwrap();
        let text = token().mint(&key).unwrap();
        assert!(text.len() < 220, "{} characters", text.len());
        let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ':';
        assert!(text.chars().all(plain), "a square code holds it compactly");
        let public = key.public();
        assert_eq!(DocumentToken::verify(&text, public), Some(token()));
        let typed = text.trim_start_matches(HEAD).to_lowercase();
        let typed = format!(
            " {}\n{} ",
            typed.get(..20).unwrap(),
            typed.get(20..).unwrap()
        );
        assert_eq!(DocumentToken::verify(&typed, public), Some(token()));
        let without = DocumentToken {
            received_at: None,
            ..token()
        };
        let text = without.mint(&key).unwrap();
        assert_eq!(DocumentToken::verify(&text, public), Some(without));
    }

    #[test]
    fn any_changed_character_spoils_it_and_so_does_another_key() {
        let key = DocumentKey::from_seed(&[7; 32]).unwrap();
        let text = token().mint(&key).unwrap();
        for at in HEAD.len()..text.len() {
            let mut changed: Vec<char> = text.chars().collect();
            changed[at] = if changed[at] == 'A' { 'B' } else { 'A' };
            let changed: String = changed.into_iter().collect();
            assert_eq!(DocumentToken::verify(&changed, key.public()), None, "{at}");
        }
        let other = DocumentKey::from_seed(&[8; 32]).unwrap();
        assert_eq!(DocumentToken::verify(&text, other.public()), None);
        for text in ["", "OTMENA:", "OTMENA:AAAA", "ж"] {
            assert_eq!(DocumentToken::verify(text, key.public()), None, "{text}");
        }
    }

    #[test]
    fn a_number_that_is_too_long_gets_no_token() {
        let key = DocumentKey::from_seed(&[7; 32]).unwrap();
        let odd = DocumentToken {
            booking: "5".repeat(256),
            ..token()
        };
        assert_eq!(odd.mint(&key), None);
    }
}
