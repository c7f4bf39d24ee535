//! The name that is heard among the words of a letter, by its likeness to the examples.

use super::collapse;
use crate::read::grammar as patterns;
use crate::request::learned;
use crate::request::phrases::fields;
use crate::request::plain;
use crate::request::speech::{WordList, grammar};
use std::sync::LazyLock;

/// Names that are heard less surely than this are none.
const LEAST: f32 = 0.3;

/// All names that are heard to be those of the person whose booking it is, the surest first; spaces
/// collapsed. A given name alone names nobody.
pub fn all(text: &str) -> Vec<String> {
    let mut found: Vec<(f32, String)> = learned::names(text)
        .into_iter()
        .filter(|told| told.weight >= LEAST)
        .filter_map(|told| {
            let written = text.get(told.range.clone())?;
            let behind = text.get(told.range.end..).unwrap_or_default();
            Some((told.weight, whole(written, behind)))
        })
        .filter(|(_, name)| names_somebody(name))
        .collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    found.into_iter().map(|(_, name)| name).collect()
}

/// Whether `heard`, which may lack a word, is the name `full`.
pub fn is_part(heard: &str, full: &str) -> bool {
    full.contains(heard) || heard.contains(full)
}

/// The name with the full stop of its last initial.
fn whole(written: &str, behind: &str) -> String {
    static SECOND: LazyLock<patterns::Pattern> = LazyLock::new(|| patterns::regex(r"^\.\p{L}\."));
    let last = written.rsplit([' ', '.', '\n']).next().unwrap_or_default();
    let name = collapse(written);
    // «дудин с.в.»
    let second = SECOND.find(behind).filter(|_| !written.contains('.'));
    if let Some(second) = second.filter(|_| last.chars().count() == 1) {
        name + second.as_str()
    } else if last.chars().count() == 1 && behind.starts_with('.') {
        name + "."
    } else {
        name
    }
}

fn names_somebody(name: &str) -> bool {
    const LETTERS: usize = 3;
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let known = |word: &str| {
        grammar().knows(word, WordList::GivenName) || grammar().knows(word, WordList::NoName)
    };
    let patronymic = |word: &str| fields().patronymic_word.is_in(word);
    let alone = !name.contains([' ', '.']);
    // «Поезд рано утром»
    let no_name = |word: &str| {
        word.starts_with(char::is_lowercase) && grammar().knows(word, WordList::NoName)
    };
    letters >= LETTERS
        && !name.contains(plain::BROKEN)
        && !name.split(' ').any(no_name)
        && !(alone && (known(name) || patronymic(name)))
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn the_name_is_heard_where_no_rule_finds_it() {
        for (text, expected) in [
            (
                "фазылов ренат талон 8115 на понедельник отмена",
                Some("фазылов ренат"),
            ),
            ("Отменить, я в больнице лежу, Ломов", Some("Ломов")),
            (
                "это Хагажеева Бэла, отмените на 20 число",
                Some("Хагажеева Бэла"),
            ),
            ("Отмените запись к Сергею Викторовичу на завтра", None),
            ("Здравствуйте, не смогу прийти, заболела", None),
        ] {
            assert_eq!(all(text).first().map(String::as_str), expected, "{text}");
        }
    }
}
