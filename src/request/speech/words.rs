//! The words of a sentence, with what stands between them.

use super::lexicon::{Classes, Lexicon, folded};
use std::ops::Range;

/// A word, or a number of any kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What the grammar knows of it.
    pub classes: Classes,
    /// «не» stands before it.
    pub denied: bool,
    /// A comma, dash, colon or bracket stands before it.
    pub opens_clause: bool,
    /// A colon stands before it.
    pub after_colon: bool,
    /// A dash stands before it.
    pub after_dash: bool,
    /// A list of the grammar holds it; its ending alone does not count.
    pub listed: bool,
    /// Where it stands in the sentence.
    pub range: Range<usize>,
    /// It has a digit.
    pub figure: bool,
}

/// The words of `sentence`. «не» belongs to the word behind it; «№» and signs are no words.
pub fn words(sentence: &str, lexicon: &Lexicon) -> Vec<Word> {
    let mut words = Vec::new();
    let mut denied = false;
    let mut opens_clause = false;
    let mut after_colon = false;
    let mut after_dash = false;
    for (range, piece) in pieces(sentence) {
        if !piece.starts_with(char::is_alphanumeric) {
            after_colon |= piece == ":";
            after_dash |= matches!(piece, "-" | "–" | "—");
            opens_clause |= piece
                .starts_with(|c: char| ",;:()–—!?.…\n".contains(c) || c > '\u{2190}')
                || piece == "-";
            continue;
        }
        let word = folded(piece);
        if word == "не" {
            denied = true;
            continue;
        }
        // «N 5» is «№ 5».
        if word == "n" {
            continue;
        }
        let figure = word.contains(|c: char| c.is_numeric());
        let classes = if figure {
            lexicon.classes("#")
        } else {
            lexicon.classes(&word)
        };
        let listed = !figure && lexicon.listed(&word) != Classes::default();
        words.push(Word {
            classes,
            denied,
            opens_clause,
            after_colon,
            after_dash,
            listed,
            range,
            figure,
        });
        (denied, opens_clause, after_colon, after_dash) = (false, false, false, false);
    }
    words
}

/// Runs of letters, digits and inner hyphens, and single signs; white space is left out.
fn pieces(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let skipped = rest.len()
            - rest
                .trim_start_matches(|c: char| c.is_whitespace() && c != '\n')
                .len();
        let start = at + skipped;
        let rest = text.get(start..)?;
        let first = rest.chars().next()?;
        let length = if first.is_alphanumeric() {
            word_length(rest)
        } else {
            first.len_utf8()
        };
        at = start + length;
        Some((start..at, rest.get(..length)?))
    })
}

fn word_length(rest: &str) -> usize {
    let mut chars = rest.char_indices().peekable();
    let mut figures = false;
    while let Some((at, c)) = chars.next() {
        let joins = |next: Option<&(usize, char)>| next.is_some_and(|(_, n)| n.is_alphanumeric());
        // «ГД–20633» is a number, «запись–отмена» are two words.
        let digit = chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let dash = matches!(c, '–' | '—' | '‑') && digit;
        let inner =
            (matches!(c, '-' | '\'' | '’') || dash || c == '/' && figures) && joins(chars.peek());
        if !c.is_alphanumeric() && !inner {
            return at;
        }
        figures |= c.is_numeric();
    }
    rest.len()
}
