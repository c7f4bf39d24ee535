//! A number told in words behind its noun, as a telephone writes it down: «номер записи сорок два
//! ноль шестнадцать» is 42016.

use super::numerals::{CARDINALS, one_of};
use super::replaced;
use crate::read::grammar::{self, Pattern};
use crate::request::folded::folded;
use std::sync::LazyLock;

/// Figures that a number has at least and at most.
const FIGURES: std::ops::RangeInclusive<usize> = 3..=10;

/// Figures told one by one are a number behind «запись», too, if they are more than these.
const FIGURES_ALONE: usize = 3;

/// The last hour of a day: what begins with more tells none.
const LAST_HOUR: u32 = 23;

/// The text with such numbers in figures.
pub fn in_figures(text: &str) -> String {
    static NUMBER: LazyLock<Pattern> = LazyLock::new(|| {
        let words = one_of(CARDINALS.iter().map(|(word, _)| *word));
        let told = format!("(?:{words})(?:[ -](?:{words}|тысячи?))*");
        grammar::regex(&format!(
            r"(?i)(?P<noun>\b(?:номер(?:ок)?(?:[ ](?:моей|вашей|мой|такой|там|тут|это|вроде|у[ ]меня|у[ ]нас|был|вот|записи|талона|брони|приема)){{0,5}}|(?:талон|запись|бронь)(?:[ ](?:моя|мой|наша))?)[ :—–-]{{1,3}})(?P<told>{told})(?:[ ](?P<sign>дробь|слэш|слеш|тире|дефис)[ ](?P<rest>{told}))?\b(?P<behind>[ ]\p{{L}}+)?(?P<goes_on>-|[ ]?/)?"
        ))
    });
    replaced(text, &NUMBER, |found| {
        let group = |name: &str| found.name(name).map(|m| m.as_str());
        let (noun, behind) = (group("noun")?, group("behind").unwrap_or_default());
        let pieces = pieces(group("told")?)?;
        let mut written = concatenated(&pieces);
        // «Запись двенадцать тридцать» is an hour.
        let no_hour = pieces.first().is_some_and(|first| *first > LAST_HOUR);
        let one_by_one = pieces.len() > FIGURES_ALONE && pieces.iter().all(|piece| *piece < 10);
        let mut named = noun.to_lowercase().starts_with("номер") || no_hour || one_by_one;
        if let (Some(sign), Some(rest)) = (group("sign"), group("rest")) {
            let dash = matches!(sign.to_lowercase().as_str(), "тире" | "дефис");
            written.push(if dash { '-' } else { '/' });
            written.push_str(&concatenated(&self::pieces(rest)?));
            named = true;
        }
        // «Запись девятьсот шестнадцать …» is a telephone without its eight.
        let telephone = written.len() == *FIGURES.end() && written.starts_with('9');
        let sound = FIGURES.contains(&written.len()) && named && !telephone;
        let goes_on = found.name("goes_on").is_some() || goes_on(behind);
        (sound && !goes_on).then(|| format!("{noun}{written}{behind}"))
    })
}

/// Numbers told in words alone, in figures, without a noun before them: «отмените. сорок восемь двести
/// тридцать один» tells 48231.
pub fn numbers_told(text: &str) -> Vec<String> {
    const LEAST: usize = 4;
    static TOLD: LazyLock<Pattern> = LazyLock::new(|| {
        let words = one_of(CARDINALS.iter().map(|(word, _)| *word));
        grammar::regex(&format!(
            r"(?i)\b(?:{words})(?:[ \n-](?:{words}|тысячи?))+\b"
        ))
    });
    let told = |found: &grammar::Match<'_>| {
        let pieces = pieces(&found.as_str().replace('\n', " "))?;
        let written = concatenated(&pieces);
        // «Одиннадцать тысяч томов»
        (written.len() >= LEAST && !written.ends_with("000")).then_some(written)
    };
    TOLD.find_iter(text)
        .filter_map(|found| told(&found))
        .collect()
}

/// Whether numerals follow figures: «482 тринадцать», «482 один три».
pub fn goes_on_in_words(after: &str) -> bool {
    static NUMERALS: LazyLock<Pattern> = LazyLock::new(|| {
        let words = one_of(CARDINALS.iter().map(|(word, _)| *word));
        grammar::regex(&format!(r"(?i)^(?:[ ](?:{words}))+[ ]*(?:$|[.,;!\n])"))
    });
    NUMERALS.is_match(after)
}

fn concatenated(pieces: &[u32]) -> String {
    pieces.iter().map(u32::to_string).collect()
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
pub fn pieces(told: &str) -> Option<Vec<u32>> {
    let mut pieces: Vec<u32> = Vec::new();
    // What may still be added to a piece is less than its last word allows: 40 + 2, 700 + 18.
    let mut room = 0;
    for word in told.split([' ', '-']) {
        let word = folded(word);
        // «Сорок восемь тысяч двести тринадцать»
        if word.starts_with("тысяч") {
            let thousands = pieces.pop()?;
            pieces.push(thousands.checked_mul(1000)?);
            room = 1000;
            continue;
        }
        let (_, value) = CARDINALS.iter().find(|(known, _)| *known == word)?;
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
    Some(pieces)
}
