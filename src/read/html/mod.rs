//! HTML to lines: one linear walk over the tokens of a real tokenizer.
//!
//! Blocks end lines, inline tags do not break words, cells of a table stay on one line, and what
//! a reader does not see is not text. Ready converters are quadratic in nesting or glue blocks.

mod colors;
mod elements;
mod selectors;
mod sheets;
mod styles;

use super::flowed::{Line, Mark, unmarked};
use super::{clean, limits};
use elements::Flags;
use html5gum::{DefaultEmitter, HtmlString, Spanned, StartTag, Token, Tokenizer};
use selectors::Element;
use sheets::Sheets;
use std::collections::BTreeMap;

/// The lines of an HTML text, and whether more followed than are read.
pub fn lines(html: &str) -> (Vec<Line>, bool) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut walk = Walk::default();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        walk.token(token);
        if walk.full {
            break;
        }
    }
    walk.end_line();
    (walk.lines, walk.full)
}

/// The charset that a `<meta>` tag names, for parts whose Content-Type names none.
pub fn declared_charset(octets: &[u8]) -> Option<String> {
    let head = octets.get(..2_048).unwrap_or(octets).to_ascii_lowercase();
    let at = memchr::memmem::find(&head, b"charset=")?;
    let value: Vec<u8> = head
        .get(at + 8..)?
        .iter()
        .copied()
        .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        .take(40)
        .collect();
    String::from_utf8(value)
        .ok()
        .filter(|label| !label.is_empty())
}

struct Open {
    name: Vec<u8>,
    flags: Flags,
    element: Element,
    /// The media of a style sheet.
    media: Option<String>,
}

#[derive(Default)]
struct Walk {
    lines: Vec<Line>,
    line: String,
    mark: Mark,
    space: bool,
    torn: bool,
    /// A raised or lowered piece begins: no figure of the number before it.
    raised: bool,
    /// A picture or a field stands behind a figure or the sign of a number: a figure of its own, perhaps.
    pictured: bool,
    sheets: Sheets,
    open: Vec<Open>,
    open_by_name: BTreeMap<Vec<u8>, usize>,
    full: bool,
}

impl Walk {
    fn token(&mut self, token: Token<()>) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) => self.end(&tag.name),
            Token::String(text) => self.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }

    fn flags(&self) -> Flags {
        self.open.last().map(|open| open.flags).unwrap_or_default()
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        if elements::closes_paragraph(name) && self.open.last().is_some_and(|o| o.name == b"p") {
            self.pop();
        }
        let flags = self.flags();
        let attribute = |key: &str| attribute(&tag.attributes, key);
        let element = Element::of(name, &attribute);
        let around = self.open.iter().map(|open| &open.element);
        let own = elements::flags(name, &attribute, self.sheets.declared(&element, around));
        if elements::is_cell(name) && !self.line.is_empty() && !flags.hidden {
            self.line.push('\t');
            self.space = false;
        } else if elements::is_block(name) || own.block {
            self.end_line();
        }
        if name == b"br" && !flags.hidden {
            self.break_line();
        }
        if own.cut && !flags.quoted {
            self.end_line();
            self.push_line(String::new(), Mark::Cut);
        }
        if elements::is_picture(name) && !flags.hidden && !self.space {
            let figure = |c: char| c.is_numeric() || c == '№';
            self.pictured |= self.line.ends_with(figure);
        }
        if own.reversed && !flags.hidden {
            self.visible('\u{202E}', flags.mark());
        }
        if elements::is_void(name) || tag.self_closing_counts() {
            return;
        }
        self.raised |=
            own.raised && !flags.hidden && self.line.trim_end().ends_with(char::is_numeric);
        self.full |= self.open.len() >= limits::OPEN_ELEMENTS;
        *self.open_by_name.entry(name.to_vec()).or_default() += 1;
        self.open.push(Open {
            name: name.to_vec(),
            flags: flags.with(own),
            media: (name == b"style").then(|| attribute("media").unwrap_or_default()),
            element,
        });
    }

    fn end(&mut self, name: &[u8]) {
        if elements::is_block(name) && !elements::is_cell(name) {
            self.end_line();
        }
        if self.open_by_name.get(name).is_none_or(|count| *count == 0) {
            return;
        }
        while let Some(closed) = self.pop() {
            if closed == name {
                break;
            }
        }
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let closed = self.open.pop()?;
        if let Some(count) = self.open_by_name.get_mut(&closed.name) {
            *count = count.saturating_sub(1);
        }
        if closed.flags.block {
            self.end_line();
        }
        self.torn |= closed.flags.raised && !self.space && self.line.ends_with(char::is_numeric);
        Some(closed.name)
    }

    fn text(&mut self, text: &str) {
        if let Some(media) = self.open.last().and_then(|open| open.media.as_deref()) {
            self.sheets.add(text, media);
        }
        let flags = self.flags();
        if flags.unseen() {
            // What is struck out or hidden within a number must not shorten it.
            let after_word = self
                .line
                .chars()
                .next_back()
                .is_some_and(char::is_alphanumeric);
            self.torn |= after_word && !self.space && !text.trim().is_empty();
            return;
        }
        let mark = flags.mark();
        for c in clean::text(text).chars() {
            match c {
                '\n' if flags.preformatted => self.break_line(),
                ' ' | '\n' | '\t' if !flags.preformatted => self.space = true,
                c => self.visible(c, mark),
            }
        }
    }

    fn visible(&mut self, c: char, mark: Mark) {
        if !self.line.is_empty() && self.mark != mark {
            self.end_line();
        }
        if self.line.is_empty() {
            self.mark = mark;
        } else {
            let spaced = self.space && !self.line.ends_with('\t');
            if spaced {
                self.line.push(' ');
            }
            let pictured = self.pictured && !spaced && c.is_numeric();
            if (self.torn && !spaced || self.raised) && c.is_alphanumeric() || pictured {
                self.line.push(char::REPLACEMENT_CHARACTER);
            }
        }
        self.space = false;
        self.torn = false;
        self.raised = false;
        self.pictured = false;
        self.line.push(c);
    }

    /// Ends the line if there is something on it.
    fn end_line(&mut self) {
        self.space = false;
        self.torn = false;
        self.raised = false;
        self.pictured = false;
        if !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            let mark = self.mark;
            // «&gt; …» of programs that quote in HTML as in text.
            match unmarked(&line) {
                (true, quoted) if mark == Mark::Plain => {
                    self.push_line(quoted.trim_end().to_owned(), Mark::Quoted);
                }
                _ => self.push_line(line.trim_end().to_owned(), mark),
            }
        }
    }

    /// Ends the line even if it is empty.
    fn break_line(&mut self) {
        if self.line.is_empty() {
            let mark = self.flags().mark();
            self.push_line(String::new(), mark);
        }
        self.end_line();
    }

    fn push_line(&mut self, text: String, mark: Mark) {
        if self.lines.len() >= limits::LINES {
            self.full = true;
            return;
        }
        self.lines.push(Line { text, mark });
    }
}

/// HTML ignores the slash of a self-closing tag except on void elements.
trait SelfClosing {
    fn self_closing_counts(&self) -> bool;
}

impl SelfClosing for StartTag<()> {
    fn self_closing_counts(&self) -> bool {
        // Word writes `<o:p/>`: elements of its own name space do close themselves.
        self.self_closing && self.name.contains(&b':')
    }
}

fn attribute(
    attributes: &BTreeMap<HtmlString, Spanned<HtmlString, ()>>,
    key: &str,
) -> Option<String> {
    attributes
        .get(key.as_bytes())
        .map(|value| String::from_utf8_lossy(&value.value).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        let lines: Vec<String> = lines(html).0.into_iter().map(|l| l.text).collect();
        lines.join("|")
    }

    #[test]
    fn blocks_end_lines_and_inline_tags_do_not_break_words() {
        assert_eq!(
            text("<div>№<b>4</b>2</div><blockquote>ц</blockquote>"),
            "№42|ц"
        );
        assert_eq!(text("a<br><br>b"), "a||b");
        assert_eq!(text("<p>a<p>b"), "a|b");
        assert_eq!(
            text("<tr><td>ФИО</td><td>Иванова</td></tr>"),
            "ФИО\tИванова"
        );
    }

    #[test]
    fn what_a_reader_does_not_see_is_no_text() {
        assert_eq!(
            text("<style>x</style>a<!-- b --><span style='display: none'>c</span>"),
            "a"
        );
        assert_eq!(text("№1<s>2</s>3"), "№1\u{FFFD}3");
        assert_eq!(text("<del>x</del> a"), "a");
        // A footnote's mark is no figure of the number before it.
        for mark in [
            "<sup>2</sup>",
            "<sub>2</sub>",
            "<span style='vertical-align: super'>2</span>",
        ] {
            assert_eq!(text(&format!("№5{mark}")), "№5\u{FFFD}2");
            assert_eq!(text(&format!("№5 {mark}")), "№5 \u{FFFD}2");
            assert_eq!(text(&format!("№5{mark}7")), "№5\u{FFFD}2\u{FFFD}7");
        }
        assert_eq!(text("&#8470;&nbsp;5 &numero;"), "№\u{A0}5 №");
    }

    #[test]
    fn quotes_of_elements_are_marked() {
        let marks =
            |html: &str| -> Vec<Mark> { lines(html).0.into_iter().map(|l| l.mark).collect() };
        assert_eq!(
            marks("a<blockquote>b</blockquote>c"),
            [Mark::Plain, Mark::Quoted, Mark::Plain]
        );
        assert_eq!(
            marks("<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">a</blockquote>"),
            [Mark::Plain]
        );
        assert_eq!(
            marks("a<div id=x_divRplyFwdMsg>b</div>"),
            [Mark::Plain, Mark::Cut, Mark::Plain]
        );
    }
}
