//! `otmena journal show|export|verify`: the story of a booking, and the proof that nobody altered it.

mod show;
mod story;
mod export;
mod verify;

use super::{Exit, Problem};
use crate::domain::JournalEntry;
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Tell what happened to a booking, or to a letter
    Show(show::Arguments),
    /// Print every entry as one JSON object a line, in the order of recording
    Export(export::Arguments),
    /// Prove that no entry was altered, added or taken out; exit 1 when one was
    Verify(verify::Arguments),
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Show(arguments) => show::run(&arguments, out).await,
        Command::Export(arguments) => export::run(&arguments, out).await,
        Command::Verify(arguments) => verify::run(&arguments, out).await,
    }
}

/// An entry with all that its hash is made of, but for the text of its data: as a JSON value.
fn as_json(entry: &JournalEntry) -> Value {
    let data = serde_json::from_str::<Value>(&entry.data);
    json!({
        "position": entry.position,
        "at": entry.at.to_rfc3339(),
        "chain": entry.chain,
        "kind": entry.kind,
        "actor": entry.actor,
        "data": data.unwrap_or_else(|_| Value::String(entry.data.clone())),
        "previous": entry.previous.to_hex(),
        "hash": entry.hash.to_hex(),
    })
}
