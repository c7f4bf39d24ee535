//! «Запись отменена по ошибке. Верните, пожалуйста»: a bare request for what another sentence says was cancelled.

use crate::read::grammar::{self, Rule};
use crate::request::plain;
use serde::Deserialize;
use std::sync::LazyLock;

/// How that is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenBack {
    cancelled: Rule,
    told: Rule,
    asked_back: Rule,
    revoked: Rule,
    goes_with_it: Rule,
    harmless_if: Rule,
    not_yet_done: Rule,
    outright: Rule,
    otherwise: Rule,
}

static GIVEN_BACK: LazyLock<GivenBack> =
    LazyLock::new(|| grammar::embedded(include_str!("given_back.toml")));

/// Whether the sentences together ask to have the booking back. `titled`: the letter answers ours that tells of
/// the cancelling, or its subject does.
pub fn is_asked_back(texts: &[String], titled: bool) -> bool {
    let rules = &*GIVEN_BACK;
    let any = |rule: &Rule| texts.iter().any(|text| rule.is_in(text.as_str()));
    let cancelled = || titled || any(&rules.cancelled) || any(&rules.told);
    (any(&rules.revoked) || texts.iter().any(|text| asks_back(text)) && cancelled())
        && !texts.iter().any(|text| asks_otherwise(text))
        && (any(&rules.outright) || !any(&rules.not_yet_done))
}

/// Whether a subject tells that the booking was cancelled.
pub fn tells_of_cancelling(subject: &str) -> bool {
    GIVEN_BACK.cancelled.is_in(subject) || GIVEN_BACK.told.is_in(subject)
}

/// Whether a subject takes a cancelling back.
pub fn revokes(subject: &str) -> bool {
    GIVEN_BACK.revoked.is_in(subject)
}

/// Whether a whole clause is a bare request.
fn asks_back(text: &str) -> bool {
    text.replace(" - ", ",")
        .split([',', ';', ':', '—', '–'])
        .any(|clause| GIVEN_BACK.asked_back.is_all_of(clause.trim()))
        || GIVEN_BACK.asked_back.is_all_of(text)
}

/// Whether the sentence asks for something else, or doubts; what it tells of the cancelling, «просила перенести,
/// а не отменять», asks for nothing.
fn asks_otherwise(text: &str) -> bool {
    let rules = &*GIVEN_BACK;
    let rest = without(text, &[&rules.harmless_if, &rules.told]);
    rules.otherwise.is_in(rest.as_str())
}

/// The sentence without what goes with a request to have the booking back: how it came to be cancelled, that the
/// cancelling is taken back, that the writer comes.
pub fn beside_the_request(text: &str) -> String {
    let GivenBack {
        cancelled,
        told,
        revoked,
        goes_with_it,
        harmless_if,
        ..
    } = &*GIVEN_BACK;
    without(text, &[harmless_if, revoked, cancelled, told, goes_with_it])
}

/// Whether the clause says that the writer comes after all.
pub fn is_coming(clause: &str) -> bool {
    GIVEN_BACK.goes_with_it.is_all_of(clause)
}

fn without(text: &str, rules: &[&Rule]) -> String {
    rules.iter().fold(text.to_owned(), |rest, rule| {
        plain::masked(&rest, &rule.all(rest.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        let rules = &*GIVEN_BACK;
        for rule in [
            &rules.cancelled,
            &rules.told,
            &rules.revoked,
            &rules.goes_with_it,
            &rules.harmless_if,
            &rules.not_yet_done,
            &rules.outright,
            &rules.otherwise,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
        let rule = &GIVEN_BACK.asked_back;
        let misjudged = |all: &[String], whole: bool| {
            let mut all = all.iter();
            all.find(|text| rule.is_all_of(text.as_str()) != whole)
                .cloned()
        };
        assert_eq!(misjudged(&rule.examples, true), None);
        assert_eq!(misjudged(&rule.counter_examples, false), None);
    }

    fn judged(text: &str) -> bool {
        is_asked_back(&crate::request::sentences::split(text), false)
    }

    #[test]
    fn what_was_cancelled_is_asked_back_in_words_of_its_own() {
        for text in [
            "Здравствуйте. Запись 48213 отменена по ошибке. Прошу вернуть, буду в срок. Спасибо!",
            "запись 48213 отменилась сама, верните пожалуйста, я ничего не нажимала",
            "Отменили мы с дедом зря. Верните, придём.",
            "зачем вы отменили мою запись 48213? Я не просила! Верните немедленно!",
        ] {
            assert!(judged(text), "{text}");
        }
        for text in [
            "Запись отменена по ошибке.",
            "Верните, пожалуйста.",
            "Запись отменили зря. Верните деньги.",
            "Отменила по ошибке, верните, если врач тот же",
            "Отменила по ошибке. Или отмените уже совсем. Верните",
        ] {
            assert!(!judged(text), "{text}");
        }
    }
}
