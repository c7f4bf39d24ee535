//! Why a booking is asked back: «отменила по ошибке», «муж отменил без спроса», «теперь смогу».

use crate::read::grammar::{self, Rule};
use crate::request::speech::told::Told;
use crate::request::wish;
use serde::Deserialize;
use std::ops::Range;
use std::sync::LazyLock;

/// How that is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Restored {
    mistaken: Rule,
    also: Rule,
    asks: Rule,
    no_reason: Rule,
    opening: Rule,
}

static RESTORED: LazyLock<Restored> =
    LazyLock::new(|| grammar::embedded(include_str!("restored.toml")));

/// That the cancelling was a mistake, or somebody else's: the longest run of sentences that say so.
pub fn mistaken(sentences: &[Told]) -> Option<String> {
    let mut best: Vec<&str> = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for sentence in sentences {
        match part(&sentence.text) {
            Some(told) => {
                run.push(told.text);
                if run.len() > best.len() {
                    best.clone_from(&run);
                }
                if !told.to_its_end {
                    run.clear();
                }
            }
            None => run.clear(),
        }
    }
    (!best.is_empty()).then(|| best.join(" "))
}

/// What else may be the reason where no other is told: a clause of it.
pub fn also(sentences: &[Told]) -> Option<String> {
    let clause = |sentence: &Told| {
        let found = RESTORED.also.find(sentence.text.as_str())?;
        let own = clauses(&sentence.text)
            .into_iter()
            .find(|clause| clause.end > found.start)?;
        let text = without_opening(sentence.text.get(own)?);
        Some(text.to_owned())
    };
    sentences.iter().find_map(clause)
}

/// The sentences without what asks in them, or tells no more than that the booking was cancelled.
pub fn without_requests(sentences: &[Told]) -> Vec<Told> {
    let alone = |sentence: &Told| {
        Some(Told {
            text: alone(&sentence.text)?.to_owned(),
            among: sentence.among,
        })
    };
    sentences.iter().filter_map(alone).collect()
}

/// The part of a sentence that tells why.
struct Part<'t> {
    text: &'t str,
    /// The sentence ends with it, so that the next one may go on.
    to_its_end: bool,
}

/// The clauses around the one that tells of a mistake, up to those that ask.
fn part(sentence: &str) -> Option<Part<'_>> {
    let found = RESTORED.mistaken.find(sentence)?;
    let clauses = clauses(sentence);
    let asks = |clause: &&Range<usize>| asks(sentence.get((*clause).clone()).unwrap_or_default());
    let before = clauses.iter().filter(|clause| clause.end <= found.start);
    let start = before.rev().find(asks).map_or(0, |clause| clause.end);
    let mut behind = clauses.iter().filter(|clause| clause.start >= found.end);
    let end = behind.find(asks).map_or(sentence.len(), |c| c.start);
    let text = without_opening(sentence.get(start..end)?).trim_end_matches([' ', ',']);
    text.contains(char::is_alphabetic).then_some(Part {
        text,
        to_its_end: end == sentence.len(),
    })
}

/// Octets before the words that ask, in a clause that asks: «ну и верните».
const FARTHEST: usize = 24;

fn asks(clause: &str) -> bool {
    let clause = clause.trim();
    let asked = RESTORED.asks.find(clause);
    asked.is_some_and(|asked| asked.start < FARTHEST) || wish::is_coming(clause)
}

/// A reason without the clauses before and behind it that ask, or tell no more than that the booking was
/// cancelled.
pub fn alone(told: &str) -> Option<&str> {
    let clauses = clauses(told);
    let tells = |clause: &&Range<usize>| {
        let text = told.get((*clause).clone()).unwrap_or_default().trim();
        text.contains(char::is_alphabetic) && !asks(text) && !RESTORED.no_reason.is_in(text)
    };
    let start = clauses.iter().find(tells)?.start;
    let behind = clauses.iter().skip_while(|clause| clause.start < start);
    let end = behind.take_while(tells).last()?.end;
    Some(without_opening(told.get(start..end)?))
}

/// The text without «Ой, девочки, простите»; of more words of that kind the rest stays.
fn without_opening(text: &str) -> &str {
    const MOST: usize = 8;
    (0..MOST).fold(text, |text, _| {
        let text = text.trim_start_matches([' ', ',', '-', '—', '–']);
        let opening = RESTORED.opening.find(text).map_or(0, |found| found.end);
        text.get(opening..).unwrap_or_default()
    })
}

/// What stands between commas, dashes and brackets.
fn clauses(sentence: &str) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    let signs = sentence.match_indices([',', ';', ':', '—', '–', '(', '?', '!']);
    for (at, sign) in signs {
        clauses.push(from..at);
        from = at + sign.len();
    }
    clauses.push(from..sentence.len());
    clauses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        let rules = &*RESTORED;
        for rule in [
            &rules.mistaken,
            &rules.also,
            &rules.asks,
            &rules.no_reason,
            &rules.opening,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
    }

    #[test]
    fn a_reason_stands_alone() {
        for (told, expected) in [
            (
                "Командировку отложили, значит, я в городе",
                Some("Командировку отложили"),
            ),
            ("Нашёл паспорт, смогу приехать", Some("Нашёл паспорт")),
            (
                "аннулированный вчера по моей просьбе: командировку мужу отложили, мы успеваем",
                Some("командировку мужу отложили, мы успеваем"),
            ),
            (
                "верните как было, экзамен сдвинули, я смогу",
                Some("экзамен сдвинули"),
            ),
            ("отменённую мной сегодня утром", None),
            (
                "операцию назначили, без осмотра не берут",
                Some("операцию назначили, без осмотра не берут"),
            ),
        ] {
            assert_eq!(alone(told), expected, "{told}");
        }
    }

    #[test]
    fn the_clauses_that_tell_are_taken_and_those_that_ask_left() {
        for (sentences, expected) in [
            (
                &["ой я отменила не ту запись((", "верните кл-20125"][..],
                "я отменила не ту запись((",
            ),
            (
                &["Здравствуйте, муж, не посоветовавшись, отменил нашу запись."],
                "муж, не посоветовавшись, отменил нашу запись.",
            ),
            (
                &["Верните запись, отменила по ошибке, я приду"],
                "отменила по ошибке",
            ),
            (&["Я нажала не туда!", "Верните."], "Я нажала не туда!"),
            (
                &[
                    "Это внук баловался с телефоном!",
                    "Отменили по ошибке.",
                    "Верните.",
                ],
                "Это внук баловался с телефоном! Отменили по ошибке.",
            ),
        ] {
            let told: Vec<Told> = sentences
                .iter()
                .map(|text| Told {
                    text: (*text).to_owned(),
                    among: true,
                })
                .collect();
            assert_eq!(mistaken(&told).as_deref(), Some(expected));
        }
    }
}
