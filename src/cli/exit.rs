//! How commands end: the exit codes, and how a failure is told to the operator.

use super::terminal;
use crate::failure::Failure;
use crate::privacy;
use std::io::{self, Write};
use std::process::ExitCode;

/// The exit codes, below the help of the program.
pub const HELP: &str = "Exit codes:
  0   done
  1   done, with findings: bad lines, failed checks, a journal that does not verify, nothing found
  2   wrong use: unknown option, a file that cannot be opened
  75  something is left for a later try
  78  the settings or the surroundings must be mended first";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done: 0.
    Done,
    /// Done, and something was found that a person should look at: 1.
    Findings,
    /// The command was called wrongly: 2.
    Usage,
    /// Something is left for a later try (EX_TEMPFAIL of sysexits.h): 75.
    Later,
    /// The operator must mend settings or surroundings first (EX_CONFIG): 78.
    Configuration,
}

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Later => 75,
            Self::Configuration => 78,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not go on.
#[derive(Debug)]
pub enum Problem {
    /// A failure of the program's own work.
    Failure(Failure),
    /// The command was called wrongly; the text says how it is right.
    Usage(String),
    /// What was to be printed could not be written.
    Output(io::Error),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Self::Output(error.into())
    }
}

/// Tells a problem on standard error and gives the exit code.
pub fn tell(problem: &Problem) -> Exit {
    let (exit, text) = match problem {
        Problem::Failure(failure) => (exit_of(failure), failure_text(failure)),
        Problem::Usage(text) => (Exit::Usage, text.clone()),
        // The reader has had enough (`otmena … | head`): nothing is wrong.
        Problem::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Done,
        Problem::Output(error) => (
            Exit::Later,
            format!("the output cannot be written: {error}"),
        ),
    };
    let error = terminal::red("error:");
    match writeln!(io::stderr().lock(), "{error} {text}") {
        Ok(()) | Err(_) => exit,
    }
}

/// The exit code of a failure.
pub const fn exit_of(failure: &Failure) -> Exit {
    match failure {
        Failure::TryAgain { .. } => Exit::Later,
        Failure::HoldForStaff { .. } => Exit::Findings,
        Failure::Stop { .. } => Exit::Configuration,
    }
}

fn failure_text(failure: &Failure) -> String {
    let (what, remedy) = match failure {
        Failure::Stop { what, remedy, .. } => (what.clone(), Some(remedy)),
        Failure::TryAgain { .. } | Failure::HoldForStaff { .. } => (failure.to_string(), None),
    };
    let mut text = terminal::plain(&what);
    for cause in failure.causes() {
        text.push_str("\n  because: ");
        text.push_str(&terminal::plain(&privacy::masked(&cause)));
    }
    if let Some(remedy) = remedy {
        text.push_str("\n  remedy:  ");
        text.push_str(&terminal::plain(remedy));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_with_cause_and_remedy_and_without_addresses() {
        let cause = io::Error::other("550 a@b.example\u{1b}[31m unknown");
        let text = failure_text(&Failure::stop_because("`x` is wrong", "Write y", cause));
        assert_eq!(
            text,
            "`x` is wrong\n  because: 550 …[31m unknown\n  remedy:  Write y"
        );
    }

    #[test]
    fn each_kind_of_failure_has_its_exit_code() {
        assert_eq!(exit_of(&Failure::try_again("x")).code(), 75);
        assert_eq!(exit_of(&Failure::stop("x", "y")).code(), 78);
    }
}
