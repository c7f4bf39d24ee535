//! `[budget]`

use serde::Deserialize;

/// How many answers one address may get in 24 hours; further ones wait. Decisions are never
/// limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSettings {
    /// Answers to letters whose sender was verified.
    pub verified_per_address_and_day: u32,
    /// Answers to letters whose sender was not.
    pub unverified_per_address_and_day: u32,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self {
            verified_per_address_and_day: 20,
            unverified_per_address_and_day: 6,
        }
    }
}
