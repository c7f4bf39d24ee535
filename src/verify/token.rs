//! Our own tokens in a letter: in the ids of its thread and in plus-addresses. Pure.

use crate::domain::{EmailAddress, MessageId, Moment, Token, TokenSecrets};
use crate::read::Letter;

/// Characters of a token, so that nothing else is even tried.
const TOKEN_LENGTH: usize = 47;

/// Most tokens that one letter may bring.
const MOST_TOKENS: usize = 20;

/// Whether something that looks like a token of ours stands in In-Reply-To or References.
pub(super) fn in_thread(letter: &Letter) -> bool {
    letter.thread.iter().any(|id| in_message_id(id).is_some())
}

/// Whether something that looks like a token of ours stands in a plus-address that only the
/// envelope names: no signature covers that, so whoever delivers the letter again may choose it.
pub(super) fn in_envelope_only(letter: &Letter) -> bool {
    letter
        .delivered_to
        .iter()
        .any(|one| in_plus_address(one).is_some() && !letter.recipients.contains(one))
}

/// The genuine tokens of a letter: those that have not expired when the server received it, and
/// those that have.
pub fn find(letter: &Letter, secrets: &TokenSecrets, at: Moment) -> (Vec<Token>, Vec<Token>) {
    let in_thread = letter.thread.iter().filter_map(in_message_id);
    let in_addresses = letter
        .delivered_to
        .iter()
        .chain(&letter.recipients)
        .filter_map(in_plus_address);
    let mut genuine: Vec<Token> = Vec::new();
    for text in in_thread.chain(in_addresses).take(MOST_TOKENS) {
        // Whether it has expired is asked below, so that the reason can be named.
        if let Some(token) = secrets.verify(text, Moment::from_micros(i64::MIN))
            && !genuine.contains(&token)
        {
            genuine.push(token);
        }
    }
    genuine
        .into_iter()
        .partition(|token| at <= token.expires_at)
}

/// `<token>.<unique>@domain`
fn in_message_id(id: &MessageId) -> Option<&str> {
    let (token, _) = id.as_str().split_once('.')?;
    (token.len() == TOKEN_LENGTH).then_some(token)
}

/// `local+<token>@domain`
fn in_plus_address(address: &EmailAddress) -> Option<&str> {
    let (_, token) = address.local().rsplit_once('+')?;
    (token.len() == TOKEN_LENGTH).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Purpose;

    fn secrets() -> TokenSecrets {
        TokenSecrets::new(&[5; 32], None)
    }

    fn token() -> Token {
        Token {
            purpose: Purpose::Booking,
            subject: 7,
            expires_at: Moment::from_seconds(6_000),
        }
    }

    #[test]
    fn a_token_is_found_in_the_thread_and_in_a_plus_address() {
        let text = secrets().mint(&token());
        let mut threaded = Letter::default();
        threaded
            .thread
            .push(MessageId::parse(&format!("{text}.00ff@example.com")).unwrap());
        let mut addressed = Letter::default();
        addressed
            .delivered_to
            .push(EmailAddress::parse(&format!("cancel+{text}@example.com")).unwrap());
        for letter in [threaded, addressed] {
            let found = find(&letter, &secrets(), Moment::from_seconds(6_000));
            assert_eq!(found, (vec![token()], Vec::new()));
            let late = find(&letter, &secrets(), Moment::from_seconds(6_001));
            assert_eq!(late, (Vec::new(), vec![token()]));
        }
    }

    #[test]
    fn a_foreign_id_is_no_token() {
        let mut letter = Letter::default();
        letter
            .thread
            .push(MessageId::parse("CAF.123@mail.example.com").unwrap());
        letter
            .thread
            .push(MessageId::parse(&format!("{}.1@example.com", "a".repeat(47))).unwrap());
        assert_eq!(
            find(&letter, &secrets(), Moment::default()),
            (Vec::new(), Vec::new())
        );
    }
}
