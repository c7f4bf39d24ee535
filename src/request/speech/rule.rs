//! Rules: sets of phrases, sought in sentences.

use super::Sentence;
use super::lexicon::{Class, ClassSet, Lexicon};
use super::phrase::Phrase;
use std::collections::BTreeMap;
use std::ops::Range;

/// A set of phrases, any of which may fit.
#[derive(Debug, Default)]
pub struct Rule {
    phrases: Vec<Phrase>,
    /// Classes of which a sentence must have one, and the phrases that then are possible.
    keys: ClassSet,
    by_key: BTreeMap<Class, Vec<usize>>,
}

impl Rule {
    /// A rule of these phrases.
    pub fn new(phrases: Vec<Phrase>, lexicon: &Lexicon) -> Self {
        let mut rule = Self::default();
        for (at, phrase) in phrases.iter().enumerate() {
            for class in phrase.rarest(lexicon) {
                rule.keys.insert(*class);
                rule.by_key.entry(*class).or_default().push(at);
            }
        }
        rule.phrases = phrases;
        rule
    }

    /// Whether any phrase fits somewhere in the sentence.
    pub fn is_in(&self, sentence: &Sentence) -> bool {
        let fits = |phrase: &&Phrase| {
            (0..sentence.words.len()).any(|from| phrase.at(&sentence.words, from).is_some())
        };
        self.possible(sentence).iter().any(fits)
    }

    /// The first words that a phrase covers.
    pub fn find(&self, sentence: &Sentence) -> Option<Range<usize>> {
        let possible = self.possible(sentence);
        let places = places(&possible, sentence);
        (0..places).find_map(|from| longest(&possible, sentence, from))
    }

    /// The last words that a phrase covers.
    pub fn find_last(&self, sentence: &Sentence) -> Option<Range<usize>> {
        let possible = self.possible(sentence);
        let places = places(&possible, sentence);
        (0..places)
            .rev()
            .find_map(|from| longest(&possible, sentence, from))
    }

    /// All words that phrases cover, from left to right, none twice.
    pub fn all(&self, sentence: &Sentence) -> Vec<Range<usize>> {
        let possible = self.possible(sentence);
        let places = places(&possible, sentence);
        let mut found = Vec::new();
        let mut from = 0;
        while from < places {
            match longest(&possible, sentence, from) {
                Some(range) => {
                    from = range.end.max(from + 1);
                    found.push(range);
                }
                None => from += 1,
            }
        }
        found
    }

    /// The phrases whose words all stand somewhere in the sentence: few, mostly none.
    fn possible(&self, sentence: &Sentence) -> Vec<&Phrase> {
        let known = sentence.known();
        let keyed = self
            .keys
            .shared(known)
            .filter_map(|class| self.by_key.get(&class))
            .flatten();
        let mut possible: Vec<usize> = keyed.copied().collect();
        possible.sort_unstable();
        possible.dedup();
        possible
            .into_iter()
            .filter_map(|at| self.phrases.get(at))
            .filter(|phrase| phrase.is_possible(known))
            .collect()
    }
}

/// At how many words of the sentence one of the phrases may begin.
fn places(possible: &[&Phrase], sentence: &Sentence) -> usize {
    if possible.is_empty() {
        0
    } else {
        sentence.words.len()
    }
}

/// The longest phrase that begins at `from`.
fn longest(phrases: &[&Phrase], sentence: &Sentence, from: usize) -> Option<Range<usize>> {
    let fitting = phrases
        .iter()
        .filter_map(|phrase| phrase.at(&sentence.words, from));
    fitting.max_by_key(|range| range.end)
}
