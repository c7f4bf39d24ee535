//! The real program as a child process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// How often is looked before a wait is called vain: three minutes, which only a hang reaches.
const LOOKS: u32 = 18_000;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(10);

/// How a command ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it logged.
    pub log: String,
}

/// A running program; it is killed with the value.
#[derive(Debug)]
pub struct Program {
    child: Child,
    out: PathBuf,
    log: PathBuf,
}

impl Program {
    /// Starts the program with these arguments; output and log go into files in `folder`.
    pub fn start(
        folder: &Path,
        arguments: &[&str],
        settings: &Path,
        variables: &[(&str, &str)],
    ) -> Self {
        let unique = tempfile::Builder::new()
            .prefix("run-")
            .tempdir_in(folder)
            .unwrap()
            .keep();
        let (out, log) = (unique.join("out"), unique.join("log"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_otmena"));
        command.args(arguments);
        if arguments.first() != Some(&"parse") {
            command.arg("--config").arg(settings);
        }
        let child = command
            .env_remove("RUST_LOG")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(File::create(&out).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Self { child, out, log }
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Ended {
        let status = self.status();
        Ended {
            code: status.code().unwrap_or(-1),
            out: std::fs::read_to_string(&self.out).unwrap(),
            log: self.log(),
        }
    }

    fn status(&mut self) -> ExitStatus {
        for _ in 0..LOOKS {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(PAUSE);
        }
        panic!("it hangs: {}", self.log());
    }

    /// Asks it to stop, as systemd does, and waits for its end.
    pub fn terminate(self) -> Ended {
        signal("-TERM", self.child.id());
        self.wait()
    }

    /// SIGKILL: no word of farewell, nothing is cleaned up.
    pub fn kill(mut self) -> Ended {
        self.child.kill().unwrap();
        self.wait()
    }

    /// Waits until `condition` holds; a program that ends before fails the test.
    pub fn wait_until(&mut self, what: &str, mut condition: impl FnMut() -> bool) {
        for _ in 0..LOOKS {
            if condition() {
                return;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended before {what}: {}", self.log());
            std::thread::sleep(PAUSE);
        }
        panic!("waited in vain for {what}: {}", self.log());
    }

    /// Waits until its log holds `words`.
    pub fn wait_for_log(&mut self, words: &str) {
        let log = self.log.clone();
        self.wait_until(words, || {
            std::fs::read_to_string(&log).unwrap().contains(words)
        });
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
    }
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("kill")
        .args([name, "--", &process.to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}
