//! What staff read about their acts: the words of `templates/notes/acts.toml`.

use super::templates::ReasonWords;
use crate::decide::{CancelOutlook, Sign};
use crate::domain::{Obstacle, StaffAct};
use crate::failure::Failure;
use serde::Deserialize;
use std::collections::BTreeMap;

const ACTS: &str = include_str!("../../templates/notes/acts.toml");

/// The words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActWords {
    names: BTreeMap<String, String>,
    effects: BTreeMap<String, String>,
    done: BTreeMap<String, String>,
    obstacles: BTreeMap<String, ReasonWords>,
    signs: BTreeMap<String, String>,
}

impl ActWords {
    /// Reads the words and checks that none is missing.
    ///
    /// # Errors
    /// [`Failure::Stop`] names the key: the program was built with a broken file.
    pub fn load() -> Result<Self, Failure> {
        let remedy = "this build is damaged: install the program anew";
        let words: Self = toml::from_str(ACTS)
            .map_err(|cause| Failure::stop_because("templates/notes/acts.toml", remedy, cause))?;
        match words.missing() {
            None => Ok(words),
            Some(key) => Err(Failure::stop(
                format!("templates/notes/acts.toml lacks {key}"),
                remedy,
            )),
        }
    }

    fn missing(&self) -> Option<String> {
        let acts = StaffAct::ALL.iter().map(|act| act.code());
        let named = acts.clone().map(|code| ("names", &self.names, code));
        let done = acts.map(|code| ("done", &self.done, code));
        let others = ["released", "impossible"].map(|code| ("done", &self.done, code));
        let effects = EFFECTS.map(|code| ("effects", &self.effects, code));
        let signs = SIGNS.map(|sign| ("signs", &self.signs, sign.code()));
        let lacking = named
            .chain(done)
            .chain(others)
            .chain(effects)
            .chain(signs)
            .find(|(_, table, code)| !table.contains_key(*code))
            .map(|(table, _, code)| format!("{table}.{code}"));
        lacking.or_else(|| {
            Obstacle::ALL
                .iter()
                .find(|obstacle| !self.obstacles.contains_key(obstacle.code()))
                .map(|obstacle| format!("obstacles.{}", obstacle.code()))
        })
    }

    /// The folder of an act as staff see it.
    pub fn name(&self, act: StaffAct) -> &str {
        text(&self.names, act.code())
    }

    /// What an act did: an act's code, `released` or `impossible`.
    pub fn done(&self, code: &str) -> &str {
        text(&self.done, code)
    }

    /// Why an act is not possible, and what can be done instead.
    pub fn obstacle(&self, obstacle: Obstacle, letter: &str) -> (String, String) {
        let words = self.obstacles.get(obstacle.code());
        let filled = |text: &String| text.replace("{letter}", letter);
        (
            words.map(|words| filled(&words.why)).unwrap_or_default(),
            words.map(|words| filled(&words.todo)).unwrap_or_default(),
        )
    }

    /// What an act would do: one of the keys of `effects`.
    pub fn effect(&self, code: &str) -> &str {
        text(&self.effects, code)
    }

    /// What «Отменить запись» would do.
    pub fn cancel_effect(&self, outlook: CancelOutlook, letter: &str) -> String {
        let code = match outlook {
            CancelOutlook::Cancels => "cancel_cancels",
            CancelOutlook::ConfirmsAgain => "cancel_confirms_again",
            CancelOutlook::AsksFirst => "cancel_asks_first",
            CancelOutlook::Waits => "cancel_waits",
            CancelOutlook::Approves => "cancel_approves",
            CancelOutlook::ComesBack(obstacle) => return self.comes_back(obstacle, letter),
        };
        self.effect(code).to_owned()
    }

    /// That the letter would come back, and why.
    pub fn comes_back(&self, obstacle: Obstacle, letter: &str) -> String {
        let (why, _) = self.obstacle(obstacle, letter);
        format!("{} {why}", self.effect("comes_back"))
    }

    /// What speaks for a booking, in words.
    pub fn signs(&self, signs: &[Sign]) -> String {
        let words: Vec<&str> = signs
            .iter()
            .map(|sign| text(&self.signs, sign.code()))
            .collect();
        words.join(", ")
    }
}

/// The keys of `effects`.
const EFFECTS: [&str; 11] = [
    "cancel_approves",
    "refuse_rejects",
    "retry",
    "retry_passing",
    "close",
    "refuse",
    "cancel_cancels",
    "cancel_confirms_again",
    "cancel_asks_first",
    "cancel_waits",
    "comes_back",
];

/// All signs.
const SIGNS: [Sign; 8] = [
    Sign::Number,
    Sign::NumberNear,
    Sign::Name,
    Sign::NameNear,
    Sign::Phone,
    Sign::Address,
    Sign::Date,
    Sign::Time,
];

fn text<'a>(table: &'a BTreeMap<String, String>, code: &str) -> &'a str {
    table.get(code).map_or("", String::as_str)
}
