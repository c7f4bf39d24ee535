//! What letters say of late cancellations, as facts: stored with the letter's other data.

use crate::domain::{Conditions, Consequence, Moment, SanctionKind};
use serde::{Deserialize, Serialize};

/// The facts. What a letter does not need stays empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LateWords {
    /// The conditions of cancelling: «Условия отмены».
    pub conditions: Option<Conditions>,
    /// When a request was refused; dates the written refusal.
    pub refused_at: Option<Moment>,
    /// Whether the cancellation is on record as one that came too late.
    pub untimely: bool,
    /// What would follow, or follows, from a late cancellation.
    pub consequence: Option<Consequence>,
    /// Whether it is in force without a further decision of staff.
    pub automatic: bool,
    /// Until when documents may follow.
    pub documents_until: Option<Moment>,
    /// Which documents, as citizens read them.
    pub document_kinds: Vec<String>,
    /// How many documents came with the letter that is answered.
    pub documents: u32,
    /// Whether the appointment's time was given to others already.
    pub slot_released: bool,
    /// Whether the documents came after the cancellation.
    pub follow_up: bool,
    /// Sanctions that stand against a wish.
    pub against: Vec<SanctionWords>,
    /// Moves within 30 days, where the rules allow no more of them.
    pub moves: u32,
    /// From when on one more is possible.
    pub moves_until: Option<Moment>,
    /// Sanctions that were imposed or lifted.
    pub sanctions: Vec<SanctionWords>,
}

/// One sanction as a letter tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SanctionWords {
    /// Its kind.
    pub kind: SanctionKind,
    /// Roubles or days.
    pub amount: u32,
    /// Until when it holds, where it holds for days.
    pub until: Option<Moment>,
}
