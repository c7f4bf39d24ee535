//! One run of the operator's command, within its time.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// How long one run may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Variables that may hold secrets of ours; the command does not get them.
const OUR_VARIABLES: &str = "OTMENA_";

/// The command that tells the organisation's schedule.
#[derive(Debug, Clone)]
pub struct TellCommand {
    program: String,
    arguments: Vec<String>,
    limit: Duration,
}

/// Why a run did not end with 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunFault {
    /// The program could not be started.
    NotStarted,
    /// It took too long and was killed.
    Timeout,
    /// It ended with this code.
    Exit(i32),
    /// It was ended by a signal.
    Signal,
}

impl RunFault {
    /// The word in the ledger, in `check` and in the log.
    pub fn code(self) -> String {
        match self {
            Self::NotStarted => "not_started".to_owned(),
            Self::Timeout => "timeout".to_owned(),
            Self::Exit(code) => format!("exit_{code}"),
            Self::Signal => "signal".to_owned(),
        }
    }
}

impl TellCommand {
    /// Program and arguments of `registry.command`; `None` where nothing is set.
    pub fn new(command: &[String]) -> Option<Self> {
        let (program, arguments) = command.split_first()?;
        Some(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
            limit: TIME_LIMIT,
        })
    }

    /// The same with another limit, for tests.
    pub fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Runs it with `input` and a line end on standard input. What it prints goes nowhere: it may
    /// name persons, and our log must not.
    ///
    /// # Errors
    /// [`RunFault`] unless it ends with 0 in time.
    pub async fn run(&self, input: &str) -> Result<(), RunFault> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own, so that what it started ends with it.
            .process_group(0)
            .kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(OUR_VARIABLES) {
                command.env_remove(name);
            }
        }
        let mut child = command.spawn().map_err(|_| RunFault::NotStarted)?;
        let ended = tokio::time::timeout(self.limit, feed_and_wait(&mut child, input)).await;
        match ended {
            Ok(Ok(status)) => judged(status),
            Ok(Err(_)) => Err(RunFault::Signal),
            Err(_) => {
                end_group(&mut child).await;
                Err(RunFault::Timeout)
            }
        }
    }
}

/// A command that does not read its input is free to do so.
async fn feed_and_wait(child: &mut Child, input: &str) -> std::io::Result<ExitStatus> {
    if let Some(mut stdin) = child.stdin.take() {
        let line = format!("{input}\n");
        let written = stdin.write_all(line.as_bytes()).await;
        tracing::trace!(
            taken = written.is_ok(),
            "registry.command was given a change"
        );
        drop(stdin);
    }
    child.wait().await
}

fn judged(status: ExitStatus) -> Result<(), RunFault> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => Err(RunFault::Exit(code)),
        None => Err(RunFault::Signal),
    }
}

/// Ends the command and whatever it started.
async fn end_group(child: &mut Child) {
    if let Some(id) = child.id() {
        let ended = Command::new("kill")
            .args(["-KILL", "--", &format!("-{id}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .await;
        tracing::trace!(ended = ended.is_ok(), "registry.command was ended");
    }
    if child.kill().await.is_err() {
        tracing::warn!("a run of registry.command could not be ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> TellCommand {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        TellCommand::new(&words).unwrap()
    }

    #[tokio::test]
    async fn how_a_run_ends_is_told_apart() {
        assert_eq!(
            shell("grep -q '\"seq\":7'").run("{\"seq\":7}").await,
            Ok(())
        );
        assert_eq!(shell("exit 3").run("{}").await, Err(RunFault::Exit(3)));
        assert_eq!(shell("kill -9 $$").run("{}").await, Err(RunFault::Signal));
        let missing = TellCommand::new(&["/no/such/program".to_owned()]).unwrap();
        assert_eq!(missing.run("{}").await, Err(RunFault::NotStarted));
        assert!(TellCommand::new(&[]).is_none());
    }

    #[tokio::test]
    async fn one_that_reads_nothing_of_a_long_input_does_no_harm() {
        let long = "x".repeat(1_000_000);
        assert_eq!(shell("exit 0").run(&long).await, Ok(()));
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended_with_all_that_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("alive");
        let script = format!("(sleep 2; touch {}) & wait", mark.display());
        let hanging = shell(&script).within(Duration::from_millis(100));
        assert_eq!(hanging.run("{}").await, Err(RunFault::Timeout));
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(!mark.exists(), "what it started lived on");
    }
}
