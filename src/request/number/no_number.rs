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
        || is_account(line)
        || digits && is_post_code(written, after)
        || is_place_in_a_list(written, after)
        || is_day_or_hour(line, written)
        || digits && UNIT.is_match(after)
        || digits
            && (is_hour(line, written, after)
                || is_year_of_birth(line, written, after)
                || is_money(line, written, after)
                || is_of_the_word_before(line, written)
                || is_of_a_thing_before(line))
}

/// «Битрикс24», «covid19», «ВАЗ2107», «2015гр», «Galaxy S21», «123-45-67»: a word or a name that holds figures,
/// and a telephone of the town.
fn is_word_with_figures(written: &str) -> bool {
    static WORD: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^(?:\p{L}{5,}\d+|(?:ковид|covid|вич|ваз|газ|уаз|зил|паз|img|pic|win|ios|мфц)-?\d{1,5}|[12]\d{3}(?:г|гр|гв|год\p{L}*)|s\d{1,2}|1[сc]|\d{3}-\d{2}-\d{2})$",
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
            r"(?i)(?:\b(?:skype|скайп|telegram|телеграм\p{L}?|телега|тг|вконтакте|вк|vk|instagram|ник|логин|login|pin|пин|факс|fax|индекс|icq|galaxy|redmi|honor|iphone|айфон|outlook|windows|android|office|офис|кабинет|корпус)\b[ :]{0,2}@?|\b(?:оф|каб|корп|пом|стр)\.?[ ]?|@)$",
        )
    });
    ACCOUNT.is_match(line)
}

/// «Запись 12-02», «запись 14-30», «запись 9 45»: where no sign says that it is a number, a day or an hour of
/// an office.
fn is_day_or_hour(line: &str, written: &str) -> bool {
    static SIGN: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)(?:№|#|\bномер\p{L}*|\bn)[ :]*$"));
    let mut pieces = written.split(['-', '/', ' ']);
    let (Some(first), Some(second), None) = (pieces.next(), pieces.next(), pieces.next()) else {
        return false;
    };
    if first.len() > 2 || second.len() > 2 {
        return false;
    }
    let (Ok(one), Ok(two)) = (first.parse::<u8>(), second.parse::<u8>()) else {
        return false;
    };
    let hour = (7..=20).contains(&one) && second.len() == 2 && two < 60 && two.is_multiple_of(5);
    let day = (1..=31).contains(&one) && (1..=12).contains(&two) && !written.contains(' ');
    (hour || day) && !SIGN.is_match(line)
}

/// Whether figures behind the sign of a number are a day, or end with one: «10022027», «4821309022027».
pub fn is_a_whole_day(written: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"^(?:\d{3,8})?(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])20[23]\d$")
    });
    DAY.is_match(written)
}

/// «№ 23 в списке», «№7 на листке»: a place, not a number.
fn is_place_in_a_list(written: &str, after: &str) -> bool {
    static LIST: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^[ ](?:в|из|на)[ ](?:\p{L}+[ ])?(?:списк|листк|очеред)")
    });
    const PLACE: usize = 3;
    written.len() <= PLACE && LIST.is_match(after)
}

/// «123456, г. Москва»
fn is_post_code(written: &str, after: &str) -> bool {
    static TOWN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^,?[ ]{1,2}(?:г\.|город[ ]|москва\b|санкт-|спб\b|россия\b|рф\b|\p{L}{4,20}(?:ская|ский|цкая)[ ](?:обл|край|р-н|район)|респ)",
        )
    });
    written.len() == 6 && TOWN.is_match(after)
}

/// «На пн 1530», «запись на 1230», «запись 1100 вторник»
fn is_hour(line: &str, written: &str, after: &str) -> bool {
    static DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:(?:пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[уы]|четверг|пятниц[уы]|суббот[уы]|воскресенье|сегодня|завтра|послезавтра)\.?[ ](?:в[ ]|на[ ]|к[ ])?|(?:в|к|запись[ ]на)[ ])$",
        )
    });
    let (hour, minute) = match written.split_at_checked(2) {
        Some((hour, minute)) if written.len() == 4 => (hour.parse::<u8>(), minute.parse::<u8>()),
        _ => return false,
    };
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
            r"(?i)\b(?:стоимост|скидк|цен[аыу]|сумм|за[ ]при[её]м)\p{L}{0,3}[ :—–-]{1,3}$",
        )
    });
    static SERVICE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)\b(?:узи|мрт|экг|ээг|кт|рентген|анализы?)[ ]$"));
    static BEHIND: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)^[ ]?(?:руб|р\b|₽|тыс)"));
    let round = written.ends_with("00") && written.len() <= 5;
    BEHIND.is_match(after) || BEFORE.is_match(line) || round && SERVICE.is_match(line)
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
            r"(?i)(?:\b(?:код[ ](?:из|подтвержд|доступ|домофон)|пин-?код|смс|sms|вх\.|исх\.|(?:в|наша|моя)[ ]очеред[иь]|обращени|медкарт|направлени|договор|жалоб|больничн\p{L}+[ ]лист|свидетельств|удостоверени|заказ|улиц|ул\.|проспект|шоссе))\p{L}*(?P<gap>[^,;!?\d~]{0,40})$",
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
