//! The number in a letter is that of another booking than the one it asks about: of the new one that stays, of the
//! writer where a relative stays away, of two persons of whom one comes. A person reads the letter.

use crate::read::grammar::{self, Rule};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Characters of a letter in which that is sought: a longer story a person reads anyhow.
const LONGEST: usize = 600;

/// All rules of the file; each tells its kind by its name.
static ANOTHER: LazyLock<BTreeMap<String, Rule>> =
    LazyLock::new(|| grammar::embedded(include_str!("another_number.toml")));

/// Whether the words of a letter, taken together, tell of another booking beside the one that they name.
pub fn is_given(body: &str) -> bool {
    let end = body
        .char_indices()
        .nth(LONGEST)
        .map_or(body.len(), |(at, _)| at);
    let text = grammar::Text::of(body.get(..end).unwrap_or_default());
    ANOTHER.values().any(|rule| rule.is_in(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        assert!(ANOTHER.len() > 3);
        for (name, rule) in &*ANOTHER {
            assert_eq!(rule.misjudged(), None, "{name}");
        }
    }
}
