//! `otmena bookings changes --after SEQ --json`: the numbered feed for the organisation's schedule.

use crate::cli::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::registry::as_json;
use std::io::Write;

/// Changes that are read from the database at a time.
const PAGE: u32 = 1000;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only changes behind this number; 0 for all
    #[arg(long, value_name = "SEQ", default_value_t = 0)]
    after: i64,
    /// At most so many; without it all
    #[arg(long)]
    limit: Option<u32>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let mut after = arguments.after;
    let mut left = arguments.limit;
    let mut table = terminal::table(&["SEQ", "AT", "NUMBER", "KIND", "STATE", "START"]);
    loop {
        let page = left.map_or(PAGE, |left| left.min(PAGE));
        let changes = if page == 0 {
            Vec::new()
        } else {
            ledger.changes(after, page).await?
        };
        let Some(last) = changes.last() else { break };
        after = last.seq;
        left = left.map(|left| left.saturating_sub(page));
        for change in &changes {
            if arguments.json {
                writeln!(out, "{}", as_json(change))?;
            } else {
                let cells: [&str; 6] = [
                    &change.seq.to_string(),
                    &times::utc(change.at),
                    change.number.as_str(),
                    &change.kind,
                    &change.state,
                    &times::utc(change.starts_at),
                ];
                terminal::row(&mut table, &cells);
            }
        }
    }
    if !arguments.json {
        writeln!(out, "{}", terminal::shown(&table))?;
    }
    Ok(Exit::Done)
}
