//! `otmena bookings list`.

use super::view;
use crate::cli::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::record::BookingFilter;
use serde_json::Value;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this state
    #[arg(long, value_parser = ["scheduled", "awaiting_confirmation", "cancelled", "completed", "no_show"])]
    state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let filter = BookingFilter {
        state: arguments.state.clone(),
        limit: arguments.limit,
    };
    let bookings = ledger::open(&loaded.settings)
        .await?
        .bookings(&filter)
        .await?;
    if arguments.json {
        let document: Vec<Value> = bookings.iter().map(view::as_json).collect();
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "NUMBER",
        "STATE",
        "START",
        "SERVICE",
        "ORGANISATION",
        "RESOURCE",
    ]);
    for booking in &bookings {
        let cells: [&str; 6] = [
            booking.number.as_str(),
            booking.state.code(),
            &times::local(booking.starts_at, &booking.organisation.zone),
            &booking.service.name,
            &booking.organisation.name,
            &booking.resource,
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}
