//! `otmena bookings cancel NUMBER` and `otmena bookings letter NUMBER…`: an operator's act, recorded
//! in one transaction like the daemon's own.

use super::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger, wiring};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Booking, BookingNumber};
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Numbers of the bookings
    #[arg(required = true, value_name = "NUMBER", value_parser = number)]
    numbers: Vec<BookingNumber>,
    #[command(flatten)]
    settings: SettingsFile,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Cancel it.
    Cancel,
    /// Send the booking letter.
    Letter,
}

pub async fn run(arguments: &Arguments, act: Act, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let mut exit = Exit::Done;
    for number in &arguments.numbers {
        let now = SystemClock.now();
        let act_now = |booking: &Booking| match act {
            Act::Cancel => wiring::cancel(booking, &loaded, now),
            Act::Letter => wiring::letter(booking, &loaded, now),
        };
        match ledger
            .act_on_booking(&number.lookup_key(), &act_now, now)
            .await?
        {
            Some(decision) if act == Act::Cancel => writeln!(out, "{number}: {}", decision.code())?,
            Some(_) => writeln!(out, "{number}: the letter is due")?,
            None => {
                writeln!(out, "{number}: there is no such booking")?;
                exit = Exit::Findings;
            }
        }
    }
    Ok(exit)
}
