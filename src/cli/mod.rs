//! The commands, a file for each. Each takes its arguments and a place to write to, and gives an
//! [`Exit`]; only [`start`] touches the process.
//!
//! With `--json` a command prints one JSON document; only `bookings changes --json` prints one JSON
//! object a line, because it is a feed.

mod exit;
mod terminal;
mod times;
mod ledger;
mod csv_lines;
mod acting;

mod demo;
mod run;
mod check;
pub mod parse;
mod explain;
pub(crate) mod bookings;
mod letters;
mod outbox;
mod sanctions;
mod journal;
mod document;
mod privacy;
mod migrate;
mod sample_config;
mod slots;
mod waitlist;

pub use check::{Finding, Outcome};
pub use exit::{Exit, Problem};

use crate::config::{self, Loaded, LogFormat};
use crate::failure::Failure;
use crate::telemetry::panics;
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tracing_subscriber::filter::LevelFilter;

/// Stack of each thread: deep nesting in foreign letters is capped well below it.
const STACK_OCTETS: usize = 8 * 1024 * 1024;

/// What stands on the command line.
#[derive(Debug, Parser)]
#[command(name = "otmena", version, about, after_help = exit::HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the whole way of a letter on samples: no settings, no server
    Demo(demo::Arguments),
    /// Run the daemon
    Run(run::Arguments),
    /// Try every setting against the live servers
    Check(check::Arguments),
    /// Read letters from files and print what was understood, one JSON object a line
    Parse(parse::Arguments),
    /// Explain what would be decided about a letter, without effect
    Explain(explain::Arguments),
    /// Bookings: import, look, cancel, tell the registry
    #[command(subcommand)]
    Bookings(bookings::Command),
    /// Times that somebody can have
    #[command(subcommand)]
    Slots(slots::Command),
    /// Who waits for a time
    #[command(subcommand)]
    Waitlist(waitlist::Command),
    /// Letters that were taken in
    #[command(subcommand)]
    Letters(letters::Command),
    /// Letters of ours that are to be sent
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Documents: verify one, or print the public key
    #[command(subcommand)]
    Document(document::Command),
    /// What is held on persons: delete it after its time, or tell a person
    #[command(subcommand)]
    Privacy(privacy::Command),
    /// Consequences of late cancellations
    #[command(subcommand)]
    Sanctions(sanctions::Command),
    /// The journal of what happened
    #[command(subcommand)]
    Journal(journal::Command),
    /// Bring the database to the version of this program
    Migrate(migrate::Arguments),
    /// Print a complete settings file with comments
    SampleConfig,
}

/// Where the settings are.
#[derive(Debug, Clone, Args)]
struct SettingsFile {
    /// The settings file
    #[arg(long, value_name = "FILE", env = "OTMENA_CONFIG")]
    config: PathBuf,
}

impl SettingsFile {
    /// Loads the settings and starts the log at `warn`: a command tells by what it prints.
    fn load(&self) -> Result<Loaded, Failure> {
        let loaded = config::load(&self.config)?;
        start_log(loaded.settings.log.format, LevelFilter::WARN)?;
        Ok(loaded)
    }
}

fn start_log(format: LogFormat, level: LevelFilter) -> Result<(), Failure> {
    crate::telemetry::log::start(format, level)
}

/// How long the end waits for threads whose work nobody awaits any more.
const LINGERING_THREADS: Duration = Duration::from_secs(1);

/// Runs the program with these arguments, the program's name first.
pub fn start(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let written = error.print();
            let usage = error.use_stderr() || written.is_err();
            return if usage { Exit::Usage } else { Exit::Done }.into();
        }
    };
    panics::tell_places_only();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_OCTETS)
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            let failure = Failure::try_again_because("the program cannot start its threads", cause);
            return exit::tell(&failure.into()).into();
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let done = runtime.block_on(dispatch(arguments.command, &mut out));
    // A letter that hangs its reader was set aside; its thread must not hold up the end as well.
    runtime.shutdown_timeout(LINGERING_THREADS);
    let done = done.and_then(|exit| out.flush().map(|()| exit).map_err(Problem::from));
    match done {
        Ok(exit) => exit.into(),
        Err(problem) => exit::tell(&problem).into(),
    }
}

async fn dispatch(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, out).await,
        Command::Run(arguments) => run::run(&arguments).await,
        Command::Check(arguments) => check::run(&arguments, out).await,
        Command::Parse(arguments) => parse::run(&arguments, out),
        Command::Explain(arguments) => explain::run(&arguments, out).await,
        Command::Bookings(command) => bookings::run(command, out).await,
        Command::Slots(command) => slots::run(command, out).await,
        Command::Waitlist(command) => waitlist::run(command, out).await,
        Command::Letters(command) => letters::run(command, out).await,
        Command::Outbox(command) => outbox::run(command, out).await,
        Command::Document(command) => document::run(command, out).await,
        Command::Privacy(command) => privacy::run(command, out).await,
        Command::Sanctions(command) => sanctions::run(command, out).await,
        Command::Journal(command) => journal::run(command, out).await,
        Command::Migrate(arguments) => migrate::run(&arguments, out).await,
        Command::SampleConfig => sample_config::run(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Arguments::command().debug_assert();
    }
}
