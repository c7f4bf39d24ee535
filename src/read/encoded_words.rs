//! Encoded words in header fields (RFC 2047), as they really come: cut in the middle of a
//! character, glued together, without padding, in quotes, beside raw 8-bit octets.
//!
//! mail-parser decodes each word for itself and takes raw octets for UTF-8: a number or a wish cut in
//! two is lost (`subject-words-cut-in-a-character`, `subject-words-torn`, `subject-raw-1251`).

use super::{charset, transfer};

/// One piece of a header value.
enum Piece<'a> {
    Plain(&'a [u8]),
    Word(Word<'a>),
}

struct Word<'a> {
    charset: String,
    base64: bool,
    text: &'a [u8],
    torn: bool,
}

/// Decodes a header value. `hint` is the charset of the body, for raw 8-bit octets.
pub fn decode(value: &[u8], hint: Option<&str>) -> String {
    let mut text = String::with_capacity(value.len());
    let mut run: Vec<Word<'_>> = Vec::new();
    let pieces = Pieces { rest: value };
    for piece in pieces {
        match piece {
            Piece::Word(word) => {
                let joins = run
                    .last()
                    .is_some_and(|last| last.charset == word.charset && !last.torn);
                if !joins {
                    finish(&mut run, &mut text, hint);
                }
                run.push(word);
            }
            // White space between two encoded words is not shown (RFC 2047 section 6.2).
            Piece::Plain(plain) if !run.is_empty() && plain.trim_ascii().is_empty() => {
                pending_space(&mut run, plain, &mut text, hint);
            }
            Piece::Plain(plain) => {
                finish(&mut run, &mut text, hint);
                text.push_str(&charset::decode(plain, None, hint).text);
            }
        }
    }
    finish(&mut run, &mut text, hint);
    text
}

/// White space after the last word is shown; between words it is not, and `Pieces` yields it only
/// when no word follows.
fn pending_space(run: &mut Vec<Word<'_>>, plain: &[u8], text: &mut String, hint: Option<&str>) {
    finish(run, text, hint);
    text.push_str(&String::from_utf8_lossy(plain));
}

/// Joins the octets of adjacent words of one charset before they are decoded, because programs
/// cut in the middle of a character, or even of a base64 group.
fn finish(run: &mut Vec<Word<'_>>, text: &mut String, hint: Option<&str>) {
    let Some(label) = run.first().map(|word| word.charset.clone()) else {
        return;
    };
    let mut torn = run.last().is_some_and(|word| word.torn);
    let mut octets = Vec::new();
    let mut open: Vec<u8> = Vec::new();
    for word in run.drain(..) {
        if word.base64 {
            open.extend_from_slice(word.text);
            let whole = open.iter().filter(|b| b.is_ascii_graphic()).count() % 4 == 0;
            if whole || open.ends_with(b"=") {
                octets.extend(transfer::base64(&open).octets);
                open.clear();
            }
        } else {
            octets.extend(transfer::base64(&open).octets);
            open.clear();
            let decoded = q_decode(word.text);
            torn |= decoded.torn;
            octets.extend(decoded.octets);
        }
    }
    torn |= transfer::ends_within(&open);
    octets.extend(transfer::base64(&open).octets);
    let decoded = charset::decode(&octets, Some(&label), hint);
    text.push_str(&decoded.text);
    if torn {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

/// The Q encoding: quoted-printable with `_` for a space.
fn q_decode(text: &[u8]) -> transfer::Decoded {
    let spaced: Vec<u8> = text
        .iter()
        .map(|b| if *b == b'_' { b' ' } else { *b })
        .collect();
    transfer::quoted_printable(&spaced)
}

struct Pieces<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(at) = find(self.rest.get(from..)?, b"=?").map(|at| at + from) {
            let Some((word, after)) = self.rest.get(at..).and_then(word) else {
                from = at + 2;
                continue;
            };
            if at > 0 {
                let (plain, word_on) = self.rest.split_at(at);
                self.rest = word_on;
                return Some(Piece::Plain(plain));
            }
            self.rest = skip_space_before_word(after);
            return Some(Piece::Word(word));
        }
        let plain = self.rest;
        self.rest = &[];
        Some(Piece::Plain(plain))
    }
}

fn skip_space_before_word(after: &[u8]) -> &[u8] {
    let trimmed = after.trim_ascii_start();
    if trimmed.starts_with(b"=?") && word(trimmed).is_some() {
        trimmed
    } else {
        after
    }
}

fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// `=?charset*language?B?text?=` at the beginning of `bytes`.
fn word(bytes: &[u8]) -> Option<(Word<'_>, &[u8])> {
    let rest = bytes.strip_prefix(b"=?")?;
    let end = memchr::memchr(b'?', rest.get(..80).unwrap_or(rest))?;
    let (label, rest) = rest.split_at_checked(end)?;
    let label = std::str::from_utf8(label).ok()?;
    let sound = |c: char| c.is_ascii_graphic() && c != '=';
    if label.is_empty() || !label.chars().all(sound) {
        return None;
    }
    let base64 = match rest.get(1)? {
        b'B' | b'b' => true,
        b'Q' | b'q' => false,
        _ => return None,
    };
    let text = rest.get(2..)?.strip_prefix(b"?")?;
    let (text, after, torn) = match find(text, b"?=") {
        Some(at) => (text.get(..at)?, text.get(at + 2..)?, false),
        None => (text, &[] as &[u8], true),
    };
    let charset = label
        .split('*')
        .next()
        .unwrap_or(label)
        .to_ascii_lowercase();
    Some((
        Word {
            charset,
            base64,
            text,
            torn,
        },
        after,
    ))
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn words_cut_in_a_character_are_joined_before_decoding() {
        assert_eq!(decode(b"=?utf-8?B?0J7RgtC80LXQvdCw?=", None), "Отмена");
        assert_eq!(
            decode(b"=?utf-8?Q?=D0=9E=D1?=\r\n =?utf-8?Q?=82?=", None),
            "От"
        );
        assert_eq!(decode(b"=?UTF-8?B?0J7R?==?utf-8?B?gtC8?=", None), "Отм");
        assert_eq!(decode(b"Re: =?koi8-r?Q?=EF=D4?= x", None), "Re: От x");
    }

    #[test]
    fn raw_octets_and_language_tags_and_quotes_are_read() {
        assert_eq!(
            decode(b"\xCE\xF2\xEC\xE5\xED\xE0 \xE7\xE0\xEF\xE8\xF1\xE8", None),
            "Отмена записи"
        );
        assert_eq!(decode(b"\"=?utf-8*ru?B?0J7Rgg==?=\"", None), "\"От\"");
        assert_eq!(decode(b"=?utf-8?B?0J7Rgg?=", None), "От");
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        assert_eq!(decode(b"=?x?y?z a =? b", None), "=?x?y?z a =? b");
        assert_eq!(decode(b"=?utf-8?B?0J7Rgg", None), "От\u{FFFD}");
        assert_eq!(decode(b"=?utf-8?Q?482=?=", None), "482\u{FFFD}");
        assert_eq!(decode(b"=?utf-8?B?NDgyM?=", None), "482\u{FFFD}");
    }
}
