//! The header block as raw fields (RFC 5322 section 2.2): split, unfolded, not yet decoded.

use super::limits;

/// One header field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in lower case.
    pub name: String,
    /// Unfolded value without the outer white space; any octets.
    pub value: Vec<u8>,
}

/// A header block and where its body begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers {
    fields: Vec<Field>,
    /// Whether fields were left aside because there were too many or too long ones.
    pub overflow: bool,
}

impl Headers {
    /// Splits `bytes` into header block and body.
    pub fn split(bytes: &[u8]) -> (Self, &[u8]) {
        let mut headers = Self::default();
        let mut rest = bytes;
        let mut first = true;
        while let Some((line, after)) = next_line(rest) {
            if line.is_empty() {
                return (headers, after);
            }
            let continued = line.first().is_some_and(|b| matches!(b, b' ' | b'\t'));
            if continued {
                // A line of white space only ends no header block in practice: MTAs fold so.
                headers.append(line);
            } else if let Some((name, value)) = field(line) {
                headers.push(name, value);
            } else if !(next_is_field(after) || first && is_mbox_line(line)) {
                return (headers, rest);
            }
            first = false;
            rest = after;
        }
        (headers, rest)
    }

    fn push(&mut self, name: &[u8], value: &[u8]) {
        if self.fields.len() >= limits::HEADER_FIELDS {
            self.overflow = true;
            return;
        }
        let kept = value.get(..limits::FIELD_OCTETS).unwrap_or(value);
        self.overflow |= kept.len() < value.len();
        self.fields.push(Field {
            name: String::from_utf8_lossy(name).to_ascii_lowercase(),
            value: kept.trim_ascii().to_vec(),
        });
    }

    fn append(&mut self, line: &[u8]) {
        if self.fields.len() >= limits::HEADER_FIELDS && self.overflow {
            return;
        }
        let Some(last) = self.fields.last_mut() else {
            return;
        };
        if last.value.len() + line.len() > limits::FIELD_OCTETS {
            self.overflow = true;
            return;
        }
        // Unfolding takes the line end away and keeps the white space.
        last.value.extend_from_slice(line.trim_ascii_end());
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
    fn header_fields_are_unfolded_and_the_body_follows_the_empty_line() {
        let (headers, body) = Headers::split(b"Subject: a\r\n b\r\nTo : x@y\r\n\r\nbody\r\n");
        assert_eq!(headers.text("subject").unwrap(), "a b");
        assert_eq!(headers.text("to").unwrap(), "x@y");
        assert_eq!(body, b"body\r\n");
    }

    #[test]
    fn a_body_without_an_empty_line_before_it_is_kept() {
        let (headers, body) = Headers::split(b"Subject: a\nhello there\nmore");
        assert_eq!(headers.fields().len(), 1);
        assert_eq!(body, b"hello there\nmore");
    }

    #[test]
    fn too_many_header_fields_are_left_aside() {
        let letter = [b"X: y\n".repeat(5_000), b"\nz".to_vec()].concat();
        let (headers, body) = Headers::split(&letter);
        assert!(headers.overflow);
        assert_eq!(headers.fields().len(), limits::HEADER_FIELDS);
        assert_eq!(body, b"z");
    }
}
