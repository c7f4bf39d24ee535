//! Word to systemd: ready, alive, stopping. Without systemd all of this does nothing.

use super::Health;
use crate::clock::Clock;
use sd_notify::NotifyState;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The start is over: settings, database and mailbox were fine.
pub fn ready() {
    tell(&[NotifyState::Ready]);
}

/// The end has begun; the letter in hand is finished first.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// Pings the watchdog of `WatchdogSec=` while the health is good (or the start is not over), until
/// `stop` is cancelled. When the pings cease, systemd restarts the program.
pub async fn watchdog(health: Health, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let Some(limit) = sd_notify::watchdog_enabled() else {
        return;
    };
    let pause = (limit / 3).max(Duration::from_millis(100));
    loop {
        if health.state(clock.now()).is_alive() {
            tell(&[NotifyState::Watchdog]);
        } else {
            tracing::error!(
                code = "scan_overdue",
                "no completed scan; the watchdog gets no ping"
            );
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(code = "systemd_unreachable", kind = %error.kind(), "systemd was not told");
    }
}
