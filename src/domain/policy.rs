//! The rules of the office as data.

use super::layered::layered;
use super::{
    Category, CategoryRule, Conditions, DocumentWay, LateRules, ReasonRule, RuleChange,
    SanctionRules, Service, find_reason, usual_reasons,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;

/// Kinds of documents that the conditions in a letter name.
const DOCUMENTS_TOLD: usize = 6;

/// The rules that decisions follow; each journal entry names their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Named in the journal beside every decision.
    pub version: String,
    /// Most services.
    #[serde(deserialize_with = "general")]
    pub general: CategoryRule,
    /// Services that need preparation.
    #[serde(deserialize_with = "prepared")]
    pub prepared: CategoryRule,
    /// Special procedures.
    #[serde(deserialize_with = "special")]
    pub special: CategoryRule,
    /// Confirmation letters to the address on file.
    pub challenge: ChallengeRule,
    /// Offers of free times to the waiting list.
    pub waiting_list: WaitingListRule,
    /// How a cancelled booking comes back.
    pub restoration: RestorationRule,
    /// Services, by their code, whose rule differs from that of their category.
    pub service: BTreeMap<String, RuleChange>,
    /// What holds for all late cancellations.
    pub late: LateRules,
    /// Why citizens cancel.
    pub reasons: Vec<ReasonRule>,
    /// Consequences of repeated late cancellations.
    pub sanctions: SanctionRules,
    /// Letters that ask for a person.
    pub help: HelpRule,
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

layered! {
    /// How free times are offered to the waiting list.
    WaitingListRule,
    /// What a category or service says of it.
    WaitingListChange,
    {
        /// Minutes for which a time is kept; never past its own last minute for cancelling.
        hold_minutes: u16 = 120,
        /// A time that could be kept for fewer minutes than this is offered to nobody.
        shortest_hold_minutes: u16 = 15,
    }
}

layered! {
    /// How a cancelled booking comes back.
    RestorationRule,
    /// What a category or service says of it.
    RestorationChange,
    {
        /// Days after the cancellation; never past the appointment. 0: not at all.
        days: u16 = 30,
    }
}

layered! {
    /// What is promised to those who ask for a person.
    HelpRule,
    /// What a category or service says of it.
    HelpChange,
    {
        /// Hours from the receipt of the letter within which staff answer.
        answer_hours: u16 = 24,
    }
}

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
            version: "default-2".to_owned(),
            general: CategoryRule::of(Category::General),
            prepared: CategoryRule::of(Category::Prepared),
            special: CategoryRule::of(Category::Special),
            challenge: ChallengeRule::default(),
            waiting_list: WaitingListRule::default(),
            restoration: RestorationRule::default(),
            service: BTreeMap::new(),
            late: LateRules::default(),
            reasons: usual_reasons(),
            sanctions: SanctionRules::default(),
            help: HelpRule::default(),
        }
    }
}

fn general<'de, D: Deserializer<'de>>(from: D) -> Result<CategoryRule, D::Error> {
    Ok(RuleChange::deserialize(from)?.over(CategoryRule::of(Category::General)))
}

fn prepared<'de, D: Deserializer<'de>>(from: D) -> Result<CategoryRule, D::Error> {
    Ok(RuleChange::deserialize(from)?.over(CategoryRule::of(Category::Prepared)))
}

fn special<'de, D: Deserializer<'de>>(from: D) -> Result<CategoryRule, D::Error> {
    Ok(RuleChange::deserialize(from)?.over(CategoryRule::of(Category::Special)))
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

    /// The rule for a service: its own, where it has one, over that of its category.
    pub fn rule_for(&self, service: &Service) -> CategoryRule {
        let rule = self.rule(service.category);
        self.service
            .get(&service.code)
            .map_or(rule, |change| change.over(rule))
    }

    /// The times of late cancellations of a service.
    pub fn late_rules(&self, service: &Service) -> LateRules {
        self.rule_for(service).own.late.over(self.late)
    }

    /// How free times of a service are offered.
    pub fn waiting_list_rule(&self, service: &Service) -> WaitingListRule {
        let own = self.rule_for(service).own.waiting_list;
        own.over(self.waiting_list)
    }

    /// How a cancelled booking of a service comes back.
    pub fn restoration_rule(&self, service: &Service) -> RestorationRule {
        let own = self.rule_for(service).own.restoration;
        own.over(self.restoration)
    }

    /// What is promised to those who ask for a person, about a service or about none.
    pub fn help_rule(&self, service: Option<&Service>) -> HelpRule {
        let own = service.map(|service| self.rule_for(service).own.help);
        own.unwrap_or_default().over(self.help)
    }

    /// Consequences of repeated late cancellations of a service.
    pub fn sanction_rules(&self, service: &Service) -> SanctionRules {
        self.rule_for(service).own.sanctions.over(self.sanctions)
    }

    /// The reason of the list that a citizen's words name.
    pub fn reason(&self, words: Option<&str>) -> Option<&ReasonRule> {
        find_reason(words?, &self.reasons)
    }

    /// The conditions of cancelling a booking of this service, for its letters.
    pub fn conditions(&self, service: &Service) -> Conditions {
        let rule = self.rule_for(service);
        let documents = rule.documents == DocumentWay::Review;
        Conditions {
            late: rule.late,
            documents: rule.documents,
            documents_days: self.late_rules(service).documents_days,
            document_kinds: if documents {
                self.document_kinds(None)
            } else {
                Vec::new()
            },
            sanctions: self.sanction_rules(service).enabled,
            version: self.version.clone(),
        }
    }

    /// The documents that show a reason, as citizens read them; of all valid reasons where none is
    /// named or the named one needs none.
    pub fn document_kinds(&self, reason: Option<&ReasonRule>) -> Vec<String> {
        let own = reason.map(|rule| rule.documents.as_slice()).unwrap_or(&[]);
        let all = self.reasons.iter().filter(|rule| rule.valid);
        let kinds: Vec<String> = if own.is_empty() {
            all.flat_map(|rule| rule.documents.iter().cloned())
                .collect()
        } else {
            own.to_vec()
        };
        kinds.into_iter().take(DOCUMENTS_TOLD).collect()
    }
}
