//! Health: how long ago the last scan of the mailbox was completed.

use crate::domain::Moment;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Seconds without a completed scan after which the program counts as stuck: IDLE ends after five
/// minutes with a scan, so this is two rounds and a minute.
pub const SCAN_LIMIT_SECONDS: i64 = 11 * 60;

/// No scan yet.
const NEVER: i64 = i64::MIN;

/// Shared between the loops and those who ask.
#[derive(Debug, Clone)]
pub struct Health(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    started: Moment,
    last_scan: AtomicI64,
    limit_seconds: i64,
}

/// The answer to "are you well?".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// No scan has been completed yet, and there is still time.
    Starting {
        /// Seconds since the start.
        seconds: i64,
    },
    /// The last scan was completed within the limit.
    Good {
        /// Seconds since it was completed.
        age: i64,
    },
    /// No scan was completed within the limit.
    Stale {
        /// Seconds since the last one, or since the start.
        age: i64,
    },
}

impl HealthState {
    /// Whether the program should be left running.
    pub const fn is_alive(self) -> bool {
        !matches!(self, Self::Stale { .. })
    }

    /// Whether it does its work.
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Good { .. })
    }

    /// The word used in `/healthz`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Starting { .. } => "no_scan_yet",
            Self::Good { .. } => "ok",
            Self::Stale { .. } => "scan_overdue",
        }
    }

    /// Seconds since the last scan, or since the start.
    pub const fn age(self) -> i64 {
        match self {
            Self::Starting { seconds } => seconds,
            Self::Good { age } | Self::Stale { age } => age,
        }
    }
}

impl Health {
    /// Starts counting at `started` with the usual limit.
    pub fn new(started: Moment) -> Self {
        Self::with_limit(started, SCAN_LIMIT_SECONDS)
    }

    /// As [`Health::new`] with another limit.
    pub fn with_limit(started: Moment, limit_seconds: i64) -> Self {
        Self(Arc::new(Inner {
            started,
            last_scan: AtomicI64::new(NEVER),
            limit_seconds,
        }))
    }

    /// Notes a completed scan: everything that lay in the mailbox was listed and handled or noted.
    pub fn scan_completed(&self, now: Moment) {
        self.0.last_scan.store(now.micros(), Ordering::SeqCst);
        super::metrics::scan_completed(now);
    }

    /// How it stands at `now`. A clock that was put back does not make it stale.
    pub fn state(&self, now: Moment) -> HealthState {
        let last = self.0.last_scan.load(Ordering::SeqCst);
        let since = if last == NEVER {
            self.0.started
        } else {
            Moment::from_micros(last)
        };
        let age = now.seconds().saturating_sub(since.seconds()).max(0);
        if age > self.0.limit_seconds {
            HealthState::Stale { age }
        } else if last == NEVER {
            HealthState::Starting { seconds: age }
        } else {
            HealthState::Good { age }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_follows_the_age_of_the_last_completed_scan() {
        let at = Moment::from_seconds;
        let health = Health::with_limit(at(1000), 60);
        assert_eq!(
            health.state(at(1060)),
            HealthState::Starting { seconds: 60 }
        );
        assert_eq!(health.state(at(1061)), HealthState::Stale { age: 61 });
        health.clone().scan_completed(at(1061));
        assert_eq!(health.state(at(1121)), HealthState::Good { age: 60 });
        assert_eq!(health.state(at(1122)), HealthState::Stale { age: 61 });
        assert_eq!(health.state(at(500)), HealthState::Good { age: 0 });
    }
}
