//! The documents that the demo sent: taken out of the answers, and their text looked through.

use crate::failure::Failure;
use mail_parser::{MessageParser, MimeHeaders};
use std::path::Path;

/// A confirmation document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its file name.
    pub name: String,
    /// Whether its text holds the number of the booking that its letter names.
    pub holds_its_number: bool,
}

/// Writes the documents attached to the answers in `answers` into `papers`.
pub(super) fn collect(answers: &Path, papers: &Path) -> Result<Vec<Document>, Failure> {
    let mut files = std::fs::read_dir(answers)
        .and_then(|entries| {
            entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|cause| folder_fault(answers, cause))?;
    files.sort();
    let mut documents = Vec::new();
    for file in files {
        let bytes = std::fs::read(&file).map_err(|cause| folder_fault(&file, cause))?;
        documents.extend(documents_of(&bytes, papers)?);
    }
    Ok(documents)
}

fn documents_of(answer: &[u8], papers: &Path) -> Result<Vec<Document>, Failure> {
    let Some(message) = MessageParser::default().parse(answer) else {
        return Ok(Vec::new());
    };
    let subject = message.subject().unwrap_or_default();
    let mut documents = Vec::new();
    for part in message.attachments() {
        let Some(name) = part.attachment_name().filter(|name| name.ends_with(".pdf")) else {
            continue;
        };
        let path = papers.join(name);
        std::fs::write(&path, part.contents()).map_err(|cause| folder_fault(&path, cause))?;
        let text = text_of(part.contents());
        let number = subject
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .find(|word| word.chars().any(|c| c.is_ascii_digit()));
        let holds_its_number = number.is_some_and(|number| text.contains(number));
        documents.push(Document {
            name: name.to_owned(),
            holds_its_number,
        });
    }
    Ok(documents)
}

/// The text of all pages; empty where it cannot be extracted.
fn text_of(pdf: &[u8]) -> String {
    let Ok(document) = lopdf::Document::load_mem(pdf) else {
        return String::new();
    };
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).unwrap_or_default()
}

fn folder_fault(path: &Path, cause: std::io::Error) -> Failure {
    Failure::stop_because(
        format!("{} cannot be read or written", path.display()),
        "Name another folder with --folder",
        cause,
    )
}
