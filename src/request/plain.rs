//! The text in which requests are sought: one spelling for what looks the same.

use crate::read::grammar;
use std::sync::LazyLock;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Marks a place where the text is broken: what touches it cannot be trusted.
pub const BROKEN: char = char::REPLACEMENT_CHARACTER;

/// Stands for what was masked.
pub const MASK: char = '~';

/// Stands for an address of mail or of the web.
pub const ADDRESS_SIGN: char = '@';

/// Turns the reading direction round: what follows is not what the writer saw.
pub const OVERRIDE: char = '\u{202E}';

/// Compatibility forms folded (full-width digits), one kind of space, no direction marks at the
/// edges of words; within a word they break it. Latin letters in Cyrillic words become Cyrillic.
pub fn plain(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '№' | '…' | '°' | 'º' | BROKEN => folded.push(c),
            // A footnote's mark is no digit of the number before it; «200 м²» is a measure.
            '¹' | '²' | '³' | '⁰' | '\u{2074}'..='\u{2079}' => {
                let measure = folded.ends_with(char::is_alphabetic)
                    && !chars.peek().is_some_and(|next| next.is_numeric());
                folded.push(if measure { c } else { BROKEN });
            }
            // «48213½»: the compatible form would be a longer number.
            c if is_small_figure(c) && folded.ends_with(|c: char| c.is_ascii_digit()) => {
                folded.push(BROKEN);
            }
            '\u{202B}' | '\u{202E}' | '\u{2067}' => folded.push(OVERRIDE),
            '\t' | '\n' => folded.push(c),
            // Most letters have no other compatible form.
            '!'..='~' | 'А'..='я' | 'ё' | 'Ё' => folded.push(c),
            c if c.is_whitespace() => folded.push(' '),
            c => folded.extend(std::iter::once(c).nfkc()),
        }
    }
    if is_nfc_quick(folded.chars()) != IsNormalized::Yes {
        folded = folded.nfc().collect();
    }
    if folded.contains(is_direction_mark) {
        folded = without_direction_marks(&folded);
    }
    without_addresses(&fold_mixed_words(&folded))
}

/// Addresses of mail and of the web say nothing of the writer's wish, whatever words they are made of:
/// «otmena@example.ru», «https://example.ru/cancel».
fn without_addresses(text: &str) -> String {
    static ADDRESS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)https?://[^\s<>«»\x22]{1,2000}[^\s<>«»\x22.,;:!?)]|\bwww\.[^\s<>«»\x22]{1,2000}[^\s<>«»\x22.,;:!?)]|[^\s<>@,;:()«»\x22]{1,64}@[^\s<>@,;()«»\x22]{1,200}\.\p{L}{2,20}|\b[\p{L}\d-]{1,60}(?:\.[\p{L}\d-]{1,60}){0,3}\.(?:ru|рф|com|net|org|su|info|online|site)\b(?:/(?:[^\s<>«»\x22]{0,2000}[^\s<>«»\x22.,;:!?)])?)?|<#[\w-]{1,60}>",
        )
    });
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for address in ADDRESS.find_iter(text) {
        kept.push_str(text.get(from..address.start()).unwrap_or_default());
        kept.push(ADDRESS_SIGN);
        from = address.end();
    }
    kept + text.get(from..).unwrap_or_default()
}

/// Figures below the line, in circles, and fractions.
const fn is_small_figure(c: char) -> bool {
    matches!(
        c,
        '¼'..='¾' | '\u{2080}'..='\u{2089}' | '\u{2150}'..='\u{215F}' | '\u{2460}'..='\u{249B}' | '\u{24EA}'..='\u{24FF}' | '\u{2776}'..='\u{2793}'
    )
}

const fn is_direction_mark(c: char) -> bool {
    matches!(
        c,
        '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'
            | '\u{202C}'
            | '\u{202D}'
            | '\u{2066}'
            | '\u{2068}'
            | '\u{2069}'
    )
}

fn without_direction_marks(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if !is_direction_mark(c) {
            clean.push(c);
            continue;
        }
        while chars.next_if(|next| is_direction_mark(*next)).is_some() {}
        // Within a word of letters it changes nothing that anybody sees.
        let before = clean.chars().next_back().filter(|c| c.is_alphanumeric());
        let next = chars.peek().filter(|c| c.is_alphanumeric());
        let within = before.zip(next);
        if within.is_some_and(|(before, next)| before.is_numeric() || next.is_numeric()) {
            clean.push(BROKEN);
        }
    }
    clean
}

/// Words of both alphabets without digits are meant as Cyrillic («Oтмена» with a Latin O).
fn fold_mixed_words(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let latin = piece.bytes().any(|octet| octet.is_ascii_alphabetic());
        let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{4FF}');
        if latin && piece.contains(cyrillic) && !piece.contains(char::is_numeric) {
            folded.extend(piece.chars().map(to_cyrillic));
        } else {
            folded.push_str(piece);
        }
    }
    folded
}

const fn to_cyrillic(c: char) -> char {
    match c {
        'A' => 'А',
        'B' => 'В',
        'C' => 'С',
        'E' => 'Е',
        'H' => 'Н',
        'K' => 'К',
        'M' => 'М',
        'O' => 'О',
        'P' => 'Р',
        'T' => 'Т',
        'X' => 'Х',
        'Y' => 'У',
        'a' => 'а',
        'c' => 'с',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        'x' => 'х',
        'y' => 'у',
        'k' => 'к',
        'm' => 'м',
        'i' => 'і',
        other => other,
    }
}

/// Replaces the octets of `ranges` by `~`, so that offsets stay and nothing is found there.
pub fn masked(text: &str, ranges: &[std::ops::Range<usize>]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for range in ranges {
        if range.start < at {
            continue;
        }
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.extend(std::iter::repeat_n(
            MASK,
            range.end.saturating_sub(range.start),
        ));
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Octets beside a place in a line that are looked at; contexts are never longer.
const WINDOW: usize = 400;

/// The part of the line before `at`, the nearest octets of it.
pub fn line_before(text: &str, at: usize) -> &str {
    let mut from = at.saturating_sub(WINDOW);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    before.rsplit('\n').next().unwrap_or_default()
}

/// The part of the line after `at`, the nearest octets of it.
pub fn line_after(text: &str, at: usize) -> &str {
    behind(text, at).split('\n').next().unwrap_or_default()
}

/// The nearest octets after `at`, also of the lines below: to search all the rest for each figure of a letter
/// would take time by the square of its length.
pub fn behind(text: &str, at: usize) -> &str {
    let mut end = text.len().min(at.saturating_add(WINDOW));
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.get(at..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_and_wide_digits_are_folded() {
        assert_eq!(plain("Oтмена зaписи №\u{A0}１２"), "Отмена записи № 12");
        assert_eq!(plain("A17"), "A17");
        assert_eq!(
            plain("Пишите: otmena@example.ru, www.example.ru/cancel."),
            "Пишите: @, @."
        );
        assert_eq!(
            plain("Да.Ру 12.03 и 5@ и http://"),
            "Да.Ру 12.03 и 5@ и http://"
        );
        assert_eq!(plain("№ 12²"), "№ 12\u{FFFD}");
        assert_eq!(plain("200 м² и К²5"), "200 м² и К\u{FFFD}5");
        assert_eq!(plain("\u{202A}+7\u{202C} 1\u{202A}2"), "+7 1\u{FFFD}2");
    }
}
