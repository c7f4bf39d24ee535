//! What the desk does by itself: letters stopped by a passing cause are tried again, near deadlines
//! get their keyword, alarms their figures, and each morning brings the digest.

use super::contents::Item;
use super::drags::Drag;
use super::{Desk, View};
use crate::decide::StaffCommand;
use crate::domain::{Folder, Keyword, LetterId, LetterState, Moment, Reason, StaffAct};
use crate::failure::Failure;
use crate::intake::Mailbox;
use crate::record::DeskLetter;
use crate::telemetry::metrics;
use std::collections::HashSet;

/// Minutes between two rounds.
const ROUND_MINUTES: i64 = 1;

/// Minutes after which a letter stopped by a passing cause is tried again.
const RELEASE_MINUTES: i64 = 60;

/// When the rounds were made last.
#[derive(Debug, Default)]
pub(super) struct Routine {
    round: Option<Moment>,
    release: Option<Moment>,
    marked: HashSet<LetterId>,
}

impl Routine {
    pub(super) fn is_due(&self, now: Moment) -> bool {
        is_past(self.round, ROUND_MINUTES, now)
    }
}

fn is_past(last: Option<Moment>, minutes: i64, now: Moment) -> bool {
    last.is_none_or(|last| now >= last.plus_minutes(minutes))
}

impl Desk {
    /// One round. A letter that somebody has in hand (flagged) is left alone.
    pub(super) async fn daily_work(
        &mut self,
        view: &View,
        mailbox: &mut dyn Mailbox,
        now: Moment,
    ) -> Result<bool, Failure> {
        let mut did = false;
        if is_past(self.routine.release, RELEASE_MINUTES, now) {
            did |= self.release(view, mailbox).await?;
            self.routine.release = Some(now);
        }
        self.mark_urgent(view, mailbox, now).await?;
        self.measure(view, now);
        did |= self.write_digest(view, mailbox, now).await?;
        self.routine.round = Some(now);
        Ok(did)
    }

    async fn release(&self, view: &View, mailbox: &mut dyn Mailbox) -> Result<bool, Failure> {
        let mut did = false;
        for (letter, item) in waiting(view) {
            if item.lying.flagged || !letter.reason.is_some_and(Reason::is_passing) {
                continue;
            }
            did = true;
            let drag = Drag {
                letter: letter.id,
                command: StaffCommand {
                    act: StaffAct::Retry,
                    actor: "daemon".to_owned(),
                    booking: None,
                    reason: None,
                    words: None,
                },
                from: Some(item.lying.clone()),
                dragged_to: None,
            };
            self.carry_out(drag, view, mailbox).await?;
        }
        Ok(did)
    }

    async fn mark_urgent(
        &mut self,
        view: &View,
        mailbox: &mut dyn Mailbox,
        now: Moment,
    ) -> Result<(), Failure> {
        let mut places = Vec::new();
        for (letter, item) in waiting(view) {
            let urgent = self.is_urgent(letter, now) && !item.lying.flagged;
            if urgent && self.routine.marked.insert(letter.id) {
                places.push(item.place().clone());
            }
        }
        if places.is_empty() {
            return Ok(());
        }
        mailbox.mark(&places, Keyword::Urgent).await
    }

    /// Whether the deadline is near and has not passed.
    pub(super) fn is_urgent(&self, letter: &DeskLetter, now: Moment) -> bool {
        let near = now.plus_hours(i64::from(self.workshop.staff.urgent_hours));
        letter
            .deadline
            .is_some_and(|deadline| deadline >= now.minute() && deadline <= near)
    }

    fn measure(&self, view: &View, now: Moment) {
        let oldest = waiting(view).map(|(letter, _)| letter.received_at).min();
        let age = oldest.map_or(0, |at| now.seconds().saturating_sub(at.seconds()));
        let closing = waiting(view)
            .filter(|(letter, _)| self.is_urgent(letter, now))
            .count();
        metrics::desk(waiting(view).count(), age, closing);
    }
}

/// The held letters that lie in «Разбор».
pub(super) fn waiting(view: &View) -> impl Iterator<Item = (&DeskLetter, &Item)> {
    view.letters
        .values()
        .filter(|letter| letter.state == LetterState::Held)
        .filter_map(|letter| Some((letter, view.place_of(letter.id)?)))
        .filter(|(_, item)| item.place().folder == Folder::DeadLetter)
}
