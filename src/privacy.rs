//! Keeps personal data out of logs: masks what slips in, and finds it in a log that was written.

/// What a masked address or number looks like.
const MASK: &str = "…";

/// `text` with everything masked that looks like an e-mail address or a telephone number.
///
/// Our own log lines hold ids and codes only; this is the net below them, for the texts of
/// libraries and servers that come up as the cause of a failure.
pub fn masked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = first_personal(rest) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        out.push_str(before);
        out.push_str(MASK);
        rest = from
            .split_at_checked(end - start)
            .map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// What [`leaks`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeakKind {
    /// An e-mail address (or a Message-ID: these may carry our tokens).
    Address,
    /// A telephone number in international form.
    Phone,
    /// Cyrillic words: our log speaks English, so they come from a letter or a booking.
    Cyrillic,
}

/// A place in a log that holds personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leak {
    /// The line, from 1.
    pub line: usize,
    /// What was found.
    pub kind: LeakKind,
}

/// Looks through a log for personal data, line by line.
pub fn leaks(log: &str) -> Vec<Leak> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(log.lines()) {
        if find_address(text).is_some() {
            found.push(Leak {
                line,
                kind: LeakKind::Address,
            });
        }
        if find_phone(text).is_some() {
            found.push(Leak {
                line,
                kind: LeakKind::Phone,
            });
        }
        if text.chars().any(|c| matches!(c, '\u{400}'..='\u{52F}')) {
            found.push(Leak {
                line,
                kind: LeakKind::Cyrillic,
            });
        }
    }
    found
}

/// Octet range of the first address or number.
fn first_personal(text: &str) -> Option<(usize, usize)> {
    let found = [find_address(text), find_phone(text)];
    found.into_iter().flatten().min()
}

/// Octet range of the first `local@domain.tld`.
fn find_address(text: &str) -> Option<(usize, usize)> {
    let in_local = |c: char| {
        c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '=' | '\'' | '/')
    };
    let in_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    for (at, _) in text.match_indices('@') {
        let (before, after) = text.split_at_checked(at)?;
        let after = after.strip_prefix('@')?;
        let local: usize = before
            .chars()
            .rev()
            .take_while(|c| in_local(*c))
            .map(char::len_utf8)
            .sum();
        let domain: String = after.chars().take_while(|c| in_domain(*c)).collect();
        if local > 0 && domain.trim_matches('.').contains('.') {
            return Some((at - local, at + 1 + domain.len()));
        }
    }
    None
}

/// Octet range of the first `+` that is followed by at least ten digits, spaces and brackets aside.
fn find_phone(text: &str) -> Option<(usize, usize)> {
    for (at, _) in text.match_indices('+') {
        let (_, from) = text.split_at_checked(at)?;
        let mut digits = 0;
        let mut length = 1;
        let mut end = 1;
        for c in from.chars().skip(1) {
            match c {
                '0'..='9' => digits += 1,
                ' ' | '-' | '(' | ')' | '\u{A0}' => {}
                _ => break,
            }
            length += c.len_utf8();
            if c.is_ascii_digit() {
                end = length;
            }
        }
        if digits >= 10 {
            return Some((at, at + end));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_masked_and_the_rest_stays() {
        for (text, expected) in [
            ("550 <ivan.petrov@example.ru> unknown", "550 <…> unknown"),
            ("иван@пример.рф, b@c.example", "…, …"),
            ("call +7 (916) 123-45-67 now", "call … now"),
            (
                "postgres://u@localhost/db 2026-11-21T22:30:42+00:00 №12345",
                "postgres://u@localhost/db 2026-11-21T22:30:42+00:00 №12345",
            ),
            ("@ a@ @b.c +", "@ a@ @b.c +"),
            ("", ""),
        ] {
            assert_eq!(masked(text), expected);
        }
    }

    #[test]
    fn masking_twice_changes_nothing_more() {
        let once = masked("a@b.example@c.example +79161234567 x@y.z");
        assert_eq!(masked(&once), once);
        assert!(leaks(&once).is_empty(), "{once}");
    }

    #[test]
    fn leaks_are_told_by_line_and_kind() {
        let log = "letter=1 decision=cancelled\nto a@b.example\n+79161234567\nИванов";
        let found: Vec<(usize, LeakKind)> = leaks(log).iter().map(|l| (l.line, l.kind)).collect();
        assert_eq!(
            found,
            [
                (2, LeakKind::Address),
                (3, LeakKind::Phone),
                (4, LeakKind::Cyrillic)
            ]
        );
    }
}
