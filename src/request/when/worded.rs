//! Times in words: «в половине десятого», «в девять часов утра», «без четверти десять», and
//! without a sign between: «на 18 00».

use super::Found;
use crate::read::grammar;
use crate::request::plain;
use jiff::civil::Time;
use std::sync::LazyLock;

/// The hours as one says them.
const HOURS: [&str; 12] = [
    "час",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
];

/// The hour that is running: «половина десятого» is half past nine.
const RUNNING: [&str; 12] = [
    "первого",
    "второго",
    "третьего",
    "четвертого",
    "пятого",
    "шестого",
    "седьмого",
    "восьмого",
    "девятого",
    "десятого",
    "одиннадцатого",
    "двенадцатого",
];

/// Offices open at eight: an earlier hour without «утра» is one of the afternoon.
const OPENING: i8 = 8;

/// No appointment begins later: «вместо 15 апреля на 22» tells a day.
const CLOSING: i8 = 20;

static WORDED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    let (hours, running) = (HOURS.join("|"), RUNNING.join("|"));
    grammar::regex(&format!(
        r"(?i)\b(?:(?:в|во|к|на|около)[ ])?(?:половин[уеаы][ ]|пол[- ]?)(?P<half>{running})\b(?:[ ](?P<half_part>утра|дня|вечера))?|\bв[ ]четверть[ ](?P<quarter>{running})\b|\bбез[ ]четверти[ ](?P<to>{hours})\b|\b(?:в|на|к)[ ](?P<full>{hours})(?:[ ](?:ровно|часов|часа))?(?:[ ](?P<part>утра|дня|вечера))?\b|\b(?:в|на|к|время:?)[ ](?P<spaced>[01]?\d|2[0-3])[ ](?P<minute>[0-5][05])\b"
    ))
});

/// All times in words.
pub fn times(text: &str) -> Vec<Found<Time>> {
    // Most letters have none.
    let told = [
        "час",
        "ЧАС",
        "Час",
        "полов",
        "ПОЛОВ",
        "четверт",
        "ЧЕТВЕРТ",
        "пол",
        "ПОЛ",
        "утра",
        "дня",
        "вечера",
    ];
    let figures = text
        .as_bytes()
        .windows(3)
        .any(|w| matches!(w, [a, b' ', b] if a.is_ascii_digit() && b.is_ascii_digit()));
    if !figures && !told.iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let spelt = text.replace(['ё', 'Ё'], "е");
    if spelt.len() != text.len() {
        return Vec::new();
    }
    let captures = WORDED.captures_iter(&spelt);
    captures
        .filter_map(|found| {
            Some(Found {
                range: found.get(0)?.range(),
                value: time(&found),
            })
        })
        .filter(|found| found.value.is_some())
        .filter(|found| !goes_on(&spelt, found.range.end))
        .collect()
}

/// «12 марта в 9», «12.03.2027 к 10»: the hour alone, directly behind a date.
pub fn bare_hours(text: &str, dates: &[std::ops::Range<usize>]) -> Vec<Found<Time>> {
    static HOUR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^[ ]?(?:г\b\.?|года)?,?[ ]?(?:(?:в|к|на|время)[ ](?P<hour>1?\d|2[0-3])(?:[ ]?[.,;!)\n]|[ ]\p{L}|$)|(?:время[ ])?(?P<spaced>[01]?\d|2[0-3])[ ](?P<minute>[0-5][05])(?:[ ]?[.,;!)\n]|[ ]\p{L}|$))",
        )
    });
    let found = dates.iter().filter_map(|date| {
        let rest = plain::behind(text, date.end);
        let told = HOUR.captures(rest)?;
        if let (Some(hour), Some(minute)) = (told.name("spaced"), told.name("minute")) {
            let value = |m: &grammar::Match<'_>| m.as_str().parse::<i8>().ok();
            let opens = value(&hour).filter(|hour| *hour >= OPENING)?;
            return Some(Found {
                range: date.end + hour.start()..date.end + minute.end(),
                value: Time::new(opens, value(&minute)?, 0, 0).ok(),
            });
        }
        let hour = told.name("hour")?;
        let digits = |c: char| c.is_ascii_digit();
        let decimal = rest
            .get(hour.end()..)?
            .strip_prefix(['.', ','])
            .is_some_and(|t| t.starts_with(digits));
        let month = DAY.is_match(rest.get(hour.end()..)?);
        let value = hour.as_str().parse::<i8>().ok();
        let value = value.filter(|hour| (OPENING..=CLOSING).contains(hour));
        (!decimal && !month).then_some(Found {
            range: date.end + hour.start()..date.end + hour.end(),
            value: Time::new(value?, 0, 0, 0).ok(),
        })
    });
    found.collect()
}

/// «Завтра в 11 на экзамен», «мне сегодня на 11 к инспектору»: the hour alone, between the name of a
/// day and what it is for.
pub fn hours_of_a_named_day(text: &str) -> Vec<Found<Time>> {
    static HOUR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:сегодня|завтра|послезавтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|числ[ао]),?[ ](?:в|на|к)[ ](?P<hour>1?\d|2[0-3])(?:[.!]?[ ]*(?:\n|$)|[.!][ ]|,?[ ](?:давайте[ ]отмен|отмен|(?:к|ко|на|у)[ ](?:\p{L}{4}|вам\b)|долж\p{L}+[ ](?:был[аи]?[ ])?(?:быть|прийти|придти|явиться|приехать|подойти)|должн\p{L}+[ ]был))",
        )
    });
    static WORK: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)[ ]на[ ](?:рабо|смен|дежу|поез|вокз|само)|[ ]к[ ](?:маме|папе|бабу|деду|друг|сест|брат|подр|роди|сыну|доче|дочк)",
        )
    });
    // «Самолёт завтра в 11.»
    static ELSEWHERE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:л[её]т|езж|\bеду\b|поезд|рейс|автобус|операци|работ|смен|суд|похорон|выпис|пересда)[^.!?\n]*$",
        )
    });
    let found = HOUR.captures_iter(text).filter_map(|told| {
        let hour = told.name("hour")?;
        let whole = told.get(0)?;
        let before = super::plain::line_before(text, whole.start());
        if WORK.is_match(whole.as_str()) || ELSEWHERE.is_match(before) {
            return None;
        }
        let value = hour.as_str().parse::<i8>().ok();
        let open = value.filter(|hour| (OPENING..=CLOSING).contains(hour))?;
        Some(Found {
            range: hour.range(),
            value: Time::new(open, 0, 0, 0).ok(),
        })
    });
    found.collect()
}

static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ](?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|каб|окн|утра|дня|вечера|час|ч\b|мин|е\b|го\b|ое\b|числ)",
    )
});

/// «На 18 05 марта», «в 12 10:30»: the last figures belong to what follows.
fn goes_on(text: &str, end: usize) -> bool {
    static ON: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^(?:[:.,/-]\d|[ ]?(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|\d))",
        )
    });
    ON.is_match(plain::behind(text, end))
}

fn time(found: &grammar::Captures<'_>) -> Option<Time> {
    let index = |name: &str, list: &[&str; 12]| {
        let word = found.name(name)?.as_str().to_lowercase();
        list.iter()
            .position(|known| *known == word)
            .and_then(|at| i8::try_from(at).ok())
    };
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i8>().ok());
    let part = found.name("part").or_else(|| found.name("half_part"));
    let part = part.map(|part| part.as_str().to_lowercase());
    let (hour, minute) = if let Some(at) = index("half", &RUNNING) {
        (at, 30)
    } else if let Some(at) = index("quarter", &RUNNING) {
        (at, 15)
    } else if let Some(at) = index("to", &HOURS) {
        (at, 45)
    } else if let (Some(hour), Some(minute)) = (number("spaced"), number("minute")) {
        return Time::new(hour, minute, 0, 0).ok();
    } else {
        let hour = index("full", &HOURS)? + 1;
        // «На два приёма», «в пять дней»: without «часов» or «утра» it may be no time at all.
        let told = found.get(0)?.as_str().contains("час") || part.is_some();
        told.then_some((hour, 0))?
    };
    let afternoon = part
        .as_deref()
        .map_or(hour < OPENING, |part| part != "утра");
    let hour = if afternoon && hour < 12 {
        hour + 12
    } else {
        hour
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_of_a_named_day_is_read() {
        for (text, expected) in [
            ("не приеду завтра в 11 на экзамен", Some(11)),
            ("мне сегодня на 11 к инспектору", Some(11)),
            ("сегодня в 11 уезжаю", None),
            ("завтра на 3 дня", None),
            ("сегодня в 13 к вам на удаление", Some(13)),
            ("завтра в 12 должен быть на удалении", Some(12)),
            ("завтра в 9 должны привезти мебель", None),
            ("завтра в 11 к маме уезжаем", None),
            ("не смогу, завтра к 15 на работу", None),
            ("в среду в 5 к вам", None),
            ("на массаж завтра в 11. Не успеваю", Some(11)),
            ("самолёт завтра в 11.", None),
        ] {
            let found = hours_of_a_named_day(text);
            let read = found.first().and_then(|f| f.value).map(|time| time.hour());
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn spoken_times_are_read() {
        for (text, expected) in [
            ("12 марта в половине десятого", "09:30"),
            ("в полдесятого", "09:30"),
            ("в четверть одиннадцатого", "10:15"),
            ("без четверти девять", "08:45"),
            ("на девять часов утра", "09:00"),
            ("в три часа дня", "15:00"),
            ("в половине третьего", "14:30"),
            ("в час дня", "13:00"),
            ("на 18 00 к вам", "18:00"),
            ("к хирургу время 12 40 номер", "12:40"),
            ("завтра в полвосьмого утра", "07:30"),
            ("к половине девятого утра", "08:30"),
            ("29 марта, полпятого", "16:30"),
            ("17 февраля половина третьего", "14:30"),
        ] {
            let found = times(text);
            let read = found.first().and_then(|f| f.value).map(|t| t.to_string());
            assert_eq!(
                read.as_deref().and_then(|t| t.get(..5)),
                Some(expected),
                "{text}"
            );
        }
        for text in [
            "записан на два приёма",
            "на 18 05 марта",
            "05.02.2027 10:40",
        ] {
            assert!(times(text).is_empty(), "{text}");
        }
    }
}
