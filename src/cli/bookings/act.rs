//! `otmena bookings cancel NUMBER` and `otmena bookings letter NUMBER…`: an operator's act, recorded
//! in one transaction like the daemon's own.

use super::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger};
use crate::clock::{Clock, SystemClock};
use crate::decide::{Consequences, Decision, Rules, booking_letter, cancel_by_operator};
use crate::domain::{Booking, BookingNumber, Reason};
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
        let told = match ledger
            .act_on_booking(&number.lookup_key(), &act_now, now)
            .await
        {
            Ok(Some(_)) if act == Act::Cancel => "cancelled; the confirmation is due",
            Ok(Some(_)) => "the booking letter is due",
            Ok(None) => {
                exit = Exit::Findings;
                "there is no such booking"
            }
            Err(Failure::HoldForStaff { .. }) => {
                exit = Exit::Findings;
                "nothing done: it is over or cancelled already"
            }
            Err(failure) => return Err(failure.into()),
        };
        writeln!(out, "{number}: {told}")?;
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
    let closed = Failure::HoldForStaff {
        reason: Reason::BookingClosed,
    };
    match act {
        Act::Letter if booking.is_open() => Ok(booking_letter(booking, rules)),
        Act::Letter => Err(closed),
        Act::Cancel => cancel_by_operator(booking, rules).map_err(|_| closed),
    }
}
