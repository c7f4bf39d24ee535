//! The clause of a sentence that tells why, without «так как»: «ребёнок заболел».

mod runs;
mod weight;

use super::{Sentence, grammar};
use crate::read::grammar as patterns;
use crate::request::phrases::words;
use crate::request::signature;
use runs::Run;
use std::sync::LazyLock;
pub use weight::Weight;

/// Words that join a reason to what stands before it and are no part of it.
const JOINTS: [&str; 14] = [
    "но",
    "а",
    "и",
    "да",
    "теперь",
    "поэтому",
    "потому",
    "то",
    "так",
    "что",
    "бо",
    "потому-то",
    "итак",
    "ну",
];

static GREETING: LazyLock<patterns::Pattern> = LazyLock::new(|| {
    patterns::regex(
        r"(?i)^(?:здравствуйте|здрасьте|здрасте|привет|добр[а-я]{2}[ ]|доброго|уважаем|дорог|салам|[а-я]{2,8}[ ]алейкум)",
    )
});

/// A sentence in which a reason is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// As written.
    pub text: String,
    /// It stands among others, so that one noun («Сенокос.») is no signature.
    pub among: bool,
}

/// The clauses of all sentences that give the reason most surely, as written.
pub fn reason<'t>(sentences: impl Iterator<Item = &'t Told>) -> Option<String> {
    let mut best: Option<(Weight, String)> = None;
    for sentence in sentences {
        for (weight, told) in candidates(&sentence.text, sentence.among) {
            if best.as_ref().is_none_or(|(known, _)| *known < weight) {
                best = Some((weight, told));
            }
        }
    }
    best.map(|(_, told)| told)
}

/// How surely the sentence is nothing but a reason: each clause of it is one.
pub fn explains(text: &str) -> bool {
    let sentence = Sentence::read(text);
    let runs = runs::of(&sentence);
    let covered: usize = runs.iter().map(|run| run.words.len()).sum();
    covered > 0
        && covered == sentence.words().len()
        && runs
            .iter()
            .all(|run| weight::of(&sentence, run, false).is_some())
}

/// Where the clause begins that goes on at `at`, if it is one of telling: «вызывают в школу из-за
/// дочки».
pub fn begun(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let from = head
        .rfind([',', ';', ':', '—', '–', '('])
        .map_or(0, |mark| {
            mark + head
                .get(mark..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
    let clause = head.get(from..)?;
    let (_, told) = candidates(clause.trim(), false).pop()?;
    let start = from + clause.find(&told)?;
    let whole = clause.trim().ends_with(&told) && told.split_whitespace().count() > 1;
    whole.then_some(start)
}

/// All runs of clauses that may be a reason.
fn candidates(text: &str, among: bool) -> Vec<(Weight, String)> {
    // Words that somebody else said tell nothing of the writer's reason.
    if text.contains(['«', '"']) || signature::is_name(text) || words().courtesy.is_in(text) {
        return Vec::new();
    }
    let sentence = Sentence::read(text);
    let g = grammar();
    if sentence.asks && !g.polite_question.is_in(&sentence) {
        return Vec::new();
    }
    // «Здравствуйте, МФЦ.»
    let among = among && !GREETING.is_match(text);
    let found = runs::of(&sentence);
    found
        .into_iter()
        .filter_map(|run| {
            let weight = weight::of(&sentence, &run, among)?;
            Some((weight, written(&sentence, run)?))
        })
        .collect()
}

/// The run as written, without what joins it to the words around.
fn written(sentence: &Sentence, run: Run) -> Option<String> {
    let mut words = run.words;
    // «Вот справка что я болею»
    if run.rest
        && let Some(that) = words
            .clone()
            .find(|at| sentence.text_of(*at).is_some_and(|word| word == "что"))
        && that + 1 < words.end
    {
        words.start = that + 1;
    }
    let small = |at: usize| {
        let range = sentence.words().get(at)?.range.clone();
        sentence.text.get(range)
    };
    // «ТО» is an inspection.
    while words.len() > 1
        && small(words.start)
            .is_some_and(|word| JOINTS.contains(&word.to_lowercase().as_str()) && word != "ТО")
    {
        words.start += 1;
    }
    // A telephone or a date before it, and a date behind «на» or «в», is no part of it.
    let figure = |at: usize| sentence.words().get(at).is_some_and(|word| word.figure);
    if figure(words.start) && figure(words.start + 1) {
        while words.len() > 1 && figure(words.start) {
            words.start += 1;
        }
    }
    while words.len() > 1 && figure(words.end - 1) {
        let before = words.end.checked_sub(2).and_then(|at| sentence.text_of(at));
        if before.is_some_and(|word| word.chars().count() > 2) && !figure(words.end - 2) {
            break;
        }
        words.end -= 1;
    }
    let first = sentence.words().get(words.start)?.clone();
    let last = sentence.words().get(words.end.checked_sub(1)?)?.range.end;
    // «Не успею» begins with its «не».
    let mut start = first.range.start;
    let before = sentence.text.get(..start)?.trim_end();
    if first.denied && before.to_lowercase().ends_with("не") {
        start = before.len() - "не".len();
    }
    // «12:00 на кастрацию»: the end of an hour begins nothing.
    let torn = first.figure && before.ends_with([':', '.']);
    sentence
        .text
        .get(start..last)
        .filter(|_| !torn)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        candidates(text, true).pop().map(|(_, told)| told)
    }

    #[test]
    fn a_reason_is_what_neither_asks_nor_names() {
        for (text, expected) in [
            ("Отмените запись №5, мигрень.", "мигрень"),
            (
                "Отмените запись №5: сотрудник откомандирован.",
                "сотрудник откомандирован",
            ),
            ("отмените запись 5 заболел", "заболел"),
            ("Сенокос.", "Сенокос"),
            ("Прицеп угнали.", "Прицеп угнали"),
            (
                "Не успеваю вернуться из Сочи",
                "Не успеваю вернуться из Сочи",
            ),
            (
                "Быть не смогу — командировка в Норильск",
                "командировка в Норильск",
            ),
            ("Некому подменить.", "Некому подменить"),
            ("Здоровая уже", "Здоровая уже"),
        ] {
            assert_eq!(told(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "Отмените запись №5.",
            "Не смогу прийти.",
            "Перезвоню позже.",
            "Жду ответа.",
            "Пишу второй раз.",
            "Чтобы не занимать место",
            "Хорошего дня",
            "Вчера отправила и забыла номер",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn a_sentence_explains_if_all_of_it_does() {
        assert!(explains("Прицеп угнали.") && explains("Хоронили деда, сил нет"));
        assert!(!explains("Кравчук") && !explains("Спасибо"));
    }
}
