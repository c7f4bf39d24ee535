//! `otmena bookings …`: import them, look at them, act on one, tell the registry.

pub(crate) mod csv_file;
mod import;
mod list;
mod show;
mod act;
mod day;
mod changes;
mod document;
mod view;

pub use view::{as_json, undeliverable};

use super::{Exit, Problem};
use crate::domain::BookingNumber;
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Import bookings from CSV: all or nothing, and again without harm
    Import(import::Arguments),
    /// List bookings by their start
    List(list::Arguments),
    /// Show one booking
    Show(show::Arguments),
    /// Cancel bookings, as the citizen's letter would: confirmation, document, free slot; or for
    /// the organisation, one or a whole day
    Cancel(act::CancelArguments),
    /// Schedule cancelled bookings again on the citizen's behalf
    Restore(act::RestoreArguments),
    /// Send the booking letter, with which the citizen can cancel by reply
    Letter(act::LetterArguments),
    /// Write the confirmation document of a cancelled booking again
    Document(document::Arguments),
    /// The feed of changes for the organisation's own schedule
    Changes(changes::Arguments),
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Import(arguments) => import::run(&arguments, out).await,
        Command::List(arguments) => list::run(&arguments, out).await,
        Command::Show(arguments) => show::run(&arguments, out).await,
        Command::Cancel(arguments) => act::cancel(&arguments, out).await,
        Command::Restore(arguments) => act::restore(&arguments, out).await,
        Command::Letter(arguments) => act::letter(&arguments, out).await,
        Command::Document(arguments) => document::run(&arguments, out).await,
        Command::Changes(arguments) => changes::run(&arguments, out).await,
    }
}

/// A booking's number on the command line.
pub fn number(text: &str) -> Result<BookingNumber, String> {
    BookingNumber::parse(text)
        .ok_or_else(|| "expected a booking number: letters, digits, dashes and slashes".to_owned())
}
