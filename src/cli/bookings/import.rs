//! `otmena bookings import FILE.csv`.

use super::csv_file::{self, LineFault};
use crate::cli::{Exit, Problem, SettingsFile, ledger, terminal};
use crate::clock::{Clock, SystemClock};
use crate::record::{Clash, ImportReport, RefusedImport};
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file: CSV in UTF-8 with a header line
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let bytes = std::fs::read(&arguments.file).map_err(|error| {
        Problem::Usage(format!(
            "{} cannot be read: {error}",
            arguments.file.display()
        ))
    })?;
    let spinner = terminal::spinner("reading the file");
    let parsed = csv_file::parse(&bytes);
    spinner.finish_and_clear();
    let bookings = match parsed {
        Ok(bookings) => bookings,
        Err(faults) => {
            print_faults(&faults, arguments.json, out)?;
            return Ok(Exit::Findings);
        }
    };
    let ledger = ledger::open_migrated(&loaded.settings).await?;
    let spinner = terminal::spinner("importing");
    let report = ledger.import_bookings(&bookings, SystemClock.now()).await;
    spinner.finish_and_clear();
    let report = report?;
    if !report.refused.is_empty() {
        print_refused(&report.refused, arguments.json, out)?;
        return Ok(Exit::Findings);
    }
    print_report(&report, arguments.json, out)?;
    Ok(if report.shared_addresses.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

fn print_faults(faults: &[LineFault], json: bool, out: &mut dyn Write) -> Result<(), Problem> {
    if json {
        let listed: Vec<Value> = faults
            .iter()
            .map(|f| json!({"line": f.line, "column": f.column, "problem": f.problem}))
            .collect();
        writeln!(out, "{}", json!({"imported": false, "faults": listed}))?;
        return Ok(());
    }
    let mut table = terminal::table(&["LINE", "COLUMN", "PROBLEM"]);
    for fault in faults {
        let cells = [
            &fault.line.to_string(),
            fault.column.unwrap_or("-"),
            &fault.problem,
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    writeln!(out, "{} faults; nothing was imported.", faults.len())?;
    Ok(())
}

fn print_refused(
    refused: &[RefusedImport],
    json: bool,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    let problem = |clash| match clash {
        Clash::WrittenDifferently => {
            "on file is a number that looks the same but is written with other letters"
        }
        Clash::AnotherPerson => {
            "this number is on file for another person: no name, address or id in common"
        }
    };
    if json {
        let listed: Vec<Value> = refused
            .iter()
            .map(|r| json!({"number": r.number.as_str(), "problem": problem(r.clash)}))
            .collect();
        writeln!(out, "{}", json!({"imported": false, "refused": listed}))?;
        return Ok(());
    }
    let mut table = terminal::table(&["NUMBER", "PROBLEM"]);
    for one in refused {
        let number = terminal::plain(one.number.as_str());
        terminal::row(&mut table, &[&number, problem(one.clash)]);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    writeln!(
        out,
        "{} bookings would replace others; nothing was imported.",
        refused.len()
    )?;
    Ok(())
}

fn print_report(report: &ImportReport, json: bool, out: &mut dyn Write) -> Result<(), Problem> {
    let shared: Vec<&str> = report.shared_addresses.iter().map(|n| n.as_str()).collect();
    if json {
        let document = json!({
            "imported": true,
            "created": report.created,
            "changed": report.changed,
            "rescheduled": report.rescheduled,
            "unchanged": report.unchanged,
            "shared_addresses": shared,
        });
        writeln!(out, "{document}")?;
        return Ok(());
    }
    let mut table = terminal::table(&["NEW", "CHANGED", "RESCHEDULED", "UNCHANGED"]);
    let counts = [
        report.created,
        report.changed,
        report.rescheduled,
        report.unchanged,
    ];
    let counts: Vec<String> = counts.iter().map(u64::to_string).collect();
    let counts: Vec<&str> = counts.iter().map(String::as_str).collect();
    terminal::row(&mut table, &counts);
    writeln!(out, "{}", terminal::shown(&table))?;
    if !shared.is_empty() {
        writeln!(
            out,
            "\nThese bookings have an address that stands on the bookings of more than five persons; \
             it proves nothing about a sender:"
        )?;
        for number in shared {
            writeln!(out, "  {}", terminal::plain(number))?;
        }
    }
    Ok(())
}
