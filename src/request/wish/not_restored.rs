//! Turns of speech with which no rule restores a booking: another time or doctor, a dispute, money, a missed
//! appointment, something that is not decided. A person reads the letter.

use super::given_back;
use crate::read::grammar::{self, Rule};
use crate::request::sentences;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// All rules of the file; each tells its kind by its name.
static KEPT: LazyLock<BTreeMap<String, Rule>> =
    LazyLock::new(|| grammar::embedded(include_str!("not_restored.toml")));

/// Whether anything in the body wants a person before a booking is restored. What tells of the cancelling wants
/// none.
pub fn keeps_from_restoring(body: &str) -> bool {
    sentences::split(body)
        .iter()
        .map(|text| given_back::beside_the_request(text))
        .any(|text| KEPT.values().any(|rule| rule.is_in(text.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        assert!(KEPT.len() > 5);
        for (name, rule) in &*KEPT {
            assert_eq!(rule.misjudged(), None, "{name}");
        }
    }
}
