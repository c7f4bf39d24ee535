//! `otmena bookings cancel NUMBER` and `otmena bookings letter NUMBER…`: an operator's act, recorded
//! in one transaction like the daemon's own.

use super::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger};
use crate::clock::{Clock, SystemClock};
use crate::decide::{Consequences, Decision, Rules, booking_letter, cancel_by_operator};
use crate::domain::{Booking, BookingNumber};
use crate::failure::Failure;
use crate::reply::compose::Office;
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
    let settings = &loaded.settings;
    let office = Office::new(
        &settings.smtp.from().address,
        settings.sender.plus_address,
        loaded.secrets,
    )?;
    let mut exit = Exit::Done;
    for number in &arguments.numbers {
        let now = SystemClock.now();
        let rules = Rules {
            policy: &loaded.policy,
            office: &office,
            now,
        };
        let act_now = |booking: &Booking| judge(booking, act, &rules);
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

/// What the act causes. A booking that is cancelled already stays as it is: its confirmation is
/// not sent again unless the citizen asks.
fn judge(
    booking: &Booking,
    act: Act,
    rules: &Rules<'_>,
) -> Result<(Decision, Consequences), Failure> {
    match act {
        Act::Letter => Ok(booking_letter(booking, rules)),
        Act::Cancel => cancel_by_operator(booking, rules).map_err(|cause| {
            Failure::stop_because(
                "the booking cannot be cancelled",
                "See `otmena bookings show`",
                cause,
            )
        }),
    }
}
