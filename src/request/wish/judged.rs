//! A second opinion on a wish to cancel: what the rules found and hold against it, and what the sentences
//! are heard to say, weighed together. In doubt a person reads the letter.
//!
//! The weights are those of a logistic regression over whole letters by writers whom the examples did not
//! know; that of a form, and the bounds, were chosen by what they cost.

use super::heard::{DOUBTS, Hearing};
use super::whole_letter::is_surely_of_cancelling;
use super::{Objection, Wish};
use crate::domain::Reason;
use crate::request::Intent;
use crate::request::learned::Class;

/// What counts against cancelling, by the sentences that leave the most doubt: the greatest first.
const AGAINST: [f32; DOUBTS] = [-1.8, -0.08];

/// A doubt is weighed within these bounds; the lower one stands for a sentence that is not there.
pub const DOUBT: (f32, f32) = (-3.0, 3.0);

/// By the sentence that asks most for cancelling, within [`WISH`].
const MOST_WISH: f32 = 0.58;

/// See [`MOST_WISH`]; the lower bound stands for a letter that says nothing.
pub const WISH: (f32, f32) = (-2.0, 1.5);

/// Each sentence that is heard, up to [`MOST_SENTENCES`]: among more of them the greatest doubt is sooner
/// a mishearing.
const SENTENCE: f32 = 0.5;

/// See [`SENTENCE`].
const MOST_SENTENCES: u8 = 5;

/// A letter of one sentence has none that could take it back.
const ONE_SENTENCE: f32 = 0.9;

/// A sentence asks, or tells that nobody comes.
const ASKS: f32 = 0.78;

/// The rules understood it, and a form is filled in.
const FORM: f32 = 1.5;

/// A plain request: «Поэтому прошу отменить запись».
const PLAIN_REQUEST: f32 = 0.11;

/// The request names its booking.
const OUTRIGHT: f32 = 0.47;

/// The rules understood a wish to cancel.
const UNDERSTOOD: f32 = 0.38;

/// What the rules hold against it.
const STRONG_OBJECTION: f32 = -0.73;

/// See [`STRONG_OBJECTION`].
const GRAVE_OBJECTION: f32 = -1.65;

/// By the sentence that is most like a class. «Приду» and questions are misheard more often than the
/// others, so that their doubt is taken back in part.
const KINDS: [(Class, f32); 9] = [
    (Class::AWAY, 0.48),
    (Class::REASON, 0.77),
    (Class::KEEP, 0.33),
    (Class::MAYBE, -0.3),
    (Class::QUESTION, 0.28),
    (Class::MOVE, -0.28),
    (Class::UNSURE, -0.65),
    (Class::RESTORE, -0.48),
    (Class::RESEND, 0.37),
];

/// What a class counts that nothing is like.
const UNLIKE: f32 = -2.0;

/// What all of it has to outweigh, where the rules understood a wish to cancel and hold nothing against it,
const SURE: f32 = 2.0;

/// where they object, or found no more than a word that asks for it,
const SURE_IN_SPITE: f32 = 2.4;

/// and where nothing but its likeness to the examples speaks for it.
const SURE_BY_EAR: f32 = 2.88;

/// Where the rules understood the one sentence of a letter, it may be heard to leave this doubt.
const DOUBT_OF_ONE: f32 = 0.3;

/// As [`DOUBT_OF_ONE`], where the subject asks for the same.
const DOUBT_OF_ONE_TITLED: f32 = 0.6;

/// In a letter of one sentence to which the rules object, that may leave no greater doubt than this.
const DOUBT_OF_ONE_IN_SPITE: f32 = -0.9;

/// The reason in a form to which the rules do not object, and which says nothing else, may leave this doubt.
const DOUBT_OF_A_FORM: f32 = 1.0;

/// No sentence may leave a greater doubt than this where the rules understood nothing and none asks.
const DOUBT_BELOW_SUBJECT: f32 = -0.4;

/// No sentence may leave a greater doubt than this, however little the others do.
const DOUBT_OF_ANY: f32 = 0.72;

/// Where nothing asks outright, a letter of one sentence has at least so many words: «Нет, спасибо» asks for
/// nothing.
const LEAST_WORDS: usize = 5;

/// `wish`, reconsidered by what is heard; `titled`: a subject typed afresh asks for cancelling.
pub fn reconsidered(wish: Wish, hearing: &Hearing, titled: bool) -> Wish {
    // «Справка во вложении», «Шкаф у вас скрипит» below a subject that asks for cancelling: about another
    // thing, perhaps.
    let silent = matches!(wish.intent, Intent::Cancel | Intent::None);
    let elsewhere = hearing.minds_other_business || !hearing.asks && hearing.strays();
    if titled && silent && elsewhere {
        return Wish::unclear_by(Objection::Final);
    }
    let several = hearing.sentences.len() > 1 || hearing.words >= LEAST_WORDS;
    let told = titled || hearing.asks || hearing.hints && several;
    let open = match (wish.intent, wish.doubt) {
        (Intent::Cancel, _) => true,
        (Intent::None, None | Some(Reason::WishUnclear)) => {
            wish.objection < Objection::Final && told
        }
        // Another time is asked for, or something that only sounds like it.
        (Intent::None, Some(Reason::NeedsPerson)) => {
            let moved = hearing.sentences.iter().any(|said| said.asks_another_time);
            wish.objection < Objection::Final && told && !moved
        }
        _ => false,
    };
    let Some(doubt) = hearing.doubts.first().filter(|_| open) else {
        return wish;
    };
    let alone = hearing.sentences.len() <= 1;
    let most = if alone && !hearing.is_form && wish.objection >= Objection::Strong {
        DOUBT_OF_ONE_IN_SPITE
    } else if wish.intent == Intent::None && !hearing.asks {
        DOUBT_BELOW_SUBJECT
    } else {
        DOUBT_OF_ANY
    };
    let understood = wish.intent == Intent::Cancel;
    let form = hearing.is_form && hearing.sentences.is_empty() && wish.objection == Objection::None;
    let of_one = if titled && hearing.asks {
        DOUBT_OF_ONE_TITLED
    } else {
        DOUBT_OF_ONE
    };
    let plain = understood && (alone && *doubt <= of_one || form && *doubt <= DOUBT_OF_A_FORM);
    let sure = match (wish.intent, wish.objection) {
        (Intent::Cancel, Objection::None) => SURE,
        (intent, _) if intent == Intent::Cancel || hearing.asks => SURE_IN_SPITE,
        _ => SURE_BY_EAR,
    };
    let clear = plain
        || weight(wish, hearing) > sure && *doubt <= most
        || is_surely_of_cancelling(wish, hearing, titled);
    match (clear, wish.intent) {
        (true, _) => Wish::clear(Intent::Cancel),
        (false, Intent::Cancel) => Wish::unclear_by(wish.objection),
        (false, _) => wish,
    }
}

/// What counts `weight` if it is so.
pub const fn given(is: bool, weight: f32) -> f32 {
    if is { weight } else { 0.0 }
}

/// What speaks for cancelling, less what speaks against it.
fn weight(wish: Wish, hearing: &Hearing) -> f32 {
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
    let wished = MOST_WISH * hearing.most_wish().clamp(WISH.0, WISH.1);
    let asked = given(hearing.asks, ASKS)
        + given(hearing.is_form && wish.intent == Intent::Cancel, FORM)
        + given(hearing.plainly, PLAIN_REQUEST)
        + given(hearing.outright, OUTRIGHT)
        + given(wish.intent == Intent::Cancel, UNDERSTOOD)
        + given(count <= 1, ONE_SENTENCE);
    let objected = match wish.objection {
        Objection::None | Objection::Weak => 0.0,
        Objection::Strong => STRONG_OBJECTION,
        // What is final was never weighed.
        Objection::Grave | Objection::Final => GRAVE_OBJECTION,
    };
    against + kinds + counted + wished + asked + objected
}
