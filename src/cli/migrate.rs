//! `otmena migrate`: the database comes to the version of this program.

use super::{Exit, Problem, SettingsFile, terminal};
use crate::record;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let spinner = terminal::spinner("migrating");
    let migrated = record::migrate(&loaded.settings.database.url).await;
    spinner.finish_and_clear();
    let migrated = migrated?;
    if arguments.json {
        let document =
            serde_json::json!({"version": migrated.version, "applied": migrated.applied});
        writeln!(out, "{document}")?;
        return Ok(Exit::Done);
    }
    for version in &migrated.applied {
        writeln!(out, "applied {version}")?;
    }
    writeln!(out, "The database is at version {}.", migrated.version)?;
    Ok(Exit::Done)
}
