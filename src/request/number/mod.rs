//! The number of the booking: «№ 12345» in all spellings, and what is no booking's number.

mod bare;
mod contested;
mod day_or_hour;
mod foreign;
mod heard;
mod no_number;
mod said;
mod shape;

use super::fields::Kind;
use super::noted::Noted;
use super::plain::{self, BROKEN, OVERRIDE};
use super::spoken;
use crate::domain::{BookingNumber, Reason};
use crate::read::grammar::{self, Text};
use shape::{
    GROUP, MORE, MORE_BEHIND_ITS_DAY, NOUN, SIGN, TOKEN, UNIT, before_words, is_range, mask,
};
use std::ops::Range;
use std::sync::LazyLock;

pub use heard::weighed;

/// Numbers after which no more are sought: the letter is ambiguous long before.
const MOST_NUMBERS: usize = 20;

/// Groups of digits that a number written with spaces has at most.
const MOST_GROUPS: usize = 20;

/// What was found.
#[derive(Debug, Default)]
struct Found {
    numbers: Vec<BookingNumber>,
    broken: bool,
    torn_apart: bool,
}

/// Reads the number out of several texts (subject, own words): exactly one, or the reason why
/// there is none.
pub fn read(texts: &[&Noted<'_>]) -> Result<Option<BookingNumber>, Reason> {
    let mut found = Found::default();
    let masked: Vec<String> = texts.iter().map(|noted| mask(noted)).collect();
    for (noted, masked) in texts.iter().zip(&masked) {
        scan(noted, &Text::of(masked), &mut found);
    }
    if found.numbers.is_empty() && !found.broken {
        lonely(&masked, &mut found);
        if found.numbers.is_empty() && !found.torn_apart {
            found.numbers.extend(bare::read(&masked));
        }
    }
    if found.broken || masked.iter().any(|text| said::is_told_to_be_cut(text)) {
        return Err(Reason::NumberUnreadable);
    }
    found.torn_apart |= found
        .numbers
        .iter()
        .any(|number| bare::has_sibling(&masked, number));
    // «№ ЦЗ 14-22» above, «№ ЦЗ-14-22» below: the body outweighs the subject.
    let mut keys: Vec<String> = found
        .numbers
        .iter()
        .map(|number| joined(&number.lookup_key()))
        .collect();
    keys.sort();
    keys.dedup();
    if keys.len() > 1 || found.torn_apart {
        return Err(Reason::NumberAmbiguous);
    }
    Ok(found.numbers.into_iter().next_back())
}

/// The key without the dash behind its first letters; «12-34» keeps it.
fn joined(key: &str) -> String {
    let figures = key.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (letters, figures) = key.split_at_checked(figures).unwrap_or(("", key));
    letters.trim_end_matches(['-', '/']).to_owned() + figures
}

fn scan(noted: &Noted<'_>, masked: &Text<'_>, found: &mut Found) {
    if noted.text.contains(OVERRIDE) && SIGN.is_match(masked) {
        found.broken = true;
    }
    let mut used: Vec<Range<usize>> = Vec::new();
    for field in noted.fields.iter().filter(|f| f.kind == Kind::Number) {
        token(masked, field.value.start, found, &mut used, Told::Sign);
    }
    for sign in SIGN.find_iter(masked) {
        let rest = masked.get(sign.end()..).unwrap_or_default();
        let within_word =
            sign.as_str().ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic);
        if !within_word && !foreign::is_foreign(masked, &sign.range()) {
            token(masked, sign.end(), found, &mut used, Told::Sign);
        }
    }
    for noun in NOUN.find_iter(masked) {
        let line = plain::line_before(masked, noun.start());
        if foreign::OTHER_RECORD.is_match(line) || foreign::REGISTRY.is_match(line) {
            continue;
        }
        let least = least_digits(masked, noun.range());
        token(masked, noun.end(), found, &mut used, Told::Noun { least });
    }
    and_more(masked, found, &mut used);
}

/// «Бронь 55/НТ» and «талон 19» need no more digits; «запись 12» may be a day.
fn least_digits(text: &str, noun: Range<usize>) -> usize {
    let written = text.get(noun.clone()).unwrap_or_default().to_lowercase();
    let token = TOKEN.find(plain::behind(text, noun.end));
    let token = token.map_or("", |token| token.as_str());
    let marked = token.contains('/') || token.chars().any(char::is_alphabetic);
    if written.starts_with("талон") || written.starts_with("брон") || marked {
        1
    } else {
        3
    }
}

/// What tells that figures are a number.
#[derive(Clone, Copy)]
enum Told {
    /// «№», «номер».
    Sign,
    /// A booking's noun, or a number before it; so many digits are asked for.
    Noun { least: usize },
}

/// Reads the token at `at`.
fn token(text: &str, at: usize, found: &mut Found, used: &mut Vec<Range<usize>>, told: Told) {
    let least = match told {
        Told::Sign => 1,
        Told::Noun { least } => least,
    };
    if found.numbers.len() >= MOST_NUMBERS {
        return;
    }
    let rest_at = at + opening(plain::behind(text, at));
    let rest = plain::behind(text, rest_at);
    if rest.starts_with(BROKEN) && least == 1 {
        found.broken = true;
        return;
    }
    // «Запись пт 12.30», «запись тел 5»
    let sound = |m: &grammar::Match<'_>| !m.is_empty() && !ABBREVIATED.is_match(m.as_str());
    let Some(matched) = TOKEN.find(rest).filter(sound) else {
        return;
    };
    let mut end = layout(rest, matched.end(), found);
    let mut written = rest.get(..end).unwrap_or_default();
    if let Some(cut) = before_words(written) {
        end = cut;
        written = rest.get(..end).unwrap_or_default();
    }
    let digits = written.chars().filter(|c| c.is_numeric()).count();
    let range = rest_at..rest_at + end;
    if digits < least
        || used
            .iter()
            .any(|other| other.start < range.end && range.start < other.end)
    {
        return;
    }
    let after = rest.get(end..).unwrap_or_default();
    let statute = written.to_uppercase().ends_with("ФЗ");
    // «Запись 1145 число 21.04»: no day of a month has so many figures.
    let day = digits <= 2 || !after.trim_start().starts_with("числ");
    let else_told = || UNIT.is_match(after) && day || no_number::is_something_else(text, &range);
    let owned =
        foreign::is_of_the_word_behind(after) || no_number::is_place_in_a_list(written, after);
    if statute || owned || matches!(told, Told::Noun { .. }) && else_told() {
        return;
    }
    let cut = shape::is_cut(written, after) || shape::is_cut_before(text, rest_at);
    if cut || spoken::goes_on_in_words(after) || day_or_hour::is_a_whole_day(written) {
        found.broken = true;
        return;
    }
    found.torn_apart |= shape::goes_on_below(written, after);
    found.torn_apart |= is_range(text.get(..rest_at).unwrap_or_default(), written);
    found.torn_apart |= written.contains(' ') && GOES_ON.is_match(after);
    match BookingNumber::parse(written) {
        Some(number) => found.numbers.push(number),
        None => {
            found.broken = true;
            return;
        }
    }
    used.push(range);
}

/// Octets before a number: brackets, quotation marks, and what the booking is for: «Запись ЭКГ 34702».
fn opening(text: &str) -> usize {
    let rest = text.trim_start_matches(['«', '"', ' ', '(', '<', '[', '„', '“']);
    let service = SERVICE.find(rest).map_or(0, |service| service.end());
    text.len() - rest.len() + service
}

/// Further numbers behind the first: «№1234, 1235 и 1236».
fn and_more(text: &str, found: &mut Found, used: &mut Vec<Range<usize>>) {
    let mut index = 0;
    while let Some(end) = used.get(index).map(|range| range.end) {
        index += 1;
        let behind = plain::behind(text, end);
        // «27115 на 15 февраля и 27131 на 17 февраля»
        let dated = || {
            let more = MORE_BEHIND_ITS_DAY.captures(behind)?.get(1)?;
            let first = used.get(index - 1).map_or(0, |range| range.len());
            (more.len() == first).then_some(more.start())
        };
        let Some(more) = MORE.find(behind).map(|more| more.end()).or_else(dated) else {
            continue;
        };
        let next = end + more;
        let digit = |t: &str| t.starts_with(|c: char| c.is_ascii_digit());
        if found.numbers.len() < MOST_NUMBERS && text.get(next..).is_some_and(digit) {
            token(text, next, found, used, Told::Noun { least: 3 });
        }
    }
}

/// Spaces within a number are layout: «12 345», «1 2 3 4 5». Returns where the number ends.
fn layout(rest: &str, token_end: usize, found: &mut Found) -> usize {
    let mut end = token_end;
    let first = rest.get(..token_end).unwrap_or_default();
    // «К 45 12»: letters with a space behind them, and figures.
    let figures = first.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ');
    let spaced = figures.len() == first.len() || first.contains(' ');
    let pure = spaced && !figures.is_empty() && figures.chars().all(|c| c.is_ascii_digit());
    let mut previous = figures.len();
    for groups in 0.. {
        if !pure {
            return end;
        }
        if groups == MOST_GROUPS {
            found.torn_apart = true;
            break;
        }
        let Some(after) = rest.get(end..) else { break };
        let Some(group) = GROUP.captures(after).and_then(|c| c.get(1)) else {
            break;
        };
        let tail = after.get(group.end()..).unwrap_or_default();
        let stops = tail.starts_with('.') && !tail.chars().nth(1).is_some_and(char::is_numeric);
        let joins = |c: char| c.is_alphanumeric() || "~:./-".contains(c);
        let glued = tail.starts_with(joins) && !stops;
        if glued || UNIT.is_match(tail) {
            break;
        }
        let length = group.len();
        // «17 05 3»: dictated by two figures.
        let by_two = previous == 2 && length == 1 && end > 2 && !OFFICE.is_match(tail);
        let fits =
            previous <= 4 && (2..=4).contains(&length) || previous == 1 && length == 1 || by_two;
        if !fits {
            let word_follows = tail
                .trim_start_matches(' ')
                .starts_with(char::is_alphabetic);
            found.torn_apart |= !(length <= 2 && word_follows);
            break;
        }
        previous = length;
        end += group.end();
    }
    end
}

/// Behind a number written with spaces, what may be the rest of it: «0 7 7 / 4 1», «В 118 ОК».
static GOES_ON: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^[ ]?/[ ]?\d|^[ ]\p{Lu}{1,3}(?:[\s.,;]|$)"));

/// Services that are written like letters of an office.
static SERVICE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)^(?:экг|узи|мрт|кт|мскт|ээг|фгдс|фгс|флг|лфк|ктг)[ ](?:№[ ]?)?")
});

/// Short words before figures that are no letters of an office.
static ABBREVIATED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"^(?:(?:пн|вт|чт|пт|сб|вс|ср) \d{1,4}\b|(?:пж|плз|пжл|спс|кв|гр|см|мм|кг|стр|бл|тлф|тл|гкб|мфц|црб) |(?i:инн|снилс|кпп|омс|дмс|птс|стс|огрн|бик|загс) )",
    )
});

/// What a single figure may count instead.
static OFFICE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ]*(?:каб|окн|этаж|корп|дом|кв|человек|чел|шт|раз|штук|класс|палат|подъезд)",
    )
});

/// A letter whose only digits stand alone, on a line or as a sentence, gives its number there.
fn lonely(masked: &[String], found: &mut Found) {
    static ALONE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?m)(?:^|\p{L}{3}[.!?][ \t])[ \t]*([0-9]{4,10})[ \t]*(?:[.,;!][ \t]|[.,;!]?$)",
        )
    });
    let runs = |text: &String| {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|run| !run.is_empty())
            .count()
    };
    if masked.iter().map(runs).sum::<usize>() != 1 || masked.iter().any(|t| t.contains(BROKEN)) {
        return;
    }
    let number = masked.iter().find_map(|text| {
        let figures = ALONE.captures(text)?.get(1)?;
        // «Ваш исх. 48213»
        let other = no_number::is_something_else(text, &figures.range());
        (!other).then_some(figures.as_str())
    });
    found.numbers.extend(number.and_then(BookingNumber::parse));
}

#[cfg(test)]
mod tests;
