//! `otmena outbox list|retry`: letters of ours, and another try for those that failed.

use super::ledger::Numbers;
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::record::{OutboxRow, OutboxState};
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List letters of ours, newest first
    List(List),
    /// Make letters due at once that wait, were refused or were given up
    Retry(Retry),
}

#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this state: due, sent, undeliverable, given_up
    #[arg(long, value_parser = state)]
    state: Option<OutboxState>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Retry {
    /// Ids as `outbox list` shows them
    #[arg(
        required_unless_present = "all",
        conflicts_with = "all",
        value_name = "ID"
    )]
    ids: Vec<i64>,
    /// All that wait, were refused or were given up
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    settings: SettingsFile,
}

fn state(text: &str) -> Result<OutboxState, String> {
    OutboxState::parse(text)
        .ok_or_else(|| "expected one of due, sent, undeliverable, given_up".to_owned())
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::List(arguments) => list(&arguments, out).await,
        Command::Retry(arguments) => retry(&arguments, out).await,
    }
}

async fn list(arguments: &List, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let rows = ledger.outbox(arguments.state, arguments.limit).await?;
    let about = rows.iter().map(|row| row.letter.booking);
    let numbers = Numbers::of(ledger.as_ref(), about).await?;
    if arguments.json {
        let document: Vec<Value> = rows.iter().map(|row| as_json(row, &numbers)).collect();
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "ID",
        "LETTER",
        "NUMBER",
        "TO",
        "STATE",
        "TRIES",
        "DUE OR SENT",
        "LAST ERROR",
    ]);
    for row in &rows {
        let cells: [&str; 8] = [
            &row.id.to_string(),
            row.letter.kind.code(),
            numbers.get(row.letter.booking).unwrap_or("-"),
            &row.letter.recipient.masked(),
            row.state.code(),
            &row.attempts.to_string(),
            &times::utc(row.sent_at.unwrap_or(row.due_at)),
            row.last_error.as_deref().unwrap_or("-"),
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

async fn retry(arguments: &Retry, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let changed = ledger
        .retry_outbox(&arguments.ids, SystemClock.now())
        .await?;
    let letters = if changed == 1 {
        "letter is"
    } else {
        "letters are"
    };
    writeln!(out, "{changed} {letters} due now.")?;
    let missed = !arguments.all && usize::try_from(changed).ok() != Some(arguments.ids.len());
    if missed {
        writeln!(
            out,
            "The others do not exist, were sent already or are due anyway."
        )?;
        return Ok(Exit::Findings);
    }
    Ok(Exit::Done)
}

/// A Message-ID of ours without the token that stands before its first dot: enough to find the letter
/// in the log of the mail server, and nobody can confirm anything with it.
fn id_without_token(id: &str) -> &str {
    id.split_once('.').map_or(id, |(_, end)| end)
}

fn as_json(row: &OutboxRow, numbers: &Numbers) -> Value {
    json!({
        "id": row.id,
        "kind": row.letter.kind.code(),
        "state": row.state.code(),
        "attempts": row.attempts,
        "created_at": row.created_at.to_rfc3339(),
        "due_at": row.due_at.to_rfc3339(),
        "sent_at": row.sent_at.map(crate::domain::Moment::to_rfc3339),
        "last_error": row.last_error,
        "message_id_end": id_without_token(row.letter.message_id.as_str()),
        "recipient": row.letter.recipient.masked(),
        "answers_letter": row.letter.answers.map(|id| id.0),
        "booking_id": row.letter.booking.map(|id| id.0),
        "number": numbers.get(row.letter.booking),
        "document_sha256": row.document_hash.map(|hash| hash.to_hex()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_shown_without_its_token() {
        assert_eq!(
            id_without_token("aeaaaaaaa.2ddc660b@example.org"),
            "2ddc660b@example.org"
        );
    }
}
