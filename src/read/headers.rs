//! The header block as raw fields (RFC 5322 section 2.2): split, unfolded, not yet decoded.

use super::limits;
use super::structure::slice;
use mail_parser::MessagePart;

/// One header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in lower case.
    pub name: String,
    /// Unfolded value without the outer white space; any octets.
    pub value: Vec<u8>,
}

/// The fields of a header block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    fields: Vec<Field>,
    /// Whether fields were left aside because there were too many or too long ones.
    pub overflow: bool,
}

impl Headers {
    /// The fields of a part, at the offsets where mail-parser found them in `raw`.
    pub fn new(raw: &[u8], part: &MessagePart<'_>) -> Self {
        let kept = part.headers.iter().take(limits::HEADER_FIELDS);
        let mut headers = Self {
            fields: Vec::with_capacity(kept.len()),
            overflow: kept.len() < part.headers.len(),
        };
        for header in kept {
            let value = slice(raw, header.offset_start, header.offset_end);
            let value = headers.unfolded(value);
            headers.fields.push(Field {
                name: header.name.as_str().to_ascii_lowercase(),
                value,
            });
        }
        headers
    }

    /// Takes the line ends away and keeps the white space behind them.
    fn unfolded(&mut self, value: &[u8]) -> Vec<u8> {
        let kept = value.get(..limits::FIELD_OCTETS).unwrap_or(value);
        self.overflow |= kept.len() < value.len();
        let mut unfolded = Vec::with_capacity(kept.len());
        let mut rest = kept;
        while let Some((line, after)) = next_line(rest) {
            unfolded.extend_from_slice(line.trim_ascii_end());
            rest = after;
        }
        unfolded.trim_ascii().to_vec()
    }

    /// The values of all fields of this name, from the top downwards.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name == name)
            .map(|field| field.value.as_slice())
    }

    /// The topmost value of this name.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| field.value.as_slice())
    }

    /// The topmost value as text, for fields whose grammar is ASCII.
    pub fn text(&self, name: &str) -> Option<String> {
        self.first(name)
            .map(|value| String::from_utf8_lossy(value).into_owned())
    }

    /// All fields in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }
}

/// A header block as it lies in the octets of a letter or part, and whether mail-parser finds its
/// end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'x> {
    /// The lines that are fields or continue one.
    lines: Vec<&'x [u8]>,
    /// Octets up to where the body begins.
    pub octets: usize,
    /// What follows.
    pub body: &'x [u8],
    /// An empty line ends it, and there is nothing in it but fields.
    pub sound: bool,
}

impl<'x> Block<'x> {
    /// Finds where the header block ends: at an empty line, at the first line that is no field,
    /// or at the end. At most as many lines as a letter may have are kept.
    pub fn of(octets: &'x [u8]) -> Self {
        let mut block = Self {
            lines: Vec::new(),
            octets: 0,
            body: octets,
            sound: true,
        };
        let mut first = true;
        while let Some((line, after)) = next_line(block.body) {
            if line.is_empty() {
                block.goes_on_at(octets, after);
                return block;
            }
            // A line of white space only ends no header block in practice: MTAs fold so.
            let continued = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
            if continued && !first || field(line).is_some() {
                if block.lines.len() <= limits::HEADER_LINES {
                    block.lines.push(line);
                }
            } else {
                block.sound = false;
                if !(next_is_field(after) || first && (continued || is_mbox_line(line))) {
                    return block;
                }
            }
            first = false;
            block.goes_on_at(octets, after);
        }
        block.sound = false;
        block
    }

    fn goes_on_at(&mut self, octets: &[u8], after: &'x [u8]) {
        self.body = after;
        self.octets = octets.len() - after.len();
    }

    /// The same fields with an empty line below them, and the body.
    pub fn mended(&self) -> Vec<u8> {
        let mut octets = self.fields(usize::MAX);
        octets.extend_from_slice(self.body);
        octets
    }

    /// The first fields with an empty line below them, without a body.
    pub fn beginning(&self) -> Vec<u8> {
        self.fields(limits::BEGINNING)
    }

    fn fields(&self, most: usize) -> Vec<u8> {
        let mut octets = Vec::new();
        for line in &self.lines {
            if octets.len() + line.len() > most {
                break;
            }
            octets.extend_from_slice(line);
            octets.push(b'\n');
        }
        octets.push(b'\n');
        octets
    }
}

/// The next line without its line end (CRLF or LF), and what follows it.
pub fn next_line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let Some(at) = memchr_lf(bytes) else {
        return Some((bytes, &[]));
    };
    let (line, rest) = bytes.split_at_checked(at)?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Some((line, rest.get(1..).unwrap_or_default()))
}

fn memchr_lf(bytes: &[u8]) -> Option<usize> {
    memchr::memchr(b'\n', bytes)
}

/// Name and value; RFC 5322 section 3.6.8: printable ASCII without colon, and, as of old
/// (section 4.5), white space before the colon.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', line.get(..200).unwrap_or(line))?;
    let (name, value) = line.split_at_checked(colon)?;
    let name = name.trim_ascii_end();
    let sound = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    sound.then(|| (name, value.get(1..).unwrap_or_default()))
}

/// The first line of an mbox file.
fn is_mbox_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// A stray line within the header block is passed over when a well-known field follows it.
fn next_is_field(after: &[u8]) -> bool {
    const KNOWN: [&str; 12] = [
        "from",
        "to",
        "cc",
        "date",
        "subject",
        "message-id",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "reply-to",
        "in-reply-to",
        "references",
    ];
    next_line(after)
        .and_then(|(line, _)| field(line))
        .is_some_and(|(name, _)| {
            let name = String::from_utf8_lossy(name).to_ascii_lowercase();
            KNOWN.contains(&name.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_follows_the_empty_line() {
        let block = Block::of(b"Subject: a\r\n b\r\nTo : x@y\r\n\r\nbody\r\n");
        assert!(block.sound);
        assert_eq!(block.body, b"body\r\n");
        assert_eq!(block.octets, 28);
    }

    #[test]
    fn a_body_without_an_empty_line_before_it_is_kept() {
        let block = Block::of(b"Subject: a\nhello there\nmore");
        assert!(!block.sound);
        assert_eq!(block.body, b"hello there\nmore");
        assert_eq!(block.mended(), b"Subject: a\n\nhello there\nmore");
    }

    #[test]
    fn a_stray_line_above_a_known_field_is_passed_over() {
        let block = Block::of(b"From a Mon\nTo: x@y\nstray line\nSubject: a\n\nbody");
        assert!(!block.sound);
        assert_eq!(block.mended(), b"To: x@y\nSubject: a\n\nbody");
    }
}
