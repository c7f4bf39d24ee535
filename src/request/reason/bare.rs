//! Reasons of two or three words that are all of a letter, or all of a clause: «По работе», «Отмените, у сына 39».

use super::Told;
use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How they are worded; the rule is of a whole clause.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bare {
    bare: Rule,
}

static BARE: LazyLock<Bare> = LazyLock::new(|| grammar::embedded(include_str!("bare.toml")));

/// Characters around a clause that belong to nothing.
const AROUND: [char; 7] = [' ', '.', '!', ',', ')', '(', ':'];

/// Whether the text is such a reason and nothing else.
pub fn is_one(text: &str) -> bool {
    BARE.bare.is_all_of(text.trim_matches(AROUND))
}

/// The first clause that is one.
pub fn told(all: &[Told]) -> Option<String> {
    let clauses = all.iter().flat_map(|sentence| clauses(&sentence.text));
    clauses
        .map(|clause| clause.trim_matches(AROUND))
        .find(|clause| BARE.bare.is_all_of(*clause))
        .map(str::to_owned)
}

/// The sentence and its parts between commas; the decimals of a figure are no part.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    std::iter::once(text).chain(text.split(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_judges_its_examples() {
        let rule = &BARE.bare;
        let whole = |text: &&String| rule.is_all_of(text.as_str());
        assert_eq!(rule.examples.iter().find(|text| !whole(text)), None);
        assert_eq!(rule.counter_examples.iter().find(whole), None);
    }

    #[test]
    fn a_clause_may_be_one() {
        let told = |text: &str| {
            told(&[Told {
                text: text.to_owned(),
                among: false,
            }])
        };
        assert_eq!(told("Отмените, темп 38").as_deref(), Some("темп 38"));
        assert_eq!(told("Отмените. Спасибо"), None);
    }
}
