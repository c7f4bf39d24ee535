//! What of a figure is weighed when it is asked whether it is the number of the booking, the day or the
//! hour of the appointment: its shape, and what stands around it in the letter.

use super::super::folded::folded;
use super::super::table::Feature;
use super::collected::Collected;
use super::{EDGE, STEM};
use std::ops::Range;

/// What is told of a figure: whether it is the number, the day or the hour.
pub const COLUMNS: usize = 3;

/// Pieces of a letter that are weighed; a longer one is not heard.
const MOST_PIECES: usize = 1000;

/// Letters of a piece that are weighed.
const LONGEST: usize = 24;

/// Digits that a telephone has at least.
const PHONE: usize = 10;

/// What a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// A number, or letters with one: «5», «ЗП-10», «A12».
    Figure,
    /// «12.03.2027», «5 марта».
    Day,
    /// «14:30», «9 утра».
    Hour,
    Phone,
    Sign,
    /// The end of a line.
    Break,
}

/// A word, figures with what belongs to them, a sign or the end of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Where it stands in the letter.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// A word in small letters, «ё» as «е»; of figures the shape, `aa-00000`.
    text: String,
}

impl Piece {
    /// It may be the number, the day or the hour.
    pub const fn is_judged(&self) -> bool {
        matches!(self.kind, Kind::Figure | Kind::Day | Kind::Hour)
    }

    fn stem(&self) -> &str {
        match self.kind {
            Kind::Word => super::head(&self.text, STEM),
            Kind::Figure => "0",
            Kind::Day => "D",
            Kind::Hour => "H",
            Kind::Phone => "P",
            Kind::Sign => &self.text,
            Kind::Break => "/",
        }
    }

    /// Of a word its last letters, of figures their shape.
    fn tail(&self) -> &str {
        match self.kind {
            Kind::Word => super::tail(&self.text, 2),
            Kind::Figure | Kind::Day | Kind::Hour | Kind::Phone | Kind::Sign | Kind::Break => {
                &self.text
            }
        }
    }
}

/// The pieces of a letter, in order; `None` if there are more than [`MOST_PIECES`].
pub fn pieces(letter: &str) -> Option<Vec<Piece>> {
    let mut found: Vec<Piece> = Vec::new();
    let mut from = 0;
    while found.len() < MOST_PIECES
        && let Some(first) = letter.get(from..).and_then(|rest| rest.chars().next())
    {
        let end = end(letter, from, first);
        let broken = first == '\n';
        let again = broken && found.last().is_none_or(|last| last.kind == Kind::Break);
        if !(again || first.is_whitespace() && !broken) {
            found.push(piece(letter, from..end));
        }
        from = end;
    }
    (from >= letter.len()).then(|| joined(found))
}

/// Where the piece ends that begins with `first` at `start`. Signs between digits belong to them, dashes
/// and slashes also to letters.
fn end(letter: &str, start: usize, first: char) -> usize {
    let second = start + first.len_utf8();
    let calls = first == '+' && letter.get(second..).is_some_and(starts_with_digit);
    if !(first.is_alphanumeric() || calls) {
        return second;
    }
    let rest = letter.get(second..).unwrap_or_default();
    let mut previous = first;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        let joins = match c {
            '-' | '–' | '—' | '/' | '_' => previous.is_alphanumeric() && next.is_alphanumeric(),
            '.' | ':' => previous.is_ascii_digit() && next.is_ascii_digit(),
            '(' | ')' => {
                (previous.is_ascii_digit() || previous == ')' || c == ')')
                    && (next.is_ascii_digit() || next == '-')
            }
            _ => c.is_alphanumeric(),
        };
        if !joins {
            return second + at;
        }
        previous = c;
    }
    letter.len()
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c == '(')
}

fn piece(letter: &str, range: Range<usize>) -> Piece {
    let written = letter.get(range.clone()).unwrap_or_default();
    let (text, kind) = if written == "\n" {
        ("/".to_owned(), Kind::Break)
    } else if written.contains(|c: char| c.is_ascii_digit()) {
        let shape = shape(written);
        let kind = kind(&shape);
        (shape, kind)
    } else {
        let word: String = folded(written).chars().take(LONGEST).collect();
        let worded = written.starts_with(char::is_alphanumeric);
        (word, if worded { Kind::Word } else { Kind::Sign })
    };
    Piece { range, kind, text }
}

/// `aa-00000` for «ЗП-10457».
fn shape(written: &str) -> String {
    let letter = |c: char| match c {
        c if c.is_numeric() => '0',
        c if c.is_alphabetic() => 'a',
        '–' | '—' => '-',
        c => c,
    };
    written.chars().take(LONGEST).map(letter).collect()
}

fn kind(shape: &str) -> Kind {
    let digits = shape.chars().filter(|c| *c == '0').count();
    match shape {
        "00:00" | "0:00" | "00.00" | "0.00" | "00-00" | "0-00" => Kind::Hour,
        "00.00.0000" | "0.00.0000" | "00.0.0000" | "0.0.0000" | "00.00.00" | "0000-00-00"
        | "00/00/0000" | "00-00-0000" | "0.00.00" | "00/00/00" => Kind::Day,
        _ if digits >= PHONE && !shape.contains('a') => Kind::Phone,
        _ => Kind::Figure,
    }
}

/// Figures that words, or other figures, make a day, an hour or a telephone.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut from = 0;
    while let Some(first) = pieces.get(from) {
        let rest = pieces.get(from..).unwrap_or_default();
        let (kind, count) = unit(rest).unwrap_or((first.kind, 1));
        let last = rest.get(count - 1).unwrap_or(first);
        found.push(Piece {
            range: first.range.start..last.range.end,
            kind,
            text: first.text.clone(),
        });
        from += count;
    }
    found
}

/// What the first pieces make together, and of how many.
fn unit(pieces: &[Piece]) -> Option<(Kind, usize)> {
    const MONTHS: [&str; 13] = [
        "янв", "фев", "мар", "апр", "мая", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    const HOURS: [&str; 7] = ["час", "часа", "часов", "ч", "утра", "дня", "вечера"];
    let [first, rest @ ..] = pieces else {
        return None;
    };
    if first.kind != Kind::Figure || first.text.contains('a') {
        return None;
    }
    let second = rest.first()?;
    let word = second.text.as_str();
    let short = first.text.len() <= 2;
    let month = MONTHS.iter().any(|name| word.starts_with(name));
    if short && second.kind == Kind::Word && month && word.chars().count() <= 8 {
        let year = rest
            .get(1)
            .is_some_and(|p| matches!(p.text.as_str(), "0000" | "0000г"));
        return Some((Kind::Day, 2 + usize::from(year)));
    }
    if short && HOURS.contains(&word) {
        return Some((Kind::Hour, 2));
    }
    let digits = |piece: &Piece| piece.text.chars().filter(|c| *c == '0').count();
    let run = pieces
        .iter()
        .take_while(|p| p.kind == Kind::Figure && !p.text.contains('a'))
        .count();
    let all: usize = pieces.iter().take(run).map(digits).sum();
    ((PHONE..=PHONE + 1).contains(&all) && run > 2).then_some((Kind::Phone, run))
}

/// Features of the piece at `at`; `titled`: the letter is its subject only.
pub fn of_piece(pieces: &[Piece], at: usize, titled: bool) -> Vec<Feature> {
    let mut all = Collected::default();
    let Some(piece) = pieces.get(at) else {
        return all.once();
    };
    let near = |by: isize| at.checked_add_signed(by).and_then(|at| pieces.get(at));
    let stem = |by: isize| near(by).map_or(EDGE, Piece::stem);
    let tail = |by: isize| near(by).map_or(EDGE, Piece::tail);
    let place = if titled { "t" } else { "b" };
    let shape = piece.text.as_str();
    all.add(140, &[shape]);
    all.add(141, &[shape, place]);
    all.add(142, &[outline(shape), place]);
    for (kind, by) in [
        (143, -3),
        (144, -2),
        (145, -1),
        (146, 1),
        (147, 2),
        (148, 3),
    ] {
        all.add(kind, &[stem(by)]);
        all.add(kind + 10, &[stem(by), outline(shape)]);
        all.add(kind + 20, &[stem(by), tail(by)]);
    }
    all.add(180, &[stem(-2), stem(-1)]);
    all.add(181, &[stem(-1), stem(1)]);
    all.add(182, &[stem(1), stem(2)]);
    all.add(183, &[stem(-3), stem(-2), stem(-1)]);
    all.add(184, &[stem(-2), stem(-1), shape]);
    all.add(185, &[stem(-1), shape, stem(1)]);
    around(pieces, at, &mut all);
    rivals(pieces, at, &mut all);
    all.once()
}

/// The shape with runs of the same sign made one: `a-0`.
fn outline(shape: &str) -> &str {
    let lettered = shape.contains('a');
    let signed = shape.contains(['-', '/', '.', ':']);
    match (lettered, signed, shape.len()) {
        (false, false, 0..=2) => "2",
        (false, false, 3) => "3",
        (false, false, 4..=6) => "6",
        (false, false, _) => "9",
        (false, true, _) => "-",
        (true, false, _) => "a",
        (true, true, _) => "a-",
    }
}

/// The words of the clause before it and behind it, of its line, and where in the line it stands.
fn around(pieces: &[Piece], at: usize, all: &mut Collected) {
    const REACH: usize = 7;
    let before = pieces.get(..at).unwrap_or_default();
    let behind = pieces.get(at + 1..).unwrap_or_default();
    let in_line = |p: &&Piece| p.kind != Kind::Break;
    let ends = |p: &&Piece| !matches!(p.text.as_str(), "." | "!" | "?" | ";" | "/");
    for piece in before.iter().rev().take(REACH).take_while(ends) {
        all.add(190, &[piece.stem()]);
    }
    for piece in behind.iter().take(REACH).take_while(ends) {
        all.add(191, &[piece.stem()]);
    }
    let first = before.iter().rev().take_while(in_line).count();
    let last = behind.iter().take_while(in_line).count();
    let few = |count: usize| ["0", "1", "2", "3"].get(count).copied().unwrap_or("4");
    all.add(192, &[few(first), few(last)]);
    all.add(193, &[few(last)]);
    if let Some(head) = before
        .get(before.len() - first..)
        .and_then(<[Piece]>::first)
    {
        all.add(194, &[head.stem()]);
        all.add(195, &[head.stem(), few(first)]);
    }
    let last_line = behind.iter().all(|p| p.kind != Kind::Break);
    let first_line = before.iter().all(|p| p.kind != Kind::Break);
    all.add(
        196,
        &[
            if first_line { "f" } else { "-" },
            if last_line { "l" } else { "-" },
        ],
    );
}

/// What else of its kind there is.
fn rivals(pieces: &[Piece], at: usize, all: &mut Collected) {
    let Some(own) = pieces.get(at) else { return };
    let same = |p: &&Piece| p.kind == own.kind;
    let before = pieces.iter().take(at).filter(same).count();
    let behind = pieces.iter().skip(at + 1).filter(same).count();
    let few = |count: usize| ["0", "1", "2"].get(count).copied().unwrap_or("3");
    all.add(197, &[few(before), few(behind)]);
    all.add(198, &[few(before + behind), outline(&own.text)]);
    let longer = |p: &&Piece| same(p) && p.text.len() >= own.text.len();
    let longest = pieces.iter().filter(longer).count() == 1;
    all.add(
        199,
        &[if longest { "longest" } else { "-" }, outline(&own.text)],
    );
}
