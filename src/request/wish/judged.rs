//! A second opinion on a wish to cancel: what the rules found and hold against it, and what the sentences
//! are heard to say, weighed together. In doubt a person reads the letter.
//!
//! The weights are those of a logistic regression over whole letters by writers whom the examples did not
//! know; the bounds, and a heavier strong objection, were chosen by what they cost on letters of others
//! still.

use super::heard::{DOUBTS, Hearing};
use super::{Objection, Wish};
use crate::domain::Reason;
use crate::request::Intent;
use crate::request::learned::Class;

/// What counts against cancelling, by the sentences that leave the most doubt: the greatest first.
const AGAINST: [f32; DOUBTS] = [-2.07, -0.4, -0.21];

/// A doubt is weighed within these bounds; the lower one stands for a sentence that is not there.
const DOUBT: (f32, f32) = (-3.0, 3.0);

/// Each sentence that is heard, up to [`MOST_SENTENCES`]: among more of them the greatest doubt is sooner
/// a mishearing.
const SENTENCE: f32 = 0.84;

/// See [`SENTENCE`].
const MOST_SENTENCES: u8 = 5;

/// A plain request: «Поэтому прошу отменить запись».
const PLAIN_REQUEST: f32 = 1.22;

/// The request names its booking.
const OUTRIGHT: f32 = 0.88;

/// What the rules hold against it.
const WEAK_OBJECTION: f32 = -0.16;

/// See [`WEAK_OBJECTION`].
const STRONG_OBJECTION: f32 = -1.2;

/// By the sentence that is most like a class, beside the doubt that it leaves anyway: «приду» and questions
/// are misheard more often than the others, so that their doubt is taken back in part; unsure and restoring
/// ones less often.
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

/// No sentence may leave a greater doubt than this, however little the others do.
const DOUBT_OF_ANY: f32 = 0.72;

/// As [`DOUBT_OF_ANY`], where the rules understood no wish.
const DOUBT_UNAIDED: f32 = 0.4;

/// As [`DOUBT_OF_ANY`], where they object to it.
const DOUBT_IN_SPITE: f32 = 0.1;

/// As [`DOUBT_IN_SPITE`], where the letter is of one sentence.
const DOUBT_OF_ONE_IN_SPITE: f32 = -0.65;

/// As [`DOUBT_OF_ANY`], where only the subject asks.
const DOUBT_BELOW_SUBJECT: f32 = -0.4;

/// `wish`, reconsidered by what is heard; `titled`: a subject typed afresh asks for cancelling.
pub fn reconsidered(wish: Wish, hearing: &Hearing, titled: bool) -> Wish {
    let Some(doubt) = hearing.doubts.first() else {
        return wish;
    };
    let weight = weight(wish.objection, hearing);
    match (wish.intent, wish.doubt) {
        (Intent::Cancel, _) => {
            let alone = hearing.sentences.len() <= 1 && *doubt <= DOUBT_OF_ONE;
            if alone || weight > SURE_BESIDE_THE_RULES && *doubt <= DOUBT_OF_ANY {
                wish
            } else {
                Wish::unclear()
            }
        }
        (Intent::None, None | Some(Reason::WishUnclear | Reason::NeedsPerson)) => {
            let most = match wish.objection {
                Objection::Final => return wish,
                _ if !hearing.asks => DOUBT_BELOW_SUBJECT,
                Objection::None => DOUBT_UNAIDED,
                Objection::Weak | Objection::Strong if hearing.sentences.len() <= 1 => {
                    DOUBT_OF_ONE_IN_SPITE
                }
                Objection::Weak | Objection::Strong => DOUBT_IN_SPITE,
            };
            if (titled || hearing.asks) && weight > SURE && *doubt < most {
                Wish::clear(Intent::Cancel)
            } else {
                wish
            }
        }
        _ => wish,
    }
}

/// What speaks for cancelling, less what speaks against it.
fn weight(objection: Objection, hearing: &Hearing) -> f32 {
    // What nobody could hear outweighs all else.
    if hearing.doubts.iter().any(|doubt| !doubt.is_finite()) {
        return f32::NEG_INFINITY;
    }
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
    against + kinds + counted + asked + objected
}
