//! Acts of staff as data: what was ordered, what became of it, and what each act would do.

use super::{Consequences, Decision, GateVerdict};
use crate::domain::{BookingNumber, Obstacle, StaffAct};
use serde::{Deserialize, Serialize};

/// What staff ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffCommand {
    /// The act.
    pub act: StaffAct,
    /// Who: the login of the mailbox, or `operator`; `daemon` for a release by itself.
    pub actor: String,
    /// The booking named outright, by a command: surname and sender are the staff's matter then.
    pub booking: Option<BookingNumber>,
    /// Why, in a word for the journal.
    pub reason: Option<String>,
    /// What the citizen is told beside the letter's own words.
    pub words: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaffOutcome {
    /// It went its way anew, to this decision.
    Retried(Decision),
    /// A booking was cancelled, its confirmation repeated, or its citizen asked.
    Cancelled(Decision),
    /// The refusal is sent.
    Refused,
    /// Closed without an answer.
    Closed,
    /// The documents of the letter are accepted.
    Approved,
    /// The documents of the letter are not accepted.
    Rejected,
    /// Nothing was done; the letter comes back.
    Impossible(Obstacle),
}

impl StaffOutcome {
    /// The word used in the ledger and in the journal.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Retried(decision) | Self::Cancelled(decision) => decision.code(),
            Self::Refused => "refused",
            Self::Closed => "closed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Impossible(obstacle) => obstacle.code(),
        }
    }
}

/// What an act causes, to be recorded in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffJudgement {
    /// What became of it.
    pub outcome: StaffOutcome,
    /// The gates, where the letter went its way anew.
    pub gates: Vec<GateVerdict>,
    /// All that it causes.
    pub consequences: Consequences,
}

/// What each act would do, for the note beside the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// «Отменить запись».
    pub cancel: CancelOutlook,
    /// What stands against «Отказать»; `None`: the refusal would be sent.
    pub refuse: Option<Obstacle>,
}

impl Outlook {
    /// The letter's document is under review: «Отменить запись» accepts it, «Отказать» does not.
    pub(super) const OF_REVIEW: Self = Self {
        cancel: CancelOutlook::Approves,
        refuse: None,
    };
}

/// What «Отменить запись» would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelOutlook {
    /// Cancel the booking.
    Cancels,
    /// Send the confirmation of the earlier cancellation again.
    ConfirmsAgain,
    /// Ask the address on file.
    AsksFirst,
    /// Wait for the answer to a question that was sent.
    Waits,
    /// Nothing: the letter would come back.
    ComesBack(Obstacle),
    /// Accept the document that came with the letter.
    Approves,
}
