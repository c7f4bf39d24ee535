//! Points at which a test can halt the process in order to kill it there. A debug build looks into
//! its environment; in a release build nothing is left of them.

/// Says that the work has come to the point `name`.
///
/// Where `OTMENA_HALT_AT` holds this name (or `name:n` for its n-th time), the file named in
/// `OTMENA_HALT_FILE` is written and the thread stays here until the process is killed.
#[cfg(debug_assertions)]
pub fn reach(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static TIMES: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var("OTMENA_HALT_AT") else {
        return;
    };
    let (point, time) = wanted.split_once(':').unwrap_or((&wanted, "1"));
    if point != name {
        return;
    }
    let reached = TIMES.fetch_add(1, Ordering::SeqCst).saturating_add(1);
    if time.parse() != Ok(reached) {
        return;
    }
    let told = std::env::var_os("OTMENA_HALT_FILE").map(|file| std::fs::write(file, name));
    if let Some(Err(cause)) = told {
        tracing::error!(%cause, "the halting point cannot be told");
    }
    loop {
        std::thread::sleep(std::time::Duration::from_secs(60));
    }
}

/// Nothing, in a release build.
#[cfg(not(debug_assertions))]
pub const fn reach(_name: &str) {}
