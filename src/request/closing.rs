//! What stands below the closing words of a letter, «С уважением»: post, firm and address say nothing of the wish.

use crate::read::grammar::{self, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

/// How the lines of a signature are worded; each rule is of a whole line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Closing {
    begins: Rule,
    post: Rule,
    firm: Rule,
    address: Rule,
    contact: Rule,
    speaks: Rule,
}

static CLOSING: LazyLock<Closing> =
    LazyLock::new(|| grammar::embedded(include_str!("closing.toml")));

/// Characters of the longest line of a signature.
const LONGEST: usize = 120;

/// The text without the lines below its closing words that tell what the writer is and where he works; names and
/// telephones stay. It ends at the first line that says anything else.
pub fn without_posts(text: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut within = false;
    for line in text.split('\n') {
        let bare = line.trim();
        let begins = CLOSING.begins.is_all_of(bare);
        let signed = within && is_of_a_signature(bare);
        within = begins || within && (bare.is_empty() || signed || is_name_or_telephone(bare));
        kept.push(if signed { "" } else { line });
    }
    kept.join("\n")
}

fn is_of_a_signature(line: &str) -> bool {
    let rules = &*CLOSING;
    line.chars().count() <= LONGEST
        && !rules.speaks.is_in(line)
        && (rules.post.is_all_of(line)
            || rules.firm.is_all_of(line)
            || rules.address.is_all_of(line) && line.contains(char::is_alphabetic)
            || rules.contact.is_all_of(line) && !holds_a_telephone(line))
}

/// A telephone is read where it stands.
fn holds_a_telephone(line: &str) -> bool {
    const LEAST_DIGITS: usize = 10;
    line.chars().filter(char::is_ascii_digit).count() >= LEAST_DIGITS
}

fn is_name_or_telephone(line: &str) -> bool {
    const MOST_WORDS: usize = 4;
    let words = line.split_whitespace();
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    CLOSING.contact.is_all_of(line)
        || !line.contains(char::is_alphabetic)
        || !CLOSING.speaks.is_in(line)
            && words.clone().count() <= MOST_WORDS
            && words.clone().all(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [
            &CLOSING.begins,
            &CLOSING.post,
            &CLOSING.firm,
            &CLOSING.address,
            &CLOSING.contact,
        ] {
            let whole = |text: &&String| rule.is_all_of(text.as_str());
            assert_eq!(rule.examples.iter().find(|text| !whole(text)), None);
            let dropped = |text: &&String| whole(text) && !CLOSING.speaks.is_in(text.as_str());
            assert_eq!(rule.counter_examples.iter().find(dropped), None);
        }
        assert_eq!(CLOSING.speaks.misjudged(), None);
    }

    #[test]
    fn a_post_is_dropped_below_the_closing_words_only() {
        let signed = "ДА\n\nС уважением,\nПётр Соколов\nруководитель отдела продаж\nООО «Ромашка»\nМоб.: +7 (916) 555-44-33\nг. Москва, ул. Ленина, д. 10, оф. 305\n@";
        let kept = without_posts(signed);
        assert_eq!(
            kept.split_whitespace().collect::<Vec<_>>().join(" "),
            "ДА С уважением, Пётр Соколов Моб.: +7 (916) 555-44-33"
        );
        for text in [
            "Отмените\nдиректор",
            "С уважением,\nПётр Соколов\nP.S. Не отменяйте\nдиректор",
            "С уважением,\nНачальник против",
        ] {
            assert_eq!(without_posts(text), text);
        }
    }
}
