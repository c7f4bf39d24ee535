//! Two numbers of which only one can be meant: one that the writer corrects at once, or that of a relative
//! beside the own.

use crate::domain::BookingNumber;
use crate::read::grammar;
use std::sync::LazyLock;

/// «4413, ой, 4412»
static CORRECTED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(\d[\d-]{1,8})[ ]*[.,!;(—–-]{0,3}[ ]*(?:ой|ох|то есть|т\.[ ]?е\.|точнее|вернее|тьфу|ошиб\p{L}+|опечат\p{L}+|пардон|нет|не то|перепутал\p{L}?)[ ,:—.!-]{1,4}(?:(?:№|номер|надо|правильно|нужно)[ ]?)?(\d[\d-]{1,8})\b",
    )
});

/// «Мужа 4413 отмените»
static RELATIVES: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:муж|жен|мам|пап|сын|доч|бабуш|дедуш|брат|сест|внук|внуч|отц|матер|свекр|т[её]щ)\p{L}{0,4}[ ,—-]{1,3}(?:№[ ]?|номер[ ])?(\d{3,6})\b(?:[ ]?г|[ ]?\.[ ]?\d)?",
    )
});

/// Whether `text`, its other figures masked, names another number than `number` in such a way.
pub fn is_contested(text: &str, number: &BookingNumber) -> bool {
    let differs = |written: &str| {
        BookingNumber::parse(written).is_some_and(|other| other.lookup_key() != number.lookup_key())
    };
    let corrected = CORRECTED.captures_iter(text).any(|found| {
        let either = [found.get(1), found.get(2)];
        either
            .iter()
            .flatten()
            .any(|written| differs(written.as_str()))
    });
    let of_relative = RELATIVES.captures_iter(text).any(|found| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let counted = !whole.ends_with(|c: char| c.is_ascii_digit());
        let written = found.get(1).map_or("", |written| written.as_str());
        !counted && differs(written)
    });
    corrected || of_relative
}
