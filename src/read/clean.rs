//! Characters that a reader does not see are taken away; those that spoil what they touch are
//! made visible.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Text in NFC with LF line ends, without invisible characters.
///
/// Soft hyphens, zero-width characters and byte order marks vanish. Control characters become
/// U+FFFD, so that a number that holds one is seen to be broken. Bidirectional controls stay:
/// whether they matter depends on where they stand.
pub fn text(raw: &str) -> String {
    let mut clean = String::with_capacity(raw.len());
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                clean.push('\n');
            }
            '\n' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => clean.push('\n'),
            '\t' => clean.push('\t'),
            c if is_invisible(c) => {}
            // «4̶8̶» is struck out; whatever else is put on a figure makes it another sign.
            '\u{335}'..='\u{338}' => clean.push(char::REPLACEMENT_CHARACTER),
            c if is_combining(c) && clean.ends_with(|c: char| c.is_ascii_digit()) => {
                clean.push(char::REPLACEMENT_CHARACTER);
            }
            c if c.is_control() || c == '\u{FFFC}' => clean.push(char::REPLACEMENT_CHARACTER),
            c => clean.push(c),
        }
    }
    // Most letters are composed already; to see that is many times cheaper than to do it.
    match is_nfc_quick(clean.chars()) {
        IsNormalized::Yes => clean,
        IsNormalized::No | IsNormalized::Maybe => clean.nfc().collect(),
    }
}

/// One line of clean text, spaces collapsed: for subjects and file names.
pub fn line(raw: &str, most: usize) -> String {
    let clean = text(raw);
    let words: Vec<&str> = clean.split_whitespace().collect();
    words.join(" ").chars().take(most).collect()
}

/// The beginning of a text, of about so many octets.
pub fn up_to(text: &str, octets: usize) -> &str {
    text.get(..text.floor_char_boundary(octets)).unwrap_or(text)
}

/// Characters without width that carry no meaning.
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2064}'
            // The frame of a key, with which telephones write figures.
            | '\u{20E3}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
    )
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}')
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn invisible_characters_vanish_and_control_characters_show() {
        assert_eq!(text("№\u{200B}1\u{AD}2\u{FEFF}"), "№12");
        assert_eq!(text("1\u{0}2"), "1\u{FFFD}2");
        assert_eq!(text("a\r\nb\rc"), "a\nb\nc");
        assert_eq!(text("и\u{306}"), "й");
        assert_eq!(text("4\u{FE0F}\u{20E3}8\u{FE0F}\u{20E3}"), "48");
        assert_eq!(text("4\u{336}8\u{301}"), "4\u{FFFD}8\u{FFFD}");
    }
}
