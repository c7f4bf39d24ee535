//! E-mail addresses.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An e-mail address (addr-spec of RFC 5322), in lower case, without display name.
///
/// `Debug` is masked: addresses are personal data and must not reach a log by accident.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The one door: `local@domain`, at most 254 octets, no white space, control characters,
    /// angle brackets or commas; the local part at most 64 octets.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let clean = |c: char| {
            !c.is_whitespace()
                && !c.is_control()
                && !matches!(
                    c,
                    '<' | '>' | ',' | ';' | ':' | '"' | '(' | ')' | '[' | ']' | '\\'
                )
                && !is_invisible(c)
        };
        let fits = !local.is_empty()
            && local.len() <= 64
            && text.len() <= 254
            && domain
                .split('.')
                .all(|label| !label.is_empty() && label.len() <= 63)
            && domain.contains('.')
            && text.chars().all(clean)
            && !local.contains('@');
        fits.then(|| Self(text.to_lowercase()))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The part before the `@`.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// For letters to others than the owner: the first letter and the domain's end, `i…@….ru`.
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('…');
        let end = self.domain().rsplit_once('.').map_or("", |(_, end)| end);
        format!("{first}…@….{end}")
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not an e-mail address")
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clean_address_passes_the_door() {
        assert_eq!(
            EmailAddress::parse(" Ivan@Example.RU ").unwrap().as_str(),
            "ivan@example.ru"
        );
        for text in [
            "",
            "ivan",
            "@example.ru",
            "a@b",
            "a b@example.ru",
            "a@example.ru\r\nBcc: x",
        ] {
            assert!(EmailAddress::parse(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn neither_debug_nor_mask_shows_the_address() {
        let address = EmailAddress::parse("ivan.petrov@example.ru").unwrap();
        assert!(!format!("{address:?}").contains("ivan"));
        assert_eq!(address.masked(), "i…@….ru");
    }
}
