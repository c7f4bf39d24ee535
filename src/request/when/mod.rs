//! Date and time of the appointment, day first; dates of other things are left aside.

mod calendar;
mod heard;
mod weight;
mod worded;

use super::fields::{Field, Kind};
use super::noted::Noted;
use super::plain;
use crate::domain::Reason;
use crate::read::grammar::{self, Text};
use calendar::date;
use jiff::civil::{Date, Time};
use std::ops::Range;
use std::sync::LazyLock;
use weight::{GAP, LONGEST_GAP, TIME_BEHIND, Weight, date_weight, time_weight};

/// A date as it stands in the text; without a year it is no date yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// Where.
    pub range: Range<usize>,
    /// What; `None` when it is incomplete or impossible.
    pub value: Option<T>,
}

static DATE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?P<iso>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})|(?P<d>\d{1,2})[ ]?(?:\.[ ]?|/|-)(?P<m>\d{1,2})(?:[ ]?(?:\.[ ]?|/|-)(?P<y>\d{4}|\d{2}))|«?\x22?(?P<wd>\d{1,2})»?\x22?(?:-?(?:го|е|ое))?[ ]{0,2}(?P<name>янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)\p{L}*\.?,?(?:[ ]{1,2}(?:сего[ ])?(?P<wy>\d{4})|[ ]?(?P<wy2>\d{2})[ ]?г)?(?:[ ]?(?:года|год|г\b\.?))?|(?P<sd>\d{1,2})\.(?P<sm>\d{2})\b",
    )
});

static TIME: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?P<h>\d{1,2})[ ]?:[ ]?(?P<min>\d{2})(?::\d{2})?|(?P<ph>\d{1,2})[.\-](?P<pmin>\d{2})|(?P<wh>\d{1,2})[ ]?(?:часов|часам|часа|час\b\.?|ч\b\.?|ч(?P<cmin>\d\d))(?:[ ]?(?P<wmin>\d{2})[ ]?(?:минут\p{L}*|мин\b\.?|м\b)?)?(?:[ ]?(?P<part>утра|дня|вечера|ночи|пополудни))?|(?P<oh>\d{1,2})[ ](?P<opart>утра|дня|вечера)",
    )
});

/// All dates in the text, also incomplete ones.
pub fn dates(text: &Text<'_>) -> Vec<Found<Date>> {
    if !has_digit(text) {
        return Vec::new();
    }
    DATE.captures_iter(text)
        .filter_map(|found| {
            let range = found.get(0)?.range();
            (stands_alone(text, &range) && !is_numbered(text, &range)).then(|| Found {
                value: date(&found),
                range,
            })
        })
        .filter(|found| found.value.is_some() || !is_time_like(text, &found.range))
        .collect()
}

/// «№ 1-1-2027» is a number that looks like a date.
pub fn is_numbered(text: &str, range: &Range<usize>) -> bool {
    static SIGN: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)(?:№|\bn|\bno\.?|#|\bномер|\bзапис[ьи])[ \t:]*$"));
    let written = text.get(range.clone()).unwrap_or_default();
    let before = plain::line_before(text, range.start);
    // «Дата и время записи: 2027-03-12»
    let dated = before.contains("Дата") || before.contains("дата");
    let shaped = !written.contains(['.', ':', ' ']) && written.contains(['-', '/']);
    shaped && !dated && SIGN.is_match(before)
}

/// `14.30` is no date: it is decided by the month, and by the word before it.
fn is_time_like(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let month = written
        .rsplit('.')
        .next()
        .and_then(|m| m.parse::<u8>().ok());
    let short = written.len() <= 5 && written.contains('.');
    short && month.is_none_or(|m| m == 0 || m > 12)
}

/// Not a piece of something longer: «МФЦ-2027-01-12», «1/2/2027/5».
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    stands_alone_but(text, range, "-.:")
}

/// As [`stands_alone`]; `joins` are the signs behind which the piece goes on.
fn stands_alone_but(text: &str, range: &Range<usize>, joins: &str) -> bool {
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let (first, second) = (after.next(), after.next());
    let joined_before =
        before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '№' | '#'));
    let joined_after = first.is_some_and(|c| c.is_ascii_digit() || c == '/')
        || first.is_some_and(|c| joins.contains(c)) && second.is_some_and(char::is_alphanumeric);
    !joined_before && !joined_after
}

/// Where a whole date stands, be it a number that looks like one.
fn whole_dates(text: &Text<'_>) -> Vec<Range<usize>> {
    if !has_digit(text) {
        return Vec::new();
    }
    DATE.captures_iter(text)
        .filter(|c| date(c).is_some())
        .filter_map(|c| c.get(0).map(|m| m.range()))
        .collect()
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|octet| octet.is_ascii_digit())
}

/// All times in the text, whose dates are `dates`.
pub fn times(text: &Text<'_>, dates: &[Found<Date>]) -> Vec<Found<Time>> {
    let all_dates: Vec<Range<usize>> = dates.iter().map(|date| date.range.clone()).collect();
    let dates = whole_dates(text);
    let figures = has_digit(text).then(|| TIME.captures_iter(text));
    figures
        .into_iter()
        .flatten()
        .filter_map(|found| {
            let range = found.get(0)?.range();
            let dotted = found.name("ph").is_some();
            let within_date = dates
                .iter()
                .any(|d| d.start < range.end && range.start < d.end);
            let sound = stands_alone_but(text, &range, ".:")
                && !within_date
                && (!dotted
                    || announces(text, &range)
                    || is_of_the_clock(text, &range)
                    || follows_a_date(text, &all_dates, &range))
                && !(dotted && is_day_of_time(text, &range));
            sound.then(|| Found {
                value: time(&found),
                range,
            })
        })
        .filter(|found| found.value.is_some())
        .chain(worded::times(text))
        .chain(worded::bare_hours(text, &all_dates))
        .chain(worded::hours_of_a_named_day(text))
        .collect()
}

/// «21.04 15-00»: a day, since its time stands behind it.
fn is_day_of_time(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let second = written
        .split_once('.')
        .and_then(|(_, m)| m.parse::<u8>().ok());
    second.is_some_and(|month| (1..=12).contains(&month))
        && TIME_BEHIND.is_match(plain::behind(text, range.end))
}

/// «У 14.00 часов»: a full hour or half of one, while offices are open; «10-12 часов» lasts.
fn is_of_the_clock(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let Some((hour, minute)) = written.split_once('.') else {
        return false;
    };
    let open = hour.parse().is_ok_and(|hour: u8| (7..=20).contains(&hour));
    let behind = text.get(range.end..).unwrap_or_default();
    open && matches!(minute, "00" | "30") && behind.starts_with(" час")
}

/// «12.03.2027, 8-45»: directly behind a date.
fn follows_a_date(text: &str, dates: &[Range<usize>], range: &Range<usize>) -> bool {
    // «На 10-15 минут раньше»
    let behind = text.get(range.end..).unwrap_or_default();
    if behind.trim_start_matches(' ').starts_with("мин") {
        return false;
    }
    let alone = plain::line_before(text, range.start).trim().is_empty()
        && plain::line_after(text, range.end).trim().is_empty();
    dates.iter().any(|date| {
        let gap = text.get(date.end..range.start);
        // «6 июля 2027», and below it «8-30».
        let gap = gap.map(|gap| if alone { gap.trim_end() } else { gap });
        gap.is_some_and(|gap| gap.len() <= LONGEST_GAP && GAP.is_match(gap))
    })
}

/// Before a span of hours: «часов в 18-19».
static ABOUT: LazyLock<grammar::Pattern> = LazyLock::new(|| grammar::regex(r"(?i)\bчасов[ ]в[ ]$"));

/// What a span of figures counts.
static COUNTED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ]?(?:мин|час|чел|шт|раз|руб|км|лет|дн|кг|тыс|град|см\b|мм\b|метр|гост|звон|народ|мест)",
    )
});

/// `14.30` and `14-30` are times only behind «в», «на», «к», «время»; `12.03` behind «на» is a
/// day of March.
fn announces(text: &str, range: &Range<usize>) -> bool {
    static BEFORE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(в|к|время|час|на|с|до|сегодня|завтра|послезавтра)(?:[ ](?:при[её]ма|записи|было|была))?[ :\t—–-]*$",
        )
    });
    let Some(before) = BEFORE.captures(plain::line_before(text, range.start)) else {
        return false;
    };
    let word = before.get(1).map_or("", |m| m.as_str()).to_lowercase();
    let written = text.get(range.clone()).unwrap_or_default();
    let second = written
        .split(['.', '-'])
        .nth(1)
        .and_then(|m| m.parse::<u8>().ok());
    let like_a_day = written.contains('.') && second.is_some_and(|m| (1..=12).contains(&m));
    // «Часов в 18-19?»
    let spans = ABOUT.is_match(plain::line_before(text, range.start));
    if spans && written.contains('-') {
        return false;
    }
    // «Завтра 10-15 минут», «завтра 10.05»
    let named_day = matches!(word.as_str(), "сегодня" | "завтра" | "послезавтра");
    let counts = |text: &str| COUNTED.is_match(text);
    let counted = named_day && text.get(range.end..).is_some_and(counts);
    !(like_a_day && (named_day || matches!(word.as_str(), "на" | "с" | "до")) || counted)
}

fn time(found: &grammar::Captures<'_>) -> Option<Time> {
    let part = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<i8>().ok());
    let (hour, minute) = if let Some(hour) = part("h") {
        (hour, part("min")?)
    } else if let Some(hour) = part("ph") {
        (hour, part("pmin")?)
    } else if let Some(hour) = part("wh") {
        (hour, part("wmin").or_else(|| part("cmin")).unwrap_or(0))
    } else {
        (part("oh")?, 0)
    };
    let half = found.name("part").or_else(|| found.name("opart"));
    let afternoon = half.is_some_and(|m| {
        matches!(
            m.as_str().to_lowercase().as_str(),
            "дня" | "вечера" | "пополудни"
        )
    });
    let hour = if afternoon && hour < 12 {
        hour + 12
    } else {
        hour
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// What was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct When {
    /// `YYYY-MM-DD`.
    pub date: Option<String>,
    /// `HH:MM`.
    pub time: Option<String>,
    /// Dates or times that contradict each other.
    pub ambiguous: Option<Reason>,
}

/// Reads date and time out of a text; `hears`: by ear, where the rules do not tell.
pub fn read(noted: &Noted<'_>, hears: bool) -> When {
    let (text, fields) = (noted.text.as_str(), noted.fields.as_slice());
    let dates: Vec<(Weight, Found<Date>)> = noted
        .dates()
        .iter()
        .map(|found| (date_weight(text, fields, found), found.clone()))
        .collect();
    let times: Vec<(Weight, Found<Time>)> = noted
        .times()
        .iter()
        .map(|found| {
            (
                time_weight(text, fields, &dates, noted.times(), &found.range),
                found.clone(),
            )
        })
        .collect();
    let mut when = When::default();
    let figures = || hears.then(|| noted.figures());
    let heard = || heard::chosen(&dates, figures()?, |figure| figure.day);
    match unless_heard(choose(&dates), &dates, heard) {
        Ok(date) => when.date = date.map(|d| d.to_string()),
        Err(reason) => when.ambiguous = Some(reason),
    }
    let heard = || heard::chosen(&times, figures()?, |figure| figure.hour);
    let time = unless_heard(choose(&times), &times, heard);
    match time.map(|time| time.or_else(|| bare_hour(text, fields))) {
        Ok(time) => when.time = time.map(|t| format!("{:02}:{:02}", t.hour(), t.minute())),
        Err(reason) => when.ambiguous = Some(reason),
    }
    when
}

/// What the rules chose of `found`, unless they chose none, or had several to choose from, and one is heard
/// to be the appointment's.
fn unless_heard<T: PartialEq + Copy>(
    chosen: Result<Option<T>, Reason>,
    found: &[(Weight, Found<T>)],
    heard: impl Fn() -> Option<Option<T>>,
) -> Result<Option<T>, Reason> {
    let labelled = found.iter().any(|(weight, _)| *weight == Weight::Labelled);
    let alone = matches!(chosen, Ok(Some(_))) && found.len() == 1;
    if labelled || alone || found.is_empty() {
        return chosen;
    }
    heard().map_or(chosen, Ok)
}

/// «Время: 14», «Дата и время: завтра в 11».
fn bare_hour(text: &str, fields: &[Field]) -> Option<Time> {
    static HOUR: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\p{L}[ ](?:в|к|на)[ ](\d{1,2})[ .]*$"));
    let Some(field) = fields.iter().find(|f| f.kind == Kind::Time) else {
        let dated = fields.iter().find(|f| f.kind == Kind::Date)?;
        let told = HOUR.captures(text.get(dated.value.clone())?)?;
        let hour = told.get(1)?.as_str().parse::<i8>().ok();
        return hour.and_then(|hour| Time::new(hour, 0, 0, 0).ok());
    };
    let value = super::fields::trimmed(text.get(field.value.clone())?);
    let hour = value.parse::<i8>().ok().filter(|_| value.len() <= 2)?;
    Time::new(hour, 0, 0, 0).ok()
}

/// The one value of the highest weight that occurs; an incomplete date of that weight is none.
fn choose<T: PartialEq + Copy>(found: &[(Weight, Found<T>)]) -> Result<Option<T>, Reason> {
    let best = found.iter().map(|(weight, _)| *weight).max();
    let Some(best) = best.filter(|weight| *weight != Weight::Never) else {
        return Ok(None);
    };
    let mut values: Vec<T> = Vec::new();
    for (_, candidate) in found.iter().filter(|(weight, _)| *weight == best) {
        if let Some(value) = candidate.value
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
    match values.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        _ => Err(Reason::DateAmbiguous),
    }
}

#[cfg(test)]
mod tests;
