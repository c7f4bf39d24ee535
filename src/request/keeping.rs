//! What speaks against a wish to cancel: words that keep the booking, objects that are no
//! booking, bodies that do not go with their subject. Fails closed.

use super::fields::Field;
use super::phrases::{fields, words};
use super::plain;
use super::sentences;
use crate::read::grammar;
use regex::Regex;
use std::sync::LazyLock;

/// Whether any sentence keeps the booking, or means another one.
pub fn keeps(text: &str) -> bool {
    sentences::split(text)
        .iter()
        .any(|sentence| keeps_in(sentence))
}

fn keeps_in(sentence: &str) -> bool {
    let w = words();
    // «Не приду» holds «приду».
    let bare = plain::masked(sentence, &w.stays_away.all(sentence));
    w.keeping.is_in(&bare) || other_object(sentence) || is_statement(sentence)
}

/// «Отмените штраф», «отменить анализы»: the object of the verb is no booking.
fn other_object(sentence: &str) -> bool {
    static VERB: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(r"(?i)(?:^|[^\p{L}])(?:отмен(?:ите|ить|и|яю|яем)|аннулир(?:уйте|овать))\b")
    });
    VERB.find_iter(sentence).any(|verb| {
        let after = sentence.get(verb.end()..).unwrap_or_default();
        for word in after.split_whitespace().take(8) {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            if words().booking_object.is_in(bare) {
                return false;
            }
            if words().foreign_thing.is_in(bare) {
                return true;
            }
            if word.ends_with(['.', '!', '?', ';', '…']) {
                return false;
            }
        }
        false
    })
}

/// Whether a body leaves the wish of its subject standing: it is empty, courtesy, a signature, a
/// reason, or the details of the booking. Any other sentence makes the wish doubtful.
pub fn leaves_standing(body: &str, details: &[Field]) -> bool {
    if keeps(body) || body.contains('?') {
        return false;
    }
    let labelled: Vec<std::ops::Range<usize>> = details
        .iter()
        .map(|field| field.label..field.value.end)
        .collect();
    let unlabelled = plain::masked(body, &labelled);
    sentences::split(&unlabelled)
        .iter()
        .all(|sentence| is_harmless(sentence))
}

fn is_harmless(sentence: &str) -> bool {
    let w = words();
    !sentence.chars().any(char::is_alphabetic)
        || w.courtesy.is_in(sentence)
        || w.goes_with_subject.is_in(sentence)
        || w.cannot_come.is_in(sentence)
        || fields().reason_clause.is_in(sentence)
        || greets_by_name(sentence)
        || is_name_with_figures(sentence)
}

/// «Здравствуйте, Клиника.»
fn greets_by_name(sentence: &str) -> bool {
    static GREETING: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(
            r"^(?:Здравствуйте|Добрый день|Добрый вечер|Доброе утро),? ((?:\p{Lu}\p{Ll}+ ?){1,3})[.,!]*$",
        )
    });
    GREETING
        .captures(sentence)
        .and_then(|found| found.get(1))
        .is_some_and(|name| {
            name.as_str()
                .split_whitespace()
                .all(|word| !words().no_name.is_in(word))
        })
}

/// «Иванова Мария Петровна, 12.03.2027 14:30».
fn is_name_with_figures(sentence: &str) -> bool {
    let end = sentence
        .find(|c: char| c == ',' || c.is_numeric())
        .unwrap_or(sentence.len());
    let (name, rest) = sentence.split_at_checked(end).unwrap_or((sentence, ""));
    is_name(name) && !rest.chars().any(char::is_alphabetic)
}

/// «Отмена записи №5 недопустима», «Отменить запись №5 хочет муж»: a heading that goes on as a
/// statement is no request.
fn is_statement(sentence: &str) -> bool {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^[^\p{L}]*(?:отмена|отмену|отменить|отменять)(?:\s+(?:мо\p{L}+|наш\p{L}+|сво\p{L}+|эт\p{L}+))?(?:\s+(?:запис\p{L}+|при[её]м\p{L}*|визит\p{L}*|талон\p{L}*|брон\p{L}+))?(?:\s*(?:№|n|no|#|номер)?\s*[\w/-]*\d[\w/-]*)?",
        )
    });
    let Some(heading) = HEADING.find(sentence) else {
        return false;
    };
    let rest = sentence
        .get(heading.end()..)
        .unwrap_or_default()
        .trim_matches(|c: char| !c.is_alphanumeric());
    let word = rest.split_whitespace().next().unwrap_or_default();
    let name = word.chars().next().is_some_and(char::is_uppercase)
        && (word.chars().nth(1).is_some_and(char::is_lowercase) || is_name(rest));
    let figure = word.chars().next().is_none_or(char::is_numeric);
    let plain_end = figure || name || words().heading_goes_on.is_in(rest);
    !plain_end
        && !words().cannot_come.is_in(rest)
        && !words().goes_with_subject.is_in(rest)
        && !fields().reason_clause.is_in(rest)
}

/// A line that is a person's name and nothing else: two to four words, a patronymic or a
/// surname's ending, and a given name or initials beside it.
pub fn is_name(line: &str) -> bool {
    static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(
            r"^\p{Lu}[\p{L}-]+(?:[ ]+\p{Lu}[\p{L}-]+){1,3}[.,]?$|^\p{Lu}[\p{L}-]+[ ]+\p{Lu}\.(?:[ ]?\p{Lu}\.)?$|^\p{Lu}\.[ ]?(?:\p{Lu}\.[ ]?)?\p{Lu}[\p{L}-]+$",
        )
    });
    static SURNAME: LazyLock<Regex> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)^[\p{L}-]{2,}(?:[оеё]ва?|ина?|ын|ына|ая|ий|ой|ко|[уюи]к|ян|дзе|швили|[иы]х|ев|ова)$",
        )
    });
    let line = line.trim();
    if !SHAPE.is_match(line) || words().no_name.is_in(line) {
        return false;
    }
    let parts: Vec<&str> = line
        .split(|c: char| c == ' ' || c == '.')
        .map(|part| part.trim_matches(','))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.iter().any(|part| words().no_name.is_in(part)) {
        return false;
    }
    let given = parts.iter().any(|part| words().given_name.is_in(part));
    let initials = line.contains('.') && parts.iter().any(|part| part.chars().count() == 1);
    let patronymic = parts
        .iter()
        .any(|part| fields().patronymic_word.is_in(part));
    let surname = parts
        .iter()
        .any(|part| SURNAME.is_match(part) && !words().given_name.is_in(part));
    given && (patronymic || surname) || initials && surname
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_line_is_a_name_and_no_shout() {
        for line in [
            "Иванова Мария",
            "Иванова М.П.",
            "Мария Петровна",
            "ИВАНОВ ИВАН ИВАНОВИЧ",
        ] {
            assert!(is_name(line), "{line}");
        }
        for line in [
            "НЕ ОТМЕНЯЙТЕ",
            "НЕТ",
            "НЕ НАДО",
            "ПЕРЕДУМАЛА",
            "ПРИДУ",
            "Я ПРИДУ",
            "Оставьте Запись",
            "ЖДУ ВАС",
            "ТОЛЬКО ПОЗЖЕ",
            "ГОТОВ ПРИЙТИ",
            "Я ЗДОРОВ",
            "Мария Придёт Обязательно",
            "МАРИЯ ГОТОВА",
            "Иван Против",
            "Буду Обязательно",
            "ЖДИ МЕНЯ",
            "Приеду Лично",
            "Иванова Мария Не Согласна",
            "ИВАНОВ ПРИДЕТ",
            "Оставь Ее",
            "Запись Нужна",
        ] {
            assert!(!is_name(line), "{line}");
        }
    }

    #[test]
    fn words_that_keep_are_seen_and_reasons_are_not() {
        for text in [
            "Запись №5 оставьте, а вторую отмените",
            "Отмените другую.",
            "запись №5 в силе",
            "запись №5 остаётся",
            "отменить запись моего мужа, моя №5",
            "Отмена записи. Не надо!",
            "отменить не получится, приду",
            "прошу отозвать",
            "произошла по ошибке",
            "это ошибка",
            "но теперь смогу прийти",
            "Нет",
            "шучу",
            "отменить штраф по записи №5",
            "Отмените смс рассылку. Запись №5",
            "Прошу отменить анализ крови",
            "Отменить. Стоп",
            "Отмените… хотя погодите",
            "Отмените первую запись",
            "все, кроме записи №5",
            "отмените, но мою оставьте",
            "сохраните запись",
            "запись мне нужна",
            "Отбой",
            "Отмените не мою запись",
            "Жду приёма",
            "отмените не эту",
            "пусть остаётся",
            "отмените приём брата, мой №5",
            "я выздоровела и приду",
            "Мы приедем",
            "запись нужна",
        ] {
            assert!(keeps(&plain::plain(text)), "{text}");
        }
        for text in [
            "Отмените, пожалуйста, запись №5",
            "Не приду.",
            "Прийти не смогу",
            "На приёме не буду",
            "Записалась по ошибке, отмените",
            "буду благодарна",
            "отмените мою запись на УЗИ",
            "Прошу отменить запись моего ребёнка №5",
            "Отмените, заболел ребёнок",
            "мы не приедем",
            "Моя запись №5, прошу отменить",
            "Отмените запись, больше не нужна",
        ] {
            assert!(!keeps(&plain::plain(text)), "{text}");
        }
    }

    #[test]
    fn a_body_goes_with_its_subject_or_does_not() {
        for body in [
            "",
            "Спасибо!",
            "заболел ребёнок",
            "Уезжаю в командировку.",
            "я не смогу прийти",
            "Иванова Мария Петровна",
            "Здравствуйте!\nЗаболела.\nС уважением, Иванова Мария",
        ] {
            assert!(leaves_standing(&plain::plain(body), &[]), "{body}");
        }
        for body in [
            "Нет",
            "Оставьте как есть",
            "Жду подтверждения времени",
            "Это спам? Кто вам дал мой адрес?",
            "Расскажите, какие условия",
            "Я передумала",
            "Уезжаю в командировку? Нет, приду",
            "Приём в пятницу подходит",
            "не актуально это",
            "Звонила вам вчера",
            "Заболел ребёнок, но приду",
            "Неправда",
            "Верните деньги",
        ] {
            assert!(!leaves_standing(&plain::plain(body), &[]), "{body}");
        }
    }
}
