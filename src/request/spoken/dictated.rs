//! A number told in words behind its noun, as a telephone writes it down: «номер записи сорок два
//! ноль шестнадцать» is 42016.

use super::replaced;
use crate::read::grammar::{self, Pattern};
use crate::request::folded::folded;
use std::sync::LazyLock;

/// Numerals up to nineteen, tens and hundreds.
const NUMERALS: [(&str, u32); 37] = [
    ("ноль", 0),
    ("один", 1),
    ("два", 2),
    ("три", 3),
    ("четыре", 4),
    ("пять", 5),
    ("шесть", 6),
    ("семь", 7),
    ("восемь", 8),
    ("девять", 9),
    ("десять", 10),
    ("одиннадцать", 11),
    ("двенадцать", 12),
    ("тринадцать", 13),
    ("четырнадцать", 14),
    ("пятнадцать", 15),
    ("шестнадцать", 16),
    ("семнадцать", 17),
    ("восемнадцать", 18),
    ("девятнадцать", 19),
    ("двадцать", 20),
    ("тридцать", 30),
    ("сорок", 40),
    ("пятьдесят", 50),
    ("шестьдесят", 60),
    ("семьдесят", 70),
    ("восемьдесят", 80),
    ("девяносто", 90),
    ("сто", 100),
    ("двести", 200),
    ("триста", 300),
    ("четыреста", 400),
    ("пятьсот", 500),
    ("шестьсот", 600),
    ("семьсот", 700),
    ("восемьсот", 800),
    ("девятьсот", 900),
];

/// Figures that a number has at least and at most.
const FIGURES: std::ops::RangeInclusive<usize> = 3..=10;

/// The text with such numbers in figures.
pub fn in_figures(text: &str) -> String {
    static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
        let mut all = NUMERALS.map(|(word, _)| word);
        all.sort_by_key(|word| std::cmp::Reverse(word.len()));
        grammar::regex(&format!(
            r"(?i)(?P<noun>\b(?:номер(?:ок)?(?:[ ](?:моей|вашей|мой|такой|там|был|вот|записи|талона|брони|приема)){{0,4}}|талон|запись|бронь)[ :—–-]{{1,3}})(?P<told>(?:{words})(?:[ ](?:{words}))*)\b(?P<behind>[ ]\p{{L}}+)?",
            words = all.join("|")
        ))
    });
    replaced(text, &NUMBER, |found| {
        let behind = found.name("behind").map_or("", |m| m.as_str());
        let written = figures(found.name("told")?.as_str());
        let number = FIGURES.contains(&written.len()) && !counts(behind);
        number.then(|| {
            let noun = found.name("noun").map_or("", |m| m.as_str());
            format!("{noun}{written}{behind}")
        })
    })
}

/// «Запись сто лет назад»: the words count what stands behind them.
fn counts(behind: &str) -> bool {
    const COUNTED: [&str; 10] = [
        "лет",
        "год",
        "раз",
        "дн",
        "час",
        "руб",
        "мин",
        "тыс",
        "челов",
        "мест",
    ];
    let word = behind.trim_start().to_lowercase();
    COUNTED.iter().any(|counted| word.starts_with(counted))
}

/// «Сорок два семьсот восемнадцать» is 42 and 718, one behind the other.
fn figures(told: &str) -> String {
    let mut written = String::new();
    let mut piece: Option<(u32, u32)> = None;
    for word in told.split(' ') {
        let word = folded(word);
        let Some((_, value)) = NUMERALS.iter().find(|(known, _)| *known == word) else {
            continue;
        };
        // What may still be added to a piece is less than its last word allows: 40 + 2, 700 + 18.
        piece = match piece {
            Some((sum, room)) if *value > 0 && *value < room => {
                Some((sum + value, room_behind(*value)))
            }
            other => {
                written.extend(other.map(|(sum, _)| sum.to_string()));
                Some((*value, room_behind(*value)))
            }
        };
    }
    written.extend(piece.map(|(sum, _)| sum.to_string()));
    written
}

const fn room_behind(value: u32) -> u32 {
    match value {
        100.. => 100,
        20..100 => 10,
        _ => 0,
    }
}
