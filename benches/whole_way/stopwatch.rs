//! The elapsed time, and words about how far the program has come.

use std::io::Write;
use std::time::Instant;

/// The moment from which something is measured.
#[expect(
    clippy::disallowed_methods,
    reason = "elapsed time is what a benchmark measures"
)]
pub fn now() -> Instant {
    Instant::now()
}

/// Tells on standard error what goes on.
pub fn tell(what: &str) {
    let mut err = std::io::stderr().lock();
    writeln!(err, "{what}").unwrap();
}
