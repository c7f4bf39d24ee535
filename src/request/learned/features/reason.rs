//! What of a word is weighed when it is asked whether it tells a reason.

use super::super::table::Feature;
use super::collected::Collected;
use super::{EDGE, Token};
use std::ops::Range;

/// Features of each token for telling where a reason begins and ends.
pub fn of_tokens(tokens: &[Token]) -> Vec<Vec<Feature>> {
    let clauses = clauses(tokens);
    (0..tokens.len())
        .map(|at| of_token(tokens, at, &clauses))
        .collect()
}

/// The clauses of a sentence: each as its range of tokens, its sign first.
fn clauses(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut clauses = Vec::new();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        let parts = matches!(
            token.word.as_str(),
            "," | ":" | ";" | "—" | "–" | "-" | "!" | "?" | "(" | "…"
        );
        if parts && at > from {
            clauses.push(from..at);
            from = at;
        }
    }
    clauses.push(from..tokens.len());
    clauses
}

/// Only the words of its own clause speak for a token, and the sign before them: what is asked for
/// beside a reason is no word against it.
fn of_token(tokens: &[Token], here: usize, clauses: &[Range<usize>]) -> Vec<Feature> {
    let mut all = Collected::default();
    let whole = 0..tokens.len();
    let clause = clauses.iter().find(|c| c.contains(&here)).unwrap_or(&whole);
    let own = tokens.get(clause.clone()).unwrap_or_default();
    let at = here - clause.start;
    let near = |by: isize| at.checked_add_signed(by).and_then(|at| own.get(at));
    let stem = |by: isize| near(by).map_or(EDGE, Token::stem);
    let ending = |by: isize| near(by).map_or(EDGE, |t| t.ending(3).unwrap_or(&t.word));
    all.add(21, &[near(0).map_or(EDGE, |t| &t.word)]);
    for (kind, by) in [
        (23, -3),
        (24, -2),
        (25, -1),
        (26, 0),
        (27, 1),
        (28, 2),
        (29, 3),
    ] {
        all.add(kind, &[stem(by)]);
    }
    for (kind, by) in [(30, -1), (22, 0), (31, 1)] {
        all.add(kind, &[ending(by)]);
    }
    all.add(32, &[stem(-1), stem(0)]);
    all.add(33, &[stem(0), stem(1)]);
    all.add(34, &[stem(-1), stem(1)]);
    all.add(35, &[stem(-2), stem(-1)]);
    all.add(36, &[stem(1), stem(2)]);
    for token in own {
        all.add(40, &[token.stem()]);
        all.add(45, &[token.ending(3).unwrap_or(&token.word)]);
    }
    let part = |at: usize| own.get(at).map_or(EDGE, Token::stem);
    all.add(43, &[part(0), part(1)]);
    all.add(44, &[part(1), part(2)]);
    let (first, last) = (clause.start == 0, clause.end == tokens.len());
    let place = match (first, last) {
        (true, true) => "whole",
        (true, false) => "first",
        (false, true) => "last",
        (false, false) => "among",
    };
    all.add(46, &[place]);
    all.add(47, &[place, part(0), part(1)]);
    all.add(48, &[["1", "2", "3", "4"].get(own.len()).unwrap_or(&"5")]);
    all.once()
}
