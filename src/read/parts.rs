//! The MIME tree (RFC 2046), walked within limits: two faces of the letter, and what is attached.

use super::content::Content;
use super::delivery_report::{self, DeliveryReport};
use super::flowed::{self, Line};
use super::headers::{Headers, next_line};
use super::transfer::Encoding;
use super::{Attachment, charset, clean, html, limits};
use crate::domain::Reason;

/// What the tree holds.
#[derive(Debug, Default)]
pub struct Body {
    /// The lines of the face that plain-text programs show.
    pub plain: Vec<Line>,
    /// The lines of the face that HTML programs show.
    pub rich: Vec<Line>,
    /// Whether the plain face goes on beyond the lines that were read.
    pub plain_more: bool,
    /// Whether the rich face goes on beyond the lines that were read.
    pub rich_more: bool,
    /// Whether an alternative offered both faces.
    pub two_faces: bool,
    /// All decoded text, for the comparison of two deliveries.
    pub whole: String,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// What was wrong.
    pub problems: Vec<Reason>,
    /// A multipart/report, or one of its parts: no person's letter.
    pub report: bool,
    /// What the first report of a delivery says.
    pub delivery_report: Option<DeliveryReport>,
    parts: usize,
}

/// Which face a part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Both,
    Plain,
    Rich,
}

impl Body {
    /// Walks the tree under `headers` and `body`.
    pub fn read(headers: &Headers, body: &[u8]) -> Self {
        let mut found = Self::default();
        let content = Content::of_part(headers, "text/plain");
        found.part(headers, &content, body, Face::Both, 0, false);
        found
    }

    fn problem(&mut self, reason: Reason) {
        if !self.problems.contains(&reason) {
            self.problems.push(reason);
        }
    }

    fn part(
        &mut self,
        headers: &Headers,
        content: &Content,
        body: &[u8],
        face: Face,
        depth: usize,
        ended: bool,
    ) {
        self.parts += 1;
        if self.parts > limits::PARTS || depth > limits::DEPTH {
            self.problem(Reason::LetterTooComplex);
            return;
        }
        if headers.overflow {
            self.problem(Reason::LetterTooComplex);
        }
        if content.main() == "multipart" {
            self.multipart(content, headers, body, face, depth, ended);
        } else {
            self.leaf(headers, content, body, face, ended);
        }
    }

    fn multipart(
        &mut self,
        content: &Content,
        headers: &Headers,
        body: &[u8],
        face: Face,
        depth: usize,
        ended: bool,
    ) {
        self.report |= content.kind == "multipart/report";
        if content.kind == "multipart/encrypted" {
            self.problem(Reason::LetterEncrypted);
        }
        let declared = content.parameter("boundary");
        let children = declared
            .and_then(|boundary| split(body, boundary.as_bytes()))
            .or_else(|| guessed_boundary(body).and_then(|boundary| split(body, boundary)));
        let Some(children) = children else {
            // No boundary at all: what is there is the letter.
            self.leaf(headers, &Content::parse(b"text/plain"), body, face, ended);
            return;
        };
        let default = if content.kind == "multipart/digest" {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let parsed: Vec<_> = children
            .iter()
            .take(limits::PARTS + 1)
            .map(|child| {
                let (headers, inner) = Headers::split(child.octets);
                let kind = Content::of_part(&headers, default);
                (headers, kind, inner, child.ended)
            })
            .collect();
        if content.kind == "multipart/report" && self.delivery_report.is_none() {
            let parts = parsed
                .iter()
                .map(|(headers, kind, inner, _)| (kind.kind.as_str(), headers, *inner));
            self.delivery_report = delivery_report::read(parts);
        }
        let alternative = content.kind == "multipart/alternative" && face == Face::Both;
        let plain = |kind: &Content| kind.kind == "text/plain";
        let two = alternative
            && parsed.iter().any(|(_, kind, ..)| plain(kind))
            && parsed.iter().any(|(_, kind, ..)| is_rich(kind));
        self.two_faces |= two;
        for (headers, kind, inner, ended) in &parsed {
            let face = match face {
                Face::Both if two && plain(kind) => Face::Plain,
                Face::Both if two => Face::Rich,
                given @ (Face::Both | Face::Plain | Face::Rich) => given,
            };
            self.part(headers, kind, inner, face, depth + 1, *ended);
        }
    }

    fn leaf(&mut self, headers: &Headers, content: &Content, body: &[u8], face: Face, ended: bool) {
        let disposition = headers
            .first("content-disposition")
            .map(Content::parse)
            .unwrap_or_default();
        let encoding = headers
            .text("content-transfer-encoding")
            .map_or(Encoding::Identity, |value| Encoding::parse(&value));
        let name = disposition
            .text("filename")
            .or_else(|| content.text("name"));
        let encrypted = matches!(
            content.kind.as_str(),
            "application/pkcs7-mime" | "application/x-pkcs7-mime"
        );
        if encrypted {
            self.problem(Reason::LetterEncrypted);
        }
        self.report |= matches!(
            content.kind.as_str(),
            "message/delivery-status"
                | "message/disposition-notification"
                | "message/feedback-report"
        );
        let words = matches!(
            content.kind.as_str(),
            "text/plain"
                | "text/html"
                | "text/enriched"
                | "text/markdown"
                | "application/xhtml+xml"
        );
        let attached = disposition.kind == "attachment" || name.is_some();
        if words && !attached {
            self.text(content, encoding, body, face, ended);
        } else if self.attachments.len() < limits::ATTACHMENTS {
            self.attachments.push(Attachment {
                name: name.map(|name| clean::line(&name, 255)),
                media_type: content.kind.chars().take(100).collect(),
                size: encoding.decoded_size(body),
            });
        }
    }

    fn text(
        &mut self,
        content: &Content,
        encoding: Encoding,
        body: &[u8],
        face: Face,
        ended: bool,
    ) {
        let decoded = encoding.decode(body, ended);
        let octets = decoded
            .octets
            .get(..limits::TEXT_OCTETS)
            .unwrap_or(&decoded.octets);
        let charset = content.parameter("charset");
        let is_html = is_rich(content);
        let meta = charset
            .is_none()
            .then(|| html::declared_charset(octets))
            .flatten()
            .filter(|_| is_html);
        let read = charset::decode(octets, charset.as_deref().or(meta.as_deref()), None);
        let mut text = clean::text(&read.text);
        if read.unreadable {
            self.problem(Reason::CharsetUnreadable);
        }
        if decoded.torn {
            self.problem(Reason::LetterTruncated);
            text.push(char::REPLACEMENT_CHARACTER);
        }
        if text.contains("-----BEGIN PGP MESSAGE-----") {
            self.problem(Reason::LetterEncrypted);
        }
        let (lines, mut more) = if is_html {
            html::lines(&text)
        } else {
            let is = |name: &str, value: &str| {
                content
                    .parameter(name)
                    .is_some_and(|given| given.eq_ignore_ascii_case(value))
            };
            flowed::lines(&text, is("format", "flowed"), is("delsp", "yes"))
        };
        more |= octets.len() < decoded.octets.len();
        self.whole.push_str(&text);
        self.whole.push('\n');
        if face != Face::Rich {
            self.plain.extend(lines.iter().cloned());
            self.plain_more |= more;
        }
        if face != Face::Plain {
            self.rich.extend(lines);
            self.rich_more |= more;
        }
    }
}

fn is_rich(kind: &Content) -> bool {
    matches!(
        kind.kind.as_str(),
        "text/html" | "application/xhtml+xml" | "multipart/related" | "multipart/mixed"
    )
}

/// One child of a multipart.
struct Child<'a> {
    octets: &'a [u8],
    /// A boundary closed it.
    ended: bool,
}

/// Splits at the lines `--boundary` and `--boundary--`; `None` when there is none.
fn split<'a>(body: &'a [u8], boundary: &[u8]) -> Option<Vec<Child<'a>>> {
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
