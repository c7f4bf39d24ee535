//! The organisation cancels bookings, one or a whole day: first shown, then done.

use crate::cli::acting::{Acting, Judged};
use crate::cli::{Exit, Problem, terminal, times};
use crate::decide::{BookingPlace, Rules};
use crate::domain::{Booking, BookingNumber, Moment};
use crate::failure::Failure;
use std::io::Write;

/// Which bookings are meant.
pub struct Wanted<'a> {
    /// These numbers; or
    pub numbers: &'a [BookingNumber],
    /// all of this service
    pub service: Option<&'a str>,
    /// on this day
    pub date: Option<jiff::civil::Date>,
    /// at this organisation.
    pub organisation: Option<&'a str>,
}

/// A day on the command line.
pub fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse()
        .map_err(|_| "expected a day such as 2027-03-12".to_owned())
}

/// Shows what would be done, or does it.
pub async fn cancel(
    desk: &Acting,
    wanted: &Wanted<'_>,
    judge: &(dyn Fn(&Booking, Option<&BookingPlace>, &Rules<'_>) -> Judged + Send + Sync),
    yes: bool,
    out: &mut dyn Write,
) -> Result<Exit, Problem> {
    let (bookings, missing) = find(desk, wanted).await?;
    for number in &missing {
        writeln!(out, "{number}: there is no such booking")?;
    }
    let mut exit = if missing.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    };
    if bookings.is_empty() {
        writeln!(out, "No open booking is meant.")?;
        return Ok(exit);
    }
    if !yes {
        show(&bookings, out)?;
        return Ok(exit);
    }
    let bar = terminal::progress("cancelling", bookings.len());
    let mut done = 0_usize;
    for booking in &bookings {
        match desk.act(&booking.number, judge).await {
            Ok(Some(_)) => done += 1,
            Ok(None) | Err(Failure::HoldForStaff { .. }) => {
                exit = Exit::Findings;
                writeln!(
                    out,
                    "{}: nothing done: it is over or cancelled",
                    booking.number
                )?;
            }
            Err(failure) => {
                bar.finish_and_clear();
                // Those before it stand: the same command goes on where this one ended.
                let told = terminal::counted(done, "booking was", "bookings were");
                writeln!(out, "{told} cancelled before this failure; run it again.")?;
                out.flush()?;
                return Err(failure.into());
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let told = terminal::counted(done, "booking", "bookings");
    writeln!(out, "{told} cancelled; the letters are due.")?;
    Ok(exit)
}

async fn find<'w>(
    desk: &Acting,
    wanted: &Wanted<'w>,
) -> Result<(Vec<Booking>, Vec<&'w BookingNumber>), Failure> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for number in wanted.numbers {
        match desk.ledger.booking(&number.lookup_key()).await? {
            Some(booking) => found.push(booking),
            None => missing.push(number),
        }
    }
    if let (Some(service), Some(date)) = (wanted.service, wanted.date) {
        found.extend(of_day(desk, service, date).await?);
    }
    found.retain(|booking| {
        booking.is_open()
            && wanted
                .organisation
                .is_none_or(|name| booking.organisation.name == name)
    });
    Ok((found, missing))
}

/// The day is that of each place: a day and a half around it in UTC holds all of them.
async fn of_day(
    desk: &Acting,
    service: &str,
    date: jiff::civil::Date,
) -> Result<Vec<Booking>, Failure> {
    let midnight = date
        .to_zoned(jiff::tz::TimeZone::UTC)
        .map_or(0, |zoned| zoned.timestamp().as_second());
    let midnight = Moment::from_seconds(midnight);
    let (from, until) = (midnight.plus_hours(-15), midnight.plus_hours(24 + 15));
    let mut bookings = desk.ledger.open_bookings(service, from, until).await?;
    bookings.retain(|booking| {
        let zone = &booking.organisation.zone;
        booking.starts_at.in_zone(zone).date() == date
    });
    Ok(bookings)
}

fn show(bookings: &[Booking], out: &mut dyn Write) -> Result<(), Problem> {
    let mut table = terminal::table(&["NUMBER", "START", "SERVICE", "ORGANISATION", "RESOURCE"]);
    for booking in bookings {
        let cells: [&str; 5] = [
            booking.number.as_str(),
            &times::local(booking.starts_at, &booking.organisation.zone),
            &booking.service.name,
            &booking.organisation.name,
            &booking.resource,
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    let told = terminal::counted(bookings.len(), "booking", "bookings");
    writeln!(
        out,
        "{told} would be cancelled. Nothing is done yet: add --yes to do it."
    )?;
    Ok(())
}
