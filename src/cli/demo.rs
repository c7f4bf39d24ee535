//! `otmena demo`: the whole way of a letter on samples.

use super::{Exit, Problem, start_log, terminal};
use crate::config::LogFormat;
use crate::demo::{Performance, perform};
use std::io::Write;
use std::path::PathBuf;
use tracing_subscriber::filter::LevelFilter;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where mailbox, database and answers are put: a new or empty folder, or that of an earlier
    /// demo; without it `otmena-demo` among the temporary files
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    start_log(LogFormat::Text, LevelFilter::WARN)?;
    let folder = arguments
        .folder
        .clone()
        .unwrap_or_else(|| std::env::temp_dir().join("otmena-demo"));
    let spinner = terminal::spinner("letters on their way");
    let performance = Box::pin(perform(&folder)).await;
    spinner.finish_and_clear();
    print(&performance?, out)
}

fn print(performance: &Performance, out: &mut dyn Write) -> Result<Exit, Problem> {
    let mut table = terminal::table(&["LETTER", "READ", "DECISION", "ANSWER", "FOLDER", ""]);
    for row in &performance.rows {
        let read = [
            row.intent.as_str(),
            row.number.as_deref().unwrap_or_default(),
        ]
        .join(" ");
        let decision = match &row.reason {
            Some(reason) => format!("{}: {reason}", row.decision),
            None => row.decision.clone(),
        };
        let verdict = if row.differs.is_empty() {
            "as expected"
        } else {
            "DIFFERS"
        };
        let answer = row.answer.as_deref().unwrap_or("none");
        let cells = [&row.file, &read, &decision, answer, &row.folder, verdict];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}\n", terminal::shown(&table))?;
    writeln!(out, "folder:    {}", performance.folder.display())?;
    writeln!(out, "answers:   {}", performance.answers.display())?;
    writeln!(out, "documents: {}", performance.papers.display())?;
    if performance.is_as_expected() {
        let (letters, documents) = (performance.rows.len(), performance.documents.len());
        writeln!(
            out,
            "{letters} letters, every outcome as expected; {documents} documents, each with its number"
        )?;
        return Ok(Exit::Done);
    }
    writeln!(out, "not as expected:")?;
    for row in performance
        .rows
        .iter()
        .filter(|row| !row.differs.is_empty())
    {
        writeln!(out, "  {}: {}", row.file, row.differs.join(", "))?;
    }
    for document in performance.documents.iter().filter(|d| !d.holds_its_number) {
        writeln!(out, "  {}: its text lacks the number", document.name)?;
    }
    if performance.documents.is_empty() {
        writeln!(out, "  no document was sent")?;
    }
    Ok(Exit::Findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::{Document, Row};

    #[test]
    fn the_demo_ends_well_only_when_everything_is_as_expected() {
        let document = |holds_its_number| Document {
            name: "otmena-1.pdf".to_owned(),
            holds_its_number,
        };
        let row = |differs: &[&'static str]| Row {
            differs: differs.to_vec(),
            ..Row::default()
        };
        for (rows, documents, expected) in [
            (vec![row(&[])], vec![document(true)], Exit::Done),
            (
                vec![row(&["decision"])],
                vec![document(true)],
                Exit::Findings,
            ),
            (vec![row(&[])], vec![document(false)], Exit::Findings),
            (vec![row(&[])], vec![], Exit::Findings),
        ] {
            let performance = Performance {
                rows,
                documents,
                folder: PathBuf::new(),
                answers: PathBuf::new(),
                papers: PathBuf::new(),
            };
            assert_eq!(print(&performance, &mut Vec::new()).unwrap(), expected);
        }
    }
}
