//! The number that is heard among the figures of a letter, by its likeness to the examples: where no rule
//! finds one, and against what the rules found.

use super::contested::is_contested;
use super::no_number::is_something_else;
use super::said::{is_disowned, is_of_another_booking, is_told_to_be_wrong};
use super::shape::mask;
use super::{ABBREVIATED, Found, SERVICE, Told, foreign, token};
use crate::domain::{BookingNumber, Reason};
use crate::read::grammar::{self, Text};
use crate::request::learned;
use crate::request::noted::Noted;
use crate::request::plain;
use std::sync::LazyLock;

/// A figure is heard to be the number if it is as much like one as this,
const SURE: f32 = 0.2;

/// and no other is as much like one as this.
const RIVAL: f32 = -0.4;

/// What the rules found is in doubt if it is less like one than this,
const DENIED: f32 = -0.6;

/// or than this where «№» and the number stand behind the request: nothing tells that it is of something else,
const DENIED_BEHIND_ITS_SIGN: f32 = -1.2;

/// or if another is as much like one as this.
const ANOTHER: f32 = 0.3;

/// What it counts against a figure that the rules find to be of something else.
const OF_ANOTHER: f32 = 0.6;

/// «Обе мои записи»
static BOTH: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:обе|обеих|оба|обоих)\b[^.!?\n]{0,25}\b(?:запис|талон|при[её]м|визит|брон|отмен|сн(?:ять|им)|аннул|удал|убер)|\b(?:две|двух|2)[ ](?:мо[иё]х?[ ])?(?:запис|талон|при[её]м|визит|брон)",
    )
});

/// «Заявка № 5» is a booking with some offices.
static APPLICATION: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\bзаявк\p{L}*[ ,:(]*(?:№|номер)?[ :]*$"));

/// Octets of the letters of an office directly before its figures, «КЛ 20655», not of «МРТ 48405».
fn office_letters(before: &str) -> usize {
    static LETTERS: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\b\p{Lu}{2,4}[ ]$"));
    let letters = LETTERS.find(before).map_or("", |letters| letters.as_str());
    if SERVICE.is_match(letters) || ABBREVIATED.is_match(letters) {
        0
    } else {
        letters.len()
    }
}

/// A number, and how much it is like that of a booking.
struct Heard {
    number: BookingNumber,
    weight: f32,
}

/// What the rules found in the writer's own words, and in a subject typed afresh, weighed against what is
/// heard there.
pub fn weighed(
    found: Result<Option<BookingNumber>, Reason>,
    titled: Option<&Noted<'_>>,
    noted: &Noted<'_>,
) -> Result<Option<BookingNumber>, Reason> {
    let Some(number) = settled(found?, titled, noted)? else {
        return Ok(None);
    };
    let masked = mask(noted);
    let in_subject = || titled.is_some_and(|titled| is_contested(&mask(titled), &number));
    if is_told_to_be_wrong(&masked)
        || is_contested(&masked, &number)
        || is_of_another_booking(&masked, &number)
        || in_subject()
        || titled.is_some() && is_disowned(&masked, &number)
    {
        return Err(Reason::NumberAmbiguous);
    }
    Ok(Some(number))
}

/// What the rules found, if nothing is heard against it; else the one number that is heard.
fn settled(
    found: Option<BookingNumber>,
    titled: Option<&Noted<'_>>,
    noted: &Noted<'_>,
) -> Result<Option<BookingNumber>, Reason> {
    let Some(heard) = all(titled, noted) else {
        return Ok(found);
    };
    match found {
        Some(number) => {
            let (own, others): (Vec<_>, Vec<_>) = heard
                .iter()
                .partition(|heard| is_same(&heard.number, &number) || is_its_end(heard, &number));
            let rival = if BOTH.is_match(&noted.text) {
                RIVAL
            } else {
                ANOTHER
            };
            let own = own.iter().map(|heard| heard.weight).reduce(f32::max);
            let denied = match begins_with_its_sign(&noted.text, &number) {
                true => DENIED_BEHIND_ITS_SIGN,
                false => DENIED,
            };
            let denied = own.is_some_and(|own| own < denied);
            if denied || own.is_some() && others.iter().any(|other| other.weight > rival) {
                Err(Reason::NumberAmbiguous)
            } else {
                Ok(Some(number))
            }
        }
        None => Ok(only(heard)),
    }
}

/// «Прошу отменить. № 77-3150»
fn begins_with_its_sign(text: &str, number: &BookingNumber) -> bool {
    text.match_indices(number.as_str()).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().trim_end_matches(' ');
        let before = before.strip_suffix('№').map(|t| t.trim_end_matches(' '));
        before.is_some_and(|before| before.is_empty() || ends_request(before))
    })
}

/// «… прошу отменить.»
fn ends_request(text: &str) -> bool {
    let Some(before) = text.trim_end().strip_suffix(['.', '!']) else {
        return false;
    };
    let word = before.rsplit(|c: char| !c.is_alphabetic()).next();
    let word = word.unwrap_or_default().to_lowercase();
    ["отмен", "аннулир"]
        .iter()
        .any(|stem| word.starts_with(stem))
}

fn is_same(one: &BookingNumber, other: &BookingNumber) -> bool {
    one.lookup_key() == other.lookup_key()
}

/// «ГД – 20633»: the figures without the letters of the office before them.
fn is_its_end(heard: &Heard, number: &BookingNumber) -> bool {
    let letters = number.as_str().strip_suffix(heard.number.as_str());
    letters.is_some_and(|letters| letters.chars().all(|c| c.is_alphabetic() || c == '-'))
}

/// The one number that is heard surely, if there is no other.
fn only(mut heard: Vec<Heard>) -> Option<BookingNumber> {
    heard.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let mut heard = heard.into_iter().filter(|heard| heard.weight > RIVAL);
    let best = heard.next().filter(|best| best.weight > SURE)?;
    heard
        .all(|other| is_same(&other.number, &best.number))
        .then_some(best.number)
}

/// All figures that can be read as a number; `None` if one that is like one is broken.
fn all(titled: Option<&Noted<'_>>, noted: &Noted<'_>) -> Option<Vec<Heard>> {
    let mut heard = Vec::new();
    let of_subject = titled.map(|titled| learned::figures(&titled.text, true));
    let subject = titled.zip(of_subject.as_deref());
    for (noted, figures) in subject.into_iter().chain([(noted, noted.figures())]) {
        let masked = mask(noted);
        let masked = Text::of(&masked);
        let mut used = Vec::new();
        for figure in figures {
            let hidden = |rest: &str| rest.starts_with([plain::MASK, plain::BROKEN]);
            let rest = masked.get(figure.range.start..);
            let before = plain::line_before(&masked, figure.range.start);
            if rest.is_none_or(hidden)
                || is_something_else(&masked, &figure.range)
                || foreign::is_of_an_office(before)
            {
                continue;
            }
            let mut found = Found::default();
            let told = Told::Noun { least: 1 };
            let start = figure.range.start - office_letters(before);
            token(&masked, start, &mut found, &mut used, told);
            if (found.broken || found.torn_apart) && figure.number > RIVAL {
                return None;
            }
            let foreign = foreign::is_foreign(&masked, &figure.range);
            let applied = APPLICATION.is_match(before);
            let of_another = if foreign && !applied { OF_ANOTHER } else { 0.0 };
            heard.extend(found.numbers.pop().map(|number| Heard {
                number,
                weight: figure.number - of_another,
            }));
        }
    }
    Some(heard)
}
