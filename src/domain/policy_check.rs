//! What a policy must keep that types cannot say: ranges, and rules that do not contradict.

use super::{Category, CategoryRule, Policy, RuleChange};
use std::collections::BTreeSet;

/// Entries of a list in the policy: more are a mistake.
const MOST_ENTRIES: usize = 200;

/// A policy that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} {text}", path.join("."))]
pub struct PolicyError {
    /// The key step by step, as `challenge`, `valid_hours` or `reasons`, `2`, `code`: the third of a
    /// list.
    pub path: Vec<String>,
    /// What is expected there.
    pub text: String,
}

type Checked = Result<(), PolicyError>;

/// Where a rule stands: for the whole office, for a category, for a service.
#[derive(Clone, Copy)]
struct Place<'a>(&'a [&'a str]);

impl Place<'_> {
    fn require(self, holds: bool, key: &str, text: &str) -> Checked {
        if holds {
            return Ok(());
        }
        let steps = self.0.iter().copied().chain(key.split('.'));
        Err(PolicyError {
            path: steps.map(str::to_owned).collect(),
            text: text.to_owned(),
        })
    }

    fn within(self, number: u16, (least, most): (u16, u16), key: &str) -> Checked {
        let text = format!("must be from {least} to {most}");
        self.require((least..=most).contains(&number), key, &text)
    }

    /// A key of `[late]`, which a category or service states in its own table.
    fn late(self, key: &str) -> String {
        if self.0.is_empty() {
            format!("late.{key}")
        } else {
            key.to_owned()
        }
    }
}

const OFFICE: Place<'static> = Place(&[]);

impl Policy {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// [`PolicyError`] names the setting and what is expected.
    pub fn check(&self) -> Checked {
        let length = self.version.trim().chars().count();
        let text = "must be a name of 1 to 60 characters";
        OFFICE.require((1..=60).contains(&length), "version", text)?;
        let challenge = self.challenge;
        OFFICE.within(challenge.valid_hours, (1, 720), "challenge.valid_hours")?;
        let per_day = challenge.per_booking_and_day;
        let key = "challenge.per_booking_and_day";
        OFFICE.require(per_day > 0, key, "must be at least 1")?;
        let text = "names more than 2,000 services";
        OFFICE.require(self.service.len() <= 10 * MOST_ENTRIES, "service", text)?;
        self.check_numbers(OFFICE, CategoryRule::of(Category::General))?;
        for (name, rule) in [
            ("general", self.general),
            ("prepared", self.prepared),
            ("special", self.special),
        ] {
            self.check_numbers(Place(&[name]), rule)?;
            for (code, change) in &self.service {
                self.check_service(code, *change, (name, rule))?;
            }
        }
        self.check_reasons()
    }

    /// A service may be of any category.
    fn check_service(
        &self,
        code: &str,
        change: RuleChange,
        (category, rule): (&str, CategoryRule),
    ) -> Checked {
        let checked = self.check_numbers(Place(&["service", code]), change.over(rule));
        checked.map_err(|mut error| {
            error.text = format!("{} (with the rules of [{category}])", error.text);
            error
        })
    }

    /// The numbers that hold at a place.
    fn check_numbers(&self, place: Place<'_>, rule: CategoryRule) -> Checked {
        let late = rule.own.late.over(self.late);
        place.within(late.consent_hours, (1, 720), &place.late("consent_hours"))?;
        place.within(late.documents_days, (0, 366), &place.late("documents_days"))?;
        let help = rule.own.help.over(self.help);
        place.within(help.answer_hours, (1, 720), "help.answer_hours")?;
        let restoration = rule.own.restoration.over(self.restoration);
        place.within(restoration.days, (0, 366), "restoration.days")?;
        let list = rule.own.waiting_list.over(self.waiting_list);
        let key = "waiting_list.shortest_hold_minutes";
        place.require(list.shortest_hold_minutes > 0, key, "must be at least 1")?;
        let text = "must not be less than waiting_list.shortest_hold_minutes";
        let holds = list.hold_minutes >= list.shortest_hold_minutes;
        place.require(holds, "waiting_list.hold_minutes", text)?;
        self.check_sanctions(place, rule)
    }

    fn check_sanctions(&self, place: Place<'_>, rule: CategoryRule) -> Checked {
        let rules = rule.own.sanctions.over(self.sanctions);
        for (key, days, least) in [
            ("window_days", rules.window_days, 1),
            ("block_first_days", rules.block_first_days, 0),
            ("block_most_days", rules.block_most_days, 0),
            ("same_service_days", rules.same_service_days, 0),
            ("waiting_list_days", rules.waiting_list_days, 0),
        ] {
            place.within(days, (least, 366), &format!("sanctions.{key}"))?;
        }
        let text = "must be at most 1000000";
        place.require(rules.fine_most <= 1_000_000, "sanctions.fine_most", text)?;
        let text = "must not be more than sanctions.fine_most";
        let holds = rules.fine_first <= rules.fine_most;
        place.require(holds, "sanctions.fine_first", text)?;
        let text = "must not be more than sanctions.block_most_days";
        let holds = rules.block_first_days <= rules.block_most_days;
        place.require(holds, "sanctions.block_first_days", text)
    }

    fn check_reasons(&self) -> Checked {
        let text = "lists more than 200 reasons";
        OFFICE.require(self.reasons.len() <= MOST_ENTRIES, "reasons", text)?;
        let mut seen = BTreeSet::new();
        for (at, rule) in self.reasons.iter().enumerate() {
            let at = at.to_string();
            let here = Place(&["reasons", &at]);
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let sound = !rule.code.is_empty() && rule.code.len() <= 40;
            let text = "must be 1 to 40 lower-case letters, digits and _";
            here.require(sound && rule.code.chars().all(plain), "code", text)?;
            here.require(seen.insert(&rule.code), "code", "is that of another reason")?;
            let length = rule.name.trim().chars().count();
            here.require(
                (1..=80).contains(&length),
                "name",
                "must be 1 to 80 characters",
            )?;
            let blank = |entry: &String| entry.trim().is_empty();
            let sound = rule.words.len() <= MOST_ENTRIES && !rule.words.iter().any(blank);
            let text = "must be at most 200 beginnings of words, none of them blank";
            here.require(sound, "words", text)?;
            let text = "means nothing for a reason that is not valid";
            here.require(!rule.needs_document || rule.valid, "needs_document", text)?;
            let sound = rule.documents.len() <= MOST_ENTRIES && !rule.documents.iter().any(blank);
            let text = "must be at most 200 names of documents, none of them blank";
            here.require(sound, "documents", text)?;
        }
        Ok(())
    }
}
