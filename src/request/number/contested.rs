//! Two numbers of which only one can be meant: one that the writer corrects at once, or that of a relative
//! beside the own; and a number of which the writer says that it is that of another thing.

use super::foreign::is_foreign;
use super::no_number::is_something_else;
use super::shape::TOKEN;
use crate::domain::BookingNumber;
use crate::read::grammar;
use crate::request::phrases::fields as words;
use crate::request::plain;
use std::ops::Range;
use std::sync::LazyLock;

/// «4413, ой, 4412», «не 4412, а 4413», «в теме ошибка, надо 4412»
static CORRECTED: LazyLock<[grammar::Pattern; 3]> = LazyLock::new(|| {
    [
        grammar::regex(
            r"(?i)\b(\d[\d-]{1,8})[ ]*[.,!;(—–-]{0,3}[ ]*(?:->|=>|→|ой|ох|упс|или|либо|то бишь|то есть|т\.[ ]?е\.|в смысле|точнее|вернее|тьфу(?:[ ]ты)?|виноват\p{L}?|ошиб\p{L}+|опечат\p{L}+|пардон|поправка|поправляюсь|уточняю|извините|простите|сорри|читать[ ]как|правильно|,[ ]нет|не то|не туда смотрю|перепутал\p{L}?)(?:[ ,:—.!-]{1,4}(?:то есть|точнее|вернее|не|это|же))?[ ,:—.!-]{1,4}(?:(?:№|номер|надо|правильно|нужно)[ ]?)?(\d[\d-]{1,8})\b",
        ),
        grammar::regex(r"(?i)\bне[ ]№?[ ]?(\d[\d-]{1,8}),?[ ]а[ ]№?[ ]?(\d[\d-]{1,8})\b"),
        grammar::regex(
            r"(?i)\b(?:надо|нужно|правильн\p{L}+|верн(?:ый|о))[ :]{1,2}(?:№[ ]?|номер[ ])?(\d[\d-]{1,8})\b",
        ),
    ]
});

/// «27115 на 15 февраля и 27131 на 17 февраля», the days masked: a second booking.
static LISTED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:\bи|,|;|\bа также)[ ](?:№[ ]?|номер[ ])?(\d[\d-]{2,8})[ ]?(?:\(|(?:на|от|к|за)[ ])~|(?:\bи|,|;|\bа также)[ ](?:на|от|к|за)[ ]~+[ ](?:№[ ]?|номер[ ])?(\d[\d-]{2,8})\b",
    )
});

/// «Мужа 4413 отмените»
static RELATIVES: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:муж|жен|мам|пап|сын|доч|бабуш|дедуш|брат|сест|внук|внуч|отц|матер|свекр|т[её]щ)\p{L}{0,4}[ ,—-]{1,3}(?:№[ ]?|номер[ ])?(\d{3,6})\b",
    )
});

/// Whether `text`, its other figures masked, names another number than `number` in such a way; one of as many
/// digits as it, or as one side of its slash: «маме 100 лет» is none.
pub fn is_contested(text: &str, number: &BookingNumber) -> bool {
    let digits = |written: &str| written.chars().filter(char::is_ascii_digit).count();
    let differs = |written: &str| {
        let other = BookingNumber::parse(written);
        let mut parts = number.as_str().split('/').chain([number.as_str()]);
        parts.any(|part| digits(part) == digits(written))
            && other.is_some_and(|other| other.lookup_key() != number.lookup_key())
    };
    let patterns = CORRECTED.iter().chain([&*RELATIVES, &*LISTED]);
    patterns
        .flat_map(|pattern| pattern.captures_iter(text))
        .any(|found| {
            let written = [found.get(1), found.get(2)];
            let mut written = written.iter().flatten();
            written.any(|written| differs(written.as_str()))
        })
}

/// Whether the writer says that the figures given are not those: «лишний ноль», «прибавьте единицу», «на конце
/// шесть», «не ЗП, а ПЗ», «номер прошлогодний», «последние три 457».
pub fn is_told_to_be_wrong(text: &str) -> bool {
    const FIGURE: &str = r"(?:нол|нул|единиц|двойк|двойка|тройк|четв[её]рк|пят[её]рк|шест[её]рк|сем[её]рк|восьм[её]рк|девятк|цифр|букв)\p{L}*";
    static WRONG: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)\bлишн\p{{L}}+[ ]{FIGURE}|\b{FIGURE}[ ](?:лишн|вместо)|\bвместо[ ]{FIGURE}|\bна[ ]{FIGURE}[ ](?:меньше|больше)|\b(?:прибав|добав|вычт|отним|убав)\p{{L}}*[ ]{FIGURE}|\bна[ ]конце[ ](?:не[ ]|а[ ])?(?:ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|{FIGURE})|\bне[ ]\S{{1,4}},?[ ]а[ ]\S{{1,4}}(?:[ ]на[ ]конце|[.,]|$)|\bбуквы[ ](?:другие|не[ ]те)|\bномер[ ](?:прошлогодн|чужой|с[ ]чужого|по[ ]прошлому|не[ ]мой|не[ ]тот|не[ ]т[ао]т)|\bне[ ]хватает[ ]{FIGURE}|\b(?:начинается|кончается|заканчивается|оканчивается)[ ](?:на|с)[ ]\d|\b(?:последние|первые)[ ](?:две|три|четыре|пять|цифр\p{{L}}+)[ ,:—–-]{{1,3}}(?:цифры[ ]?)?\d|\bвроде[ ]есть[ ]\d|\bследующую[ ]за[ ]"
        ))
    });
    WRONG.is_match(text)
}

/// Whether `text`, masked, says of `number`, that of the subject, that it is no booking's: «номер заказа 48213»,
/// «48213 — это номер медкарты», «номера записи не знаю».
pub fn is_disowned(text: &str, number: &BookingNumber) -> bool {
    static UNKNOWN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\bномер[а]?[ ](?:(?:моей[ ]|самой[ ]|своей[ ])?(?:запис[иь]|талона)[ ,]{1,2})?(?:я[ ]|мне[ ]|у[ ]меня[ ])?(?:не[ ](?:знаю|помню|наш|сохран|прис|дава|дали|сообщ|вижу|указан)|нет\b|неизвест)",
        )
    });
    static THIS_IS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)(?:^|[.!?,—–-][ \n]?)это[ ](?:номер|код)[ ](?P<of>[^.,!?\n]{1,30})")
    });
    let same = |written: &str| {
        BookingNumber::parse(written).is_some_and(|other| other.lookup_key() == number.lookup_key())
    };
    let mut told = TOKEN
        .find_iter(text)
        .filter(|token| same(token.as_str()))
        .map(|token| is_of_another(text, &token.range()))
        .peekable();
    let all_of_others = told.peek().is_some() && told.all(|other| other);
    let of_another = THIS_IS.captures(text).is_some_and(|found| {
        let of = found.name("of").map_or("", |of| of.as_str());
        !words().booking_noun.is_in(of)
    });
    all_of_others || of_another || UNKNOWN.is_match(text)
}

fn is_of_another(text: &str, figures: &Range<usize>) -> bool {
    // «Заявка № 5» is a booking with some offices.
    static APPLICATION: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)\b(?:заявк|очеред|регистр)\p{L}*[ ,:(]*(?:№|номер)?[ :]*$")
    });
    let before = plain::line_before(text, figures.start);
    !APPLICATION.is_match(before) && (is_foreign(text, figures) || is_something_else(text, figures))
}
