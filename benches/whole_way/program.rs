//! The program under measurement, as an operator runs it: settings, import, run.

use crate::samples::{OUR_ADDRESS, OUR_SERVER, bookings_file};
use crate::stopwatch;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Connections to the mail server; the bare transport uses as many.
pub const CONNECTIONS: usize = 4;

/// The program of this build.
pub const THIS_BUILD: &str = env!("CARGO_BIN_EXE_otmena");

/// An office with its settings and its database.
pub struct Office {
    program: PathBuf,
    desk: PathBuf,
}

impl Office {
    /// Writes the settings and imports `bookings` bookings.
    pub fn set_up(
        program: &Path,
        desk: &Path,
        mailbox: &str,
        smtp_port: u16,
        bookings: usize,
    ) -> Self {
        let settings = format!(
            "[database]\nurl = \"sqlite:otmena.db\"\n\n{mailbox}\n\
             [smtp]\nkind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {smtp_port}\n\
             security = \"none\"\nfrom = \"Поликлиника № 3 <{OUR_ADDRESS}>\"\n\
             connections = {CONNECTIONS}\n\n\
             [sender]\nauthserv_id = \"{OUR_SERVER}\"\ndkim = false\n\
             token_secret = \"a secret of no worth, for measuring only\"\n\n\
             [breaker]\nenabled = false\n\n\
             [log]\nformat = \"json\"\n"
        );
        std::fs::write(desk.join("otmena.toml"), settings).unwrap();
        std::fs::write(desk.join("bookings.csv"), bookings_file(bookings)).unwrap();
        let office = Self {
            program: program.to_owned(),
            desk: desk.to_owned(),
        };
        office.finish(&["migrate"]);
        office.finish(&["bookings", "import", "bookings.csv"]);
        office
    }

    /// `run --once`, from the start of the process to its end.
    pub fn run_once(&self) -> Duration {
        let begun = stopwatch::now();
        self.finish(&["run", "--once"]);
        begun.elapsed()
    }

    /// `run`, until the value is dropped.
    pub fn start(&self) -> Daemon {
        Daemon(self.command(&["run"]).spawn().unwrap())
    }

    fn finish(&self, arguments: &[&str]) {
        let status = self.command(arguments).status().unwrap();
        assert!(
            status.success(),
            "otmena {arguments:?}: {status}\n{}",
            self.end_of_log()
        );
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log())
            .unwrap();
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .args(["--config", "otmena.toml"])
            .current_dir(&self.desk)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        command
    }

    fn log(&self) -> PathBuf {
        self.desk.join("log")
    }

    /// The last lines of the log.
    pub fn end_of_log(&self) -> String {
        let log = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// The running daemon.
pub struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
