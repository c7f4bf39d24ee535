//! Turns of speech that no other words make good: a condition before the request, a request that is taken back,
//! another thing, another time. A person reads the letter.

use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How they are worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    on_condition: Rule,
    harmless_if: Rule,
    taken_back: Rule,
    restores: Rule,
    undecided: Rule,
    another_thing: Rule,
    beside_another: Rule,
    otherwise: Rule,
    tells_of_cancelling: Rule,
    tells_of_own_cancelling: Rule,
    unless_asked: Rule,
    sent_by_mistake: Rule,
}

static HELD: LazyLock<Held> = LazyLock::new(|| grammar::embedded(include_str!("held.toml")));

/// Whether anything in the sentences tells that nobody meant to cancel.
pub fn keeps_from_cancelling(texts: &[String]) -> bool {
    texts
        .iter()
        .any(|text| HELD.sent_by_mistake.is_in(text.as_str()))
}

/// Whether any of the sentences, or two of them together, hold the letter up; `asked`: the letter asks for what
/// is to be done.
pub fn is_held(texts: &[String], asked: bool) -> bool {
    let restores = texts.iter().any(|text| HELD.restores.is_in(text.as_str()));
    let taken_back = |text: &str| !restores && HELD.taken_back.is_in(text);
    texts
        .iter()
        .any(|text| holds(text, asked) || taken_back(text.as_str()))
        || texts.windows(2).any(|pair| {
            let together = pair.join(" ");
            taken_back(&together)
                || HELD.beside_another.is_in(&*together)
                || HELD.otherwise.is_in(&*together)
                || HELD.another_thing.is_in(&*together)
        })
}

fn holds(text: &str, asked: bool) -> bool {
    HELD.on_condition.is_in(text) && !HELD.harmless_if.is_in(text)
        || HELD.undecided.is_in(text)
        || HELD.another_thing.is_in(text)
        || HELD.otherwise.is_in(text)
        || HELD.tells_of_cancelling.is_in(text) && !HELD.tells_of_own_cancelling.is_in(text)
        || !asked && HELD.unless_asked.is_in(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &HELD.harmless_if,
            &HELD.taken_back,
            &HELD.restores,
            &HELD.undecided,
            &HELD.another_thing,
            &HELD.beside_another,
            &HELD.otherwise,
            &HELD.tells_of_cancelling,
            &HELD.tells_of_own_cancelling,
            &HELD.unless_asked,
            &HELD.sent_by_mistake,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
        let judged = |text: &&String, expected: bool| holds(text, true) == expected;
        let missed = HELD.on_condition.examples.iter();
        assert_eq!(missed.clone().find(|text| judged(text, false)), None);
        let harmless = HELD.on_condition.counter_examples.iter();
        assert_eq!(harmless.clone().find(|text| judged(text, true)), None);
    }
}
