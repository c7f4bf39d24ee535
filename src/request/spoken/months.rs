//! Months in English and in Roman figures.

use super::replaced;
use crate::read::grammar::{self, Pattern};
use std::sync::LazyLock;

/// The text with its months as the date reader knows them.
pub fn in_figures(text: &str) -> String {
    with_roman_months(&with_russian_months(text))
}

/// «19 April 2027».
fn with_russian_months(text: &str) -> String {
    static ENGLISH: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(
            r"(?i)\b(\d{1,2})(?:st|nd|rd|th)?[ ](jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[ ](20\d\d)\b",
        )
    });
    replaced(text, &ENGLISH, |f| {
        let month = match f.get(2)?.as_str().to_lowercase().as_str() {
            "jan" => "января",
            "feb" => "февраля",
            "mar" => "марта",
            "apr" => "апреля",
            "may" => "мая",
            "jun" => "июня",
            "jul" => "июля",
            "aug" => "августа",
            "sep" => "сентября",
            "oct" => "октября",
            "nov" => "ноября",
            _ => "декабря",
        };
        Some(format!(
            "{} {month} {}",
            f.get(1)?.as_str(),
            f.get(3)?.as_str()
        ))
    })
}

/// «12.III.2027», «17/II-2027».
fn with_roman_months(text: &str) -> String {
    static ROMAN: LazyLock<Pattern> = LazyLock::new(|| {
        grammar::regex(r"\b(\d{1,2})[./ -](XI{0,2}|IX|IV|VI{0,3}|I{1,3})[./ -](20\d\d)\b")
    });
    const MONTHS: [&str; 12] = [
        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
    ];
    replaced(text, &ROMAN, |f| {
        let written = f.get(2)?.as_str();
        let month = MONTHS.iter().position(|month| *month == written)? + 1;
        let (day, year) = (f.get(1)?.as_str(), f.get(3)?.as_str());
        Some(format!("{day}.{month:02}.{year}"))
    })
}
