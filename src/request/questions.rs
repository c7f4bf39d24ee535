//! Wishes that change nothing: how a booking stands, and that a person should help. They are looked
//! for only where nothing else was asked.

use super::Intent;
use super::sentences;
use super::wish::{self, Wish};
use crate::domain::Reason;
use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How they are worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Questions {
    status: Rule,
    help: Rule,
    call: Rule,
    condition: Rule,
}

static QUESTIONS: LazyLock<Questions> =
    LazyLock::new(|| grammar::embedded(include_str!("questions.toml")));

/// `wish`, or the question that the letter asks where there is no other wish. A subject that was
/// inherited from an earlier letter asks nothing.
///
/// A call for a person outweighs a wish that is unclear: both go to staff, and with the first the
/// citizen learns by when. A question stays unclear beside other words that are.
pub fn unless_asked(wish: Wish, subject: &str, body: &str) -> Wish {
    if wish.intent != Intent::None {
        return wish;
    }
    let unclear = wish.doubt == Some(Reason::WishUnclear);
    let typed = if wish::is_inherited(subject) {
        ""
    } else {
        subject
    };
    let asks = |rule: &Rule| rule.is_in(typed) || is_said(rule, body);
    if (unclear || wish.doubt.is_none()) && asks(&QUESTIONS.help) {
        return Wish::clear(Intent::Help);
    }
    if wish.doubt.is_none() && asks(&QUESTIONS.status) {
        return Wish::clear(Intent::Status);
    }
    wish
}

/// Whether the body asks for help outright.
pub fn calls_for_help(body: &str) -> bool {
    is_said(&QUESTIONS.call, body)
}

/// «Если нужна помощь, …» is not said: so do our own letters speak.
fn is_said(rule: &Rule, body: &str) -> bool {
    sentences::split(body)
        .iter()
        .any(|sentence| !QUESTIONS.condition.is_in(sentence) && rule.is_in(sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &QUESTIONS.status,
            &QUESTIONS.help,
            &QUESTIONS.call,
            &QUESTIONS.condition,
        ] {
            assert_eq!(rule.misjudged(), None);
            assert!(rule.examples.len() >= 3);
        }
    }

    fn asked(subject: &str, body: &str) -> Intent {
        unless_asked(Wish::default(), subject, body).intent
    }

    #[test]
    fn a_question_is_found_in_a_fresh_subject_or_the_body_alone() {
        assert_eq!(asked("Статус записи №12345", ""), Intent::Status);
        assert_eq!(
            asked("Вопрос", "Подскажите статус моей записи"),
            Intent::Status
        );
        assert_eq!(
            asked("", "Если нужна помощь, ответьте на это письмо."),
            Intent::None
        );
        assert_eq!(asked("Re: Статус записи №12345", "Спасибо"), Intent::None);
        assert_eq!(
            asked("", "Кнопка не работает, статус записи не виден"),
            Intent::Help
        );
    }

    #[test]
    fn a_wish_that_is_clear_or_must_not_be_acted_on_stays() {
        let cancel = Wish::clear(Intent::Cancel);
        let body = "Помогите, отмените запись, кнопка не работает";
        assert_eq!(unless_asked(cancel, "", body), cancel);
        let unclear = Wish::unclear();
        assert_eq!(unless_asked(unclear, "", "Статус записи?"), unclear);
        assert_eq!(unless_asked(unclear, "", "Помогите").intent, Intent::Help);
    }
}
