//! `otmena sanctions list|impose|lift`: consequences of late cancellations that the daemon proposed,
//! and the word of staff about them.

use super::ledger::Numbers;
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::decide::{LateFacts, Rules, SanctionDeed, decide_on_sanction};
use crate::domain::{Booking, Moment, Sanction, SanctionState};
use crate::record::SanctionFilter;
use crate::reply::compose::Office;
use serde_json::{Value, json};
use std::io::Write;

/// Longest word for the journal.
const LONGEST_REASON: usize = 40;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// List sanctions, newest first
    List(List),
    /// Put proposed sanctions into force; the citizen is told, and how to object
    Impose(Impose),
    /// Lift sanctions, proposed or in force; the citizen is told
    Lift(Lift),
}

#[derive(Debug, clap::Args)]
pub struct List {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this state: proposed, imposed, lifted
    #[arg(long, value_parser = state)]
    state: Option<SanctionState>,
    /// At most so many
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Impose {
    /// Ids as `sanctions list` shows them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    #[command(flatten)]
    settings: SettingsFile,
}

#[derive(Debug, clap::Args)]
pub struct Lift {
    /// Ids as `sanctions list` shows them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    /// Why, in a word for the journal, such as `technical_fault`; no names
    #[arg(long, value_name = "WORD", value_parser = reason)]
    reason: Option<String>,
    #[command(flatten)]
    settings: SettingsFile,
}

fn state(text: &str) -> Result<SanctionState, String> {
    SanctionState::parse(text).ok_or_else(|| "expected one of proposed, imposed, lifted".to_owned())
}

fn reason(word: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !word.is_empty() && word.len() <= LONGEST_REASON && word.chars().all(fits) {
        Ok(word.to_owned())
    } else {
        Err(format!(
            "expected at most {LONGEST_REASON} lower-case letters, digits, - and _"
        ))
    }
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::List(arguments) => list(&arguments, out).await,
        Command::Impose(arguments) => {
            let deed = SanctionDeed::Impose;
            settle(&arguments.settings, &arguments.ids, &deed, out).await
        }
        Command::Lift(arguments) => {
            let deed = SanctionDeed::Lift(arguments.reason.clone());
            settle(&arguments.settings, &arguments.ids, &deed, out).await
        }
    }
}

async fn list(arguments: &List, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let filter = SanctionFilter {
        state: arguments.state,
        limit: arguments.limit,
    };
    let sanctions = ledger.sanctions(&filter).await?;
    let about = sanctions.iter().map(|one| Some(one.booking));
    let numbers = Numbers::of(ledger.as_ref(), about).await?;
    if arguments.json {
        let document: Vec<Value> = sanctions.iter().map(|one| as_json(one, &numbers)).collect();
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "ID", "NUMBER", "SANCTION", "AMOUNT", "STATE", "PROPOSED", "UNTIL", "RULES",
    ]);
    for one in &sanctions {
        let until = one.until.map_or_else(|| "-".to_owned(), times::utc);
        let cells: [&str; 8] = [
            &one.id.to_string(),
            numbers.get(Some(one.booking)).unwrap_or("-"),
            one.kind.code(),
            &one.amount.to_string(),
            one.state.code(),
            &times::utc(one.proposed_at),
            &until,
            &one.policy,
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

/// A sanction for machines; also in what a person is told of herself.
pub(super) fn as_json(one: &Sanction, numbers: &Numbers) -> Value {
    json!({
        "id": one.id,
        "booking_id": one.booking.0,
        "number": numbers.get(Some(one.booking)),
        "document": one.document,
        "service_code": one.service_code,
        "kind": one.kind.code(),
        "amount": one.amount,
        "unit": if one.kind == crate::domain::SanctionKind::Fine { "roubles" } else { "days" },
        "state": one.state.code(),
        "policy": one.policy,
        "proposed_at": one.proposed_at.to_rfc3339(),
        "decided_at": one.decided_at.map(Moment::to_rfc3339),
        "until": one.until.map(Moment::to_rfc3339),
    })
}

async fn settle(
    settings: &SettingsFile,
    ids: &[i64],
    deed: &SanctionDeed,
    out: &mut dyn Write,
) -> Result<Exit, Problem> {
    let loaded = settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let settings = &loaded.settings;
    let office = Office::new(
        &settings.smtp.from().address,
        settings.sender.plus_address,
        loaded.secrets,
    )?;
    let now = SystemClock.now();
    let rules = Rules {
        policy: &loaded.policy,
        office: &office,
        now,
    };
    let judge = |booking: &Booking, late: &LateFacts, sanctions: &[Sanction]| {
        decide_on_sanction(booking, late, sanctions, deed, &rules)
    };
    let settled = ledger.settle_sanctions(ids, &judge, now).await?;
    let done = match deed {
        SanctionDeed::Impose => "imposed; the letter is due",
        SanctionDeed::Lift(_) => "lifted; the letter is due",
    };
    let mut exit = Exit::Done;
    for id in ids {
        let group = settled.iter().find(|(group, _)| group.contains(id));
        let told = match group {
            Some((_, Ok(()))) => done.to_owned(),
            Some((_, Err(obstacle))) => {
                exit = Exit::Findings;
                format!("nothing done: {obstacle}")
            }
            None => {
                exit = Exit::Findings;
                "there is no such sanction".to_owned()
            }
        };
        writeln!(out, "sanction {id}: {told}")?;
    }
    Ok(exit)
}
