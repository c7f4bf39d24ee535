//! `otmena check`: every setting against the live servers, with the remedy.

mod probes;
mod registry;
mod self_test;

use super::{Exit, Problem, SettingsFile, exit, start_log, terminal};
use crate::config::{self, LogFormat};
use crate::failure::Failure;
use crate::privacy;
use serde::Serialize;
use std::io::Write;
use tracing_subscriber::filter::LevelFilter;

/// Said by `check` and at the start of `run`: a moment copied from an example would leave every letter unanswered.
pub const SINCE_AHEAD: &str =
    "`mailbox.since` lies in the future: letters received before it are left alone";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
    /// Send no letters to ourselves: for checks that run by the clock
    #[arg(long)]
    no_letters: bool,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// It works, and something about it should be known.
    Warn,
    /// It does not work.
    Fail,
}

impl Outcome {
    /// The word in the table.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, one word.
    pub check: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found.
    pub text: String,
    /// What the operator does about it; empty when nothing is to be done.
    pub remedy: String,
}

impl Finding {
    /// All is well.
    pub fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self {
            check,
            outcome: Outcome::Ok,
            text: text.into(),
            remedy: String::new(),
        }
    }

    /// It works, but.
    pub fn warn(check: &'static str, text: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            check,
            outcome: Outcome::Warn,
            text: text.into(),
            remedy: remedy.into(),
        }
    }

    /// It does not work.
    pub fn fail(check: &'static str, failure: &Failure) -> Self {
        let (text, remedy) = match failure {
            Failure::Stop { remedy, .. } => {
                let without = failure.chain().replacen(&format!(". {remedy}"), "", 1);
                (without, remedy.clone())
            }
            Failure::TryAgain { .. } | Failure::HoldForStaff { .. } => (
                failure.chain(),
                "Try again; if it stays, look at the server".to_owned(),
            ),
        };
        Self {
            check,
            outcome: Outcome::Fail,
            text: privacy::masked(&text),
            remedy,
        }
    }
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = match config::load(&arguments.settings.config) {
        Ok(loaded) => loaded,
        Err(failure) => {
            let exit = exit::exit_of(&failure);
            print(&[Finding::fail("settings", &failure)], arguments.json, out)?;
            return Ok(exit);
        }
    };
    start_log(LogFormat::Text, LevelFilter::ERROR)?;
    let spinner = terminal::spinner("asking the servers");
    let findings = probes::all(&loaded, !arguments.no_letters).await;
    spinner.finish_and_clear();
    print(&findings, arguments.json, out)?;
    let failed = findings.iter().any(|f| f.outcome == Outcome::Fail);
    Ok(if failed { Exit::Findings } else { Exit::Done })
}

fn print(findings: &[Finding], json: bool, out: &mut dyn Write) -> Result<(), Problem> {
    if json {
        serde_json::to_writer_pretty(&mut *out, findings)?;
        writeln!(out)?;
        return Ok(());
    }
    let mut table = terminal::wrapped_table(&["", "CHECK", "FOUND", "REMEDY"]);
    for finding in findings {
        let cells = [
            finding.outcome.code(),
            finding.check,
            &finding.text,
            &finding.remedy,
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_split_into_what_was_found_and_the_remedy() {
        let finding = Finding::fail(
            "smtp",
            &Failure::stop_because("`smtp.host` is unknown", "Mend it", "no such a@b.example"),
        );
        assert_eq!(finding.text, "`smtp.host` is unknown: no such …");
        assert_eq!(finding.remedy, "Mend it");
    }
}
