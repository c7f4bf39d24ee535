//! What a scan did, and how long the mailbox may rest after it. Pure.

use crate::domain::Moment;
use std::time::Duration;

/// Longest wait for news before the mailbox is scanned anyway.
const LONGEST_WAIT: Duration = Duration::from_secs(5 * 60);

/// Longest wait when something of the last scan is left to be done.
const RETRY_WAIT: Duration = Duration::from_secs(10);

/// What a scan did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScanReport {
    /// Letters that were decided.
    pub decided: u64,
    /// Letters that could not be decided, or not be filed, and are taken up again.
    pub left: u64,
    /// Those among them that wait for DNS.
    pub waiting: u64,
    /// When the first of these may be tried again.
    pub wake_at: Option<Moment>,
}

/// How long the mailbox may rest after a scan: a letter that waits for DNS is waited for, anything
/// else that is left is tried again soon.
pub(super) fn rest(report: &ScanReport, now: Moment) -> Duration {
    if report.left > report.waiting {
        return RETRY_WAIT;
    }
    let Some(wake_at) = report.wake_at else {
        return LONGEST_WAIT;
    };
    let micros = wake_at.micros().saturating_sub(now.micros());
    Duration::from_micros(u64::try_from(micros).unwrap_or(0)).clamp(RETRY_WAIT, LONGEST_WAIT)
}
