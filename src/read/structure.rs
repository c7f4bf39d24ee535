//! The part tree (RFC 2046) as mail-parser finds it, within limits that are set before it parses.
//!
//! mail-parser gives the tree, the header fields and where each part begins and ends; octets are
//! decoded elsewhere, from the raw letter. Its tree of a multipart is believed where every part
//! lies between two whole delimiter lines of that multipart and below a sound header block. Where
//! that is not so (see [`salvage`]), the multipart is split by our own rule, and each child is
//! given to mail-parser again.

use super::content::Content;
use super::headers::{self, Headers};
use super::{burden, limits, salvage};
use mail_parser::{HeaderName, Message, MessageParser, MessagePart, PartType};
use regex::bytes::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// One part: the letter itself, a multipart, or a leaf.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part<'x> {
    /// Its header fields.
    pub headers: Headers,
    /// What stands below them, still encoded.
    pub body: Cow<'x, [u8]>,
    /// Whether a delimiter closed it, so that a missing end shows.
    pub ended: bool,
    /// The children of a multipart; none where no delimiter can be found.
    pub children: Vec<Part<'x>>,
}

/// The tree, and whether some of it was left aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree<'x> {
    /// The letter.
    pub root: Part<'x>,
    /// Too many, too deep or too large parts; then the root may have no children at all.
    pub overflow: bool,
}

impl<'x> Tree<'x> {
    /// Reads the tree of a whole letter.
    pub fn of(letter: &'x [u8]) -> Self {
        if burden::is_too_heavy(letter) {
            return Self {
                root: beginning(letter),
                overflow: true,
            };
        }
        let mut reader = Reader {
            octets: letter.len().saturating_mul(limits::PARSED_TIMES) + limits::PARSED_ALWAYS,
            parts: 0,
            overflow: false,
        };
        let root = reader.part(letter, false, 0);
        Self {
            root,
            overflow: reader.overflow,
        }
    }
}

/// The first header fields of a letter that is not parsed, and the beginning of its body.
fn beginning(letter: &[u8]) -> Part<'_> {
    let (headers, body) = fields(letter);
    Part {
        headers,
        body: Cow::Borrowed(body.get(..limits::BEGINNING).unwrap_or(body)),
        ..Part::default()
    }
}

/// The first fields of a block that is built like a header, and what stands below it.
pub fn fields(octets: &[u8]) -> (Headers, &[u8]) {
    let block = headers::Block::of(octets);
    let fields = block.beginning();
    let headers = PARSER
        .parse_headers(&fields)
        .and_then(|message| Some(Headers::new(&fields, message.parts.first()?)))
        .unwrap_or_default();
    (headers, block.body)
}

/// Only the type is needed to find the tree; all other fields are read from their raw octets,
/// because mail-parser takes undeclared octets for UTF-8 and joins encoded words only after it
/// has decoded them (`subject-raw-1251`, `subject-words-cut-in-a-character`).
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .header_content_type(HeaderName::ContentType)
        .default_header_ignore()
});

/// Words that make mail-parser open an attached letter. A tree of letters within letters is
/// dropped by recursion, without a limit, and overflows the stack.
static OPENING: LazyLock<Regex> =
    LazyLock::new(|| super::grammar::octets("(?i-u)rfc822|global|digest"));

/// The same octets, with words of the same length instead of those, so that all offsets hold: an
/// attached letter is a file like any other and is never opened.
fn closed(octets: &[u8]) -> Cow<'_, [u8]> {
    OPENING.replace_all(octets, &b"opaque"[..])
}

struct Reader {
    /// Octets that may still be given to mail-parser.
    octets: usize,
    parts: usize,
    overflow: bool,
}

impl Reader {
    /// Reads a letter, or a part that stands alone, from its own octets.
    fn part<'x>(&mut self, octets: &'x [u8], ended: bool, depth: usize) -> Part<'x> {
        let Some(left) = self.octets.checked_sub(octets.len()) else {
            self.overflow = true;
            return Part::default();
        };
        self.octets = left;
        let block = headers::Block::of(octets);
        if block.sound {
            self.parsed(octets, ended, depth)
        } else {
            // Without an empty line mail-parser takes the whole body for header fields
            // (`header-none`, `header-no-empty-line`).
            self.parsed(&block.mended(), ended, depth).into_owned()
        }
    }

    fn parsed<'x>(&mut self, octets: &'x [u8], ended: bool, depth: usize) -> Part<'x> {
        let closed = closed(octets);
        PARSER
            .parse(&closed)
            .and_then(|message| {
                let root = message.parts.first()?;
                Some(self.converted(octets, &message, root, ended, depth))
            })
            .unwrap_or_default()
    }

    /// `raw` are the octets that the offsets of `message` belong to.
    fn converted<'x>(
        &mut self,
        raw: &'x [u8],
        message: &Message<'_>,
        part: &MessagePart<'_>,
        ended: bool,
        depth: usize,
    ) -> Part<'x> {
        self.parts += 1;
        if self.parts > limits::PARTS || depth > limits::DEPTH {
            self.overflow = true;
            return Part::default();
        }
        let headers = Headers::new(raw, part);
        self.overflow |= headers.overflow;
        let body = slice(raw, part.offset_body, part.offset_end);
        let content = Content::of_part(&headers, "text/plain");
        let children = if content.main() == "multipart" {
            let found = children(message, part);
            if salvage::is_sound(raw, &content, &found) {
                found
                    .into_iter()
                    .map(|child| self.converted(raw, message, child, true, depth + 1))
                    .collect()
            } else {
                salvage::children(body, &content)
                    .into_iter()
                    .map(|child| self.part(child.octets, child.ended, depth + 1))
                    .collect()
            }
        } else {
            Vec::new()
        };
        Part {
            headers,
            body: Cow::Borrowed(body),
            ended,
            children,
        }
    }
}

fn children<'m, 'x>(message: &'m Message<'x>, part: &MessagePart<'x>) -> Vec<&'m MessagePart<'x>> {
    let PartType::Multipart(ids) = &part.body else {
        return Vec::new();
    };
    let part_of = |id: &u32| message.parts.get(usize::try_from(*id).ok()?);
    ids.iter().filter_map(part_of).collect()
}

/// The octets between two offsets of mail-parser; none where they make no sense.
pub fn slice(raw: &[u8], from: u32, to: u32) -> &[u8] {
    let octet = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    raw.get(octet(from)..octet(to)).unwrap_or_default()
}

impl Part<'_> {
    fn into_owned(self) -> Part<'static> {
        Part {
            headers: self.headers,
            body: Cow::Owned(self.body.into_owned()),
            ended: self.ended,
            children: self.children.into_iter().map(Part::into_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/letters");
        std::fs::read(folder.join(name)).unwrap()
    }

    /// Whether each multipart of a letter is believed; those that are must be split alike by our
    /// own rule.
    fn believed(letter: &[u8]) -> Vec<bool> {
        let closed = closed(letter);
        let message = PARSER.parse(&closed).unwrap_or_default();
        let mut believed = Vec::new();
        for part in &message.parts {
            let content = Content::of_part(&Headers::new(letter, part), "text/plain");
            if content.main() != "multipart" {
                continue;
            }
            let found = children(&message, part);
            let sound = salvage::is_sound(letter, &content, &found);
            if sound {
                let octets = |part: &&MessagePart<'_>| {
                    slice(letter, part.offset_header, part.offset_end).to_vec()
                };
                let body = slice(letter, part.offset_body, part.offset_end);
                let own: Vec<Vec<u8>> = salvage::children(body, &content)
                    .iter()
                    .map(|child| child.octets.to_vec())
                    .collect();
                assert_eq!(found.iter().map(octets).collect::<Vec<_>>(), own);
            }
            believed.push(sound);
        }
        believed
    }

    #[test]
    fn where_mail_parser_is_believed_our_own_rule_splits_alike() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/letters");
        let (mut yes, mut no) = (0, 0);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "eml") {
                let judged = believed(&std::fs::read(&path).unwrap());
                yes += judged.iter().filter(|sound| **sound).count();
                no += judged.iter().filter(|sound| !**sound).count();
            }
        }
        assert!(yes > 8 * no && no > 0, "{yes} believed, {no} not");
    }

    /// The letters that are the reason for our own splitting.
    #[test]
    fn mail_parser_is_wrong_about_damaged_multiparts() {
        for name in [
            "structure-boundary-begins-alike.eml",
            "structure-boundary-in-the-text.eml",
            "structure-inner-unterminated.eml",
            "structure-part-without-body.eml",
            "structure-part-without-empty-line.eml",
            "structure-unterminated.eml",
        ] {
            assert!(believed(&fixture(name)).contains(&false), "{name}");
        }
    }

    #[test]
    fn offsets_hold_in_the_closed_letter() {
        let letter = b"Content-Type: Message/RFC822\n\nx GLOBAL digest";
        let closed = closed(letter);
        assert_eq!(&*closed, b"Content-Type: Message/opaque\n\nx opaque opaque");
        assert_eq!(closed.len(), letter.len());
    }
}
