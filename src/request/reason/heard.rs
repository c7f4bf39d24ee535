//! The reason that is heard in a sentence, by the likeness of its words to the examples.

use super::names;
use crate::read::grammar::{self as patterns, Rule};
use crate::request::learned;
use crate::request::speech::{Sentence, WordList, grammar};
use crate::request::wish::keeping::is_surname;
use serde::Deserialize;
use std::sync::LazyLock;

/// What sounds like a reason and is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoReason {
    empty: Rule,
}

static NO_REASON: LazyLock<NoReason> =
    LazyLock::new(|| patterns::embedded(include_str!("empty.toml")));

/// «…, я записалась через портал»: who does something belongs to what is done.
static SUBJECT: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)(?:^|[,;:—–(]\s*|\b(?:а|и|но|что)[ ])((?:я|мы|он|она|они|мне|нам|нас|меня|у[ ](?:меня|нас))[ ]+)$",
    )
});

/// What is heard less surely than this is no reason.
const LEAST: f32 = 0.8;

static OURS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(r"(?i)^(?:меня|нас|него|не[её]|мужа|жены|сына|дочери|мамы|папы)\b")
});

/// «Извините за поздний ответ»
static COURTESY: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)\b(?:извин|прост|прошу[ ]прощ|спасибо|благодар)\p{L}*[ ](?:меня[ ]|вас[ ])?за[ ]$",
    )
});

/// «Я записана на паспорт, но не смогу прийти, работаю»: what tells the absence is not why.
static ABSENCE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^.*?\bне[ ](?:(?:приду|прид[её]м|приеду|приедем|явлюсь|подойду|под[ъь]?еду)|(?:смогу|могу|сможем|можем|получится)(?:[ ](?:ч[её]т|ч[её]-то|что-то)[ ,])?(?:[ ]?(?:прийти|придти|приехать|быть|явиться|подойти|под[ъь]?ехать|попасть|прибыть))+)(?:[ ](?:к[ ]вам|на[ ]при[её]м))*[ ,:—–-]+",
    )
});

/// Whether it tells no reason, whatever it sounds like; «Номер в теме. Лера» and «9012 Ткаченко» are signed.
pub fn is_empty(told: &str) -> bool {
    NO_REASON.empty.is_in(told) || grammar().knows(told, WordList::GivenName) || is_surname(told)
}

/// How much a sentence is rather one that tells a reason.
pub fn telling(sentence: &str) -> f32 {
    learned::hear(sentence).rather(learned::Class::REASON)
}

/// What of a sentence is a reason by its likeness to the examples, and how surely.
pub fn heard(sentence: &str) -> Option<(f32, String)> {
    behind_absence(sentence)
        .and_then(in_clause)
        .or_else(|| in_clause(sentence))
}

/// What stands behind «не приду», be it one word.
pub fn behind_absence(sentence: &str) -> Option<&str> {
    let absence = ABSENCE.find(sentence)?;
    sentence.get(absence.end()..)
}

/// Whether `told`, a piece of one of the sentences, is what the writer excuses or thanks for.
pub fn is_courtesy<'t>(mut sentences: impl Iterator<Item = &'t str>, told: &str) -> bool {
    sentences.any(|sentence| {
        let before = sentence.find(told).and_then(|at| sentence.get(..at));
        before.is_some_and(|before| COURTESY.is_match(before))
    })
}

/// Octets of the decimals behind a figure: «температура 38,5».
fn decimals(sentence: &str, end: usize) -> usize {
    let (told, behind) = sentence.split_at_checked(end).unwrap_or_default();
    let fraction = behind.strip_prefix(',').unwrap_or_default();
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let figure = told.ends_with(|c: char| c.is_ascii_digit());
    if figure && digits > 0 { digits + 1 } else { 0 }
}

/// «Запись на», «к»: a preposition of booking stands before it.
fn is_object(before: &str) -> bool {
    static BOOKED: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:^|[ ])(?:запис\p{L}*|при[её]м|визит|талон|очередь|меня|мою|отмен\p{L}+|хотел\p{L}?)[ ](?:\p{L}+[ ])?(?:на|к|ко|за|в|насч[её]т|по[ ]поводу)[ ]$|(?:^|[ ])(?:к|ко|насч[её]т)[ ]$",
        )
    });
    BOOKED.is_match(before)
}

/// From the first word of a reason to the last.
fn in_clause(sentence: &str) -> Option<(f32, String)> {
    let mut found = learned::reasons(sentence);
    // «К лору на 16 февраля, насморк прошёл»: what the booking is for is no reason.
    found.retain(|told| !is_object(sentence.get(..told.range.start).unwrap_or_default()));
    let (first, last) = (found.first()?, found.last()?);
    let weight = found.iter().map(|told| told.weight).sum();
    let whole = sentence.get(..first.range.start)?;
    // «Вечер у нас ребёнок приболел»: the preposition belongs to it.
    let of_us = whole.ends_with("у ") || whole.ends_with("У ");
    let of_us = of_us && OURS.is_match(sentence.get(first.range.start..)?);
    let start = SUBJECT
        .captures(whole)
        .and_then(|found| found.get(1))
        .map_or(first.range.start, |subject| subject.start());
    let start = if of_us && start == first.range.start {
        start - "у ".len()
    } else {
        start
    };
    let told = sentence.get(start..last.range.end + decimals(sentence, last.range.end))?;
    let before = sentence.get(..start)?;
    // «17.11.2027 в 9:15 комиссия»: a piece of a date is no beginning.
    let torn = before.ends_with(['.', ':']) && told.starts_with(|c: char| c.is_ascii_digit());
    // «Осипенко В. В., начальник участка»
    let post = before.trim_end().ends_with([',', '.']) && names::is_post(told);
    if torn || post || COURTESY.is_match(before) {
        return None;
    }
    // «А деньги прошу вернуть» asks.
    let asks_back = grammar()
        .class("верните")
        .is_some_and(|class| Sentence::read(told).has(class));
    if asks_back {
        return None;
    }
    (weight > LEAST && !is_empty(told)).then(|| (weight, told.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_judges_its_examples() {
        assert_eq!(NO_REASON.empty.misjudged(), None);
    }
}
