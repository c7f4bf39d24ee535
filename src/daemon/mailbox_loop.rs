//! Repeats the scan of the mailbox: intake, the journey of each batch, filing; then waits.

use super::Workshop;
use super::batches::batches;
use super::offers_step;
use super::retention_round::RetentionRound;
use super::scan_report::{ScanReport, rest};
use crate::desk::Desk;
use crate::domain::{Moment, Place};
use crate::failure::Failure;
use crate::file_away::{NoteDesk, file_due};
use crate::halting_point;
use crate::intake::pace::Pace;
use crate::intake::{self, Listed, Mailbox, RawLetter, Woken};
use crate::journey::{Arrival, Passed};
use crate::telemetry::{metrics, systemd};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Letters in one pass: a pass through a long backlog is still completed before anybody takes the
/// daemon for stuck.
const PASS_LETTERS: usize = 2_000;

/// Most passes of one scan, so that a flood of letters does not keep it from its end.
const MOST_PASSES: usize = 100;

/// A letter whose fetching failed more often rests for a while.
const MOST_FETCHES: u32 = 4;

/// How long it rests, in minutes.
const FETCH_PAUSE_MINUTES: i64 = 15;

/// How long an offer waits for letters that could not be decided.
const PATIENCE_HOURS: i64 = 1;

/// Scans one mailbox; remembers what it has handled so that nothing is fetched twice.
pub struct Scanner {
    workshop: Arc<Workshop>,
    stop: CancellationToken,
    desk: Desk,
    handled: HashSet<Place>,
    /// Letters that wait for an operator's word; they are not fetched again until it is given.
    waiting: HashSet<Place>,
    /// How often, and when last, fetching failed with this letter in the batch.
    unfetched: HashMap<Place, (u32, Moment)>,
    /// Letters that wait for DNS, and until when.
    awaiting_dns: HashMap<Place, Moment>,
    retention: RetentionRound,
}

impl Scanner {
    /// A scanner that has seen nothing yet.
    pub fn new(workshop: Arc<Workshop>, stop: CancellationToken) -> Self {
        Self {
            desk: Desk::new(Arc::clone(&workshop)),
            workshop,
            stop,
            handled: HashSet::new(),
            waiting: HashSet::new(),
            unfetched: HashMap::new(),
            awaiting_dns: HashMap::new(),
            retention: RetentionRound::default(),
        }
    }

    /// Takes every letter in the inbox through its steps and files what was decided, in passes
    /// until one brings nothing new: letters arrive meanwhile, and of two equal copies the second
    /// is known only when the first is decided. Ends early, between two batches, when it is asked
    /// to stop.
    ///
    /// # Errors
    /// When the mailbox or the ledger fails; what was decided until then stands.
    pub async fn scan(&mut self, mailbox: &mut dyn Mailbox) -> Result<ScanReport, Failure> {
        let clock = Arc::clone(&self.workshop.journey.clock);
        let mut report = ScanReport::default();
        let mut resting = HashSet::new();
        self.forget_released().await?;
        let scan_began = clock.now();
        for _ in 0..MOST_PASSES {
            let began = clock.now();
            let mut arrived = self.pass(mailbox, &mut resting, &mut report).await?;
            arrived += usize::from(self.look_at_desk(mailbox, &mut report).await?);
            let ended = clock.now();
            metrics::scan_took(began, ended);
            self.workshop.health.scan_completed(ended);
            if arrived == 0 || self.stop.is_cancelled() {
                break;
            }
        }
        self.pass_on_offers(scan_began, &report).await?;
        self.retention.look(&self.workshop, mailbox).await;
        metrics::counts(&self.workshop.journey.ledger.counts().await?);
        Ok(report)
    }

    /// Offers that ran out before the scan began pass on. A letter that could not be decided now may
    /// be the answer to one: it is waited for, but not for ever.
    async fn pass_on_offers(&self, began: Moment, report: &ScanReport) -> Result<(), Failure> {
        if self.stop.is_cancelled() {
            return Ok(());
        }
        let patience = if report.left == 0 { 0 } else { PATIENCE_HOURS };
        offers_step::pass_on(&self.workshop, began.plus_hours(-patience)).await?;
        Ok(())
    }

    /// Once an operator has given the word, what waited is fetched again.
    async fn forget_released(&mut self) -> Result<(), Failure> {
        let ledger = self.workshop.journey.ledger.as_ref();
        if !self.waiting.is_empty() && ledger.counts().await?.breaker_waiting == 0 {
            self.waiting.clear();
        }
        Ok(())
    }

    /// Carries out what staff dragged; true when it sent letters back to the inbox or filed some.
    async fn look_at_desk(
        &mut self,
        mailbox: &mut dyn Mailbox,
        report: &mut ScanReport,
    ) -> Result<bool, Failure> {
        let did = self.desk.look(mailbox).await?;
        if did {
            report.left += self.file(mailbox).await?;
        }
        Ok(did)
    }

    /// One listing and everything in it; gives the number of letters that reached step 6.
    /// Letters that failed rest until the next scan.
    async fn pass(
        &mut self,
        mailbox: &mut dyn Mailbox,
        resting: &mut HashSet<Place>,
        report: &mut ScanReport,
    ) -> Result<usize, Failure> {
        let unhandled = self.unhandled(mailbox).await?;
        let wanted: Vec<Listed> = unhandled
            .iter()
            .filter(|letter| !resting.contains(&letter.place))
            .filter(|letter| !self.waiting.contains(&letter.place))
            .filter(|letter| !self.waits_for_dns(&letter.place))
            .take(PASS_LETTERS)
            .cloned()
            .collect();
        let mut arrived = 0;
        let mut postponed = 0;
        for batch in &self.batches_without_suspects(&wanted) {
            if self.stop.is_cancelled() {
                break;
            }
            let letters = self.fetch(mailbox, batch).await?;
            halting_point::reach("fetched");
            metrics::taken_in(u64::try_from(letters.len()).unwrap_or(u64::MAX));
            let walk = self.workshop.journey.walk(letters).await?;
            arrived += walk.arrivals.len() + walk.waiting.len();
            self.waiting.extend(walk.waiting);
            for arrival in walk.arrivals {
                self.note(arrival, report);
            }
            for (place, due_at) in walk.awaiting_dns {
                self.awaiting_dns.insert(place, due_at);
            }
            for failure in &walk.failures {
                metrics::failed("decide", failure);
                tracing::warn!(cause = %failure.chain(), "a letter was not decided; trying again");
            }
            if !walk.failures.is_empty() {
                let open = batch.iter().map(|letter| letter.place.clone());
                resting.extend(open.filter(|place| !self.handled.contains(place)));
            }
            self.workshop.replies_due.notify_one();
            postponed += self.file(mailbox).await?;
        }
        postponed += self.file(mailbox).await?;
        let open = unhandled
            .iter()
            .filter(|letter| !self.handled.contains(&letter.place))
            .count();
        report.left = u64::try_from(open)
            .unwrap_or(u64::MAX)
            .saturating_add(postponed);
        report.waiting = u64::try_from(self.awaiting_dns.len()).unwrap_or(u64::MAX);
        report.wake_at = self.awaiting_dns.values().min().copied();
        Ok(arrived)
    }

    /// Whether the letter here waits for DNS and is not to be tried yet.
    fn waits_for_dns(&self, place: &Place) -> bool {
        let now = self.workshop.journey.clock.now();
        self.awaiting_dns
            .get(place)
            .is_some_and(|due_at| now < *due_at)
    }

    /// The letters in the inbox that are meant for us and were not handled in this session.
    async fn unhandled(&mut self, mailbox: &mut dyn Mailbox) -> Result<Vec<Listed>, Failure> {
        let mut listed = mailbox.list().await?;
        halting_point::reach("listed");
        let present: HashSet<&Place> = listed.iter().map(|letter| &letter.place).collect();
        self.handled.retain(|place| present.contains(place));
        self.awaiting_dns.retain(|place, _| present.contains(place));
        let since = self.workshop.since;
        listed.retain(|letter| {
            since.is_none_or(|since| letter.received_at >= since)
                && !self.handled.contains(&letter.place)
        });
        Ok(listed)
    }

    /// Whether fetching failed with letters that wait to be tried again alone.
    pub(super) fn has_suspects(&self) -> bool {
        !self.unfetched.is_empty()
    }

    /// Fetches a batch; where that fails its letters are suspects from now on.
    async fn fetch(
        &mut self,
        mailbox: &mut dyn Mailbox,
        batch: &[Listed],
    ) -> Result<Vec<RawLetter>, Failure> {
        let fetched = mailbox.fetch(batch).await;
        for letter in batch {
            if fetched.is_ok() {
                self.unfetched.remove(&letter.place);
            } else {
                let now = self.workshop.journey.clock.now();
                let (failures, last) = self.unfetched.entry(letter.place.clone()).or_default();
                (*failures, *last) = (failures.saturating_add(1), now);
            }
        }
        fetched
    }

    /// Suspects are fetched last and alone, so that a letter at which the server breaks off stops
    /// no other; one that failed too often is tried again after a long pause only.
    fn batches_without_suspects(&self, wanted: &[Listed]) -> Vec<Vec<Listed>> {
        let now = self.workshop.journey.clock.now();
        let failures = |letter: &Listed| self.unfetched.get(&letter.place).copied();
        let sound: Vec<Listed> = wanted
            .iter()
            .filter(|letter| failures(letter).is_none())
            .cloned()
            .collect();
        let mut cut: Vec<Vec<Listed>> = batches(&sound)
            .into_iter()
            .map(<[Listed]>::to_vec)
            .collect();
        for letter in wanted {
            match failures(letter) {
                Some((failures, last))
                    if failures > MOST_FETCHES && now < last.plus_minutes(FETCH_PAUSE_MINUTES) =>
                {
                    tracing::error!(uid = letter.place.key, "a letter cannot be fetched");
                }
                Some(_) => cut.push(vec![letter.clone()]),
                None => {}
            }
        }
        cut
    }

    fn note(&mut self, arrival: Arrival, report: &mut ScanReport) {
        let letter = arrival.letter.0;
        self.awaiting_dns.remove(&arrival.place);
        match arrival.outcome {
            Passed::Known => {
                tracing::info!(letter, "known letter: filed again");
                self.handled.insert(arrival.place);
            }
            Passed::Decided(recorded) => {
                let decision = &recorded.judgement.decision;
                let reason = decision.reason().map(crate::domain::Reason::code);
                tracing::info!(letter, decision = decision.code(), reason, "decided");
                metrics::decided(decision);
                report.decided += 1;
                self.handled.insert(arrival.place);
            }
        }
    }

    /// Files until nothing is due that the server accepts now; the number of letters put off.
    async fn file(&self, mailbox: &mut dyn Mailbox) -> Result<u64, Failure> {
        let mut postponed = 0_u64;
        loop {
            let workshop = &self.workshop;
            let now = workshop.journey.clock.now();
            let ledger = workshop.journey.ledger.as_ref();
            let notes = NoteDesk {
                templates: &workshop.templates,
                office: &workshop.from,
                policy: &workshop.journey.policy,
            };
            let report = file_due(ledger, mailbox, &notes, now).await?;
            if report.filed + report.postponed == 0 {
                return Ok(postponed);
            }
            postponed += u64::try_from(report.postponed).unwrap_or(u64::MAX);
        }
    }
}

/// Serves the mailbox until `stop` is cancelled; reconnects on one path.
pub(super) async fn serve(
    workshop: &Arc<Workshop>,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let mut pace = Pace::new();
    let mut scanner = Scanner::new(Arc::clone(workshop), stop.clone());
    let mut served_before = false;
    while !stop.is_cancelled() {
        let failure = match serve_session(&mut scanner, &mut pace, &mut served_before).await {
            Ok(()) => return Ok(()),
            Err(failure) => failure,
        };
        // Before the first success a fault of the settings ends the program; later the server
        // may be at fault, and giving up would leave letters unanswered.
        if !served_before && !failure.is_passing() {
            return Err(failure);
        }
        metrics::failed("intake", &failure);
        metrics::reconnected();
        tracing::warn!(step = "intake", cause = %failure.chain(), "connecting again after a wait");
        let now = workshop.journey.clock.now();
        let wait = pace.after_failure(now, jitter(now.micros()));
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    Ok(())
}

/// One connection: scan, wait, scan again.
async fn serve_session(
    scanner: &mut Scanner,
    pace: &mut Pace,
    served_before: &mut bool,
) -> Result<(), Failure> {
    let stop = scanner.stop.clone();
    let clock = Arc::clone(&scanner.workshop.journey.clock);
    tokio::select! {
        () = stop.cancelled() => return Ok(()),
        () = tokio::time::sleep(pace.until_login_allowed(clock.now())) => {}
    }
    pace.before_login(clock.now());
    let mut mailbox = intake::open(&scanner.workshop.mailbox).await?;
    mailbox.prepare().await?;
    scanner.handled.clear();
    scanner.desk = Desk::new(Arc::clone(&scanner.workshop));
    if *served_before {
        tracing::info!("connected to the mailbox again");
    }
    loop {
        if !std::mem::replace(served_before, true) {
            systemd::ready();
            tracing::info!("serving the mailbox");
        }
        let report = scanner.scan(mailbox.as_mut()).await?;
        pace.after_success();
        let look = Duration::from_secs(scanner.workshop.staff.look_seconds);
        let limit = rest(&report, clock.now()).min(look);
        if stop.is_cancelled() || mailbox.wait(limit, &stop).await? == Woken::Cancelled {
            mailbox.close().await;
            return Ok(());
        }
    }
}

/// A number from 0 to 1 from the lowest digits of the clock: enough to spread reconnects.
fn jitter(micros: i64) -> f64 {
    f64::from(u16::try_from(micros.rem_euclid(1_000)).unwrap_or(0)) / 1_000.0
}
