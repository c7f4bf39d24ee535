//! A surname alone: below the letter, beside the telephone, or behind «фамилия».

use crate::read::grammar as patterns;
use crate::request::phrases::fields as words;
use crate::request::plain;
use crate::request::signature;
use crate::request::speech::grammar;
use std::sync::LazyLock;

/// Lines from below in which it is sought.
const LAST_LINES: usize = 3;

/// The surname, where the text names nobody in full.
pub fn surname(text: &str) -> Option<String> {
    static INTRODUCED: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"(?i)\bфамилия[ :—–-]{1,3}(\p{L}[\p{L}-]+)"));
    // «Здравствуйте, это Кедрова, я вам звонила»
    static THIS_IS: LazyLock<patterns::Pattern> = LazyLock::new(|| {
        patterns::regex(
            r"^[ \n]*(?:(?i:здрав\p{L}+|добр\p{L}+[ ]\p{L}+|привет|алло|алл[оё])[ ,.!]{1,3}){0,2}(?i:это|вас[ ]беспокоит|пишет(?:[ ]вам)?)[ ](\p{Lu}\p{L}[\p{L}-]+)(?:[,.!\n]|$)",
        )
    });
    let captured = [&INTRODUCED, &THIS_IS]
        .into_iter()
        .find_map(|pattern| pattern.captures(text));
    let introduced = captured.as_ref().and_then(|found| found.get(1));
    if let Some(name) = introduced.filter(|name| is_surname(name.as_str())) {
        return Some(name.as_str().to_owned());
    }
    let below = text
        .lines()
        .rev()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    below.take(LAST_LINES).find_map(in_line)
}

/// «Корнилов.» as the last sentence of a line, «8 928 … Даудов» and «С уважением, Ребрикова».
fn in_line(line: &str) -> Option<String> {
    static PHONE: LazyLock<patterns::Pattern> =
        LazyLock::new(|| patterns::regex(r"\+?\d[\d ()-]{8,18}\d"));
    let phones: Vec<_> = PHONE.find_iter(line).map(|found| found.range()).collect();
    let bare = plain::masked(line, &phones).replace(plain::MASK, " ");
    let bare = bare.trim();
    let closed = words().sign_off.find(bare).map_or(bare, |found| {
        bare.get(found.end..).unwrap_or_default().trim()
    });
    let last = closed
        .trim_end_matches(['.', '!', ',', ' '])
        .rsplit(['.', '!', '?', ';'])
        .next()?
        .trim_matches(|c: char| !c.is_alphabetic());
    is_surname(last).then(|| last.to_owned())
}

fn is_surname(word: &str) -> bool {
    const SHORTEST: usize = 4;
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase)
        && letters.all(|c| c.is_lowercase() || c == '-')
        && word.chars().count() >= SHORTEST
        && signature::ends_as_surname(word)
        && !grammar().knows_at_all(word)
}

#[cfg(test)]
mod tests {
    use super::surname;

    #[test]
    fn a_surname_alone_is_the_name() {
        for (text, expected) in [
            ("Отмените запись №5. Корнилов", Some("Корнилов")),
            ("Отмените\nС уважением, Ребрикова", Some("Ребрикова")),
            ("8 928 000 23 04 Даудов", Some("Даудов")),
            ("Моя фамилия Гурова. Отмените", Some("Гурова")),
            (
                "Здравствуйте, это Кедрова, я звонила. Уберите меня",
                Some("Кедрова"),
            ),
            ("Это Ковалёва врач сказала? Отмените", None),
            ("Отмените запись №5. Спасибо", None),
            ("Отмените запись №5. Командировка", None),
            ("Отмените запись к Иванову", None),
        ] {
            assert_eq!(surname(text).as_deref(), expected, "{text}");
        }
    }
}
