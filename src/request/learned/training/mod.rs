//! Learns from the example sentences, when the program is built. Nothing but `+ - * /` is used, so
//! that every machine learns the same.

pub mod details;
pub mod linear;
mod order;

use super::classes::{CLASSES, COLUMNS, Likeness};
use super::features::{self, name};
use super::table::{Feature, STEPS};
pub use linear::Example;
use std::ops::Range;

/// How often the examples are gone through.
const ROUNDS: usize = 8;

/// What an error on one sentence costs, against the size of the weights.
const COST_OF_SENTENCES: f32 = 4.0;

/// As [`ROUNDS`] and [`COST_OF_SENTENCES`], for single tokens: there are ten times as many of them.
const ROUNDS_OF_TOKENS: usize = 4;
const COST_OF_TOKENS: f32 = 0.5;

/// As [`ROUNDS`] and [`COST_OF_SENTENCES`], for the words of names.
const ROUNDS_OF_NAMES: usize = 8;
const COST_OF_NAMES: f32 = 5.0;

/// An example sentence.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// The name of its file.
    pub class: &'static str,
    /// A person asks before anybody cancels.
    pub doubt: bool,
    /// As written.
    pub text: String,
    /// Where the reason stands, in octets; in braces in the file.
    pub reasons: Vec<Range<usize>>,
}

/// The sentences of a class, a line each.
pub fn sentences(class: &'static str, doubt: bool, lines: &str) -> Vec<Sentence> {
    let read = |line: &str| {
        let (text, reasons) = unmarked(line, ['{', '}']);
        Sentence {
            class,
            doubt,
            text,
            reasons,
        }
    };
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(read)
        .collect()
}

/// An example letter.
#[derive(Debug, Clone)]
pub struct Letter {
    /// As written.
    pub text: String,
    /// Where the name of the person stands whose booking it is, in octets; in brackets in the file.
    pub names: Vec<Range<usize>>,
}

/// The letters, a line each; a line of a letter ends with «⏎».
pub fn letters(lines: &str) -> Vec<Letter> {
    let read = |line: &str| {
        let (text, names) = unmarked(&line.replace(" ⏎ ", "\n"), ['[', ']']);
        Letter { text, names }
    };
    lines.lines().map(read).collect()
}

/// A line without the signs that mark a part of it, and where those parts stand.
fn unmarked(line: &str, [opening, closing]: [char; 2]) -> (String, Vec<Range<usize>>) {
    let (mut text, mut marked) = (String::new(), Vec::<Range<usize>>::new());
    for c in line.chars() {
        let here = text.len();
        if c == opening {
            marked.push(here..here);
        } else if c != closing {
            text.push(c);
        } else if let Some(last) = marked.last_mut() {
            last.end = here;
        }
    }
    (text, marked)
}

fn is_within(marked: &[Range<usize>], range: &Range<usize>) -> bool {
    marked
        .iter()
        .any(|marked| range.start >= marked.start && range.end <= marked.end)
}

/// The weights of all classes, and of the wish to cancel.
pub fn sentence(sentences: &[Sentence]) -> Vec<Likeness> {
    let examples: Vec<Example<COLUMNS>> = sentences.iter().map(example).collect();
    linear::learnt(&examples, COST_OF_SENTENCES, ROUNDS)
}

/// A sentence of a class is none of the others. One that says a wish and a reason is no example of
/// either where a wish is told.
pub fn example(sentence: &Sentence) -> Example<COLUMNS> {
    let mut sides = [-1.0; COLUMNS];
    let class = CLASSES
        .iter()
        .position(|(class, _)| *class == sentence.class);
    if let Some(side) = class.and_then(|at| sides.get_mut(at)) {
        *side = 1.0;
    }
    let mixed = sentence
        .reasons
        .first()
        .is_some_and(|r| r.len() + 2 < sentence.text.trim_end_matches('.').len());
    let wish = match sentence.class {
        "wish" | "away" => 1.0,
        "reason" if mixed => 0.0,
        _ => -1.0,
    };
    if let Some(last) = sides.last_mut() {
        *last = wish;
    }
    Example {
        features: features::of_sentence(&features::tokens(&sentence.text)),
        sides,
    }
}

/// The weights by which the words of a reason are told from those around.
pub fn reason(sentences: &[Sentence]) -> Vec<[f32; 1]> {
    let told = sentences.iter().filter(|s| !s.doubt);
    let examples: Vec<Example<1>> = told.flat_map(tokens).collect();
    linear::learnt(&examples, COST_OF_TOKENS, ROUNDS_OF_TOKENS)
}

/// The tokens of a sentence, each an example.
pub fn tokens(sentence: &Sentence) -> Vec<Example<1>> {
    let tokens = features::tokens(&sentence.text);
    let ranges = tokens.iter().map(|token| &token.range);
    marked(
        ranges,
        features::reason::of_tokens(&tokens),
        &sentence.reasons,
    )
}

/// The weights by which the words of a name are told from those around.
pub fn name(letters: &[Letter]) -> Vec<[f32; 1]> {
    let examples: Vec<Example<1>> = letters.iter().flat_map(words).collect();
    linear::learnt(&examples, COST_OF_NAMES, ROUNDS_OF_NAMES)
}

/// The words of a letter, each an example.
pub fn words(letter: &Letter) -> Vec<Example<1>> {
    let words = name::words(&letter.text);
    let ranges = words.iter().map(|word| &word.range);
    marked(ranges, name::of_words(&words), &letter.names)
}

/// Parts of a text as examples: one is sought if it stands within what was marked.
fn marked<'a>(
    parts: impl Iterator<Item = &'a Range<usize>>,
    features: Vec<Vec<Feature>>,
    marked: &[Range<usize>],
) -> Vec<Example<1>> {
    parts
        .zip(features)
        .map(|(range, features)| {
            let side = if is_within(marked, range) { 1.0 } else { -1.0 };
            let sides = [side];
            Example { features, sides }
        })
        .collect()
}

/// A table of rows of weights, an octet each.
pub fn table<const N: usize>(weights: &[[f32; N]]) -> Vec<u8> {
    let octet = |weight: &f32| {
        let steps = (weight * STEPS).round().clamp(-127.0, 127.0);
        #[expect(clippy::cast_possible_truncation, reason = "it was clamped")]
        let step = steps as i8;
        step.cast_unsigned()
    };
    weights.iter().flatten().map(octet).collect()
}
