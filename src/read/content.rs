//! Content-Type and Content-Disposition with their parameters (RFC 2045, RFC 2231).
//!
//! mail-parser reads these fields too, but takes undeclared octets for UTF-8, decodes the pieces of
//! a parameter each for itself, and of two fields the last: file names break
//! (`structure-attachment-names`, `structure-rfc2231-name-cut-in-a-character`), and a letter with
//! two types is another one than mail programs show (`structure-content-type-twice`).

use super::{charset, encoded_words, headers::Headers};

/// A media type or disposition and its parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The word before the parameters, in lower case.
    pub kind: String,
    parameters: Vec<(String, Vec<u8>)>,
}

impl Content {
    /// Reads a header value.
    pub fn parse(value: &[u8]) -> Self {
        let mut scanner = Scanner { rest: value };
        let kind = String::from_utf8_lossy(&scanner.until_semicolon()).into_owned();
        let mut parameters = Vec::new();
        // «text/plain charset=utf-8»: the semicolon was forgotten.
        let forgotten = kind
            .split_once(' ')
            .filter(|(kind, rest)| kind.contains('/') && rest.contains('='));
        let kind: String = match forgotten {
            Some((kind, rest)) => {
                parameters.extend(parameter(rest.trim().as_bytes()));
                kind.to_owned()
            }
            None => kind.split_whitespace().collect(),
        };
        while !scanner.rest.is_empty() && parameters.len() < 60 {
            let piece = scanner.until_semicolon();
            parameters.extend(parameter(&piece));
        }
        Self {
            kind: kind.to_ascii_lowercase(),
            parameters,
        }
    }

    /// The media type of a part; broken ones count as `text/plain` (RFC 2045 section 5.2).
    pub fn of_part(headers: &Headers, default: &str) -> Self {
        let mut content = headers
            .first("content-type")
            .map(Self::parse)
            .unwrap_or_default();
        let sound = content
            .kind
            .split_once('/')
            .is_some_and(|(main, sub)| !main.is_empty() && !sub.is_empty());
        if content.kind == "text" {
            "text/plain".clone_into(&mut content.kind);
        } else if !sound {
            default.clone_into(&mut content.kind);
        }
        content
    }

    /// The main type, `text`.
    pub fn main(&self) -> &str {
        self.kind.split('/').next().unwrap_or_default()
    }

    /// A parameter as ASCII text.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.raw(name)
            .map(|value| String::from_utf8_lossy(value).into_owned())
            .filter(|value| !value.is_empty())
    }

    fn raw(&self, name: &str) -> Option<&[u8]> {
        self.parameters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_slice())
    }

    /// A parameter that people read: RFC 2231 continuations and charsets, or encoded words.
    pub fn text(&self, name: &str) -> Option<String> {
        if let Some(value) = self.raw(name) {
            return Some(encoded_words::decode(value, None)).filter(|text| !text.is_empty());
        }
        let extended = format!("{name}*");
        if let Some(value) = self.raw(&extended) {
            return Some(extended_value(value)).filter(|text| !text.is_empty());
        }
        let mut pieces = Vec::new();
        let mut encoded = false;
        for index in 0..30 {
            if let Some(value) = self.raw(&format!("{name}*{index}*")) {
                encoded = true;
                pieces.extend_from_slice(value);
            } else if let Some(value) = self.raw(&format!("{name}*{index}")) {
                pieces.extend_from_slice(value);
            } else {
                break;
            }
        }
        let text = if encoded {
            extended_value(&pieces)
        } else {
            encoded_words::decode(&pieces, None)
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

fn parameter(piece: &[u8]) -> Option<(String, Vec<u8>)> {
    let (name, value) = piece.split_at_checked(memchr::memchr(b'=', piece)?)?;
    let name = String::from_utf8_lossy(name).trim().to_ascii_lowercase();
    Some((name, value.get(1..).unwrap_or_default().to_vec()))
}

/// `charset'language'percent-encoded` (RFC 2231 section 4).
fn extended_value(value: &[u8]) -> String {
    let mut fields = value.splitn(3, |b| *b == b'\'');
    let (label, encoded) = match (fields.next(), fields.next(), fields.next()) {
        (Some(label), Some(_), Some(encoded)) => (std::str::from_utf8(label).ok(), encoded),
        _ => (None, value),
    };
    let as_quoted: Vec<u8> = encoded
        .iter()
        .map(|b| if *b == b'%' { b'=' } else { *b })
        .collect();
    let octets = super::transfer::quoted_printable(&as_quoted).octets;
    charset::decode(&octets, label.filter(|l| !l.is_empty()), None).text
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    /// The octets up to the next semicolon, with quotes and comments taken away, and white space
    /// around words and around the equals sign.
    fn until_semicolon(&mut self) -> Vec<u8> {
        let mut piece = Vec::new();
        let mut space = Vec::new();
        let (mut quoted, mut escaped, mut comment) = (false, false, 0_u32);
        let mut used = 0;
        for byte in self.rest {
            used += 1;
            if escaped {
                escaped = false;
                if comment == 0 {
                    piece.push(*byte);
                }
                continue;
            }
            match byte {
                b'\\' if quoted || comment > 0 => escaped = true,
                b'"' if comment == 0 => {
                    quoted = !quoted;
                    space.clear();
                }
                b'(' if !quoted && (comment > 0 || !piece.contains(&b'=')) => comment += 1,
                b')' if comment > 0 => comment -= 1,
                b';' if !quoted && comment == 0 => break,
                _ if comment > 0 => {}
                b' ' | b'\t' | b'\r' | b'\n' if !quoted => space.push(*byte),
                _ => {
                    let between_words = !piece.is_empty() && !piece.ends_with(b"=");
                    if between_words && *byte != b'=' {
                        piece.append(&mut space);
                    }
                    space.clear();
                    piece.push(*byte);
                }
            }
        }
        self.rest = self.rest.get(used..).unwrap_or_default();
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_and_parameters_are_read() {
        let content = Content::parse(b"Text/HTML (a; b); charset=\"UTF-8\"; boundary=\"--A;b\"");
        assert_eq!(content.kind, "text/html");
        assert_eq!(content.parameter("charset").unwrap(), "UTF-8");
        assert_eq!(content.parameter("boundary").unwrap(), "--A;b");
    }

    #[test]
    fn a_forgotten_semicolon_is_seen() {
        let content = Content::parse(b"text/plain charset=utf-8");
        assert_eq!(content.kind, "text/plain");
        assert_eq!(content.parameter("charset").unwrap(), "utf-8");
    }

    #[test]
    fn file_names_are_read_in_both_ways() {
        let split = b"attachment; filename*0*=utf-8''%D0%A1; filename*1*=%D0%BF; filename*2=.pdf";
        assert_eq!(Content::parse(split).text("filename").unwrap(), "Сп.pdf");
        let word = b"attachment; filename=\"=?utf-8?B?0KHQvw==?=\"";
        assert_eq!(Content::parse(word).text("filename").unwrap(), "Сп");
        let old = b"attachment; filename*=koi8-r''%F3%D0.pdf";
        assert_eq!(Content::parse(old).text("filename").unwrap(), "Сп.pdf");
    }
}
