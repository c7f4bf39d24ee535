//! A telephone told in words, all of it or its beginning: «восемь девятьсот шестнадцать двести двадцать
//! один ноль семь ноль девять», «плюс семь девятьсот восемь 140 22 86».

use super::dictated::pieces;
use super::numerals::{CARDINALS, one_of};
use super::replaced;
use crate::read::grammar::{self, Pattern};
use std::sync::LazyLock;

/// Figures of a telephone with the 8 or the 7 before it.
const FIGURES: usize = 11;

/// The text with such telephones in figures; what has more or fewer of them stays as it is.
pub fn in_figures(text: &str) -> String {
    static TELEPHONE: LazyLock<Pattern> = LazyLock::new(|| {
        let words = one_of(CARDINALS.iter().map(|(word, _)| *word));
        grammar::regex(&format!(
            r"(?i)\b(?:(?:плюс[ ])?семь|восемь)(?:[ ,–-]{{1,2}}(?:{words}|\d{{1,4}})\b){{3,11}}"
        ))
    });
    replaced(text, &TELEPHONE, |found| {
        let digits = digits(found.get(0)?.as_str())?;
        let national = digits.get(1..).filter(|_| digits.len() == FIGURES)?;
        Some(format!("+7{national}"))
    })
}

fn digits(told: &str) -> Option<String> {
    let mut digits = String::new();
    let mut words: Vec<&str> = Vec::new();
    let parts = told
        .split([' ', ',', '–', '-'])
        .filter(|part| !part.is_empty());
    for part in parts.filter(|part| !part.eq_ignore_ascii_case("плюс") && *part != "Плюс") {
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            digits.push_str(&figures(&words)?);
            words.clear();
            digits.push_str(part);
        } else {
            words.push(part);
        }
    }
    digits.push_str(&figures(&words)?);
    Some(digits)
}

fn figures(words: &[&str]) -> Option<String> {
    if words.is_empty() {
        return Some(String::new());
    }
    let pieces = pieces(&words.join(" "))?;
    Some(pieces.iter().map(u32::to_string).collect())
}
