//! What programs put above an old letter: who wrote it, and when.

use super::shape;
use super::{Kind, Sorter};

impl Sorter<'_> {
    /// The quote at `at` begins: the attribution over it, of up to three lines, is no own word,
    /// nor are the lines that Yandex puts above («Кому: …;», dashes).
    pub(super) fn take_attribution_above(&mut self, at: usize) {
        let above: Vec<usize> = (0..at)
            .rev()
            .take(12)
            .filter(|index| self.lines.get(*index).is_some_and(|line| !line.is_blank()))
            .take_while(|index| self.kinds.get(*index) != Some(&Kind::Quoted))
            .take(6)
            .collect();
        let Some(length) = self.attribution_length(&above) else {
            return;
        };
        let is_head = |at: usize| {
            self.lines
                .get(at)
                .is_some_and(|l| shape::is_quote_head(&l.text))
        };
        let head = above
            .iter()
            .skip(length)
            .take_while(|index| is_head(**index))
            .count();
        for index in above.iter().take(length + head) {
            if let Some(kind) = self.kinds.get_mut(*index) {
                *kind = Kind::Quoted;
            }
        }
    }

    /// Notes puts who and when above «Кому».
    pub(super) fn take_when_above(&mut self, at: usize) {
        if !self
            .lines
            .get(at)
            .is_some_and(|line| shape::is_label_of_notes(&line.text))
        {
            return;
        }
        let is = |at: usize, told: fn(&str) -> bool| {
            self.lines
                .get(at)
                .is_some_and(|line| told(line.text.trim()))
        };
        let worded = (0..at).rev().take(4).find(|at| !is(*at, str::is_empty));
        let Some(when) = worded.filter(|at| is(*at, shape::is_when)) else {
            return;
        };
        let who = when.checked_sub(1).filter(|at| is(*at, shape::is_who));
        for at in [Some(when), who].into_iter().flatten() {
            if let Some(kind) = self.kinds.get_mut(at) {
                *kind = Kind::Quoted;
            }
        }
    }

    /// How many of the lines `above` a quote, nearest first, are its attribution.
    fn attribution_length(&self, above: &[usize]) -> Option<usize> {
        let mut joined = String::new();
        let mut vague = None;
        for (taken, index) in above.iter().enumerate().take(3) {
            let line = self.lines.get(*index).filter(|l| l.text.len() <= 800)?;
            joined = format!("{} {joined}", line.text.trim());
            if taken == 0 && !shape::ends_attribution(&joined) {
                return self.bare_head_length(above);
            }
            // An attribution that is broken over lines has no empty one between.
            let apart = || {
                above
                    .get(taken - 1)
                    .is_some_and(|below| *below != index + 1)
            };
            if vague.is_some() && apart() {
                return vague;
            }
            if shape::is_attribution(&joined) {
                if shape::tells_date(&joined) {
                    return Some(taken + 1);
                }
                vague = vague.or(Some(taken + 1));
            }
        }
        vague
    }

    /// «Имя <адрес>», and below it nothing but when: no colon ends it.
    fn bare_head_length(&self, above: &[usize]) -> Option<usize> {
        let [when, who, ..] = above else { return None };
        let text = |at: &usize| self.lines.get(*at).map(|line| line.text.trim());
        let head = *when == who + 1 && shape::is_when(text(when)?) && shape::is_who(text(who)?);
        head.then_some(2)
    }
}
