//! Another errand under a subject of cancelling: «Моя фамилия теперь Белкина, поправьте в записи». Who neither asks
//! to cancel nor tells why writes of something else; a person reads the letter.

use crate::read::grammar::{self, Rule};
use crate::request::speech::{self, Sentence, told};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// All rules of the file; each tells its kind by its name.
static ERRANDS: LazyLock<BTreeMap<String, Rule>> =
    LazyLock::new(|| grammar::embedded(include_str!("other_errand.toml")));

/// Whether a sentence is about another errand, and none asks to cancel, tells that nobody comes, or why.
pub fn is_run(texts: &[String]) -> bool {
    let another = |text: &String| ERRANDS.values().any(|rule| rule.is_in(text.as_str()));
    let cancels = |text: &String| {
        let (g, said) = (speech::grammar(), Sentence::read(text));
        g.cancel.is_in(&said) || g.absent.is_in(&said) || told::explains(text)
    };
    texts.iter().any(another) && !texts.iter().any(|text| !another(text) && cancels(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        assert!(ERRANDS.len() > 2);
        for (name, rule) in &*ERRANDS {
            assert_eq!(rule.misjudged(), None, "{name}");
        }
    }

    #[test]
    fn another_errand_is_none_beside_a_request() {
        let run = |text: &str| is_run(&crate::request::sentences::split(text));
        assert!(run("Здравствуйте. У меня вопрос по отмене."));
        assert!(!run(
            "У меня вопрос по отмене. Отмените, пожалуйста, запись."
        ));
        assert!(!run("Не приду, заболела. Телефон теперь новый."));
    }
}
