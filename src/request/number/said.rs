//! What the writer says of a number: that figures of it are missing, that it is wrong, or that of another thing or
//! another person.

use super::foreign::{is_of_an_office, is_of_the_word_behind};
use super::no_number::is_of_another_thing;
use crate::domain::BookingNumber;
use crate::read::grammar::{self, Rule};
use crate::request::phrases::fields as words;
use crate::request::plain;
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;

/// How that is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    cut: Rule,
    wrong: Rule,
    unknown: Rule,
    of_another: Rule,
    of_another_before: Rule,
    own: Rule,
    of_a_relative_before: Rule,
}

static SAID: LazyLock<Said> = LazyLock::new(|| grammar::embedded(include_str!("said.toml")));

/// Whether the writer says that figures of a number are missing: «4821 и дальше пятно», «остальные цифры не
/// пропечатались».
pub fn is_told_to_be_cut(text: &str) -> bool {
    SAID.cut.is_in(text)
}

/// Whether the writer says that the figures given are not those: «лишний ноль», «прибавьте единицу», «на конце
/// шесть», «номер прошлогодний», «последние три 457».
pub fn is_told_to_be_wrong(text: &str) -> bool {
    SAID.wrong.is_in(text)
}

/// Whether `text`, masked, names `number` as a former one, as that of a booking beside it, or as that of a
/// relative where the writer's own booking is meant.
pub fn is_of_another_booking(text: &str, number: &BookingNumber) -> bool {
    let own = SAID.own.is_in(text);
    figured(text, number).iter().any(|figures| {
        let before = plain::line_before(text, figures.start);
        SAID.of_another_before.is_in(before) || own && SAID.of_a_relative_before.is_in(before)
    })
}

/// Whether `text`, masked, says of `number`, that of the subject, that it is no booking's: «номер заказа 48213»,
/// «48213 — это номер медкарты», «номера записи не знаю».
pub fn is_disowned(text: &str, number: &BookingNumber) -> bool {
    static THIS_IS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)(?:^|[.!?,—–-][ \n]?)это[ ](?:номер|код)[ ](?P<of>[^.,!?\n]{1,30})")
    });
    let (others, own): (Vec<_>, Vec<_>) = figured(text, number)
        .into_iter()
        .partition(|figures| is_of_another(text, figures));
    let all_of_others = !others.is_empty() && own.is_empty();
    let of_another = THIS_IS.captures(text).is_some_and(|found| {
        let of = found.name("of").map_or("", |of| of.as_str());
        !words().booking_noun.is_in(of)
    });
    all_of_others
        || of_another
        || SAID.unknown.is_in(text)
        || SAID.of_another.is_in(text) && (own.is_empty() || THIS_IS_FOR.is_match(text))
}

/// «48213 это к хирургу»
static THIS_IS_FOR: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\d[ ]это[ ](?:к|у|на)[ ]"));

/// Where `text` names `number`.
fn figured(text: &str, number: &BookingNumber) -> Vec<Range<usize>> {
    static FIGURED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?:\p{L}{1,5}[/-]?)?\d[\p{L}\d/-]*"));
    let same = |written: &str| {
        BookingNumber::parse(written).is_some_and(|other| other.lookup_key() == number.lookup_key())
    };
    FIGURED
        .find_iter(text)
        .filter(|token| same(token.as_str()))
        .map(|token| token.range())
        .collect()
}

fn is_of_another(text: &str, figures: &Range<usize>) -> bool {
    // «Заявка № 5» is a booking with some offices.
    static APPLICATION: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)\b(?:заявк|очеред|регистр)\p{L}*[ ,:(]*(?:№|номер)?[ :]*$")
    });
    let before = plain::line_before(text, figures.start);
    let written = text.get(figures.clone()).unwrap_or_default();
    is_of_the_word_behind(plain::behind(text, figures.end))
        || !APPLICATION.is_match(before)
            && (is_of_an_office(before) || is_of_another_thing(before, written))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &SAID.cut,
            &SAID.wrong,
            &SAID.unknown,
            &SAID.of_another,
            &SAID.of_another_before,
            &SAID.own,
            &SAID.of_a_relative_before,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
    }
}
