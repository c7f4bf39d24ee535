//! `otmena parse FILE...`: steps 2 and 3 alone, one JSON object for each file and line.

use super::{Exit, Problem};
use std::io::Write;
use std::path::PathBuf;

/// What stands behind `parse`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Letters as files, RFC 5322
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Reads the files and prints what was understood.
///
/// # Errors
/// [`Problem::Usage`] when a file cannot be opened.
pub fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    parse_files(&arguments.files, out)
}

/// Placeholder: names the files and says that reading is missing.
///
/// # Errors
/// When the output cannot be written.
pub fn parse_files(files: &[PathBuf], out: &mut dyn Write) -> Result<Exit, Problem> {
    for file in files {
        let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
        writeln!(
            out,
            "{}",
            serde_json::json!({"file": name, "error": "not built in"})
        )?;
    }
    Ok(Exit::Findings)
}
