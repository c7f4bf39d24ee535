//! Figures that are no number at all, whatever they sound like: an hour without its sign, a year of birth, a
//! sum of money, or the number of what stands directly before it.

use super::foreign;
use super::shape::UNIT;
use crate::read::grammar;
use crate::request::phrases::fields as words;
use crate::request::plain;
use std::ops::Range;
use std::sync::LazyLock;

/// Whether the figures at `range` are something else than a number of a booking.
pub fn is_something_else(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let line = plain::line_before(text, range.start);
    let after = plain::line_after(text, range.end);
    let digits = written.chars().all(|c| c.is_ascii_digit());
    is_word_with_figures(written)
        || is_a_whole_day(written)
        || is_name_of_a_file(written, after)
        || is_of_another_thing(line, written)
        || digits && is_post_code(line, written, after)
        || is_place_in_a_list(written, after)
        || is_day_or_hour(line, written)
        || is_ordinal(written)
        || is_house(line, written)
        || digits && is_too_short(line, written, after)
        || digits && is_year(line, written)
        || digits && UNIT.is_match(after)
        || digits
            && (is_hour(line, written, after)
                || is_short_day(line, written)
                || is_year_of_birth(line, written, after)
                || is_money(line, written, after))
}

/// Whether figures have the number of what stands before them: an account, a paper, an order.
pub fn is_of_another_thing(line: &str, written: &str) -> bool {
    let digits = written.chars().all(|c| c.is_ascii_digit());
    is_account(line)
        || digits && (is_of_the_word_before(line, written) || is_of_a_thing_before(line))
}

/// «Битрикс24», «covid19», «ВАЗ2107», «2015гр», «Galaxy S21», «123-45-67»: a word or a name that holds figures,
/// and a telephone of the town.
fn is_word_with_figures(written: &str) -> bool {
    static WORD: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^(?:\p{L}{5,}\d+|(?:ковид|covid|вич|ваз|газ|уаз|зил|паз|img|pic|win|ios)-?\d{1,5}|мфц\d{1,3}|(?:кабинет|каб|кв|на|от|до|тел|дом|оф|окно)\d+|[12]\d{3}(?:г|гр|гв|год\p{L}*)|s\d{1,2}|1[сc]|\d{3}-\d{2}-\d{2})$",
        )
    });
    WORD.is_match(written)
}

/// «image001.png», «pic12345.gif»
fn is_name_of_a_file(written: &str, after: &str) -> bool {
    static ENDING: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^\.(?:png|jpe?g|gif|bmp|heic|pdf|docx?|xlsx?|txt|zip|rar)\b")
    });
    static ENDED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\.(?:png|jpe?g|gif|bmp|heic|pdf|docx?|xlsx?)$"));
    ENDING.is_match(after) || ENDED.is_match(written)
}

/// «Skype: anna1978», «iPhone 14», «факс 123456», «PIN 1234»: what stands before it has figures of its own.
fn is_account(line: &str) -> bool {
    static ACCOUNT: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:\b(?:skype|скайп|telegram|телеграм\p{L}?|телега|тг|вконтакте|вк|vk|instagram|ник|логин|login|pin|пин|факс|fax|индекс|icq|galaxy|redmi|honor|iphone|айфон|outlook|windows|android|office|офис|кабинет|корпус|сбер(?:банк)?|л[/.]?с|через|т|городской|домашний|рабочий|сотовый)\b[ :.]{0,2}@?|\b(?:оф|каб|корп|пом|стр)\.?[ ]?|@)$",
        )
    });
    ACCOUNT.is_match(line)
}

/// «Запись 12-02», «запись 14-30», «запись 12 03 10 30»: where no sign says that it is a number, days or hours of
/// an office.
fn is_day_or_hour(line: &str, written: &str) -> bool {
    if SIGNED.is_match(line) {
        return false;
    }
    let pieces: Vec<&str> = written.split(['-', '/', ' ']).collect();
    let short = |piece: &&str| (1..=2).contains(&piece.len()) && piece.parse::<u8>().is_ok();
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

/// The sign of a number directly before its figures.
static SIGNED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)(?:№|#|\bномер\p{L}*|\bном\.?|\bn[oо]?\.?|\bкод)[ :.«(=—–-]*$")
});

/// A noun of a booking, or what is done to one, directly before its figures; or nothing on the line.
static BOOKED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:^|\b(?:запис|талон|брон|отмен|восстан|снимит|снять|аннул|верн|квит|бумажк|очеред|идентификатор|booking|zapis|talon)\p{L}*(?:[ ](?:мо[йя]|мою|наш|наша))?)[ :.,«(=—–-]*$",
    )
});

/// «Талон 12», «бронь 7»
static TICKET: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)\b(?:талон|брон)\p{L}*(?:[ ]мой)?[ :.«(=—–-]*$"));

/// «Терапевт 305», «к Петровой 214», «запись в среду, 15»: a room or a day, where nothing says that it is a number.
fn is_too_short(line: &str, written: &str, after: &str) -> bool {
    const SHORT: usize = 3;
    // «Запись 5 5 1 0»: one of several groups.
    let more = after
        .trim_start_matches(' ')
        .starts_with(|c: char| c.is_ascii_digit());
    let told = if written.len() < SHORT {
        &TICKET
    } else {
        &BOOKED
    };
    written.len() <= SHORT && !more && !SIGNED.is_match(line) && !told.is_match(line)
}

/// «Иванова Мария 1947», «диспансеризация 2027», not «запись 1987».
fn is_year(line: &str, written: &str) -> bool {
    let year = written
        .parse::<u16>()
        .is_ok_and(|year| (1920..=2015).contains(&year) || (2023..=2030).contains(&year));
    let booked = !line.is_empty() && BOOKED.is_match(line);
    year && written.len() == 4 && !SIGNED.is_match(line) && !booked
}

/// «2-ю запись», «запись 12-го», «3-х человек»
fn is_ordinal(written: &str) -> bool {
    static ORDINAL: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^\d{1,2}-?(?:го|ого|его|ю|ую|ью|я|ая|й|ый|ой|ий|х|ти|ми|му|ому|е|ое|м|ом)$",
        )
    });
    ORDINAL.is_match(written)
}

/// «Ленина 15-48»: house and flat behind a street.
fn is_house(line: &str, written: &str) -> bool {
    static STREET: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i:\b(?:ул|улица|пр|просп|проспект|пер|шоссе|бульвар|б-р|наб|мкр)\.?[ ]\p{L}+,?[ ](?:д\.?[ ]?)?$)|(?:^|[,.;][ ])\p{Lu}\p{Ll}+(?:ина|ого|ая|ской|ый|ова|ева|ской)[ ,]{1,2}(?:д\.?[ ]?)?$",
        )
    });
    static HOUSE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\d{1,3}[-/]\d{1,3}$"));
    HOUSE.is_match(written) && STREET.is_match(line)
}

/// Whether figures behind the sign of a number are a day, or end with one: «10022027», «4821309022027».
pub fn is_a_whole_day(written: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"^(?:\d{3,8})?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20[23]\d$")
    });
    DAY.is_match(written)
}

/// «№ 23 в списке», «№7 на листке»: a place, not a number.
pub fn is_place_in_a_list(written: &str, after: &str) -> bool {
    static LIST: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^[ ](?:в|из|на)[ ](?:\p{L}+[ ])?(?:списк|листк|очеред)")
    });
    const LONGEST: usize = 3;
    written.len() <= LONGEST && LIST.is_match(after)
}

/// «123456, г. Москва»
fn is_post_code(line: &str, written: &str, after: &str) -> bool {
    static TOWN_BEFORE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\b(?:г\.|город)[ ]?\p{Lu}[\p{L}-]+,?[ ]$"));
    static TOWN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^,?[ ]{1,2}(?:г\.|город[ ]|москва\b|санкт-|спб\b|россия\b|рф\b|\p{L}{4,20}(?:ская|ский|цкая)[ ](?:обл|край|р-н|район)|респ)",
        )
    });
    written.len() == 6 && (TOWN.is_match(after) || TOWN_BEFORE.is_match(line))
}

/// «Запись от 120327»
fn is_short_day(line: &str, written: &str) -> bool {
    static DATED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\b(?:от|на|за)[ ]$"));
    static DAY: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])2\d$"));
    DATED.is_match(line) && DAY.is_match(written)
}

/// «На пн 1530», «запись на 1230», «запись 1100 вторник»
fn is_hour(line: &str, written: &str, after: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы]|воскресенье|сегодня|завтра|послезавтра)\.?[ ](?:в[ ]|на[ ]|к[ ])?|(?:в|к|запись[ ]на)[ ])$",
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
fn is_year_of_birth(line: &str, written: &str, after: &str) -> bool {
    static NAMED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"\p{Lu}\p{Ll}+,[ ]$"));
    let year = written.len() == 4 && written.starts_with("19");
    year && (NAMED.is_match(line) || words().date_of_birth_after.is_in(after))
}

/// «УЗИ 2500», «скидка 2000», «3500 р»
fn is_money(line: &str, written: &str, after: &str) -> bool {
    static BEFORE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:стоимост|скидк|цен[аыу]|сумм|за[ ]при[её]м|дорого|(?:за|о)платил|взял|стоит|перев[её]л|плат[её]ж|предоплат|аванс)\p{L}{0,3}[ :—–-]{1,3}(?:№[ ]?)?$",
        )
    });
    static SERVICE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)\b(?:узи|мрт|экг|ээг|кт|рентген|анализы?|сказали|за)[ ]$")
    });
    static BEHIND: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)^[ ]?(?:руб|р\b|₽|тыс)"));
    static DEAR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^[ ,]{1,2}(?:дорого|дороговато|а у меня|не (?:пойд|потян|заплач))")
    });
    let round = written.ends_with("00") && written.len() <= 5;
    let price = || SERVICE.is_match(line) || DEAR.is_match(after);
    BEHIND.is_match(after) || BEFORE.is_match(line) || round && price()
}

/// «Номер заказа 48213», «в поликлинику № 213», not «запись в отдел № 5047» or «заявка 48213».
fn is_of_the_word_before(line: &str, written: &str) -> bool {
    static SIGN: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)[ :«(=—–-]*(?:(?:№|\bn\b|#|\bномер)[ :]*)?$"));
    static PERHAPS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^(?:заявк|очеред|регистр|документ|мест|лист|карточк|пункт|консульт)")
    });
    let named = SIGN
        .find(line)
        .and_then(|sign| line.get(..sign.start()))
        .unwrap_or(line);
    let word = named
        .rsplit(|c: char| !(c.is_alphanumeric() || c == '-' || c == '/'))
        .next()
        .unwrap_or_default();
    words().foreign_noun.is_all_of(word)
        && !PERHAPS.is_match(word)
        && !foreign::has_no_such_window(word, written)
}

/// «Код из смс 48213», «стою в очереди под номером 48213»: no booking is named between the thing and its
/// number.
fn is_of_a_thing_before(line: &str) -> bool {
    static THING: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:\b(?:код[ ](?:из|подтвержд|доступ|домофон)|пин-?код|смс|sms|вх\.|исх\.|(?:в|наша|моя|электронн\p{L}+)[ ]очеред[иь]|обращени|медкарт|направлени|договор|жалоб|больничн\p{L}+[ ]лист|свидетельств|удостоверени|заказ|женск\p{L}+[ ]консультаци|улиц|ул\.|проспект|шоссе))\p{L}*(?P<gap>[^,;!?\d~]{0,40})$",
        )
    });
    let Some(found) = THING.captures(line) else {
        return false;
    };
    let gap = found.name("gap").map_or("", |gap| gap.as_str());
    !words().booking_noun.is_in(gap) && !gap.contains(". ")
}

#[cfg(test)]
mod tests {
    use super::is_something_else;

    fn judged(text: &str) -> bool {
        let end = text
            .find(|c: char| c.is_ascii_digit())
            .map(|start| {
                let rest = text.get(start..).unwrap();
                let length = rest.find(|c: char| !c.is_ascii_digit());
                start..start + length.unwrap_or(rest.len())
            })
            .unwrap();
        is_something_else(text, &end)
    }

    #[test]
    fn figures_of_other_things_are_told_from_numbers() {
        for text in [
            "Отмените запись на пн 1530",
            "Отмените запись в 1530",
            "Отмените запись, Иванов, 1987",
            "Отмените запись, 1987 г.р.",
            "Отмените запись, УЗИ 2500",
            "Отмените запись на МРТ 3500 р",
            "Отмените запись, скидка 2000",
            "Отмените запись, номер заказа 48213",
            "Отмените запись в поликлинику № 213",
            "Отмените запись, счёт №48213",
            "Прошу отменить запись по вашему письму вх. № 48213",
            "Отмените запись, обращение зарегистрировано под № 48213",
            "Отмените запись, номер заказа в интернет-магазине 48213",
            "Отмените запись, талон в очереди 48213",
            "Отмените запись, стою в очереди под номером 48213",
            "Отмените запись, код из смс 48213",
            "Отмените запись, улица Ленина 48213",
            "Отмените запись, пришло смс 48213",
            "Отмените запись, свидетельство о рождении № 482130",
            "Отмените запись, больничный лист № 48213",
            "Отправлено с Galaxy 2107",
            "Анна, skype: 1978",
            "Анна Петрова, 123456, г. Москва",
            "Отмените запись, факс 123456",
            "Отмените запись. 05032027",
        ] {
            assert!(judged(text), "{text}");
        }
        for text in [
            "Отмените запись 1530",
            "Отмените запись на УЗИ 48213",
            "Запись в отдел № 5047",
            "заявка 48213",
            "снять с очереди 660",
            "Пришло смс, что моя запись 48213",
            "код записи 48213",
            "Свидетельство получено. Запись 48213",
            "Отмените запись 1987",
        ] {
            assert!(!judged(text), "{text}");
        }
    }
}
