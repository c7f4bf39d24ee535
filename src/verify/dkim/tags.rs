//! Tag lists (RFC 6376 section 3.2): `v=1; a=rsa-sha256; …`. Pure.

/// Most tags of one list; signatures have about a dozen.
const MOST_TAGS: usize = 50;

/// A list of tags, each of which stands there once.
#[derive(Debug)]
pub(super) struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    /// Reads a list; `None` for anything that is not of the grammar, and for a tag that stands
    /// there twice: then the whole list is invalid.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut tags: Vec<(&str, &str)> = Vec::new();
        let mut pieces = text.split(';').peekable();
        while let Some(piece) = pieces.next() {
            if piece.trim().is_empty() && pieces.peek().is_none() {
                break;
            }
            let (name, value) = piece.split_once('=')?;
            let (name, value) = (name.trim(), value.trim());
            let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
            let sound = begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let known = tags.iter().any(|(other, _)| *other == name);
            if !sound || known || tags.len() >= MOST_TAGS {
                return None;
            }
            tags.push((name, value));
        }
        Some(Self(tags))
    }

    /// The value of a tag, without the white space around it.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self.0.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| *value)
    }

    /// The value of a tag without any white space: for values that may be folded anywhere.
    pub(super) fn bare(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.split_ascii_whitespace().collect())
    }

    /// The number in a tag: outer `None` for what is no number, inner `None` without the tag.
    pub(super) fn number(&self, name: &str) -> Option<Option<u64>> {
        let Some(text) = self.get(name) else {
            return Some(None);
        };
        let digits = !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_digit());
        // The grammar allows 76 digits; a number beyond 64 bits is as good as the largest.
        digits.then(|| Some(text.parse().unwrap_or(u64::MAX)))
    }

    /// Whether a list with colons holds one of these words; `without` where the tag is missing.
    pub(super) fn lists(&self, name: &str, words: &[&str], without: bool) -> bool {
        let Some(list) = self.get(name) else {
            return without;
        };
        list.split(':').any(|item| {
            words
                .iter()
                .any(|word| item.trim().eq_ignore_ascii_case(word))
        })
    }

    /// The name of the first tag.
    pub(super) fn first(&self) -> Option<&'a str> {
        self.0.first().map(|(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_with_their_folding() {
        let tags =
            Tags::parse(" v=1; a=rsa-sha256;\r\n\t h=From : To;x = 17; b=ab\r\n cd ;").unwrap();
        assert_eq!(tags.first(), Some("v"));
        assert_eq!(tags.bare("b").unwrap(), "abcd");
        assert_eq!(tags.number("x"), Some(Some(17)));
        assert_eq!(tags.number("t"), Some(None));
        assert!(tags.lists("h", &["to"], false) && !tags.lists("h", &["cc"], true));
        assert!(tags.lists("s", &["email"], true));
    }

    #[test]
    fn a_torn_list_is_none_at_all() {
        for text in ["v=1; v=1", "v", "v=1;; a=b", "=x", "1v=2", "v w=1"] {
            assert!(Tags::parse(text).is_none(), "{text}");
        }
        assert!(Tags::parse("").unwrap().first().is_none());
        for text in ["x=", "x=-1", "x=1 2", "x=0x1"] {
            assert_eq!(Tags::parse(text).unwrap().number("x"), None, "{text}");
        }
    }
}
