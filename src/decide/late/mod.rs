//! Cancellations that come too late: refused, accepted with consent to a consequence that was shown,
//! or looked at by staff where a document speaks for them.

mod settling;
mod following;
mod caused;
mod wording;
mod review;
mod sanctioned;

pub use caused::{
    AwaitingOrder, CountedCancellation, DocumentRecord, LateConsequences, NewSanction, Recount,
    ReviewOpening, TakeBackCause, take_back,
};
pub use review::{Review, ReviewState};
pub use sanctioned::{SanctionDeed, SanctionJudgement, SanctionObstacle, decide_on_sanction};

pub(super) use caused::of_outcome;
pub(super) use following::documents_follow;
pub(super) use review::{by_review, is_reviewable};
pub(super) use settling::{Wish, consent_end, settle};
pub(super) use wording::add_words;

use super::{BookingFacts, Case};
use crate::domain::{Consequence, Moment, PastCancellation, ReasonRule, Sanction, Timeliness};
use crate::read::Attachment;

/// Pictures smaller than this are logos of signatures, not photographs of papers.
const LEAST_PICTURE: u64 = 15_000;

/// What the ledger knows of a booking and its citizen around late cancellations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateFacts {
    /// Earlier cancellations of the same citizen, by the organisation's id of the person; none
    /// without one. Those of this booking are among them.
    pub past: Vec<PastCancellation>,
    /// Sanctions of that citizen that are proposed or imposed.
    pub sanctions: Vec<Sanction>,
    /// How the last cancellation of this booking counts, where that is on record.
    pub own: Option<OwnCancellation>,
}

/// How the last cancellation of a booking counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCancellation {
    /// Number of its document.
    pub document: String,
    /// How it counts.
    pub timeliness: Timeliness,
    /// Until when documents may follow.
    pub documents_until: Option<Moment>,
}

/// What an outcome says of lateness.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Late {
    /// The consequence that the letter shows and asks consent to.
    pub(super) shown: Option<Consequence>,
    /// The consequence that was agreed to, of a cancellation that came too late.
    pub(super) accepted: Option<Consequence>,
    /// Documents came for a cancellation that is done.
    pub(super) follow_up: bool,
    /// The state of the booking becomes «Ожидает подтверждения».
    pub(super) awaits: bool,
}

impl super::consequences::Outcome<'_> {
    /// The reason of the policy's list that the citizen named: in the first letter, or in this one.
    pub(super) fn reason_rule<'p>(
        &self,
        case: &Case,
        rules: &super::Rules<'p>,
    ) -> Option<&'p ReasonRule> {
        let asked = self.confirm.or(self.decline);
        let first = asked.and_then(|challenge| challenge.reason.as_deref());
        let policy = rules.policy;
        policy.reason(first.or(case.reading.reason.as_deref()))
    }
}

/// The attachments that may be papers which speak for the writer: not signatures, calendars,
/// visiting cards, nor the small pictures of a signature. Nothing is opened to tell.
pub(super) fn documents(case: &Case) -> Vec<&Attachment> {
    case.attachments
        .iter()
        .filter(|one| is_paper(one))
        .collect()
}

fn is_paper(attachment: &Attachment) -> bool {
    let kind = attachment.media_type.as_str();
    let name = attachment
        .name
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if kind.starts_with("image/") || ends(&[".jpg", ".jpeg", ".png", ".heic"]) {
        return attachment.size >= LEAST_PICTURE && kind != "image/gif" && kind != "image/svg+xml";
    }
    let papers = [
        "application/pdf",
        "application/msword",
        "application/rtf",
        "text/rtf",
        "application/zip",
        "application/x-rar-compressed",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ];
    attachment.size > 0
        && (papers.contains(&kind)
            || ends(&[".pdf", ".doc", ".docx", ".odt", ".rtf", ".zip", ".rar"]))
}

/// How many documents came with the letter.
pub(super) fn document_count(case: &Case) -> u32 {
    u32::try_from(documents(case).len()).unwrap_or(u32::MAX)
}

/// What the citizen of this booking would have to bear for a late cancellation received at `at`:
/// nothing without the organisation's id of the person, nor for a reason that excuses by itself.
pub(super) fn consequence(
    facts: &BookingFacts,
    reason: Option<&str>,
    at: Moment,
    rules: &super::Rules<'_>,
) -> Consequence {
    let excused = rules
        .policy
        .reason(reason)
        .is_some_and(ReasonRule::excuses_by_word);
    if facts.booking.counted_person().is_none() || excused {
        return Consequence::default();
    }
    let sanctions = rules.policy.sanction_rules(&facts.booking.service);
    sanctions.consequence(&facts.late.past, at)
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod review_tests;
#[cfg(test)]
mod history_tests;
