//! What the tree of a letter holds: its two faces, and what is attached.

use super::content::Content;
use super::delivery_report::{self, DeliveryReport};
use super::flowed::{self, Line};
use super::structure::{Part, Tree};
use super::transfer::{Decoded, Encoding};
use super::{Attachment, charset, clean, html, limits};
use crate::domain::{ContentHash, Reason};

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
    /// Whether the hashes of files are worked out.
    hashing: bool,
    /// The part that is read breaks off within a number, and no delimiter closes it.
    cut_off: bool,
}

/// Which face a part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Both,
    Plain,
    Rich,
}

impl Body {
    /// Walks the tree of a letter.
    pub fn read(tree: &Tree<'_>) -> Self {
        Self::default().filled(tree)
    }

    /// The same, and the hashes of all files.
    pub fn read_hashing(tree: &Tree<'_>) -> Self {
        let hashing = true;
        Self {
            hashing,
            ..Self::default()
        }
        .filled(tree)
    }

    fn filled(self, tree: &Tree<'_>) -> Self {
        let mut found = self;
        if tree.overflow {
            found.problem(Reason::LetterTooComplex);
        }
        let content = Content::of_part(&tree.root.headers, "text/plain");
        found.part(&tree.root, &content, Face::Both);
        found
    }

    fn problem(&mut self, reason: Reason) {
        if !self.problems.contains(&reason) {
            self.problems.push(reason);
        }
    }

    fn part(&mut self, part: &Part<'_>, content: &Content, face: Face) {
        if content.main() == "multipart" {
            self.multipart(part, content, face);
        } else {
            self.leaf(part, content, face);
        }
    }

    fn multipart(&mut self, part: &Part<'_>, content: &Content, face: Face) {
        self.report |= content.kind == "multipart/report";
        if content.kind == "multipart/encrypted" {
            self.problem(Reason::LetterEncrypted);
        }
        if part.children.is_empty() {
            // No boundary at all: what is there is the letter.
            self.leaf(part, &Content::parse(b"text/plain"), face);
            return;
        }
        let default = if content.kind == "multipart/digest" {
            "message/rfc822"
        } else {
            "text/plain"
        };
        let children: Vec<(&Part<'_>, Content)> = part
            .children
            .iter()
            .map(|child| (child, Content::of_part(&child.headers, default)))
            .collect();
        if content.kind == "multipart/report" && self.delivery_report.is_none() {
            let parts = children
                .iter()
                .map(|(child, kind)| (kind.kind.as_str(), child.body.as_ref()));
            self.delivery_report = delivery_report::read(parts);
        }
        let alternative = content.kind == "multipart/alternative" && face == Face::Both;
        let plain = |kind: &Content| kind.kind == "text/plain";
        let two = alternative
            && children.iter().any(|(_, kind)| plain(kind))
            && children.iter().any(|(_, kind)| is_rich(kind));
        self.two_faces |= two;
        for (child, kind) in &children {
            let face = match face {
                Face::Both if two && plain(kind) => Face::Plain,
                Face::Both if two => Face::Rich,
                given @ (Face::Both | Face::Plain | Face::Rich) => given,
            };
            self.cut_off = !child.ended && child.body.last().is_some_and(u8::is_ascii_digit);
            self.part(child, kind, face);
        }
    }

    fn leaf(&mut self, part: &Part<'_>, content: &Content, face: Face) {
        let Part { headers, body, .. } = part;
        let disposition = headers
            .first("content-disposition")
            .map(Content::parse)
            .unwrap_or_default();
        let encoding = headers
            .first("content-transfer-encoding")
            .map_or(Encoding::Identity, |value| {
                Encoding::named(&Content::parse(value).kind)
            });
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
            let mut decoded = encoding.decode(body, part.ended);
            decoded.torn |= self.cut_off && encoding == Encoding::Identity;
            self.text(content, &decoded, face);
        } else if self.attachments.len() < limits::ATTACHMENTS {
            self.attachments.push(Attachment {
                name: name.map(|name| clean::line(&name, 255)),
                media_type: content.kind.chars().take(100).collect(),
                size: encoding.decoded_size(body),
                sha256: self.hashing.then(|| {
                    let decoded = encoding.decode(body, part.ended).octets;
                    ContentHash::of_octets(&decoded)
                }),
            });
        }
    }

    fn text(&mut self, content: &Content, decoded: &Decoded, face: Face) {
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
        // Of what nobody can read, staff need no megabytes.
        let most = if read.unreadable {
            limits::BEGINNING
        } else {
            usize::MAX
        };
        let mut text = clean::text(clean::up_to(&read.text, most));
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
