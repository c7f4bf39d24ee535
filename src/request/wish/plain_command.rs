//! «Вы вообще читаете письма? Отмените мою запись!»: a request that is plain by itself, however strange the story
//! around it is heard.

use super::keeping;
use crate::read::grammar::{self, Rule};
use crate::request::learned;
use crate::request::sentences;
use crate::request::speech::{self, Sentence, told};
use serde::Deserialize;
use std::sync::LazyLock;

/// Characters of a letter in which a command is sought; a longer story a person reads.
const LONGEST: usize = 400;

/// A sentence behind the command that leaves more doubt than this may take it back.
const DOUBT_BEHIND: f32 = -0.2;

/// How commands are worded, and what stands around them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainCommand {
    command: Rule,
    names_booking: Rule,
    bars: Rule,
    tells_of_cancelling: Rule,
    asks_of_it: Rule,
    harmless_question: Rule,
}

static GRAMMAR: LazyLock<PlainCommand> =
    LazyLock::new(|| grammar::embedded(include_str!("plain_command.toml")));

/// Whether one clause of the body is a plain command to cancel, and nothing around it turns it round. `titled`: a
/// subject typed afresh asks for the same, so that the command need not name the booking.
pub fn stands_in(body: &str, titled: bool) -> bool {
    if body.chars().count() > LONGEST {
        return false;
    }
    let said = sentences::split(body);
    let Some((at, command, rest)) = found(&said) else {
        return false;
    };
    let named = GRAMMAR.names_booking.is_in(command);
    let before = said.get(..at).unwrap_or_default();
    let behind = said.get(at + 1..).unwrap_or_default();
    let around = || before.iter().chain(behind).map(String::as_str);
    (named || titled)
        && around().chain(rest.iter().copied()).all(is_background)
        && (named || !around().any(leaves_open_what))
        && behind.iter().all(|text| is_harmless(text))
}

/// The last sentence that is a command or has one between its commas, the command, and its other clauses.
fn found(said: &[String]) -> Option<(usize, &str, Vec<&str>)> {
    said.iter().enumerate().rev().find_map(|(at, text)| {
        if GRAMMAR.command.is_all_of(text.as_str()) {
            return Some((at, text.as_str(), Vec::new()));
        }
        let clauses: Vec<&str> = clauses(text);
        let last = clauses.len().checked_sub(1)?;
        // «Отмените, пожалуйста, отметку»: what is to be cancelled may stand behind the comma.
        let command = clauses.iter().enumerate().position(|(clause_at, clause)| {
            let behind = clauses.get(clause_at + 1..).unwrap_or_default();
            GRAMMAR.command.is_all_of(*clause)
                && (clause_at == last
                    || GRAMMAR.names_booking.is_in(*clause)
                    || behind.iter().all(|clause| told::explains(clause)))
        })?;
        let rest = clauses.iter().enumerate();
        let rest = rest.filter(|(clause, _)| *clause != command);
        Some((
            at,
            clauses.get(command).copied()?,
            rest.map(|(_, clause)| *clause).collect(),
        ))
    })
}

/// What stands between commas; those around «пожалуйста» part nothing.
fn clauses(text: &str) -> Vec<&str> {
    static PLEASE: LazyLock<grammar::Pattern> =
        LazyLock::new(|| grammar::regex(r"(?i),[ ](?:пожалуйста|пжл?|плиз)(?:,|$)"));
    let pleas: Vec<_> = PLEASE.find_iter(text).map(|plea| plea.range()).collect();
    let parts = |at: &usize| !pleas.iter().any(|plea| plea.contains(at));
    let commas = text.match_indices(',').map(|(at, _)| at).filter(parts);
    let mut from = 0;
    let mut all = Vec::new();
    for at in commas.chain([text.len()]) {
        all.push(text.get(from..at).unwrap_or_default().trim());
        from = at + 1;
    }
    all
}

/// A story, a reason, an outburst: nothing on which the command could hang.
fn is_background(text: &str) -> bool {
    if GRAMMAR.harmless_question.is_all_of(text) {
        return true;
    }
    let asks = text.contains('?') && GRAMMAR.asks_of_it.is_in(text);
    let turns = comes(text) || GRAMMAR.bars.is_in(text);
    !asks && !turns
}

/// «Приду», not «не приду».
fn comes(text: &str) -> bool {
    let g = speech::grammar();
    let lists = ["приду", "могу"].map(|list| g.class(list));
    Sentence::read(text).words().iter().any(|word| {
        let of = |class: &Option<_>| class.is_some_and(|class| word.classes.has(class));
        !word.denied && lists.iter().any(of)
    })
}

/// «Пришёл штраф. Отмените.», «Отмену сделали зря. Отмените.»
fn leaves_open_what(text: &str) -> bool {
    GRAMMAR.tells_of_cancelling.is_in(text) || names_another_thing(text)
}

/// A reminder of the appointment is none.
fn names_another_thing(text: &str) -> bool {
    let class = speech::grammar().class("чужое");
    let sentence = Sentence::read(text);
    let reminds = |at: usize| {
        sentence.text_of(at).is_some_and(|word| {
            ["напоминан", "письм", "смс"]
                .iter()
                .any(|stem| word.starts_with(stem))
        })
    };
    let words = sentence.words().iter().enumerate();
    words
        .filter(|(_, word)| class.is_some_and(|class| word.classes.has(class)))
        .any(|(at, _)| !reminds(at))
}

fn is_harmless(text: &str) -> bool {
    let forgets = || {
        speech::grammar()
            .forgets_the_number
            .is_in(&Sentence::read(text))
    };
    keeping::says_nothing(text) || forgets() || learned::hear(text).doubt < DOUBT_BEHIND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &GRAMMAR.names_booking,
            &GRAMMAR.bars,
            &GRAMMAR.tells_of_cancelling,
            &GRAMMAR.asks_of_it,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
        for rule in [&GRAMMAR.command, &GRAMMAR.harmless_question] {
            let whole = |text: &&String| rule.is_all_of(text.as_str());
            assert_eq!(rule.examples.iter().find(|text| !whole(text)), None);
            assert_eq!(rule.counter_examples.iter().find(whole), None);
        }
    }

    #[test]
    fn a_command_stands_by_itself_or_hangs_on_what_is_around_it() {
        for body in [
            "Вы вообще читаете письма? Отмените запись!",
            "Можно вас попросить? Отмените мою запись.",
            "Пришло напоминание о приёме. Не приду, отмените.",
            "Как там Анна Сергеевна, выздоровела? Запись мою отмените, я тоже слегла.",
        ] {
            assert!(stands_in(body, true), "{body}");
        }
        for body in [
            "Можно прийти позже? Отмените запись.",
            "Если врач заболел, отмените запись",
            "Пришёл штраф. Отмените.",
            "Отмените запись. Хотя погодите",
            "Вторую запись отмените",
            "Сын написал: отмените запись",
        ] {
            assert!(!stands_in(body, true), "{body}");
        }
        assert!(!stands_in("Не приду, отмените.", false));
    }
}
