//! A text with what several readers ask of it, found once.

use super::fields::{self, Field};
use super::learned::{self, Figure};
use super::phone::{self, Phone};
use super::when::{self, Found};
use crate::read::grammar::Text;
use jiff::civil::{Date, Time};
use std::cell::OnceCell;

/// A text, its labelled details, dates, times and telephones.
#[derive(Debug, Clone)]
pub struct Noted<'t> {
    /// The text, in the form of [`plain`](super::plain::plain).
    pub text: Text<'t>,
    /// All labelled details.
    pub fields: Vec<Field>,
    dates: OnceCell<Vec<Found<Date>>>,
    times: OnceCell<Vec<Found<Time>>>,
    phones: OnceCell<Vec<Phone>>,
    figures: OnceCell<Vec<Figure>>,
}

impl<'t> Noted<'t> {
    /// Reads the labels of `text`; the rest when it is asked for.
    pub fn of(text: &'t str) -> Self {
        let text = Text::of(text);
        Self {
            fields: fields::all(&text),
            text,
            dates: OnceCell::new(),
            times: OnceCell::new(),
            phones: OnceCell::new(),
            figures: OnceCell::new(),
        }
    }

    /// All dates, also incomplete ones.
    pub fn dates(&self) -> &[Found<Date>] {
        self.dates.get_or_init(|| when::dates(&self.text))
    }

    /// All times.
    pub fn times(&self) -> &[Found<Time>] {
        self.times
            .get_or_init(|| when::times(&self.text, self.dates()))
    }

    /// All telephones.
    pub fn phones(&self) -> &[Phone] {
        self.phones.get_or_init(|| phone::all(&self.text))
    }

    /// All figures, with what they are heard to be among the words of a letter.
    pub fn figures(&self) -> &[Figure] {
        self.figures
            .get_or_init(|| learned::figures(&self.text, false))
    }
}
