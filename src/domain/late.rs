//! What a service asks of those who cancel: the notice, and what becomes of later cancellations.

use super::layered::layered;
use super::{Category, HelpChange, Notice, RestorationChange, SanctionChange, WaitingListChange};
use serde::{Deserialize, Serialize};

/// What becomes of a cancellation that comes too late.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LateWay {
    /// Refused, in writing.
    #[default]
    Refuse,
    /// Accepted when the citizen agrees to the consequence that a letter has shown.
    Consent,
}

/// What a document that comes with a late cancellation is good for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentWay {
    /// Staff look at it and decide.
    #[default]
    Review,
    /// Nothing.
    Ignore,
}

/// When the time of a booking that staff review becomes free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseSlot {
    /// As soon as the request has come: the appointment is given up in any case.
    OnRequest,
    /// When staff approve.
    #[default]
    OnApproval,
}

/// The rule for one category, or for one service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryRule {
    /// How long before the start a cancellation must have been received.
    pub notice: Notice,
    /// What becomes of a later one.
    pub late: LateWay,
    /// What a document with a later one is good for.
    pub documents: DocumentWay,
    /// When the time of a booking under review becomes free.
    pub release_slot: ReleaseSlot,
    /// The numbers that differ from those of the whole office.
    #[serde(skip)]
    pub own: OwnNumbers,
}

/// Numbers that a category or service has for itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnNumbers {
    /// The times of late cancellations.
    pub late: LateChange,
    /// Offers of free times.
    pub waiting_list: WaitingListChange,
    /// How a cancelled booking comes back.
    pub restoration: RestorationChange,
    /// Letters that ask for a person.
    pub help: HelpChange,
    /// Consequences of repeated late cancellations.
    pub sanctions: SanctionChange,
}

impl OwnNumbers {
    fn or(self, wider: Self) -> Self {
        Self {
            late: self.late.or(wider.late),
            waiting_list: self.waiting_list.or(wider.waiting_list),
            restoration: self.restoration.or(wider.restoration),
            help: self.help.or(wider.help),
            sanctions: self.sanctions.or(wider.sanctions),
        }
    }
}

impl CategoryRule {
    /// The rule with this notice and all else as built in.
    pub fn with_notice(notice: Notice) -> Self {
        Self {
            notice,
            late: LateWay::Refuse,
            documents: DocumentWay::Review,
            release_slot: ReleaseSlot::OnApproval,
            own: OwnNumbers::default(),
        }
    }

    /// The built-in rule for a category.
    pub fn of(category: Category) -> Self {
        Self::with_notice(Notice::Hours(match category {
            Category::General => 24,
            Category::Prepared => 48,
            Category::Special => 72,
        }))
    }
}

/// What a policy says about one category or service; what it leaves out stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleChange {
    /// `notice = "24h"`, `notice = "3 days"`, or `notice_hours = 24`.
    #[serde(alias = "notice_hours")]
    pub notice: Option<Notice>,
    /// What becomes of a later one.
    pub late: Option<LateWay>,
    /// What a document with a later one is good for.
    pub documents: Option<DocumentWay>,
    /// When the time of a booking under review becomes free.
    pub release_slot: Option<ReleaseSlot>,
    /// Hours for which «ДА» to a consequence is accepted.
    pub consent_hours: Option<u16>,
    /// Days after a late cancellation in which documents may follow.
    pub documents_days: Option<u16>,
    /// Offers of free times.
    pub waiting_list: WaitingListChange,
    /// How a cancelled booking comes back.
    pub restoration: RestorationChange,
    /// Letters that ask for a person.
    pub help: HelpChange,
    /// Consequences of repeated late cancellations.
    pub sanctions: SanctionChange,
}

impl RuleChange {
    /// `rule` with these changes.
    pub fn over(self, rule: CategoryRule) -> CategoryRule {
        CategoryRule {
            notice: self.notice.unwrap_or(rule.notice),
            late: self.late.unwrap_or(rule.late),
            documents: self.documents.unwrap_or(rule.documents),
            release_slot: self.release_slot.unwrap_or(rule.release_slot),
            own: self.numbers().or(rule.own),
        }
    }

    fn numbers(self) -> OwnNumbers {
        OwnNumbers {
            late: LateChange {
                consent_hours: self.consent_hours,
                documents_days: self.documents_days,
            },
            waiting_list: self.waiting_list,
            restoration: self.restoration,
            help: self.help,
            sanctions: self.sanctions,
        }
    }
}

layered! {
    /// The times of late cancellations.
    LateRules,
    /// What a category or service says of them.
    LateChange,
    {
        /// Hours for which «ДА» to a consequence is accepted; never past the appointment.
        consent_hours: u16 = 24,
        /// Days after a late cancellation in which documents may follow.
        documents_days: u16 = 14,
    }
}

/// The conditions of cancelling a booking, as its letters tell them: «Условия отмены».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// What becomes of a late cancellation.
    pub late: LateWay,
    /// What a document is good for.
    pub documents: DocumentWay,
    /// Days in which documents may follow.
    pub documents_days: u16,
    /// Which documents, as citizens read them; at most six.
    pub document_kinds: Vec<String>,
    /// Whether late cancellations are counted and have consequences.
    pub sanctions: bool,
    /// Version of the rules.
    pub version: String,
}
