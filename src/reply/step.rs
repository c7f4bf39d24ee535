//! The step: leases due rows, renders them on all cores, sends them over a few connections and
//! notes how it ended.

use super::attempt::{Fate, Outcome, Settled, hopeless, settled};
use super::message::{Press, RenderedLetter};
use super::transport::{SendFault, Transport};
use crate::clock::Clock;
use crate::domain::Moment;
use crate::failure::Failure;
use crate::halting_point;
use crate::record::{Attempt, Ledger, OutboxRow, OutboxState};
use futures::StreamExt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::Instant;

/// What is needed to send letters. Cheap to clone.
#[derive(Clone)]
pub struct ReplyDesk {
    /// Makes letters.
    pub press: Arc<Press>,
    /// Sends them.
    pub transport: Arc<dyn Transport>,
    /// Rows leased at once.
    pub batch: u32,
    /// How long a row is leased: after a crash it is due again when this has passed.
    pub lease_seconds: i64,
    /// Letters whose end is known but could not be noted: they must not be sent again.
    unnoted: Arc<Mutex<Vec<Attempt>>>,
}

/// Rows settled in one transaction, and most that wait for it meanwhile: a crash repeats hardly
/// more than twice as many letters.
const SETTLE_CHUNK: usize = 32;

/// How sending one row ended.
type Delivered = (Arc<OutboxRow>, Outcome);

/// After so many failures in a row the ledger is taken to be gone; and with more than so many
/// letters that could not be noted, no others are begun.
const MOST_IN_VAIN: usize = 3;

/// What one round of sending did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SendReport {
    /// Rows leased.
    pub handled: u32,
    /// Taken by the mail server.
    pub sent: u32,
    /// Due again later.
    pub postponed: u32,
    /// Refused for good or given up.
    pub failed: u32,
    /// Why the mail server could not be reached, when it could not.
    pub closed: Option<String>,
    /// Whether another round would find rows that are due now.
    pub more_due: bool,
}

impl ReplyDesk {
    /// A desk with the usual batch and lease.
    pub fn new(press: Arc<Press>, transport: Arc<dyn Transport>) -> Self {
        Self {
            press,
            transport,
            batch: 64,
            lease_seconds: 60,
            unnoted: Arc::default(),
        }
    }

    fn take_unnoted(&self) -> Vec<Attempt> {
        std::mem::take(&mut *self.unnoted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Those that are to be tried again anyhow need not be remembered: their lease runs out.
    fn remember(&self, attempts: impl Iterator<Item = Attempt>) {
        let mut unnoted = self.unnoted.lock().unwrap_or_else(PoisonError::into_inner);
        unnoted.extend(attempts.filter(|attempt| attempt.state != OutboxState::Due));
    }

    fn is_unnoted(&self, row: &OutboxRow) -> bool {
        let unnoted = self.unnoted.lock().unwrap_or_else(PoisonError::into_inner);
        unnoted.iter().any(|attempt| attempt.row == row.id)
    }
}

/// Sends what is due, at most one batch.
///
/// # Errors
/// Whatever the ledger says; what could not be noted is noted at the next call, and sent again
/// (under the same Message-ID) only if the process ends before that.
pub async fn send_due(
    desk: &ReplyDesk,
    ledger: &dyn Ledger,
    clock: &dyn Clock,
) -> Result<SendReport, Failure> {
    let unnoted = desk.take_unnoted();
    let many = unnoted.len() > MOST_IN_VAIN;
    if let (Err(failure), true) = (note(desk, ledger, &unnoted, clock).await, many) {
        return Err(failure);
    }
    let now = clock.now();
    let leased_until = now.plus_seconds(desk.lease_seconds);
    let rows = ledger.lease_letters(now, leased_until, desk.batch).await?;
    let mut report = SendReport {
        handled: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        ..SendReport::default()
    };
    if rows.is_empty() {
        return Ok(report);
    }
    halting_point::reach("leased");
    let full = report.handled >= desk.batch;
    let (rows, mut attempts) = sorted_out(desk, rows, now);
    let way = Way::new(desk);
    // Sending goes on while what was sent is noted.
    let (told, mut outcomes) = mpsc::channel(SETTLE_CHUNK);
    let sending = send_all(desk, rows, &way, told);
    let noting = async {
        let mut fault = None;
        loop {
            if let Err(failure) = note(desk, ledger, &attempts, clock).await {
                way.closed.get_or_init(|| "ledger".to_owned());
                fault.get_or_insert(failure);
            }
            count(&mut report, &attempts);
            attempts = chunk(&mut outcomes, clock).await;
            if attempts.is_empty() {
                return fault;
            }
        }
    };
    let ((), fault) = futures::join!(sending, noting);
    report.closed = way.closed.get().cloned();
    report.more_due = full && report.closed.is_none();
    fault.map_or(Ok(report), Err)
}

/// Renders the rows on all cores and sends them over a few connections; each outcome is told.
async fn send_all(desk: &ReplyDesk, rows: Vec<OutboxRow>, way: &Way, told: Sender<Delivered>) {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let delivered = futures::stream::iter(rows)
        .map(|row| render(Arc::clone(&desk.press), Arc::new(row), way.clone()))
        .buffered(cores.saturating_mul(2))
        .map(|(row, rendered)| tokio::spawn(deliver(way.clone(), row, rendered)))
        .buffer_unordered(desk.transport.connections());
    let mut delivered = std::pin::pin!(delivered);
    while let Some(joined) = delivered.next().await {
        if let Ok(outcome) = joined {
            // The other end outlives this one.
            told.send(outcome).await.unwrap_or_default();
        }
    }
}

/// The next attempts to be noted together: a whole chunk, or what is left at the end.
async fn chunk(outcomes: &mut Receiver<Delivered>, clock: &dyn Clock) -> Vec<Attempt> {
    let mut attempts = Vec::with_capacity(SETTLE_CHUNK);
    while attempts.len() < SETTLE_CHUNK
        && let Some((row, outcome)) = outcomes.recv().await
    {
        let now = clock.now();
        let settled = settled(row.attempts, row.not_before, outcome, now);
        let attempt = as_attempt(row.id, settled, now);
        crate::telemetry::answers::attempted(&row, attempt.state, now);
        attempts.push(attempt);
    }
    attempts
}

/// The rows that are to be sent, and attempts for those that are given up.
fn sorted_out(
    desk: &ReplyDesk,
    rows: Vec<OutboxRow>,
    now: Moment,
) -> (Vec<OutboxRow>, Vec<Attempt>) {
    let mut given_up = Vec::new();
    let rows = rows
        .into_iter()
        .filter(|row| !desk.is_unnoted(row))
        .filter(|row| {
            let settled = hopeless(row, now);
            let go = settled.is_none();
            given_up.extend(settled.map(|settled| as_attempt(row.id, settled, now)));
            go
        })
        .collect();
    (rows, given_up)
}

/// What the letters of one batch share on their way out.
#[derive(Clone)]
struct Way {
    transport: Arc<dyn Transport>,
    /// Why no more is sent in this batch, once it is known.
    closed: Arc<OnceLock<String>>,
    /// Nothing is begun later: the lease would run out meanwhile.
    until: Instant,
}

impl Way {
    fn new(desk: &ReplyDesk) -> Self {
        let lease = u64::try_from(desk.lease_seconds).unwrap_or(0);
        Self {
            transport: Arc::clone(&desk.transport),
            closed: Arc::new(OnceLock::new()),
            until: Instant::now() + Duration::from_secs(lease) / 4 * 3,
        }
    }

    /// Why nothing more is begun; `None` while the way is open.
    fn closed(&self) -> Option<Outcome> {
        if Instant::now() >= self.until {
            self.closed.get_or_init(|| "slow".to_owned());
        }
        let code = self.closed.get()?.clone();
        Some(Outcome::Closed { code })
    }
}

/// Notes attempts in one transaction; where that fails one by one, so that one bad row does not
/// drag the others along. What cannot be noted is remembered; a failure means that nothing was.
async fn note(
    desk: &ReplyDesk,
    ledger: &dyn Ledger,
    attempts: &[Attempt],
    clock: &dyn Clock,
) -> Result<(), Failure> {
    if attempts.is_empty() {
        return Ok(());
    }
    let Err(together) = ledger.settle_letters(attempts, clock.now()).await else {
        halting_point::reach("settled");
        return Ok(());
    };
    let mut failed = Vec::new();
    let mut noted = false;
    for attempt in attempts {
        if !noted && failed.len() >= MOST_IN_VAIN {
            failed.push(attempt.clone());
            continue;
        }
        let one = std::slice::from_ref(attempt);
        match ledger.settle_letters(one, clock.now()).await {
            Ok(()) => noted = true,
            Err(failure) => {
                let cause = failure.chain();
                tracing::warn!(outbox = attempt.row, cause, "an attempt could not be noted");
                failed.push(attempt.clone());
            }
        }
    }
    desk.remember(failed.into_iter());
    if noted { Ok(()) } else { Err(together) }
}

/// An attempt as the ledger takes it.
fn as_attempt(row: i64, settled: Settled, now: Moment) -> Attempt {
    let (state, due_at) = match settled.fate {
        Fate::Sent => (OutboxState::Sent, now),
        Fate::Due(at) => (OutboxState::Due, at),
        Fate::Undeliverable => (OutboxState::Undeliverable, now),
        Fate::GivenUp => (OutboxState::GivenUp, now),
    };
    Attempt {
        row,
        state,
        due_at,
        error: settled.error,
        document_hash: settled.document,
        tried: settled.tried,
    }
}

fn count(report: &mut SendReport, attempts: &[Attempt]) {
    for attempt in attempts {
        let counter = match attempt.state {
            OutboxState::Sent => &mut report.sent,
            OutboxState::Due => &mut report.postponed,
            OutboxState::Undeliverable | OutboxState::GivenUp => &mut report.failed,
        };
        *counter = counter.saturating_add(1);
        if let Some(error) = &attempt.error {
            tracing::warn!(
                outbox = attempt.row,
                state = attempt.state.code(),
                error,
                "a letter was not sent"
            );
        }
    }
}

/// What became of rendering; `Skipped` once the way is known to be closed.
enum Rendered {
    Ready(RenderedLetter),
    Broken,
    Skipped(Outcome),
}

/// Renders on a thread of its own, so that all cores take part and a panic stays within its row.
async fn render(press: Arc<Press>, row: Arc<OutboxRow>, way: Way) -> (Arc<OutboxRow>, Rendered) {
    if let Some(closed) = way.closed() {
        return (row, Rendered::Skipped(closed));
    }
    let own = Arc::clone(&row);
    let rendered = match tokio::task::spawn_blocking(move || press.render(&own)).await {
        Ok(Ok(letter)) => Rendered::Ready(letter),
        Ok(Err(failure)) => {
            tracing::error!(outbox = row.id, failure = failure.chain(), "cannot render");
            Rendered::Broken
        }
        Err(_) => {
            tracing::error!(outbox = row.id, "rendering panicked");
            Rendered::Broken
        }
    };
    (row, rendered)
}

async fn deliver(way: Way, row: Arc<OutboxRow>, rendered: Rendered) -> Delivered {
    let letter = match rendered {
        Rendered::Ready(letter) => letter,
        Rendered::Broken => return (row, Outcome::Unrenderable),
        Rendered::Skipped(closed) => return (row, closed),
    };
    if let Some(closed) = way.closed() {
        return (row, closed);
    }
    let sent = way.transport.send(&letter).await;
    halting_point::reach("sent");
    let outcome = match sent {
        Ok(()) => Outcome::Sent {
            document: letter.document_hash,
        },
        Err(SendFault::Later { code }) => Outcome::Later { code },
        Err(SendFault::Refused { code }) => Outcome::Refused { code },
        Err(SendFault::Closed { code }) => {
            way.closed.get_or_init(|| code.clone());
            Outcome::Closed { code }
        }
    };
    (row, outcome)
}
