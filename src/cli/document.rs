//! `otmena document verify|key`: whether a document is ours and unaltered, and the public key with
//! which anybody can tell.

use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::config;
use crate::domain::{ContentHash, DocumentToken, Moment, PublicKey};
use crate::failure::Failure;
use crate::record::Ledger;
use crate::reply::pdf::{DocumentFacts, LARGEST_DOCUMENT, Renderer, Verdict};
use crate::reply::templates::Templates;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Tell whether a document, or the token of its square code, is ours and unaltered; exit 1 when
    /// it is not
    Verify(Verify),
    /// Print the public key with which anybody can verify our documents, in PEM
    Key(Key),
}

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The document
    #[arg(required_unless_present = "token", conflicts_with = "token")]
    file: Option<PathBuf>,
    /// The text of the square code instead, scanned or typed
    #[arg(long)]
    token: Option<String>,
    /// File with the public key, or the key itself in base64; without it that of the database
    #[arg(long, value_name = "KEY")]
    public_key: Option<String>,
    /// The settings file; with it the database is asked, too, whether it issued exactly this file
    #[arg(long, value_name = "FILE", env = "OTMENA_CONFIG")]
    config: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Key {
    #[command(flatten)]
    settings: SettingsFile,
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Verify(arguments) => verify(&arguments, out).await,
        Command::Key(arguments) => {
            let loaded = arguments.settings.load()?;
            let ledger = ledger::open(&loaded.settings).await?;
            let key = ledger::document_key(ledger.as_ref(), SystemClock.now()).await?;
            write!(out, "{}", key.public().to_pem())?;
            Ok(Exit::Done)
        }
    }
}

/// What is told of a document or token.
#[derive(Debug)]
struct Report {
    verdict: &'static str,
    /// When the database issued exactly these bytes.
    issued_at: Option<Moment>,
    facts: Option<Value>,
    sound: bool,
    said: String,
}

async fn verify(arguments: &Verify, out: &mut dyn Write) -> Result<Exit, Problem> {
    let ledger = match &arguments.config {
        Some(path) => Some(ledger::open(&config::load(path)?.settings).await?),
        None => None,
    };
    let key = public_key(arguments, ledger.as_deref()).await?;
    let report = match (&arguments.token, &arguments.file) {
        (Some(token), _) => of_token(token, key),
        (None, Some(file)) => of_file(file, key, ledger.as_deref()).await?,
        (None, None) => return Err(Problem::Usage("give a file or --token".to_owned())),
    };
    if arguments.json {
        let document = json!({
            "verdict": report.verdict,
            "issued_at": report.issued_at.map(Moment::to_rfc3339),
            "says": report.facts,
        });
        serde_json::to_writer_pretty(&mut *out, &document)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}", report.said)?;
        if let Some(at) = report.issued_at {
            writeln!(out, "Exactly this file was first sent {}.", times::utc(at))?;
        }
        for (key, value) in report.facts.iter().filter_map(Value::as_object).flatten() {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            writeln!(out, "{key}: {}", terminal::plain(&value))?;
        }
    }
    Ok(if report.sound {
        Exit::Done
    } else {
        Exit::Findings
    })
}

async fn public_key(arguments: &Verify, ledger: Option<&dyn Ledger>) -> Result<PublicKey, Problem> {
    if let Some(given) = &arguments.public_key {
        let text = std::fs::read_to_string(given).unwrap_or_else(|_| given.clone());
        return PublicKey::parse(&text).ok_or_else(|| {
            Problem::Usage("--public-key is neither a file with a public key nor one".to_owned())
        });
    }
    let Some(ledger) = ledger else {
        return Err(Problem::Usage("give --public-key, or --config".to_owned()));
    };
    let key = ledger.kept_document_key().await?.ok_or_else(|| {
        Failure::stop(
            "the database has no key for documents yet",
            "It is made at the first start of `otmena run`",
        )
    })?;
    Ok(key.public())
}

fn of_token(token: &str, key: PublicKey) -> Report {
    let Some(token) = DocumentToken::verify(token, key) else {
        return Report::not_ours();
    };
    Report {
        verdict: "genuine",
        issued_at: None,
        facts: Some(json!({
            "document": token.document,
            "number": token.booking,
            "starts_at": token.starts_at.to_rfc3339(),
            "cancelled_at": token.cancelled_at.to_rfc3339(),
            "received_at": token.received_at.map(Moment::to_rfc3339),
        })),
        sound: true,
        said: "The token is ours. It proves that such a document exists, not what else stands on \
               the paper beside it."
            .to_owned(),
    }
}

async fn of_file(
    file: &Path,
    key: PublicKey,
    ledger: Option<&dyn Ledger>,
) -> Result<Report, Problem> {
    let bytes = read(file)?;
    let issued_at = match ledger {
        Some(ledger) => ledger.issued_bytes(&ContentHash::of_octets(&bytes)).await?,
        None => None,
    };
    let renderer = Renderer::new(Arc::new(Templates::load()?))?;
    Ok(match renderer.check(&bytes, key)? {
        Verdict::NotOurs => Report::not_ours(),
        Verdict::Genuine(facts) => Report {
            verdict: "genuine",
            issued_at,
            facts: Some(as_json(&facts)),
            sound: true,
            said: "The document is ours and unaltered.".to_owned(),
        },
        Verdict::OtherBytes { facts, .. } if issued_at.is_some() => Report {
            verdict: "genuine",
            issued_at,
            facts: Some(as_json(&facts)),
            sound: true,
            said: "The document is ours and unaltered; another version of the program made it."
                .to_owned(),
        },
        Verdict::OtherBytes { facts, same_words } => Report {
            verdict: "other_bytes",
            issued_at,
            facts: Some(as_json(&facts)),
            sound: false,
            said: other_bytes(same_words).to_owned(),
        },
    })
}

const fn other_bytes(same_words: bool) -> &'static str {
    if same_words {
        "The data in the document are ours, but this file is not what the program makes of them: it \
         was altered or saved anew. Believe what is printed here, not its pages."
    } else {
        "The data in the document are ours, but this version of the program would word them \
         otherwise: another version made it, or it was altered. Believe what is printed here; with \
         --config the database tells whether it issued exactly this file."
    }
}

/// At most what a document may have, and one octet more, so that a longer one is refused.
fn read(file: &Path) -> Result<Vec<u8>, Problem> {
    let cannot = |cause| Problem::Usage(format!("{} cannot be read: {cause}", file.display()));
    let limit = u64::try_from(LARGEST_DOCUMENT).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    std::fs::File::open(file)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(cannot)?;
    Ok(bytes)
}

fn as_json(facts: &DocumentFacts) -> Value {
    json!({
        "document": facts.document,
        "number": facts.number,
        "full_name": facts.full_name,
        "service": facts.service,
        "organisation": facts.organisation,
        "address": facts.address,
        "resource": facts.resource,
        "starts_at": times::rfc3339(facts.starts_at, &facts.zone),
        "received_at": facts.received_at.map(|at| times::rfc3339(at, &facts.zone)),
        "cancelled_at": times::rfc3339(facts.cancelled_at, &facts.zone),
        "duplicate": facts.duplicate,
    })
}

impl Report {
    fn not_ours() -> Self {
        Self {
            verdict: "not_ours",
            issued_at: None,
            facts: None,
            sound: false,
            said: "This is not ours, or its data were altered: no signature of this key holds."
                .to_owned(),
        }
    }
}
