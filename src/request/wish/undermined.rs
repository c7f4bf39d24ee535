//! Words beside a request that take its force away: the cancelling is only spoken of, the number is that of another
//! booking or in doubt, the obstacle is gone, the place is passed on, only a part is meant. A person reads the letter.

use crate::read::grammar::{self, Rule};
use crate::request::fields::{self, Field};
use crate::request::sentences;
use serde::Deserialize;
use std::sync::LazyLock;

/// How they are worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undermining {
    spoken_of: Rule,
    number_of_the_other: Rule,
    obstacle_gone: Rule,
    place_passed_on: Rule,
    slip: Rule,
    ask_first: Rule,
    another_need: Rule,
    about_it: Rule,
    reluctant: Rule,
    only_a_part: Rule,
    left_open: Rule,
    no_reason_at_all: Rule,
    missed_already: Rule,
    some_of_us: Rule,
    number_in_doubt: Rule,
    of_something_else: Rule,
}

static UNDERMINING: LazyLock<Undermining> =
    LazyLock::new(|| grammar::embedded(include_str!("undermined.toml")));

/// Whether anything in the body, its lines joined, takes the force from a request to cancel.
pub fn cancelling(body: &str) -> bool {
    let rules = &*UNDERMINING;
    let joined = joined(body);
    // «Отмена записи 48213», and on the next line «больше не нужна»: the booking.
    body.lines().any(|line| rules.spoken_of.is_in(line.trim()))
        || is_gone(&joined)
        || rules.place_passed_on.is_in(joined.as_str())
        || rules.another_need.is_in(joined.as_str())
        || undermines_both(&joined)
        || sentences::split(body)
            .iter()
            .any(|said| is_only_about_it(said))
}

fn is_only_about_it(sentence: &str) -> bool {
    let rules = &*UNDERMINING;
    [&rules.about_it, &rules.reluctant, &rules.only_a_part]
        .iter()
        .any(|rule| rule.is_in(sentence))
}

/// Whether what stands behind the label of the reason is none, and takes the request back: «Причина: шутка».
pub fn gives_no_reason(body: &str, fields: &[Field]) -> bool {
    let told = fields::labelled_reason(body, fields);
    told.is_some_and(|told| UNDERMINING.no_reason_at_all.is_in(told.trim()))
}

/// As [`cancelling`], of a request to restore. An obstacle that is gone is a reason for it.
pub fn restoring(body: &str) -> bool {
    let about_it = |said: &String| UNDERMINING.about_it.is_in(said.as_str());
    undermines_both(&joined(body)) || sentences::split(body).iter().any(about_it)
}

fn undermines_both(text: &str) -> bool {
    let rules = &*UNDERMINING;
    let both = [
        &rules.slip,
        &rules.ask_first,
        &rules.left_open,
        &rules.missed_already,
        &rules.some_of_us,
        &rules.number_in_doubt,
        &rules.of_something_else,
    ];
    both.iter().any(|rule| rule.is_in(text)) || is_of_the_other(text)
}

/// «Не с кем оставить ребёнка, няня не пришла»: the obstacle stays.
fn is_gone(text: &str) -> bool {
    let told = UNDERMINING.obstacle_gone.all(text);
    let gone = |told: &str| !told.contains(" не ");
    told.into_iter()
        .any(|range| text.get(range).is_some_and(gone))
}

/// «Отмените окулиста, 48213 это окулист»: both are the same.
fn is_of_the_other(text: &str) -> bool {
    const STEM: usize = 4;
    let another = |told: &str| {
        let words = told.split(|c: char| !c.is_alphabetic());
        let stem = |word: &str| word.to_lowercase().chars().take(STEM).collect::<String>();
        let stems: Vec<String> = words.filter(|w| w.chars().count() > 2).map(stem).collect();
        let named = |stem: &String| !["запи", "это", "отме"].contains(&stem.as_str());
        let mut rest = stems.iter().filter(|stem| named(stem));
        while let Some(stem) = rest.next() {
            let same = |other: &String| other.starts_with(stem) || stem.starts_with(other);
            if rest.clone().any(same) {
                return false;
            }
        }
        true
    };
    let told = UNDERMINING.number_of_the_other.all(text);
    told.into_iter()
        .any(|range| text.get(range).is_some_and(another))
}

fn joined(body: &str) -> String {
    body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_rule_judges_its_examples() {
        let rules: BTreeMap<String, Rule> = grammar::embedded(include_str!("undermined.toml"));
        for (name, rule) in rules {
            assert_eq!(rule.misjudged(), None, "{name}");
        }
    }

    #[test]
    fn a_restoring_may_tell_that_the_obstacle_is_gone() {
        let told = "не отпускали с работы,\nтеперь отпустили";
        assert!(cancelling("не отпускают с работы.\nОтпустили"));
        assert!(!restoring(told) && restoring("восстановите дочку, 48213 сын"));
    }
}
