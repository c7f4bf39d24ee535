//! What a verb of cancelling is said of: «отмените запись» and «отмените штраф». Any word that may
//! be another thing than a booking makes it another thing.

use crate::read::grammar as patterns;
use crate::request::speech::{Sentence, Word, grammar};
use std::sync::LazyLock;

/// Words behind a verb among which its object is sought.
const REACH: usize = 10;

/// Words that stand before a noun that is no object.
const PREPOSITIONS: [&str; 38] = [
    "в",
    "во",
    "на",
    "к",
    "ко",
    "у",
    "от",
    "до",
    "по",
    "из",
    "с",
    "со",
    "за",
    "для",
    "о",
    "об",
    "при",
    "про",
    "из-за",
    "ввиду",
    "без",
    "через",
    "после",
    "перед",
    "под",
    "над",
    "насчет",
    "вместо",
    "кроме",
    "согласно",
    "среди",
    "между",
    "около",
    "ради",
    "вследствие",
    "касательно",
    "относительно",
    "во-первых",
];

/// Words that open another clause where nobody set a comma.
const JOINTS: [&str; 16] = [
    "бо",
    "ибо",
    "так",
    "потому",
    "поскольку",
    "поэтому",
    "чтобы",
    "чтоб",
    "если",
    "когда",
    "что",
    "раз",
    "но",
    "а",
    "я",
    "мы",
];

/// Verbs that take a person or a note out of something.
const TAKING_OUT: [&str; 2] = ["снимите", "снять"];

/// What a word behind the verb may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Booking,
    Person,
    Preposition,
    /// Says nothing about the object.
    Filler,
    /// Might be the object.
    Thing,
    /// The clause is over.
    End,
}

/// «Отмените штраф», «рассылку отмените»: the object of a verb of cancelling is no booking.
pub fn is_another(sentence: &Sentence) -> bool {
    verbs(
        sentence,
        &["отмените", "атмените", "отменить", "снимите", "снять"],
    )
    .any(|verb| is_of_another(sentence, verb))
}

/// «Восстановите пароль», «верните деньги».
pub fn restores_another(sentence: &Sentence) -> bool {
    verbs(sentence, &["восстановите", "верните"]).any(|verb| is_of_another(sentence, verb))
}

fn verbs<'s>(sentence: &'s Sentence, lists: &'s [&'s str]) -> impl Iterator<Item = usize> + 's {
    let denied = |at: usize| sentence.words().get(at).is_none_or(|word| word.denied);
    (0..sentence.words().len())
        .filter(move |at| lists.iter().any(|list| is(sentence, *at, list)) && !denied(*at))
}

fn is(sentence: &Sentence, at: usize, list: &str) -> bool {
    let class = grammar().class(list);
    let word = sentence.words().get(at);
    word.is_some_and(|word| class.is_some_and(|c| word.classes.has(c)))
}

fn is_of_another(sentence: &Sentence, verb: usize) -> bool {
    let taking_out = TAKING_OUT.iter().any(|list| is(sentence, verb, list));
    let (mut behind, mut person) = (false, false);
    let mut booking_in_view = false;
    for at in verb + 1..=verb + REACH {
        let opens = at == verb + 1
            && sentence
                .words()
                .get(at)
                .is_some_and(|word| word.opens_clause);
        match part(sentence, verb, at) {
            Part::End => break,
            // «Отмените, паспорт потерял», «вычеркните, пусть другой идёт»
            Part::Thing | Part::Person | Part::Preposition if opens => break,
            Part::Filler if opens && !is(sentence, at, "мой") => break,
            Part::Preposition => behind = true,
            Part::Filler => {}
            Part::Booking if behind => {
                booking_in_view |= taking_out;
                behind = false;
            }
            // «С записи 5 пометку»
            Part::Booking if booking_in_view && is(sentence, at, "число") => {}
            Part::Booking => return false,
            Part::Person if behind => behind = false,
            Part::Person => person = true,
            Part::Thing if behind => {
                // «Вычеркните меня из живых»
                if taking_out && person && !booking_in_view {
                    return true;
                }
                behind = false;
            }
            Part::Thing => return true,
        }
    }
    !booking_in_view && !person && is_before(sentence, verb)
}

fn part(sentence: &Sentence, verb: usize, at: usize) -> Part {
    let Some(word) = sentence.words().get(at) else {
        return Part::End;
    };
    let written = sentence.text_of(at).unwrap_or_default();
    let next = |list: &str| is(sentence, at, list);
    if word.opens_clause && at > verb + 1
        || word.after_colon
        || is_command(&written)
        || JOINTS.contains(&written.as_str())
    {
        return Part::End;
    }
    if PREPOSITIONS.contains(&written.as_str()) {
        return Part::Preposition;
    }
    if next("запись") || next("её") || next("число") {
        return Part::Booking;
    }
    let from = at.checked_sub(1).and_then(|at| sentence.text_of(at));
    let out_of = from.is_some_and(|word| matches!(word.as_str(), "с" | "со" | "из"));
    if next("услуга") || next("место") || next("очередь") && (out_of || is_qualified(sentence, at))
    {
        return Part::Booking;
    }
    if is_application(sentence, at) {
        return Part::Booking;
    }
    if next("меня") {
        return Part::Person;
    }
    if next("чужое") || next("чужое-восстановление") || next("документ") || next("очередь")
    {
        return Part::Thing;
    }
    if is_filler(sentence, word, &written) {
        Part::Filler
    } else {
        Part::Thing
    }
}

/// «Из общего списка»
fn is_qualified(sentence: &Sentence, at: usize) -> bool {
    (at.saturating_sub(3)..at).any(|at| {
        let word = sentence.text_of(at).unwrap_or_default();
        matches!(word.as_str(), "с" | "со" | "из")
    })
}

/// «Заявку на приём» is the booking.
fn is_application(sentence: &Sentence, at: usize) -> bool {
    let begins = |at: usize, stem: &str| {
        sentence
            .text_of(at)
            .is_some_and(|word| word.starts_with(stem))
    };
    let object = |at: usize| is(sentence, at, "запись") || is(sentence, at, "услуга");
    begins(at, "заявк") && begins(at + 1, "на") && object(at + 2)
}

/// «Отмените и подтвердите письмом»: the next command has objects of its own.
fn is_command(word: &str) -> bool {
    ["ите", "йте", "ьте"].iter().any(|end| word.ends_with(end))
}

/// Adjectives, adverbs, names, verbs that tell why, and words that the grammar knows for
/// something else.
fn is_filler(sentence: &Sentence, word: &Word, written: &str) -> bool {
    static BENDS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)(?:[ыио]й|ая|яя|ую|юю|ое|ее|ые|ие|ого|его|ому|ему|ых|их|ым|им|о|е|ски|но|ь)$",
        )
    });
    static PRONOUN: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^(?:мне|нам|вам|себе|ему|ей|им|сыну|дочери|дочке|маме|папе|мужу|жене|уж|же|ли|бы|и|да|вот|оттуда|сами|сам|сама|тоже|там|тут|сегодня|завтра|совсем|вовсе|наконец|год[ау]?|часо?в?а?м?|минут\p{L}?|утра|дня|вечера|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)$",
        )
    });
    let capital = sentence
        .as_written(word)
        .is_some_and(|text| text.starts_with(char::is_uppercase));
    let reason = ["причина", "повод", "обстоятельство", "родня", "имя"]
        .iter()
        .any(|list| {
            grammar()
                .class(list)
                .is_some_and(|class| word.classes.has(class))
        });
    word.figure
        || word.listed
        || capital
        || reason
        || PRONOUN.is_match(written)
        || BENDS.is_match(written)
        || written.chars().count() <= 3
}

/// «Рассылку отмените»: nothing of a booking stands in the clause, and another thing does.
fn is_before(sentence: &Sentence, verb: usize) -> bool {
    let before = verb.saturating_sub(4)..verb;
    let named = before
        .clone()
        .any(|at| is(sentence, at, "запись") || is(sentence, at, "число"));
    !named && before.clone().any(|at| is(sentence, at, "чужое-первым"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_object_of_the_verb_is_told_from_a_booking() {
        for text in [
            "Отмените мне уколы, приём 5",
            "прошу отменить мне статины",
            "Отмените звонки по записи 5",
            "Отмените переводчика на запись 5",
            "Уберите отчество в записи 5",
            "Снимите с записи 5 пометку",
            "Прошу снять холтер по записи 5",
            "Мне надо удалить зуб по записи 5",
            "Вычеркните меня из партии",
            "Отмените очередь",
            "Уберите снег",
        ] {
            assert!(is_another(&Sentence::read(text)), "{text}");
        }
        for text in [
            "Отмените, пожалуйста, мою запись",
            "Снимите меня с приёма",
            "Уберите меня из общего списка",
            "отмените мою ближайшую запись",
            "отмените запись №5, уколы не нужны",
            "Отмените мне запись",
            "снимите меня оттуда",
            "Прошу снять с записи №5",
            "Отмените Иванову М. П., запись 5",
            "отмените заболел",
        ] {
            assert!(!is_another(&Sentence::read(text)), "{text}");
        }
        assert!(restores_another(&Sentence::read(
            "Верните деньги за запись 5"
        )));
        assert!(restores_another(&Sentence::read(
            "Восстановите мне пломбу, запись 5"
        )));
        assert!(!restores_another(&Sentence::read("Верните мою запись 5")));
    }
}
