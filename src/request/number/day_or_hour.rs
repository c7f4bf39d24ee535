//! Figures that are a day, an hour or a year, however they are written: «запись 12-03», «на пн 1530», «Иванова 1947».

use super::no_number::{BOOKED, SIGNED, THINGS};
use crate::read::grammar;
use crate::request::phrases::fields as words;
use std::sync::LazyLock;

/// «Запись 12-02», «запись 14-30», «запись 12 03 10 30»: where no sign says that it is a number, days or hours of
/// an office.
pub fn is_day_or_hour(line: &str, written: &str) -> bool {
    if SIGNED.is_match(line) {
        return false;
    }
    let pieces: Vec<&str> = written.split(['-', '/', ' ']).collect();
    let short = |piece: &&str| (1..=2).contains(&piece.len()) && piece.parse::<u8>().is_ok();
    if let [day, month, rest] = pieces.as_slice()
        && short(day)
        && short(month)
        && is_a_whole_day(&format!("{day}{month}{rest}"))
    {
        return true;
    }
    if pieces.len() < 2 || !pieces.iter().all(short) {
        return false;
    }
    // A number is not told in so few figures, each two of them apart.
    let spaced = written.contains(' ') && pieces.iter().any(|piece| piece.len() == 2);
    let value = |at: usize| pieces.get(at).and_then(|piece| piece.parse::<u8>().ok());
    let whole = |at: usize| pieces.get(at).is_some_and(|piece| piece.len() == 2);
    let hour = |at: usize| {
        value(at).is_some_and(|hour| (7..=20).contains(&hour))
            && whole(at + 1)
            && value(at + 1).is_some_and(|minute| minute < 60 && minute.is_multiple_of(5))
    };
    let day = |at: usize| {
        value(at).is_some_and(|day| (1..=31).contains(&day))
            && value(at + 1).is_some_and(|month| (1..=12).contains(&month))
    };
    match pieces.len() {
        // «12 03», «9 20», «15 48»: a number of four figures is written together.
        2 if spaced => value(0).is_some_and(|first| first <= 31),
        2 => hour(0) || day(0),
        3 => spaced && day(0),
        4 => day(0) && hour(2),
        _ => false,
    }
}

/// «Иванова Мария 1947», «диспансеризация 2027», not «запись 1987».
pub fn is_year(line: &str, written: &str) -> bool {
    let year = written
        .parse::<u16>()
        .is_ok_and(|year| (1920..=2015).contains(&year) || (2023..=2030).contains(&year));
    let booked = !line.is_empty() && BOOKED.is_match(line);
    let of_a_child = THINGS.child.is_in(line)
        && written
            .parse::<u16>()
            .is_ok_and(|year| (2000..=2030).contains(&year));
    let year = year || of_a_child;
    year && written.len() == 4 && !SIGNED.is_match(line) && !booked
}

/// «2-ю запись», «запись 12-го», «3-х человек»
pub fn is_ordinal(written: &str) -> bool {
    static ORDINAL: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^\d{1,3}-?(?:го|ого|его|ю|ую|ью|я|ая|й|ый|ой|ий|х|ти|ми|му|ому|е|ое|м|ом)$",
        )
    });
    ORDINAL.is_match(written)
}

/// Whether figures behind the sign of a number are a day, or end with one: «10022027», «4821309022027»; or a day
/// and an hour: «25051015».
pub fn is_a_whole_day(written: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"^(?:\d{3,8})?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20[012]\d$|^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19[3-9]\d|(?:0[7-9]|1\d|20)[0-5][05])$",
        )
    });
    DAY.is_match(&*written.replace(' ', ""))
}

/// «Запись от 120327»
pub fn is_short_day(line: &str, written: &str) -> bool {
    static DATED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\b(?:от|на|за)[ ]$"));
    static DAY: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])2\d$"));
    DATED.is_match(line) && DAY.is_match(written)
}

/// «На пн 1530», «запись на 1230», «запись 1100 вторник»
pub fn is_hour(line: &str, written: &str, after: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы]|воскресенье|сегодня|завтра|послезавтра)\.?,?[ ](?:в[ ]|на[ ]|к[ ])?|(?:в|к|запись[ ]на)[ ]|~[ ])$",
        )
    });
    let at = match written.len() {
        3 => 1,
        4 => 2,
        _ => return false,
    };
    let Some((hour, minute)) = written.split_at_checked(at) else {
        return false;
    };
    let (hour, minute) = (hour.parse::<u8>(), minute.parse::<u8>());
    let opens = hour.is_ok_and(|hour| (7..=20).contains(&hour));
    opens
        && minute.is_ok_and(|minute| minute < 60 && minute % 5 == 0)
        && (DAY.is_match(line) || WEEKDAY_BEHIND.is_match(after))
}

/// «1100 вторник»
static WEEKDAY_BEHIND: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ](?:в[ ]|на[ ])?(?:понедельник|вторник|сред[уа]|четверг|пятниц[уа]|суббот[уа]|воскресенье|утра|дня|время|часов)\b",
    )
});

/// «Иванов, 1987», «1987 г.р.»
pub fn is_year_of_birth(line: &str, written: &str, after: &str) -> bool {
    static NAMED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\p{Lu}\p{Ll}+,[ ]$"));
    let year = written.len() == 4 && written.starts_with("19");
    year && (NAMED.is_match(line) || words().date_of_birth_after.is_in(after))
}
