//! Patterns over characters become patterns over the octets of the [alphabet](super::alphabet).

use super::alphabet::{character, code, folded, is_word};
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// Why a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// It is no regular expression.
    #[error("{0}")]
    Syntax(#[from] Box<regex_syntax::Error>),
    /// It asks for something that the alphabet does not tell, such as `\B`.
    #[error("this kind of boundary is not supported: {0:?}")]
    Boundary(Look),
    /// It is too large.
    #[error("{0}")]
    Size(#[from] regex::Error),
}

/// Translates a pattern over characters into one over octets.
pub fn compile(source: &str, fold: bool) -> Result<regex::bytes::Regex, Unsound> {
    let hir = regex_syntax::ParserBuilder::new()
        .build()
        .parse(source)
        .map_err(Box::new)?;
    let mut octets = String::from("(?s-u)");
    Translation { fold }.write(&hir, &mut octets)?;
    Ok(regex::bytes::RegexBuilder::new(&octets)
        .unicode(false)
        .build()?)
}

/// Between a word and what is none, marks may stand that the pattern does not ask for.
const MARKS_THERE: &str = r"\x01*";

struct Translation {
    fold: bool,
}

impl Translation {
    fn write(&self, hir: &Hir, out: &mut String) -> Result<(), Unsound> {
        match hir.kind() {
            HirKind::Empty => out.push_str("(?:)"),
            HirKind::Literal(literal) => {
                out.push_str("(?:");
                for c in String::from_utf8_lossy(&literal.0).chars() {
                    let octet = code(c);
                    self.octets(&[if self.fold { folded(octet) } else { octet }], out);
                }
                out.push(')');
            }
            HirKind::Class(class) => self.octets(&self.members(class), out),
            HirKind::Look(look) => out.push_str(boundary(*look)?),
            HirKind::Repetition(repetition) => {
                out.push_str("(?:");
                self.write(&repetition.sub, out)?;
                out.push(')');
                repeat(repetition, out);
            }
            HirKind::Capture(capture) => {
                match &capture.name {
                    Some(name) => out.push_str(&format!("(?P<{name}>")),
                    None => out.push('('),
                }
                self.write(&capture.sub, out)?;
                out.push(')');
            }
            HirKind::Concat(parts) => {
                out.push_str("(?:");
                for part in parts {
                    self.write(part, out)?;
                }
                out.push(')');
            }
            HirKind::Alternation(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    out.push_str(if at == 0 { "(?:" } else { "|" });
                    self.write(part, out)?;
                }
                out.push(')');
            }
        }
        Ok(())
    }

    /// The octets whose characters the class holds.
    fn members(&self, class: &Class) -> Vec<u8> {
        let holds = |c: char| match class {
            Class::Unicode(class) => {
                let ranges = class.ranges();
                let at = ranges.partition_point(|range| range.end() < c);
                ranges.get(at).is_some_and(|range| range.start() <= c)
            }
            Class::Bytes(class) => class
                .ranges()
                .iter()
                .any(|r| (char::from(r.start())..=char::from(r.end())).contains(&c)),
        };
        let mut members: Vec<u8> = (0..=u8::MAX)
            .filter(|octet| character(*octet).is_some_and(holds))
            .map(|octet| if self.fold { folded(octet) } else { octet })
            .collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    /// One octet of these; beside one that is of no word, marks may stand.
    #[expect(clippy::unused_self, reason = "one of the translation's steps")]
    fn octets(&self, members: &[u8], out: &mut String) {
        let all_words = members.iter().all(|octet| is_word(*octet));
        let around = if all_words { "" } else { MARKS_THERE };
        out.push_str(around);
        match members {
            [] => out.push_str("[a&&b]"),
            [one] => out.push_str(&format!(r"\x{one:02X}")),
            many => {
                out.push('[');
                for range in ranges(many) {
                    out.push_str(&format!(r"\x{:02X}-\x{:02X}", range.0, range.1));
                }
                out.push(']');
            }
        }
        out.push_str(around);
    }
}

/// What a boundary is in octets.
fn boundary(look: Look) -> Result<&'static str, Unsound> {
    match look {
        Look::Start => Ok(r"(?:\A\x01*)"),
        Look::End => Ok(r"(?:\x01*\z)"),
        Look::StartLF => Ok(r"(?:(?m:^)\x01*)"),
        Look::EndLF => Ok(r"(?:\x01*(?m:$))"),
        Look::WordUnicode => Ok(r"\x01"),
        Look::StartCRLF
        | Look::EndCRLF
        | Look::WordAscii
        | Look::WordAsciiNegate
        | Look::WordUnicodeNegate
        | Look::WordStartAscii
        | Look::WordEndAscii
        | Look::WordStartUnicode
        | Look::WordEndUnicode
        | Look::WordStartHalfAscii
        | Look::WordEndHalfAscii
        | Look::WordStartHalfUnicode
        | Look::WordEndHalfUnicode => Err(Unsound::Boundary(look)),
    }
}

/// Neighbouring octets in one.
fn ranges(members: &[u8]) -> Vec<(u8, u8)> {
    let mut ranges: Vec<(u8, u8)> = Vec::new();
    for octet in members {
        match ranges.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(*octet) => *end = *octet,
            _ => ranges.push((*octet, *octet)),
        }
    }
    ranges
}

fn repeat(repetition: &Repetition, out: &mut String) {
    out.push_str(&match (repetition.min, repetition.max) {
        (0, Some(1)) => "?".to_owned(),
        (0, None) => "*".to_owned(),
        (1, None) => "+".to_owned(),
        (least, None) => format!("{{{least},}}"),
        (least, Some(most)) => format!("{{{least},{most}}}"),
    });
    if !repetition.greedy {
        out.push('?');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_that_the_alphabet_does_not_tell_is_refused() {
        assert!(compile(r"а\Bб", false).is_err() && compile("(", false).is_err());
    }
}
