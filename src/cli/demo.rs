//! `otmena demo`: the whole way of a letter on samples.

use super::wiring::{self, DemoReport};
use super::{Exit, Problem, start_log, terminal};
use crate::config::LogFormat;
use std::io::Write;
use std::path::PathBuf;
use tracing_subscriber::filter::LevelFilter;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where mailbox, database and answers are put; without it a fresh temporary folder
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    start_log(LogFormat::Text, LevelFilter::WARN)?;
    let spinner = terminal::spinner("letters on their way");
    let report = wiring::demo(arguments.folder.as_deref()).await;
    spinner.finish_and_clear();
    print(&report?, out)
}

fn print(report: &DemoReport, out: &mut dyn Write) -> Result<Exit, Problem> {
    let mut table = terminal::table(&["LETTER", "READ", "DECISION", "ANSWER", "FOLDER", ""]);
    for row in &report.rows {
        let verdict = if row.fault.is_none() {
            "as expected"
        } else {
            "DIFFERS"
        };
        let cells = [
            &row.letter,
            &row.read,
            &row.decision,
            &row.answer,
            &row.folder,
        ];
        let mut cells: Vec<&str> = cells.iter().map(|cell| cell.as_str()).collect();
        cells.push(verdict);
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    writeln!(out, "answers:   {}", report.answers.display())?;
    writeln!(out, "documents: {}", report.documents.display())?;
    let by_letter = report.rows.iter().filter_map(|row| {
        row.fault
            .as_ref()
            .map(|fault| format!("{}: {fault}", row.letter))
    });
    let faults: Vec<String> = by_letter.chain(report.faults.iter().cloned()).collect();
    if faults.is_empty() && !report.rows.is_empty() {
        writeln!(
            out,
            "{} letters, every outcome as expected",
            report.rows.len()
        )?;
        return Ok(Exit::Done);
    }
    writeln!(out, "not as expected:")?;
    if report.rows.is_empty() {
        writeln!(out, "  no letter was handled")?;
    }
    for fault in faults {
        writeln!(out, "  {}", terminal::plain(&fault))?;
    }
    Ok(Exit::Findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::DemoRow;

    fn row(fault: Option<&str>) -> DemoRow {
        DemoRow {
            letter: "отмена.eml".to_owned(),
            read: "cancel 1".to_owned(),
            decision: "cancelled".to_owned(),
            answer: "cancelled".to_owned(),
            folder: "processed".to_owned(),
            fault: fault.map(str::to_owned),
        }
    }

    #[test]
    fn the_demo_ends_well_only_when_every_outcome_is_as_expected() {
        for (rows, expected) in [
            (vec![], Exit::Findings),
            (vec![row(None)], Exit::Done),
            (vec![row(None), row(Some("held"))], Exit::Findings),
        ] {
            let report = DemoReport {
                rows,
                ..DemoReport::default()
            };
            assert_eq!(print(&report, &mut Vec::new()).unwrap(), expected);
        }
        let report = DemoReport {
            rows: vec![row(None)],
            faults: vec!["a PDF lacks its number".to_owned()],
            ..DemoReport::default()
        };
        assert_eq!(print(&report, &mut Vec::new()).unwrap(), Exit::Findings);
    }
}
