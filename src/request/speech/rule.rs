//! Rules: sets of phrases, sought in sentences.

use super::phrase::Phrase;
use super::{Sentence, lexicon};
use std::ops::Range;

/// A set of phrases, any of which may fit.
#[derive(Debug, Default)]
pub struct Rule {
    pub(super) phrases: Vec<Phrase>,
}

impl Rule {
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
        let known = sentence.known.get_or_init(|| {
            let none = lexicon::Classes::default();
            let words = sentence.words.iter();
            words.fold(none, |all, word| all.with(&word.classes))
        });
        self.phrases
            .iter()
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
