//! How fast connections to the mail server may be opened again. Pure: the time and the chance
//! are arguments.

use crate::domain::Moment;
use std::collections::VecDeque;
use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(80);
/// Yandex locks an account out after about five logins in a minute.
const LOGINS_PER_MINUTE: usize = 5;
const BUDGET_WINDOW: i64 = 60;

/// The back-off after failures and the login budget of one mailbox.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    failures: u32,
    logins: VecDeque<Moment>,
}

impl Pace {
    /// No failures and no logins so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// Failures since the last success.
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// Notes that a connection is being opened now; to be called before each try.
    pub fn before_login(&mut self, now: Moment) {
        self.forget_old(now);
        self.logins.push_back(now);
    }

    /// Notes a failure, and says how long to wait before the next try: 2 s doubling up to 80 s,
    /// of which `jitter` (0 to 1) takes up to a half away, but never less than the login budget
    /// asks for.
    pub fn after_failure(&mut self, now: Moment, jitter: f64) -> Duration {
        let doubled = FIRST_WAIT.saturating_mul(1_u32 << self.failures.min(6));
        self.failures = self.failures.saturating_add(1);
        let jitter = if jitter.is_finite() {
            jitter.clamp(0.0, 1.0)
        } else {
            0.0
        };
        let wait = doubled.min(LONGEST_WAIT).mul_f64(1.0 - jitter / 2.0);
        wait.max(self.until_login_allowed(now))
    }

    /// Notes that a session worked, so that the next failure starts with a short wait again.
    pub fn after_success(&mut self) {
        self.failures = 0;
    }

    /// How long the login budget asks to wait; zero when a login is allowed now.
    pub fn until_login_allowed(&mut self, now: Moment) -> Duration {
        self.forget_old(now);
        if self.logins.len() < LOGINS_PER_MINUTE {
            return Duration::ZERO;
        }
        let free = self
            .logins
            .front()
            .map_or(now, |first| first.plus_seconds(BUDGET_WINDOW));
        Duration::from_micros(u64::try_from(free.micros() - now.micros()).unwrap_or(0))
    }

    fn forget_old(&mut self, now: Moment) {
        // A clock that was set back must not keep logins in the budget for ever.
        self.logins.retain(|login| {
            let age = now.micros().saturating_sub(login.micros());
            (0..BUDGET_WINDOW * 1_000_000).contains(&age)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Moment {
        Moment::from_seconds(seconds)
    }

    #[test]
    fn after_failure_doubles_up_to_eighty_seconds() {
        let mut pace = Pace::new();
        let waits: Vec<u64> = (0..8)
            .map(|n| pace.after_failure(at(n * 1_000), 0.0).as_secs())
            .collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 80, 80]);
        pace.after_success();
        assert_eq!(pace.after_failure(at(90_000), 0.0).as_secs(), 2);
    }

    #[test]
    fn jitter_takes_at_most_half_away() {
        for (jitter, expected) in [(1.0, 1_000), (0.5, 1_500), (7.0, 1_000), (f64::NAN, 2_000)] {
            let wait = Pace::new().after_failure(at(0), jitter);
            assert_eq!(wait.as_millis(), expected, "{jitter}");
        }
    }

    #[test]
    fn a_sixth_login_waits_for_the_minute_to_pass() {
        let mut pace = Pace::new();
        for second in 0..5 {
            assert_eq!(pace.until_login_allowed(at(second)), Duration::ZERO);
            pace.before_login(at(second));
        }
        assert_eq!(pace.until_login_allowed(at(5)), Duration::from_secs(55));
        assert_eq!(pace.after_failure(at(5), 0.0), Duration::from_secs(55));
        assert_eq!(pace.until_login_allowed(at(60)), Duration::ZERO);
    }

    #[test]
    fn a_clock_set_back_does_not_lock_the_budget() {
        let mut pace = Pace::new();
        for _ in 0..5 {
            pace.before_login(at(1_000_000));
        }
        assert_eq!(pace.until_login_allowed(at(0)), Duration::ZERO);
    }
}
