//! `otmena journal show|verify`: the story of a booking, and the proof that nobody altered it.

use super::bookings::number;
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::domain::{BookingNumber, JournalEntry, Moment, Zone};
use crate::failure::Failure;
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Tell what happened to a booking, or to a letter
    Show(Show),
    /// Prove that no entry was altered, added or taken out; exit 1 when one was
    Verify(Verify),
}

#[derive(Debug, clap::Args)]
pub struct Show {
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

#[derive(Debug, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Show(arguments) => show(&arguments, out).await,
        Command::Verify(arguments) => verify(&arguments, out).await,
    }
}

async fn show(arguments: &Show, out: &mut dyn Write) -> Result<Exit, Problem> {
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
            sentence(entry)
        )?;
        let details = details(&entry.data, zone);
        if !details.is_empty() {
            writeln!(out, "      {}", terminal::plain(&details))?;
        }
        before = Some(entry);
    }
    Ok(())
}

/// An entry as a sentence.
fn sentence(entry: &JournalEntry) -> String {
    let what = match entry.kind.as_str() {
        "booking_imported" => "The booking came in by import",
        "booking_changed" => "An import changed its details",
        "booking_rescheduled" => "An import moved it to another time",
        "booking_cancelled" => "The booking was cancelled",
        "slot_freed" => "Its slot became free",
        "cancellation_refused" => "A cancellation was refused",
        "confirmation_repeated" => "The confirmation was given again",
        "challenge_opened" => "The address on file was asked to confirm",
        "challenge_confirmed" => "The citizen confirmed",
        "letter_held" => "A letter went to staff",
        "letter_decided" => "A letter was decided without effect on the booking",
        "document_issued" => "The document was sent for the first time",
        "letter_requested" => "A letter of ours was asked for",
        "staff_acted" => "Staff acted on a letter",
        "staff_act_impossible" => "Staff tried what is not possible",
        "letter_released" => "A letter went on by itself",
        "breaker_released" => "An operator let the letter pass the breaker",
        "letter_missing" => "A letter is no longer in the folders",
        other => return terminal::plain(&format!("{other} (by {})", entry.actor)),
    };
    format!("{what} (by {})", terminal::plain(&entry.actor))
}

/// The data of an entry as `key value` pairs; moments on the clocks of `zone`.
fn details(data: &str, zone: &Zone) -> String {
    let Ok(Value::Object(data)) = serde_json::from_str(data) else {
        return data.to_owned();
    };
    let pairs = data
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| format!("{key} {}", detail(key, value, zone)));
    pairs.collect::<Vec<String>>().join(", ")
}

fn detail(key: &str, value: &Value, zone: &Zone) -> String {
    let names_a_moment = key.ends_with("_at") || key.ends_with("_until") || key == "deadline";
    match (value, value.as_i64()) {
        (_, Some(micros)) if names_a_moment => {
            times::to_the_second(Moment::from_micros(micros), zone)
        }
        (Value::String(text), _) => text.clone(),
        _ => value.to_string(),
    }
}

async fn verify(arguments: &Verify, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let spinner = terminal::spinner("checking every chain");
    let verified = ledger.verify_journal().await;
    spinner.finish_and_clear();
    let (entries, faults) = verified?;
    if arguments.json {
        let listed: Vec<Value> = faults
            .iter()
            .map(|fault| json!({"chain": fault.chain, "position": fault.position}))
            .collect();
        writeln!(out, "{}", json!({"entries": entries, "faults": listed}))?;
    } else {
        for fault in &faults {
            writeln!(
                out,
                "{} is broken at entry {}",
                terminal::plain(&fault.chain),
                fault.position
            )?;
        }
        let checked = terminal::counted(entries, "entry", "entries");
        let found = terminal::counted(faults.len(), "fault", "faults");
        writeln!(out, "{checked} checked, {found}")?;
    }
    Ok(if faults.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Event, EventKind};

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
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "booking:7, times of Europe/Moscow\n   \
             1  1970-01-01 03:00:00  The booking came in by import (by daemon)\n      letter 3, starts_at 1970-01-01 03:01:00\n   \
             2  1970-01-01 03:00:00  The booking was cancelled (by nobody)  ALTERED\n      letter 3, starts_at 1970-01-01 03:01:00\n"
        );
    }

    #[test]
    fn every_kind_of_event_has_its_sentence() {
        let codes = [
            EventKind::BookingImported,
            EventKind::BookingChanged,
            EventKind::BookingRescheduled,
            EventKind::BookingCancelled,
            EventKind::SlotFreed,
            EventKind::CancellationRefused,
            EventKind::ConfirmationRepeated,
            EventKind::ChallengeOpened,
            EventKind::ChallengeConfirmed,
            EventKind::LetterHeld,
            EventKind::LetterDecided,
            EventKind::DocumentIssued,
            EventKind::LetterRequested,
            EventKind::StaffActed,
            EventKind::StaffActImpossible,
            EventKind::LetterReleased,
            EventKind::BreakerReleased,
            EventKind::LetterMissing,
        ];
        for kind in codes {
            assert!(
                !sentence(&entry(kind, None)).contains('_'),
                "{}",
                kind.code()
            );
        }
    }
}
