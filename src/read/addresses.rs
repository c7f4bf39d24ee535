//! Addresses in header fields (RFC 5322 section 3.4), with the display names left aside.

use super::limits;
use crate::domain::EmailAddress;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};

/// The mailboxes of a field, those of groups too: for each its address, or `None` where it is
/// malformed.
pub fn mailboxes(value: &[u8]) -> Vec<Option<EmailAddress>> {
    let line = [value, b"\n"].concat();
    let HeaderValue::Address(found) = MessageStream::new(&line).parse_address() else {
        return Vec::new();
    };
    let address = |mailbox: &Addr<'_>| {
        let given = mailbox.address.as_deref().and_then(EmailAddress::parse);
        given.or_else(|| bare(value))
    };
    found.iter().take(limits::ADDRESSES).map(address).collect()
}

/// The address of `Иванова Мария i@example.ru`: mail-parser does not part the name from it
/// (`header-from-bare-address`).
fn bare(value: &[u8]) -> Option<EmailAddress> {
    let text = String::from_utf8_lossy(value);
    if text.contains(['"', '<', '>', '(', ')', ',', ';', ':', '\\']) {
        return None;
    }
    let mut words = text.split_whitespace().filter(|word| word.contains('@'));
    let word = words.next()?;
    words.next().is_none().then(|| EmailAddress::parse(word))?
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
        assert_eq!(read("list: a@example.ru, b@example.ru;").len(), 2);
        assert_eq!(read("undisclosed-recipients:;"), vec![]);
        assert_eq!(read("<a@example.ru> <b@example.ru>"), vec![None]);
        assert_eq!(read("\"a@example.ru\""), vec![None]);
        assert_eq!(read("a@example.ru b@example.ru"), vec![None]);
        assert_eq!(read("Иванова"), vec![None]);
    }
}
