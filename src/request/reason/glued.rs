//! Speech without stops: «у нас запись в 9:50 ребенок заболел отмените». What tells of the booking, asks, or tells
//! who writes is cut out of its sentence, so that the reason stands alone.

use super::Told;
use crate::read::grammar::{self, Rule, Text};
use serde::Deserialize;
use std::sync::LazyLock;

/// What stands beside a reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Glued {
    booked: Rule,
    asked: Rule,
    signed: Rule,
}

static GLUED: LazyLock<Glued> = LazyLock::new(|| grammar::embedded(include_str!("glued.toml")));

/// Letters of the shortest piece that may tell why: «б/л», «грипп».
const LEAST_LETTERS: usize = 2;

/// Words of the shortest sentence that is read in pieces where nothing in it tells why by itself.
const LEAST_WORDS: usize = 4;

/// Whether more than a reason stands in what was found: the booking, the request, or who writes.
pub fn holds_more(told: &str) -> bool {
    let text = Text::of(told);
    GLUED.booked.is_in(&text) || GLUED.asked.is_in(&text) || GLUED.signed.is_in(&text)
}

/// The sentences in pieces, without those that tell of the booking, ask, or tell who writes.
pub fn parted(all: &[Told]) -> Vec<Told> {
    all.iter().flat_map(pieces).collect()
}

/// As [`parted`], of the sentences that have no stop within.
pub fn unstopped(all: &[Told]) -> Vec<Told> {
    let runs_on = |sentence: &&Told| {
        let end = sentence.text.trim_end_matches(['.', '!', '?', ' ', ')']);
        !end.contains([',', ';', '(', '\n', '—', '–', '.', '!'])
            && end.split_whitespace().count() >= LEAST_WORDS
    };
    let pieces = all.iter().filter(runs_on).flat_map(pieces);
    pieces.filter(|piece| piece.text.contains(' ')).collect()
}

fn pieces(sentence: &Told) -> Vec<Told> {
    let text = Text::of(&sentence.text);
    let mut beside: Vec<_> = [&GLUED.booked, &GLUED.asked, &GLUED.signed]
        .iter()
        .flat_map(|rule| rule.all(&text))
        .collect();
    if beside.is_empty() {
        return vec![sentence.clone()];
    }
    beside.sort_unstable_by_key(|range| range.start);
    let mut all = Vec::new();
    let mut from = 0;
    let end = sentence.text.len();
    for range in beside.into_iter().chain(std::iter::once(end..end)) {
        let piece = sentence.text.get(from..range.start).unwrap_or_default();
        if piece.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS {
            all.push(Told {
                text: piece.trim().to_owned(),
                ..sentence.clone()
            });
        }
        from = from.max(range.end);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_judges_its_examples() {
        for rule in [&GLUED.booked, &GLUED.asked, &GLUED.signed] {
            assert_eq!(rule.misjudged(), None);
        }
    }

    #[test]
    fn what_is_left_tells_why() {
        for (text, left) in [
            (
                "у нас запись в 9:50 ребенок заболел отмените",
                "ребенок заболел",
            ),
            ("я завтра записана к лору ухо прошло отмените", "ухо прошло"),
            (
                "мы на прививку записаны в 8:15 а у нас сопли отмените",
                "а у нас сопли",
            ),
            (
                "запись на завтра на 10 утра голова болит отмените пожалуйста",
                "голова болит",
            ),
            (
                "отмените запись заболела бабушка телефон 89031112233",
                "заболела бабушка",
            ),
        ] {
            let told = Told {
                text: text.to_owned(),
                among: false,
            };
            let parted: Vec<_> = pieces(&told).into_iter().map(|told| told.text).collect();
            assert_eq!(parted, [left]);
        }
    }
}
