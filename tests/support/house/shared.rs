//! One Dovecot for all houses of a test run.
//!
//! Statics are never dropped. A small shell waits on a pipe that only this process holds open; when
//! the process ends, however it ends, the shell ends the server and removes its folder.

use crate::support::dovecot::{Dovecot, DovecotOptions};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

const WATCHDOG: &str = r#"
read -r _
kill -KILL "-$1"
sleep 1
rm -rf "$2"
"#;

struct Shared {
    dovecot: Dovecot,
    _watchdog: Child,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let dovecot = Dovecot::start(DovecotOptions::default());
    let mail = dovecot.home_of("nobody");
    let home = mail.ancestors().nth(2).unwrap();
    let leader = leader(home);
    let watchdog = Command::new("sh")
        .args(["-c", WATCHDOG, "watchdog", leader.trim()])
        .arg(home)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Shared {
        dovecot,
        _watchdog: watchdog,
    }
});

/// The process that leads its group; it is noted a moment after the ports are open.
fn leader(home: &Path) -> String {
    for _ in 0..1000 {
        let noted = std::fs::read_to_string(home.join("run/master.pid")).unwrap_or_default();
        if noted.ends_with('\n') {
            return noted;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("dovecot has no master.pid");
}

/// The Dovecot of this test run.
pub fn dovecot() -> &'static Dovecot {
    &SHARED.dovecot
}
