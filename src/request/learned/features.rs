//! What of a sentence is weighed: its words, their stems and endings, and what stands side by side.

use super::folded::folded;
use super::table::Feature;
use std::ops::Range;

/// Letters of a word that stand for all its forms.
const STEM: usize = 5;

/// Words of a sentence that are weighed; more are no sentence.
const MOST_WORDS: usize = 80;

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
        let end = self.word.char_indices().nth(STEM).map(|(at, _)| at);
        end.and_then(|end| self.word.get(..end))
            .unwrap_or(&self.word)
    }

    /// The last `count` letters of a longer word.
    fn ending(&self, count: usize) -> Option<&str> {
        if self.word.chars().count() < count + 2 {
            return None;
        }
        let start = self
            .word
            .char_indices()
            .rev()
            .nth(count - 1)
            .map(|(at, _)| at);
        start.and_then(|start| self.word.get(start..))
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
                let inner = matches!(c, '-' | '/' | '_');
                let rest = sentence.get(at + c.len_utf8()..).unwrap_or_default();
                if !(c.is_alphanumeric() || inner && rest.starts_with(char::is_alphanumeric)) {
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

/// Collects the hashes of features.
#[derive(Debug, Default)]
struct Collected(Vec<Feature>);

impl Collected {
    /// FNV-1a over the kind and the parts.
    fn add(&mut self, kind: u8, parts: &[&str]) {
        let mut hash: u32 = 0x811c_9dc5 ^ u32::from(kind);
        hash = hash.wrapping_mul(0x0100_0193);
        for part in parts {
            for byte in part.bytes().chain([b' ']) {
                hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
            }
        }
        // Its low bits alone are mixed badly.
        self.0.push(hash ^ hash >> 15);
    }

    /// All that was collected, nothing twice.
    fn once(mut self) -> Vec<Feature> {
        self.0.sort_unstable();
        self.0.dedup();
        self.0
    }
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

/// Features of each token for telling where a reason begins and ends.
pub fn of_tokens(tokens: &[Token]) -> Vec<Vec<Feature>> {
    let clauses = clauses(tokens);
    (0..tokens.len())
        .map(|at| of_token(tokens, at, &clauses))
        .collect()
}

/// The clauses of a sentence: each as its range of tokens, its sign first.
fn clauses(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        let parts = matches!(
            token.word.as_str(),
            "," | ":" | ";" | "—" | "–" | "-" | "!" | "?" | "(" | "…"
        );
        if parts && at > from {
            clauses.push(from..at);
            from = at;
        }
    }
    clauses.push(from..tokens.len());
    clauses
}

/// Only the words of its own clause speak for a token, and the sign before them: what is asked for
/// beside a reason is no word against it.
fn of_token(tokens: &[Token], here: usize, clauses: &[Range<usize>]) -> Vec<Feature> {
    let mut all = Collected::default();
    let whole = 0..tokens.len();
    let clause = clauses.iter().find(|c| c.contains(&here)).unwrap_or(&whole);
    let own = tokens.get(clause.clone()).unwrap_or_default();
    let at = here - clause.start;
    let near = |by: isize| at.checked_add_signed(by).and_then(|at| own.get(at));
    let stem = |by: isize| near(by).map_or(EDGE, Token::stem);
    let ending = |by: isize| near(by).map_or(EDGE, |t| t.ending(3).unwrap_or(&t.word));
    all.add(21, &[near(0).map_or(EDGE, |t| &t.word)]);
    for (kind, by) in [
        (23, -3),
        (24, -2),
        (25, -1),
        (26, 0),
        (27, 1),
        (28, 2),
        (29, 3),
    ] {
        all.add(kind, &[stem(by)]);
    }
    for (kind, by) in [(30, -1), (22, 0), (31, 1)] {
        all.add(kind, &[ending(by)]);
    }
    all.add(32, &[stem(-1), stem(0)]);
    all.add(33, &[stem(0), stem(1)]);
    all.add(34, &[stem(-1), stem(1)]);
    all.add(35, &[stem(-2), stem(-1)]);
    all.add(36, &[stem(1), stem(2)]);
    for token in own {
        all.add(40, &[token.stem()]);
        all.add(45, &[token.ending(3).unwrap_or(&token.word)]);
    }
    let part = |at: usize| own.get(at).map_or(EDGE, Token::stem);
    all.add(43, &[part(0), part(1)]);
    all.add(44, &[part(1), part(2)]);
    let (first, last) = (clause.start == 0, clause.end == tokens.len());
    let place = match (first, last) {
        (true, true) => "whole",
        (true, false) => "first",
        (false, true) => "last",
        (false, false) => "among",
    };
    all.add(46, &[place]);
    all.add(47, &[place, part(0), part(1)]);
    all.add(48, &[["1", "2", "3", "4"].get(own.len()).unwrap_or(&"5")]);
    all.once()
}
