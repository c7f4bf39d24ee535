//! Two numbers of which only one can be meant: one that the writer corrects at once, or that of a relative
//! beside the own.

use crate::domain::BookingNumber;
use crate::read::grammar;
use crate::request::spoken;
use std::sync::LazyLock;

/// «4413, ой, 4412», «не 4412, а 4413», «в теме ошибка, надо 4412»
static CORRECTED: LazyLock<[grammar::Pattern; 4]> = LazyLock::new(|| {
    [
        grammar::regex(
            r"(?i)\b(\d[\d-]{1,8})[ ]*[.,!;(—–-]{0,3}[ \n]*(?:->|=>|→|=|\*|ой|ох|упс|или|либо|нет|то бишь|то есть|т\.?[ ]?е\.?|в смысле|точнее|вернее|тьфу(?:[ ]ты)?|виноват\p{L}?|ошиб\p{L}+|опечат\p{L}+|пардон|поправка|поправляюсь|уточняю|извините|простите|сорри|читать[ ]как|правильно|,[ ]нет|не то|не туда смотрю|перепутал\p{L}?)(?:[ ,:—.!-]{1,4}(?:то есть|точнее|вернее|не|это|же))?[ ,:—.!-]{0,4}(?:(?:№|номер|надо|правильно|нужно)[ ]?)?(\d[\d-]{1,8})\b",
        ),
        grammar::regex(r"\b(\d{3,9})[ ]?\n[ ]?(\d{3,9})\*"),
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
        r"(?i)(?:^|[^\d. ~][ ]?|\p{L}[.!][ ])(\d{1,3})(?:[ .]|[ ]тыс(?:яч\p{L}?|\.)?[ ])(\d{3})(?:[,!)]|[ ][^\d ]|\n|$)",
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
    let dictated = || spoken::numbers_told(text);
    if by_thousands || dictated().iter().any(|told| differs(told)) {
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
