//! `otmena explain FILE`: each gate, verdict and piece of evidence for a letter, without effect.

use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Moment, Purpose, Token};
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

/// What speaks for the sender, each piece in a line of its own.
fn print_evidence(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Problem> {
    writeln!(out, "EVIDENCE")?;
    let evidence = &explanation.case.evidence;
    let named = |tokens: &[Token]| {
        let names: Vec<String> = tokens
            .iter()
            .map(|t| format!("{} {}", purpose(t.purpose), t.subject))
            .collect();
        joined(&names)
    };
    line(out, "tokens", &named(&evidence.tokens))?;
    line(out, "expired", &named(&evidence.expired))?;
    line(out, "dkim", evidence.dkim_verdict().code())?;
    if evidence.dkim.checked {
        line(out, "to us", yes_or_no(evidence.dkim.addressed_to_us))?;
        let apart = evidence.dkim.date_apart;
        let apart = apart.map_or("no Date".to_owned(), |minutes| format!("{minutes} min"));
        line(out, "date apart", &apart)?;
    }
    for found in &evidence.dkim.signatures {
        let name = |text: &str| if text.is_empty() { "-" } else { text }.to_owned();
        let words = [
            name(found.verdict.code()),
            format!("d={}", name(&found.domain)),
            format!("s={}", name(&found.selector)),
            format!("a={}", name(&found.algorithm)),
        ];
        line(out, "signature", &words.join(" "))?;
    }
    line(out, "relay", &word(evidence.relay))?;
    line(out, "aligned", yes_or_no(evidence.aligned()))?;
    let facts = &explanation.facts;
    let by_challenge = facts.challenges.iter().map(|(_, booking)| booking);
    let bookings = facts
        .named
        .iter()
        .chain(&facts.by_token)
        .chain(by_challenge);
    for known in bookings {
        let sender = explanation.case.sender.as_ref();
        let filed = sender.is_some_and(|sender| known.booking.has_on_file(sender));
        let shared = sender.is_some_and(|sender| known.shared_addresses.contains(sender));
        let shared = if shared {
            ", but shared by many persons"
        } else {
            ""
        };
        let text = format!(
            "{}{shared} (booking {})",
            yes_or_no(filed),
            known.booking.id.0
        );
        line(out, "on file", &text)?;
    }
    if let Some((booking, letter)) = facts.replay_of.first() {
        let text = format!("as letter {letter}, decided about booking {}", booking.0);
        line(out, "seen before", &text)?;
    }
    print_circumstances(explanation, out)
}

/// What else goes into the judgement: a letter of ours that came back, and the breaker.
fn print_circumstances(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Problem> {
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
    line(out, "breaker", &counted)
}

const fn yes_or_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

fn print_decision(explanation: &Explanation, out: &mut dyn Write) -> Result<(), Problem> {
    let judgement = &explanation.judgement;
    writeln!(out, "DECISION")?;
    if explanation.case.evidence.hangs_on_dns() {
        line(out, "waits", "for DNS, two hours at most; then:")?;
    }
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
        Purpose::Offer => "offer",
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
