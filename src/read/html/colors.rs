//! Colours of letters and of the ground behind them, as style sheets and attributes write them.

use cssparser::{ParseError, Parser, Token, color};

/// A colour; with an `alpha` of 1 it hides what lies behind it, with 0 it is not there at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
    alpha: f32,
}

/// How far two colours may lie apart in each part and still look like one.
const ALIKE: u8 = 12;

/// What is less opaque is not seen.
pub const BARELY_SEEN: f32 = 0.1;

impl Color {
    /// What paper is.
    pub const WHITE: Self = Self {
        red: u8::MAX,
        green: u8::MAX,
        blue: u8::MAX,
        alpha: 1.0,
    };

    /// The colour of a value such as `#fff`, `white`, `rgb(255, 255, 255)` or `#fff url(…) repeat`.
    pub fn of(value: &str) -> Option<Self> {
        let mut input = Parser::new(value);
        while let Ok(token) = input.next() {
            let color = if let Token::Hash(digits) | Token::IDHash(digits) = token {
                hash(digits)
            } else if let Token::Ident(name) = token {
                named(name)
            } else if matches!(token, Token::Function(name) if name.to_ascii_lowercase().starts_with("rgb"))
            {
                input.parse_nested_block(of_parts).ok()
            } else {
                None
            };
            if color.is_some() {
                return color;
            }
        }
        None
    }

    /// The colour of an attribute, in which the hash may be missing: `color="ffffff"`.
    pub fn of_attribute(value: &str) -> Option<Self> {
        let value = value.trim();
        Self::of(value).or_else(|| hash(value))
    }

    /// Whether letters of this colour are seen on that ground.
    pub fn is_seen_on(self, ground: Self) -> bool {
        let alike = |one: u8, other: u8| one.abs_diff(other) <= ALIKE;
        let same = alike(self.red, ground.red)
            && alike(self.green, ground.green)
            && alike(self.blue, ground.blue);
        self.alpha >= BARELY_SEEN && !same
    }

    /// Whether what lies behind shows through.
    pub fn is_glassy(self) -> bool {
        self.alpha < 0.5
    }
}

fn hash(digits: &str) -> Option<Color> {
    let (red, green, blue, alpha) = color::parse_hash_color(digits.as_bytes()).ok()?;
    Some(Color {
        red,
        green,
        blue,
        alpha,
    })
}

fn named(name: &str) -> Option<Color> {
    if name.eq_ignore_ascii_case("transparent") {
        let alpha = 0.0;
        return Some(Color {
            alpha,
            ..Color::WHITE
        });
    }
    let (red, green, blue) = color::parse_named_color(name).ok()?;
    Some(Color {
        red,
        green,
        blue,
        alpha: 1.0,
    })
}

/// The parts of `rgb(255 255 255 / 50%)` or `rgba(255, 255, 255, 0.5)`.
fn of_parts(input: &mut Parser<'_>) -> Result<Color, ParseError<()>> {
    let mut parts = Vec::new();
    while let Ok(token) = input.next() {
        if let Token::Number { value, .. } = token {
            parts.push((*value, u8::MAX.into()));
        } else if let Token::Percentage { unit_value, .. } = token {
            parts.push((*unit_value, 1.0));
        }
    }
    let part = |at: usize| -> Option<u8> {
        let (value, whole): (f32, f32) = *parts.get(at)?;
        Some(color::clamp_unit_f32(value / whole))
    };
    let color = || {
        let alpha = parts.get(3).map_or(1.0, |(value, _)| *value);
        Some(Color {
            red: part(0)?,
            green: part(1)?,
            blue: part(2)?,
            alpha,
        })
    };
    color().ok_or_else(ParseError::unexpected_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_the_ground_s_colour_are_not_seen() {
        let seen = |color: &str, ground: &str| {
            Color::of(color)
                .unwrap()
                .is_seen_on(Color::of(ground).unwrap())
        };
        for (color, ground) in [
            ("#fff", "white"),
            ("#FEFEFE", "#ffffff"),
            ("rgb(255, 255, 255)", "white"),
            ("rgb(100% 100% 100%)", "white"),
            ("black", "rgba(0,0,0,1)"),
            ("transparent", "black"),
            ("rgba(0, 0, 0, 0)", "white"),
            ("navy", "#000080 url(a.png) no-repeat"),
        ] {
            assert!(!seen(color, ground), "{color} on {ground}");
        }
        for (color, ground) in [("white", "black"), ("#888", "#fff"), ("red", "white")] {
            assert!(seen(color, ground), "{color} on {ground}");
        }
        assert_eq!(Color::of("url(a.png)"), None);
        assert_eq!(Color::of("inherit"), None);
        assert_eq!(Color::of("windowtext"), None);
        assert_eq!(Color::of_attribute("ffffff"), Some(Color::WHITE));
        assert!(Color::of("transparent").unwrap().is_glassy());
    }
}
