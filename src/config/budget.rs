//! `[budget]`

use serde::Deserialize;

/// How many answers may leave in 24 hours; further ones are parked. Decisions are never limited,
/// and the confirmation of an effect is no answer in this sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BudgetSettings {
    /// Answers to one mailbox whose sender was verified.
    pub verified_per_address_and_day: u32,
    /// Answers to one mailbox whose sender was not.
    pub unverified_per_address_and_day: u32,
    /// Answers to one domain that is no public mail provider, verified.
    pub verified_per_domain_and_day: u32,
    /// The same, not verified.
    pub unverified_per_domain_and_day: u32,
    /// All answers to verified senders.
    pub verified_per_day: u32,
    /// All answers to senders that were not verified.
    pub unverified_per_day: u32,
}

impl Default for BudgetSettings {
    fn default() -> Self {
        Self {
            verified_per_address_and_day: 20,
            unverified_per_address_and_day: 6,
            verified_per_domain_and_day: 1_000,
            unverified_per_domain_and_day: 200,
            verified_per_day: 5_000,
            unverified_per_day: 1_000,
        }
    }
}

impl BudgetSettings {
    /// The limits for one mailbox, one domain and in total, for one class of senders.
    pub const fn limits(self, verified: bool) -> (u32, u32, u32) {
        if verified {
            (
                self.verified_per_address_and_day,
                self.verified_per_domain_and_day,
                self.verified_per_day,
            )
        } else {
            (
                self.unverified_per_address_and_day,
                self.unverified_per_domain_and_day,
                self.unverified_per_day,
            )
        }
    }
}
