//! The number in a letter is that of another booking than the one it asks about: of the new one that stays, of the
//! writer where a relative stays away, of two persons of whom one comes. A person reads the letter.

use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// Characters of a letter in which that is sought: a longer story a person reads anyhow.
const LONGEST: usize = 600;

/// How that is worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnotherNumber {
    stays: Rule,
    of_another_person: Rule,
    part_of_it: Rule,
    doubtful: Rule,
}

static ANOTHER: LazyLock<AnotherNumber> =
    LazyLock::new(|| grammar::embedded(include_str!("another_number.toml")));

/// Whether the words of a letter, taken together, tell that the number in it is not that of the booking they ask
/// about.
pub fn is_given(body: &str) -> bool {
    let rules = [
        &ANOTHER.stays,
        &ANOTHER.of_another_person,
        &ANOTHER.doubtful,
    ];
    any(&rules, body)
}

/// Whether only one of several persons, or of several services, is to be taken out of the booking.
pub fn asks_for_a_part(body: &str) -> bool {
    any(&[&ANOTHER.part_of_it], body)
}

fn any(rules: &[&Rule], body: &str) -> bool {
    let end = body
        .char_indices()
        .nth(LONGEST)
        .map_or(body.len(), |(at, _)| at);
    let text = grammar::Text::of(body.get(..end).unwrap_or_default());
    rules.iter().any(|rule| rule.is_in(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        let rules = &*ANOTHER;
        for rule in [
            &rules.stays,
            &rules.of_another_person,
            &rules.part_of_it,
            &rules.doubtful,
        ] {
            assert_eq!(rule.misjudged(), None);
        }
    }
}
