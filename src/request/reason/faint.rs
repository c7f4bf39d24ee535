//! A clause that only faintly sounds like a reason, where nothing else of a letter tells why: what is neither the
//! request nor a detail nor a courtesy seldom is anything else.

use super::heard::{is_empty, telling};
use super::{MOST_SENTENCES, SURE_WORDS, Told, WISH, names};
use crate::request::learned;
use std::ops::Range;

/// Words of the shortest: one alone may be a name.
const LEAST_WORDS: usize = 2;

/// Letters of the shortest: «корь».
const LEAST_LETTERS: usize = 4;

/// A clause that is less like a reason than this against any other kind of sentence is none, whatever its words.
const LEAST_TELLING: f32 = -0.4;

/// What a clause is with its words must weigh at least.
const LEAST: f32 = -0.05;

/// What the words of a clause count beside what it is like.
const BY_ITS_WORDS: f32 = 0.15;

/// A neighbour that is as much like a reason belongs to it.
const NEIGHBOUR: f32 = 0.3;

/// A clause of a sentence.
struct Clause<'t> {
    text: &'t str,
    range: Range<usize>,
    telling: f32,
    weight: f32,
}

/// The clause that sounds most like a reason, with its neighbours that do too.
pub fn told(all: &[Told]) -> Option<String> {
    let found = all.iter().take(MOST_SENTENCES).filter_map(|sentence| {
        let clauses = clauses(&sentence.text);
        let likely = clauses.iter().enumerate().filter(|(_, c)| is_likely(c));
        let (at, best) =
            likely.max_by(|(_, one), (_, other)| one.weight.total_cmp(&other.weight))?;
        let told = sentence.text.get(with_neighbours(&clauses, at)?)?;
        Some((best.weight, told.to_owned()))
    });
    let best = found.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.map(|(_, told)| told)
}

fn is_likely(clause: &Clause<'_>) -> bool {
    clause.telling > LEAST_TELLING
        && clause.weight > LEAST
        && clause.text.split_whitespace().count() >= LEAST_WORDS
        && !clause.text.contains('|')
        && !WISH.is_match(clause.text)
        && !is_empty(clause.text)
        && !names::is_post(clause.text)
}

/// From the first neighbour that tells a reason too to the last.
fn with_neighbours(clauses: &[Clause<'_>], at: usize) -> Option<Range<usize>> {
    let belongs = |clause: &&Clause<'_>| clause.telling > NEIGHBOUR;
    let before = clauses.iter().take(at).rev().take_while(belongs).last();
    let behind = clauses.iter().skip(at + 1).take_while(belongs).last();
    let this = clauses.get(at)?;
    let start = before.map_or(this.range.start, |clause| clause.range.start);
    let end = behind.map_or(this.range.end, |clause| clause.range.end);
    Some(start..end)
}

/// The parts of a sentence between its signs; a sign within a figure or a word parts nothing.
fn clauses(text: &str) -> Vec<Clause<'_>> {
    let mut ends: Vec<Range<usize>> = Vec::new();
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        let spaced = signs.peek().is_none_or(|(_, next)| next.is_whitespace());
        let parts = matches!(sign, '!' | '(' | ')' | '—' | '–' | ';')
            || matches!(sign, ',' | ':' | '.' | '-') && spaced;
        if parts {
            ends.push(at..at + sign.len_utf8());
        }
    }
    ends.push(text.len()..text.len());
    let mut from = 0;
    let ranges = ends.into_iter().map(|sign| {
        let range = from..sign.start;
        from = sign.end;
        range
    });
    ranges.filter_map(|range| heard(text, &range)).collect()
}

/// What a clause is heard to be; nothing if it holds no word.
fn heard<'t>(text: &'t str, range: &Range<usize>) -> Option<Clause<'t>> {
    let whole = text.get(range.clone())?;
    let part = whole.trim();
    let start = range.start + whole.find(part)?;
    let letters = part.chars().filter(|c| c.is_alphabetic()).count();
    let telling = telling(part);
    let words: f32 = learned::reasons(part).iter().map(|told| told.weight).sum();
    (letters >= LEAST_LETTERS).then(|| Clause {
        text: part,
        range: start..start + part.len(),
        telling,
        weight: telling + BY_ITS_WORDS * words.min(SURE_WORDS),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nothing_else_explains_is_the_reason() {
        for (text, expected) in [
            (
                "запись просим отменить, клиент отозвал поручение",
                Some("клиент отозвал поручение"),
            ),
            ("номер 9216, жена против", Some("жена против")),
            ("Отмените запись, спасибо", None),
            ("Прошу отменить. Иванова Мария", None),
        ] {
            let sentence = Told {
                text: text.to_owned(),
                among: false,
            };
            assert_eq!(told(&[sentence]).as_deref(), expected, "{text}");
        }
    }
}
