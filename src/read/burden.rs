//! What a letter would cost the parser, weighed in one pass before it is parsed.
//!
//! mail-parser itself has no limits: it keeps every header field and part that it finds, and
//! looks through all that follows for each boundary that is missing.

use super::grammar;
use super::headers::next_line;
use super::limits;
use regex::bytes::Regex;
use std::sync::LazyLock;

static COSTLY: LazyLock<Regex> = LazyLock::new(|| {
    grammar::octets(
        r"(?i-u)(?P<letter>message\s{0,9}/\s{0,9}(?:rfc822|global))|(?P<multipart>multipart\s{0,9}/)|(?P<type>content-type)",
    )
});

/// Whether a letter is more than the parser is given. No letter of a person comes near.
pub fn is_too_heavy(letter: &[u8]) -> bool {
    has_too_many_fields(letter) || has_too_costly_words(letter)
}

/// Counts the lines that may belong to a header block: those at the beginning, and those below a
/// line that may hold a delimiter, each up to the next empty line.
fn has_too_many_fields(letter: &[u8]) -> bool {
    let mut lines = 0_usize;
    let mut within = true;
    let mut rest = letter;
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if memchr::memmem::find(line, b"--").is_some() {
            within = true;
        }
        if within {
            lines += 1;
            within = !line.is_empty();
        }
        if lines > limits::HEADER_LINES {
            return true;
        }
    }
    false
}

fn has_too_costly_words(letter: &[u8]) -> bool {
    let (mut letters, mut multiparts) = (0_usize, 0_usize);
    for found in COSTLY.captures_iter(letter) {
        letters += usize::from(found.name("letter").is_some());
        if let Some(at) = found.name("type") {
            let value = letter.get(at.end()..).unwrap_or_default();
            if field_length(value) > limits::FIELD_OCTETS {
                return true;
            }
        } else if found.name("multipart").is_some() {
            multiparts += 1;
        }
        let searched = multiparts.saturating_mul(letter.len());
        if letters > limits::ATTACHED_LETTERS || searched > limits::SEARCHED_OCTETS {
            return true;
        }
    }
    false
}

/// Octets up to a line end that no white space follows.
fn field_length(value: &[u8]) -> usize {
    let within = value.get(..=limits::FIELD_OCTETS).unwrap_or(value);
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'\n', within.get(from..).unwrap_or_default()) {
        from += at + 1;
        if !matches!(within.get(from), Some(b' ' | b'\t')) {
            return from;
        }
    }
    within.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_letter_is_light() {
        let attached = "Content-Type: message/rfc822\r\n\r\nFrom: a@example.ru\r\n\r\n--\r\n";
        assert!(!is_too_heavy(attached.repeat(10).as_bytes()));
        assert!(!is_too_heavy(
            "Текст -- и ещё\r\n\r\n".repeat(9_000).as_bytes()
        ));
        assert!(!is_too_heavy(b""));
    }

    #[test]
    fn what_costs_the_parser_much_is_heavy() {
        let heavy = [
            "A: b\n".repeat(limits::HEADER_LINES + 1),
            "x--b\nA: b\n".repeat(limits::HEADER_LINES),
            "Content-Type: message/rfc822\n\n".repeat(limits::ATTACHED_LETTERS + 1),
            "content-TYPE: Multipart/mixed\n\n".repeat(9_000),
            format!("Content-Type: a/b;\n {}", "x=y; ".repeat(20_000)),
        ];
        for letter in heavy {
            assert!(is_too_heavy(letter.as_bytes()));
        }
    }
}
