//! `otmena journal verify`: every chain, every seal, and a seal that somebody noted elsewhere.

use crate::cli::{Exit, Problem, SettingsFile, ledger, terminal};
use crate::domain::Seal;
use crate::record::{JournalFault, Verified};
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// A seal as an earlier run printed it: it must still be there
    #[arg(long, value_name = "POSITION:HASH", value_parser = noted)]
    seal: Option<Noted>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// A seal that was noted outside of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    position: i64,
    hash: String,
}

fn noted(text: &str) -> Result<Noted, String> {
    let expected = || "expected POSITION:HASH as `otmena journal verify` prints it".to_owned();
    let (position, hash) = text.split_once(':').ok_or_else(expected)?;
    let position = position.parse().map_err(|_| expected())?;
    let hash = hash.to_lowercase();
    if hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(Noted { position, hash })
    } else {
        Err(expected())
    }
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let spinner = terminal::spinner("checking every chain");
    let verified = ledger.verify_all().await;
    spinner.finish_and_clear();
    let mut verified = verified?;
    if let Some(noted) = &arguments.seal {
        let found = ledger.seal(noted.position).await?;
        if !is_there(noted, found.as_ref()) {
            verified.faults.push(JournalFault {
                chain: crate::record::SEALS.to_owned(),
                position: noted.position,
            });
        }
    }
    if arguments.json {
        writeln!(out, "{}", as_json(&verified))?;
    } else {
        tell(&verified, out)?;
    }
    Ok(if verified.faults.is_empty() {
        Exit::Done
    } else {
        Exit::Findings
    })
}

fn is_there(noted: &Noted, found: Option<&Seal>) -> bool {
    found.is_some_and(|seal| seal.hash.to_hex() == noted.hash)
}

fn tell(verified: &Verified, out: &mut dyn Write) -> Result<(), Problem> {
    for fault in &verified.faults {
        let (chain, position) = (terminal::plain(&fault.chain), fault.position);
        writeln!(out, "{chain} is broken at entry {position}")?;
    }
    let entries = terminal::counted(verified.entries, "entry", "entries");
    let seals = terminal::counted(verified.seals, "seal", "seals");
    let faults = terminal::counted(verified.faults.len(), "fault", "faults");
    writeln!(out, "{entries} and {seals} checked, {faults}")?;
    if let Some((position, hash)) = &verified.last {
        let hash = hash.to_hex();
        writeln!(
            out,
            "Last seal: {position}:{hash}\nNote it elsewhere: `--seal {position}:{hash}` proves \
             later that nothing was cut off"
        )?;
    }
    Ok(())
}

fn as_json(verified: &Verified) -> Value {
    let faults: Vec<Value> = verified
        .faults
        .iter()
        .map(|fault| json!({"chain": fault.chain, "position": fault.position}))
        .collect();
    let last = verified
        .last
        .as_ref()
        .map(|(position, hash)| json!({"position": position, "hash": hash.to_hex()}));
    json!({
        "entries": verified.entries,
        "seals": verified.seals,
        "last_seal": last,
        "faults": faults,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noted_seal_is_read_and_anything_else_refused() {
        let hash = "ab".repeat(32);
        let read = noted(&format!("12:{}", hash.to_uppercase())).unwrap();
        assert_eq!(read, Noted { position: 12, hash });
        for text in ["", "12", "12:", "x:00", "12:zz"] {
            assert!(noted(text).is_err(), "{text}");
        }
    }
}
