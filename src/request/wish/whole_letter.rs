//! A third opinion on a wish to cancel, where the second one ([`super::judged`]) is not sure: the letter
//! weighed as a whole, by what each of its sentences is most like.
//!
//! The weights are those of a logistic regression over some six thousand letters whose wish a person noted, in which
//! no doubtful class may speak for cancelling; the bound is the one at which, of those letters that the weights were
//! not learnt from, none that asks for something else was taken for a wish to cancel that had not been before.

use super::heard::{DOUBTS, Hearing};
use super::judged::{DOUBT as DOUBTED, WISH as WISHED, given};
use super::{Objection, Wish};
use crate::request::Intent;
use crate::request::learned::Class;

/// What the weights have to come to.
const SURE: f32 = 2.6;

/// What a letter counts of which nothing is known.
const BASE: f32 = -3.56;

/// By the sentences that leave the most doubt, the greatest first.
const DOUBT: [f32; DOUBTS] = [-0.79, -0.33];

/// Where a plain request is heard, and where one that names its booking is: added to the first weight of [`DOUBT`].
const DOUBT_BESIDE_A_PLAIN_REQUEST: f32 = 0.27;
const DOUBT_BESIDE_AN_OUTRIGHT_ONE: f32 = 0.14;

/// By the sentence that asks most for cancelling.
const MOST_WISH: f32 = 0.29;

/// No sentence may leave a greater doubt than this, however much the others ask.
const DOUBT_OF_ANY: f32 = 1.0;

/// Nor may one be most like these: it takes the wish back.
const UNDOING: [Class; 6] = [
    Class::KEEP,
    Class::MAYBE,
    Class::MOVE,
    Class::TOLD,
    Class::RESTORE,
    Class::RESEND,
];

/// Each sentence, up to [`MOST_SENTENCES`].
const SENTENCE: f32 = 0.43;
const MOST_SENTENCES: usize = 5;
const ONE_SENTENCE: f32 = 0.08;

const ASKS: f32 = 1.43;
const FORM: f32 = 3.3;
const PLAIN_REQUEST: f32 = 0.42;
const UNDERSTOOD: f32 = 1.72;
const TITLED: f32 = 0.7;
const OTHER_BUSINESS: f32 = -2.95;
const STRONG_OBJECTION: f32 = -0.47;
const GRAVE_OBJECTION: f32 = -2.03;
/// The rules found something and could not tell what.
const UNCLEAR: f32 = 0.64;

/// By the sentence that is most like a class.
const LIKE: [(Class, f32); 12] = [
    (Class::WISH, -0.05),
    (Class::AWAY, 0.16),
    (Class::REASON, 0.58),
    (Class::POLITE, -0.08),
    (Class::DATA, -0.02),
    (Class::CONFIRM, 0.5),
    (Class::KEEP, -0.24),
    (Class::MAYBE, -0.38),
    (Class::MOVE, -0.21),
    (Class::TOLD, -0.36),
    (Class::OTHER, -0.48),
    (Class::RESTORE, -0.23),
];

/// Each sentence that is more like a class than like any other, up to [`MOST_OF_A_CLASS`]; of [`UNDOING`] there is none.
const LIKEST: [(Class, f32); 8] = [
    (Class::WISH, 0.63),
    (Class::AWAY, 0.59),
    (Class::REASON, 1.18),
    (Class::POLITE, -0.19),
    (Class::DATA, 0.65),
    (Class::CONFIRM, -2.47),
    (Class::QUESTION, -0.8),
    (Class::OTHER, -0.25),
];

const MOST_OF_A_CLASS: u8 = 2;

/// Whether the letter as a whole surely wants its booking cancelled: something has to ask for it, be it a subject
/// typed afresh (`titled`).
pub fn is_surely_of_cancelling(wish: Wish, hearing: &Hearing, titled: bool) -> bool {
    let understood = wish.intent == Intent::Cancel;
    let undoubted = hearing.doubts.iter().all(|doubt| *doubt <= DOUBT_OF_ANY);
    let undone = hearing.sentences.iter().any(|said| {
        let likest = said.heard.likest();
        likest.is_some_and(|class| UNDOING.contains(&class))
    });
    // «Вчера решила отменить, сегодня передумала»: nothing else stands there that could outweigh what the rules found.
    let refused = hearing.sentences.len() <= 1 && wish.objection >= Objection::Strong;
    undoubted
        && !undone
        && !refused
        && (hearing.asks || titled || understood)
        && BASE + by_doubts(hearing) + by_kinds(hearing) + by_signs(wish, hearing, titled) > SURE
}

fn by_doubts(hearing: &Hearing) -> f32 {
    let [first, second] = DOUBT;
    let first = first
        + given(hearing.plainly, DOUBT_BESIDE_A_PLAIN_REQUEST)
        + given(hearing.outright, DOUBT_BESIDE_AN_OUTRIGHT_ONE);
    let (least, most) = DOUBTED;
    let doubts = hearing.doubts.iter().copied().chain([least; DOUBTS]);
    let weighed = [first, second].into_iter().zip(doubts);
    weighed
        .map(|(weight, doubt)| weight * doubt.clamp(least, most))
        .sum()
}

fn by_kinds(hearing: &Hearing) -> f32 {
    let (least, most) = WISHED;
    let like = LIKE.iter().map(|(class, weight)| {
        let likeness = hearing.most_like(*class).unwrap_or(least);
        weight * likeness.clamp(least, most)
    });
    let likest = LIKEST.iter().map(|(class, weight)| {
        let said = hearing.sentences.iter();
        let of_class = said.filter(|said| said.heard.likest() == Some(*class));
        let number = u8::try_from(of_class.count()).unwrap_or(u8::MAX);
        weight * f32::from(number.min(MOST_OF_A_CLASS))
    });
    like.chain(likest).sum()
}

fn by_signs(wish: Wish, hearing: &Hearing, titled: bool) -> f32 {
    let understood = wish.intent == Intent::Cancel;
    let sentences = hearing.sentences.len();
    let counted = u8::try_from(sentences.min(MOST_SENTENCES)).unwrap_or(u8::MAX);
    let (least, most) = WISHED;
    let objected = match wish.objection {
        Objection::None | Objection::Weak => 0.0,
        Objection::Strong => STRONG_OBJECTION,
        // What is final was never weighed.
        Objection::Grave | Objection::Final => GRAVE_OBJECTION,
    };
    SENTENCE * f32::from(counted)
        + MOST_WISH * hearing.most_wish().clamp(least, most)
        + given(sentences <= 1, ONE_SENTENCE)
        + given(hearing.asks, ASKS)
        + given(hearing.is_form && understood, FORM)
        + given(hearing.plainly, PLAIN_REQUEST)
        + given(understood, UNDERSTOOD)
        + given(titled, TITLED)
        + given(wish.doubt.is_some(), UNCLEAR)
        + given(hearing.minds_other_business, OTHER_BUSINESS)
        + objected
}
