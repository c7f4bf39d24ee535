//! How a letter's state follows from what was done with it. Pure.

use crate::domain::LetterState;

/// What has been done with a decided letter so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The state it is in.
    pub state: LetterState,
    /// Answers that are still to be sent.
    pub answers_due: i64,
    /// Answers that could not be delivered or were given up.
    pub answers_failed: i64,
    /// Answers that were sent.
    pub answers_sent: i64,
    /// Whether it lies in its folder.
    pub filed: bool,
}

/// The state that follows.
///
/// - `taken_in` stays until the decision; `held` and `resolved` belong to staff and stay.
/// - An answer that could not be delivered makes it `failed`: staff must look.
/// - While an answer is due it is `decided`, even if it lies in its folder already.
/// - Once nothing is due it is `filed` when it lies in its folder, else `answered` when it had
///   answers, else `decided`. A letter that is filed and answered is `filed`.
pub const fn after(progress: Progress) -> LetterState {
    match progress.state {
        LetterState::TakenIn | LetterState::Held | LetterState::Resolved => progress.state,
        LetterState::Decided | LetterState::Answered | LetterState::Filed | LetterState::Failed => {
            if progress.answers_failed > 0 {
                LetterState::Failed
            } else if progress.answers_due > 0 {
                LetterState::Decided
            } else if progress.filed {
                LetterState::Filed
            } else if progress.answers_sent > 0 {
                LetterState::Answered
            } else {
                LetterState::Decided
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECIDED: Progress = Progress {
        state: LetterState::Decided,
        answers_due: 0,
        answers_failed: 0,
        answers_sent: 0,
        filed: false,
    };

    #[test]
    fn a_letter_is_filed_only_when_nothing_is_due() {
        let due = Progress {
            answers_due: 1,
            filed: true,
            ..DECIDED
        };
        assert_eq!(after(due), LetterState::Decided);
        let sent = Progress {
            answers_due: 0,
            answers_sent: 1,
            ..due
        };
        assert_eq!(after(sent), LetterState::Filed);
        let unfiled = Progress {
            filed: false,
            ..sent
        };
        assert_eq!(after(unfiled), LetterState::Answered);
    }

    #[test]
    fn a_held_letter_stays_with_staff_whatever_becomes_of_its_answers() {
        let held = Progress {
            state: LetterState::Held,
            answers_failed: 1,
            filed: true,
            ..DECIDED
        };
        assert_eq!(after(held), LetterState::Held);
    }

    #[test]
    fn an_answer_that_failed_shows_until_it_is_sent() {
        let failed = Progress {
            answers_failed: 1,
            answers_sent: 1,
            filed: true,
            ..DECIDED
        };
        assert_eq!(after(failed), LetterState::Failed);
        let mended = Progress {
            state: LetterState::Failed,
            answers_failed: 0,
            ..failed
        };
        assert_eq!(after(mended), LetterState::Filed);
    }
}
