//! The `<style>` sheets of a letter: which declarations hold for an element by its name, class, id and attributes,
//! and by the elements around it.
//!
//! Rules for another medium than a screen, for a state of the page or by the elements beside it are left aside:
//! they would hide what a reader sees more often than what he does not.

use super::selectors::{Element, Selector, selector};
use super::styles::{Declaration, declarations};
use cssparser::{
    AtRuleParser, CowRcStr, ParseError, Parser, ParserState, QualifiedRuleParser, StyleSheetParser,
};
use std::cell::Cell;
use std::collections::BTreeMap;

/// Octets of all sheets that are read.
const OCTETS: usize = 256 * 1024;
/// Rules that are kept for one name, class or id.
const RULES: usize = 20;
/// Elements around those of a letter that are looked at, all together; nobody writes more.
const STEPS: usize = 2_000_000;
/// Rules within rules, `@supports` in `@media`.
const DEPTH: usize = 4;

/// The sheets of one letter.
#[derive(Debug, Default)]
pub struct Sheets {
    octets: usize,
    rules: usize,
    by_key: BTreeMap<String, Vec<Rule>>,
    steps: Cell<usize>,
}

#[derive(Debug)]
struct Rule {
    place: usize,
    selector: Selector,
    declarations: Vec<Declaration>,
}

/// The selectors of a rule, and what is declared for their elements.
type Ruled = (Vec<Selector>, Vec<Declaration>);

impl Sheets {
    /// Reads one sheet more; `media`: for which media it is, as its attribute tells.
    pub fn add(&mut self, css: &str, media: &str) {
        self.octets = self.octets.saturating_add(css.len());
        if self.octets > OCTETS || !is_for_screens(media) {
            return;
        }
        let mut input = Parser::new(css);
        let mut reader = Reader { depth: 0 };
        let rules = StyleSheetParser::new(&mut input, &mut reader).flatten();
        for (selectors, declarations) in rules.flatten() {
            for selector in selectors {
                self.rules += 1;
                let kept = self.by_key.entry(selector.key()).or_default();
                if kept.len() < RULES {
                    kept.push(Rule {
                        place: self.rules,
                        selector,
                        declarations: declarations.clone(),
                    });
                }
            }
        }
    }

    /// What is declared for an element within those `around` it, the outermost first; the weakest declaration
    /// first.
    pub fn declared<'e, A>(&self, element: &Element, around: A) -> Vec<Declaration>
    where
        A: DoubleEndedIterator<Item = &'e Element> + Clone,
    {
        if self.by_key.is_empty() {
            return Vec::new();
        }
        let mut rules: Vec<&Rule> = element
            .keys()
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .filter(|rule| {
                let steps = rule.selector.steps();
                self.steps.set(self.steps.get().saturating_add(steps));
                (steps == 0 || self.steps.get() < STEPS)
                    && rule.selector.fits(element, around.clone())
            })
            .collect();
        rules.sort_by_key(|rule| (rule.selector.strength(), rule.place));
        rules
            .into_iter()
            .flat_map(|rule| rule.declarations.iter().cloned())
            .collect()
    }
}

/// Whether a query such as `only screen and (min-width: 0)` holds on every screen: no other condition is known
/// to.
fn is_for_screens(query: &str) -> bool {
    /// No screen is narrower, in pixels.
    const NARROWEST: u16 = 320;
    let any_width = |part: &str| {
        let width = part.strip_prefix("(min-width:");
        let width = width.and_then(|width| width.strip_suffix(')'));
        width
            .map(|width| width.trim_end_matches("px"))
            .and_then(|width| width.parse::<u16>().ok())
            .is_some_and(|width| width <= NARROWEST)
    };
    let query = query.to_ascii_lowercase();
    query.split(',').any(|query| {
        let query = query.trim();
        let query = query.strip_prefix("only ").unwrap_or(query);
        let mut parts = query.split(" and ").map(|part| part.replace(' ', ""));
        query == "not print"
            || parts.all(|part| matches!(part.as_str(), "" | "all" | "screen") || any_width(&part))
    })
}

struct Reader {
    depth: usize,
}

impl<'i> AtRuleParser<'i> for Reader {
    /// Whether its rules hold.
    type Prelude = bool;
    type AtRule = Vec<Ruled>;
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<bool, ParseError<()>> {
        let start = input.position();
        while input.next().is_ok() {}
        let condition = input.slice_from(start);
        match name.to_ascii_lowercase().as_str() {
            "media" => Ok(is_for_screens(condition)),
            // What programs are asked whether they support it, they do.
            "supports" => Ok(!condition.contains("not ")),
            _ => Err(ParseError::unexpected_token()),
        }
    }

    fn parse_block(
        &mut self,
        holds: bool,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<Vec<Ruled>, ParseError<()>> {
        if !holds || self.depth >= DEPTH {
            return Ok(Vec::new());
        }
        let mut reader = Self {
            depth: self.depth + 1,
        };
        let rules = StyleSheetParser::new(input, &mut reader).flatten();
        Ok(rules.flatten().collect())
    }
}

impl<'i> QualifiedRuleParser<'i> for Reader {
    type Prelude = Vec<Selector>;
    type QualifiedRule = Vec<Ruled>;
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Vec<Selector>, ParseError<()>> {
        Ok(input.parse_comma_separated_ignoring_errors(selector))
    }

    fn parse_block(
        &mut self,
        selectors: Vec<Selector>,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<Vec<Ruled>, ParseError<()>> {
        Ok(vec![(selectors, declarations(input))])
    }
}

#[cfg(test)]
mod tests {
    use super::super::styles::Style;
    use super::*;

    fn hides(css: &str, element: (&str, &str, &str), attribute: &str) -> bool {
        let mut sheets = Sheets::default();
        sheets.add(css, "");
        let (name, class, id) = element;
        let element = Element::of(name.as_bytes(), &|key| match key {
            "class" => Some(class.to_owned()),
            "id" => Some(id.to_owned()),
            _ => None,
        });
        let around = [Element::of(b"body", &|_| None), table()];
        Style::of(sheets.declared(&element, around.iter()), attribute).hides()
    }

    /// `<table class="list" dir="ltr">`
    fn table() -> Element {
        Element::of(b"table", &|key| match key {
            "class" => Some("list".to_owned()),
            "dir" => Some("ltr".to_owned()),
            _ => None,
        })
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
            ".list td{display:none}",
            "table.list > .note{display:none}",
            "body table td.small{display:none}",
            "[class=note],[class~=note]{display:none}",
            "td[id^=n]{display:none}",
            "[id$='1'][id*=n]{display:none}",
            "[id]{display:none}",
            "[dir] > .note{display:none}",
            "@media only screen and (min-width:100px){.note{display:none}}",
            "@media screen{.note{display:none}}",
            "@media only screen and (min-width:0){.note{display:none}}",
            "@media print, all{@supports (display:grid){.note{display:none}}}",
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
            "td table{display:none}",
            "body > td{display:none}",
            "p table td{display:none}",
            "[class=note]{display:none}",
            "[lang]{display:none}",
            "@media (max-width:600px){.note{display:none}}",
            "@supports not (display:grid){.note{display:none}}",
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
