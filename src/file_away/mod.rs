//! Step 8, file away: after the commit, the letter goes into its folder. I/O.

pub mod folders;
pub(crate) mod imap_move;
pub mod note;

use crate::config::MailboxName;
use crate::domain::{LetterId, Moment};
use crate::failure::Failure;
use crate::intake::{Mailbox, Move, Moved, Placing};
use crate::record::{FilingOrder, Ledger};
use crate::reply::templates::Templates;
use crate::telemetry::metrics;

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
    templates: &Templates,
    office: &MailboxName,
    now: Moment,
) -> Result<FilingReport, Failure> {
    let orders = ledger.due_filings(now, BATCH).await?;
    if orders.is_empty() {
        return Ok(FilingReport::default());
    }
    let moves: Vec<_> = orders.iter().map(to_move).collect();
    let outcomes = mailbox.file_away(&moves).await?;
    let mut done: Vec<LetterId> = Vec::new();
    let mut postponed = Vec::new();
    for (order, outcome) in orders.iter().zip(outcomes) {
        let noted = match outcome {
            Moved::Done => place_note(order, mailbox, templates, office).await?,
            Moved::NotYet => Moved::NotYet,
        };
        match noted {
            Moved::Done => done.push(order.letter),
            Moved::NotYet => postponed.push((order.letter, next_try(now, order.attempts))),
        }
    }
    ledger.settle_filings(&done, now).await?;
    for order in orders.iter().filter(|order| done.contains(&order.letter)) {
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
    mailbox: &mut dyn Mailbox,
    templates: &Templates,
    office: &MailboxName,
) -> Result<Moved, Failure> {
    let Some(facts) = &order.note else {
        return Ok(Moved::Done);
    };
    let placing = Placing {
        folder: order.to,
        message_id: facts.message_id.clone(),
        bytes: note::render_note(facts, templates, office)?,
        keywords: order.keywords.clone(),
        maybe_there: order.attempts > 0,
    };
    mailbox.place(&placing).await
}

/// One minute, two, four, at most an hour.
fn next_try(now: Moment, attempts: u32) -> Moment {
    let minutes = 2_u32.saturating_pow(attempts).min(LONGEST_WAIT);
    now.plus_minutes(i64::from(minutes))
}
