//! The name of the writer, as written.

use super::fields::{self, Field, Kind};
use super::phrases::fields as words;
use super::plain;
use crate::domain::Reason;
use crate::read::grammar;
use regex::Regex;
use std::sync::LazyLock;

/// One to four words of a name: capitalised, or with initials.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    grammar::regex(
        r"^(?:\p{Lu}[\p{L}'’-]+|\p{Lu}\.)(?:[ ]{0,3}(?:\p{Lu}\.|\p{Lu}[\p{L}'’-]+|оглы|кызы|оглу|гызы|улы|де|фон|ван|бен)){1,4}",
    )
});

/// Within a sentence: surname, name and patronymic in a row, or surname and initials.
static IN_SENTENCE: LazyLock<Regex> = LazyLock::new(|| {
    grammar::regex(
        r"\p{Lu}[\p{L}’'-]+[ ]{1,3}\p{Lu}[\p{L}-]+[ ]{1,3}\p{Lu}[\p{L}]+(?:[ ]{1,3}(?:оглы|кызы|Оглы|Кызы))?|\p{Lu}[\p{L}’'-]+[ ]{1,3}\p{Lu}\.[ ]?\p{Lu}\.|\p{Lu}\.[ ]?\p{Lu}\.[ ]?\p{Lu}[\p{L}’'-]{2,}|\p{Lu}[\p{L}’'-]+[ ]{1,3}\p{Lu}[\p{L}-]+",
    )
});

/// Reads the name: labelled, else in a sentence that introduces it, else below the letter.
pub fn read(text: &str, fields: &[Field]) -> Result<Option<String>, Reason> {
    let labelled: Vec<String> = fields
        .iter()
        .filter(|f| f.kind == Kind::Name)
        .filter_map(|f| text.get(f.value.clone()).and_then(labelled_name))
        .collect();
    let given: Vec<String> = fields
        .iter()
        .filter(|f| f.kind == Kind::GivenName)
        .filter_map(|f| text.get(f.value.clone()).and_then(labelled_name))
        .filter(|name| name.contains(' '))
        .collect();
    if let Some(name) = by_parts(text, fields) {
        return Ok(Some(name));
    }
    if !labelled.is_empty() || !given.is_empty() {
        return one_of(if labelled.is_empty() { given } else { labelled });
    }
    let introduced = in_sentences(text, fields);
    if !introduced.is_empty() {
        return one_of(introduced);
    }
    Ok(below(text))
}

/// The same name may stand twice; different names leave none.
fn one_of(names: Vec<String>) -> Result<Option<String>, Reason> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let same = |other: &String| {
            super::details::compare_names(&name, other) == super::details::DetailMatch::Equal
        };
        if !distinct.iter().any(same) {
            distinct.push(name);
        }
    }
    match distinct.as_slice() {
        [one] => Ok(Some(one.clone())),
        [] => Ok(None),
        _ => Err(Reason::NameAmbiguous),
    }
}

/// The value of a label: words of letters up to the first digit, bracket or comma.
fn labelled_name(value: &str) -> Option<String> {
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || "*_«\"-–—:".contains(c));
    let end = value
        .find(|c: char| !(c.is_alphabetic() || c.is_whitespace() || ".-–'’".contains(c)))
        .unwrap_or(value.len());
    let piece = value.get(..end)?;
    let before_break = piece.split(['\n', '\t']).next()?.replace('–', "-");
    let name = collapse(&before_break);
    let name = name.trim_end_matches([' ', '-']);
    let initials = name.ends_with('.')
        && name
            .chars()
            .rev()
            .nth(2)
            .is_none_or(|c| c == '.' || c == ' ');
    let name = if initials {
        name
    } else {
        name.trim_end_matches('.')
    };
    let name = name.trim();
    let count = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let doctor = words()
        .other
        .is_in(name.split_whitespace().next().unwrap_or_default());
    ((1..=6).contains(&count) && letters >= 3 && !doctor && !value.contains(plain::BROKEN))
        .then(|| name.to_owned())
}

/// «Фамилия: … / Имя: … / Отчество: …».
fn by_parts(text: &str, fields: &[Field]) -> Option<String> {
    let part = |kind: Kind| {
        let field = fields.iter().find(|f| f.kind == kind)?;
        labelled_name(text.get(field.value.clone())?)
    };
    let surname = part(Kind::Surname)?;
    let parts: Vec<String> = [Some(surname), part(Kind::GivenName), part(Kind::Patronymic)]
        .into_iter()
        .flatten()
        .collect();
    Some(parts.join(" "))
}

/// Names in sentences: behind words that introduce them, or with a patronymic, but not the names
/// of doctors and of those who are greeted.
fn in_sentences(text: &str, fields: &[Field]) -> Vec<String> {
    let mut introduced = Vec::new();
    let mut mentioned = Vec::new();
    for found in IN_SENTENCE.find_iter(text) {
        let inside_field = fields.iter().any(|f| {
            matches!(f.kind, Kind::Other | Kind::Reason) && f.value.contains(&found.start())
        });
        let before = plain::line_before(text, found.start());
        if inside_field || words().no_person.is_in(before) {
            continue;
        }
        let name = collapse(found.as_str());
        let first = name.split(' ').next().unwrap_or_default();
        if words().no_person.is_in(first) {
            continue;
        }
        let patronymic = words().patronymic_word.is_in(&name) || name.contains('.');
        let opened = !before.trim().is_empty() && words().name_opening.is_in(before);
        if opened && is_name(&name) {
            introduced.push(name);
        } else if patronymic && name.split([' ', '.']).filter(|w| !w.is_empty()).count() >= 3 {
            mentioned.push(name);
        }
    }
    if introduced.is_empty() {
        mentioned
    } else {
        introduced
    }
}

/// A name on a line of its own behind the closing words.
fn below(text: &str) -> Option<String> {
    let mut closing = false;
    let mut name = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let rest = words().sign_off.find(line);
        let candidate = match &rest {
            Some(found) => line.get(found.end..).unwrap_or_default(),
            None => line,
        };
        closing |= rest.is_some();
        let matched = NAME.find(candidate).map(|m| m.as_str());
        let whole =
            matched.filter(|m| fields::trimmed(m).len() + 2 >= fields::trimmed(candidate).len());
        if closing && let Some(found) = whole.filter(|found| is_name(found)) {
            name = Some(collapse(found));
        }
    }
    name
}

/// Words that begin sentences are no names.
fn is_name(text: &str) -> bool {
    let w = super::phrases::words();
    let wish = [&w.cancel, &w.cancel_noun, &w.courtesy, &w.restore];
    let label = words()
        .other
        .find(text)
        .is_some_and(|range| range.start == 0);
    let speech = wish.iter().any(|rule| rule.is_in(text)) || label || text.starts_with("Прошу");
    !speech
}

fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<String> {
        let text = plain::plain(text);
        read(&text, &fields::all(&text)).unwrap()
    }

    #[test]
    fn labelled_names_are_read_as_written() {
        for (text, expected) in [
            ("ФИО: Иванова Мария Петровна", "Иванова Мария Петровна"),
            ("Ф.И.О.: Иванова М.П.", "Иванова М.П."),
            (
                "фио: иванова мария петровна, тел. 5",
                "иванова мария петровна",
            ),
            ("ФИО: ИВАНОВА МАРИЯ\nДата: 1", "ИВАНОВА МАРИЯ"),
            (
                "Пациент: Алиев Руслан Магомед оглы",
                "Алиев Руслан Магомед оглы",
            ),
            (
                "Фамилия: Иванова\nИмя: Мария\nОтчество: Петровна",
                "Иванова Мария Петровна",
            ),
            ("ФИО:\nПетров-Водкин Иван", "Петров-Водкин Иван"),
            ("ФИО\tИванова Мария Петровна", "Иванова Мария Петровна"),
            (
                "ФИО: Иванова Мария Петровна Дата: 12.03.2027",
                "Иванова Мария Петровна",
            ),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn names_in_sentences_and_below_the_letter_are_read() {
        for (text, expected) in [
            (
                "Меня зовут Иванова Мария Петровна. Отмените запись",
                "Иванова Мария Петровна",
            ),
            (
                "Я, Иванов Иван Иванович, прошу отменить",
                "Иванов Иван Иванович",
            ),
            (
                "Отмените запись.\nС уважением,\nИванова Мария",
                "Иванова Мария",
            ),
            ("Отмените запись. Иванова М.П.", "Иванова М.П."),
            (
                "Отмените запись к врачу Петрову Ивану Сергеевичу на имя Ивановой Марии Петровны",
                "Ивановой Марии Петровны",
            ),
        ] {
            assert_eq!(name(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Отмените запись к врачу Петрову Ивану Сергеевичу",
            "Уважаемая Анна Сергеевна! Отмените запись",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
    }
}
