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

/// Figures told one by one are a number behind «запись», too, if they are more than these.
const FIGURES_ALONE: usize = 3;

/// The text with such numbers in figures.
pub fn in_figures(text: &str) -> String {
    static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
        let mut all = NUMERALS.map(|(word, _)| word);
        all.sort_by_key(|word| std::cmp::Reverse(word.len()));
        grammar::regex(&format!(
            r"(?i)(?P<noun>\b(?:номер(?:ок)?(?:[ ](?:моей|вашей|мой|такой|там|был|вот|записи|талона|брони|приема)){{0,4}}|талон|запись|бронь)[ :—–-]{{1,3}})(?P<told>(?:{words})(?:[ ](?:{words}))*)\b(?P<behind>[ ]\p{{L}}+)?(?P<goes_on>-|[ ]?/)?",
            words = all.join("|")
        ))
    });
    replaced(text, &NUMBER, |found| {
        let behind = found.name("behind").map_or("", |m| m.as_str());
        let pieces = pieces(found.name("told")?.as_str())?;
        let written = pieces.concat();
        let noun = found.name("noun")?.as_str();
        // «Запись двенадцать тридцать» is an hour.
        let named = noun.to_lowercase().starts_with("номер")
            || pieces.len() == 1
            || pieces.len() > FIGURES_ALONE && pieces.iter().all(|piece| piece.len() == 1);
        let sound = FIGURES.contains(&written.len()) && named;
        let goes_on = found.name("goes_on").is_some() || goes_on(behind);
        (sound && !goes_on).then(|| format!("{noun}{written}{behind}"))
    })
}

/// What stands behind a number and makes it another one, or counts by it: «дробь два», «лет назад»,
/// «кабинет», «или …».
fn goes_on(behind: &str) -> bool {
    const WORDS: [&str; 46] = [
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
        "дробь",
        "тире",
        "слэш",
        "слеш",
        "дефис",
        "черт",
        "или",
        "либо",
        "точка",
        "каб",
        "окн",
        "школ",
        "поликл",
        "больн",
        "янв",
        "фев",
        "мар",
        "апр",
        "май",
        "мая",
        "июн",
        "июл",
        "авг",
        "сен",
        "окт",
        "ноя",
        "дек",
        "перв",
        "втор",
        "трет",
        "четв",
        "пят",
        "шест",
        "седьм",
        "восьм",
        "девят",
    ];
    const PREPOSITIONS: [&str; 16] = [
        "на", "в", "во", "к", "ко", "у", "и", "я", "с", "со", "от", "не", "по", "за", "мы", "он",
    ];
    let word = behind.trim_start().to_lowercase();
    // «Сорок пять двенадцать бэ»
    let letter = (1..=2).contains(&word.chars().count()) && !PREPOSITIONS.contains(&word.as_str());
    letter || word.ends_with("цатый") || WORDS.iter().any(|known| word.starts_with(known))
}

/// «Сорок два семьсот восемнадцать» is 42 and 718, one behind the other.
fn pieces(told: &str) -> Option<Vec<String>> {
    let mut pieces: Vec<u32> = Vec::new();
    // What may still be added to a piece is less than its last word allows: 40 + 2, 700 + 18.
    let mut room = 0;
    for word in told.split(' ') {
        let word = folded(word);
        let (_, value) = NUMERALS.iter().find(|(known, _)| *known == word)?;
        match pieces.last_mut() {
            Some(piece) if *value > 0 && *value < room => *piece += value,
            _ => pieces.push(*value),
        }
        room = match value {
            100.. => 100,
            20..100 => 10,
            _ => 0,
        };
    }
    Some(pieces.iter().map(u32::to_string).collect())
}
