//! A request to undo a cancelling, «верните меня обратно», or for its document once more, that no rule
//! understands.

use super::heard::{Hearing, Said};
use super::{Objection, Wish};
use crate::domain::Reason;
use crate::request::Intent;
use crate::request::learned::{Class, Heard};

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
    let asks = |said: &&Said| said.heard.rather(class) > rather && !said.asks_otherwise;
    let mut others = hearing.sentences.iter().filter(|said| !asks(said));
    hearing.sentences.iter().any(|said| asks(&said))
        && others.all(|said| said.heard.wish < ASKING && obstructs(&said.heard) < OTHERWISE)
}

/// How much a sentence is more like an obstacle than like anything else.
fn obstructs(heard: &Heard) -> f32 {
    OBSTACLES
        .iter()
        .map(|class| heard.rather(*class))
        .fold(f32::NEG_INFINITY, f32::max)
}
