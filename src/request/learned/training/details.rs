//! Letters in which number, day and hour of the appointment are marked: `<n>ЗП-10457</n>`,
//! `<d>5 марта</d>`, `<t>14:30</t>`.

use super::super::features::figures::{self, Kind, Piece};
use super::linear::{self, Example};
use std::ops::Range;

/// As [`super::ROUNDS`] and [`super::COST_OF_SENTENCES`], for figures.
const ROUNDS: usize = 12;
const COST: f32 = 2.0;

/// What may be marked, in the order of the columns.
const MARKS: [char; figures::COLUMNS] = ['n', 'd', 't'];

/// A subject or the words below it.
#[derive(Debug, Clone, Default)]
pub struct Detailed {
    /// As written.
    pub text: String,
    /// It is a subject.
    pub titled: bool,
    /// The column of what is marked, and where it stands, in octets.
    marked: Vec<(usize, Range<usize>)>,
}

/// The subjects and the words of letters, a letter on each line; a line of a letter, its subject first,
/// ends with «⏎».
pub fn letters(lines: &str) -> Vec<Detailed> {
    let parts = |line: &str| {
        let (subject, words) = line.split_once('⏎').unwrap_or(("", line));
        let words = words.replace(" ⏎ ", "\n");
        [
            unmarked(subject.trim(), true),
            unmarked(words.trim(), false),
        ]
    };
    lines.lines().flat_map(parts).collect()
}

fn unmarked(written: &str, titled: bool) -> Detailed {
    let mut found = Detailed {
        titled,
        ..Detailed::default()
    };
    let mut pieces = written.split('<');
    found.text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let here = found.text.len();
        let tag = piece.split_once('>');
        let column = |name: &str| MARKS.iter().position(|mark| name.chars().eq([*mark]));
        match tag {
            Some((name, rest)) if let Some(column) = column(name) => {
                found.marked.push((column, here..here));
                found.text.push_str(rest);
            }
            Some((name, rest)) if name.strip_prefix('/').and_then(column).is_some() => {
                if let Some((_, range)) = found.marked.last_mut() {
                    range.end = here;
                }
                found.text.push_str(rest);
            }
            _ => {
                found.text.push('<');
                found.text.push_str(piece);
            }
        }
    }
    found
}

/// The weights by which number, day and hour are told from other figures.
pub fn figure(letters: &[Detailed]) -> Vec<[f32; figures::COLUMNS]> {
    let examples: Vec<_> = letters.iter().flat_map(examples).collect();
    linear::learnt(&examples, COST, ROUNDS)
}

/// The figures of a text, each an example. What stands within a mark behind its beginning is none.
pub fn examples(letter: &Detailed) -> Vec<Example<{ figures::COLUMNS }>> {
    let pieces = figures::pieces(&letter.text).unwrap_or_default();
    let figure = |(at, piece): (usize, &Piece)| {
        let mut sides = [-1.0; figures::COLUMNS];
        for (column, marked) in &letter.marked {
            let within = piece.range.start < marked.end && marked.start < piece.range.end;
            let begins = !pieces
                .get(..at)?
                .iter()
                .any(|p| p.range.end > marked.start && p.kind != Kind::Word);
            if let Some(side) = sides.get_mut(*column)
                && within
            {
                *side = if begins { 1.0 } else { 0.0 };
            }
        }
        piece.is_judged().then(|| Example {
            features: figures::of_piece(&pieces, at, letter.titled),
            sides,
        })
    };
    pieces.iter().enumerate().filter_map(figure).collect()
}
