//! Content-Transfer-Encoding (RFC 2045 section 6): base64 and quoted-printable, forgiving, and
//! honest about a text that was torn off in the middle.
//!
//! mail-parser decodes too, but does not tell that the encoding ends within a word (`torn-base64`,
//! `torn-quoted-printable`, `number-cut-by-quoted-printable`), and gives up a whole base64 text for
//! one foreign octet, such as the footer of a gateway (`structure-base64-with-footer`).

/// Decoded octets and whether they end in the middle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    /// What could be decoded.
    pub octets: Vec<u8>,
    /// The encoding ends where it cannot end.
    pub torn: bool,
}

/// The encodings that are more than a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// 7bit, 8bit, binary and everything unknown.
    Identity,
    /// base64.
    Base64,
    /// quoted-printable.
    QuotedPrintable,
}

impl Encoding {
    /// By its name in lower case, without comments.
    pub fn named(name: &str) -> Self {
        match name.trim_matches('"') {
            "base64" => Self::Base64,
            "quoted-printable" => Self::QuotedPrintable,
            _ => Self::Identity,
        }
    }

    /// Decodes a body. `ended` tells whether a boundary closed it, so that a missing end shows.
    pub fn decode(self, body: &[u8], ended: bool) -> Decoded {
        match self {
            Self::Identity => Decoded {
                octets: body.to_vec(),
                torn: false,
            },
            Self::Base64 => {
                let mut decoded = base64(body);
                let open = !ended && !body.ends_with(b"\n");
                decoded.torn |= open && !body.trim_ascii_end().ends_with(b"=");
                decoded
            }
            Self::QuotedPrintable => quoted_printable(body),
        }
    }

    /// The decoded size without decoding.
    pub fn decoded_size(self, body: &[u8]) -> u64 {
        let octets = match self {
            Self::Identity => body.len(),
            Self::Base64 => body.iter().filter(|b| sextet(**b).is_some()).count() * 3 / 4,
            Self::QuotedPrintable => quoted_printable(body).octets.len(),
        };
        u64::try_from(octets).unwrap_or(u64::MAX)
    }
}

const fn sextet(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => (byte - b'A') as u32,
        b'a'..=b'z' => (byte - b'a') as u32 + 26,
        b'0'..=b'9' => (byte - b'0') as u32 + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

/// Base64 (RFC 4648): foreign octets are passed over, padding may be missing or stand between.
/// What a gateway wrote below it without encoding it is left aside.
pub fn base64(text: &[u8]) -> Decoded {
    let encoded = text.get(..without_footer(text)).unwrap_or(text);
    let mut octets = Vec::with_capacity(encoded.len() / 4 * 3 + 3);
    let (mut group, mut count) = (0_u32, 0_u8);
    let mut padded = true;
    for byte in encoded {
        if *byte == b'=' {
            flush(&mut octets, group, count);
            padded = true;
            (group, count) = (0, 0);
        } else if let Some(value) = sextet(*byte) {
            padded = false;
            group = (group << 6) | value;
            count += 1;
            if count == 4 {
                octets.extend_from_slice(group.to_be_bytes().get(1..).unwrap_or_default());
                (group, count) = (0, 0);
            }
        }
    }
    flush(&mut octets, group, count);
    Decoded {
        octets,
        torn: count != 0 && !padded,
    }
}

/// Whether a base64 text without padding ends where no encoder ends: within an octet.
pub fn ends_within(text: &[u8]) -> bool {
    let (mut count, mut last) = (0_usize, 0);
    for value in text.iter().filter_map(|byte| sextet(*byte)) {
        count += 1;
        last = value;
    }
    match count % 4 {
        0 => false,
        1 => true,
        2 => last & 0b1111 != 0,
        _ => last & 0b11 != 0,
    }
}

/// Where the encoded lines end: below the padding or an empty line, at a line that is not base64.
fn without_footer(text: &[u8]) -> usize {
    let mut at = 0;
    let mut over = false;
    for line in text.split_inclusive(|b| *b == b'\n') {
        let written = line.trim_ascii();
        let foreign = |b: &u8| !(b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='));
        if over && written.iter().any(foreign) {
            return at;
        }
        over |= at > 0 && written.is_empty() || written.ends_with(b"=");
        at += line.len();
    }
    at
}

fn flush(octets: &mut Vec<u8>, group: u32, count: u8) {
    let kept = match count {
        2 => 1,
        3 => 2,
        _ => return,
    };
    let whole = group << (6 * (4 - u32::from(count)));
    octets.extend(whole.to_be_bytes().iter().skip(1).take(kept));
}

/// Quoted-printable: what is no escape stays as it is.
pub fn quoted_printable(text: &[u8]) -> Decoded {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text;
    let mut torn = false;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (plain, escape) = rest.split_at(at);
        octets.extend_from_slice(plain);
        let after = escape.get(1..).unwrap_or_default();
        rest = match after {
            [] => {
                torn = true;
                after
            }
            [high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                octets.push(hex(*high) << 4 | hex(*low));
                tail
            }
            [single] if single.is_ascii_hexdigit() => {
                torn = true;
                &[]
            }
            _ => soft_break(after).unwrap_or_else(|| {
                octets.push(b'=');
                after
            }),
        };
    }
    octets.extend_from_slice(rest);
    Decoded { octets, torn }
}

/// What follows a soft line break: white space may have been added before the line end.
fn soft_break(after: &[u8]) -> Option<&[u8]> {
    let blank = after
        .iter()
        .take(200)
        .take_while(|b| matches!(b, b' ' | b'\t' | b'\r'))
        .count();
    match after.get(blank..)? {
        [b'\n', tail @ ..] => Some(tail),
        [] => Some(&[]),
        _ => None,
    }
}

const fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded_with_and_without_padding() {
        assert_eq!(base64(b"0J7Qug==").octets, "Ок".as_bytes());
        assert!(!base64(b"0J7Qug==").torn);
        assert_eq!(base64(b"0J7Qu\r\ng").octets, "Ок".as_bytes());
        assert!(base64(b"0J7Qug").torn);
        assert!(base64(b"0J7QugA").torn);
        let footer = b"0J7Qug==\r\n\r\n-- \r\nChecked by a gateway: no virus\r\n";
        assert_eq!(base64(footer).octets, "Ок".as_bytes());
        assert!(!base64(footer).torn);
    }

    #[test]
    fn quoted_printable_keeps_what_is_no_escape() {
        assert_eq!(quoted_printable(b"a=3D=\r\nb=zz").octets, b"a=b=zz");
        assert!(quoted_printable(b"a=D").torn);
        assert!(quoted_printable(b"a=").torn);
        assert!(!quoted_printable(b"a=\r\n").torn);
    }
}
