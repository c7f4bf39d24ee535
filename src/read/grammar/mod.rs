//! Patterns as data: each rule has its patterns, examples and counter-examples in a TOML file
//! that a Russian speaker can read and extend without knowing Rust.
//!
//! In a pattern a space stands for any white space, with or without a comma before it (« ?» also
//! for none), «е» also for «ё», letters for both cases, and a word of the pattern begins where a
//! word of the text begins. «{номер}» stands for a piece that `fragments.toml` explains.

mod alphabet;
mod pattern;
mod text;
mod translation;

pub use pattern::{Captures, Match, Pattern};
pub use text::{Haystack, Text};

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// One rule: a set of patterns, any of which may match.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub struct Rule {
    pattern: Pattern,
    /// The patterns as one regular expression, and that compiled to match a whole text.
    alternatives: String,
    whole: OnceLock<Pattern>,
    /// Texts that must match.
    #[cfg(test)]
    pub examples: Vec<String>,
    /// Texts that must not match.
    #[cfg(test)]
    pub counter_examples: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    patterns: Vec<String>,
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are for the tests")
    )]
    examples: Vec<String>,
    #[serde(default)]
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "the examples are for the tests")
    )]
    counter_examples: Vec<String>,
}

impl From<Written> for Rule {
    fn from(written: Written) -> Self {
        let alternatives: Vec<String> = written.patterns.iter().map(|p| expand(p)).collect();
        let alternatives = alternatives.join("|");
        Self {
            pattern: Pattern::new(&format!("(?i)(?:{alternatives})")),
            alternatives,
            whole: OnceLock::new(),
            #[cfg(test)]
            examples: written.examples,
            #[cfg(test)]
            counter_examples: written.counter_examples,
        }
    }
}

/// Pieces of patterns by their names; one may name others.
static FRAGMENTS: LazyLock<BTreeMap<String, Written>> =
    LazyLock::new(|| embedded(include_str!("fragments.toml")));

/// Pieces within pieces are as deep as this at most.
const DEEPEST: usize = 3;

fn with_fragments(pattern: &str) -> String {
    (0..DEEPEST).fold(pattern.to_owned(), |pattern, _| {
        FRAGMENTS.iter().fold(pattern, |pattern, (name, piece)| {
            let meant = format!("(?:{})", piece.patterns.join("|"));
            pattern.replace(&format!("{{{name}}}"), &meant)
        })
    })
}

/// «е» stands for «ё» because a pattern that begins with `(?i)` is sought without the difference.
fn expand(pattern: &str) -> String {
    let whole = with_fragments(pattern);
    let spaced = whole.trim().replace(" ?", r",?\s*").replace(' ', r",?\s+");
    let word_first = pattern.starts_with(|c: char| c.is_alphabetic() || matches!(c, '(' | '{'));
    if word_first {
        format!(r"(?:^|\b)(?:{spaced})")
    } else {
        format!("(?:{spaced})")
    }
}

impl Rule {
    /// Whether any pattern matches.
    pub fn is_in<'t>(&self, text: impl Haystack<'t>) -> bool {
        self.pattern.is_match(text)
    }

    /// Whether any pattern matches all of the text. [`Self::find`] may find a shorter one there.
    pub fn is_all_of<'t>(&self, text: impl Haystack<'t>) -> bool {
        self.whole
            .get_or_init(|| Pattern::new(&format!("(?i)^(?:{})$", self.alternatives)))
            .is_match(text)
    }

    /// Where the first match lies.
    pub fn find<'t>(&self, text: impl Haystack<'t>) -> Option<std::ops::Range<usize>> {
        self.pattern.find(text).map(|found| found.range())
    }

    /// All matches.
    pub fn all<'t>(&self, text: impl Haystack<'t>) -> Vec<std::ops::Range<usize>> {
        self.pattern
            .find_iter(text)
            .map(|found| found.range())
            .collect()
    }

    /// The first example or counter-example that the patterns judge wrongly.
    #[cfg(test)]
    pub fn misjudged(&self) -> Option<&str> {
        let wrong = |text: &&String, expected: bool| self.is_in(text.as_str()) != expected;
        self.examples
            .iter()
            .find(|text| wrong(text, true))
            .or_else(|| self.counter_examples.iter().find(|text| wrong(text, false)))
            .map(String::as_str)
    }
}

/// Reads an embedded grammar.
#[expect(
    clippy::expect_used,
    reason = "the file is embedded at build time and a test reads it"
)]
pub fn embedded<T: serde::de::DeserializeOwned>(toml: &str) -> T {
    toml::from_str(toml).expect("the embedded grammar is sound")
}

/// A pattern that stands in the code because it is about shape, not about words.
pub fn regex(pattern: &str) -> Pattern {
    Pattern::new(pattern)
}

/// A pattern over octets that are no text yet.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and every one is used by a test"
)]
pub fn octets(pattern: &str) -> regex::bytes::Regex {
    regex::bytes::Regex::new(pattern).expect("the pattern is sound")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_piece_judges_its_examples() {
        assert!(!FRAGMENTS.is_empty());
        for piece in FRAGMENTS.values() {
            let rule = Rule::from(piece.clone());
            let whole = |text: &&String| rule.is_all_of(text.as_str());
            assert_eq!(rule.examples.iter().find(|text| !whole(text)), None);
            assert_eq!(rule.counter_examples.iter().find(whole), None);
        }
    }
}
