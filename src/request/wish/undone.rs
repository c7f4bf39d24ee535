//! A request to undo a cancelling, «верните меня обратно», or for its document once more, that no rule
//! understands.
//!
//! Whether a cancelling is to be undone is weighed as in [`super::judged`], by the sentence that asks for
//! it most and those beside it.

use super::heard::{Hearing, Said};
use super::{Objection, Wish, keeping};
use crate::domain::Reason;
use crate::read::grammar as patterns;
use crate::request::Intent;
use crate::request::fields::Field;
use crate::request::learned::{Class, Heard};
use crate::request::plain;
use crate::request::sentences;
use crate::request::speech::{Sentence, grammar};
use std::sync::LazyLock;

/// A sentence has to be so much more like a request for the document than like anything else: nothing
/// changes by it.
const RATHER_RESEND: f32 = 0.35;

/// The other sentences may ask for cancelling as little as this: «отменяла вчера» tells of it.
const ASKING: f32 = 0.3;

/// The other sentences may leave this doubt of another kind, «если …», «на среду».
const OTHERWISE: f32 = 0.3;

/// What keeps anybody from sending the document; that it was cancelled, and that the writer comes, goes
/// with it.
const OBSTACLES: [Class; 5] = [
    Class::MAYBE,
    Class::QUESTION,
    Class::MOVE,
    Class::OTHER,
    Class::UNSURE,
];

/// How much rather the sentence asks to undo a cancelling than for anything else.
const RATHER_UNDONE: f32 = 1.18;

/// How much any sentence is like such a request.
const MOST_UNDONE: f32 = 0.67;

/// How much any sentence asks for cancelling.
const MOST_WISH: f32 = -0.76;

/// What else the sentence that asks is like.
const ASKED: [(Class, f32); 4] = [
    (Class::WISH, 0.6),
    (Class::KEEP, 0.53),
    (Class::UNSURE, -0.74),
    (Class::MAYBE, -0.51),
];

/// What the sentences beside it are like.
const BESIDE: [(Class, f32); 5] = [
    (Class::KEEP, 0.6),
    (Class::TOLD, 0.3),
    (Class::MOVE, -0.21),
    (Class::UNSURE, -0.33),
    (Class::ASIDE, -0.55),
];

/// The rules understand nothing, and object to nothing.
const NOT_UNDERSTOOD: f32 = 2.08;

/// The rules understand a wish to cancel.
const UNDERSTOOD: f32 = 0.48;

/// The rules object strongly to cancelling.
const OBJECTED: f32 = 1.1;

/// What all of it has to outweigh.
const SURE: f32 = 4.16;

/// As [`SURE`], for keeping anybody from cancelling.
const PERHAPS: f32 = 3.56;

/// A likeness is weighed within these bounds.
const BOUNDS: (f32, f32) = (-3.0, 3.0);

/// What a class counts that nothing is like.
const UNLIKE: f32 = -2.0;

/// `wish`, unless one of the two is heard to be asked for; `titled`: a subject typed afresh asks for
/// cancelling.
pub fn undoing(wish: Wish, hearing: &Hearing, titled: bool) -> Wish {
    let open = matches!(
        wish.doubt,
        None | Some(Reason::WishUnclear | Reason::NeedsPerson)
    );
    if !open || titled || hearing.doubts.iter().any(|doubt| !doubt.is_finite()) {
        return wish;
    }
    let restores = weight(wish, hearing);
    // «Отмените отмену» holds a wish to cancel, and one to undo it.
    if wish.intent == Intent::Cancel && restores > PERHAPS {
        return Wish::unclear();
    }
    if wish.intent != Intent::None || wish.objection == Objection::Final {
        return wish;
    }
    match (restores > SURE, is_resend_asked(hearing)) {
        (true, false) => Wish::clear(Intent::Restore),
        (false, true) => Wish::clear(Intent::Resend),
        (true, true) | (false, false) => wish,
    }
}

/// What speaks for a request to undo a cancelling, less what speaks against it.
fn weight(wish: Wish, hearing: &Hearing) -> f32 {
    let said = &hearing.sentences;
    let rather = |said: &Said| said.heard.rather(Class::RESTORE);
    let best = (0..said.len())
        .zip(said)
        .max_by(|(_, a), (_, b)| rather(a).total_cmp(&rather(b)));
    let Some((at, asked)) = best else {
        return f32::NEG_INFINITY;
    };
    let refuses = said.iter().any(|said| said.refuses || said.asks_both);
    if refuses || asked.asks_another_time || !asked.names_booking {
        return f32::NEG_INFINITY;
    }
    let bounded = |value: f32| value.clamp(BOUNDS.0, BOUNDS.1);
    let beside = |class: Class| {
        let others = said.iter().enumerate().filter(|(other, _)| *other != at);
        let likes = others.map(|(_, said)| said.heard.like(class));
        likes.reduce(f32::max).unwrap_or(UNLIKE)
    };
    let own: f32 = ASKED
        .iter()
        .map(|(class, weight)| weight * bounded(asked.heard.like(*class)))
        .sum();
    let others: f32 = BESIDE
        .iter()
        .map(|(class, weight)| weight * bounded(beside(*class)))
        .sum();
    let like = hearing.most_like(Class::RESTORE).unwrap_or(UNLIKE);
    let given = |is: bool, weight: f32| if is { weight } else { 0.0 };
    let cancels = wish.intent == Intent::Cancel;
    let silent = !cancels && wish.doubt.is_none() && wish.objection == Objection::None;
    RATHER_UNDONE * bounded(rather(asked))
        + MOST_UNDONE * bounded(like)
        + MOST_WISH * bounded(hearing.most_wish())
        + own
        + others
        + given(cancels, UNDERSTOOD)
        + given(silent, NOT_UNDERSTOOD)
        + given(wish.objection == Objection::Strong, OBJECTED)
}

fn is_resend_asked(hearing: &Hearing) -> bool {
    let asks =
        |said: &&Said| said.heard.rather(Class::RESEND) > RATHER_RESEND && !said.asks_otherwise;
    let told = hearing.sentences.iter().any(|said| said.names_cancelling);
    if !told || hearing.sentences.iter().any(|said| said.refuses) {
        return false;
    }
    let mut others = hearing.sentences.iter().filter(|said| !asks(said));
    hearing.sentences.iter().any(|said| asks(&said))
        && others.all(|said| said.heard.wish < ASKING && obstructs(&said.heard) < OTHERWISE)
}

/// Whether a body leaves a wish to restore standing that only its subject tells: it says that the cancelling was
/// a mistake, or that the writer comes.
pub fn leaves_restoring(body: &str, fields: &[Field]) -> bool {
    let g = grammar();
    let said = plain::masked(body, &keeping::own_details(body, fields));
    sentences::split(&said).iter().all(|text| {
        let sentence = Sentence::read(text);
        keeping::says_nothing(text)
            || keeping::is_given_name(text)
            || g.refers_to_subject.is_in(&sentence)
            || g.goes_with_restoring.is_in(&sentence) && !g.negated.is_in(&sentence)
    })
}

/// «Верните меня», «верните запись», «верните всё назад», not «верните зонт»; other words ask for the
/// booking or the writer's place in the list.
pub fn names_booking(text: &str) -> bool {
    const ITS: &str = r"(?:(?:запись[ ])?\p{L}{1,4}-\d{3,}|меня|нас|е[её]|его|(?:на[ ])?запис\p{L}*|талон\p{L}*|бронь?|при[её]м\p{L}*|визит\p{L}*|вс[её]|обратно|назад|взад|как[ ]было|в[ ]силе|отмен[уы]|на[ ]место|врем[яе]\p{L}*)";
    static RETURNED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:верн(?:ите|уть|и)|возврат\p{L}+|восстанов\p{L}+)(?:[- ](?:ка|же|уж|пожалуйста|плиз|мне|нам|вы|тогда|прошу|умоляю|срочно|мою|нашу|мой|наш|моего|нашего|моей|ту|эту|тот|этот|маме|ему|ей|дочке|сыну)\b,?|,[ ]?(?:пожалуйста|умоляю|прошу|если[ ]можно),?)*",
        )
    });
    static BOOKING: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(&format!(r"(?i)\b{ITS}\b")));
    static DIRECTLY: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(&format!(
            r"(?i)^[ ,]*(?:{ITS}\b|(?:я|мы)[ ](?:приду|прид[её]м|буду|будем)\b|[.!?)]*$)"
        ))
    });
    if names_another_thing(text) {
        return false;
    }
    match RETURNED.find(text) {
        Some(verb) => text
            .get(verb.end()..)
            .is_some_and(|behind| DIRECTLY.is_match(behind)),
        None => BOOKING.is_match(text),
    }
}

/// «Верните место для парковки», «поставьте обратно старого врача»
pub fn names_another_thing(text: &str) -> bool {
    static LISTED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:списо?к\p{L}*[ ]льгот|очеред[ьи][ ]на[ ](?:квартир|жиль|сад)|другим|себе|парков\p{L}+|стоянк\p{L}+|запис\p{L}*[ ](?:узи|мрт|разговор|с[ ]камер)|на[ ]диск|восстановлени\p{L}+[ ](?:нужно[ ])?(?:после|здоров|сил\b|прав\b|в[ ]правах|в[ ]родительск|на[ ]работе|документ|паспорт|птс|стс|снилс|свидетельств|удостоверен))",
        )
    });
    // «Поставьте обратно старого врача»
    static PUT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:поставьте|внесите|впишите|включите)(?:[ ](?:мне|нам))?[ ](?:обратно|назад)[ ](\p{L}+)",
        )
    });
    let of_another_thing = PUT.captures(text).is_some_and(|found| {
        let thing = found.get(1).map_or("", |word| word.as_str());
        let named = thing.starts_with(char::is_uppercase);
        !named
            && ![
                "меня",
                "нас",
                "пожалуйста",
                "пжлст",
                "плиз",
                "мою",
                "запись",
                "на",
            ]
            .contains(&thing)
    });
    of_another_thing || LISTED.is_match(text)
}

/// «Пришлите подтверждение отмены»
pub fn names_cancelling(text: &str) -> bool {
    static CANCELLED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(r"(?i)(?:отмен|аннулир|\bсня(?:л|т)|снимал|\bот[ ]приема[ ]отказ)")
    });
    CANCELLED.is_match(text)
}

/// «То есть не надо», «впрочем», «но на четверг»
pub fn refuses(text: &str) -> bool {
    static REFUSED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\bне[ ]отмен(?:яйте|яй|ите|ять|ить)\b|\bвосстанов\p{L}+[^.!?,]{0,30},[ ](?:да|но)[ ]|\bо[ ]восстановлении[ ][^.!?]{0,20}\bне[ ]|\bвосстановить[ ]не[ ]|\bне[ ](?:свою|мою)\b|\bвосстан\p{L}+[^!]{0,20}\?[ ]?или\b|\bили[ ]лучше[ ]новую\b|\bпосоветуйте\b|\bвосстанавливать[ ]не[ ]|\bне[ ](?:надо|нужно|стоит|восстан\p{L}+|возвращ\p{L}+|ставьте|записывайте|вносите|включайте)\b|\bне[ ]к\b|\bк[ ]прежнему\b|\bдруг(?:ой|ое|ую|ом)[ ](?:день|число|врем|дат)|\bпозже\b|\bпопозже\b|\bна[ ]то[ ]самое[ ]число,[ ]|\bвпрочем\b|\bили[ ]не\b|\bно[ ]на\b|\bвместо\b|\bтолько[ ](?:на|не)\b|\bподождите(?:[ ](?:возвр|восст|с|пока|до|немного)\b|[.! ]*$)|\bпоставили\b|\bспасибо\b[^.!?]*\b(?:восстановили|вернули)\b|\b(?:я|мы)[ ]против\b|\bзаказ\p{L}*\b|\bсебе\b|\bуже[ ]записал|\bможно[^.?!]{0,20}[ ]записаться\b",
        )
    });
    REFUSED.is_match(text)
}

/// How much a sentence is more like an obstacle than like anything else.
fn obstructs(heard: &Heard) -> f32 {
    OBSTACLES
        .iter()
        .map(|class| heard.rather(*class))
        .fold(f32::NEG_INFINITY, f32::max)
}
