//! Whether the organisation's own schedule is told of changes.

use super::Finding;
use crate::cli::terminal::counted;
use crate::cli::{ledger, times};
use crate::config::Loaded;
use crate::record::RegistryState;

/// How telling stands; the command itself is not run, for it would change the schedule.
pub async fn probe(loaded: &Loaded) -> Vec<Finding> {
    let Some(program) = loaded.settings.registry.command.first() else {
        let text = "`registry.command` is not set: the schedule reads `otmena bookings changes`";
        return vec![Finding::ok("registry", text)];
    };
    if !is_there(program) {
        return vec![Finding::warn(
            "registry",
            "the program of `registry.command` is not there, or may not be run",
            "Give its whole path, and let the user of the daemon run it",
        )];
    }
    let state = async { ledger::open(&loaded.settings).await?.registry_state().await };
    vec![match state.await {
        Ok(state) => judged(&state),
        Err(failure) => Finding::fail("registry", &failure),
    }]
}

/// By its path, or on the PATH.
fn is_there(program: &str) -> bool {
    let runs = |path: &std::path::Path| {
        use std::os::unix::fs::PermissionsExt;
        path.metadata()
            .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
    };
    if program.contains('/') {
        return runs(std::path::Path::new(program));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| runs(&folder.join(program)))
}

fn judged(state: &RegistryState) -> Finding {
    let waiting = counted(state.waiting, "change waits", "changes wait");
    if let Some(since) = state.failing_since {
        let error = state.last_error.as_deref().unwrap_or("unknown");
        return Finding::warn(
            "registry",
            format!(
                "`registry.command` has failed since {} ({error}); {waiting}",
                times::utc(since)
            ),
            "Run it by hand with a line of `otmena bookings changes --json` on standard input",
        );
    }
    let last = state
        .last_told_at
        .map_or_else(|| "no change told yet".to_owned(), times::utc);
    Finding::ok("registry", format!("last told: {last}; {waiting}"))
}
