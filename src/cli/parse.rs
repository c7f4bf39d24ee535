//! `otmena parse`: steps 2 and 3 alone, one JSON object for each file.

use super::{Exit, Problem};
use crate::read::{self, Letter};
use crate::request::{self, RequestReading};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Octets of a letter that are read from disk; beyond, only the beginning is.
const MAX_OCTETS: u64 = 25 * 1024 * 1024;

/// Octets that are read of a letter over the cap.
const BEGINNING: u64 = 256 * 1024;

/// The contract of the command: these keys in this order.
#[derive(Serialize)]
struct Parsed<'a> {
    file: String,
    intent: &'static str,
    number: Option<&'a str>,
    date: Option<&'a str>,
    time: Option<&'a str>,
    full_name: Option<&'a str>,
    phone: Option<&'a str>,
    reason: Option<&'a str>,
    automatic: bool,
    sender: Option<&'a str>,
    problems: Vec<&'static str>,
}

/// What stands behind `parse`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Letters as files, RFC 5322
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Reads each file and writes its object, in order.
///
/// # Errors
/// [`Problem::Usage`] names the files that cannot be opened, once all others are written.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let mut unopened = Vec::new();
    for file in &arguments.files {
        match letter_bytes(file) {
            Ok((bytes, whole)) => writeln!(out, "{}", json_line(file, &bytes, whole))?,
            Err(error) => unopened.push(format!("{} cannot be opened: {error}", file.display())),
        }
    }
    if unopened.is_empty() {
        Ok(Exit::Done)
    } else {
        Err(Problem::Usage(unopened.join("\n")))
    }
}

/// The letter's bytes, and whether these are all.
fn letter_bytes(file: &Path) -> std::io::Result<(Vec<u8>, bool)> {
    use std::io::Read;
    let opened = std::fs::File::open(file)?;
    let whole = opened.metadata()?.len() <= MAX_OCTETS;
    let most = if whole { MAX_OCTETS } else { BEGINNING };
    let mut bytes = Vec::new();
    opened.take(most).read_to_end(&mut bytes)?;
    Ok((bytes, whole))
}

fn json_line(file: &Path, bytes: &[u8], whole: bool) -> String {
    let mut letter = read::read(bytes);
    if !whole {
        letter.problems.push(crate::domain::Reason::LetterTooLarge);
    }
    let reading = request::understand(&letter);
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let parsed = parsed(name, &letter, &reading);
    serde_json::to_string(&parsed).unwrap_or_default()
}

fn parsed<'a>(file: String, letter: &'a Letter, reading: &'a RequestReading) -> Parsed<'a> {
    Parsed {
        file,
        intent: reading.intent.code(),
        number: reading.number.as_ref().map(|number| number.as_str()),
        date: reading.date.as_deref(),
        time: reading.time.as_deref(),
        full_name: reading.full_name.as_deref(),
        phone: reading.phone.as_deref(),
        reason: reading.reason.as_deref(),
        automatic: letter.automatic.is_some(),
        sender: letter.sender.as_ref().map(|sender| sender.as_str()),
        problems: reading
            .problems
            .iter()
            .map(|problem| problem.code())
            .collect(),
    }
}
