//! Where mail-parser's tree of a multipart is wrong, and our own splitting for those.
//!
//! mail-parser looks for `--boundary` anywhere in a line and whatever follows it, and an inner
//! multipart that is not closed goes on to the end of the letter. So it takes a boundary that
//! begins like another for that other (`structure-boundary-begins-alike`), a boundary named in a
//! sentence for a delimiter (`structure-boundary-in-the-text`), the files behind an unterminated
//! inner multipart for its text (`structure-inner-unterminated`), and it finds nothing behind a
//! boundary that is not the declared one (`structure-boundary-undeclared`).

use super::content::Content;
use super::headers::{Block, next_line};
use super::limits;
use super::structure::slice;
use mail_parser::MessagePart;

/// One child of a multipart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child<'x> {
    /// Header block and body.
    pub octets: &'x [u8],
    /// A delimiter closed it.
    pub ended: bool,
}

/// Whether each of `children` lies between two whole delimiter lines of the boundary that
/// `content` declares, and its header block ends where mail-parser says.
pub fn is_sound(raw: &[u8], content: &Content, children: &[&MessagePart<'_>]) -> bool {
    let Some(boundary) = content.parameter("boundary") else {
        return false;
    };
    let boundary = boundary.as_bytes();
    !children.is_empty()
        && children.iter().all(|child| {
            let block = Block::of(slice(raw, child.offset_header, child.offset_end));
            let fields = slice(raw, child.offset_header, child.offset_body);
            block.sound
                && block.octets == fields.len()
                && stands_below(slice(raw, 0, child.offset_header), boundary)
                && is_closed(raw, child, boundary)
        })
}

/// Whether `before` ends with a whole delimiter line.
fn stands_below(before: &[u8], boundary: &[u8]) -> bool {
    let before = without_line_end(before).trim_ascii_end();
    before
        .strip_suffix(boundary)
        .and_then(|before| before.strip_suffix(b"--"))
        .is_some_and(|before| before.is_empty() || before.ends_with(b"\n"))
}

/// Whether a whole delimiter line follows the part.
fn is_closed(raw: &[u8], part: &MessagePart<'_>, boundary: &[u8]) -> bool {
    let after = slice(
        raw,
        part.offset_end,
        u32::try_from(raw.len()).unwrap_or(u32::MAX),
    );
    // Without a body the delimiter stands right below the header block.
    let bare = part.offset_end == part.offset_body && after.starts_with(b"--");
    let line = if bare {
        Some(after)
    } else {
        let after = after.strip_prefix(b"\r").unwrap_or(after);
        after.strip_prefix(b"\n")
    };
    line.and_then(next_line)
        .is_some_and(|(line, _)| delimiter(line, boundary).is_some())
}

/// The children of a multipart by the declared boundary, or by the one that is really there.
pub fn children<'x>(body: &'x [u8], content: &Content) -> Vec<Child<'x>> {
    content
        .parameter("boundary")
        .and_then(|boundary| split(body, boundary.as_bytes()))
        .or_else(|| guessed_boundary(body).and_then(|boundary| split(body, boundary)))
        .unwrap_or_default()
}

/// Splits at the lines `--boundary` and `--boundary--`; `None` when there is none.
fn split<'x>(body: &'x [u8], boundary: &[u8]) -> Option<Vec<Child<'x>>> {
    let mut children = Vec::new();
    let mut start: Option<usize> = None;
    let mut at = 0;
    let mut rest = body;
    while let Some((line, after)) = next_line(rest) {
        let next = body.len() - after.len();
        if let Some(last) = delimiter(line, boundary) {
            if let Some(from) = start {
                children.push(Child {
                    octets: without_line_end(body.get(from..at).unwrap_or_default()),
                    ended: true,
                });
            }
            start = (!last).then_some(next);
            if last || children.len() > limits::PARTS {
                return Some(children);
            }
        }
        at = next;
        rest = after;
    }
    if let Some(octets) = start.and_then(|from| body.get(from..)) {
        children.push(Child {
            octets,
            ended: false,
        });
    }
    (!children.is_empty()).then_some(children)
}

/// `Some(true)` for the closing delimiter. Only white space may follow, so that a boundary that
/// begins like another is not taken for it.
fn delimiter(line: &[u8], boundary: &[u8]) -> Option<bool> {
    let rest = line.strip_prefix(b"--")?.strip_prefix(boundary)?;
    if rest.trim_ascii().is_empty() {
        return Some(false);
    }
    let closing = rest.strip_prefix(b"--")?;
    closing.trim_ascii().is_empty().then_some(true)
}

fn without_line_end(octets: &[u8]) -> &[u8] {
    let octets = octets.strip_suffix(b"\n").unwrap_or(octets);
    octets.strip_suffix(b"\r").unwrap_or(octets)
}

/// The first line that looks like a delimiter with a header field below it.
fn guessed_boundary(body: &[u8]) -> Option<&[u8]> {
    let mut rest = body;
    for _ in 0..200 {
        let (line, after) = next_line(rest)?;
        let boundary = line.strip_prefix(b"--").map(<[u8]>::trim_ascii_end);
        if let Some(boundary) = boundary.filter(|b| !b.is_empty() && b.len() <= 200) {
            let below = next_line(after).map(|(line, _)| line.to_ascii_lowercase());
            if below.is_some_and(|line| line.starts_with(b"content-")) {
                return Some(boundary);
            }
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_that_begins_like_another_is_not_taken_for_it() {
        let body = b"--a\r\none\r\n--ab\r\ntwo\r\n--a--\r\n";
        let children = split(body, b"a").unwrap();
        assert_eq!(children.len(), 1);
        assert_eq!(children.first().unwrap().octets, b"one\r\n--ab\r\ntwo");
    }

    #[test]
    fn an_unterminated_multipart_keeps_what_is_there() {
        let children = split(b"--a\none", b"a").unwrap();
        assert!(!children.first().unwrap().ended);
        assert!(split(b"one", b"a").is_none());
    }
}
