//! Step 8, file away: after the commit, the letter goes into its folder. I/O.

pub mod folders;
pub(crate) mod imap_move;
pub mod note;

use crate::config::MailboxName;
use crate::decide::{Likely, Note, likely};
use crate::domain::{LetterId, Moment, Place, Policy};
use crate::failure::Failure;
use crate::halting_point;
use crate::intake::{Mailbox, Move, Moved, Placing};
use crate::record::{FilingOrder, Ledger, LikelyQuery};
use crate::reply::templates::Templates;
use crate::telemetry::metrics;

/// What notes are written with.
#[derive(Debug, Clone, Copy)]
pub struct NoteDesk<'a> {
    /// Their wording.
    pub templates: &'a Templates,
    /// Whose notes they are, and to whom.
    pub office: &'a MailboxName,
    /// The rules, for the deadlines of likely bookings.
    pub policy: &'a Policy,
}

/// Filing orders taken at once.
const BATCH: u32 = 200;

/// Longest wait between two tries, in minutes.
const LONGEST_WAIT: u32 = 60;

/// What a step of filing did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FilingReport {
    /// Letters that lie in their folders now.
    pub filed: usize,
    /// Letters that the server did not move now.
    pub postponed: usize,
}

/// Carries out the filing orders that are due; done again it changes nothing.
///
/// # Errors
/// When the mailbox or the ledger fails; the orders stay due.
pub async fn file_due(
    ledger: &dyn Ledger,
    mailbox: &mut dyn Mailbox,
    desk: &NoteDesk<'_>,
    now: Moment,
) -> Result<FilingReport, Failure> {
    let orders = ledger.due_filings(now, BATCH).await?;
    if orders.is_empty() {
        return Ok(FilingReport::default());
    }
    let (done, postponed) = match carry_out(&orders, ledger, mailbox, desk, now).await {
        Ok(carried_out) => carried_out,
        Err(failure) => {
            release(ledger, &orders, now).await;
            return Err(failure);
        }
    };
    ledger.settle_filings(&done, now).await?;
    halting_point::reach("filed");
    for order in orders
        .iter()
        .filter(|order| done.iter().any(|(letter, _)| *letter == order.letter))
    {
        metrics::filed(order.to);
    }
    for (letter, due_at) in &postponed {
        tracing::warn!(
            letter = letter.0,
            "the mail server did not move a letter; trying again"
        );
        ledger.postpone_filings(&[*letter], *due_at).await?;
    }
    Ok(FilingReport {
        filed: done.len(),
        postponed: postponed.len(),
    })
}

/// Letters that lie in their folders now with the places they came from, and those that must wait.
type CarriedOut = (Vec<(LetterId, Place)>, Vec<(LetterId, Moment)>);

async fn carry_out(
    orders: &[FilingOrder],
    ledger: &dyn Ledger,
    mailbox: &mut dyn Mailbox,
    desk: &NoteDesk<'_>,
    now: Moment,
) -> Result<CarriedOut, Failure> {
    let moves: Vec<_> = orders.iter().map(to_move).collect();
    halting_point::reach("moving");
    let outcomes = mailbox.file_away(&moves).await?;
    halting_point::reach("moved");
    let (mut done, mut postponed) = (Vec::new(), Vec::new());
    for (order, outcome) in orders.iter().zip(outcomes) {
        let noted = match outcome {
            Moved::Done => place_note(order, ledger, mailbox, desk).await?,
            Moved::NotYet => Moved::NotYet,
        };
        match noted {
            Moved::Done => done.push((order.letter, order.place.clone())),
            Moved::NotYet => postponed.push((order.letter, next_try(now, order.attempts))),
        }
    }
    Ok((done, postponed))
}

/// Orders that were not carried out are due at once; where that cannot be noted their lease ends.
async fn release(ledger: &dyn Ledger, orders: &[FilingOrder], now: Moment) {
    let letters: Vec<LetterId> = orders.iter().map(|order| order.letter).collect();
    if let Err(failure) = ledger.postpone_filings(&letters, now).await {
        tracing::warn!(
            cause = failure.chain(),
            "filing orders could not be released"
        );
    }
}

fn to_move(order: &FilingOrder) -> Move {
    Move {
        from: order.place.clone(),
        to: order.to,
        keywords: order.keywords.clone(),
    }
}

/// The note beside a dead letter, placed once: it is looked for when an earlier try was cut off.
async fn place_note(
    order: &FilingOrder,
    ledger: &dyn Ledger,
    mailbox: &mut dyn Mailbox,
    desk: &NoteDesk<'_>,
) -> Result<Moved, Failure> {
    let Some(facts) = &order.note else {
        return Ok(Moved::Done);
    };
    let likely = likely_bookings(facts, ledger, desk).await?;
    let placing = Placing {
        folder: order.to,
        message_id: facts.message_id.clone(),
        bytes: note::render_note(facts, &likely, desk.templates, desk.office)?,
        keywords: order.keywords.clone(),
        maybe_there: order.attempts > 0,
    };
    let placed = mailbox.place(&placing).await?;
    halting_point::reach("noted");
    Ok(placed)
}

/// The bookings that the letter may be about. Where none was known before, the nearest one's
/// deadline is the letter's.
async fn likely_bookings(
    note: &Note,
    ledger: &dyn Ledger,
    desk: &NoteDesk<'_>,
) -> Result<Vec<Likely>, Failure> {
    let Some(id) = note.letter else {
        return Ok(Vec::new());
    };
    let sender = ledger.letter(id).await?.and_then(|letter| letter.sender);
    let wanted = LikelyQuery {
        reading: note.reading.clone(),
        sender,
    };
    let bookings = ledger.likely_bookings(&wanted).await?;
    let found = likely(
        &wanted.reading,
        wanted.sender.as_ref(),
        &bookings,
        desk.policy,
    );
    let nearest = found.iter().find(|one| one.open).map(|one| one.deadline);
    if let Some(deadline) = note.deadline.or(nearest) {
        ledger.note_deadline(id, deadline).await?;
    }
    Ok(found)
}

/// One minute, two, four, at most an hour.
fn next_try(now: Moment, attempts: u32) -> Moment {
    let minutes = 2_u32.saturating_pow(attempts).min(LONGEST_WAIT);
    now.plus_minutes(i64::from(minutes))
}
