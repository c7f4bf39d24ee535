//! Patterns as data: each rule has its patterns, examples and counter-examples in a TOML file
//! that a Russian speaker can read and extend without knowing Rust.
//!
//! In a pattern a space stands for any white space, with or without a comma before it (« ?» also
//! for none), «е» also for «ё», letters for both cases, and a word of the pattern begins where a
//! word of the text begins.

use regex::Regex;
use serde::Deserialize;
use std::sync::OnceLock;

/// One rule: a set of patterns, any of which may match.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub struct Rule {
    pattern: String,
    /// Compiled when it is first needed: most rules match nowhere in most letters.
    exact: OnceLock<Option<Regex>>,
    /// The same without word boundaries, so that it matches all that `exact` matches. Boundaries
    /// among Cyrillic letters keep the engine from its automaton; this one says many times quicker
    /// that there is nothing.
    loose: Regex,
    /// Texts that must match.
    #[cfg(test)]
    pub examples: Vec<String>,
    /// Texts that must not match.
    #[cfg(test)]
    pub counter_examples: Vec<String>,
}

#[derive(Deserialize)]
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

impl TryFrom<Written> for Rule {
    type Error = regex::Error;

    fn try_from(written: Written) -> Result<Self, regex::Error> {
        let alternatives: Vec<String> = written.patterns.iter().map(|p| expand(p)).collect();
        let pattern = format!("(?i)(?:{})", alternatives.join("|"));
        Ok(Self {
            loose: Regex::new(&pattern.replace(r"\b", ""))?,
            exact: OnceLock::new(),
            pattern,
            #[cfg(test)]
            examples: written.examples,
            #[cfg(test)]
            counter_examples: written.counter_examples,
        })
    }
}

fn expand(pattern: &str) -> String {
    let spaced = pattern
        .trim()
        .replace(" ?", r",?\s*")
        .replace(' ', r",?\s+")
        .replace('е', "[её]");
    let word_first = pattern.starts_with(|c: char| c.is_alphabetic() || c == '(');
    if word_first {
        format!(r"(?:^|\b)(?:{spaced})")
    } else {
        format!("(?:{spaced})")
    }
}

impl Rule {
    /// The exact pattern, if there may be a match at all.
    fn worth_trying(&self, text: &str) -> Option<&Regex> {
        // What compiles with its boundaries compiles without them, and the other way round.
        let compile = || Regex::new(&self.pattern).ok();
        self.loose
            .is_match(text)
            .then(|| self.exact.get_or_init(compile).as_ref())?
    }

    /// Whether any pattern matches.
    pub fn is_in(&self, text: &str) -> bool {
        self.worth_trying(text)
            .is_some_and(|exact| exact.is_match(text))
    }

    /// Where the first match lies.
    pub fn find(&self, text: &str) -> Option<std::ops::Range<usize>> {
        let found = self.worth_trying(text)?.find(text)?;
        Some(found.range())
    }

    /// All matches.
    pub fn all(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let Some(exact) = self.worth_trying(text) else {
            return Vec::new();
        };
        exact.find_iter(text).map(|found| found.range()).collect()
    }

    /// The first example or counter-example that the patterns judge wrongly.
    #[cfg(test)]
    pub fn misjudged(&self) -> Option<&str> {
        let wrong = |text: &&String, expected: bool| self.is_in(text) != expected;
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
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and every one is used by a test"
)]
pub fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is sound")
}

/// The same over octets.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and every one is used by a test"
)]
pub fn octets(pattern: &str) -> regex::bytes::Regex {
    regex::bytes::Regex::new(pattern).expect("the pattern is sound")
}
