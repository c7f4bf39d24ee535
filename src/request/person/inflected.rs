//! Given names in the cases of a sentence: «на имя Нины», «Гурову Нину».

use crate::request::speech::{WordList, grammar};

/// Endings of the oblique cases, and what stands in their place in the nominative.
const ENDINGS: [(&str, &[&str]); 17] = [
    ("ией", &["ия"]),
    ("ию", &["ия", "ий"]),
    ("ии", &["ия"]),
    ("ия", &["ий"]),
    ("ею", &["ей"]),
    ("ея", &["ей"]),
    ("ой", &["а"]),
    ("ей", &["я", "ь"]),
    ("ом", &[""]),
    ("ем", &["й", "ь"]),
    ("ы", &["а"]),
    ("и", &["а", "я", "ь"]),
    ("у", &["а", ""]),
    ("ю", &["я", "й", "ь"]),
    ("е", &["а", "я", ""]),
    ("а", &[""]),
    ("я", &["й", "ь"]),
];

/// Names that lose a vowel: «Льва», «Павлу».
const SHORTENED: [&str; 2] = ["льв", "павл"];

/// Letters that a name keeps at least before its ending: «лету» is no «Лета».
const SHORTEST: usize = 3;

/// Whether the word is a given name in another case than the nominative.
pub fn is_given(word: &str) -> bool {
    let word = word.to_lowercase();
    ENDINGS.iter().any(|(ending, nominatives)| {
        let Some(stem) = word.strip_suffix(ending) else {
            return false;
        };
        if SHORTENED.contains(&stem) {
            return true;
        }
        stem.chars().count() >= SHORTEST
            && nominatives
                .iter()
                .any(|end| grammar().knows(&format!("{stem}{end}"), WordList::GivenName))
    })
}

#[cfg(test)]
mod tests {
    use super::is_given;

    #[test]
    fn cases_of_names_are_known() {
        for word in [
            "Нину",
            "Марии",
            "Сергея",
            "Андреем",
            "Ольге",
            "Ивана",
            "Игоря",
            "Светланой",
            "Льва",
            "Павлу",
        ] {
            assert!(is_given(word), "{word}");
        }
        for word in ["Марта", "Лету", "Запись", "Приёму", "Среду"] {
            assert!(!is_given(word), "{word}");
        }
    }
}
