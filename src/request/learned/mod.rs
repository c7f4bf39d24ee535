//! What was learnt from example sentences: whether a sentence leaves a doubt about a wish to cancel,
//! whether it says such a wish, which of its words tell why, and which name, number, day and hour of a
//! letter are those of the booking.
//!
//! The examples stand in `sentences/`, a file for each class, and in `letters/`; the build script
//! learns from them. Who reads Russian can mend what is misjudged: by adding examples, and their
//! likes of the other side.

mod classes;
mod features;
mod spans;
mod table;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod training;
mod weights;

use super::folded;
pub use classes::Class;
use features::figures;
use std::ops::Range;
use weights::Weights;

const SENTENCE: Weights<{ classes::COLUMNS }> = Weights(include_bytes!(concat!(
    env!("OUT_DIR"),
    "/sentence.weights"
)));
const REASON: Weights<1> = Weights(include_bytes!(concat!(env!("OUT_DIR"), "/reason.weights")));
const FIGURE: Weights<{ figures::COLUMNS }> =
    Weights(include_bytes!(concat!(env!("OUT_DIR"), "/figure.weights")));
const NAME: Weights<1> = Weights(include_bytes!(concat!(env!("OUT_DIR"), "/name.weights")));
const _: () = assert!(
    SENTENCE.0.len() == table::SIZE * classes::COLUMNS
        && REASON.0.len() == table::SIZE
        && FIGURE.0.len() == table::SIZE * figures::COLUMNS
        && NAME.0.len() == table::SIZE
);

/// Added to every token: a reason that is missed is worse than one that is a word too long.
const RATHER_INSIDE: f32 = 0.3;

/// As [`RATHER_INSIDE`], for the words of a name: most words of a letter belong to none.
const RATHER_A_NAME: f32 = 0.4;

/// What it weighs that a reason goes on, or that none begins; see [`spans::best`].
const STAYING_IN_A_REASON: f32 = 0.5;

/// As [`STAYING_IN_A_REASON`]: a name is of few words.
const STAYING_IN_A_NAME: f32 = 0.075;

/// What is heard in a sentence. All are about 1 for a sure yes and about -1 for a sure no.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// A person must ask before anybody cancels.
    pub doubt: f32,
    /// Cancelling is asked for, or the writer says not to come.
    pub wish: f32,
    likeness: classes::Likeness,
}

impl Heard {
    /// How much the sentence is like those of `class`.
    pub fn like(&self, class: Class) -> f32 {
        class.of(&self.likeness)
    }

    /// The class that it is most like.
    pub fn likest(&self) -> Option<Class> {
        classes::likest(&self.likeness)
    }

    /// Whether it is more like a wish than like any sentence that asks for nothing. Who only names the booking
    /// asks for nothing.
    pub fn asks(&self) -> bool {
        let most = |classes: &[Class]| {
            let likes = classes.iter().map(|class| self.like(*class));
            likes.fold(f32::NEG_INFINITY, f32::max)
        };
        most(&[Class::WISH, Class::AWAY]) > most(&[Class::POLITE, Class::DATA, Class::ASIDE])
    }

    /// Whether it is most like what nobody says who only wants to cancel: a doubtful sentence, or one that is
    /// about another thing.
    pub fn strays(&self) -> bool {
        classes::strays(&self.likeness)
    }

    /// As [`Self::like`], less what it is like the other class that it is most like.
    pub fn rather(&self, class: Class) -> f32 {
        class.rather(&self.likeness)
    }
}

/// Judges a sentence of a letter by its likeness to the examples.
pub fn hear(sentence: &str) -> Heard {
    let tokens = features::tokens(sentence);
    let likeness = SENTENCE.judged(&features::of_sentence(&tokens));
    let doubt = classes::doubt(&likeness);
    Heard {
        // What was said behind the last word that is weighed, nobody knows.
        doubt: if tokens.len() < features::MOST_WORDS {
            doubt
        } else {
            f32::INFINITY
        },
        wish: classes::wish(&likeness),
        likeness,
    }
}

/// A part of a text that tells what is sought.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Where it stands, in octets; it begins and ends with a word.
    pub range: Range<usize>,
    /// How surely it is one: the more, the surer.
    pub weight: f32,
}

/// The parts of a sentence that tell a reason, in order.
pub fn reasons(sentence: &str) -> Vec<Told> {
    let tokens = features::tokens(sentence);
    let scores: Vec<f32> = features::reason::of_tokens(&tokens)
        .iter()
        .flat_map(|features| REASON.judged(features))
        .map(|score| score + RATHER_INSIDE)
        .collect();
    let parts = tokens.iter().map(|token| (&token.range, token.worded));
    told(parts, &scores, STAYING_IN_A_REASON)
}

/// The names in a letter that are heard to be those of the person whose booking it is, in order.
pub fn names(letter: &str) -> Vec<Told> {
    let words = features::name::words(letter);
    let scores: Vec<f32> = features::name::of_words(&words)
        .iter()
        .flat_map(|features| NAME.judged(features))
        .map(|score| score + RATHER_A_NAME)
        .collect();
    let parts = words.iter().map(|word| (&word.range, word.lettered()));
    told(parts, &scores, STAYING_IN_A_NAME)
}

/// A figure of a letter, and how much it is like what is sought.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Where it stands, in octets.
    pub range: Range<usize>,
    /// As the number of the booking.
    pub number: f32,
    /// As the day of the appointment.
    pub day: f32,
    /// As its hour.
    pub hour: f32,
}

/// The figures of a letter, in order; `titled`: of its subject. None of a letter that is too long to be
/// heard to its end.
pub fn figures(letter: &str, titled: bool) -> Vec<Figure> {
    let pieces = figures::pieces(letter).unwrap_or_default();
    let of_pieces = pieces.iter().enumerate();
    of_pieces
        .filter(|(_, piece)| piece.is_judged())
        .map(|(at, piece)| {
            let [number, day, hour] = FIGURE.judged(&figures::of_piece(&pieces, at, titled));
            Figure {
                range: piece.range.clone(),
                number,
                day,
                hour,
            }
        })
        .collect()
}

/// The runs of parts that are inside; a sign begins and ends none.
fn told<'a>(
    parts: impl Iterator<Item = (&'a Range<usize>, bool)>,
    scores: &[f32],
    staying: f32,
) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    let mut open = false;
    for (((range, worded), score), inside) in parts.zip(scores).zip(spans::best(scores, staying)) {
        match found.last_mut() {
            Some(last) if inside && open => {
                last.weight += score;
                if worded {
                    last.range.end = range.end;
                }
            }
            _ if inside && worded => found.push(Told {
                range: range.clone(),
                weight: *score,
            }),
            _ => {}
        }
        open = inside && (open || worded);
    }
    found
}
