//! Patterns over texts: written as those of the regex crate, and searched in octets of the
//! [alphabet](super::alphabet).

use super::alphabet::MARK;
use super::text::{Haystack, Text};
use super::translation::compile;
use std::ops::Range;
use std::sync::OnceLock;

/// A pattern, compiled when it is first needed: most match nowhere in most letters.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    folded: bool,
    compiled: OnceLock<regex::bytes::Regex>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

/// The groups of one match.
#[derive(Debug, Clone)]
pub struct Captures<'t> {
    text: &'t str,
    names: &'t regex::bytes::Regex,
    groups: Vec<Option<Range<usize>>>,
}

impl Pattern {
    /// A pattern in the syntax of the regex crate, compiled later. One that begins with `(?i)`
    /// takes «ё» for «е».
    pub fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            folded: source.starts_with("(?i)"),
            compiled: OnceLock::new(),
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "patterns are constants or embedded, and every one is used by a test"
    )]
    fn compiled(&self) -> &regex::bytes::Regex {
        self.compiled
            .get_or_init(|| compile(&self.source, self.folded).expect("the pattern is sound"))
    }

    /// Whether it matches anywhere.
    pub fn is_match<'t>(&self, text: impl Haystack<'t>) -> bool {
        text.search(|text| self.compiled().is_match(text.octets(self.folded)))
    }

    /// The first match.
    pub fn find<'t>(&self, text: impl Haystack<'t>) -> Option<Match<'t>> {
        text.search(|text| {
            let found = self.compiled().find(text.octets(self.folded))?;
            Some(Match::of(text, found.range()))
        })
    }

    /// The first match that begins at `from` or behind it.
    pub fn find_at<'t>(&self, text: &Text<'t>, from: usize) -> Option<Match<'t>> {
        let octets = text.octets(self.folded);
        let found = self.compiled().find_at(octets, text.octet_at(from))?;
        Some(Match::of(text, found.range()))
    }

    /// All matches, none overlapping another.
    pub fn find_iter<'t>(&self, text: impl Haystack<'t>) -> std::vec::IntoIter<Match<'t>> {
        text.search(|text| {
            let (regex, octets) = (self.compiled(), text.octets(self.folded));
            let mut all = Vec::new();
            let mut from = Some(0);
            while let Some(found) = from.and_then(|at| regex.find_at(octets, at)) {
                all.push(Match::of(text, found.range()));
                from = next(octets, &found.range());
            }
            all.into_iter()
        })
    }

    /// The groups of the first match.
    pub fn captures<'t>(&'t self, text: impl Haystack<'t>) -> Option<Captures<'t>> {
        text.search(|text| {
            let regex = self.compiled();
            let found = regex.captures(text.octets(self.folded))?;
            Some(Captures::of(text, regex, &found))
        })
    }

    /// The groups of all matches.
    pub fn captures_iter<'t>(
        &'t self,
        text: impl Haystack<'t>,
    ) -> std::vec::IntoIter<Captures<'t>> {
        text.search(|text| {
            let (regex, octets) = (self.compiled(), text.octets(self.folded));
            let mut all = Vec::new();
            let mut from = Some(0);
            // Most texts hold nothing: to find that is cheaper than to look for groups.
            while let Some(at) = from.filter(|at| regex.is_match_at(octets, *at)) {
                let Some(found) = regex.captures_at(octets, at) else {
                    break;
                };
                all.push(Captures::of(text, regex, &found));
                from = found.get(0).and_then(|whole| next(octets, &whole.range()));
            }
            all.into_iter()
        })
    }
}

/// Where the search for the next match begins: before the marks that this one swallowed, since
/// the next may begin at the same boundary.
fn next(octets: &[u8], found: &Range<usize>) -> Option<usize> {
    if found.is_empty() {
        return Some(found.end + 1).filter(|at| *at <= octets.len());
    }
    let matched = octets.get(found.clone()).unwrap_or_default();
    let marks = matched.iter().rev().take_while(|octet| **octet == MARK);
    Some(found.end - marks.count()).filter(|at| *at > found.start)
}

impl<'t> Match<'t> {
    fn of(text: &Text<'t>, octets: Range<usize>) -> Self {
        Self {
            text: text.as_str(),
            start: text.place(octets.start),
            end: text.place(octets.end),
        }
    }

    /// Where it begins.
    pub const fn start(&self) -> usize {
        self.start
    }

    /// Where it ends.
    pub const fn end(&self) -> usize {
        self.end
    }

    /// Where it lies.
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Its length in octets.
    pub const fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether it holds nothing.
    pub const fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// What it holds.
    pub fn as_str(&self) -> &'t str {
        self.text.get(self.range()).unwrap_or_default()
    }
}

impl<'t> Captures<'t> {
    fn of(
        text: &Text<'t>,
        names: &'t regex::bytes::Regex,
        found: &regex::bytes::Captures<'_>,
    ) -> Self {
        let place = |m: regex::bytes::Match<'_>| text.place(m.start())..text.place(m.end());
        Self {
            text: text.as_str(),
            names,
            groups: found.iter().map(|group| group.map(place)).collect(),
        }
    }

    /// The group with this number; 0 is the whole.
    pub fn get(&self, group: usize) -> Option<Match<'t>> {
        let Range { start, end } = self.groups.get(group)?.clone()?;
        Some(Match {
            text: self.text,
            start,
            end,
        })
    }

    /// The group with this name.
    pub fn name(&self, name: &str) -> Option<Match<'t>> {
        let at = self.names.capture_names().position(|n| n == Some(name))?;
        self.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Patterns with all that patterns use.
    const PATTERNS: [&str; 12] = [
        r"(?i)\bномер(?:а|у)?\b",
        r"\b\d{1,2}[:.]\d{2}\b",
        r"(?m)^[ *]{0,6}\p{L}[\p{L} ./,-]{1,38}:(?:[ \t]|$)",
        r"(?i)(?:тел|моб)[\p{L}.]*[^\n\d]{0,25}$",
        r"[^\s<>@]{1,64}@[^\s<>@]{1,200}",
        r"^\p{Lu}[\p{L}-]+(?:[ ]+\p{Lu}[\p{L}-]+){1,3}[.,]?$",
        r"(?i)(?:^|\b)(?:из-за|т\. ?к\.) ?[^.!?\n]{0,30}",
        r"[.!?…]+[)\x22»]*(?:\s+|$)|;\s",
        r"(\w+)-(\w+)",
        r"(?i)\bn\b\.?|\bno\b",
        r"[/\u{2010}-\u{2015}\u{2212}-]",
        r"(?i)(?P<hour>\d{1,2})[ ]?(?P<unit>час\b|ч\b\.?)",
    ];

    #[test]
    fn it_finds_what_the_regex_crate_finds() {
        let pieces = [
            "номер",
            "Номера",
            "тел",
            "№",
            " ",
            "  ",
            "\n",
            "-",
            "12",
            "5:30",
            "14.30",
            "ч",
            "час",
            "Иванова",
            "Мария",
            ".",
            ",",
            "a@example.ru",
            "из-за",
            "т. к.",
            "n",
            "No",
            "—",
            "…",
            "«",
            "»",
            "中",
            "٣",
            "é",
            "e\u{301}",
            "_",
            ":",
            "\u{FFFD}",
            "я",
            "Я",
            "\t",
            "!",
        ];
        let text = prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12);
        proptest!(|(pieces in text)| {
            let text = pieces.concat();
            for source in PATTERNS {
                let expected = regex::Regex::new(source).unwrap();
                let pattern = Pattern::new(source);
                let theirs: Vec<_> = expected.find_iter(&text).map(|m| m.range()).collect();
                let ours: Vec<_> = pattern.find_iter(&text).map(|m| m.range()).collect();
                prop_assert_eq!(&ours, &theirs, "{} in {:?}", source, text);
                prop_assert_eq!(pattern.is_match(&text), expected.is_match(&text));
                let groups = |at: usize| expected.captures(&text).and_then(|c| Some(c.get(at)?.range()));
                for at in 0..3 {
                    let ours = pattern.captures(&text).and_then(|c| Some(c.get(at)?.range()));
                    prop_assert_eq!(ours, groups(at), "{} in {:?}", source, text);
                }
            }
        });
    }

    #[test]
    fn a_search_may_begin_within_the_text() {
        let text = Text::of("номер 5 и номер 6");
        let pattern = Pattern::new(r"\bномер \d");
        let first = pattern.find_at(&text, 0).unwrap();
        let second = pattern.find_at(&text, first.end()).unwrap();
        assert_eq!((first.as_str(), second.as_str()), ("номер 5", "номер 6"));
        assert_eq!(pattern.find_at(&text, second.end()), None);
    }
}
