//! Lines that are a person's name and nothing else.

use super::phrases::{fields, words};
use super::speech::{WordList, grammar};
use crate::read::grammar as patterns;
use std::sync::LazyLock;

/// A line that is a person's name and nothing else: two to four words, a patronymic or a
/// surname's ending, and a given name or initials beside it.
pub fn is_name(line: &str) -> bool {
    static SHAPE: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^\p{Lu}[\p{L}-]+(?:[ ]+\p{Lu}[\p{L}-]+){1,3}[.,]?$|^\p{Lu}[\p{L}-]+[ ]+\p{Lu}\.(?:[ ]?\p{Lu}\.)?$|^\p{Lu}\.[ ]?(?:\p{Lu}\.[ ]?)?\p{Lu}[\p{L}-]+$",
        )
    });
    let line = line.trim();
    if !SHAPE.is_match(line) || words().no_name.is_in(line) {
        return false;
    }
    let parts: Vec<&str> = line
        .split([' ', '.'])
        .map(|part| part.trim_matches(','))
        .filter(|part| !part.is_empty())
        .collect();
    if parts.iter().any(|part| words().no_name.is_in(part)) {
        return false;
    }
    let given = parts
        .iter()
        .any(|part| grammar().knows(part, WordList::GivenName));
    let initials = line.contains('.') && parts.iter().any(|part| part.chars().count() == 1);
    let patronymic = parts
        .iter()
        .any(|part| fields().patronymic_word.is_in(part));
    let surname = parts
        .iter()
        .any(|part| ends_as_surname(part) && !grammar().knows(part, WordList::GivenName));
    // «Фаина Раневская» and «Ким Дарья»: no word that the grammar knows stands beside the name.
    let unknown = parts
        .iter()
        .all(|part| grammar().knows(part, WordList::GivenName) || !grammar().knows_at_all(part));
    let unknown_surname = parts
        .iter()
        .any(|part| part.chars().count() > 2 && !grammar().knows_at_all(part));
    given && (patronymic || surname || unknown && parts.len() == 2)
        || initials && (surname || unknown_surname)
}

/// «мосина татьяна»: a given name and a surname that no list holds, in small letters.
pub fn is_small_name(line: &str) -> bool {
    static SURE_SURNAME: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^[\p{L}-]{2,}(?:[оеё]ва?|ина?|[сц]к(?:ий|ая)|енко|[уюи]к|ян|дзе|швили|[иы]х)$",
        )
    });
    let parts: Vec<&str> = line.trim().trim_end_matches('.').split(' ').collect();
    let small = |part: &&str| part.chars().all(|c| c.is_lowercase() || c == '-');
    let given = |part: &&str| grammar().knows(part, WordList::GivenName);
    let surname = |part: &&str| SURE_SURNAME.is_match(*part) && !grammar().knows_at_all(part);
    let patronymic = |part: &&str| fields().patronymic_word.is_in(part);
    (2..=3).contains(&parts.len())
        && parts.iter().all(small)
        && parts.iter().any(given)
        && parts.iter().any(surname)
        && parts
            .iter()
            .all(|part| given(part) || surname(part) || patronymic(part))
}

/// Whether the word has the ending of a surname.
pub fn ends_as_surname(word: &str) -> bool {
    static SURNAME: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"(?i)^[\p{L}-]{2,}(?:[оеё]ва?|ина?|ын|ына|ая|ий|ой|ко|[уюи]к|ян|дзе|швили|[иы]х|ев|ова)$",
        )
    });
    SURNAME.is_match(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_small_letters_is_a_name() {
        for line in ["мосина татьяна", "петр ильич рябцев", "оксана белецкая."]
        {
            assert!(is_small_name(line), "{line}");
        }
        for line in [
            "марина придёт",
            "вера больная",
            "не отменяйте",
            "татьяна",
            "иван против",
        ] {
            assert!(!is_small_name(line), "{line}");
        }
    }

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
}
