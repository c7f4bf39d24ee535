//! The `<style>` sheets of a letter: which declarations hold for an element by its name, class and id.
//!
//! Rules for a medium or a state of the page are left aside, and so are those that depend on other
//! elements: they would hide what a reader sees more often than what he does not.

use super::styles::{Declaration, declarations};
use cssparser::{
    AtRuleParser, ParseError, Parser, ParserState, QualifiedRuleParser, StyleSheetParser, Token,
};
use std::collections::BTreeMap;

/// Octets of all sheets that are read.
const OCTETS: usize = 256 * 1024;
/// Rules that are kept for one name, class or id.
const RULES: usize = 20;
/// Classes of one element that are looked up.
const CLASSES: usize = 20;

/// The sheets of one letter.
#[derive(Debug, Default)]
pub struct Sheets {
    octets: usize,
    rules: usize,
    by_key: BTreeMap<Key, Vec<Rule>>,
}

/// One part of a selector, in small letters. A name is weaker than a class, a class weaker than an id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Any,
    Name(String),
    Class(String),
    Id(String),
}

#[derive(Debug)]
struct Rule {
    place: usize,
    /// What must hold besides the key it is kept under.
    others: Vec<Key>,
    declarations: Vec<Declaration>,
}

impl Sheets {
    /// Reads one sheet more.
    pub fn add(&mut self, css: &str) {
        self.octets = self.octets.saturating_add(css.len());
        if self.octets > OCTETS {
            return;
        }
        let mut input = Parser::new(css);
        let mut reader = Reader;
        let rules = StyleSheetParser::new(&mut input, &mut reader).flatten();
        for (selectors, declarations) in rules {
            for mut selector in selectors {
                let Some(key) = selector.pop() else { continue };
                self.rules += 1;
                let kept = self.by_key.entry(key).or_default();
                if kept.len() < RULES {
                    kept.push(Rule {
                        place: self.rules,
                        others: selector,
                        declarations: declarations.clone(),
                    });
                }
            }
        }
    }

    /// What is declared for an element, the weakest first.
    pub fn declared(&self, name: &str, class: &str, id: &str) -> Vec<Declaration> {
        if self.by_key.is_empty() {
            return Vec::new();
        }
        let mut keys = vec![Key::Any, Key::Name(name.to_owned())];
        let classes = class.split_whitespace().take(CLASSES);
        keys.extend(classes.map(|class| Key::Class(class.to_owned())));
        keys.extend((!id.is_empty()).then(|| Key::Id(id.to_owned())));
        keys.sort();
        keys.dedup();
        let mut rules: Vec<(usize, &Rule)> = keys
            .iter()
            .filter_map(|key| Some((strength(key), self.by_key.get(key)?)))
            .flat_map(|(strength, rules)| rules.iter().map(move |rule| (strength, rule)))
            .filter(|(_, rule)| rule.others.iter().all(|other| keys.contains(other)))
            .collect();
        rules.sort_by_key(|(strength, rule)| (*strength, rule.others.len(), rule.place));
        rules
            .into_iter()
            .flat_map(|(_, rule)| rule.declarations.iter().cloned())
            .collect()
    }
}

const fn strength(key: &Key) -> usize {
    match key {
        Key::Any => 0,
        Key::Name(_) => 1,
        Key::Class(_) => 2,
        Key::Id(_) => 3,
    }
}

/// The parts that must all hold, the strongest last.
type Selector = Vec<Key>;

struct Reader;

impl AtRuleParser<'_> for Reader {
    type Prelude = ();
    type AtRule = (Vec<Selector>, Vec<Declaration>);
    type Error = ();
}

impl<'i> QualifiedRuleParser<'i> for Reader {
    type Prelude = Vec<Selector>;
    type QualifiedRule = (Vec<Selector>, Vec<Declaration>);
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, ParseError<()>> {
        Ok(input.parse_comma_separated_ignoring_errors(selector))
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<Self::QualifiedRule, ParseError<()>> {
        Ok((selectors, declarations(input)))
    }
}

/// A selector of one element, `td.note`; `body` above it changes nothing.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else a selector holds makes it depend on other things"
)]
fn selector(input: &mut Parser<'_>) -> Result<Selector, ParseError<()>> {
    let mut keys = Vec::new();
    input.skip_whitespace();
    let mut class = false;
    while let Ok(token) = input.next_including_whitespace().cloned() {
        let key = match token {
            Token::Ident(name) if class => Key::Class(name.to_ascii_lowercase()),
            Token::Ident(name) => Key::Name(name.to_ascii_lowercase()),
            Token::IDHash(id) | Token::Hash(id) => Key::Id(id.to_ascii_lowercase()),
            Token::Delim('*') => Key::Any,
            Token::Delim('.') => {
                class = true;
                continue;
            }
            Token::WhiteSpace(_) if input.is_exhausted() => break,
            Token::WhiteSpace(_) if is_page(&keys) => {
                keys.clear();
                continue;
            }
            _ => return Err(ParseError::unexpected_token()),
        };
        class = false;
        keys.push(key);
    }
    keys.sort();
    if keys.is_empty() {
        return Err(ParseError::unexpected_token());
    }
    Ok(keys)
}

fn is_page(keys: &[Key]) -> bool {
    matches!(keys, [Key::Name(name)] if name == "body" || name == "html")
}

#[cfg(test)]
mod tests {
    use super::super::styles::Style;
    use super::*;

    fn hides(css: &str, element: (&str, &str, &str), attribute: &str) -> bool {
        let mut sheets = Sheets::default();
        sheets.add(css);
        let (name, class, id) = element;
        Style::of(sheets.declared(name, class, id), attribute).hides()
    }

    #[test]
    fn a_rule_holds_for_its_elements_only() {
        let note = ("td", "small note", "n1");
        for css in [
            ".note{display:none}",
            "td.note { display : none }",
            "#n1{display:none}",
            "p, .x, td{display:none}",
            "<!-- .note{display:none} -->",
            "@import url(a.css); /* a */ .note{color:red;display:none}",
            "body .note{display:none}",
            "*{display:none}",
            ".note.small{display:none}",
            "} .x{} .note{display:none",
        ] {
            assert!(hides(css, note, ""), "{css}");
        }
        for css in [
            "",
            ".other{display:none}",
            "p.note{display:none}",
            ".note.large{display:none}",
            "@media print{.note{display:none}}",
            ".note:empty{display:none}",
            "u + .note{display:none}",
            "table.ad td{display:none}",
            "[class=note]{display:none}",
            ".note{content:'display:none'}",
        ] {
            assert!(!hides(css, note, ""), "{css}");
        }
    }

    #[test]
    fn the_stronger_rule_counts() {
        let note = ("p", "note", "n1");
        assert!(!hides(".note{display:none} #n1{display:block}", note, ""));
        assert!(!hides("#n1{display:block} .note{display:none}", note, ""));
        assert!(!hides(".note{display:none}", note, "display:block"));
        assert!(hides(
            ".note{display:none!important}",
            note,
            "display:block"
        ));
        assert!(hides("p{display:block} .note{display:none}", note, ""));
        assert!(hides(".note{display:none} p{display:block}", note, ""));
    }
}
