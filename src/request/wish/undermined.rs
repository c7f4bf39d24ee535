//! Words beside a request that take its force away: the cancelling is only spoken of, the number is that of another
//! booking, the obstacle is gone, the place is passed on. A person reads the letter.

use crate::read::grammar::{self, Rule};
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
}

static UNDERMINING: LazyLock<Undermining> =
    LazyLock::new(|| grammar::embedded(include_str!("undermined.toml")));

/// Whether anything in the body, its lines joined, takes the force from a request to cancel.
pub fn cancelling(body: &str) -> bool {
    let rules = &*UNDERMINING;
    let of_cancelling = [
        &rules.spoken_of,
        &rules.obstacle_gone,
        &rules.place_passed_on,
        &rules.another_need,
    ];
    let joined = joined(body);
    any(&of_cancelling, &joined) || any(&of_both(), &joined)
}

/// As [`cancelling`], of a request to restore. An obstacle that is gone is a reason for it.
pub fn restoring(body: &str) -> bool {
    any(&of_both(), &joined(body))
}

fn of_both() -> [&'static Rule; 3] {
    let rules = &*UNDERMINING;
    [&rules.number_of_the_other, &rules.slip, &rules.ask_first]
}

fn any(rules: &[&Rule], text: &str) -> bool {
    rules.iter().any(|rule| rule.is_in(text))
}

fn joined(body: &str) -> String {
    body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        let rules = &*UNDERMINING;
        for rule in [
            &rules.spoken_of,
            &rules.number_of_the_other,
            &rules.obstacle_gone,
            &rules.place_passed_on,
            &rules.slip,
            &rules.ask_first,
            &rules.another_need,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
    }

    #[test]
    fn a_restoring_may_tell_that_the_obstacle_is_gone() {
        let told = "не отпускали с работы,\nтеперь отпустили";
        assert!(cancelling("не отпускают с работы.\nОтпустили"));
        assert!(!restoring(told) && restoring("восстановите дочку, 48213 сын"));
    }
}
