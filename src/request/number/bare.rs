//! Numbers without a sign or a noun before them: «77-118, Софья Мирная», «66-410 отменяем».

use super::foreign::{self, is_foreign};
use super::no_number::is_something_else;
use super::shape::UNIT;
use crate::domain::BookingNumber;
use crate::read::grammar;
use crate::request::plain::{self, BROKEN};
use crate::request::speech::{self, WordList};
use std::ops::Range;
use std::sync::LazyLock;

/// Letters, digits, dashes and slashes with a digit among them.
static TOKEN: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?:\p{L}{1,5}[/\u{2010}-\u{2015}-]?)?\d[\p{L}\d]*(?:[/\u{2010}-\u{2015}-][\p{L}\d]+)*",
    )
});

/// «25-го», «10ч», «5-летний», «2-3»: no numbers of bookings.
static COUNT: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^(?:\d{1,4}-?(?:г|го|е|ое|й|ый|ой|я|ая|му|ому|ти|х|ых|м|ом|ю|ую|ч|час|мин|лет|летн\p{L}+|л|р|руб|км|кг|шт|см|мл|кв|гр|этаж|дн\p{L}*|нед\p{L}*|мес\p{L}*|раз|фз)|\d-\d|\d[хx]\d+|(?:covid|ковид|вич|гост|омс|кт|мрт|ндфл|форма)-?\d{1,2}|\d{1,2}-?ндфл)$",
    )
});

/// What asks, directly behind or before the number.
static ASKS_BEHIND: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)^[ ,—–-]{1,4}(?:запись[ ])?(?:отмен|аннулир|снимит|снима|снять|удалит|удаля|закройт|вычеркн|про(?:шу|сим)[ ](?:отмен|сн|вернуть|восстанов)|верните|восстановит|не[ ]приду|больше[ ]не|неактуальн|запись\b)",
    )
});

static SIGNED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)(?:№|#|\bn[oо]?\.?|\bном(?:ер\p{L}{0,3}(?:[ ](?:запис|талон|брон)\p{L}*)?|\.)|код\p{L}{0,2}|\bсерия|\bсерии)[ :«(]*$",
    )
});

/// Figures of a text among which a number is sought; more are a table, or hostile.
const MOST_TOKENS: usize = 200;

/// The one number of the texts, masked, that only its shape and its place tell.
pub fn read(texts: &[String]) -> Option<BookingNumber> {
    let mut found: Vec<BookingNumber> = Vec::new();
    for text in texts {
        if text.contains(BROKEN) {
            return None;
        }
        for (at, token) in TOKEN.find_iter(text.as_str()).enumerate() {
            if at == MOST_TOKENS {
                return None;
            }
            if !is_candidate(text, &token.range()) {
                continue;
            }
            let number = BookingNumber::parse(token.as_str())?;
            let known = |other: &BookingNumber| other.lookup_key() == number.lookup_key();
            if !found.iter().any(known) {
                found.push(number);
            }
        }
    }
    match found.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

/// Whether another number with the same letters before its figures stands in the texts:
/// «Отмените П-1811, вторую запись П-1915 оставьте».
pub fn has_sibling(texts: &[String], number: &BookingNumber) -> bool {
    let letters = |number: &BookingNumber| {
        let key = number.lookup_key();
        let figures = key.find(|c: char| c.is_ascii_digit())?;
        key.get(..figures).map(str::to_owned)
    };
    let Some(own) = letters(number).filter(|own| own.contains('-')) else {
        return false;
    };
    let sibling = |token: grammar::Match<'_>| {
        BookingNumber::parse(token.as_str()).is_some_and(|other| {
            other.lookup_key() != number.lookup_key() && letters(&other).as_ref() == Some(&own)
        })
    };
    texts
        .iter()
        .any(|text| TOKEN.find_iter(text.as_str()).any(sibling))
}

fn is_candidate(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let joined = |c: char| c.is_alphanumeric() || "~@_/\\№#+-".contains(c);
    let decimal = after
        .strip_prefix(['.', ',', ':'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_numeric()));
    let spaced_digits = before
        .trim_end_matches(' ')
        .ends_with(|c: char| c.is_ascii_digit())
        || after
            .trim_start_matches(' ')
            .starts_with(|c: char| c.is_ascii_digit());
    // «8(9-2-8)55 0-17-17»
    let coded = before
        .strip_suffix('(')
        .is_some_and(|text| text.ends_with(|c: char| c.is_ascii_digit()));
    if coded
        || foreign::is_of_the_word_behind(after)
        || is_something_else(text, range)
        || before.ends_with(joined)
        || before.ends_with(['.', ':'])
        || after.starts_with(joined)
        || decimal
    {
        return false;
    }
    let line = plain::line_before(text, range.start);
    let lettered = written.starts_with(char::is_alphabetic);
    let digits = written.chars().filter(char::is_ascii_digit).count();
    let marked = written.contains(|c: char| !c.is_ascii_digit());
    if (digits > 2 || marked && digits > 1) && is_application(written, line, after) {
        return true;
    }
    let of_another = is_foreign(text, range) && !(lettered && foreign::BOOKED_FOR.is_match(line));
    if COUNT.is_match(written) || UNIT.is_match(after) || spaced_digits || of_another {
        return false;
    }
    // A sign stands before it, and has been judged.
    if SIGNED.is_match(line) {
        return false;
    }
    let asked = ASKS_BEHIND.is_match(after);
    if !marked {
        let named = NAMED.is_match(line) || ends_a_booking(line, written, after);
        return asked && (3..=10).contains(&digits) || named && (4..=10).contains(&digits);
    }
    // «Запись коллективная ГР-6»
    if lettered && MINE.is_match(line) && written.contains('-') {
        return true;
    }
    // «Давление 180/110», «сахар 15-18», «Мира 12-48», «Ту-154»: beside other words it measures or
    // names something else.
    digits >= 2
        && !PLATE.is_match(written)
        && (asked
            || NAMED.is_match(line)
            || MINE.is_match(line)
            || lettered && digits > 2 && is_short(written) && is_dated(line)
            || stands_alone(line, after))
}

/// «Отмените заявку № 2027/88-О», «на ~ (заявка 17/С)», «заявка ДМ-19 мне больше не нужна»: what is to be
/// cancelled, or has the day of the appointment, is the booking, however it is called.
fn is_application(written: &str, line: &str, after: &str) -> bool {
    const NAMES: &str = r"(?:номер[ ]заявки|заявк[ауи](?:[ ]на[ ](?:при[её]м|экзамен|запись|визит|осмотр|посещение))?)[ (]{1,2}(?:(?:рег\p{L}*[.]?[ ])?(?:№|номер)[ ]?)?$";
    static BEGINS: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(&format!(r"(?i)(?:^|[,:;(.!?—–][ ]?){NAMES}")));
    static ASKED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(&format!(
            r"(?i)\b(?:отмените|отменить|отменяю|снимите|снять|аннулируйте|аннулировать|закройте|отзываю)[ ,]{{1,2}}(?:пожалуйста,?[ ])?(?:мою[ ]|нашу[ ]|свою[ ])?{NAMES}"
        ))
    });
    static CLOSES: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^[ ]*(?:[.,;!?)\n]|$)"));
    static THEN_ASKED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^(?:[ ](?:на|от)[ ]~+)?(?:[ ](?:в|с|на|к)[ ]~+)?[ ](?:про(?:шу|сим)[ ](?:отменить|снять|аннулировать|закрыть)|закройте|отмените|отменить|отменяю|снимите|снять|аннулируйте|отзываю|(?:мне[ ]|нам[ ])?(?:больше[ ]|уже[ ])?не[ ]нужна)[ ]*(?:[.,;:!\n]|$)",
        )
    });
    static ELSEWHERE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(?:пода(?:л|на|ть|ю)|оставил|у[ ]вас[ ]с|жд[уе]|жэк|жкх|машин|эвакуатор|сантехник|кредит|ипотек|ремонт|достав|банк)",
        )
    });
    // «Заявка 12/03» may be a day, «12-30» an hour.
    static DAY: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"^\d{1,2}[/-]\d{2}$"));
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ';' | '\n');
    let sentence = line.rsplit(['!', '?', ';']).next().unwrap_or_default();
    let sentence = sentence.rsplit(". ").next().unwrap_or_default();
    let behind = after.split(ends).next().unwrap_or_default();
    let begins = BEGINS.is_match(line);
    let closes = CLOSES.is_match(after);
    let booked = begins && closes && (sentence.contains(plain::MASK) || sentence.contains("тмен"));
    let asked = ASKED.is_match(line) && closes || begins && THEN_ASKED.is_match(after);
    (booked || asked)
        && !DAY.is_match(written)
        && ![sentence, behind]
            .iter()
            .any(|part| ELSEWHERE.is_match(*part))
}

/// «П-1412», not «ВАЗ-2107»: one letter or two, as offices number.
fn is_short(written: &str) -> bool {
    written.chars().take_while(|c| c.is_alphabetic()).count() <= 2
}

/// «Явка ~ ~ П-1412»: behind the day and hour of the booking.
fn is_dated(line: &str) -> bool {
    line.trim_end().ends_with(plain::MASK) && DATED.is_match(line)
}

/// «приём 15-77»: a booking directly before it.
static NAMED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:запис\p{L}{1,3}|при[её]м\p{L}{0,3}|талон\p{L}{0,4}|визит\p{L}{0,3}|отмен\p{L}{1,5}|снять|снимите|снимаю)[ :(—–-]{1,3}$",
    )
});

/// «Запись к детскому психологу 60124» at the end of a line; «2027» is a year, «Ленина 4821» a house.
fn ends_a_booking(line: &str, written: &str, after: &str) -> bool {
    static BOOKING: LazyLock<grammar::Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)(?:^|[.:,—–] ?)(?:отмен\p{L}{1,4}[ ])?(?:моя[ ])?(?:запис\p{L}{1,3}|при[её]м\p{L}{0,3}|талон\p{L}{0,4}|визит\p{L}{0,3}|консультаци\p{L}{1,2})(?:[ ]\p{L}+){1,4}[ ]$",
        )
    });
    let ends = after.trim_start_matches([' ', '.', '!']);
    let year = written.len() == 4 && (written.starts_with("20") || written.starts_with("19"));
    let last = line.trim_end().rsplit(' ').next().unwrap_or_default();
    let street = last.starts_with(char::is_uppercase) && last.chars().any(char::is_lowercase);
    (ends.is_empty() || ends.starts_with('\n')) && !year && !street && BOOKING.is_match(line)
}

/// «Запись у меня Т-311»
static MINE: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:запись|талон|бронь)[ ](?:у[ ](?:меня|нас|вас)|коллективная|групповая|семейная|общая|электронная)[ ]$",
    )
});

/// The plate of a car.
static PLATE: LazyLock<grammar::Pattern> =
    LazyLock::new(|| grammar::regex(r"(?i)^\p{L}\d{3}\p{L}{2}\d{0,3}$"));

/// A line, a sentence or a piece between commas.
fn stands_alone(line: &str, after: &str) -> bool {
    let edge = |c: char| ".,!?;:()—–".contains(c);
    let before = line.trim_end().chars().next_back();
    let behind = after.trim_start_matches(' ').chars().next();
    let dated = is_dated(line);
    let last = behind.is_none_or(|c| c == '\n') && ends_with_a_name(line);
    (last || dated || before.is_none_or(edge)) && behind.is_none_or(|c| edge(c) || c == '\n')
}

static DATED: LazyLock<grammar::Pattern> = LazyLock::new(|| {
    grammar::regex(
        r"(?i)\b(?:записан|запись|при[её]м|талон|явк|экзамен|осмотр)\p{L}*[ ][^.!?]{0,40}$",
    )
});

/// «… Шмаков Павел Н-3120»; «Большая Садовая 12-48» is an address.
fn ends_with_a_name(line: &str) -> bool {
    let mut words = line.trim_end().rsplit(' ');
    let name = [words.next(), words.next()];
    let capital = |word: &Option<&str>| word.is_some_and(|w| w.starts_with(char::is_uppercase));
    let given = |word: &&str| speech::grammar().knows(word, WordList::GivenName);
    line.ends_with(' ') && name.iter().all(capital) && name.iter().flatten().any(given)
}

#[cfg(test)]
mod tests {
    use super::read;

    fn number(text: &str) -> Option<String> {
        read(&[text.to_owned()]).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn numbers_without_a_sign_are_read_by_their_place() {
        for (text, expected) in [
            ("Не актуально больше! 77-118, Софья Мирная", "77-118"),
            ("спасибо за напоминание, но 66-410 отменяем", "66-410"),
            ("НИКАКОГО ПРИЁМА 15-77. ОТМЕНА.", "15-77"),
            ("Вот: МФЦ/27-0912. Отмените.", "МФЦ/27-0912"),
            ("29 марта, Клюев Павел, ЦЗ-400", "ЦЗ-400"),
            ("5051 отмените", "5051"),
            ("запись к детскому психологу 6012", "6012"),
            ("56612 прошу вернуть, она мне нужна", "56612"),
            ("отмените меня, Шмаков Павел Н-3120", "Н-3120"),
            ("записан на ~ ~ г77-0506. снимайте", "Г77-0506"),
            ("явка ~ ~ п-1412 по сверке, отмените", "П-1412"),
            (
                "бронь на оформление доверенности (Н-0414). Снимите",
                "Н-0414",
            ),
            ("запись коллективная ГР-6. Отмените", "ГР-6"),
            ("Заявку 2214 на ~ прошу отменить", "2214"),
            ("Отмените заявку № 2027/88-О", "2027/88-О"),
            ("назначенное на ~ (заявка 17/С), теряет смысл", "17/С"),
            ("Сдача ~, заявка МТ-78. Снег лежит", "МТ-78"),
            ("Заявку на экзамен Э-6120 отзываю.", "Э-6120"),
            ("заявка ДМ-19 мне больше не нужна.", "ДМ-19"),
            (
                "отменити пожалуста, номер заявки 1К-0456. Мы переежаем",
                "1К-0456",
            ),
            ("Записывала кота на ~ в ~ на кастрацию, заявка 3340", "3340"),
        ] {
            assert_eq!(number(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_counts_or_belongs_to_something_else_is_no_number() {
        for text in [
            "Отмените приём, приду 25-го",
            "Отмените запись, буду минут через 10-15 минут",
            "Отмените приём в кабинете 214-А",
            "Отмените, ковид-19",
            "44-1, Иванова. 44-2, Петрова",
            "Отмена записи на улицу Ленина 4821",
            "Запись на весну 2027",
            "Запись в школу 1234",
            "Отмените приём, живу в доме 14/2",
            "Отмените запись. Давление 180-110!",
            "Отмените запись, сахар 15-18, лежу",
            "Отмените запись, лечу в Ту-154",
            "Прошу отменить запись. Машина А123ВС57",
            "У меня 2 справки и 1500 рублей",
            "Отмените запись по договору № 118/24",
            "Отмените запись на ~. Жду газовщика, заявка 4512.",
            "Отмените запись на ~, без интернета, Ростелеком дал заявку 998877.",
            "Отмените запись на ~. Провайдер принял заявку 4512.",
            "Отмените запись, заявка 12/03",
            "Отмените запись по заявке № 118-24",
            "Заявку 2214 подал вчера, запись прошу отменить",
            "Записан на ~, а заявка 2214 у вас с марта",
            "Отмените запись на ~. У нас отменили заявку № 778899 на машину",
            "Отмените запись на ~, заявка № 77812 в ЖЭК подана",
            "Отмените запись. Заявку 55120 на эвакуатор прошу отменить тоже не надо.",
            "Отмените запись на ~ ~ ВАЗ-2107 не заводится",
            "Отмените запись (доверенность К-118)",
            "снимайте меня, Мурад Исаев 8(9-2-8)55 0-17-17",
            "не пускают, отменяйте. Сафонов Влад, гр. 41-Б",
            "Отмените запись, в исх. № 118/исх так сказано",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
