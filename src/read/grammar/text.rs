//! A text made ready to be searched by many patterns.

use super::alphabet::{MARK, MARKS, Tables, code};
use std::cell::OnceCell;
use std::ops::Deref;

/// A text with its octets in the alphabet of patterns. Making it costs about as much as one
/// search: a text that is searched by several patterns is made ready once.
#[derive(Debug, Clone)]
pub struct Text<'t> {
    text: &'t str,
    exact: Vec<u8>,
    /// All letters small, «е» for «ё»: for patterns to which case does not matter.
    folded: OnceCell<Vec<u8>>,
    /// Where in `text` each octet stands, and the end.
    places: Vec<u32>,
}

impl<'t> Text<'t> {
    /// Makes `text` ready.
    pub fn of(text: &'t str) -> Self {
        let word = &Tables::get().word;
        let mut exact = Vec::with_capacity(text.len() + 16);
        let mut places = Vec::with_capacity(text.len() + 16);
        let mut within = false;
        for (at, c) in text.char_indices() {
            let octet = code(c);
            let place = u32::try_from(at).unwrap_or(u32::MAX);
            let is_word = word.get(usize::from(octet)).copied().unwrap_or_default();
            if is_word != within {
                within = is_word;
                exact.extend([MARK; MARKS]);
                places.extend([place; MARKS]);
            }
            exact.push(octet);
            places.push(place);
        }
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if within {
            exact.extend([MARK; MARKS]);
            places.extend([end; MARKS]);
        }
        places.push(end);
        Self {
            text,
            exact,
            folded: OnceCell::new(),
            places,
        }
    }

    /// The text itself.
    pub const fn as_str(&self) -> &'t str {
        self.text
    }

    /// The octets to be searched.
    pub fn octets(&self, folded: bool) -> &[u8] {
        if !folded {
            return &self.exact;
        }
        let small = &Tables::get().folded;
        let fold = |octet: &u8| small.get(usize::from(*octet)).copied().unwrap_or(*octet);
        self.folded
            .get_or_init(|| self.exact.iter().map(fold).collect())
    }

    /// Where in the text the octet stands.
    pub fn place(&self, octet: usize) -> usize {
        let place = self.places.get(octet).or(self.places.last());
        place.map_or(self.text.len(), |place| *place as usize)
    }

    /// The first octet at or behind a place of the text.
    pub fn octet_at(&self, place: usize) -> usize {
        self.places
            .partition_point(|known| (*known as usize) < place)
            .min(self.exact.len())
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        self.text
    }
}

/// What can be searched: a text that is ready, or one that is made so for a single search.
pub trait Haystack<'t> {
    /// Searches.
    fn search<R>(self, by: impl FnOnce(&Text<'t>) -> R) -> R;
}

impl<'t> Haystack<'t> for &'t str {
    fn search<R>(self, by: impl FnOnce(&Text<'t>) -> R) -> R {
        by(&Text::of(self))
    }
}

impl<'t> Haystack<'t> for &'t String {
    fn search<R>(self, by: impl FnOnce(&Text<'t>) -> R) -> R {
        by(&Text::of(self))
    }
}

impl<'t> Haystack<'t> for &&'t str {
    fn search<R>(self, by: impl FnOnce(&Text<'t>) -> R) -> R {
        by(&Text::of(self))
    }
}

impl<'t> Haystack<'t> for &Text<'t> {
    fn search<R>(self, by: impl FnOnce(&Text<'t>) -> R) -> R {
        by(self)
    }
}
