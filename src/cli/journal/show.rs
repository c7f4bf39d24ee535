//! `otmena journal show NUMBER`: what happened to a booking, or to a letter, as a story.

use super::{as_json, story};
use crate::cli::bookings::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::domain::{BookingNumber, JournalEntry, Zone};
use crate::failure::Failure;
use serde_json::Value;
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Number of the booking
    #[arg(required_unless_present = "letter", conflicts_with = "letter", value_parser = number)]
    number: Option<BookingNumber>,
    /// Id of a letter instead
    #[arg(long, value_name = "ID")]
    letter: Option<i64>,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let utc =
        Zone::named("UTC").map_err(|error| Failure::stop(error.to_string(), "Report this"))?;
    let (chain, zone) = match (&arguments.number, arguments.letter) {
        (Some(number), _) => match ledger.booking(&number.lookup_key()).await? {
            Some(booking) => (
                format!("booking:{}", booking.id.0),
                booking.organisation.zone,
            ),
            None => {
                writeln!(out, "There is no booking with this number.")?;
                return Ok(Exit::Findings);
            }
        },
        (None, Some(letter)) => (format!("letter:{letter}"), utc),
        (None, None) => return Err(Problem::Usage("give a number or --letter".to_owned())),
    };
    let entries = ledger.journal(&chain).await?;
    if arguments.json {
        let document: Vec<Value> = entries.iter().map(as_json).collect();
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
    } else {
        tell(&chain, &entries, &zone, out)?;
    }
    Ok(if entries.is_empty() {
        Exit::Findings
    } else {
        Exit::Done
    })
}

fn tell(
    chain: &str,
    entries: &[JournalEntry],
    zone: &Zone,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    if entries.is_empty() {
        writeln!(out, "The journal knows nothing of {chain}.")?;
        return Ok(());
    }
    writeln!(out, "{chain}, times of {}", zone.name())?;
    let mut before: Option<&JournalEntry> = None;
    for entry in entries {
        let sound = if entry.follows(before) {
            ""
        } else {
            "  ALTERED"
        };
        let at = times::to_the_second(entry.at, zone);
        writeln!(
            out,
            "{:>4}  {at}  {}{sound}",
            entry.position,
            story::sentence(entry)
        )?;
        let details = story::details(&entry.data, zone);
        if !details.is_empty() {
            writeln!(out, "      {}", terminal::plain(&details))?;
        }
        before = Some(entry);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Event, EventKind, Moment};
    use serde_json::json;

    fn entry(kind: EventKind, before: Option<&JournalEntry>) -> JournalEntry {
        let event = Event {
            chain: "booking:7".to_owned(),
            kind,
            actor: "daemon".to_owned(),
            data: json!({"letter": 3, "reason": null, "starts_at": 60_000_000}),
        };
        JournalEntry::append(
            &event,
            Moment::from_seconds(0),
            before.map(|b| (b.position, b.hash)),
        )
    }

    #[test]
    fn the_journal_reads_like_a_story_and_shows_where_it_was_altered() {
        let first = entry(EventKind::BookingImported, None);
        let mut second = entry(EventKind::BookingCancelled, Some(&first));
        second.actor = "nobody".to_owned();
        let mut out = Vec::new();
        let zone = Zone::named("Europe/Moscow").unwrap();
        tell("booking:7", &[first, second], &zone, &mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        for line in [
            "booking:7, times of Europe/Moscow",
            "   1  1970-01-01 03:00:00  The booking came in by import (by daemon)",
            "      letter 3, starts_at 1970-01-01 03:01:00",
            "   2  1970-01-01 03:00:00  The booking was cancelled (by nobody)  ALTERED",
        ] {
            assert!(told.lines().any(|told| told == line), "{line}\n{told}");
        }
    }
}
