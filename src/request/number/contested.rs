//! Two numbers of which only one can be meant: one that the writer corrects at once, or that of a relative
//! beside the own.

use crate::domain::BookingNumber;
use crate::read::grammar;
use std::sync::LazyLock;

/// «4413, ой, 4412», «не 4412, а 4413», «в теме ошибка, надо 4412»
static CORRECTED: LazyLock<[grammar::Pattern; 3]> = LazyLock::new(|| {
    [
        grammar::regex(
            r"(?i)\b(\d[\d-]{1,8})[ ]*[.,!;(—–-]{0,3}[ ]*(?:ой|ох|то есть|т\.[ ]?е\.|в смысле|точнее|вернее|тьфу(?:[ ]ты)?|виноват\p{L}?|ошиб\p{L}+|опечат\p{L}+|пардон|поправка|поправляюсь|уточняю|извините|простите|сорри|читать[ ]как|правильно|,[ ]нет|не то|не туда смотрю|перепутал\p{L}?)[ ,:—.!-]{1,4}(?:(?:№|номер|надо|правильно|нужно)[ ]?)?(\d[\d-]{1,8})\b",
        ),
        grammar::regex(r"(?i)\bне[ ]№?[ ]?(\d[\d-]{1,8}),?[ ]а[ ]№?[ ]?(\d[\d-]{1,8})\b"),
        grammar::regex(
            r"(?i)\b(?:надо|нужно|правильн\p{L}+|верн(?:ый|о))[ :]{1,2}(?:№[ ]?|номер[ ])?(\d[\d-]{1,8})\b",
        ),
    ]
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
    let patterns = CORRECTED.iter().chain([&*RELATIVES]);
    patterns
        .flat_map(|pattern| pattern.captures_iter(text))
        .any(|found| {
            let written = [found.get(1), found.get(2)];
            let mut written = written.iter().flatten();
            written.any(|written| differs(written.as_str()))
        })
}
