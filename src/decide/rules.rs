//! What every decision is made with: the rules of the office, and the trail of gates that it leaves.

use super::GateVerdict;
use crate::domain::{Moment, Policy, Reason};
use crate::reply::compose::Office;

/// What does not depend on the letter: the rules of the office and its identity.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The rules.
    pub policy: &'a Policy,
    /// Who we are in our letters.
    pub office: &'a Office,
    /// The moment of the decision.
    pub now: Moment,
}

/// The gates that were asked.
#[derive(Debug, Default)]
pub(super) struct Trail {
    pub(super) gates: Vec<GateVerdict>,
}

impl Trail {
    pub(super) fn note(&mut self, gate: &'static str, verdict: impl Into<String>) {
        self.gates.push(GateVerdict {
            gate,
            verdict: verdict.into(),
        });
    }
}

/// The first problem of the reading that is one of `candidates`.
pub(super) fn first_of(problems: &[Reason], candidates: &[Reason]) -> Option<Reason> {
    problems
        .iter()
        .copied()
        .find(|problem| candidates.contains(problem))
}
