//! What the elements of HTML mean for a reader, and by which marks programs wrap quotes.

use super::colors::Color;
use super::styles::{Declaration, Ground, Style};
use crate::read::flowed::Mark;

/// What holds within an element.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Flags {
    /// A reader does not see it.
    pub hidden: bool,
    /// Quoted.
    pub quoted: bool,
    /// A signature.
    pub signature: bool,
    /// White space counts.
    pub preformatted: bool,
    /// Above or below the line, as the marks of footnotes are.
    pub raised: bool,
    /// From this element on everything is quoted.
    pub cut: bool,
    /// Its figures are shown in another order than they stand.
    pub reversed: bool,
    /// Its letters have no size.
    pub sizeless: bool,
    /// Its letters have a size of their own.
    pub sized: bool,
    /// It stands on lines of its own by its style.
    pub block: bool,
    /// The colour of its letters, if it has one of its own.
    pub color: Option<Color>,
    /// What lies behind them, if it is not the page.
    pub ground: Option<Ground>,
}

impl Flags {
    /// The flags of an element within one that has `self`.
    pub fn with(self, own: Self) -> Self {
        Self {
            hidden: self.hidden || own.hidden,
            quoted: self.quoted || own.quoted,
            signature: self.signature || own.signature,
            preformatted: self.preformatted || own.preformatted,
            raised: own.raised,
            sizeless: own.sizeless || self.sizeless && !own.sized,
            sized: false,
            block: own.block,
            cut: false,
            reversed: false,
            color: own.color.or(self.color),
            ground: own.ground.or(self.ground),
        }
    }

    /// Whether a reader sees nothing of the text directly within.
    pub fn unseen(self) -> bool {
        self.hidden || self.sizeless || self.has_the_colour_of_its_ground()
    }

    fn has_the_colour_of_its_ground(self) -> bool {
        let ground = match self.ground {
            Some(Ground::Picture) => return false,
            Some(Ground::Color(color)) => color,
            None => Color::WHITE,
        };
        self.color.is_some_and(|color| !color.is_seen_on(ground))
    }

    /// The mark of a line with these flags.
    pub const fn mark(self) -> Mark {
        if self.quoted {
            Mark::Quoted
        } else if self.signature {
            Mark::Signature
        } else {
            Mark::Plain
        }
    }
}

/// Elements that have no end tag.
pub fn is_void(name: &[u8]) -> bool {
    const VOID: [&[u8]; 16] = [
        b"area",
        b"base",
        b"basefont",
        b"br",
        b"col",
        b"embed",
        b"frame",
        b"hr",
        b"img",
        b"input",
        b"link",
        b"meta",
        b"param",
        b"source",
        b"track",
        b"wbr",
    ];
    VOID.contains(&name)
}

/// Elements that show something that is no text: a figure in a picture is not read.
pub fn is_picture(name: &[u8]) -> bool {
    const PICTURES: [&[u8]; 7] = [
        b"img", b"input", b"embed", b"iframe", b"object", b"video", b"canvas",
    ];
    PICTURES.contains(&name)
}

/// Elements that stand on lines of their own.
pub fn is_block(name: &[u8]) -> bool {
    const BLOCK: [&[u8]; 48] = [
        b"address",
        b"article",
        b"aside",
        b"blockquote",
        b"body",
        b"center",
        b"dd",
        b"details",
        b"dialog",
        b"dir",
        b"div",
        b"dl",
        b"dt",
        b"fieldset",
        b"figcaption",
        b"figure",
        b"footer",
        b"form",
        b"h1",
        b"h2",
        b"h3",
        b"h4",
        b"h5",
        b"h6",
        b"head",
        b"header",
        b"hr",
        b"html",
        b"li",
        b"main",
        b"menu",
        b"nav",
        b"ol",
        b"option",
        b"p",
        b"pre",
        b"section",
        b"summary",
        b"table",
        b"tbody",
        b"tr",
        b"ul",
        b"caption",
        b"title",
        b"legend",
        b"hgroup",
        b"listing",
        b"xmp",
    ];
    BLOCK.contains(&name)
}

/// Cells of a table: on one line with their neighbours.
pub fn is_cell(name: &[u8]) -> bool {
    matches!(name, b"td" | b"th")
}

/// Start tags that end an open paragraph.
pub fn closes_paragraph(name: &[u8]) -> bool {
    is_block(name) && !matches!(name, b"option" | b"body" | b"html")
}

/// The flags that `element` brings; `attribute` gives a value in lower case, `declared` is what the sheets of the
/// letter say of it.
pub fn flags(
    name: &[u8],
    attribute: &dyn Fn(&str) -> Option<String>,
    declared: Vec<Declaration>,
) -> Flags {
    let class = attribute("class").unwrap_or_default();
    let id = attribute("id").unwrap_or_default();
    let style = Style::of(declared, &attribute("style").unwrap_or_default());
    let size = style.letter_size_is_zero();
    Flags {
        hidden: is_hidden_element(name)
            || name == b"dialog" && attribute("open").is_none()
            || attribute("hidden").is_some()
            || style.hides(),
        quoted: is_quote(name, &class, &id, &style, attribute),
        signature: is_signature(&class, &id),
        preformatted: name == b"pre"
            || style.says("white-space", &["pre"]) && !style.says("white-space", &["pre-line"]),
        sizeless: size == Some(true),
        sized: size == Some(false),
        block: style.is_block(),
        color: style.color(attribute("color").as_deref()),
        ground: style.ground(attribute("bgcolor").as_deref()),
        reversed: name == b"bdo"
            || style.says("unicode-bidi", &["bidi-override", "isolate-override"]),
        raised: matches!(name, b"sup" | b"sub" | b"rt")
            || style.says("vertical-align", &["super", "sub"]),
        cut: is_cut(&class, &id)
            || name == b"div" && is_header_of_outlook(&style)
            || name == b"td" && is_bar(attribute),
    }
}

fn is_hidden_element(name: &[u8]) -> bool {
    matches!(
        name,
        b"style"
            | b"script"
            | b"title"
            | b"template"
            | b"xml"
            | b"object"
            | b"select"
            | b"noframes"
            | b"iframe"
            | b"svg"
            | b"audio"
            | b"video"
            | b"s"
            | b"strike"
            | b"del"
            | b"datalist"
            | b"rp"
            | b"annotation"
    )
}

fn is_quote(
    name: &[u8],
    class: &str,
    id: &str,
    style: &Style,
    attribute: &dyn Fn(&str) -> Option<String>,
) -> bool {
    // Prefixes, because some programs add an ending of their own («…_mr_css_attr») or «x_».
    const CLASSES: [&str; 12] = [
        "yahoo_quoted",
        "moz-cite-prefix",
        "mail-quote-collapse",
        "protonmail_quote",
        "tutanota_quote",
        "zmail_extra",
        "ms-outlook-mobile-reference-message",
        "replyquote",
        "gmail_quote_attribution",
        "reply-intro",
        "moz-forward-container",
        "quoted-text",
    ];
    const IDS: [&str; 7] = [
        "mail-app-auto-quote",
        "mail-editor-reference-message-container",
        "isforwardcontent",
        "isreplycontent",
        "reply-intro",
        "replyblockquote",
        "yahoo_quoted",
    ];
    if name == b"blockquote" {
        let margin = style.value(&["margin-left", "margin"]);
        let indent = style.says("border", &["none"]) && margin.is_some_and(|m| m.contains("40px"));
        let cited = class.contains("quote") || attribute("type").is_some();
        return cited || !indent;
    }
    let barred = matches!(name, b"div" | b"p" | b"td" | b"span" | b"section") && style.is_barred();
    barred
        || words(class).any(|word| CLASSES.iter().any(|known| word.starts_with(known)))
        || words(id).any(|word| IDS.iter().any(|known| word.starts_with(known)))
}

fn is_signature(class: &str, id: &str) -> bool {
    const KNOWN: [&str; 6] = [
        "gmail_signature",
        "moz-signature",
        "ms-outlook-mobile-signature",
        "composer_signature",
        "mail-signature",
        "zohosignature",
    ];
    words(class)
        .chain(words(id))
        .any(|word| KNOWN.iter().any(|known| word.starts_with(known)))
        || id == "signature"
        || id == "x_signature"
}

/// The blue bar of a table whose next cell holds the old letter (The Bat!).
fn is_bar(attribute: &dyn Fn(&str) -> Option<String>) -> bool {
    let narrow = |width: String| matches!(width.trim().trim_end_matches("px"), "1" | "2" | "3");
    let blue = |color: String| matches!(color.trim(), "#0000ff" | "blue" | "#000080" | "navy");
    attribute("width").is_some_and(narrow) && attribute("bgcolor").is_some_and(blue)
}

/// Outlook writes its quote beside, not within, these elements.
fn is_cut(class: &str, id: &str) -> bool {
    words(id).any(|word| {
        matches!(
            word,
            "divrplyfwdmsg" | "appendonsend" | "outlookmessageheader"
        )
    }) || words(class).any(|word| word == "outlookmessageheader")
}

/// The line above the header of the quoted letter, whatever language its labels have. Without its padding it may
/// be anybody's.
fn is_header_of_outlook(style: &Style) -> bool {
    style.says(
        "border-top",
        &["solid", "1.0pt solid", "1pt solid", "1px solid"],
    ) && style.says("padding", &["3.0pt 0", "3pt 0"])
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    value
        .split_whitespace()
        .map(|word| word.trim_start_matches("x_"))
}
