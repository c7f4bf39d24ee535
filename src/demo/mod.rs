//! The main job on embedded defaults: no configuration, no server. Sample bookings and letters go
//! through the very steps of the daemon, at a fixed clock.

mod documents;
mod expectation;
mod samples;
mod stage;

pub use documents::Document;

use crate::daemon::Scanner;
use crate::domain::ContentHash;
use crate::failure::Failure;
use crate::record::{LetterFilter, LetterRecord, OutboxRow};
use crate::reply::step::send_due;
use expectation::{Expectations, Expected};
use stage::Stage;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Rows that a list of the ledger gives at most; far more than the demo makes.
const ALL: u32 = 1_000;

/// What the demo did.
#[derive(Debug)]
pub struct Performance {
    /// One row for each letter, in the order of their files.
    pub rows: Vec<Row>,
    /// The confirmation documents that were sent.
    pub documents: Vec<Document>,
    /// Where everything lies.
    pub folder: PathBuf,
    /// Where the answers lie, one `.eml` for each.
    pub answers: PathBuf,
    /// Where the documents lie.
    pub papers: PathBuf,
}

impl Performance {
    /// Whether every outcome is the expected one and every document holds its number.
    pub fn is_as_expected(&self) -> bool {
        self.rows.iter().all(|row| row.differs.is_empty())
            && !self.documents.is_empty()
            && self
                .documents
                .iter()
                .all(|document| document.holds_its_number)
    }
}

/// A letter and what became of it.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The file of the letter.
    pub file: String,
    /// What was read: the wish.
    pub intent: String,
    /// What was read: the number.
    pub number: Option<String>,
    /// The decision.
    pub decision: String,
    /// The reason, for a letter that went to staff.
    pub reason: Option<String>,
    /// The kind of the answer.
    pub answer: Option<String>,
    /// Where the letter lies now.
    pub folder: String,
    /// The names of the columns that differ from what was expected.
    pub differs: Vec<&'static str>,
}

/// Plays the demo in `folder`, which is made anew.
///
/// # Errors
/// When the folder cannot be made, or a step fails as a whole.
pub async fn perform(folder: &Path) -> Result<Performance, Failure> {
    let expectations = Expectations::load()?;
    let stage = Stage::build(folder, expectations.clock).await?;
    for expected in expectations
        .letters
        .iter()
        .filter(|e| e.answers_challenge_of.is_none())
    {
        stage.deliver(samples::letter(&expected.file)?, expected.received_at)?;
    }
    play_round(&stage).await?;
    let mut consents = Vec::new();
    for expected in &expectations.letters {
        if let Some(first) = &expected.answers_challenge_of {
            let bytes = stage
                .consent(samples::letter(first)?, expected.received_at)
                .await?;
            stage.deliver(&bytes, expected.received_at)?;
            stage.clock.set(expected.received_at);
            consents.push((expected.file.clone(), bytes));
        }
    }
    play_round(&stage).await?;
    let mut rows = Vec::new();
    for expected in &expectations.letters {
        let written = consents.iter().find(|(file, _)| *file == expected.file);
        let bytes = match written {
            Some((_, bytes)) => bytes.as_slice(),
            None => samples::letter(&expected.file)?,
        };
        rows.push(row(&stage, expected, bytes).await?);
    }
    let documents = documents::collect(&stage.answers, &stage.papers)?;
    Ok(Performance {
        folder: folder.to_owned(),
        rows,
        documents,
        answers: stage.answers,
        papers: stage.papers,
    })
}

/// One pass of the daemon's own steps over everything that lies in the mailbox.
async fn play_round(stage: &Stage) -> Result<(), Failure> {
    let mut mailbox = crate::intake::open(&stage.workshop.mailbox).await?;
    mailbox.prepare().await?;
    let mut scanner = Scanner::new(Arc::clone(&stage.workshop), CancellationToken::new());
    scanner.scan(mailbox.as_mut()).await?;
    mailbox.close().await;
    let journey = &stage.workshop.journey;
    let (ledger, clock) = (journey.ledger.as_ref(), journey.clock.as_ref());
    while send_due(&stage.workshop.desk, ledger, clock).await?.handled > 0 {}
    Ok(())
}

async fn row(stage: &Stage, expected: &Expected, bytes: &[u8]) -> Result<Row, Failure> {
    let ledger = stage.workshop.journey.ledger.as_ref();
    let hash = ContentHash::of(&[bytes]);
    let letters = ledger
        .letters(&LetterFilter {
            limit: ALL,
            ..LetterFilter::default()
        })
        .await?;
    let Some(record) = letters.into_iter().find(|letter| letter.raw_hash == hash) else {
        let row = Row {
            file: expected.file.clone(),
            ..Row::default()
        };
        return Ok(Row {
            differs: vec!["letter"],
            ..row
        });
    };
    let answers = ledger.outbox(None, ALL).await?;
    let mut row = found(&record, &answers);
    row.file.clone_from(&expected.file);
    row.folder = stage.folder_of(bytes).unwrap_or_default();
    row.differs = expected.differences(&row);
    Ok(row)
}

fn found(record: &LetterRecord, answers: &[OutboxRow]) -> Row {
    let reading = record.reading.clone().unwrap_or_default();
    let answer = answers
        .iter()
        .find(|row| row.letter.answers == Some(record.id));
    Row {
        file: String::new(),
        intent: reading.intent.code().to_owned(),
        number: reading.number.map(String::from),
        decision: record.decision.clone().unwrap_or_default(),
        reason: record.reason.map(|reason| reason.code().to_owned()),
        answer: answer.map(|row| row.letter.kind.code().to_owned()),
        folder: String::new(),
        differs: Vec::new(),
    }
}
