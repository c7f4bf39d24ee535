//! The grammar of requests: word lists and patterns of `words.toml` and `fields.toml`.

use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How wishes are worded.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub courtesy: Rule,
    pub reply_prefix: Rule,
    pub no_name: Rule,
    pub heading_goes_on: Rule,
}

/// How the details are labelled and what stands around them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldWords {
    pub number: Rule,
    pub name: Rule,
    pub surname: Rule,
    pub given_name: Rule,
    pub patronymic: Rule,
    pub date: Rule,
    pub time: Rule,
    pub phone: Rule,
    pub reason: Rule,
    pub as_you_like: Rule,
    pub foreign_date: Rule,
    pub remark: Rule,
    pub other: Rule,
    pub booking_noun: Rule,
    pub foreign_noun: Rule,
    pub foreign_place: Rule,
    pub date_of_appointment: Rule,
    pub date_of_other: Rule,
    pub date_of_birth_after: Rule,
    pub time_of_appointment: Rule,
    pub time_of_other: Rule,
    /// Behind a time: «9:30 совещание».
    pub time_of_other_behind: Rule,
    pub name_opening: Rule,
    pub sign_off: Rule,
    pub patronymic_word: Rule,
    pub no_person: Rule,
    pub reason_clause: Rule,
    pub outright_request: Rule,
}

/// The wording of wishes, compiled once.
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| grammar::embedded(include_str!("words.toml")));
    &WORDS
}

/// The wording of details, compiled once.
pub fn fields() -> &'static FieldWords {
    static FIELDS: LazyLock<FieldWords> =
        LazyLock::new(|| grammar::embedded(include_str!("fields.toml")));
    &FIELDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_rule_judges_its_examples() {
        let mut judged = 0;
        let mut wrong = Vec::new();
        for file in [include_str!("words.toml"), include_str!("fields.toml")] {
            let rules: BTreeMap<String, Rule> = grammar::embedded(file);
            for (name, rule) in rules {
                judged += rule.examples.len();
                if let Some(text) = rule.misjudged() {
                    wrong.push(format!("{name}: {text}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
        assert!(judged > 100);
    }
}
