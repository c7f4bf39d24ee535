//! What the `style` of an element tells: whether a reader sees it at all.

/// The rules without white space and comments: `display: /**/ none` is `display:none`.
pub fn bare(style: &str) -> String {
    let mut pieces = style.split("/*");
    let mut seen = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        seen.push_str(piece.split_once("*/").map_or("", |(_, behind)| behind));
    }
    seen.split_whitespace().collect()
}

/// Whether a reader sees nothing of an element with these [`bare`] rules.
pub fn hides(style: &str) -> bool {
    const NEVER_SEEN: [&str; 11] = [
        "display:none",
        "visibility:hidden",
        "visibility:collapse",
        "mso-hide:all",
        "line-through",
        "color:transparent",
        "clip-path:inset(100%",
        "clip:rect(0,0,0,0",
        "clip:rect(0000",
        "scale(0)",
        "font:0/0",
    ];
    const ZERO: [&str; 3] = ["max-height:", "opacity:", "zoom:"];
    const FAR_AWAY: [&str; 4] = ["text-indent:-", "left:-", "top:-", "margin-left:-"];
    const FAR: usize = 4;
    let rules = || {
        style
            .split(';')
            .map(|rule| rule.trim_end_matches("!important"))
    };
    let zero = |start: &str| rules().any(|rule| rule.strip_prefix(start).is_some_and(is_zero));
    // «-9999px» is out of sight; a small indent is a matter of style.
    let far = |start: &str| {
        let value = rules().find_map(|rule| rule.strip_prefix(start));
        value.is_some_and(|value| value.bytes().take_while(u8::is_ascii_digit).count() >= FAR)
    };
    let clipped = style.contains("overflow:hidden") && (zero("height:") || zero("width:"));
    NEVER_SEEN.iter().any(|rule| style.contains(rule))
        || ZERO.iter().any(|start| zero(start))
        || FAR_AWAY.iter().any(|start| far(start))
        || clipped
}

fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.parse::<f32>() == Ok(0.0)
}

/// Whether its letters have a size, and whether it is none: what stands within may have another.
pub fn letter_size_is_zero(style: &str) -> Option<bool> {
    let size = rule(style, &["font-size:"])?;
    let size = size.trim_end_matches("!important");
    size.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        .then(|| is_zero(size))
}

/// Whether it stands on lines of its own, whatever element it is.
pub fn is_block(style: &str) -> bool {
    const BLOCK: [&str; 5] = ["block", "flex", "grid", "table", "list-item"];
    let display = rule(style, &["display:"]).map(|value| value.trim_end_matches("!important"));
    display.is_some_and(|display| BLOCK.contains(&display))
}

/// Whether its letters are white, by the rules or by the attribute.
pub fn is_white(style: &str, attribute: Option<&str>) -> bool {
    rule(style, &["color:"])
        .or(attribute)
        .is_some_and(is_white_name)
}

/// Whether it has a ground of another colour than white, on which white letters are seen.
pub fn has_ground(style: &str, attribute: Option<&str>) -> bool {
    rule(style, &["background:", "background-color:"])
        .or(attribute)
        .is_some_and(|ground| !is_white_name(ground) && !ground.starts_with("transparent"))
}

fn is_white_name(color: &str) -> bool {
    const WHITE: [&str; 6] = [
        "white",
        "#fff",
        "#ffffff",
        "ffffff",
        "rgb(255,255,255)",
        "rgba(255,255,255,1)",
    ];
    WHITE.contains(&color.trim_end_matches("!important"))
}

/// The value of the first rule with one of the names, each with its colon.
fn rule<'s>(style: &'s str, names: &[&str]) -> Option<&'s str> {
    style
        .split(';')
        .find_map(|rule| names.iter().find_map(|name| rule.strip_prefix(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_told_from_what_is_only_small_or_moved() {
        for style in [
            "display: none",
            "display:/**/none",
            "opacity:0.0",
            "height:0; overflow:hidden",
            "position:absolute; left:-9999px",
            "text-indent:-9999px",
            "color:transparent",
            "transform:scale(0)",
        ] {
            assert!(hides(&bare(style)), "{style}");
        }
        for style in [
            "display:block",
            "font-size:10pt",
            "opacity:0.9",
            "height:0",
            "margin-left:-10px",
            "text-indent:-18.0pt",
            "color:#fff",
        ] {
            assert!(!hides(&bare(style)), "{style}");
        }
    }

    #[test]
    fn size_and_display_are_told() {
        assert_eq!(letter_size_is_zero(&bare("font-size: 0.0pt")), Some(true));
        assert_eq!(letter_size_is_zero("font-size:0!important"), Some(true));
        assert_eq!(letter_size_is_zero("font-size:13px"), Some(false));
        assert_eq!(letter_size_is_zero("font-size:inherit"), None);
        assert!(is_block(&bare("color:red; display: block !important")));
        assert!(!is_block("display:inline-block"));
    }

    #[test]
    fn white_letters_are_told_by_rule_and_attribute() {
        assert!(is_white(&bare("color: #FFF".to_lowercase().as_str()), None));
        assert!(is_white("", Some("white")));
        assert!(!is_white("color:black", Some("white")));
        assert!(has_ground("background-color:rgb(0,0,0)", None));
        assert!(!has_ground("background:white", Some("black")));
    }
}
