//! All metrics, each with its one place of recording. Labels are codes from closed lists.

use crate::decide::Decision;
use crate::domain::{Folder, Moment, Reason, StaffAct};
use crate::failure::Failure;
use crate::record::{Counts, OutboxState, RegistryState};
use metrics::{Unit, counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// What a metric counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Seconds in buckets.
    Histogram,
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// What it counts.
    pub kind: MetricKind,
    /// Its labels, separated by commas.
    pub labels: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Upper bounds of the buckets, in seconds: from one letter at once to five days of tries.
const BUCKETS: &[f64] = &[
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 3600.0, 21600.0, 86400.0,
    432_000.0,
];

const TAKEN_IN: &str = "otmena_letters_taken_in_total";
const DECISIONS: &str = "otmena_decisions_total";
const ANSWERS: &str = "otmena_answers_total";
const FILED: &str = "otmena_letters_filed_total";
const FAILURES: &str = "otmena_failures_total";
const RECONNECTS: &str = "otmena_reconnects_total";
const BOOKINGS: &str = "otmena_bookings";
const HELD: &str = "otmena_letters_held";
const OUTBOX_DUE: &str = "otmena_outbox_due";
const OUTBOX_FAILED: &str = "otmena_outbox_failed";
const OUTBOX_PARKED: &str = "otmena_outbox_parked";
const BREAKER_WAITING: &str = "otmena_breaker_waiting";
const FILINGS_DUE: &str = "otmena_filings_due";
const LAST_SCAN: &str = "otmena_last_scan_timestamp_seconds";
const SCAN: &str = "otmena_scan_seconds";
const ANSWER_DELAY: &str = "otmena_answer_delay_seconds";
const DESK: &str = "otmena_desk_letters";
const DESK_OLDEST: &str = "otmena_desk_oldest_seconds";
const DESK_CLOSING: &str = "otmena_desk_closing";
const STAFF_ACTS: &str = "otmena_staff_acts_total";
const REGISTRY_RUNS: &str = "otmena_registry_runs_total";
const REGISTRY_WAITING: &str = "otmena_registry_waiting";
const REGISTRY_FAILING: &str = "otmena_registry_failing_seconds";
const BUILD: &str = "otmena_build_info";

/// The steps that [`failed`] is called for.
const FAILING_STEPS: [&str; 6] = [
    "intake",
    "decide",
    "record",
    "reply",
    "registry",
    "retention",
];

/// The decisions that send no letter to staff.
const WITHOUT_REASON: [Decision; 16] = [
    Decision::OwnLetter,
    Decision::Automatic,
    Decision::Bounced,
    Decision::Repeated,
    Decision::Informed,
    Decision::Cancelled,
    Decision::AlreadyCancelled,
    Decision::RefusedTooLate,
    Decision::ConfirmFirst,
    Decision::ConfirmationAwaited,
    Decision::CheckDetails,
    Decision::IsItThisOne,
    Decision::WhichOne,
    Decision::AwaitsOperator,
    Decision::DocumentAgain,
    Decision::StatusTold,
];

/// All metrics in the order of the documentation.
#[rustfmt::skip]
pub const METRICS: &[Metric] = &[
    Metric { name: TAKEN_IN, kind: MetricKind::Counter, labels: "", meaning: "Letters fetched from the mailbox; one that has to be taken up again counts again." },
    Metric { name: DECISIONS, kind: MetricKind::Counter, labels: "decision, reason", meaning: "Decisions; `reason` is the code with which a letter went to staff, empty otherwise." },
    Metric { name: ANSWERS, kind: MetricKind::Counter, labels: "outcome", meaning: "Attempts to send a letter of ours: `sent`, `due` (tried again later), `undeliverable`, `given_up`." },
    Metric { name: FILED, kind: MetricKind::Counter, labels: "folder", meaning: "Letters put into their folder." },
    Metric { name: FAILURES, kind: MetricKind::Counter, labels: "step, kind", meaning: "Failures of a step: `try_again`, `hold`, `stop`." },
    Metric { name: RECONNECTS, kind: MetricKind::Counter, labels: "", meaning: "Sessions with the mailbox that had to be opened anew." },
    Metric { name: BOOKINGS, kind: MetricKind::Gauge, labels: "", meaning: "Bookings in the ledger." },
    Metric { name: HELD, kind: MetricKind::Gauge, labels: "", meaning: "Letters with staff." },
    Metric { name: OUTBOX_DUE, kind: MetricKind::Gauge, labels: "", meaning: "Letters of ours that are still to be sent." },
    Metric { name: OUTBOX_FAILED, kind: MetricKind::Gauge, labels: "", meaning: "Letters of ours that could not be delivered." },
    Metric { name: OUTBOX_PARKED, kind: MetricKind::Gauge, labels: "", meaning: "Answers that were parked because they are over a budget; they count as failed too." },
    Metric { name: BREAKER_WAITING, kind: MetricKind::Gauge, labels: "", meaning: "Letters that wait for `otmena letters release` because too many cancellations came at once." },
    Metric { name: FILINGS_DUE, kind: MetricKind::Gauge, labels: "", meaning: "Letters that still lie in the inbox though they were decided." },
    Metric { name: LAST_SCAN, kind: MetricKind::Gauge, labels: "", meaning: "When the last scan of the mailbox was completed (Unix time). Alarm when it is older than eleven minutes." },
    Metric { name: SCAN, kind: MetricKind::Histogram, labels: "", meaning: "How long a scan of the mailbox took." },
    Metric { name: ANSWER_DELAY, kind: MetricKind::Histogram, labels: "", meaning: "From the receipt of a letter to its answer with the mail server, tries and waits included." },
    Metric { name: DESK, kind: MetricKind::Gauge, labels: "", meaning: "Dead letters that lie in the folder for staff. Alarm when it grows for days." },
    Metric { name: DESK_OLDEST, kind: MetricKind::Gauge, labels: "", meaning: "Age of the oldest of them since its receipt. Alarm above two working days." },
    Metric { name: DESK_CLOSING, kind: MetricKind::Gauge, labels: "", meaning: "Those whose deadline is near (`desk.urgent_hours`) and has not passed. Alarm when it stays above 0 for an hour of the working day." },
    Metric { name: STAFF_ACTS, kind: MetricKind::Counter, labels: "act, possible", meaning: "Acts of staff: `retry`, `cancel`, `refuse`, `close`; `possible` is `no` where the letter came back." },
    Metric { name: REGISTRY_RUNS, kind: MetricKind::Counter, labels: "outcome", meaning: "Runs of `registry.command`: `told`, or `failed` (run again later)." },
    Metric { name: REGISTRY_WAITING, kind: MetricKind::Gauge, labels: "", meaning: "Changes that the organisation's schedule was not told yet." },
    Metric { name: REGISTRY_FAILING, kind: MetricKind::Gauge, labels: "", meaning: "For how long every run of `registry.command` has failed; 0 while it works. Alarm above 900." },
    Metric { name: BUILD, kind: MetricKind::Gauge, labels: "version", meaning: "Always 1; names the version that runs." },
];

/// Starts the metrics of this process. Give the handle to [`super::http::serve`].
///
/// # Errors
/// [`Failure::Stop`] when they were started before.
pub fn start() -> Result<PrometheusHandle, Failure> {
    let handle = builder()?.install_recorder().map_err(|cause| {
        Failure::stop_because("the metrics were started twice", "Report this", cause)
    })?;
    describe();
    Ok(handle)
}

fn builder() -> Result<PrometheusBuilder, Failure> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), BUCKETS)
        .map_err(|cause| Failure::stop_because("the metrics have no buckets", "Report this", cause))
}

/// Gives each metric its meaning, and those that only grow their zero: a rate needs a beginning.
fn describe() {
    for metric in METRICS {
        match metric.kind {
            MetricKind::Counter => {
                metrics::describe_counter!(metric.name, metric.meaning);
                if metric.labels.is_empty() {
                    counter!(metric.name).increment(0);
                }
            }
            MetricKind::Gauge => metrics::describe_gauge!(metric.name, metric.meaning),
            MetricKind::Histogram => {
                metrics::describe_histogram!(metric.name, Unit::Seconds, metric.meaning);
            }
        }
    }
    begin_at_zero();
    gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// Each set of labels that can come, once: a counter that only appears at its first event shows no
/// increase of it.
fn begin_at_zero() {
    for outcome in OutboxState::ALL {
        counter!(ANSWERS, "outcome" => outcome.code()).increment(0);
    }
    for folder in Folder::ALL.into_iter().filter(|f| *f != Folder::Inbox) {
        counter!(FILED, "folder" => folder.code()).increment(0);
    }
    for step in FAILING_STEPS {
        for kind in ["try_again", "hold", "stop"] {
            counter!(FAILURES, "step" => step, "kind" => kind).increment(0);
        }
    }
    for act in StaffAct::ALL {
        for possible in ["yes", "no"] {
            counter!(STAFF_ACTS, "act" => act.code(), "possible" => possible).increment(0);
        }
    }
    for outcome in ["told", "failed"] {
        counter!(REGISTRY_RUNS, "outcome" => outcome).increment(0);
    }
    for decision in WITHOUT_REASON {
        counter!(DECISIONS, "decision" => decision.code(), "reason" => "").increment(0);
    }
    let opened = Decision::CaseOpened;
    let reason = opened.reason().map_or("", Reason::code);
    counter!(DECISIONS, "decision" => opened.code(), "reason" => reason).increment(0);
    for reason in Reason::ALL.iter().copied() {
        for decision in [Decision::NotUnderstood(reason), Decision::Held(reason)] {
            counter!(DECISIONS, "decision" => decision.code(), "reason" => reason.code())
                .increment(0);
        }
    }
}

/// Letters were fetched.
pub fn taken_in(letters: u64) {
    counter!(TAKEN_IN).increment(letters);
}

/// A decision was committed.
pub fn decided(decision: &Decision) {
    let reason = decision.reason().map_or("", Reason::code);
    counter!(DECISIONS, "decision" => decision.code(), "reason" => reason).increment(1);
}

/// An attempt to send ended.
pub fn answered(outcome: OutboxState) {
    counter!(ANSWERS, "outcome" => outcome.code()).increment(1);
}

/// An answer was taken by the mail server at `now`; the letter came at `received_at`.
pub fn answer_delay(received_at: Moment, now: Moment) {
    histogram!(ANSWER_DELAY).record(seconds(now.micros().saturating_sub(received_at.micros())));
}

/// A letter lies in its folder.
pub fn filed(folder: Folder) {
    counter!(FILED, "folder" => folder.code()).increment(1);
}

/// `registry.command` was run.
pub fn registry_ran(told: bool) {
    let outcome = if told { "told" } else { "failed" };
    counter!(REGISTRY_RUNS, "outcome" => outcome).increment(1);
}

/// How telling the organisation's schedule stands at `now`.
pub fn registry_stands(state: &RegistryState, now: Moment) {
    gauge!(REGISTRY_WAITING).set(state.waiting as f64);
    let failing = state
        .failing_since
        .map_or(0, |since| now.micros().saturating_sub(since.micros()));
    gauge!(REGISTRY_FAILING).set(seconds(failing));
}

/// A step failed; `step` is one of those of the list.
pub fn failed(step: &'static str, failure: &Failure) {
    let kind = match failure {
        Failure::TryAgain { .. } => "try_again",
        Failure::HoldForStaff { .. } => "hold",
        Failure::Stop { .. } => "stop",
    };
    counter!(FAILURES, "step" => step, "kind" => kind).increment(1);
}

/// A new session with the mailbox had to be opened.
pub fn reconnected() {
    counter!(RECONNECTS).increment(1);
}

/// A scan of the mailbox was completed at `now`; called by [`super::Health::scan_completed`].
pub fn scan_completed(now: Moment) {
    gauge!(LAST_SCAN).set(seconds(now.micros()));
}

/// How long a scan took.
pub fn scan_took(began: Moment, ended: Moment) {
    histogram!(SCAN).record(seconds(ended.micros().saturating_sub(began.micros())));
}

/// How many of each there are.
pub fn counts(counts: &Counts) {
    let set = |name: &'static str, value: u64| gauge!(name).set(value as f64);
    set(BOOKINGS, counts.bookings);
    set(HELD, counts.held);
    set(OUTBOX_DUE, counts.outbox_due);
    set(OUTBOX_FAILED, counts.outbox_failed);
    set(OUTBOX_PARKED, counts.outbox_parked);
    set(BREAKER_WAITING, counts.breaker_waiting);
    set(FILINGS_DUE, counts.filings_due);
}

/// How the staff's desk stands: letters, age of the oldest in seconds, closing deadlines.
pub fn desk(letters: usize, oldest_seconds: i64, closing: usize) {
    gauge!(DESK).set(letters as f64);
    gauge!(DESK_OLDEST).set(oldest_seconds.max(0) as f64);
    gauge!(DESK_CLOSING).set(closing as f64);
}

/// Staff acted on a letter.
pub fn staff_acted(act: StaffAct, possible: bool) {
    let possible = if possible { "yes" } else { "no" };
    counter!(STAFF_ACTS, "act" => act.code(), "possible" => possible).increment(1);
}

fn seconds(micros: i64) -> f64 {
    let micros = micros.max(0) as f64;
    micros / 1_000_000.0
}

/// All metrics as a table in Markdown, for `docs/metrics.md`.
pub fn as_markdown() -> String {
    let mut text = "| metric | kind | labels | meaning |\n|---|---|---|---|\n".to_owned();
    for metric in METRICS {
        let kind = match metric.kind {
            MetricKind::Counter => "counter",
            MetricKind::Gauge => "gauge",
            MetricKind::Histogram => "histogram",
        };
        text.push_str(&format!(
            "| `{}` | {kind} | {} | {} |\n",
            metric.name, metric.labels, metric.meaning
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recorded_metric_is_on_the_list_and_described() {
        let recorder = builder().unwrap().build_recorder();
        let shown = metrics::with_local_recorder(&recorder, || {
            describe();
            let begun = recorder.handle().render();
            for line in [
                "otmena_answers_total{outcome=\"undeliverable\"} 0",
                "otmena_letters_filed_total{folder=\"dead_letter\"} 0",
                "otmena_failures_total{step=\"reply\",kind=\"stop\"} 0",
                "otmena_decisions_total{decision=\"cancelled\",reason=\"\"} 0",
                "otmena_decisions_total{decision=\"held\",reason=\"number_unknown\"} 0",
            ] {
                assert!(begun.contains(line), "{line} is not in\n{begun}");
            }
            taken_in(2);
            decided(&Decision::Cancelled);
            decided(&Decision::Held(Reason::NumberUnknown));
            answered(OutboxState::Sent);
            answer_delay(Moment::from_seconds(1), Moment::from_seconds(3));
            filed(Folder::Processed);
            failed("intake", &Failure::try_again("x"));
            reconnected();
            desk(1, 60, 0);
            registry_ran(true);
            registry_stands(&RegistryState::default(), Moment::default());
            super::super::Health::new(Moment::default()).scan_completed(Moment::from_seconds(7));
            scan_took(Moment::from_seconds(1), Moment::from_seconds(2));
            counts(&Counts {
                held: 3,
                ..Counts::default()
            });
            recorder.handle().render()
        });
        for metric in METRICS {
            assert!(
                shown.contains(&format!("# HELP {}", metric.name)),
                "{}\n{shown}",
                metric.name
            );
        }
        for line in shown
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
        {
            let known = METRICS.iter().any(|m| line.starts_with(m.name));
            assert!(known, "{line}");
        }
        assert!(
            shown.contains("otmena_decisions_total{decision=\"held\",reason=\"number_unknown\"} 1"),
            "{shown}"
        );
        assert!(shown.contains("otmena_letters_held 3"), "{shown}");
        assert!(
            shown.contains("otmena_last_scan_timestamp_seconds 7"),
            "{shown}"
        );
        assert!(
            shown.contains("otmena_answer_delay_seconds_bucket{le=\"2.5\"} 1"),
            "{shown}"
        );
    }

    #[test]
    fn the_page_of_metrics_is_that_of_the_list() {
        let page = include_str!("../../docs/metrics.md");
        assert!(
            page.contains(&as_markdown()),
            "docs/metrics.md must hold:\n{}",
            as_markdown()
        );
    }
}
