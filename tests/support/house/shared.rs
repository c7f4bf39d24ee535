//! One Dovecot for all houses of a test run.

use crate::support::dovecot::{Dovecot, DovecotOptions};
use std::sync::LazyLock;

static SHARED: LazyLock<Dovecot> = LazyLock::new(|| Dovecot::start(DovecotOptions::default()));

/// The Dovecot of this test run; it ends with the process.
pub fn dovecot() -> &'static Dovecot {
    &SHARED
}
