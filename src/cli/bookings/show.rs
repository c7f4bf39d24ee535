//! `otmena bookings show NUMBER`.

use super::{number, view};
use crate::cli::{Exit, Problem, SettingsFile, ledger, letters};
use crate::domain::BookingNumber;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Number of the booking
    #[arg(value_parser = number)]
    number: BookingNumber,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let Some(booking) = ledger.booking(&arguments.number.lookup_key()).await? else {
        writeln!(out, "There is no booking with this number.")?;
        return Ok(Exit::Findings);
    };
    let mut document = view::as_json(&booking);
    let bounced = ledger.bounced_addresses(booking.id).await?;
    if let Some(fields) = document.as_object_mut() {
        fields.insert("undeliverable".to_owned(), view::undeliverable(&bounced));
    }
    if arguments.json {
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
    } else {
        letters::print_fields(&document, "", out)?;
    }
    Ok(Exit::Done)
}
