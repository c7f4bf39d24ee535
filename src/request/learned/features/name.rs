//! What of a word is weighed when it is asked whether it belongs to the name of the person whose
//! booking it is: its letters, its capitals, and what stands around it in the letter.

use super::super::folded::folded;
use super::super::table::Feature;
use super::collected::Collected;
use super::{EDGE, STEM, head, tail};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// Words and signs of a letter that are weighed; the rest names nobody.
const MOST_WORDS: usize = 1000;

/// Letters of a word that are weighed.
const LONGEST: usize = 30;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Small,
    Capital,
    /// All of it, and more than one letter.
    Capitals,
    /// One capital letter: perhaps an initial.
    Letter,
    Figure,
    Sign,
    /// The end of a line.
    Break,
}

impl Shape {
    const fn name(self) -> &'static str {
        match self {
            Self::Small => "s",
            Self::Capital => "C",
            Self::Capitals => "A",
            Self::Letter => "L",
            Self::Figure => "0",
            Self::Sign => ".",
            Self::Break => "/",
        }
    }
}

/// A word, a number, a sign or the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Small letters, «ё» as «е»; `0` for a number.
    pub word: String,
    /// Where it stands in the letter.
    pub range: Range<usize>,
    /// How it is written.
    pub shape: Shape,
    /// It is a given name.
    given: bool,
}

impl Word {
    const fn given(&self) -> &'static str {
        if self.given { "g" } else { "-" }
    }

    /// It holds letters.
    pub const fn lettered(&self) -> bool {
        !matches!(self.shape, Shape::Figure | Shape::Sign | Shape::Break)
    }
}

/// The words of a letter. A word ends where figures begin: «тел89240007734».
pub fn words(letter: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut from = 0;
    while found.len() < MOST_WORDS
        && let Some(first) = letter.get(from..).and_then(|rest| rest.chars().next())
    {
        let end = word_end(letter, from, first);
        let broken = first == '\n';
        let again = broken && found.last().is_none_or(|last| last.shape == Shape::Break);
        if !(again || first.is_whitespace() && !broken) {
            found.push(word(letter, from..end));
        }
        from = end;
    }
    while found.last().is_some_and(|last| last.shape == Shape::Break) {
        found.pop();
    }
    found
}

fn word_end(letter: &str, start: usize, first: char) -> usize {
    let second = start + first.len_utf8();
    if !first.is_alphanumeric() {
        return second;
    }
    let figure = first.is_numeric();
    let mut rest = letter
        .get(second..)
        .unwrap_or_default()
        .char_indices()
        .peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().is_some_and(|(_, next)| next.is_alphabetic());
        let same = if figure {
            c.is_numeric()
        } else {
            c.is_alphabetic() || c == '\u{301}' || matches!(c, '-' | '\'' | '’') && next
        };
        if !same {
            return second + at;
        }
    }
    letter.len()
}

fn word(letter: &str, range: Range<usize>) -> Word {
    static GIVEN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        include_str!("../../speech/given_names.txt")
            .lines()
            .collect()
    });
    let written = letter.get(range.clone()).unwrap_or_default();
    let shape = shape(written);
    let word = match shape {
        Shape::Figure => "0".to_owned(),
        Shape::Break => "/".to_owned(),
        Shape::Small | Shape::Capital | Shape::Capitals | Shape::Letter | Shape::Sign => {
            folded(written).chars().take(LONGEST).collect()
        }
    };
    let given = GIVEN.contains(word.as_str());
    Word {
        word,
        range,
        shape,
        given,
    }
}

fn shape(written: &str) -> Shape {
    let first = written.chars().next().unwrap_or('\n');
    let mut letters = written.chars().filter(|c| c.is_alphabetic());
    if first == '\n' {
        Shape::Break
    } else if first.is_numeric() {
        Shape::Figure
    } else if !first.is_alphabetic() {
        Shape::Sign
    } else if !first.is_uppercase() {
        Shape::Small
    } else if letters.clone().count() == 1 {
        Shape::Letter
    } else if letters.all(char::is_uppercase) {
        Shape::Capitals
    } else {
        Shape::Capital
    }
}

/// Features of each word of a letter.
pub fn of_words(words: &[Word]) -> Vec<Vec<Feature>> {
    let lines = Lines::of(words);
    (0..words.len())
        .map(|at| {
            let mut all = Collected::default();
            let around = Around { words, at };
            itself(around, lines.manner, &mut all);
            neighbours(around, &mut all);
            lines.place(around, &mut all);
            all.once()
        })
        .collect()
}

/// A word and those around it.
#[derive(Clone, Copy)]
struct Around<'a> {
    words: &'a [Word],
    at: usize,
}

impl<'a> Around<'a> {
    fn near(self, by: isize) -> Option<&'a Word> {
        self.words.get(self.at.checked_add_signed(by)?)
    }

    fn word(self, by: isize) -> &'a str {
        self.near(by).map_or(EDGE, |word| &word.word)
    }

    fn stem(self, by: isize) -> &'a str {
        head(self.word(by), STEM)
    }

    fn tail(self, by: isize, count: usize) -> &'a str {
        tail(self.word(by), count)
    }

    fn shape(self, by: isize) -> &'static str {
        self.near(by).map_or(EDGE, |word| word.shape.name())
    }

    fn given(self, by: isize) -> &'static str {
        self.near(by).map_or(EDGE, Word::given)
    }
}

/// The letters of the word, and how it is written; `manner` is how the letter is.
fn itself(here: Around<'_>, manner: &str, all: &mut Collected) {
    let (word, shape, given) = (here.word(0), here.shape(0), here.given(0));
    all.add(61, &[word]);
    for (kind, count) in [(62, 2), (63, 3), (64, 4)] {
        all.add(kind, &[tail(word, count)]);
    }
    all.add(65, &[head(word, 4)]);
    all.add(66, &[shape, manner]);
    all.add(67, &[given, shape, manner]);
    all.add(68, &[shape, tail(word, 3)]);
    let starts = word.char_indices().map(|(at, _)| at);
    let ends = starts.clone().skip(3).chain([word.len()]);
    for (start, end) in starts.zip(ends) {
        all.add(69, &[word.get(start..end).unwrap_or_default()]);
    }
}

/// What stands beside the word.
fn neighbours(here: Around<'_>, all: &mut Collected) {
    let (shape, given) = (here.shape(0), here.given(0));
    for (kind, by) in [(70, -3), (75, -2), (80, -1), (85, 1), (90, 2), (95, 3)] {
        all.add(kind, &[here.word(by)]);
        all.add(kind + 1, &[here.tail(by, 3)]);
        all.add(kind + 2, &[here.given(by), here.shape(by)]);
        all.add(kind + 3, &[here.stem(by), shape]);
        all.add(kind + 4, &[here.given(by), here.shape(by), given, shape]);
    }
    for (kind, from) in [(100, -2), (101, -1), (102, 0)] {
        all.add(
            kind,
            &[here.shape(from), here.shape(from + 1), here.shape(from + 2)],
        );
    }
    let five = [-2, -1, 0, 1, 2];
    all.add(103, &five.map(|by| here.given(by)));
    all.add(104, &five.map(|by| here.shape(by)));
    for (kind, left) in [(105, -1), (106, 0)] {
        let right = left + 1;
        all.add(
            kind,
            &[
                here.shape(left),
                here.tail(left, 2),
                here.shape(right),
                here.tail(right, 2),
            ],
        );
        all.add(kind + 2, &[here.tail(left, 3), here.tail(right, 3)]);
    }
    all.add(109, &[here.stem(-1), here.tail(0, 2)]);
    all.add(110, &[here.stem(1), here.tail(0, 2)]);
    all.add(111, &[here.stem(-2), here.stem(-1), shape]);
}

/// Where the lines of a letter end, and how it is written.
struct Lines {
    ends: Vec<usize>,
    manner: &'static str,
}

impl Lines {
    fn of(words: &[Word]) -> Self {
        let any = |shape: Shape| words.iter().any(|word| word.shape == shape);
        let ends = words.iter().enumerate();
        Self {
            ends: ends
                .filter(|(_, word)| word.shape == Shape::Break)
                .map(|(at, _)| at)
                .collect(),
            manner: if any(Shape::Capital) {
                "C"
            } else if any(Shape::Small) {
                "s"
            } else {
                "A"
            },
        }
    }

    /// In which line the word stands, and where in it.
    fn place(&self, here: Around<'_>, all: &mut Collected) {
        let (words, at, shape) = (here.words, here.at, here.shape(0));
        let line = self.ends.partition_point(|end| *end < at);
        let start_of = |line: usize| {
            let end = line.checked_sub(1).and_then(|before| self.ends.get(before));
            end.map_or(0, |end| end + 1)
        };
        let start = start_of(line);
        let end = self.ends.get(line).copied().unwrap_or(words.len());
        let from_start = few(at - start);
        let to_end = few(end.saturating_sub(at + 1));
        all.add(120, &[from_start, shape]);
        all.add(121, &[to_end, shape]);
        all.add(122, &[from_start, to_end, shape]);
        all.add(123, &[few(self.ends.len() - line), to_end, shape]);
        all.add(124, &[few(line), from_start, shape]);
        let before = words.get(start.max(at.saturating_sub(6))..at);
        for word in before.unwrap_or_default() {
            all.add(125, &[head(&word.word, STEM), shape]);
        }
        let Some(above) = line.checked_sub(1) else {
            return;
        };
        let above = words.get(start_of(above)..start.saturating_sub(1));
        for word in above.unwrap_or_default().iter().rev().take(4) {
            all.add(126, &[head(&word.word, STEM), shape]);
        }
    }
}

/// A small number, as a word; all greater ones are the same.
fn few(count: usize) -> &'static str {
    ["0", "1", "2", "3"].get(count).copied().unwrap_or("4")
}
