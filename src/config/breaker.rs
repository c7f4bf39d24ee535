//! `[breaker]`

use super::BudgetSettings;
use serde::Deserialize;

/// From which rate on cancellations by mail wait for an operator's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSettings {
    /// Whether there is a limit at all.
    pub enabled: bool,
    /// So many cancellations of one organisation, or from one domain that is no public mail
    /// provider, pass.
    pub cancellations: u32,
    /// Within so many minutes, by the receipt of the letters.
    pub minutes: u32,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            cancellations: 30,
            minutes: 10,
        }
    }
}

/// The limits that the ledger keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// Of answers.
    pub budget: BudgetSettings,
    /// Of cancellations.
    pub breaker: BreakerSettings,
}

impl From<BudgetSettings> for Limits {
    fn from(budget: BudgetSettings) -> Self {
        Self {
            budget,
            breaker: BreakerSettings::default(),
        }
    }
}
