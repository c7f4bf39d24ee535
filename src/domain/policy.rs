//! The rules of the office as data.

use super::{
    Category, CategoryRule, Conditions, DocumentWay, LateRules, ReasonRule, RuleChange,
    SanctionRules, Service, find_reason, usual_reasons,
};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of documents that the conditions in a letter name.
const DOCUMENTS_TOLD: usize = 6;

/// Entries of a list in the policy: more are a mistake.
const MOST_ENTRIES: usize = 200;

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

/// A policy that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} {text}")]
pub struct PolicyError {
    /// The key, as `challenge.valid_hours` or `reasons.2.code`: the third of a list.
    pub path: String,
    /// What is expected there.
    pub text: String,
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
            documents_days: self.late.documents_days,
            document_kinds: if documents {
                self.document_kinds(None)
            } else {
                Vec::new()
            },
            sanctions: self.sanctions.enabled,
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

    /// Checks what types cannot.
    ///
    /// # Errors
    /// [`PolicyError`] names the setting and what is expected.
    pub fn check(&self) -> Result<(), PolicyError> {
        let length = self.version.trim().chars().count();
        require(
            (1..=60).contains(&length),
            "version",
            "must be a name of 1 to 60 characters",
        )?;
        let hours = self.challenge.valid_hours;
        require(
            (1..=720).contains(&hours),
            "challenge.valid_hours",
            "must be from 1 to 720",
        )?;
        let per_day = self.challenge.per_booking_and_day;
        require(
            per_day > 0,
            "challenge.per_booking_and_day",
            "must be at least 1",
        )?;
        let hours = self.late.consent_hours;
        require(
            (1..=720).contains(&hours),
            "late.consent_hours",
            "must be from 1 to 720",
        )?;
        let days = self.late.documents_days;
        require(days <= 366, "late.documents_days", "must be from 0 to 366")?;
        require(
            self.service.len() <= 10 * MOST_ENTRIES,
            "service",
            "names more than 2,000 services",
        )?;
        let hours = self.help.answer_hours;
        require(
            (1..=720).contains(&hours),
            "help.answer_hours",
            "must be from 1 to 720",
        )?;
        self.check_times()?;
        self.check_sanctions()?;
        self.check_reasons()
    }

    fn check_times(&self) -> Result<(), PolicyError> {
        let hold = self.waiting_list;
        require(
            hold.shortest_hold_minutes > 0,
            "waiting_list.shortest_hold_minutes",
            "must be at least 1",
        )?;
        require(
            hold.hold_minutes >= hold.shortest_hold_minutes,
            "waiting_list.hold_minutes",
            "must not be less than waiting_list.shortest_hold_minutes",
        )?;
        let days = self.restoration.days;
        require(days <= 366, "restoration.days", "must be from 0 to 366")
    }

    fn check_sanctions(&self) -> Result<(), PolicyError> {
        let rules = &self.sanctions;
        let days = |key: &str, days: u16, least: u16| {
            let text = format!("must be from {least} to 366");
            require(
                (least..=366).contains(&days),
                &format!("sanctions.{key}"),
                &text,
            )
        };
        days("window_days", rules.window_days, 1)?;
        days("block_first_days", rules.block_first_days, 0)?;
        days("block_most_days", rules.block_most_days, 0)?;
        days("same_service_days", rules.same_service_days, 0)?;
        days("waiting_list_days", rules.waiting_list_days, 0)?;
        require(
            rules.fine_most <= 1_000_000,
            "sanctions.fine_most",
            "must be at most 1000000",
        )?;
        require(
            rules.fine_first <= rules.fine_most,
            "sanctions.fine_first",
            "must not be more than sanctions.fine_most",
        )?;
        require(
            rules.block_first_days <= rules.block_most_days,
            "sanctions.block_first_days",
            "must not be more than sanctions.block_most_days",
        )
    }

    fn check_reasons(&self) -> Result<(), PolicyError> {
        require(
            self.reasons.len() <= MOST_ENTRIES,
            "reasons",
            "lists more than 200 reasons",
        )?;
        let mut seen = BTreeSet::new();
        for (at, rule) in self.reasons.iter().enumerate() {
            let here = |key: &str| format!("reasons.{at}.{key}");
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let sound = !rule.code.is_empty() && rule.code.len() <= 40;
            require(
                sound && rule.code.chars().all(plain),
                &here("code"),
                "must be 1 to 40 lower-case letters, digits and _",
            )?;
            require(
                seen.insert(&rule.code),
                &here("code"),
                "is that of another reason",
            )?;
            require(
                (1..=80).contains(&rule.name.trim().chars().count()),
                &here("name"),
                "must be 1 to 80 characters",
            )?;
            let blank = |entry: &String| entry.trim().is_empty();
            require(
                rule.words.len() <= MOST_ENTRIES && !rule.words.iter().any(blank),
                &here("words"),
                "must be at most 200 beginnings of words, none of them blank",
            )?;
            require(
                !rule.needs_document || rule.valid,
                &here("needs_document"),
                "means nothing for a reason that is not valid",
            )?;
            require(
                rule.documents.len() <= MOST_ENTRIES && !rule.documents.iter().any(blank),
                &here("documents"),
                "must be at most 200 names of documents, none of them blank",
            )?;
        }
        Ok(())
    }
}

fn require(holds: bool, path: &str, text: &str) -> Result<(), PolicyError> {
    if holds {
        return Ok(());
    }
    Err(PolicyError {
        path: path.to_owned(),
        text: text.to_owned(),
    })
}
