//! How surely a date or a time is the appointment's, by what stands around it.

use super::Found;
use crate::read::grammar;
use crate::request::fields::{Field, Kind};
use crate::request::phrases::fields as words;
use crate::request::plain;
use jiff::civil::{Date, Time};
use std::ops::Range;
use std::sync::LazyLock;

/// Earlier years are those of births and passports, not of appointments: the program is younger.
const EARLIEST_YEAR: i16 = 2024;

/// Octets between a date and its time.
pub const LONGEST_GAP: usize = 60;

/// How surely a date or time is the appointment's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    Never,
    Perhaps,
    Likely,
    Labelled,
}

fn field_of<'a>(fields: &'a [Field], range: &Range<usize>) -> Option<&'a Field> {
    fields
        .iter()
        .rfind(|f| f.value.start <= range.start && range.end <= f.value.end)
}

/// Of a date.
pub fn date_weight(text: &str, fields: &[Field], found: &Found<Date>) -> Weight {
    let range = &found.range;
    if found.value.is_some_and(|date| date.year() < EARLIEST_YEAR) {
        return Weight::Never;
    }
    let before = plain::line_before(text, range.start);
    let after = plain::line_after(text, range.end);
    if words().date_of_birth_after.is_in(after) {
        return Weight::Never;
    }
    match field_of(fields, range).map(|f| f.kind) {
        Some(Kind::Foreign | Kind::Reason) => return Weight::Never,
        Some(Kind::Date | Kind::Time) => return Weight::Labelled,
        _ => {}
    }
    if of_other(before) && !OPENS.is_match(before) && !is_taken_off(before, after) {
        return if BIRTH_TO_REGISTER.is_match(before)
            || (ISSUED.is_match(before) || FOR_A_PAPER.is_match(before))
                && TIME_BEHIND.is_match(after)
        {
            Weight::Likely
        } else {
            Weight::Never
        };
    }
    if words().date_of_appointment.is_in(before) {
        return Weight::Likely;
    }
    let alone = |side: &str| !side.chars().any(char::is_alphanumeric);
    let alone = alone(before) && (alone(after) || !after.chars().any(char::is_numeric));
    if alone && dates_the_letter(text, range) {
        Weight::Never
    } else {
        Weight::Perhaps
    }
}

/// A date alone on the first or last line, or below the closing words, is when the letter was
/// written; among other details it is the appointment's.
fn dates_the_letter(text: &str, range: &Range<usize>) -> bool {
    let empty = |part: &str| !part.chars().any(char::is_alphanumeric);
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let below = after.split_once('\n').map_or("", |(_, below)| below);
    let signed = before
        .lines()
        .any(|line| words().sign_off.is_in(line.trim()));
    empty(before) || empty(below) || signed
}

/// A new sentence that begins with the appointment: what stands before it is another matter.
static OPENS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)[.;!]\s+(?:при[её]м|запись|визит|(?:я[ ])?(?:был[аи]?[ ])?записан\p{L}{0,2})(?:\s+(?:на|к)(?:\s+\p{L}+)?)?[ :,]*$",
    )
});

fn is_taken_off(before: &str, after: &str) -> bool {
    let register = |text: &str| text.contains("учет") || text.contains("учёт");
    TAKEN_OFF.is_match(before) && !register(before) && !register(after)
}

/// Another thing's date stands behind its noun, within one sentence: «бумагу выдал. Мастера 25.02 …».
fn of_other(before: &str) -> bool {
    static NEXT: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\p{Ll}(?:\p{Ll}{2}|\))[.!?][ ]+(?:\p{Lu}\p{Ll}|$)"));
    let found = words().date_of_other.find(before);
    found.is_some_and(|found| !before.get(found).is_some_and(|text| NEXT.is_match(text)))
}

/// «На замену паспорта 19 марта в 16:15», «паспортный стол 16 апреля, 18:10»: a paper has no hour.
static FOR_A_PAPER: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:паспорт|подач|документ|направлени|полис|заявлени)\p{L}*(?:[ ](?:[\p{L}-]{1,2}|[\p{L}-]{4,}|\d{1,2}|лет|для|на)){0,4}[ ]$",
    )
});

/// «Снимите меня с 12 марта»: off the appointment of that day.
static TAKEN_OFF: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:снять|снимит[еь]|снимаю(?:сь)?|сняться|убрать|уберит[еь]|вычеркнит[еь]|вычеркнуть)(?:[ ](?:меня|нас|пожалуйста|запись|талон|№?[ ]?[\d\p{L}/~-]{1,12})){0,4}[ ]с[о]?[ ]$",
    )
});

/// «Регистрация рождения дочки: 20 мая» is an appointment.
static BIRTH_TO_REGISTER: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)\bрегистраци\p{L}*[ ](?:факта[ ])?рождени\p{L}*[^\n]{0,25}$")
});

/// «Запись ЗГ-5 от 2 июня 2027 г., 10:15», «подать заявление 2 июня в 10:15»: a paper has no hour.
static ISSUED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:запис|при[её]м|визит|талон|брон)\p{L}*[^\n;.]{0,45}[ ]от[ ]$|\bпода(?:ть|ю|[её]м)[ ](?:\p{L}+[ ]){0,2}заявлени\p{L}*[ ](?:на[ ])?$",
    )
});

/// The time of a date, directly behind it.
pub static TIME_BEHIND: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^(?:[ ,]{1,2}\(?(?:понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс)\)?)?[ ,(/|—–-]{1,3}(?:(?:в|к|на|время)[ ])?\d{1,2}(?:[:.-]\d{2}|[ ]?ч)(?:[^\d.]|\.(?:[^\d]|$)|$)",
    )
});

/// What may stand between a date and its time.
pub static GAP: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ \t,.;:()/—–-]*(?:(?:г|года|год|в|на|к|с|во|время|при[её]ма|начало|начала|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье|пн|вт|ср|чт|пт|сб|вс)\b[ \t,.;:()/—–-]*){0,5}$",
    )
});

/// Of one of the `times` among the `dates`.
pub fn time_weight(
    text: &str,
    fields: &[Field],
    dates: &[(Weight, Found<Date>)],
    times: &[Found<Time>],
    range: &Range<usize>,
) -> Weight {
    let before = plain::line_before(text, range.start);
    match field_of(fields, range).map(|f| f.kind) {
        Some(Kind::Foreign | Kind::Reason) => return Weight::Never,
        Some(Kind::Date | Kind::Time) => {
            // «14:30-15:00»: the beginning counts.
            let value = field_of(fields, range).map_or(0, |f| f.value.start);
            let first =
                |time: &Found<Time>| time.range.start >= value && time.range.end <= range.start;
            return if times.iter().any(first) {
                Weight::Never
            } else {
                Weight::Labelled
            };
        }
        _ => {}
    }
    let near = dates.iter().find(|(_, date)| {
        let gap = text.get(date.range.end..range.start);
        gap.is_some_and(|gap| gap.len() <= LONGEST_GAP && GAP.is_match(gap))
    });
    if let Some((weight, date)) = near {
        // «Запись от 5 мая 10:20»: a day without a year is none that a paper was written on.
        return if *weight == Weight::Never && date.value.is_none() {
            Weight::Perhaps
        } else if *weight == Weight::Never {
            Weight::Never
        } else {
            Weight::Likely
        };
    }
    let after = plain::line_after(text, range.end);
    if words().time_of_other.is_in(before) && !comes_today(before, text, range.end)
        || words().time_of_other_behind.is_in(after)
    {
        Weight::Never
    } else if words().time_of_appointment.is_in(before) {
        Weight::Likely
    } else {
        Weight::Perhaps
    }
}

/// «Сегодня в 13 к вам на удаление», not «сегодня в 13 звонила».
fn comes_today(before: &str, text: &str, end: usize) -> bool {
    static TO_YOU: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^(?::\d\d)?[ ,]{1,2}(?:к[ ]вам|у[ ]вас|у[ ]меня[ ](?:при[её]м|запись))",
        )
    });
    let today = before.trim_end().to_lowercase();
    today.ends_with("сегодня в") && TO_YOU.is_match(plain::line_after(text, end))
}
