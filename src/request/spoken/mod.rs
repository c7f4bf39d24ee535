//! Days and hours told in words or in unusual figures, written as the date reader knows them:
//! «двадцать второе апреля» is 22 апреля, «к половине девятого» stays, «в четырнадцать тридцать»
//! is в 14:30.

mod dictated;
mod months;
mod numerals;
mod telephone;

pub use dictated::{goes_on_in_words, numbers_told};

use crate::read::grammar::{self, Captures, Pattern};
use numerals::{CARDINALS, OF_THE_CLOCK, ORDINALS, number, one_of, ordinal, ordinal_tens};
use std::sync::LazyLock;

const MONTHS: &str = "янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек";

/// Hours before the office opens are those of the afternoon.
const OPENING: u32 = 8;

/// The text with its days and hours in figures.
pub fn in_figures(text: &str) -> String {
    let spelt = text.replace('ё', "е");
    // Most letters tell none in words.
    let told = [
        "надцат",
        "десят",
        "НАДЦАТ",
        "ДЕСЯТ",
        "вят",
        "ВЯТ",
        "дцать",
        "ДЦАТЬ",
        "ьм",
        "ЬМ",
        "ерв",
        "ЕРВ",
        "тор",
        "ТОР",
        "рет",
        "РЕТ",
        "верт",
        "ВЕРТ",
        "пят",
        "ПЯТ",
        "Пят",
        "шест",
        "ШЕСТ",
        "Шест",
        "олдень",
        "ОЛДЕНЬ",
        " без ",
        "емь",
        "час ",
        "дв",
        "ДВ",
        "три",
        "ТРИ",
    ];
    let told = told.iter().any(|piece| spelt.contains(piece));
    let figures = with_figures(text);
    if told {
        with_words(&dictated::in_figures(&telephone::in_figures(&figures)))
    } else {
        figures
    }
}

fn replaced(
    text: &str,
    pattern: &'static Pattern,
    by: impl Fn(&Captures<'_>) -> Option<String>,
) -> String {
    let mut out = String::new();
    let mut from = 0;
    for found in pattern.captures_iter(text) {
        let (Some(whole), Some(new)) = (found.get(0), by(&found)) else {
            continue;
        };
        out.push_str(text.get(from..whole.start()).unwrap_or_default());
        out.push_str(&new);
        from = whole.end();
    }
    if from == 0 {
        return text.to_owned();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// «2027-07-14T09:00+03:00», «2027.05.13», «26 03 2027», «19 April 2027», «2027-го», «12 дробь 4».
fn with_figures(text: &str) -> String {
    static STAMP: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(\d{4}-\d{2}-\d{2})[TТ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:[+-]\d{2}:?\d{2}|Z)?",
        )
    });
    static YEAR_FIRST: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(^|[ ,;:(\n])(20[2-9]\d)\.([01]?\d)\.([0-3]?\d)\b"));
    static SPACED: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)((?:^|[^\d ])[ ]*)\b([0-3]?\d)[ ](0[1-9]|1[0-2])[ ](20[2-9]\d)\b")
    });
    static GROWN: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\b(20[2-9]\d)-(?:го|й|ый|ом)\b"));
    static HOURS: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\b(\d{1,2})-?(?:ти|ми|ть|и)[ ]час"));
    // «2206 тире 5»
    static DASH: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)(\d)[ ](?:тире|дефис)[ ](\p{L}{0,4}\d)"));
    // «112 дробь 4»
    static SLASH: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)(\d)[ ](?:дробь|слэш|слеш)[ ](\p{L}{0,4}\d)"));
    // «2. 06.04.2027»: the second point of a list.
    static LISTED: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?m)^([ ]*\d)\.[ ](\d{1,2}\.\d{1,2}\.\d{2,4})"));
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return text.to_owned();
    }
    let group = |found: &Captures<'_>, at: usize| found.get(at).map(|m| m.as_str().to_owned());
    let text = replaced(text, &STAMP, |f| {
        Some(format!("{} {}", group(f, 1)?, group(f, 2)?))
    });
    let text = replaced(&text, &YEAR_FIRST, |f| {
        Some(format!(
            "{}{}.{}.{}",
            group(f, 1)?,
            group(f, 4)?,
            group(f, 3)?,
            group(f, 2)?
        ))
    });
    let text = replaced(&text, &SPACED, |f| {
        let before = group(f, 1)?;
        let signed = before.ends_with(['№', '#']) || before.trim_end().ends_with(['№', '#']);
        let date = format!("{before}{}.{}.{}", group(f, 2)?, group(f, 3)?, group(f, 4)?);
        (!signed).then_some(date)
    });
    let text = months::in_figures(&text);
    let text = without_gaps(&text);
    let text = replaced(&text, &DASH, |f| {
        Some(format!("{}-{}", group(f, 1)?, group(f, 2)?))
    });
    let text = replaced(&text, &SLASH, |f| {
        Some(format!("{}/{}", group(f, 1)?, group(f, 2)?))
    });
    let text = replaced(&text, &LISTED, |f| {
        Some(format!("{}) {}", group(f, 1)?, group(f, 2)?))
    });
    let text = replaced(&text, &GROWN, |f| Some(format!("{} года", group(f, 1)?)));
    replaced(&text, &HOURS, |f| Some(format!("{} час", group(f, 1)?)))
}

/// «З П - 1 0 4 5 7» is ЗП-10457, «1 2 4 / 8 8» 124/88, «9—00» below a day 9:00.
fn without_gaps(text: &str) -> String {
    static SPREAD: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(r"\b(\p{Lu}(?:[ ]\p{Lu}){1,3}|\p{Lu}{1,4})[ ]?-[ ]?(\d(?:[ ]\d){3,7})\b")
    });
    static DIGITS: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(r"((?:№|\bномер)[ ]?)(\d(?:[ ]\d){1,4})[ ]?([/-])[ ]?(\d(?:[ ]\d){1,4})\b")
    });
    static DASHED: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?m)(\d\.\d{2,4}[ ]*\n[ ]*(?:[01]?\d|2[0-3]))[–—]([0-5][05][ ]*)$")
    });
    let text = replaced(text, &SPREAD, |f| {
        let joined = format!("{}-{}", f.get(1)?.as_str(), f.get(2)?.as_str());
        Some(joined.replace(' ', ""))
    });
    let text = replaced(&text, &DIGITS, |f| {
        let group = |at: usize| Some(f.get(at)?.as_str().replace(' ', ""));
        let sign = f.get(1)?.as_str();
        Some(format!("{sign}{}{}{}", group(2)?, group(3)?, group(4)?))
    });
    replaced(&text, &DASHED, |f| {
        Some(format!("{}:{}", f.get(1)?.as_str(), f.get(2)?.as_str()))
    })
}

fn with_words(text: &str) -> String {
    static NUMBER: LazyLock<String> = LazyLock::new(|| {
        let below_sixty = CARDINALS.iter().filter(|(_, number)| *number < 60);
        one_of(below_sixty.chain(&OF_THE_CLOCK).map(|(word, _)| *word))
    });
    static HOUR: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)(?P<lead>\b(?:в|во|на|к|ко|время:?|начало)[ ]|(?:{MONTHS})\p{{L}}*[ ,]{{1,2}}|год[а]?[ ,]{{1,2}}|\bг\.[ ,]{{1,2}}|\d{{4}}[ ,]{{1,2}})(?P<tens>двадцать[ ])?(?P<hour>{n})(?:[ ](?P<unit>час(?:ов|а|ам)?))?(?:[ ](?P<mtens>двадцать[ ]|тридцать[ ]|сорок[ ]|пятьдесят[ ]|ноль[ ])?(?P<min>{n})\b(?:[ ]мин\p{{L}}*)?)?(?:[ ](?P<part>утра|дня|вечера|ночи))?\b",
            n = *NUMBER
        ))
    });
    static BEFORE: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)\bбез[ ](?P<mtens>двадцати[ ])?(?P<min>пяти|десяти|пятнадцати|двадцати)[ ](?P<hour>{})(?:[ ](?P<part>утра|дня|вечера))?\b",
            *NUMBER
        ))
    });
    static NOON: LazyLock<Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)((?:\bв[ ]|[,:][ ]))полдень\b"));
    let text = with_days(text);
    let text = replaced(&text, &BEFORE, |f| {
        let minutes = f.name("mtens").map_or(0, |_| 20) + number(f.name("min")?.as_str())?;
        let hour = of_the_day(number(f.name("hour")?.as_str())?, f)?;
        let of_before = hour.checked_sub(1)?;
        Some(format!("в {of_before}:{:02}", 60 - minutes.min(59)))
    });
    let text = replaced(&text, &HOUR, clock);
    replaced(&text, &NOON, |f| {
        Some(format!("{}12:00", f.get(1)?.as_str()))
    })
}

/// «Двадцать второго апреля две тысячи двадцать седьмого года».
fn with_days(text: &str) -> String {
    static ORDINAL: LazyLock<String> = LazyLock::new(|| ORDINALS.map(|(stem, _)| stem).join("|"));
    static DAY: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)\b(?:(?P<tens>двадцать|тридцать)[ -])?(?P<unit>{})(?:ое|ого|его|е|ому|ым)[ ](?:числ[оа][ ])?(?P<month>(?:{MONTHS})\p{{L}}*)",
            *ORDINAL
        ))
    });
    static YEAR: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)\b(?:две[ ]тысячи[ ](?:(?P<tens>двадцать|тридцать)[ ])?(?P<unit>{o})(?:ого|его|ый|ий|ом)\b(?:[ ]год[ауо]?м?)?|(?P<past>[\p{{L}}]*сот[ ])?(?P<short_tens>двадцать|тридцать)[ ](?P<short_unit>{o})(?:ого|его)[ ]года)",
            o = *ORDINAL
        ))
    });
    let text = replaced(text, &YEAR, |f| {
        // «Тысяча девятьсот тридцать второго года» is one of birth.
        if f.name("past").is_some() {
            return None;
        }
        let tens = f.name("tens").or_else(|| f.name("short_tens"));
        let tens = tens.map_or(Some(0), |m| ordinal_tens(m.as_str()))?;
        let unit = f.name("unit").or_else(|| f.name("short_unit"))?;
        Some(format!("{} года", 2000 + tens + ordinal(unit.as_str())?))
    });
    replaced(&text, &DAY, |f| {
        let tens = f
            .name("tens")
            .map_or(Some(0), |m| ordinal_tens(m.as_str()))?;
        let day = tens + ordinal(f.name("unit")?.as_str())?;
        let sound = (1..=31).contains(&day) && (tens == 0 || day - tens < 10);
        sound.then(|| format!("{day} {}", f.name("month").map_or("", |m| m.as_str())))
    })
}

/// «в четырнадцать тридцать», «к восьми утра», «время: пятнадцать часов».
fn clock(found: &Captures<'_>) -> Option<String> {
    let tens = found.name("tens").map_or(0, |_| 20);
    let hour = tens + number(found.name("hour")?.as_str())?;
    let minute = match (found.name("mtens"), found.name("min")) {
        (None, None) => None,
        (tens, unit) => {
            let tens = tens.map_or(Some(0), |m| number(m.as_str().trim()))?;
            let unit = number(unit?.as_str())?;
            (tens + unit < 60 && (tens == 0 || unit < 10)).then_some(tens + unit)
        }
    };
    let lead = found.name("lead")?.as_str();
    let dative = lead.trim().eq_ignore_ascii_case("к") || lead.trim() == "К" || lead.trim() == "к";
    let told = found.name("unit").is_some() || found.name("part").is_some();
    // «На два приёма», «в пять дней»: the hour alone is one only behind «к».
    let genitive = found
        .name("hour")
        .is_some_and(|hour| hour.as_str().to_lowercase().ends_with('и'));
    if minute.is_none() && !told && !(dative && genitive) || hour > 23 {
        return None;
    }
    if minute.is_some_and(|minute| minute % 5 != 0) {
        return None;
    }
    let hour = of_the_day(hour, found)?;
    Some(format!("{lead}{hour}:{:02}", minute.unwrap_or(0)))
}

/// The hour on a clock of twenty-four.
fn of_the_day(hour: u32, found: &Captures<'_>) -> Option<u32> {
    let part = found.name("part").map(|part| part.as_str().to_lowercase());
    let later = match part.as_deref() {
        Some("дня" | "вечера") => hour < 12,
        Some(_) => false,
        None => hour < OPENING && hour > 0,
    };
    let hour = if later { hour + 12 } else { hour };
    (hour < 24).then_some(hour)
}

#[cfg(test)]
mod tests;
