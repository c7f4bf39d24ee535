//! Figures that are no number at all, whatever they sound like: an hour without its sign, a year of birth, a
//! sum of money, or the number of what stands directly before it.

use super::day_or_hour::{
    is_a_whole_day, is_day_or_hour, is_hour, is_ordinal, is_short_day, is_year, is_year_of_birth,
};
use super::foreign;
use super::shape::UNIT;
use crate::read::grammar::{self, Rule};
use crate::request::phrases::fields as words;
use crate::request::plain;
use serde::Deserialize;
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
        || is_below_its_thing(text, range)
        || THINGS.behind.is_in(after)
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

/// The things that have figures of their own, by the words beside these.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Things {
    before: Rule,
    above: Rule,
    behind: Rule,
    money: Rule,
    street: Rule,
    /// A child, with the year of its birth behind it.
    pub child: Rule,
}

pub static THINGS: LazyLock<Things> =
    LazyLock::new(|| grammar::embedded(include_str!("things.toml")));

/// «Skype: anna1978», «iPhone 14», «факс 123456», «ваз 21074»: what stands before it has figures of its own.
fn is_account(line: &str) -> bool {
    THINGS.before.is_in(line)
}

/// «Кабинет», and below it «213».
fn is_below_its_thing(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).unwrap_or_default();
    let mut lines = before.rsplit('\n');
    lines.next().is_some_and(|line| line.trim().is_empty())
        && lines
            .next()
            .is_some_and(|line| THINGS.above.is_in(line.trim_end()))
}

/// The sign of a number directly before its figures.
pub static SIGNED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)(?:№|#|\bномер\p{L}*|\bном\.?|\bn[oо]?\.?|\bкод)[ :.«(=—–-]*$")
});

/// A noun of a booking, or what is done to one, directly before its figures; or nothing on the line.
pub static BOOKED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
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

/// «Ленина 15-48»: house and flat behind a street.
fn is_house(line: &str, written: &str) -> bool {
    static STREET: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i:\b(?:ул|улица|пр|просп|проспект|пер|шоссе|бульвар|б-р|наб|мкр)\.?[ ]\p{L}+,?[ ](?:д\.?[ ]?)?$)|(?:^|[,.;][ ])\p{Lu}\p{Ll}+(?:ина|ого|ая|ской|ый|ова|ева|ской)[ ,]{1,2}(?:д\.?[ ]?)?$",
        )
    });
    static HOUSE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\d{1,3}[-/]\d{1,3}$"));
    HOUSE.is_match(written) && (STREET.is_match(line) || THINGS.street.is_in(line))
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
    static ADDRESS: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^, \p{Lu}\p{Ll}+, \p{Lu}\p{Ll}+"));
    written.len() == 6
        && (ADDRESS.is_match(after) || TOWN.is_match(after) || TOWN_BEFORE.is_match(line))
}

/// «УЗИ 2500», «скидка 2000», «3500 р»
fn is_money(line: &str, written: &str, after: &str) -> bool {
    static SERVICE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)\b(?:узи|мрт|экг|ээг|кт|рентген|анализы?|сказали|за)[ ]$")
    });
    static BEHIND: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)^[ ]?(?:руб|р\b|₽|тыс)"));
    static DEAR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^[ ,]{1,2}(?:это )?(?:дорого|дороговато|а у меня|не (?:пойд|потян|заплач))",
        )
    });
    let round = written.ends_with("00") && written.len() <= 5;
    let price = || SERVICE.is_match(line) || DEAR.is_match(after);
    BEHIND.is_match(after) || THINGS.money.is_in(line) || round && price()
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
    use super::{THINGS, is_something_else};

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &THINGS.before,
            &THINGS.above,
            &THINGS.behind,
            &THINGS.money,
            &THINGS.street,
            &THINGS.child,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
    }

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
