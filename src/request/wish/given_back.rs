//! «Запись отменена по ошибке. Верните, пожалуйста»: a bare request for what another sentence says was cancelled.

use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How that is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenBack {
    cancelled: Rule,
    asked_back: Rule,
    otherwise: Rule,
}

static GIVEN_BACK: LazyLock<GivenBack> =
    LazyLock::new(|| grammar::embedded(include_str!("given_back.toml")));

/// Whether the sentences together ask to have the booking back.
pub fn is_asked_back(texts: &[String]) -> bool {
    let asks = |text: &String| {
        text.split([',', ';'])
            .any(|clause| GIVEN_BACK.asked_back.is_all_of(clause.trim()))
    };
    texts
        .iter()
        .any(|text| GIVEN_BACK.cancelled.is_in(text.as_str()))
        && texts.iter().any(asks)
        && !texts
            .iter()
            .any(|text| GIVEN_BACK.otherwise.is_in(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        assert_eq!(GIVEN_BACK.cancelled.misjudged(), None);
        assert_eq!(GIVEN_BACK.otherwise.misjudged(), None);
        let rule = &GIVEN_BACK.asked_back;
        assert!(
            rule.examples
                .iter()
                .all(|text| rule.is_all_of(text.as_str()))
        );
        assert!(
            !rule
                .counter_examples
                .iter()
                .any(|text| rule.is_all_of(text.as_str()))
        );
    }

    fn judged(text: &str) -> bool {
        is_asked_back(&crate::request::sentences::split(text))
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
            "Отменила по ошибке, верните, если место свободно",
            "Отменила по ошибке. Или отмените уже совсем. Верните",
        ] {
            assert!(!judged(text), "{text}");
        }
    }
}
