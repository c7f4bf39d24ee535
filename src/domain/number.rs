//! The number of a booking, «№ 12345».

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// More characters than any real booking number has.
const MAX_CHARS: usize = 40;

/// Numbers of ours begin behind this one.
const OWN_NUMBERS: i64 = 90_000_000;

/// A booking number as written, in its normal form: NFKC, no spaces, ASCII dash, upper case.
///
/// Look-alike letters are kept as written and folded only in [`BookingNumber::lookup_key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BookingNumber(String);

impl BookingNumber {
    /// The one door: letters, digits, dashes and slashes with at least one digit, at most 40
    /// characters; anything else is no number.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 4 * MAX_CHARS * 4 {
            return None;
        }
        let normal: String = text
            .nfkc()
            .filter(|c| !c.is_whitespace())
            .map(|c| if is_dash(c) { '-' } else { c })
            .flat_map(char::to_uppercase)
            .collect();
        let allowed = normal
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '/');
        let digits = normal.chars().any(|c| c.is_ascii_digit());
        let ends = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let framed = ends(normal.chars().next()) && ends(normal.chars().next_back());
        (allowed && digits && framed && normal.chars().count() <= MAX_CHARS).then_some(Self(normal))
    }

    /// The number of a booking that we make ourselves: digits only, because these are read out and
    /// typed with the fewest errors. `attempt` counts those that are taken already.
    pub fn own(booking: i64, attempt: u8) -> Self {
        let number = booking
            .saturating_add(OWN_NUMBERS)
            .saturating_add(i64::from(attempt).saturating_mul(10 * OWN_NUMBERS));
        Self(number.to_string())
    }

    /// The number as people read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key under which the ledger finds it: Cyrillic letters that look like Latin ones are
    /// folded into these, so that «А-17» in either alphabet finds the same booking.
    pub fn lookup_key(&self) -> String {
        self.0.chars().map(fold_look_alike).collect()
    }
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

fn fold_look_alike(c: char) -> char {
    match c {
        'А' => 'A',
        'В' => 'B',
        'Е' | 'Ё' => 'E',
        'І' => 'I',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        other => other,
    }
}

impl fmt::Display for BookingNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for BookingNumber {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a booking number")
    }
}

impl From<BookingNumber> for String {
    fn from(number: BookingNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_brought_to_its_normal_form() {
        assert_eq!(
            BookingNumber::parse(" а-17 / ２０27 ").unwrap().as_str(),
            "А-17/2027"
        );
        assert_eq!(BookingNumber::parse("12–34").unwrap().as_str(), "12-34");
    }

    #[test]
    fn words_and_torn_texts_are_no_number() {
        for text in [
            "",
            "запись",
            "-17",
            "17-",
            "17;DROP",
            "1\u{0}7",
            &"9".repeat(41),
        ] {
            assert!(BookingNumber::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn a_number_of_our_own_is_a_number() {
        for (attempt, text) in [(0, "90000017"), (1, "990000017")] {
            let own = BookingNumber::own(17, attempt);
            assert_eq!(own.as_str(), text);
            assert_eq!(BookingNumber::parse(text), Some(own));
        }
    }

    #[test]
    fn look_alikes_are_folded_only_for_the_look_up() {
        let cyrillic = BookingNumber::parse("АВ-17").unwrap();
        let latin = BookingNumber::parse("AB-17").unwrap();
        assert_ne!(cyrillic, latin);
        assert_eq!(cyrillic.lookup_key(), latin.lookup_key());
    }
}
