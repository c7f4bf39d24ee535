//! The language of phrases: how a few words in a row are described in `phrases.toml`.
//!
//! `слово` one word · `слово*` any ending · `{класс}` a word of that class · `а|б` either ·
//! `[а]` may be missing · `..` up to six words of one clause · `...` up to eight words of one
//! sentence · `^` its beginning · `$` its end · `,` the end of a clause · `не слово` the word denied: without «не» a phrase
//! never fits a denied word.

use super::lexicon::{Class, ClassSet, Lexicon};
use super::words::Word;
use std::ops::Range;

/// Words over which `..` reaches.
const NEAR: usize = 6;

/// Words over which `...` reaches.
const FAR: usize = 8;

/// One place of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Word {
        any: Vec<Class>,
        denied: bool,
        optional: bool,
    },
    Gap {
        most: usize,
        within_clause: bool,
    },
    Begin,
    End,
    ClauseEnd,
}

/// A phrase, ready to be sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    places: Vec<Place>,
}

impl Phrase {
    /// Reads a written phrase.
    ///
    /// # Errors
    /// The piece that is no part of the language, such as a class without a list.
    pub fn parse(written: &str, lexicon: &mut Lexicon) -> Result<Self, String> {
        let mut places = Vec::new();
        let mut denied = false;
        for piece in written.split_whitespace() {
            let place = match piece {
                "не" => {
                    denied = true;
                    continue;
                }
                "^" => Place::Begin,
                "$" => Place::End,
                "," => Place::ClauseEnd,
                ".." => Place::Gap {
                    most: NEAR,
                    within_clause: true,
                },
                "..." => Place::Gap {
                    most: FAR,
                    within_clause: false,
                },
                word => {
                    let inner = word.strip_prefix('[').and_then(|w| w.strip_suffix(']'));
                    let place = Place::Word {
                        any: alternatives(inner.unwrap_or(word), lexicon)?,
                        denied,
                        optional: inner.is_some(),
                    };
                    denied = false;
                    place
                }
            };
            places.push(place);
        }
        let needed = |p: &Place| matches!(p, Place::Word { optional, .. } if !optional);
        if denied || !places.iter().any(needed) {
            return Err(format!("the phrase «{written}» has no word it needs"));
        }
        Ok(Self { places })
    }

    /// Whether `known`, the classes of all words of a sentence, hold what the phrase cannot miss.
    pub fn is_possible(&self, known: &ClassSet) -> bool {
        self.places.iter().all(|place| match place {
            Place::Word { any, optional, .. } => *optional || any.iter().any(|c| known.has(*c)),
            Place::Gap { .. } | Place::Begin | Place::End | Place::ClauseEnd => true,
        })
    }

    /// The classes of the place that the phrase cannot miss and that the fewest words fill.
    pub fn rarest(&self, lexicon: &Lexicon) -> &[Class] {
        let words = |any: &[Class]| any.iter().map(|class| lexicon.size(*class)).sum::<usize>();
        let needed = self.places.iter().filter_map(|place| match place {
            Place::Word {
                any,
                optional: false,
                ..
            } => Some(any.as_slice()),
            Place::Word { .. }
            | Place::Gap { .. }
            | Place::Begin
            | Place::End
            | Place::ClauseEnd => None,
        });
        needed.min_by_key(|any| words(any)).unwrap_or_default()
    }

    /// The words that the phrase covers where it begins at `from`.
    pub fn at(&self, words: &[Word], from: usize) -> Option<Range<usize>> {
        fits(&self.places, words, from, from).map(|end| from..end)
    }
}

fn alternatives(written: &str, lexicon: &mut Lexicon) -> Result<Vec<Class>, String> {
    written
        .split('|')
        .map(|word| match word.strip_prefix('{') {
            Some(name) => {
                let name = name.trim_end_matches('}');
                lexicon
                    .named(name)
                    .ok_or_else(|| format!("no list is called «{name}»"))
            }
            None => Ok(lexicon.word(word)),
        })
        .collect()
}

/// Where the places end that fit from `at` on.
fn fits(places: &[Place], words: &[Word], start: usize, at: usize) -> Option<usize> {
    let Some((place, rest)) = places.split_first() else {
        return Some(at);
    };
    match place {
        Place::Begin => (at == 0).then(|| fits(rest, words, start, at)).flatten(),
        Place::End => (at == words.len())
            .then(|| fits(rest, words, start, at))
            .flatten(),
        Place::ClauseEnd => words
            .get(at)
            .is_none_or(|word| word.opens_clause)
            .then(|| fits(rest, words, start, at))
            .flatten(),
        Place::Word {
            any,
            denied,
            optional,
        } => {
            let fit = words.get(at).is_some_and(|word| {
                word.denied == *denied && any.iter().any(|class| word.classes.has(*class))
            });
            let taken = if fit {
                fits(rest, words, start, at + 1)
            } else {
                None
            };
            taken.or_else(|| {
                if *optional {
                    fits(rest, words, start, at)
                } else {
                    None
                }
            })
        }
        Place::Gap {
            most,
            within_clause,
        } => {
            // Numbers, days and hours between do not make two words strangers.
            let (mut here, mut skipped) = (at, 0);
            while skipped <= *most && here - at <= 2 * *most {
                let word = words.get(here);
                let broken =
                    *within_clause && here > start && word.is_some_and(|word| word.opens_clause);
                if broken || here > words.len() {
                    return None;
                }
                if let Some(end) = fits(rest, words, start, here) {
                    return Some(end);
                }
                skipped += usize::from(word.is_none_or(|word| !word.figure));
                here += 1;
            }
            None
        }
    }
}
