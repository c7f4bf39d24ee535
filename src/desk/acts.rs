//! Carries out acts: the letter is read anew, the act is decided and recorded, and who comes second
//! is told what the first did.

use super::drags::Drag;
use super::{Desk, View};
use crate::decide::{Case, Decision, Facts, Rules, StaffJudgement, StaffOutcome, decide_by_staff};
use crate::domain::{ContentHash, Folder, Place, Reason, StaffAct};
use crate::failure::Failure;
use crate::halting_point;
use crate::intake::{Mailbox, Placing};
use crate::record::{Acted, DeskLetter, LastAct, StaffCase};
use crate::reply::message::{Draft, to_bytes};
use crate::reply::words::When;
use crate::telemetry::metrics;
use serde::Serialize;

/// What the note for the second one may name.
#[derive(Debug, Serialize)]
struct SecondView<'a> {
    subject: &'a str,
    letter: String,
    first: &'a str,
    second: &'a str,
    at: When,
}

/// Most attempts at reading one letter for an act; then it counts as unreadable.
const MOST_TRIES: u64 = 3;

impl Desk {
    /// One act. What cannot be recorded now is tried again at the next look.
    pub(super) async fn carry_out(
        &self,
        drag: Drag,
        view: &View,
        mailbox: &mut dyn Mailbox,
    ) -> Result<(), Failure> {
        let Some(letter) = view.letters.get(&drag.letter) else {
            return self.workshop.journey.ledger.drop_order(drag.letter).await;
        };
        let Some((case, from)) = self.read(&drag, letter, mailbox).await? else {
            return Ok(());
        };
        halting_point::reach("acting");
        let now = self.workshop.journey.clock.now();
        let rules = self.workshop.journey.rules(now);
        let judge = |facts: &Facts, held: Reason| judge(&case, facts, &drag, held, &rules);
        let act = StaffCase {
            case: &case,
            command: &drag.command,
            from: &from,
            dragged_to: drag.dragged_to.as_ref(),
        };
        let ledger = self.workshop.journey.ledger.as_ref();
        let acted = ledger.act_on_letter(act, &judge, now).await?;
        halting_point::reach("acted");
        if drag.dragged_to.is_none() {
            ledger.drop_order(drag.letter).await?;
        }
        self.tell(&drag, &case, acted, mailbox).await
    }

    /// The letter's case and place. None when it is gone since it was listed: the next look finds
    /// it. An order about a letter whose bytes are gone for good is carried out without them, and
    /// so is one about a letter on which the program died again and again.
    async fn read(
        &self,
        drag: &Drag,
        letter: &DeskLetter,
        mailbox: &mut dyn Mailbox,
    ) -> Result<Option<(Case, Place)>, Failure> {
        let journey = &self.workshop.journey;
        let Some(lying) = &drag.from else {
            let nowhere = Place {
                folder: Folder::DeadLetter,
                validity: 0,
                key: "0".to_owned(),
            };
            let case = journey.without_bytes(letter.id, letter.received_at).await?;
            return Ok(Some((case, nowhere)));
        };
        let mut raw = mailbox.fetch(std::slice::from_ref(&lying.listed)).await?;
        let Some(raw) = raw.pop() else {
            return Ok(None);
        };
        let place = raw.listed.place.clone();
        let tries = journey.ledger.begin_reading(letter.id).await?;
        let case = if tries > MOST_TRIES {
            journey.without_bytes(letter.id, letter.received_at).await?
        } else {
            journey
                .read_again(raw, letter.id, letter.received_at)
                .await?
        };
        journey.ledger.end_reading(letter.id).await?;
        Ok(Some((case, place)))
    }

    async fn tell(
        &self,
        drag: &Drag,
        case: &Case,
        acted: Acted,
        mailbox: &mut dyn Mailbox,
    ) -> Result<(), Failure> {
        let letter = drag.letter.0;
        let act = drag.command.act;
        match acted {
            Acted::Done(outcome) => {
                let possible = !matches!(outcome, StaffOutcome::Impossible(_));
                metrics::staff_acted(act, possible);
                let outcome = outcome.code();
                tracing::info!(letter, act = act.code(), outcome, "staff acted on a letter");
                Ok(())
            }
            Acted::Before(first) => {
                tracing::info!(
                    letter,
                    act = act.code(),
                    "a second act on a letter: not done"
                );
                self.note_second(drag, case, &first, mailbox).await
            }
            Acted::Again | Acted::Nothing => Ok(()),
        }
    }

    async fn note_second(
        &self,
        drag: &Drag,
        case: &Case,
        first: &LastAct,
        mailbox: &mut dyn Mailbox,
    ) -> Result<(), Failure> {
        let workshop = &self.workshop;
        let templates = &workshop.templates;
        let office = &workshop.journey.office;
        let words = templates.acts();
        let view = SecondView {
            subject: &case.subject,
            letter: drag.letter.to_string(),
            first: words.done(first.act.code()),
            second: words.name(drag.command.act),
            at: templates.words().when(first.at, &office.zone),
        };
        let unique = ContentHash::of(&[
            b"second",
            &case.raw_hash.0,
            drag.command.act.code().as_bytes(),
            &first.at.micros().to_be_bytes(),
        ]);
        let thread: Vec<_> = case
            .message_id
            .iter()
            .chain(&case.thread)
            .take(10)
            .cloned()
            .collect();
        let message_id = office.own_message_id("second", &unique);
        let bytes = to_bytes(Draft {
            from: &workshop.from,
            to: &workshop.from.address,
            reply_to: None,
            date: first.at,
            message_id: &message_id,
            thread: &thread,
            auto_submitted: "auto-generated",
            wording: templates.fill_folder("notes/second_act", &view)?,
            document: None,
            event: None,
        })?;
        let placing = Placing {
            folder: Folder::DeadLetter,
            message_id,
            bytes,
            keywords: Vec::new(),
            maybe_there: true,
        };
        mailbox.place(&placing).await.map(drop)
    }
}

/// A release by itself that would leave the letter where it is changes nothing.
fn judge(
    case: &Case,
    facts: &Facts,
    drag: &Drag,
    held: Reason,
    rules: &Rules<'_>,
) -> Option<StaffJudgement> {
    let judgement = decide_by_staff(case, facts, &drag.command, held, rules);
    let stays = match &judgement.outcome {
        StaffOutcome::Retried(Decision::Held(reason) | Decision::NotUnderstood(reason)) => {
            *reason == held
        }
        StaffOutcome::Retried(_)
        | StaffOutcome::Cancelled(_)
        | StaffOutcome::Refused
        | StaffOutcome::Approved
        | StaffOutcome::Rejected
        | StaffOutcome::Closed
        | StaffOutcome::Impossible(_) => false,
    };
    let by_itself = drag.command.actor == "daemon" && drag.command.act == StaffAct::Retry;
    (!(by_itself && stays)).then_some(judgement)
}
