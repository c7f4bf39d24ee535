//! What of a sentence is weighed: its words, their stems and endings, and what stands side by side.

mod collected;
pub mod figures;
pub mod name;
pub mod reason;

use super::folded::folded;
use super::table::Feature;
use collected::Collected;
use std::ops::Range;

/// Letters of a word that stand for all its forms.
const STEM: usize = 5;

/// Words of a sentence that are weighed; more are no sentence.
pub const MOST_WORDS: usize = 80;

/// Letters of a word that are weighed; no word is so long.
const LONGEST: usize = 40;

/// A word or a sign of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Small letters, «ё» as «е»; `0` for whatever holds a figure.
    pub word: String,
    /// Where it stands in the sentence.
    pub range: Range<usize>,
    /// It is a word or a figure, no sign.
    pub worded: bool,
    /// It begins with a capital.
    pub capital: bool,
}

impl Token {
    /// The first letters.
    fn stem(&self) -> &str {
        head(&self.word, STEM)
    }

    /// The last `count` letters of a longer word.
    fn ending(&self, count: usize) -> Option<&str> {
        (self.word.chars().count() >= count + 2).then(|| tail(&self.word, count))
    }
}

/// The words and signs of `sentence`; a full stop is no sign.
pub fn tokens(sentence: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut chars = sentence.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        if first.is_whitespace() || matches!(first, '.' | '"' | '«' | '»') {
            continue;
        }
        let mut end = start + first.len_utf8();
        let worded = first.is_alphanumeric();
        if worded {
            while let Some(&(at, c)) = chars.peek() {
                let rest = sentence.get(at + c.len_utf8()..).unwrap_or_default();
                let inner = matches!(c, '-' | '/' | '_') && rest.starts_with(char::is_alphanumeric);
                // «12:30», «14.05.2027»
                let figures = matches!(c, '.' | ':')
                    && sentence
                        .get(..at)
                        .is_some_and(|t| t.ends_with(char::is_numeric))
                    && rest.starts_with(char::is_numeric);
                if !(c.is_alphanumeric() || inner || figures) {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
            }
        }
        let written = sentence.get(start..end).unwrap_or_default();
        let word = if written.contains(char::is_numeric) {
            "0".to_owned()
        } else {
            folded(written).chars().take(LONGEST).collect()
        };
        // The sign of a number is written in many ways, and says nothing.
        if matches!(word.as_str(), "№" | "#" | "n" | "no") {
            continue;
        }
        found.push(Token {
            word,
            range: start..end,
            worded,
            capital: first.is_uppercase(),
        });
        if found.len() == MOST_WORDS {
            break;
        }
    }
    found
}

/// The last `count` letters.
fn tail(word: &str, count: usize) -> &str {
    let start = word.char_indices().rev().nth(count.saturating_sub(1));
    start.and_then(|(at, _)| word.get(at..)).unwrap_or(word)
}

/// The first `count` letters.
fn head(word: &str, count: usize) -> &str {
    let end = word.char_indices().nth(count);
    end.and_then(|(at, _)| word.get(..at)).unwrap_or(word)
}

/// What stands for a word beyond the sentence.
const EDGE: &str = "^";

/// Features of a whole sentence, each once.
pub fn of_sentence(tokens: &[Token]) -> Vec<Feature> {
    let mut all = Collected::default();
    let with_signs: Vec<&Token> = tokens.iter().collect();
    let words: Vec<&Token> = tokens.iter().filter(|t| t.word != ",").collect();
    for token in tokens {
        all.add(1, &[token.stem()]);
        all.add(2, &[&token.word]);
        for count in [2, 3] {
            if let Some(ending) = token.ending(count) {
                all.add(3, &[ending]);
            }
        }
        letters(&token.word, &mut all);
    }
    side_by_side(&with_signs, 4, &mut all);
    side_by_side(&words, 5, &mut all);
    let stem = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or(EDGE, |t| t.stem());
    for (here, token) in words.iter().enumerate() {
        let previous = stem(here.checked_sub(1));
        all.add(6, &[previous, token.stem(), stem(Some(here + 1))]);
        for far in [2, 3] {
            if let Some(other) = words.get(here + far) {
                all.add(7, &[token.stem(), other.stem()]);
            }
        }
        for count in [2, 3] {
            if let Some(ending) = token.ending(count) {
                all.add(8, &[previous, ending]);
            }
        }
    }
    all.add(9, &[stem(Some(0))]);
    all.add(10, &[stem(words.len().checked_sub(1))]);
    all.once()
}

fn side_by_side(tokens: &[&Token], kind: u8, all: &mut Collected) {
    let mut previous = EDGE;
    for token in tokens {
        all.add(kind, &[previous, token.stem()]);
        previous = token.stem();
    }
    all.add(kind, &[previous, EDGE]);
}

/// Runs of four letters within a word.
fn letters(word: &str, all: &mut Collected) {
    let padded = format!(" {word} ");
    let starts = padded.char_indices().map(|(at, _)| at);
    let ends = starts.clone().skip(4).chain([padded.len()]);
    for (start, end) in starts.zip(ends) {
        all.add(11, &[padded.get(start..end).unwrap_or_default()]);
    }
}
