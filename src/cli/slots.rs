//! `otmena slots import FILE.csv` and `otmena slots list`.

use super::acting::Acting;
use super::csv_lines::{self, Columns, Line, LineFault};
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Moment, Slot, SlotState, Zone};
use crate::record::{SlotFilter, SlotImport, SlotReport};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

const COLUMNS: Columns = Columns {
    required: &[
        "organisation",
        "resource",
        "service_code",
        "starts_at",
        "timezone",
    ],
    optional: &[],
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Import times from CSV: all or nothing, and again without harm
    Import(ImportArguments),
    /// List times by their start
    List(ListArguments),
}

#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// The file: CSV in UTF-8 with a header line
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct ListArguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this service
    #[arg(long, value_name = "CODE")]
    service: Option<String>,
    /// Only those that begin at this time or later; without it from now on
    #[arg(long, value_name = "RFC3339", value_parser = times::parse)]
    from: Option<Moment>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Import(arguments) => import(&arguments, out).await,
        Command::List(arguments) => list(&arguments, out).await,
    }
}

/// The bytes of a file that is imported.
pub(super) fn read_file(file: &Path) -> Result<Vec<u8>, Problem> {
    std::fs::read(file)
        .map_err(|error| Problem::Usage(format!("{} cannot be read: {error}", file.display())))
}

/// Prints what is wrong with a file; nothing was imported.
pub(super) fn print_faults(
    faults: &[LineFault],
    json: bool,
    out: &mut dyn Write,
) -> Result<Exit, Problem> {
    if json {
        let listed: Vec<Value> = faults
            .iter()
            .map(|f| json!({"line": f.line, "column": f.column, "problem": f.problem}))
            .collect();
        writeln!(out, "{}", json!({"imported": false, "faults": listed}))?;
        return Ok(Exit::Findings);
    }
    let mut table = terminal::table(&["LINE", "COLUMN", "PROBLEM"]);
    for fault in faults {
        let column = fault.column.unwrap_or("-");
        let cells = [&fault.line.to_string(), column, &fault.problem];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    writeln!(out, "{} faults; nothing was imported.", faults.len())?;
    Ok(Exit::Findings)
}

fn parse(bytes: &[u8]) -> Result<Vec<SlotImport>, Vec<LineFault>> {
    csv_lines::parse(bytes, COLUMNS, slot)
}

fn slot(line: &mut Line<'_>) -> Option<SlotImport> {
    let organisation = line.text("organisation");
    let resource = line.read("resource", "text", |text| Some(text.to_owned()));
    let service_code = line.text("service_code");
    let starts_at = line.read(
        "starts_at",
        "RFC 3339 such as 2027-02-05T10:22:00+03:00",
        Moment::parse_rfc3339,
    );
    let zone = line.read("timezone", "an IANA name such as Europe/Moscow", |name| {
        Zone::named(name).ok()
    });
    Some(SlotImport {
        organisation: organisation?,
        resource: resource?,
        service_code: service_code?,
        starts_at: starts_at?,
        zone: zone?,
    })
}

async fn import(arguments: &ImportArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let slots = match parse(&read_file(&arguments.file)?) {
        Ok(slots) => slots,
        Err(faults) => return print_faults(&faults, arguments.json, out),
    };
    let acting = Acting::open_migrated(loaded).await?;
    let spinner = terminal::spinner("importing");
    let report = acting.ledger.import_slots(&slots, SystemClock.now()).await;
    spinner.finish_and_clear();
    let report = report?;
    let spinner = terminal::spinner("offering free times to the waiting list");
    let offered = acting.offer_free_slots().await;
    spinner.finish_and_clear();
    print_report(&report, offered?, arguments.json, out)?;
    Ok(if report.unknown_services.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

fn print_report(
    report: &SlotReport,
    offered: u64,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    if json {
        let unknown: Vec<Value> = report
            .unknown_services
            .iter()
            .map(|(code, name)| json!({"service_code": code, "organisation": name}))
            .collect();
        let document = json!({
            "imported": true,
            "created": report.created,
            "unchanged": report.unchanged,
            "offered": offered,
            "unknown_services": unknown,
        });
        writeln!(out, "{document}")?;
        return Ok(());
    }
    let mut table = terminal::table(&["NEW", "UNCHANGED", "OFFERED"]);
    let counts = [report.created, report.unchanged, offered].map(|count| count.to_string());
    terminal::row(&mut table, &counts.each_ref().map(String::as_str));
    writeln!(out, "{}", terminal::shown(&table))?;
    if !report.unknown_services.is_empty() {
        writeln!(
            out,
            "\nNo booking names these services yet; their times are offered to nobody until one \
             is imported:"
        )?;
        for (code, name) in &report.unknown_services {
            let (code, name) = (terminal::plain(code), terminal::plain(name));
            writeln!(out, "  {code} at {name}")?;
        }
    }
    Ok(())
}

async fn list(arguments: &ListArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let filter = SlotFilter {
        service_code: arguments.service.clone(),
        from: Some(arguments.from.unwrap_or_else(|| SystemClock.now())),
        limit: arguments.limit,
    };
    let slots = ledger.slots(&filter).await?;
    let booked = slots.iter().map(|slot| match slot.state {
        SlotState::Booked { booking } => Some(booking),
        SlotState::Free | SlotState::Held { .. } | SlotState::Closed => None,
    });
    let numbers = ledger::Numbers::of(ledger.as_ref(), booked).await?;
    let number = |slot: &Slot| match slot.state {
        SlotState::Booked { booking } => numbers.get(Some(booking)).map(str::to_owned),
        SlotState::Free | SlotState::Held { .. } | SlotState::Closed => None,
    };
    if arguments.json {
        let listed: Vec<Value> = slots.iter().map(|s| as_json(s, number(s))).collect();
        serde_json::to_writer_pretty(&mut *out, &listed)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "ID",
        "STATE",
        "START",
        "SERVICE",
        "ORGANISATION",
        "RESOURCE",
        "NUMBER",
        "HELD UNTIL",
    ]);
    for slot in &slots {
        let held = held_until(slot).map(|until| times::local(until, &slot.zone));
        let cells: [&str; 8] = [
            &slot.id.0.to_string(),
            slot.state.code(),
            &times::local(slot.starts_at, &slot.zone),
            &slot.service_code,
            &slot.organisation,
            &slot.resource,
            &number(slot).unwrap_or_default(),
            &held.unwrap_or_default(),
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

const fn held_until(slot: &Slot) -> Option<Moment> {
    match slot.state {
        SlotState::Held { until } => Some(until),
        SlotState::Free | SlotState::Booked { .. } | SlotState::Closed => None,
    }
}

fn as_json(slot: &Slot, number: Option<String>) -> Value {
    json!({
        "id": slot.id.0,
        "state": slot.state.code(),
        "starts_at": times::rfc3339(slot.starts_at, &slot.zone),
        "timezone": slot.zone.name(),
        "service_code": slot.service_code,
        "organisation": slot.organisation,
        "resource": slot.resource,
        "number": number,
        "held_until": held_until(slot).map(|until| times::rfc3339(until, &slot.zone)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "organisation,resource,service_code,starts_at,timezone\n";

    #[test]
    fn a_line_becomes_a_slot_and_every_bad_line_is_told() {
        let good = "Поликлиника,Кабинет 3,T-1,2027-03-12T14:30:00+05:00,Asia/Yekaterinburg\n";
        let slots = parse(format!("{HEAD}{good}").as_bytes()).unwrap();
        assert_eq!(slots.len(), 1);
        assert_eq!(slots[0].starts_at.to_rfc3339(), "2027-03-12T09:30:00Z");
        let bad = format!("{HEAD}{good},,T-1,завтра,Europe/Moscow\n{good}Поликлиника,,T-1\n");
        let faults = parse(bad.as_bytes()).unwrap_err();
        let told: Vec<(u64, Option<&str>)> = faults.iter().map(|f| (f.line, f.column)).collect();
        assert_eq!(
            told,
            [(3, Some("organisation")), (3, Some("starts_at")), (5, None)]
        );
    }
}
