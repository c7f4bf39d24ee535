//! What was learnt from example sentences: whether a sentence leaves a doubt about a wish to cancel,
//! whether it says such a wish, and which of its words tell why.
//!
//! The examples stand in `sentences/`, a file for each class; the build script learns from them. Who
//! reads Russian can mend what is misjudged: by adding examples, and their likes of the other side.

mod features;
mod spans;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod training;
mod weights;

use super::folded;
use std::ops::Range;
use weights::Weights;

const DOUBT: Weights = Weights(include_bytes!(concat!(env!("OUT_DIR"), "/doubt.weights")));
const WISH: Weights = Weights(include_bytes!(concat!(env!("OUT_DIR"), "/wish.weights")));
const REASON: Weights = Weights(include_bytes!(concat!(env!("OUT_DIR"), "/reason.weights")));
const _: () = assert!(
    DOUBT.0.len() == table::SIZE && WISH.0.len() == table::SIZE && REASON.0.len() == table::SIZE
);

/// Added to every token: a reason that is missed is worse than one that is a word too long.
const RATHER_INSIDE: f32 = 0.4;

/// What is heard in a sentence. Both are about 1 for a sure yes and about -1 for a sure no.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// A person must ask before anybody cancels.
    pub doubt: f32,
    /// Cancelling is asked for, or the writer says not to come.
    pub wish: f32,
}

/// Judges a sentence of a letter by its likeness to the examples.
pub fn hear(sentence: &str) -> Heard {
    let features = features::of_sentence(&features::tokens(sentence));
    Heard {
        doubt: DOUBT.judged(&features),
        wish: WISH.judged(&features),
    }
}

/// A part of a sentence that tells a reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Where it stands, in octets; it begins and ends with a word.
    pub range: Range<usize>,
    /// How surely it is one: the more, the surer.
    pub weight: f32,
}

/// The parts of the sentence that tell a reason, in order.
pub fn reasons(sentence: &str) -> Vec<Told> {
    let tokens = features::tokens(sentence);
    let scores: Vec<f32> = features::of_tokens(&tokens)
        .iter()
        .map(|features| REASON.judged(features) + RATHER_INSIDE)
        .collect();
    let marks = spans::best(&scores);
    let mut found: Vec<Told> = Vec::new();
    let mut open = false;
    for ((token, score), inside) in tokens.iter().zip(&scores).zip(marks) {
        match found.last_mut() {
            Some(last) if inside && open => {
                last.weight += score;
                if token.worded {
                    last.range.end = token.range.end;
                }
            }
            // A sign begins no reason.
            _ if inside && token.worded => found.push(Told {
                range: token.range.clone(),
                weight: *score,
            }),
            _ => {}
        }
        open = inside && (open || token.worded);
    }
    found
}
