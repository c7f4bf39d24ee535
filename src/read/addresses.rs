//! Addresses in header fields (RFC 5322 section 3.4), with the display names left aside.

use super::limits;
use crate::domain::EmailAddress;

/// The mailboxes of a field: for each its address, or `None` where it is malformed.
///
/// Commas in quotes, comments and angle brackets do not separate; group names (`list:…;`) are
/// passed over.
pub fn mailboxes(value: &[u8]) -> Vec<Option<EmailAddress>> {
    let text = String::from_utf8_lossy(value);
    let mut found = Vec::new();
    let mut piece = Piece::default();
    let (mut quoted, mut escaped, mut comment) = (false, false, 0_u32);
    for c in text.chars() {
        if escaped {
            escaped = false;
            piece.quoted_text |= comment == 0;
            continue;
        }
        match c {
            '\\' if quoted || comment > 0 => escaped = true,
            '"' if comment == 0 && piece.angle.is_none() => {
                quoted = !quoted;
                piece.quoted_text = true;
            }
            _ if quoted => {}
            '(' => comment += 1,
            ')' if comment > 0 => comment -= 1,
            _ if comment > 0 => {}
            ',' | ';' if !piece.open => {
                found.extend(std::mem::take(&mut piece).address());
            }
            ':' if !piece.open && !piece.bare.contains('@') => piece = Piece::default(),
            other => piece.push(other),
        }
        if found.len() >= limits::ADDRESSES {
            return found;
        }
    }
    found.extend(piece.address());
    found
}

#[derive(Default)]
struct Piece {
    bare: String,
    angle: Option<String>,
    open: bool,
    quoted_text: bool,
}

impl Piece {
    fn push(&mut self, c: char) {
        match c {
            '<' => {
                self.open = true;
                self.angle = Some(String::new());
            }
            '>' => self.open = false,
            _ if self.open => {
                if let Some(angle) = &mut self.angle {
                    angle.push(c);
                }
            }
            _ => self.bare.push(c),
        }
    }

    /// `Some(None)` for a piece with words but without a sound address.
    fn address(self) -> Option<Option<EmailAddress>> {
        if let Some(angle) = self.angle {
            return Some(EmailAddress::parse(&angle));
        }
        let mut words = self
            .bare
            .split_whitespace()
            .filter(|word| word.contains('@'));
        let word = words.next();
        match (word, words.next()) {
            (Some(word), None) => Some(EmailAddress::parse(word)),
            (None, _) if self.bare.trim().is_empty() && !self.quoted_text => None,
            _ => Some(None),
        }
    }
}

/// The sound addresses of several fields, each once.
pub fn all<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<EmailAddress> {
    let mut found: Vec<EmailAddress> = Vec::new();
    for address in values.flat_map(mailboxes).flatten() {
        if found.len() < limits::ADDRESSES && !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<Option<String>> {
        mailboxes(value.as_bytes())
            .into_iter()
            .map(|a| a.map(|a| a.as_str().to_owned()))
            .collect()
    }

    #[test]
    fn addresses_are_found_beside_display_names() {
        let one = |text: &str| vec![Some(text.to_owned())];
        assert_eq!(read("\"Иванова, М.\" <i@example.ru>"), one("i@example.ru"));
        assert_eq!(read("i@example.ru (Иванова, М.)"), one("i@example.ru"));
        assert_eq!(read("Иванова Мария i@example.ru"), one("i@example.ru"));
        assert_eq!(read("\"a@b.ru\" <i@example.ru>"), one("i@example.ru"));
        assert_eq!(read("a@example.ru, <b@example.ru>").len(), 2);
        assert_eq!(read("undisclosed-recipients:;"), vec![]);
        assert_eq!(read("Иванова"), vec![None]);
    }
}
