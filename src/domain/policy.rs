//! The rules of the office as data.

use super::Category;
use serde::{Deserialize, Serialize};

/// The rules that decisions follow; each journal entry names their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Named in the journal beside every decision.
    pub version: String,
    /// Most services.
    pub general: CategoryRule,
    /// Services that need preparation.
    pub prepared: CategoryRule,
    /// Special procedures.
    pub special: CategoryRule,
    /// Confirmation letters to the address on file.
    pub challenge: ChallengeRule,
    /// Letters that ask for a person.
    pub help: HelpRule,
    /// Offers of free times to the waiting list.
    pub waiting_list: WaitingListRule,
    /// How a cancelled booking comes back.
    pub restoration: RestorationRule,
}

/// The rule for one category of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryRule {
    /// Hours before the start until which a cancellation is accepted.
    pub notice_hours: u16,
}

/// How confirmation letters are given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChallengeRule {
    /// Hours for which an answer is accepted; never past the appointment.
    pub valid_hours: u16,
    /// At most so many for one booking in 24 hours.
    pub per_booking_and_day: u16,
}

/// What is promised to those who ask for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HelpRule {
    /// Hours from the receipt of the letter within which staff answer.
    pub answer_hours: u16,
}

impl Default for HelpRule {
    fn default() -> Self {
        Self { answer_hours: 24 }
    }
}

/// How free times are offered to the waiting list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WaitingListRule {
    /// Minutes for which a time is kept; never past its own last minute for cancelling.
    pub hold_minutes: u16,
    /// A time that could be kept for fewer minutes than this is offered to nobody.
    pub shortest_hold_minutes: u16,
}

/// How a cancelled booking comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RestorationRule {
    /// Days after the cancellation; never past the appointment. 0: not at all.
    pub days: u16,
}

impl Default for WaitingListRule {
    fn default() -> Self {
        Self {
            hold_minutes: 120,
            shortest_hold_minutes: 15,
        }
    }
}

impl Default for RestorationRule {
    fn default() -> Self {
        Self { days: 30 }
    }
}

/// A policy that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("policy: {0}")]
pub struct PolicyError(pub String);

impl Default for ChallengeRule {
    fn default() -> Self {
        Self {
            valid_hours: 48,
            per_booking_and_day: 3,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            version: "default-1".to_owned(),
            general: CategoryRule { notice_hours: 24 },
            prepared: CategoryRule { notice_hours: 48 },
            special: CategoryRule { notice_hours: 72 },
            challenge: ChallengeRule::default(),
            help: HelpRule::default(),
            waiting_list: WaitingListRule::default(),
            restoration: RestorationRule::default(),
        }
    }
}

impl Policy {
    /// The rule for a category.
    pub const fn rule(&self, category: Category) -> CategoryRule {
        match category {
            Category::General => self.general,
            Category::Prepared => self.prepared,
            Category::Special => self.special,
        }
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// [`PolicyError`] names the setting and what is expected.
    pub fn check(&self) -> Result<(), PolicyError> {
        let refuse = |text: &str| Err(PolicyError(text.to_owned()));
        if self.version.trim().is_empty() || self.version.len() > 60 {
            return refuse("version must be a name of 1 to 60 characters");
        }
        if self.challenge.valid_hours == 0 || self.challenge.valid_hours > 24 * 30 {
            return refuse("challenge.valid_hours must be from 1 to 720");
        }
        if self.challenge.per_booking_and_day == 0 {
            return refuse("challenge.per_booking_and_day must be at least 1");
        }
        if self.help.answer_hours == 0 || self.help.answer_hours > 24 * 30 {
            return refuse("help.answer_hours must be from 1 to 720");
        }
        let hold = self.waiting_list;
        if hold.shortest_hold_minutes == 0 || hold.hold_minutes < hold.shortest_hold_minutes {
            return refuse(
                "waiting_list.hold_minutes must not be less than shortest_hold_minutes, and both \
                 at least 1",
            );
        }
        if self.restoration.days > 366 {
            return refuse("restoration.days must be from 0 to 366");
        }
        Ok(())
    }
}
