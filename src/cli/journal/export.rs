//! `otmena journal export`: every entry, for whoever checks it elsewhere.

use super::as_json;
use crate::cli::{Exit, Problem, SettingsFile, ledger};
use std::io::Write;

/// Entries that are read from the database at a time.
const PAGE: u32 = 1000;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only entries behind this number (`id`); 0 for all
    #[arg(long, value_name = "ID", default_value_t = 0)]
    after: i64,
    /// At most so many; without it all
    #[arg(long)]
    limit: Option<u32>,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let (mut after, mut left) = (arguments.after, arguments.limit);
    loop {
        let page = left.map_or(PAGE, |left| left.min(PAGE));
        let entries = if page == 0 {
            Vec::new()
        } else {
            ledger.export_journal(after, page).await?
        };
        let Some(last) = entries.last() else { break };
        after = last.id;
        left = left.map(|left| left.saturating_sub(page));
        for numbered in &entries {
            let mut line = as_json(&numbered.entry);
            if let Some(fields) = line.as_object_mut() {
                fields.insert("id".to_owned(), numbered.id.into());
                // The hash is made of this text; a parser may write the object in another order.
                let text = numbered.entry.data.clone();
                fields.insert("data_text".to_owned(), text.into());
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(Exit::Done)
}
