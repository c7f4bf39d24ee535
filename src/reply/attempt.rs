//! What follows from an attempt to send: sent, tried again later, undeliverable, given up. Pure.

use crate::domain::{ContentHash, Moment};
use crate::record::OutboxRow;
use crate::reply::LetterKind;

/// Seconds before the second attempt; doubled after each.
const FIRST_WAIT: i64 = 60;
/// The longest wait between attempts.
const LONGEST_WAIT: i64 = 4 * 60 * 60;
/// A letter that could not be sent for so long is given up (RFC 5321 section 4.5.4.1: 4 to 5 days).
const GIVE_UP_AFTER_HOURS: i64 = 5 * 24;
/// More attempts than this fit into no five days: their outcomes were lost.
const MOST_ATTEMPTS: u32 = 60;
/// The wait of letters that were not tried because the mail server could not be reached at all.
const CLOSED_WAIT: i64 = 60;

/// How sending ended. Codes are ours (`smtp_451`, `network`), never the server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent {
        /// SHA-256 of the attached document.
        document: Option<ContentHash>,
    },
    /// This letter was not taken now.
    Later {
        /// Why.
        code: String,
    },
    /// This letter was refused for good.
    Refused {
        /// Why.
        code: String,
    },
    /// Not tried, or in vain: the mail server could not be reached, or took no letter at all.
    Closed {
        /// Why.
        code: String,
    },
    /// The letter could not even be made.
    Unrenderable,
}

/// When the next attempt after `attempts` attempts is due.
pub fn next_due(attempts: u32, now: Moment) -> Moment {
    let doublings = attempts.saturating_sub(1).min(16);
    let wait = FIRST_WAIT.saturating_mul(1 << doublings);
    now.plus_seconds(wait.min(LONGEST_WAIT))
}

/// What becomes of a row after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The mail server took the letter.
    Sent,
    /// Another attempt at this time.
    Due(Moment),
    /// Refused for good: staff must look.
    Undeliverable,
    /// Tried for too long, or impossible to make: staff must look.
    GivenUp,
}

/// How an attempt ended, to be noted in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// What becomes of the row.
    pub fate: Fate,
    /// Code of the failure.
    pub error: Option<String>,
    /// SHA-256 of the document that was sent.
    pub document: Option<ContentHash>,
    /// Whether the letter itself was tried; a closed way lengthens no wait.
    pub tried: bool,
}

/// What a leased row is settled with instead of being sent: a confirmation that nobody can give
/// any more, or a row that was sent again and again without its outcome being noted.
pub fn hopeless(row: &OutboxRow, now: Moment) -> Option<Settled> {
    let expired = row.letter.kind == LetterKind::ConfirmFirst
        && row
            .letter
            .data
            .answer_until
            .is_some_and(|until| now >= until);
    let too_old = row.attempts > 1 && now >= row.not_before.plus_hours(GIVE_UP_AFTER_HOURS);
    let code = if expired {
        "expired".to_owned()
    } else if too_old || row.attempts > MOST_ATTEMPTS {
        row.last_error
            .clone()
            .unwrap_or_else(|| "too_often".to_owned())
    } else {
        return None;
    };
    Some(Settled {
        fate: Fate::GivenUp,
        error: Some(code),
        document: None,
        tried: true,
    })
}

/// What follows from the outcome of the attempt number `attempts` on a row that was due first at
/// `not_before`.
pub fn settled(attempts: u32, not_before: Moment, outcome: Outcome, now: Moment) -> Settled {
    let tried = !matches!(outcome, Outcome::Closed { .. });
    let failed = |fate, code| Settled {
        fate,
        error: Some(code),
        document: None,
        tried,
    };
    let again = |due_at: Moment, code| {
        let too_late = due_at >= not_before.plus_hours(GIVE_UP_AFTER_HOURS);
        failed(
            if too_late {
                Fate::GivenUp
            } else {
                Fate::Due(due_at)
            },
            code,
        )
    };
    match outcome {
        Outcome::Sent { document } => Settled {
            fate: Fate::Sent,
            error: None,
            document,
            tried,
        },
        Outcome::Later { code } => again(next_due(attempts, now), code),
        Outcome::Closed { code } => again(now.plus_seconds(CLOSED_WAIT), code),
        Outcome::Refused { code } => failed(Fate::Undeliverable, code),
        Outcome::Unrenderable => failed(Fate::GivenUp, "render".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATED: Moment = Moment::from_seconds(1_000_000);

    fn later() -> Outcome {
        Outcome::Later {
            code: "smtp_451".to_owned(),
        }
    }

    #[test]
    fn waits_double_from_a_minute_to_four_hours() {
        let waits: Vec<i64> = (1..=11)
            .map(|attempts| (next_due(attempts, CREATED).seconds() - CREATED.seconds()) / 60)
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]);
        assert_eq!(next_due(u32::MAX, CREATED), CREATED.plus_hours(4));
        assert_eq!(next_due(0, CREATED), CREATED.plus_minutes(1));
    }

    #[test]
    fn a_passing_fault_is_tried_again_for_five_days_and_then_given_up() {
        let early = settled(3, CREATED, later(), CREATED.plus_hours(1));
        let expected = CREATED.plus_hours(1).plus_minutes(4);
        assert_eq!(early.fate, Fate::Due(expected));
        assert_eq!(early.error.as_deref(), Some("smtp_451"));
        let last = settled(40, CREATED, later(), CREATED.plus_hours(115));
        assert_eq!(last.fate, Fate::Due(CREATED.plus_hours(119)));
        let late = settled(41, CREATED, later(), CREATED.plus_hours(117));
        assert_eq!(late.fate, Fate::GivenUp);
        assert_eq!(late.error.as_deref(), Some("smtp_451"));
    }

    #[test]
    fn a_closed_way_delays_by_a_minute_however_many_attempts_there_were() {
        let code = "network".to_owned();
        let closed = settled(9, CREATED, Outcome::Closed { code }, CREATED);
        assert_eq!(closed.fate, Fate::Due(CREATED.plus_minutes(1)));
        assert!(!closed.tried, "an outage lengthens no later wait");
        assert!(settled(9, CREATED, later(), CREATED).tried);
    }

    #[test]
    fn a_refusal_and_a_broken_row_are_final() {
        let code = "smtp_550".to_owned();
        let refused = settled(1, CREATED, Outcome::Refused { code }, CREATED);
        assert_eq!(refused.fate, Fate::Undeliverable);
        assert_eq!(refused.error.as_deref(), Some("smtp_550"));
        let broken = settled(1, CREATED, Outcome::Unrenderable, CREATED);
        assert_eq!(broken.fate, Fate::GivenUp);
        assert_eq!(broken.error.as_deref(), Some("render"));
    }

    #[test]
    fn a_sent_letter_carries_the_hash_of_its_document() {
        let document = Some(ContentHash([7; 32]));
        let sent = settled(1, CREATED, Outcome::Sent { document }, CREATED);
        assert_eq!((sent.fate, sent.document), (Fate::Sent, document));
        assert_eq!(sent.error, None);
    }
}
