//! The shapes of numbers: signs, nouns and tokens, and what hides digits of other things.

use crate::read::grammar;
use crate::request::fields::{Field, Kind};
use crate::request::noted::Noted;
use crate::request::plain::{self, BROKEN};
use crate::request::when;
use std::ops::Range;
use std::sync::LazyLock;

/// The sign before a number, with words of the office between.
pub static SIGN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i:\bномер(?:ок|очек|а)?,?[ ](?:что|котор\p{L}+|какой)(?:[ ]\p{L}{2,15}){1,5},?[ ]?|№\s*№?|\bnomer(?:[ ]zapisi)?|\bn[o°º]?\.?|\bnо\.?|#|\bномер(?:а|у|ом|е|ок|ка)?|\bном\.|\bnumber|\bnum\.?|\bзапис[ьиью]+[ \t]+\?)(?i:[ \t]*(?:моей|моего|вашей|нашей|этой|данной|записи|запись|брони|бронирования|талона|талон|приема|приёма|визита|по журналу|строчки|электронной|регистрации|на приём|на прием|мой|моя|такой|тот же|другой|вроде(?: бы)?|у него|у нее|у неё|там|вот|у меня|мне дали|нам дали|мне выдали|нам выдали|мне сообщили|мне присвоили|ваш|его|ее|её|был|будет|стоит|указан|значится|дали|выдали|в журнале|в списке|в талоне|в расписании|(?:один|два|три|четыре|пять|шесть|семь|восемь|девять|десять|\p{Cyrillic}+(?:надцать|дцать|десят|сорок|сто|двести|триста|четыреста|сот)|сорок|сто|дробь|тире|девяносто)))*[ \t]*(?:[:=—–\-«\x22(№#]|\bno\b\.?|\b[Nn]\b\.?|[.])*[ \t\n]{0,3}",
    )
});

/// «запись 12345»: a noun of the office directly before the digits.
pub static NOUN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:запис[ьиью]+|зап\.|тал[оo]н[ауы]?|талончик\p{L}{0,2}|номер(?:ок|очек|ка)|бумажк\p{L}{1,2}(?:[ ](?:стоит|написано|указано))?|идентификатор|квит(?:ок|ка|ке|анци\p{L}+)|код[ ]брони|бронь|брони|бронировани[ея]|визит[а]?|appointment|booking|zapisi?|talon|отмен[ауыитеяюь]+|восстановлени[ея])(?:\b|\.)'?(?:[ \t]+(?:на прием|на приём|к врачу|моей|мою|моя|мой|наша|нашу|его|ее|её|сына|дочки|дочери|мамы|мужа|жены|там|вот|под|за|та же|та же самая|прежняя|такая|была|был)\b)*[ \t]*(?:[:«=(]|[—–-][ \t])?[ \t]*",
    )
});

/// A token: letters, digits, dashes and slashes, beginning and ending with a letter or digit.
pub static TOKEN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"^(?:(?:\p{Lu}{1,4}|[бгжзлмпфхцшэ]|[бвгджзклмнпрстфхцчшщ]{2,3}) (?:\d))?[\p{L}\p{Nd}]*(?:[ ]?[/\u{2010}-\u{2015}\u{2212}-][ ]?[\p{L}\p{Nd}]+|[\p{L}\p{Nd}]+)*",
    )
});

pub static GROUP: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^[ ]{1,3}(\d{1,6})"));

pub static UNIT: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ]*(?:январ|феврал|март|апрел|ма[йя]\b|июн|июл|август|сентябр|октябр|ноябр|декабр|г\b|год|час|ч\b|мин|лет\b|руб|человек|раз|шаг|км\b|ед\b|мг\b|мл\b|дн|недел|чис(?:л|\b)|дик[ао]бр|\.?[IVX]{1,4}\b|-?го\b|утра\b|вечера\b|дня\b|р\b|₽|тыс)",
    )
});

pub static MORE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ]*(?:,|;|\+|&|\bи\b|\bили\b|\bлибо\b|\bа также\b)[ ]*(?:№|n|#|номер)?[ ]*",
    )
});

/// As [`MORE`], with the day and the hour of the first booking, masked, between; the figures of the second.
pub static MORE_BEHIND_ITS_DAY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^,?[ ](?:на|от|к|за)[ ]~+(?:,?[ ](?:(?:в|к|на)[ ])?~+)?[ ]*(?:,|;|\bи\b|\bа также\b)[ ]*(?:№[ ]?|номер[ ])?(\d{3,10})\b",
    )
});

/// Telephones, dates, times, addresses and values that belong to other labels.
pub fn mask(noted: &Noted<'_>) -> String {
    static OTHER: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"[^\s<>@]{1,64}@[^\s<>@]{1,200}|(?i:\b(?:доб|добавочный|вн|внутр|внутренний)\b\.?)[ :]{0,2}\d{1,6}|(?i:https?://|www\.)\S+|\d{3}-\d{3}-\d{3}[ -]\d{2}|\b\d{2}[ ]?\d{2}[ ]\d{6}\b",
        )
    });
    // «Серия 4609 номер 115522», «номер для связи 45120», «номер 48-21-30, домашний», «О213КР».
    static NUMBERED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        const HOME: &str = r"(?:домашн|городск|рабоч|мобильн|сотов|телефон)\p{L}*";
        grammar::regex(&format!(
            r"(?i)\bсерия[ ]\d{{2}}[ ]?\d{{2}},?[ ](?:номер|№)[ ]?\d{{6}}|\bномер[ ](?:для[ ]связи|{HOME})[ :—–-]{{1,3}}\d[\d -]{{3,12}}|\bномер[ ]\d[\d-]{{3,10}}[ ,(]{{1,3}}{HOME}|\b(?:мой|наш)[ ]номер[ :]{{1,2}}\d{{1,3}}-\d{{2}}-\d{{1,2}}\b|\b(?:на[ ]номер|с[ ]номера)[ ]\d{{5,}}|(?:^|[\n.!])[ ]*номер:?[ ]9\d{{9}}\b|\b\d{{2}}[ ]\d{{2}}[ ]№[ ]?\d{{6}}\b|\b[авекмнорстух]\d{{3}}[авекмнорстух]{{2}}(?:\d{{2,3}})?\b"
        ))
    });
    static BOOKING_BEHIND: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?i)^[ ,;.]{0,3}(?:номер[ ](?:запис|талон|брон)|№|запис|талон|брон)")
    });
    let text = &noted.text;
    let mut ranges: Vec<Range<usize>> = noted.phones().iter().map(|p| p.range.clone()).collect();
    let dates = noted.dates().iter().map(|d| d.range.clone());
    let times = noted.times().iter().map(|t| t.range.clone());
    // «№ 1-1-2027» is a number that looks like a date.
    ranges.extend(
        dates
            .chain(times)
            .filter(|range| !when::is_numbered(text, range)),
    );
    ranges.extend(OTHER.find_iter(text).map(|m| m.range()));
    ranges.extend(NUMBERED.find_iter(text).map(|m| m.range()));
    // «Телефон 8 916 …, номер записи 5»: behind the telephone the label has ended.
    let told = |field: &Field| {
        let within =
            |range: &Range<usize>| range.start >= field.label && range.end <= field.value.end;
        let phones = noted.phones().iter().map(|phone| phone.range.clone());
        phones.filter(within).map(|range| range.end).max()
    };
    ranges.extend(
        noted
            .fields
            .iter()
            .filter(|f| matches!(f.kind, Kind::Phone | Kind::Foreign | Kind::Time))
            .map(|f| {
                let end = (f.kind == Kind::Phone).then(|| told(f)).flatten();
                let end = end.filter(|end| {
                    BOOKING_BEHIND.is_match(text.get(*end..f.value.end).unwrap_or_default())
                });
                f.label..end.unwrap_or(f.value.end)
            }),
    );
    ranges.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    plain::masked(text, &ranges)
}

/// A range of numbers, «№№ 210601–210605», or two of them, «48213/48214»: the longer piece on both sides.
pub fn is_range(before: &str, written: &str) -> bool {
    const LONG: usize = 4;
    let pieces: Vec<&str> = written.split(['-', '–', '—', '/']).map(str::trim).collect();
    let [first, last] = pieces.as_slice() else {
        return false;
    };
    let figures = |piece: &str| piece.len() >= LONG && piece.chars().all(|c| c.is_ascii_digit());
    let plural = before.trim_end().ends_with("№№") || written.contains(['–', '—']);
    let follows =
        first.get(..first.len().saturating_sub(2)) == last.get(..last.len().saturating_sub(2));
    figures(first)
        && figures(last)
        && first.len() == last.len()
        && (plural || first.len() > LONG && follows)
}

/// Letters before the figures of a number, at most.
const OFFICE_LETTERS: usize = 4;

/// A dash with a space beside it belongs to the number only between digits or behind
/// capitals: «12345 - Иванова» and «запись - 12345» are no numbers of two pieces.
pub fn before_words(written: &str) -> Option<usize> {
    static SPACED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(r"(?: [/\u{2010}-\u{2015}\u{2212}-] ?|[/\u{2010}-\u{2015}\u{2212}-] )(.)")
    });
    SPACED.captures_iter(written).find_map(|found| {
        let at = found.get(0)?.start();
        let digit_before = written.get(..at)?.ends_with(|c: char| c.is_ascii_digit());
        let digit_after = found
            .get(1)?
            .as_str()
            .starts_with(|c: char| c.is_ascii_digit());
        // «№ КЛ - 21540»: the letters of an office, and figures.
        let letters = written.get(..at)?;
        let short = (1..=OFFICE_LETTERS).contains(&letters.chars().count());
        let of_office = short && letters.chars().all(char::is_uppercase);
        (!((digit_before || of_office) && digit_after)).then_some(at)
    })
}

/// Whether what was `written`, or what follows it, shows that figures are missing: «4821х», «48-что-то», «48…213»,
/// «48·213», or a place where the text is broken.
pub fn is_cut(written: &str, after: &str) -> bool {
    static HIDDEN: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i)^\d{3,}[хx]+$"));
    // «391-что-то», «4821-смазано»: what stands for figures that nobody knows; «48213спасибо»: where it ends.
    static WORDED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\d[ ]?[-–—/][ ]?(?:\p{L}{5,}|\p{L}{2,}-\p{L}{2,})$|\d{3}(?:\p{L}{5,}|(?:кв|от|на|тел|каб)\p{L}*\d.*)$",
        )
    });
    // «4821(3)»
    static IN_BRACKETS: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\(\d{1,2}\)"));
    let mut next = after.chars();
    let (first, second) = (next.next(), next.next());
    let figure = second.is_some_and(char::is_numeric);
    let parts = |c: char| {
        !(c.is_alphanumeric()
            || c.is_whitespace()
            || matches!(
                c,
                '/' | '-' | '–' | '—' | '−' | ';' | '(' | ')' | '+' | '»' | ']' | '&' | '№' | '#'
            ))
    };
    let dots = after
        .strip_prefix("..")
        .map(|rest| rest.trim_start_matches('.'));
    let hidden =
        HIDDEN.is_match(written) || dots.is_some_and(|rest| rest.starts_with(char::is_numeric));
    let broken = |c: char| c == BROKEN || c == plain::MASK || c == '=';
    first.is_some_and(broken)
        || written.contains(BROKEN)
        || figure && first.is_some_and(parts)
        || after.starts_with(['*', '_'])
        || after.starts_with("--")
        || IN_BRACKETS.is_match(after)
        || hidden
        || WORDED.is_match(written)
}

/// Whether what stands directly before the figures hides some of them: «№***213», «№…213».
pub fn is_cut_before(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    // «Записи ?12345» is how KOI8-R writes «№».
    before.ends_with(['*', '…', '·', '•', BROKEN])
        || before.ends_with("№?")
        || before.ends_with("..")
}

/// «№48» at the end of a line, and below it «213»: perhaps one number; «48213», and below it «48214»: perhaps
/// two; «1 | 48213» in the row of a table: perhaps the next cell.
pub fn goes_on_below(written: &str, after: &str) -> bool {
    static BELOW: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"^-?[ ]?\n[ ]?(?:и[ ](?:ещ[её][ ])?)?(\d{1,10})(?:[ ]?[.!]?[ ]?(?:\n|$)|[ ](?:на|от|к)[ ])",
        )
    });
    static NEXT_CELL: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^(?:[ ]?[\t|][ ]?\p{L}?\d|\]?[ ]?\[\d)"));
    const SHORT: usize = 4;
    let below = BELOW.captures(after).and_then(|found| found.get(1));
    let more = below.is_some_and(|more| more.len() <= SHORT || more.len() == written.len());
    let digits = written.chars().all(|c| c.is_ascii_digit());
    digits && more || NEXT_CELL.is_match(after)
}
