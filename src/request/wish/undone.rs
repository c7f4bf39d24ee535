//! A request to undo a cancelling, «верните меня обратно», or for its document once more, that no rule
//! understands.

use super::heard::{Hearing, Said};
use super::{Objection, Wish};
use crate::domain::Reason;
use crate::read::grammar as patterns;
use crate::request::Intent;
use crate::request::learned::{Class, Heard};
use std::sync::LazyLock;

/// A sentence has to be so much more like a request of its kind than like anything else.
const RATHER: f32 = 0.6;

/// As [`RATHER`], for the document: nothing changes by it.
const RATHER_RESEND: f32 = 0.35;

/// The other sentences may ask for cancelling as little as this: «отменяла вчера» tells of it.
const ASKING: f32 = 0.3;

/// The other sentences may leave this doubt of another kind, «если …», «на среду».
const OTHERWISE: f32 = 0.3;

/// What keeps anybody from acting on such a request; that it was cancelled, and that the writer comes,
/// goes with it.
const OBSTACLES: [Class; 5] = [
    Class::MAYBE,
    Class::QUESTION,
    Class::MOVE,
    Class::OTHER,
    Class::UNSURE,
];

/// `wish`, unless a sentence is heard to ask for one of the two; `titled`: a subject typed afresh asks for
/// cancelling.
pub fn undoing(wish: Wish, hearing: &Hearing, titled: bool) -> Wish {
    let open = matches!(
        wish.doubt,
        None | Some(Reason::WishUnclear | Reason::NeedsPerson)
    );
    if !open || titled || hearing.doubts.iter().any(|doubt| !doubt.is_finite()) {
        return wish;
    }
    let restores = is_asked(Class::RESTORE, RATHER, hearing);
    let resends = is_asked(Class::RESEND, RATHER_RESEND, hearing);
    // «Отмените отмену» holds a wish to cancel, and one to undo it.
    if wish.intent == Intent::Cancel && restores {
        return Wish::unclear();
    }
    if wish.intent != Intent::None || wish.objection == Objection::Final {
        return wish;
    }
    match (restores, resends) {
        (true, false) => Wish::clear(Intent::Restore),
        (false, true) => Wish::clear(Intent::Resend),
        (true, true) | (false, false) => wish,
    }
}

fn is_asked(class: Class, rather: f32, hearing: &Hearing) -> bool {
    let fits = |said: &Said| class != Class::RESTORE || said.names_booking;
    let asks =
        |said: &&Said| said.heard.rather(class) > rather && !said.asks_otherwise && fits(said);
    let told = class != Class::RESEND || hearing.sentences.iter().any(|s| s.names_cancelling);
    if !told || hearing.sentences.iter().any(|said| said.refuses) {
        return false;
    }
    let mut others = hearing.sentences.iter().filter(|said| !asks(said));
    hearing.sentences.iter().any(|said| asks(&said))
        && others.all(|said| said.heard.wish < ASKING && obstructs(&said.heard) < OTHERWISE)
}

/// «Верните меня», «верните запись», «верните всё назад», not «верните зонт»; other words ask for the
/// booking or the writer's place in the list.
pub fn names_booking(text: &str) -> bool {
    const ITS: &str = r"(?:меня|нас|е[её]|его|(?:на[ ])?запис\p{L}*|талон\p{L}*|бронь?|при[её]м\p{L}*|визит\p{L}*|вс[её]|обратно|назад|взад|как[ ]было|в[ ]силе|отмен[уы]|на[ ]место|врем[яе]\p{L}*)";
    static RETURNED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:верн(?:ите|уть|и)|возврат\p{L}+|восстанов\p{L}+)(?:[- ](?:ка|же|уж|пожалуйста|плиз|мне|нам|вы|тогда|прошу|умоляю|срочно|мою|нашу|мой|наш|моего|нашего|моей|ту|эту|тот|этот|маме|ему|ей|дочке|сыну)\b,?|,[ ]?(?:пожалуйста|умоляю|прошу|если[ ]можно),?)*",
        )
    });
    static BOOKING: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(&format!(r"(?i)\b{ITS}\b")));
    static DIRECTLY: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(&format!(r"(?i)^[ ,]*(?:{ITS}\b|[.!?)]*$)")));
    static LISTED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)\b(?:списо?к\p{L}*[ ]льгот|очередь[ ]на[ ](?:квартир|жиль|сад)|другим|себе)",
        )
    });
    if LISTED.is_match(text) {
        return false;
    }
    match RETURNED.find(text) {
        Some(verb) => text
            .get(verb.end()..)
            .is_some_and(|behind| DIRECTLY.is_match(behind)),
        None => BOOKING.is_match(text),
    }
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
            r"(?i)\bне[ ](?:надо|нужно|стоит|восстан\p{L}+|возвращ\p{L}+)\b|\bвпрочем\b|\bили[ ]не\b|\bно[ ]на\b|\bсебе\b|\bуже[ ]записал",
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
