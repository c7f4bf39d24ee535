//! A second opinion on a wish to cancel: what the rules found and hold against it, and what the sentences
//! are heard to say, weighed together. In doubt a person reads the letter.
//!
//! The weights are those of a logistic regression over whole letters whose writers the examples did not
//! know; the two bounds were chosen by
//! what they cost on letters of others still.

use super::heard::{DOUBTS, Hearing};
use super::{Objection, Wish};
use crate::domain::Reason;
use crate::request::Intent;
use crate::request::learned::Class;

/// What counts against cancelling, by the sentences that leave the most doubt: the greatest first.
const AGAINST: [f32; DOUBTS] = [-2.07, -0.4, -0.21];

/// A doubt is weighed within these bounds; the lower one stands for a sentence that is not there.
const DOUBT: (f32, f32) = (-3.0, 3.0);

/// Each sentence that is heard, up to [`MOST_SENTENCES`]: among more of them one is sooner misheard.
const SENTENCE: f32 = 0.84;

/// See [`SENTENCE`].
const MOST_SENTENCES: u8 = 8;

/// A plain request: «Поэтому прошу отменить запись».
const PLAIN_REQUEST: f32 = 1.22;

/// The request names its booking.
const OUTRIGHT: f32 = 0.88;

/// What the rules hold against it.
const WEAK_OBJECTION: f32 = -0.16;

/// See [`WEAK_OBJECTION`].
const STRONG_OBJECTION: f32 = -1.2;

/// By the sentence that is most like a class: the greatest doubt weighs more or less by its kind.
const KINDS: [(Class, f32); 4] = [
    (Class::KEEP, 0.69),
    (Class::QUESTION, 0.7),
    (Class::UNSURE, -0.35),
    (Class::RESTORE, -0.9),
];

/// What a class counts that nothing is like.
const UNLIKE: f32 = -2.0;

/// What all of it has to outweigh where the rules understood a wish to cancel.
const SURE_BESIDE_THE_RULES: f32 = 3.46;

/// As [`SURE_BESIDE_THE_RULES`], where they understood none.
const SURE: f32 = SURE_BESIDE_THE_RULES + 0.75;

/// Where the rules understood the one sentence of a letter, it may be heard to leave this doubt.
const DOUBT_OF_ONE: f32 = 0.3;

/// Where they understood none, no sentence may leave a greater doubt than this, however little the others
/// do.
const DOUBT_OF_ANY: f32 = 0.4;

/// `wish`, reconsidered by what is heard; `titled`: a subject typed afresh asks for cancelling.
pub fn reconsidered(wish: Wish, hearing: &Hearing, titled: bool) -> Wish {
    let Some(doubt) = hearing.doubts.first() else {
        return wish;
    };
    let weight = weight(wish.objection, hearing);
    match (wish.intent, wish.doubt) {
        (Intent::Cancel, _) => {
            let alone = hearing.sentences.len() <= 1 && *doubt <= DOUBT_OF_ONE;
            if alone || weight > SURE_BESIDE_THE_RULES {
                wish
            } else {
                Wish::unclear()
            }
        }
        (Intent::None, None | Some(Reason::WishUnclear | Reason::NeedsPerson))
            if wish.objection < Objection::Final
                && (titled || hearing.asks)
                && *doubt < DOUBT_OF_ANY
                && weight > SURE =>
        {
            Wish::clear(Intent::Cancel)
        }
        _ => wish,
    }
}

/// What speaks for cancelling, less what speaks against it.
fn weight(objection: Objection, hearing: &Hearing) -> f32 {
    let (least, most) = DOUBT;
    let doubts = hearing.doubts.iter().copied().chain([least; DOUBTS]);
    let against: f32 = AGAINST
        .iter()
        .zip(doubts)
        .map(|(weight, doubt)| weight * doubt.clamp(least, most))
        .sum();
    let kinds: f32 = KINDS
        .iter()
        .map(|(class, weight)| weight * hearing.most_like(*class).unwrap_or(UNLIKE))
        .sum();
    let count = u8::try_from(hearing.sentences.len()).unwrap_or(u8::MAX);
    let counted = SENTENCE * f32::from(count.min(MOST_SENTENCES));
    let given = |is: bool, weight: f32| if is { weight } else { 0.0 };
    let asked = given(hearing.plainly, PLAIN_REQUEST) + given(hearing.outright, OUTRIGHT);
    let objected = match objection {
        Objection::None => 0.0,
        Objection::Weak => WEAK_OBJECTION,
        Objection::Strong | Objection::Final => STRONG_OBJECTION,
    };
    // What nobody could hear outweighs all else.
    let unheard = hearing.doubts.iter().any(|doubt| !doubt.is_finite());
    if unheard {
        return f32::NEG_INFINITY;
    }
    against + kinds + counted + asked + objected
}
