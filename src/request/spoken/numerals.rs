//! Numerals as words, in the forms in which days, hours and numbers are told.

use crate::request::folded::folded;

/// Stems of the ordinals and of what they count.
pub const ORDINALS: [(&str, u32); 21] = [
    ("перв", 1),
    ("втор", 2),
    ("треть", 3),
    ("четверт", 4),
    ("пят", 5),
    ("шест", 6),
    ("седьм", 7),
    ("восьм", 8),
    ("девят", 9),
    ("десят", 10),
    ("одиннадцат", 11),
    ("двенадцат", 12),
    ("тринадцат", 13),
    ("четырнадцат", 14),
    ("пятнадцат", 15),
    ("шестнадцат", 16),
    ("семнадцат", 17),
    ("восемнадцат", 18),
    ("девятнадцат", 19),
    ("двадцат", 20),
    ("тридцат", 30),
];

/// Numerals up to nineteen, tens and hundreds.
pub const CARDINALS: [(&str, u32); 37] = [
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

/// Hours and minutes as one says them, behind «к» and «без», too.
pub const OF_THE_CLOCK: [(&str, u32); 22] = [
    ("час", 1),
    ("часу", 1),
    ("двум", 2),
    ("трем", 3),
    ("четырем", 4),
    ("пяти", 5),
    ("шести", 6),
    ("семи", 7),
    ("восьми", 8),
    ("девяти", 9),
    ("десяти", 10),
    ("одиннадцати", 11),
    ("двенадцати", 12),
    ("тринадцати", 13),
    ("четырнадцати", 14),
    ("пятнадцати", 15),
    ("шестнадцати", 16),
    ("семнадцати", 17),
    ("восемнадцати", 18),
    ("девятнадцати", 19),
    ("двадцати", 20),
    ("четверти", 15),
];

/// The number that the word says.
pub fn number(word: &str) -> Option<u32> {
    let word = folded(word);
    let mut all = CARDINALS.iter().chain(&OF_THE_CLOCK);
    all.find(|(known, _)| *known == word).map(|(_, n)| *n)
}

/// One of the words, the longest first, for a pattern.
pub fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    let mut all: Vec<&str> = words.collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.len()));
    all.join("|")
}

/// What the stem of an ordinal counts.
pub fn ordinal(stem: &str) -> Option<u32> {
    let stem = folded(stem);
    ORDINALS
        .iter()
        .find(|(known, _)| *known == stem)
        .map(|(_, n)| *n)
}

/// «Двадцать» before an ordinal.
pub fn ordinal_tens(word: &str) -> Option<u32> {
    match folded(word).as_str() {
        "двадцать" => Some(20),
        "тридцать" => Some(30),
        _ => None,
    }
}
