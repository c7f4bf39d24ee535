//! `otmena bookings cancel|restore|letter NUMBER…`: an operator's act, recorded in one transaction
//! like the daemon's own.

use super::{day, number};
use crate::cli::acting::{Acting, Judged};
use crate::cli::{Exit, Problem, SettingsFile, terminal};
use crate::decide::{
    BookingPlace, Decision, OperatorAct, Rules, SlotDecision, booking_letter, cancel_by_operator,
    restore_by_operator,
};
use crate::domain::{Booking, BookingNumber, Channel, Reason};
use crate::failure::Failure;
use std::io::Write;

/// Longest reason that is told to citizens, in characters.
const LONGEST_REASON: usize = 500;

#[derive(Debug, clap::Args)]
pub struct LetterArguments {
    /// Numbers of the bookings
    #[arg(required = true, value_name = "NUMBER", value_parser = number)]
    numbers: Vec<BookingNumber>,
    #[command(flatten)]
    settings: SettingsFile,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArguments {
    /// Numbers of the bookings
    #[arg(required = true, value_name = "NUMBER", value_parser = number)]
    numbers: Vec<BookingNumber>,
    #[command(flatten)]
    settings: SettingsFile,
    /// Who does it: an operator on the citizen's behalf
    #[arg(long, value_parser = ["operator"], default_value = "operator")]
    by: String,
    /// By which way the citizen asked
    #[arg(long, value_parser = ["phone", "visit"])]
    channel: Option<String>,
}

#[derive(Debug, clap::Args)]
pub struct CancelArguments {
    /// Numbers of the bookings; or a whole day with --service and --date
    #[arg(value_name = "NUMBER", value_parser = number, required_unless_present = "service",
        conflicts_with = "service")]
    numbers: Vec<BookingNumber>,
    #[command(flatten)]
    settings: SettingsFile,
    /// Whose wish it is: an operator enters the citizen's, or it is the organisation's own
    #[arg(long, value_parser = ["operator", "organisation"], default_value = "operator")]
    by: String,
    /// By which way the citizen asked
    #[arg(long, value_parser = ["phone", "visit"])]
    channel: Option<String>,
    /// What the citizens are told as the reason
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    reason: Option<String>,
    /// All open bookings of this service on a day
    #[arg(long, value_name = "CODE", requires = "date")]
    service: Option<String>,
    /// The day, on the clocks of the organisation
    #[arg(long, value_name = "YYYY-MM-DD", requires = "service", value_parser = day::date)]
    date: Option<jiff::civil::Date>,
    /// Only of this organisation
    #[arg(long, value_name = "NAME", requires = "service")]
    organisation: Option<String>,
    /// Do it; without it a cancellation by the organisation only shows what would be done
    #[arg(long)]
    yes: bool,
}

fn reason(text: &str) -> Result<String, String> {
    let text = terminal::plain(text).trim().to_owned();
    let length = text.chars().count();
    if (1..=LONGEST_REASON).contains(&length) {
        Ok(text)
    } else {
        Err(format!("expected 1 to {LONGEST_REASON} characters"))
    }
}

fn channel_of(channel: Option<&str>) -> Channel {
    match channel {
        Some("phone") => Channel::Phone,
        Some("visit") => Channel::Visit,
        Some(_) | None => Channel::Command,
    }
}

/// A booking that the act does not fit. One that is cancelled already stays as it is: its
/// confirmation is not sent again unless the citizen asks.
const CLOSED: Failure = Failure::HoldForStaff {
    reason: Reason::BookingClosed,
};

pub async fn letter(arguments: &LetterArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let desk = Acting::open(arguments.settings.load()?).await?;
    let judge = |booking: &Booking, _: Option<&BookingPlace>, rules: &Rules<'_>| {
        if booking.is_open() {
            Ok(booking_letter(booking, rules))
        } else {
            Err(CLOSED)
        }
    };
    each(&desk, &arguments.numbers, &judge, out).await
}

pub async fn restore(arguments: &RestoreArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let desk = Acting::open(arguments.settings.load()?).await?;
    let act = OperatorAct {
        channel: channel_of(arguments.channel.as_deref()),
        words: None,
    };
    let judge = |booking: &Booking, place: Option<&BookingPlace>, rules: &Rules<'_>| {
        restore_by_operator(booking, place, &act, rules).map_err(|_| CLOSED)
    };
    each(&desk, &arguments.numbers, &judge, out).await
}

pub async fn cancel(arguments: &CancelArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let by_organisation = arguments.by == "organisation";
    if by_organisation && (arguments.reason.is_none() || arguments.channel.is_some()) {
        return Err(Problem::Usage(
            "a cancellation by the organisation needs --reason and has no --channel".to_owned(),
        ));
    }
    if arguments.service.is_some() && !by_organisation {
        return Err(Problem::Usage(
            "a whole day is cancelled only --by organisation".to_owned(),
        ));
    }
    let desk = Acting::open(arguments.settings.load()?).await?;
    let act = OperatorAct {
        channel: if by_organisation {
            Channel::Organisation
        } else {
            channel_of(arguments.channel.as_deref())
        },
        words: arguments.reason.clone(),
    };
    let judge = |booking: &Booking, place: Option<&BookingPlace>, rules: &Rules<'_>| {
        cancel_by_operator(booking, place, &act, rules).map_err(|_| CLOSED)
    };
    if !by_organisation {
        return each(&desk, &arguments.numbers, &judge, out).await;
    }
    let wanted = day::Wanted {
        numbers: &arguments.numbers,
        service: arguments.service.as_deref(),
        date: arguments.date,
        organisation: arguments.organisation.as_deref(),
    };
    day::cancel(&desk, &wanted, &judge, arguments.yes, out).await
}

async fn each(
    desk: &Acting,
    numbers: &[BookingNumber],
    judge: &(dyn Fn(&Booking, Option<&BookingPlace>, &Rules<'_>) -> Judged + Send + Sync),
    out: &mut dyn Write,
) -> Result<Exit, Problem> {
    let mut exit = Exit::Done;
    for number in numbers {
        let told = match desk.act(number, judge).await {
            Ok(Some(decision)) => words(&decision),
            Ok(None) => {
                exit = Exit::Findings;
                "there is no such booking"
            }
            Err(Failure::HoldForStaff { .. }) => {
                exit = Exit::Findings;
                "nothing done: its state or its time does not allow it"
            }
            Err(failure) => return Err(failure.into()),
        };
        writeln!(out, "{number}: {told}")?;
    }
    Ok(exit)
}

/// What the operator reads about an act that was done.
fn words(decision: &Decision) -> &'static str {
    let told = [
        (Decision::Cancelled, "cancelled; the confirmation is due"),
        (Decision::Informed, "the booking letter is due"),
        (
            Decision::Slots(SlotDecision::Restored),
            "restored; the letter is due",
        ),
        (
            Decision::Slots(SlotDecision::RestoreOnOffer),
            "the time is on offer; the booking comes back if it is not taken",
        ),
        (
            Decision::Slots(SlotDecision::RestoreGone),
            "the time is gone; a letter proposes the nearest ones",
        ),
    ];
    let found = told.iter().find(|(one, _)| one == decision);
    found.map_or("done", |(_, words)| words)
}
