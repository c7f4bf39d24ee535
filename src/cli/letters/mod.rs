//! `otmena letters list|show|retry|resolve|release`: what was taken in, what became of it, and what staff
//! order to be done with it.

mod order;

use super::ledger::Numbers;
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Folder, LetterId, LetterState, Moment, Reason};
use crate::record::{DeskLetter, Ledger, LetterFilter, LetterRecord};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List letters, newest first
    List(List),
    /// Show one letter
    Show(Show),
    /// Let the letters pass that the breaker stopped: the next scan decides them
    Release(Release),
    /// Run letters again that are with staff
    Retry(order::Retry),
    /// Settle a letter that is with staff
    Resolve(order::Resolve),
}

#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this state: taken_in, decided, answered, filed, held, resolved, failed
    #[arg(long, value_parser = state)]
    state: Option<LetterState>,
    /// Only this reason code
    #[arg(long, value_parser = reason)]
    reason: Option<Reason>,
    /// Only those with staff that were received longer ago than so many hours
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(0..=87_600))]
    older_than: Option<u32>,
    /// Only those with staff whose deadline comes within so many hours; the nearest first
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(0..=87_600))]
    deadline_within: Option<u32>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Show {
    /// The letter's id
    id: i64,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Release {
    #[command(flatten)]
    settings: SettingsFile,
}

fn state(text: &str) -> Result<LetterState, String> {
    LetterState::parse(text).ok_or_else(|| {
        let known: Vec<&str> = LetterState::ALL.iter().map(|s| s.code()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

fn reason(text: &str) -> Result<Reason, String> {
    Reason::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Reason::ALL.iter().map(|r| r.code()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::List(arguments) => list(&arguments, out).await,
        Command::Show(arguments) => show(&arguments, out).await,
        Command::Release(arguments) => release(&arguments, out).await,
        Command::Retry(arguments) => order::retry(&arguments, out).await,
        Command::Resolve(arguments) => order::resolve(&arguments, out).await,
    }
}

async fn list(arguments: &List, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let desk = desk(ledger.as_ref()).await?;
    let letters = wanted(arguments, ledger.as_ref(), &desk).await?;
    let numbers = Numbers::of(ledger.as_ref(), letters.iter().map(|l| l.booking)).await?;
    if arguments.json {
        let document: Vec<Value> = letters
            .iter()
            .map(|l| as_json(l, &numbers, &desk))
            .collect();
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "ID", "RECEIVED", "STATE", "DECISION", "REASON", "NUMBER", "DEADLINE", "FOLDER",
    ]);
    for letter in &letters {
        let cells: [&str; 8] = [
            &letter.id.to_string(),
            &times::utc(letter.received_at),
            letter.state.code(),
            letter.decision.as_deref().unwrap_or("-"),
            letter.reason.map_or("-", Reason::code),
            numbers.get(letter.booking).unwrap_or("-"),
            &deadline(letter, &desk).map_or_else(|| "-".to_owned(), times::utc),
            folder(letter).code(),
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

async fn release(arguments: &Release, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let released = ledger.release_breaker(SystemClock.now()).await?;
    let letters = terminal::counted(released, "letter is", "letters are");
    writeln!(out, "{letters} released; the next scan decides them.")?;
    Ok(Exit::Done)
}

/// The letters with staff, by their ids.
type Desk = BTreeMap<LetterId, DeskLetter>;

async fn desk(ledger: &dyn Ledger) -> Result<Desk, Problem> {
    let letters = ledger.desk_letters().await?;
    Ok(letters
        .into_iter()
        .map(|letter| (letter.id, letter))
        .collect())
}

/// Letters by the filters. Age and deadline matter only of those that are with staff.
async fn wanted(
    arguments: &List,
    ledger: &dyn Ledger,
    desk: &Desk,
) -> Result<Vec<LetterRecord>, Problem> {
    if arguments.older_than.is_none() && arguments.deadline_within.is_none() {
        let filter = LetterFilter {
            state: arguments.state,
            reason: arguments.reason,
            limit: arguments.limit,
        };
        return Ok(ledger.letters(&filter).await?);
    }
    let now = SystemClock.now();
    let is_wanted = |letter: &&DeskLetter| {
        let state = arguments.state.is_none_or(|state| state == letter.state);
        let reason = arguments
            .reason
            .is_none_or(|reason| Some(reason) == letter.reason);
        let old = arguments
            .older_than
            .is_none_or(|hours| letter.received_at <= now.plus_hours(-i64::from(hours)));
        let closing = arguments.deadline_within.is_none_or(|hours| {
            let until = now.plus_hours(i64::from(hours));
            letter
                .deadline
                .is_some_and(|deadline| deadline >= now.minute() && deadline <= until)
        });
        state && reason && old && closing
    };
    let mut found: Vec<&DeskLetter> = desk.values().filter(is_wanted).collect();
    found.sort_by_key(|letter| (letter.deadline.is_none(), letter.deadline, letter.id));
    found.truncate(usize::try_from(arguments.limit).unwrap_or(usize::MAX));
    let mut letters = Vec::with_capacity(found.len());
    for letter in found {
        letters.extend(ledger.letter(letter.id).await?);
    }
    Ok(letters)
}

fn deadline(letter: &LetterRecord, desk: &Desk) -> Option<Moment> {
    desk.get(&letter.id)?.deadline
}

async fn show(arguments: &Show, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let Some(letter) = ledger.letter(LetterId(arguments.id)).await? else {
        writeln!(out, "There is no letter {}.", arguments.id)?;
        return Ok(Exit::Findings);
    };
    let numbers = Numbers::of(ledger.as_ref(), std::iter::once(letter.booking)).await?;
    let desk = desk(ledger.as_ref()).await?;
    let mut document = as_json(&letter, &numbers, &desk);
    if arguments.json {
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let gates = document.get_mut("gates").map(Value::take);
    if let Some(fields) = document.as_object_mut() {
        fields.remove("gates");
    }
    print_fields(&document, "", out)?;
    print_gates(gates.as_ref(), out)
}

/// The gates as `explain` prints them.
fn print_gates(gates: Option<&Value>, out: &mut dyn Write) -> Result<Exit, Problem> {
    let word = |gate: &Value, name: &str| gate.get(name).and_then(Value::as_str).map(str::to_owned);
    let gates = gates.and_then(Value::as_array);
    if gates.is_some() {
        writeln!(out, "gates")?;
    }
    for gate in gates.into_iter().flatten() {
        let (name, verdict) = (word(gate, "gate"), word(gate, "verdict"));
        terminal::gate(out, &name.unwrap_or_default(), &verdict.unwrap_or_default())?;
    }
    Ok(Exit::Done)
}

/// Where a letter lies: `place` is where it was seen last, before it was filed by its decision.
fn folder(letter: &LetterRecord) -> Folder {
    let filed = matches!(
        letter.state,
        LetterState::Filed | LetterState::Held | LetterState::Resolved | LetterState::Failed
    );
    match letter.decision.as_deref() {
        Some(_) if !filed => letter.place.folder,
        Some("own_letter" | "automatic") => Folder::Automatic,
        Some("held" | "not_understood") => Folder::DeadLetter,
        Some(_) => Folder::Processed,
        None => letter.place.folder,
    }
}

/// A JSON object as lines of name and value; objects within are indented.
pub fn print_fields(document: &Value, indent: &str, out: &mut dyn Write) -> Result<(), Problem> {
    for (name, value) in document.as_object().into_iter().flatten() {
        match value {
            Value::Object(_) => {
                writeln!(out, "{indent}{name}")?;
                print_fields(value, &format!("{indent}  "), out)?;
            }
            Value::Null => writeln!(out, "{indent}{name:<16} -")?,
            Value::String(text) => writeln!(out, "{indent}{name:<16} {}", terminal::plain(text))?,
            Value::Array(items) => {
                let shown: Vec<String> = items
                    .iter()
                    .map(|item| {
                        item.as_str()
                            .map_or_else(|| item.to_string(), str::to_owned)
                    })
                    .collect();
                writeln!(
                    out,
                    "{indent}{name:<16} {}",
                    terminal::plain(&shown.join(", "))
                )?;
            }
            Value::Bool(_) | Value::Number(_) => writeln!(out, "{indent}{name:<16} {value}")?,
        }
    }
    Ok(())
}

fn as_json(letter: &LetterRecord, numbers: &Numbers, desk: &Desk) -> Value {
    let gates = letter
        .gates
        .as_deref()
        .and_then(|text| serde_json::from_str::<Value>(text).ok());
    json!({
        "id": letter.id.0,
        "received_at": letter.received_at.to_rfc3339(),
        "state": letter.state.code(),
        "decision": letter.decision,
        "reason": letter.reason.map(Reason::code),
        "booking_id": letter.booking.map(|id| id.0),
        "number": numbers.get(letter.booking),
        "deadline": deadline(letter, desk).map(Moment::to_rfc3339),
        "folder": folder(letter).code(),
        "size": letter.size,
        "sha256": letter.raw_hash.to_hex(),
        "sender": letter.sender.as_ref().map(|s| s.as_str()),
        "subject": letter.subject,
        "reading": letter.reading,
        "gates": gates,
    })
}
