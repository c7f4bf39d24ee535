//! Two numbers of which only one can be meant: one that the writer corrects at once, or that of a relative
//! beside the own; and a number of which the writer says that it is that of another thing.

use super::foreign::{is_of_an_office, is_of_the_word_behind};
use super::no_number::is_of_another_thing;
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

/// «48213. Ой, извините, 48231», «48231 правильно, описалась»: a word that takes something back.
static TAKES_BACK: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:ой|извиняюсь|вернее|точнее|тоесть|то[ ]есть|опечат\p{L}+|исправл\p{L}+|описал\p{L}+|ошибл\p{L}+|не[ ]так|неверн\p{L}+|неправильн\p{L}+|правильн(?:о|ый)|поправка|поправляюсь)\b",
    )
});

/// Figures with none beside them.
static FIGURES: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?:^|[^\d ~][ ]?)(?:№[ ]?)?(\d[\d-]{2,8}\d)(?:[.,!)]|[ ][^\d ]|\n|$)")
});

/// «48 тысяч 214», «48.214», «48 214»: told by thousands.
static THOUSANDS: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:^|[^\d. ~][ ]?)(\d{1,3})(?:[ .]|[ ]тыс(?:яч\p{L}?|\.)?[ ])(\d{3})(?:[,!)]|[ ][^\d ]|\n|$)",
    )
});

/// «Отмена записи №48213 (48231)»
static BESIDE: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"\d[ ]?\((?:№[ ]?)?(\d[\d-]{2,8})\)"));

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
        let year = written.len() == 4 && (written.starts_with("19") || written.starts_with("20"));
        if year || number.as_str().contains(written) {
            return false;
        }
        let other = BookingNumber::parse(written);
        let mut parts = number.as_str().split('/').chain([number.as_str()]);
        parts.any(|part| digits(part) == digits(written))
            && other.is_some_and(|other| other.lookup_key() != number.lookup_key())
    };
    let by_thousands = THOUSANDS.captures_iter(text).any(|found| {
        let part = |at| found.get(at).map_or("", |part| part.as_str());
        differs(&format!("{}{}", part(1), part(2)))
    });
    if by_thousands {
        return true;
    }
    let taken_back = TAKES_BACK.is_match(text).then_some(&*FIGURES);
    let patterns = CORRECTED.iter().chain([&*RELATIVES, &*LISTED, &*BESIDE]);
    let patterns = patterns.chain(taken_back);
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
            r"(?i)\bлишн\p{{L}}+[ ]{FIGURE}|\b{FIGURE}[ ](?:лишн|вместо)|\bвместо[ ]{FIGURE}|\bна[ ]{FIGURE}[ ](?:меньше|больше)|\b(?:прибав|добав|вычт|отним|убав)\p{{L}}*[ ]{FIGURE}|\bна[ ]конце[ ](?:не[ ]|а[ ])?(?:ноль|один|два|три|четыре|пять|шесть|семь|восемь|девять|{FIGURE})|\bне[ ]\S{{1,4}},?[ ]а[ ]\S{{1,4}}(?:[ ]на[ ]конце|[.,]|$)|\bбуквы[ ](?:другие|не[ ]те)|\bномер[ ](?:прошлогодн|чужой|с[ ]чужого|по[ ]прошлому|не[ ]мой|не[ ]тот|не[ ]т[ао]т)|\bне[ ]хватает[ ]{FIGURE}|\b(?:начинается|кончается|заканчивается|оканчивается)[ ](?:на|с)[ ]\d|\b(?:последние|первые)[ ](?:две|три|четыре|пять|цифр\p{{L}}+)[ ,:—–-]{{1,3}}(?:цифры[ ]?)?\d|\bвроде[ ]есть[ ]\d|\bследующую[ ]за[ ]|\bпоследн\p{{L}}+[ ]цифр\p{{L}}+[ ]\d|\b(?:в|на)[ ]конце[ ]\d|\b(?:начина|оканчива|конча|заканчива)\p{{L}}*[ ](?:на[ ]|с[ ])?\d|\bна[ ]\d+[ ]начина|\bконец[ ]\d|\d[ ]с[ ]чем[ -]?то\b|\b(?:по-моему|где-то)[ ](?:номер[ ])?\d|\d[ ]?\(\?\)|\bза[ ]точность[ ]не\b|\bесли[ ](?:я[ ])?правильно[ ](?:перепис|запис|запомн|помн|увид)"
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
    // «В теме номер полиса», «номер сверху чужой», «тему не смотрите», «карточка в теме».
    static TITLED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        const OF_ANOTHER: &str = r"(?:чуж|друг|стар|прошл|опечат|ошиб|перепут|подстав|наугад|полис|карт|карточ|снилс|телефон|договор|квитанц|паспорт|направлен|сч[её]т|медкарт|заказ|мужа\b|жены\b|сына\b|дочери\b|дочк|мамы\b|папы\b|сосед|не[ ](?:мо|тот\b|та\b|то\b|верн|запис|прав|смотр|наш|обращ|от[ ]запис))";
        const SUBJECT: &str = r"(?:\bтем[аеуы]\b|\bномер[ ](?:сверху|выше|наверху|сам\b|у[ ]н)|\bсверху\b|\bв[ ]заголовк)";
        grammar::regex(&format!(
            r"(?i){SUBJECT}[^.!?\n]{{0,40}}?\b{OF_ANOTHER}|\b(?:полис|карт|карточ|снилс|телефон|договор|паспорт|направлен)\p{{L}}*[ ](?:указан\p{{L}}*[ ])?в[ ]тем[еу]\b|\bне[ ]смотрите[ ](?:на[ ])?(?:номер|тем)|\bномер[ ]наугад|\bномер\p{{L}}?[ ](?:у[ ]\p{{L}}+[ ])?друг(?:ой|ая)"
        ))
    });
    let same = |written: &str| {
        BookingNumber::parse(written).is_some_and(|other| other.lookup_key() == number.lookup_key())
    };
    static FIGURED: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?:\p{L}{1,5}[/-]?)?\d[\p{L}\d/-]*"));
    let (others, own): (Vec<_>, Vec<_>) = FIGURED
        .find_iter(text)
        .filter(|token| same(token.as_str()))
        .partition(|token| is_of_another(text, &token.range()));
    let all_of_others = !others.is_empty() && own.is_empty();
    let of_another = THIS_IS.captures(text).is_some_and(|found| {
        let of = found.name("of").map_or("", |of| of.as_str());
        !words().booking_noun.is_in(of)
    });
    all_of_others || of_another || UNKNOWN.is_match(text) || own.is_empty() && TITLED.is_match(text)
}

fn is_of_another(text: &str, figures: &Range<usize>) -> bool {
    // «Заявка № 5» is a booking with some offices.
    static APPLICATION: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)\b(?:заявк|очеред|регистр)\p{L}*[ ,:(]*(?:№|номер)?[ :]*$")
    });
    let before = plain::line_before(text, figures.start);
    let written = text.get(figures.clone()).unwrap_or_default();
    is_of_the_word_behind(plain::behind(text, figures.end))
        || !APPLICATION.is_match(before)
            && (is_of_an_office(before) || is_of_another_thing(before, written))
}
