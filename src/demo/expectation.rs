//! What the demo is expected to come to: `fixtures/demo/expected.json`.

use super::Row;
use crate::domain::Moment;
use crate::failure::Failure;
use serde::{Deserialize, Deserializer};

/// The expectations, built in.
#[derive(Debug, Deserialize)]
pub(super) struct Expectations {
    /// The moment at which the demo plays.
    #[serde(deserialize_with = "rfc3339")]
    pub(super) clock: Moment,
    /// One for each letter.
    pub(super) letters: Vec<Expected>,
}

/// What one letter is expected to come to.
#[derive(Debug, Deserialize)]
pub(super) struct Expected {
    pub(super) file: String,
    #[serde(deserialize_with = "rfc3339")]
    pub(super) received_at: Moment,
    /// The letter whose challenge this one answers; it is written when that challenge is known.
    pub(super) answers_challenge_of: Option<String>,
    intent: String,
    number: Option<String>,
    decision: String,
    reason: Option<String>,
    answer: Option<String>,
    folder: String,
}

impl Expectations {
    pub(super) fn load() -> Result<Self, Failure> {
        serde_json::from_str(super::samples::EXPECTED).map_err(|cause| {
            Failure::stop_because("the demo's expectations are damaged", "Build anew", cause)
        })
    }
}

impl Expected {
    /// The columns in which `row` differs.
    pub(super) fn differences(&self, row: &Row) -> Vec<&'static str> {
        let columns = [
            ("intent", self.intent == row.intent),
            ("number", self.number == row.number),
            ("decision", self.decision == row.decision),
            ("reason", self.reason == row.reason),
            ("answer", self.answer == row.answer),
            ("folder", self.folder == row.folder),
        ];
        columns
            .into_iter()
            .filter(|(_, same)| !same)
            .map(|(name, _)| name)
            .collect()
    }
}

fn rfc3339<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = String::deserialize(deserializer)?;
    Moment::parse_rfc3339(&text).ok_or_else(|| serde::de::Error::custom("not RFC 3339"))
}
