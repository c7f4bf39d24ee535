//! Numbers of other things: laws, rooms, firms, papers, other people's records.

use super::shape::TOKEN;
use crate::read::grammar;
use crate::request::phrases::fields as words;
use crate::request::plain;
use crate::request::signature;
use std::ops::Range;
use std::sync::LazyLock;

/// Words between which a booking's noun may stand before the sign.
const NEARBY_WORDS: usize = 6;

/// Digits of a number with dashes that is none of an office.
const LONG: usize = 5;

/// Whether what stands before the sign says that the number is not a booking's.
pub fn is_foreign(text: &str, sign: &Range<usize>) -> bool {
    let line = plain::line_before(text, sign.start);
    let lettered = LETTERED.is_match(plain::line_after(text, sign.end));
    let written = text.get(sign.clone()).unwrap_or_default();
    // «Номер записи 5», unless a registry has it.
    let own = written.contains(' ') && words().booking_noun.is_in(written);
    if lettered && BOOKED_FOR.is_match(line)
        || own && !REGISTRY.is_match(line)
        || is_behind_its_hour(line)
        || begins_a_sentence(written, line)
    {
        return false;
    }
    !is_what_for(line) && is_of_another_noun(text, sign)
        || is_in_a_name(text, sign)
        || !lettered && is_of_an_office(line)
}

/// «Запись в ЗАГС № 4», «в инспекцию № 7713», «по приказу № 804н»: what stands directly before the sign has
/// that number.
pub fn is_of_an_office(line: &str) -> bool {
    static OFFICE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:загс\p{L}?|налогов\p{L}+|инспекци\p{L}+|женск\p{L}+[ ]консультаци\p{L}+|ветеранск\p{L}+|уд\.?|приказ\p{L}*)[ ]?(?:№[ ]?)?$",
        )
    });
    OFFICE.is_match(line)
}

/// «Актовая запись о рождении, номер записи 5»
pub static REGISTRY: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:(?:актов|реестров|метрическ|кадастров)\p{L}*|свидетельств\p{L}*[ ]о[ ]\p{L}+,?)[ ][^,;]{0,40},?[ ]?(?:номер[ ])?$",
    )
});

/// «Запись на паспорт, №5»: the paper is what the appointment is for.
fn is_what_for(line: &str) -> bool {
    static FOR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\bзапис\p{L}{1,3}[ ]на[ ](?:\p{L}+,|регистрационн\p{L}+[ ]действи\p{L}+)[ ]$",
        )
    });
    FOR.is_match(line)
}

/// «ВЖ-27»
static LETTERED: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"^ ?\p{Lu}{1,4}-\d"));

/// «Подать заявление 27 апреля в 13:30 (№ ЗБ-27)»: day or hour of the appointment stand before it, not
/// those of a train.
fn is_behind_its_hour(line: &str) -> bool {
    static ELSEWHERE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:поезд|билет|рейс|самол[её]т|автобус|направлени|повестк|договор|контракт|заказ|достав|заявк|талон[ ]в[ ]|друг(?:ую|ой|ое|ом)\b|жэк|абонемент|посылк|квитанц)",
        )
    });
    let sentence = line.rsplit(['.', '!', '?', ';']).next().unwrap_or_default();
    BEHIND_ITS_HOUR.is_match(line) && !ELSEWHERE.is_match(sentence)
}

static BEHIND_ITS_HOUR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:в|к|на)[ ]~+(?:,?[ ](?:(?:в|к|на)[ ])?~+)?[ ,;(]{1,3}(?:регистрационный[ ])?$|[:,][ ]~+,?[ ]~+[ ,;(]{1,3}$",
    )
});

/// «Забронировано для заверения доверенности (№ Д-58)», «регистрационный номер ВЖ-27».
pub static BOOKED_FOR: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:заверени|получени|оформлени|выдач|замен|подач)\p{L}*[ ](?:\p{L}+[ ]){0,3}\($|\bрегистрационный[ ]$",
    )
});

/// «… вызвали на дом. Номер 5», not «… полис ОМС. Номер 5».
fn begins_a_sentence(sign: &str, line: &str) -> bool {
    let Some(before) = line.trim_end().strip_suffix('.') else {
        return false;
    };
    let last = before.rsplit([' ', '.']).next().unwrap_or_default();
    // «на дом» tells where, «дом. Номер 5» a house; out of a queue one asks to be taken.
    let home = before.ends_with("на дом") || before.ends_with("из очереди");
    let foreign = words().foreign_noun.is_all_of(last) && !home;
    sign.starts_with("Номер") && !foreign && last.chars().count() > 2
}

/// «Запись в абонентский отдел № 5047»: no office has so many windows or departments.
const LEAST_OF_NO_WINDOW: usize = 4;

/// Whether `place`, a window or a department of an office, cannot have the number `written`.
pub fn has_no_such_window(place: &str, written: &str) -> bool {
    let digits = written.chars().filter(char::is_ascii_digit).count();
    digits >= LEAST_OF_NO_WINDOW && WINDOW.is_match(place)
}

static WINDOW: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)^(?:мфц|отдел\p{L}{0,2}|окн[оеау]\p{L}{0,2})$"));

/// Whether the nearest known noun before the sign has other numbers.
fn is_of_another_noun(text: &str, sign: &Range<usize>) -> bool {
    let worded = text
        .get(sign.clone())
        .is_some_and(|sign| sign.to_lowercase().starts_with("номер"));
    // No office has a number like «02-05-1177».
    let behind = TOKEN.find(plain::behind(text, sign.end));
    let digits = |c: &char| c.is_ascii_digit();
    let behind = behind.map_or("", |token| token.as_str());
    let digits_behind = behind.chars().filter(digits).count();
    let long = behind.contains(['-', '/']) && digits_behind >= LONG;
    let line = plain::line_before(text, sign.start);
    let sentence = line.rsplit(['!', '?', ';', '№']).next().unwrap_or_default();
    let bracket = worded.then(|| named_bracket(sentence)).flatten();
    let sentence = bracket.unwrap_or(sentence);
    let within = |phrase: &str| phrase.split_whitespace().count();
    let phrase = sentence.rsplit(',').next().map_or(0, within);
    let nearby: Vec<&str> = sentence
        .split(|c: char| c.is_whitespace() || ",:()«»\"".contains(c))
        .filter(|word| !word.is_empty())
        .rev()
        .take(NEARBY_WORDS)
        .collect();
    for (at, word) in nearby.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if words()
            .booking_noun
            .find(bare)
            .is_some_and(|r| r.start == 0)
        {
            return nearby
                .get(at + 1)
                .is_some_and(|word| OTHER_RECORD.is_match(*word));
        }
        // «СНИЛС ~, номер 5»: what was masked is the noun's own number.
        let own = bare.to_lowercase();
        let served = (own == "снилс" || own.starts_with("тел"))
            && nearby
                .iter()
                .take(at)
                .any(|word| word.contains(plain::MASK));
        let place = words().foreign_place.is_all_of(bare);
        let many = has_no_such_window(bare, behind);
        let elsewhere = worded && at >= phrase && (served || place) || long && place;
        if words().foreign_noun.is_all_of(bare) && !elsewhere && !many {
            return true;
        }
    }
    false
}

/// «… документов (Алиев Тимур Вугарович, » within its bracket: who is named there has the booking.
fn named_bracket(sentence: &str) -> Option<&str> {
    let within = sentence.rsplit_once('(')?.1;
    let (name, _) = within.split_once(',')?;
    (!within.contains(')') && signature::is_name(name)).then_some(within)
}

/// «Актовую запись № 1182» is no booking.
pub static OTHER_RECORD: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(r"(?i)(?:актов|реестров|метрическ|кадастров|телефонн)\p{L}*[ ]*$")
});

/// «48213 карточка», «305 каб.», «48213 это номер договора», «4821345678 с госуслуг»: whose number it is stands
/// behind it, and nothing is said of that.
pub fn is_of_the_word_behind(after: &str) -> bool {
    static OWNER: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        const ENDS: &str = r"[ ]*(?:$|[.,;!)\n])";
        const PAPER: &str = r"(?:карточк[аи]|мед\p{L}*[ ]?карт[аы]|амб\p{L}*\.?[ ]карт[аы]|карт[аы]|полиса?|снилс|инн|договора?|контракта?|направлени[ея]|больничн\p{L}+(?:[ ]лист\p{L}?)?|истори[яи][ ]болезни|удостоверени[ея]|паспорта?|заявлени[ея]|сч[её]та?|квитанци[яи]|заказа?|тел\.?|телефона?|(?:дом|гор|раб)\.|дом|рабочий|домашний|городской|номер[ ](?:мужа|жены|сына|дочери|мамы|папы))";
        grammar::regex(&format!(
            r"(?i)^(?:[ ](?:[(—–-][ ]?)?(?:,?[ ]?это[ ])?(?:мой|моя|моего|моей|у[ ]вас)?[ ]?(?:номер[ ])?{PAPER}(?:[ ](?:у[ ]вас|мо[яейё]|мамы|папы|мужа|жены))?{ENDS}|[ ](?:номер[ ])?(?:(?:с|из|на)[ ](?:портала|гос\p{{L}}*)|\(?госуслуг\p{{L}}?)|[ ]?-?й?[ ](?:каб(?:инет\p{{L}}?)?|окн[оа]|поликлиник\p{{L}}|больниц\p{{L}}|школ\p{{L}}|гимнази\p{{L}})\b|[ ]к\.[ ])"
        ))
    });
    OWNER.is_match(after)
}

/// «АО «Завод № 7»» is the name of a firm.
fn is_in_a_name(text: &str, sign: &Range<usize>) -> bool {
    let line = plain::line_before(text, sign.start);
    let Some((_, name)) = line.rsplit_once('«') else {
        return false;
    };
    let behind = text.get(sign.end..).unwrap_or_default();
    let closed = behind
        .trim_start_matches(|c: char| c.is_alphanumeric())
        .starts_with('»');
    let word = name.split_whitespace().next().unwrap_or_default();
    closed
        && !name.contains('»')
        && word.starts_with(char::is_uppercase)
        && !words().booking_noun.is_in(name)
}
