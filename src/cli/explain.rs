//! `otmena explain FILE`: each gate, verdict and piece of evidence for a letter, without effect.

use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Moment, Purpose};
use crate::journey::{Explanation, Journey};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The letter as a file, RFC 5322
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    settings: SettingsFile,
    /// When the server received it; without this, now
    #[arg(long, value_name = "RFC3339", value_parser = times::parse)]
    received_at: Option<Moment>,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let mut raw = Vec::new();
    std::fs::File::open(&arguments.file)
        .and_then(|file| file.take(loaded.max_size).read_to_end(&mut raw))
        .map_err(|error| {
            Problem::Usage(format!(
                "{} cannot be read: {error}",
                arguments.file.display()
            ))
        })?;
    let received_at = arguments.received_at.unwrap_or_else(|| SystemClock.now());
    let ledger = ledger::open(&loaded.settings).await?;
    let journey = Journey::new(
        &loaded.settings,
        loaded.policy,
        loaded.secrets,
        ledger,
        Arc::new(SystemClock),
    )?;
    let explanation = journey.explain(raw, received_at).await?;
    print(&explanation, received_at, out)?;
    Ok(Exit::Done)
}

fn print(
    explanation: &Explanation,
    received_at: Moment,
    out: &mut dyn Write,
) -> Result<(), Problem> {
    writeln!(out, "LETTER")?;
    let letter = &explanation.letter;
    let sender = letter.sender.as_ref().map_or("none", |s| s.as_str());
    line(out, "received", &times::utc(received_at))?;
    line(out, "sender", sender)?;
    line(out, "subject", &letter.subject)?;
    line(
        out,
        "automatic",
        letter.automatic.map_or("no", |sign| sign.code()),
    )?;

    let reading = &explanation.case.reading;
    writeln!(out, "READ")?;
    line(out, "wish", reading.intent.code())?;
    let number = reading.number.as_ref().or(reading.quoted_number.as_ref());
    line(out, "number", number.map_or("none", |n| n.as_str()))?;
    for (name, value) in [
        ("date", &reading.date),
        ("time", &reading.time),
        ("name", &reading.full_name),
        ("phone", &reading.phone),
    ] {
        line(out, name, value.as_deref().unwrap_or("none"))?;
    }
    let problems: Vec<&str> = reading.problems.iter().map(|p| p.code()).collect();
    line(out, "problems", &joined(&problems))?;
    let typed = reading.code.as_ref().map_or("none", |_| "typed");
    line(out, "code", typed)?;

    print_evidence(explanation, out)?;

    writeln!(out, "GATES")?;
    for gate in &explanation.judgement.gates {
        terminal::gate(out, gate.gate, &gate.verdict)?;
    }
    print_decision(explanation, out)
}

fn print_evidence(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Problem> {
    writeln!(out, "EVIDENCE")?;
    let evidence = &explanation.case.evidence;
    let tokens: Vec<String> = evidence
        .tokens
        .iter()
        .map(|t| format!("{} {}", purpose(t.purpose), t.subject))
        .collect();
    line(out, "tokens", &joined(&tokens))?;
    line(out, "dkim", &word(evidence.dkim))?;
    line(out, "relay", &word(evidence.relay))?;
    let returned = explanation
        .case
        .bounce
        .as_ref()
        .map(|bounce| format!("outbox {}", bounce.row));
    line(out, "bounce of", returned.as_deref().unwrap_or("none"))?;
    let rates = &explanation.facts.rates;
    let organisation = rates
        .by_organisation
        .iter()
        .map(|(_, n)| *n)
        .max()
        .unwrap_or(0);
    let counted = format!(
        "organisation {organisation}, domain {} of {}",
        rates.by_domain, rates.limit
    );
    line(out, "breaker", &counted)?;
    Ok(())
}

fn print_decision(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Problem> {
    let judgement = &explanation.judgement;
    writeln!(out, "DECISION")?;
    line(out, "decision", judgement.decision.code())?;
    if let Some(reason) = judgement.decision.reason() {
        line(out, "reason", reason.code())?;
    }
    let letters: Vec<&str> = judgement
        .consequences
        .letters
        .iter()
        .map(|l| l.kind.code())
        .collect();
    line(out, "letters", &joined(&letters))?;
    line(out, "folder", judgement.consequences.filing.to.code())?;
    writeln!(out, "Nothing was changed, nothing was sent.")?;
    Ok(())
}

/// A verdict by the name that it has in JSON.
fn word(verdict: impl serde::Serialize) -> String {
    let value = serde_json::to_value(verdict).unwrap_or_default();
    value.as_str().unwrap_or("-").to_owned()
}

const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Booking => "booking",
        Purpose::Challenge => "challenge",
        Purpose::Document => "document",
    }
}

fn joined<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    if items.is_empty() {
        "none".to_owned()
    } else {
        items.join(", ")
    }
}

fn line(out: &mut dyn Write, name: &str, value: &str) -> Result<(), Problem> {
    writeln!(out, "  {name:<12} {}", terminal::plain(value))?;
    Ok(())
}
