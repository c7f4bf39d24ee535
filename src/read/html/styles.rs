//! What the style of an element tells: whether a reader sees it at all, and how it lies on the page.

use super::colors::{BARELY_SEEN, Color};
use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState,
    QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser,
};

/// Declarations of one rule that are read.
const DECLARATIONS: usize = 100;

/// One declaration, `display: none !important`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// In small letters.
    name: String,
    /// In small letters, without comments, single spaces.
    value: String,
    important: bool,
}

/// The style of one element.
#[derive(Debug, Default)]
pub struct Style {
    /// The weakest first.
    declarations: Vec<Declaration>,
}

/// The declarations in the braces of a rule or in a `style` attribute.
pub fn declarations<'i>(input: &mut Parser<'i>) -> Vec<Declaration> {
    RuleBodyParser::new(input, &mut Reader)
        .flatten()
        .take(DECLARATIONS)
        .collect()
}

struct Reader;

impl<'i> DeclarationParser<'i> for Reader {
    type Declaration = Declaration;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _: &ParserState,
    ) -> Result<Declaration, ParseError<()>> {
        let start = input.position();
        while input.next().is_ok() {}
        let value = without_comments(input.slice_from(start)).to_ascii_lowercase();
        let words: Vec<&str> = value.split_whitespace().collect();
        let value = words.join(" ");
        let plain = value
            .strip_suffix("important")
            .and_then(|value| value.trim_end().strip_suffix('!'));
        Ok(Declaration {
            name: name.to_ascii_lowercase(),
            important: plain.is_some(),
            value: plain.unwrap_or(&value).trim_end().to_owned(),
        })
    }
}

impl AtRuleParser<'_> for Reader {
    type Prelude = ();
    type AtRule = Declaration;
    type Error = ();
}

impl QualifiedRuleParser<'_> for Reader {
    type Prelude = ();
    type QualifiedRule = Declaration;
    type Error = ();
}

impl RuleBodyItemParser<'_, Declaration, ()> for Reader {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}

fn without_comments(value: &str) -> String {
    let mut pieces = value.split("/*");
    let mut seen = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        seen.push_str(piece.split_once("*/").map_or("", |(_, behind)| behind));
    }
    seen
}

impl Style {
    /// The style of an element: what the sheets of the letter say of it, the weakest first, and its
    /// own attribute.
    pub fn of(sheets: Vec<Declaration>, attribute: &str) -> Self {
        let mut style = Self {
            declarations: sheets,
        };
        if !attribute.is_empty() {
            style
                .declarations
                .extend(declarations(&mut Parser::new(attribute)));
        }
        style
    }

    /// The value that counts of the first of these properties that is declared.
    pub fn value(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| {
            let named = || self.declarations.iter().rev().filter(|d| d.name == *name);
            let strongest = named().find(|d| d.important).or_else(|| named().next());
            strongest.map(|declaration| declaration.value.as_str())
        })
    }

    /// Whether the value that counts begins with one of these words.
    pub fn says(&self, name: &str, words: &[&str]) -> bool {
        self.value(&[name])
            .is_some_and(|value| words.iter().any(|word| value.starts_with(word)))
    }

    /// Whether a reader sees nothing of the element.
    pub fn hides(&self) -> bool {
        const HIDING: [(&str, &[&str]); 7] = [
            ("display", &["none"]),
            ("visibility", &["hidden", "collapse"]),
            ("mso-hide", &["all"]),
            ("clip-path", &["inset(100%", "inset( 100%"]),
            ("clip", &["rect(0"]),
            ("transform", &["scale(0)"]),
            ("font", &["0/0"]),
        ];
        const FAR_AWAY: [&str; 4] = ["text-indent", "left", "top", "margin-left"];
        let zero = |name: &str| self.value(&[name]).is_some_and(is_zero);
        let clipped = self.says("overflow", &["hidden"]) && (zero("height") || zero("width"));
        let opacity = self
            .value(&["opacity"])
            .and_then(|value| value.parse().ok());
        let decorations = [
            self.value(&["text-decoration"]),
            self.value(&["text-decoration-line"]),
        ];
        HIDING.iter().any(|(name, words)| self.says(name, words))
            || decorations
                .iter()
                .flatten()
                .any(|value| value.contains("line-through"))
            || FAR_AWAY
                .iter()
                .any(|name| self.value(&[name]).is_some_and(is_far_away))
            || zero("max-height")
            || zero("zoom")
            || opacity.is_some_and(|opacity: f32| opacity < BARELY_SEEN)
            || clipped
    }

    /// Whether its letters have a size, and whether it is none: what stands within may have another.
    pub fn letter_size_is_zero(&self) -> Option<bool> {
        let size = self.value(&["font-size"])?;
        size.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            .then(|| is_zero(size))
    }

    /// Whether a bar stands on its left and nowhere else, as programs mark what is quoted.
    pub fn is_barred(&self) -> bool {
        let drawn = |names: &[&str]| self.value(names).is_some_and(is_drawn);
        let sides: Vec<&str> = self
            .value(&["border-style"])
            .map(|value| value.split(' ').collect())
            .unwrap_or_default();
        let of_four =
            matches!(sides.as_slice(), [top, _, _, left] if is_drawn(left) && !is_drawn(top));
        let left = drawn(&["border-left", "border-inline-start"])
            || drawn(&["border-left-style"])
            || of_four;
        let framed = drawn(&["border"]) || drawn(&["border-right", "border-inline-end"]);
        let thin = self.value(&["border-left-width"]).is_some_and(is_zero);
        left && !framed && !thin
    }

    /// Whether it stands on lines of its own, whatever element it is.
    pub fn is_block(&self) -> bool {
        const BLOCK: [&str; 5] = ["block", "flex", "grid", "table", "list-item"];
        let display = self.value(&["display"]);
        display.is_some_and(|display| BLOCK.contains(&display))
    }

    /// The colour of its letters, by its style or by the attribute.
    pub fn color(&self, attribute: Option<&str>) -> Option<Color> {
        self.value(&["color"])
            .and_then(Color::of)
            .or_else(|| attribute.and_then(Color::of_attribute))
    }

    /// What lies behind its letters, by its style or by the attribute.
    pub fn ground(&self, attribute: Option<&str>) -> Option<Ground> {
        let declared = self.value(&["background-color", "background"]);
        let picture = self.value(&["background-image", "background"]);
        if picture.is_some_and(|value| value.contains("url(") || value.contains("gradient(")) {
            return Some(Ground::Picture);
        }
        declared
            .and_then(Color::of)
            .or_else(|| attribute.and_then(Color::of_attribute))
            .filter(|color| !color.is_glassy())
            .map(Ground::Color)
    }
}

/// What lies behind letters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ground {
    Color(Color),
    /// Nobody knows which colour: whatever stands on it counts as seen.
    Picture,
}

/// «2px solid #ccc»: a border that one sees.
fn is_drawn(value: &str) -> bool {
    const LINES: [&str; 8] = [
        "solid", "double", "dashed", "dotted", "ridge", "groove", "inset", "outset",
    ];
    let mut words = value.split(' ');
    words.clone().any(|word| LINES.contains(&word)) && !words.any(is_zero)
}

fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.parse::<f32>() == Ok(0.0)
}

/// «-9999px» is out of sight; a small indent is a matter of style.
fn is_far_away(value: &str) -> bool {
    const FAR: usize = 4;
    value
        .strip_prefix('-')
        .is_some_and(|value| value.bytes().take_while(u8::is_ascii_digit).count() >= FAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(attribute: &str) -> Style {
        Style::of(Vec::new(), attribute)
    }

    #[test]
    fn what_nobody_sees_is_told_from_what_is_only_small_or_moved() {
        for hiding in [
            "display: none",
            "display:/**/none",
            "DISPLAY:NONE ! important",
            r"d\69splay:none",
            "opacity:0.0",
            "opacity:.01",
            "height:0; overflow:hidden",
            "position:absolute; left:-9999px",
            "text-indent:-9999px",
            "transform:scale(0)",
            "text-decoration: underline line-through",
            "clip: rect(0, 0, 0, 0)",
            "display:none !important; display:block",
        ] {
            assert!(style(hiding).hides(), "{hiding}");
        }
        for seen in [
            "display:block",
            "display:none; display:block",
            "font-size:10pt",
            "opacity:0.9",
            "height:0",
            "margin-left:-10px",
            "text-indent:-18.0pt",
            "color:#fff",
            "content:\"display:none\"",
        ] {
            assert!(!style(seen).hides(), "{seen}");
        }
    }

    #[test]
    fn a_bar_on_the_left_is_told_from_a_frame() {
        for barred in [
            "border-left:2px solid #ccc;padding-left:8px",
            "border:none;border-left:solid blue 1.5pt",
            "border-inline-start:2px solid #ccc",
            "border-color:blue;border-style:none none none solid;border-width:0 0 0 2px",
            "border-left-style:solid;border-left-width:2px",
        ] {
            assert!(style(barred).is_barred(), "{barred}");
        }
        for other in [
            "border:1px solid #ccc",
            "border-left:none",
            "border-left:0 solid #ccc",
            "border-left:1px solid;border-right:1px solid",
            "border-top:1px solid",
            "border-left-color:red",
        ] {
            assert!(!style(other).is_barred(), "{other}");
        }
    }

    #[test]
    fn size_and_display_are_told() {
        let size = |attribute: &str| style(attribute).letter_size_is_zero();
        assert_eq!(size("font-size: 0.0pt"), Some(true));
        assert_eq!(size("font-size:0!important"), Some(true));
        assert_eq!(size("font-size:13px"), Some(false));
        assert_eq!(size("font-size:inherit"), None);
        assert!(style("color:red; display: block !important").is_block());
        assert!(!style("display:inline-block").is_block());
    }

    #[test]
    fn colours_are_told_by_style_and_attribute() {
        let white = Some(Color::WHITE);
        assert_eq!(style("color: #FFF").color(None), white);
        assert_eq!(style("").color(Some("white")), white);
        assert_ne!(style("color:black").color(Some("white")), white);
        let ground = Some(Ground::Color(Color::WHITE));
        assert_eq!(style("background:white").ground(Some("black")), ground);
        assert_eq!(style("background-color:transparent").ground(None), None);
        let picture = style("background:#fff url(a.png)").ground(None);
        assert_eq!(picture, Some(Ground::Picture));
    }
}
