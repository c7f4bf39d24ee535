//! The alphabet in which texts are searched: one octet for a character, so that the regex engine
//! stays on its fast automaton, which knows no Unicode word boundaries.
//!
//! ASCII and Cyrillic letters keep their identity, and so do the signs that patterns name; any
//! other character stands for its kind (a letter, a digit, a space, something else). Where a word
//! begins or ends, marks stand between the characters: `\b` is a mark.

/// Stands twice at every word boundary.
pub const MARK: u8 = 1;

/// Marks at one boundary: as many `\b` may meet there (`\bномер\b` before `\bn\b`).
pub const MARKS: usize = 2;

/// The first Cyrillic character, `Ѐ`; those up to `џ` follow.
const CYRILLIC: u32 = 0x400;

/// The octet of `Ѐ`.
const CYRILLIC_CODE: u8 = 0x80;

/// Cyrillic characters with an octet of their own.
const CYRILLIC_COUNT: u8 = 0x60;

/// What stands behind the Cyrillic octets: first the kinds, each with a character that stands for
/// it in the classes of patterns, then signs with an octet of their own.
const KINDS: [char; 8] = ['Ω', 'ω', 'ℵ', '٣', '\u{300}', '\u{2003}', '⚠', '\u{2010}'];
const SIGNS: [char; 24] = [
    '№', '«', '»', '—', '–', '…', '“', '”', '„', '’', 'º', '°', '\u{2212}', '\u{301}', '\u{FFFD}',
    'À', 'à', 'É', 'é', 'Ó', 'ó', 'Ü', 'ü', '\u{2015}',
];

const FIRST_KIND: u8 = CYRILLIC_CODE + CYRILLIC_COUNT;
const FIRST_SIGN: u8 = FIRST_KIND + 8;

/// The octet of a character.
pub fn code(c: char) -> u8 {
    let point = c as u32;
    if let Some(ascii) = u8::try_from(point).ok().filter(u8::is_ascii) {
        // The mark itself is none in a text.
        return if ascii == MARK { MARK + 1 } else { ascii };
    }
    if let Some(letter) = point
        .checked_sub(CYRILLIC)
        .and_then(|at| u8::try_from(at).ok())
        .filter(|at| *at < CYRILLIC_COUNT)
    {
        return CYRILLIC_CODE + letter;
    }
    let sign = SIGNS.iter().position(|sign| *sign == c);
    if let Some(sign) = sign.and_then(|at| u8::try_from(at).ok()) {
        return FIRST_SIGN + sign;
    }
    FIRST_KIND + kind(c)
}

/// The place of a character's kind in [`KINDS`].
fn kind(c: char) -> u8 {
    if c.is_uppercase() {
        0
    } else if c.is_lowercase() {
        1
    } else if c.is_alphabetic() {
        2
    } else if !regex_syntax::is_word_character(c) {
        match c {
            '\u{2010}'..='\u{2014}' => 7,
            c if c.is_whitespace() => 5,
            _ => 6,
        }
    } else if c.is_numeric() {
        3
    } else {
        4
    }
}

/// A character that has this octet; `None` for the mark.
pub fn character(code: u8) -> Option<char> {
    if code == MARK {
        return None;
    }
    if code.is_ascii() {
        return Some(char::from(code));
    }
    let list = |list: &[char], first: u8| list.get(usize::from(code.checked_sub(first)?)).copied();
    list(&SIGNS, FIRST_SIGN)
        .or_else(|| list(&KINDS, FIRST_KIND))
        .or_else(|| char::from_u32(CYRILLIC + u32::from(code - CYRILLIC_CODE)))
}

/// The octet of the small letter, «е» for «ё».
pub fn folded(code: u8) -> u8 {
    let Some(c) = character(code) else {
        return code;
    };
    let small = match c {
        'ё' | 'Ё' => 'е',
        c => c.to_lowercase().next().unwrap_or(c),
    };
    self::code(small)
}

/// Whether the octet is one of a word.
pub fn is_word(code: u8) -> bool {
    character(code).is_some_and(regex_syntax::is_word_character)
}

/// What is asked of every octet, computed once.
#[derive(Debug)]
pub struct Tables {
    pub folded: [u8; 256],
    pub word: [bool; 256],
}

impl Tables {
    /// The tables of the alphabet.
    pub fn get() -> &'static Self {
        static TABLES: std::sync::LazyLock<Tables> = std::sync::LazyLock::new(|| {
            let mut tables = Tables {
                folded: [0; 256],
                word: [false; 256],
            };
            for code in 0..=u8::MAX {
                if let Some(small) = tables.folded.get_mut(usize::from(code)) {
                    *small = folded(code);
                }
                if let Some(word) = tables.word.get_mut(usize::from(code)) {
                    *word = is_word(code);
                }
            }
            tables
        });
        &TABLES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_but_the_mark_is_the_code_of_its_character() {
        for octet in 0..=u8::MAX {
            match character(octet) {
                Some(c) => assert!(code(c) == octet || octet == MARK, "{octet:x} {c}"),
                None => assert_eq!(octet, MARK),
            }
        }
    }

    #[test]
    fn case_is_folded_and_kinds_are_kept() {
        assert_eq!(folded(code('Ж')), code('ж'));
        assert_eq!(folded(code('Ё')), code('е'));
        assert_eq!(folded(code('Ω')), code('ω'));
        assert_eq!(folded(code('А')), code('а'));
        assert_eq!(code('中'), code('ℵ'));
        assert!(is_word(code('ж')) && is_word(code('٣')) && !is_word(code('№')));
    }
}
