//! Learns from the example sentences, when the program is built. Nothing but `+ - * /` is used, so
//! that every machine learns the same.

mod linear;
mod order;

use super::features;
use super::table::{Feature, SIZE, STEPS, place};
pub use linear::Example;

/// How often the examples are gone through.
const ROUNDS: usize = 20;

/// What an error on one example costs, against the size of the weights.
const COST: f64 = 2.0;

/// As [`ROUNDS`] and [`COST`], for single tokens: there are ten times as many of them.
const ROUNDS_OF_TOKENS: usize = 8;
const COST_OF_TOKENS: f64 = 0.5;

/// Classes of sentences that leave the wish to cancel as it is, and those behind which a person asks.
pub const CLASSES: [(&str, bool); 17] = [
    ("wish", false),
    ("away", false),
    ("reason", false),
    ("polite", false),
    ("data", false),
    ("confirm", false),
    ("aside", false),
    ("keep", true),
    ("maybe", true),
    ("question", true),
    ("move", true),
    ("told", true),
    ("other", true),
    ("unsure", true),
    ("restore", true),
    ("fine", false),
    ("doubt", true),
];

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
    pub reasons: Vec<std::ops::Range<usize>>,
}

/// The sentences of a class, a line each.
pub fn sentences(class: &'static str, doubt: bool, lines: &str) -> Vec<Sentence> {
    let read = |line: &str| {
        let mut sentence = Sentence {
            class,
            doubt,
            text: String::new(),
            reasons: Vec::new(),
        };
        for c in line.chars() {
            let here = sentence.text.len();
            match c {
                '{' => sentence.reasons.push(here..here),
                '}' => {
                    if let Some(last) = sentence.reasons.last_mut() {
                        last.end = here;
                    }
                }
                c => sentence.text.push(c),
            }
        }
        sentence
    };
    lines
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(read)
        .collect()
}

/// The weights by which a doubt is told.
pub fn doubt(sentences: &[Sentence]) -> Vec<f64> {
    let examples: Vec<Example> = sentences.iter().map(|s| example(s, s.doubt)).collect();
    linear::learnt(&examples, COST, ROUNDS)
}

/// The weights by which a wish to cancel is told. A sentence that says a wish and a reason is no
/// example of either side.
pub fn wish(sentences: &[Sentence]) -> Vec<f64> {
    let told = |s: &Sentence| {
        s.reasons
            .first()
            .is_none_or(|r| r.len() + 2 >= s.text.trim_end_matches('.').len())
    };
    let examples: Vec<Example> = sentences
        .iter()
        .filter(|s| s.class != "fine" && (s.class != "reason" || told(s)))
        .map(|s| example(s, matches!(s.class, "wish" | "away")))
        .collect();
    linear::learnt(&examples, COST, ROUNDS)
}

fn example(sentence: &Sentence, positive: bool) -> Example {
    Example {
        features: features::of_sentence(&features::tokens(&sentence.text)),
        positive,
    }
}

/// The weights by which the words of a reason are told from those around.
pub fn reason(sentences: &[Sentence]) -> Vec<f64> {
    let told = sentences.iter().filter(|s| !s.doubt && s.class != "fine");
    let examples: Vec<Example> = told.flat_map(tokens).collect();
    linear::learnt(&examples, COST_OF_TOKENS, ROUNDS_OF_TOKENS)
}

/// The tokens of a sentence, each an example.
pub fn tokens(sentence: &Sentence) -> Vec<Example> {
    let tokens = features::tokens(&sentence.text);
    let inside = |token: &features::Token| {
        let within =
            |r: &std::ops::Range<usize>| token.range.start >= r.start && token.range.end <= r.end;
        sentence.reasons.iter().any(within)
    };
    let example = |(token, features)| Example {
        features,
        positive: inside(token),
    };
    tokens
        .iter()
        .zip(features::of_tokens(&tokens))
        .map(example)
        .collect()
}

/// A table of [`SIZE`] weights, an octet each.
pub fn table(weights: &[f64]) -> Vec<u8> {
    let octet = |weight: &f64| {
        let steps = (weight * f64::from(STEPS)).round().clamp(-127.0, 127.0);
        #[expect(clippy::cast_possible_truncation, reason = "it was clamped")]
        let step = steps as i8;
        step.cast_unsigned()
    };
    weights.iter().map(octet).collect()
}

fn zeros() -> Vec<f64> {
    vec![0.0; SIZE]
}

/// The sum of the weights of `features`.
pub fn sum(weights: &[f64], features: &[Feature]) -> f64 {
    let weight = |feature: &Feature| weights.get(place(*feature)).copied();
    features.iter().filter_map(weight).sum()
}

/// Adds to the weights of `features`.
fn add(weights: &mut [f64], features: &[Feature], by: f64) {
    for feature in features {
        if let Some(weight) = weights.get_mut(place(*feature)) {
            *weight += by;
        }
    }
}
