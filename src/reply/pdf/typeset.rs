//! Text becomes glyphs and lines. A character that the font lacks is replaced, never fatal.

use crate::failure::Failure;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, Language, ShapePlan, UnicodeBuffer, script};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Shown where the font lacks a character; the fonts have no box.
const MISSING: char = '?';

/// A font, parsed once.
pub(super) struct Typeface {
    pub(super) font: Font,
    face: Face<'static>,
    plan: ShapePlan,
    language: Language,
    units: f32,
}

/// A text as glyphs; advances are in units of the font size.
#[derive(Debug, Clone)]
pub(super) struct Shaped {
    pub(super) text: String,
    pub(super) glyphs: Vec<KrillaGlyph>,
}

impl Typeface {
    /// Parses an embedded font.
    pub(super) fn parse(data: &'static [u8]) -> Result<Self, Failure> {
        let broken = || {
            Failure::stop(
                "a font of the document cannot be read",
                "this build is damaged: install the program anew",
            )
        };
        let font = Font::new(data.into(), 0).ok_or_else(broken)?;
        let face = Face::from_slice(data, 0).ok_or_else(broken)?;
        let language: Language = "ru".parse().map_err(|_| broken())?;
        let plan = ShapePlan::new(
            &face,
            Direction::LeftToRight,
            Some(script::CYRILLIC),
            Some(&language),
            &[],
        );
        Ok(Self {
            units: font.units_per_em(),
            font,
            face,
            plan,
            language,
        })
    }

    fn has(&self, c: char) -> bool {
        // PDF/A at level A forbids private characters, whatever the font has for them.
        !matches!(c, '\u{E000}'..='\u{F8FF}') && self.face.glyph_index(c).is_some_and(|g| g.0 != 0)
    }

    /// The text with every character that the font lacks replaced by its nearest relative, or by
    /// a question mark. White space becomes single blanks; invisible characters vanish.
    pub(super) fn legible(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.nfc() {
            if c.is_whitespace() || c.is_control() {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            } else if is_invisible(c) {
            } else if self.has(c) {
                out.push(c);
            } else {
                self.push_relative(c, &mut out);
            }
        }
        out.truncate(out.trim_end().len());
        out
    }

    fn push_relative(&self, c: char, out: &mut String) {
        let whole: String = std::iter::once(c).nfkd().collect();
        let bare: String = whole.chars().filter(|c| !is_combining_mark(*c)).collect();
        let fits = |text: &str| !text.is_empty() && text.chars().all(|c| self.has(c));
        if fits(&whole) {
            out.push_str(&whole);
        } else if fits(&bare) {
            out.push_str(&bare);
        } else if !is_combining_mark(c) && !out.ends_with(MISSING) {
            out.push(MISSING);
        }
    }

    /// Shapes a legible text.
    pub(super) fn shape(&self, text: &str) -> Shaped {
        let text = self.legible(text);
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::CYRILLIC);
        buffer.set_language(self.language.clone());
        let shaped = rustybuzz::shape_with_plan(&self.face, &self.plan, buffer);
        let mut next = text.len();
        let mut end = text.len();
        let mut glyphs: Vec<KrillaGlyph> = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .rev()
            .map(|(info, position)| {
                let start = usize::try_from(info.cluster).unwrap_or(end);
                if start < next {
                    end = next;
                    next = start;
                }
                KrillaGlyph::new(
                    GlyphId::new(info.glyph_id),
                    self.em(position.x_advance),
                    self.em(position.x_offset),
                    self.em(position.y_offset),
                    self.em(position.y_advance),
                    start..end,
                    None,
                )
            })
            .collect();
        glyphs.reverse();
        Shaped { text, glyphs }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "font units are below 2^24, where f32 is exact"
    )]
    fn em(&self, units: i32) -> f32 {
        units as f32 / self.units
    }
}

impl Shaped {
    /// Breaks the text into lines no wider than `width` (in units of the font size): at blanks
    /// where there are any, else in the middle of the word. A blank stays at the end of its line,
    /// so that copied text keeps its words apart.
    pub(super) fn lines(&self, width: f32) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut wide = 0.0;
        let mut last_blank: Option<(usize, f32)> = None;
        for (at, glyph) in self.glyphs.iter().enumerate() {
            let blank = self.text.get(glyph.text_range.clone()) == Some(" ");
            if !blank && wide + glyph.x_advance > width && at > start {
                match last_blank.take() {
                    Some((blank_at, blank_wide)) => {
                        lines.push(start..blank_at + 1);
                        start = blank_at + 1;
                        wide -= blank_wide;
                    }
                    None => {
                        lines.push(start..at);
                        start = at;
                        wide = 0.0;
                    }
                }
            }
            wide += glyph.x_advance;
            if blank {
                last_blank = Some((at, wide));
            }
        }
        if start < self.glyphs.len() {
            lines.push(start..self.glyphs.len());
        }
        lines
    }
}

/// Characters that show nothing: joiners, variation selectors, direction marks, soft hyphens.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typeface() -> Typeface {
        Typeface::parse(super::super::REGULAR).unwrap()
    }

    #[test]
    fn names_of_the_peoples_of_russia_are_left_alone() {
        for name in [
            "Ғайсә Ҡәҙим Өмөт",
            "Ҷӯра Ҳамид",
            "Ёжиков Щёлок",
            "№ 17 — «Да»",
        ] {
            assert_eq!(typeface().legible(name), name);
        }
    }

    #[test]
    fn a_character_that_the_font_lacks_is_replaced_and_the_rest_stays() {
        let legible = |text| typeface().legible(text);
        assert_eq!(legible("Анна 🌸🌸 Ли"), "Анна ? Ли");
        assert_eq!(legible("ＡＢ１"), "AB1");
        assert_eq!(legible("Nguyễn Trần"), "Nguyen Tran");
        assert_eq!(legible(" и\u{306}од\u{AD}\u{200D}\n\tx\u{0} "), "йод x");
        assert_eq!(legible("\u{E123}"), "?");
    }

    #[test]
    fn lines_break_at_blanks_and_long_words_are_cut() {
        let shaped = typeface().shape("раз два three");
        let words = |width: f32| -> Vec<String> {
            shaped
                .lines(width)
                .into_iter()
                .map(|line| {
                    let glyphs = &shaped.glyphs[line];
                    let from = glyphs.first().unwrap().text_range.start;
                    let to = glyphs.last().unwrap().text_range.end;
                    shaped.text.get(from..to).unwrap().to_owned()
                })
                .collect()
        };
        assert_eq!(words(100.0), ["раз два three"]);
        assert_eq!(words(2.6), ["раз ", "два ", "three"]);
        assert_eq!(words(0.1).concat(), "раз два three");
        assert!(typeface().shape("").lines(5.0).is_empty());
    }
}
