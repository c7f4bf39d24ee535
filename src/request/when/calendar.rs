//! What the figures and the name of a month in a date amount to.

use crate::read::grammar;
use jiff::civil::Date;

/// The date of a match, day first; `None` when it is incomplete or impossible.
pub fn date(found: &grammar::Captures<'_>) -> Option<Date> {
    let part = |name: &str| {
        found
            .name(name)
            .and_then(|m| m.as_str().parse::<i16>().ok())
    };
    let full = |year: i16| if year < 100 { 2000 + year } else { year };
    let (year, month, day) = if let Some(year) = part("iso") {
        (year, part("iso_month")?, part("iso_day")?)
    } else if let Some(day) = part("d") {
        (full(part("y")?), part("m")?, day)
    } else if let Some(day) = part("wd") {
        let name = found.name("name")?.as_str().to_lowercase();
        (
            full(part("wy").or_else(|| part("wy2"))?),
            month(&name)?,
            day,
        )
    } else {
        return None;
    };
    let sound = (1900..2200).contains(&year);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    sound.then_some(date)
}

fn month(name: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    let exact = MONTHS
        .iter()
        .position(|m| *m != "ма" && name.starts_with(m));
    let index = exact.or_else(|| name.starts_with("ма").then_some(4))?;
    i16::try_from(index + 1).ok()
}
