//! `otmena privacy purge|export`: what names a person goes after its time, and a person learns what is
//! held on her.

use super::bookings::{as_json, undeliverable};
use super::ledger::Numbers;
use super::{Exit, Problem, SettingsFile, ledger, sanctions, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{EmailAddress, LetterId, Moment};
use crate::intake;
use crate::record::{
    HeldCancellation, HeldDocument, HeldOnPerson, HeldReview, Ledger, LetterRecord, OutboxRow,
    Purged, WaitingRecord,
};
use crate::retention;
use serde_json::{Value, json};
use std::io::Write;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Delete names, addresses and texts of what is older than `retention.days`
    Purge(Purge),
    /// Print everything that is held on a person as one JSON document
    Export(Export),
}

#[derive(Debug, clap::Args)]
pub struct Purge {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only tell what would be deleted
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Export {
    /// An address of the person
    #[arg(long, value_parser = address)]
    email: EmailAddress,
    #[command(flatten)]
    settings: SettingsFile,
}

fn address(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).ok_or_else(|| "expected an e-mail address".to_owned())
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Purge(arguments) => purge(&arguments, out).await,
        Command::Export(arguments) => export(&arguments, out).await,
    }
}

async fn purge(arguments: &Purge, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let now = SystemClock.now();
    let Some(before) = retention::limit(loaded.settings.retention.days, now) else {
        writeln!(out, "`retention.days` is 0: everything is kept.")?;
        return Ok(Exit::Done);
    };
    let (purged, removed) = if arguments.dry_run {
        (ledger.to_purge(before).await?, None)
    } else {
        let purged = retention::empty_ledger(ledger.as_ref(), before, now).await?;
        let mut mailbox = intake::open(&loaded.settings.mailbox).await?;
        let own = &loaded.settings.smtp.from().address;
        let removed =
            retention::empty_mailbox(ledger.as_ref(), mailbox.as_mut(), own, before).await?;
        mailbox.close().await;
        ledger.note_purge(now).await?;
        (purged, Some(removed))
    };
    if arguments.json {
        let document = json!({
            "before": before.to_rfc3339(),
            "dry_run": arguments.dry_run,
            "bookings": purged.bookings,
            "letters": purged.letters,
            "answers": purged.answers,
            "waiting": purged.waiting,
            "counted": purged.counted,
            "removed_from_mailbox": removed,
        });
        writeln!(out, "{document}")?;
    } else {
        writeln!(out, "{}", told(&purged, removed))?;
        writeln!(out, "Limit: {}", times::utc(before))?;
    }
    Ok(Exit::Done)
}

fn told(purged: &Purged, removed: Option<u64>) -> String {
    let emptied = format!(
        "{}, {}, {} of ours",
        terminal::counted(purged.bookings, "booking", "bookings"),
        terminal::counted(purged.letters, "letter", "letters"),
        terminal::counted(purged.answers, "letter", "letters"),
    );
    let emptied = match purged.counted {
        0 => emptied,
        counted => format!("{emptied}, {counted} of what counted against a person"),
    };
    removed.map_or_else(
        || format!("Would be emptied: {emptied}, and the mailbox of what belongs to them"),
        |removed| {
            let letters = terminal::counted(removed, "letter", "letters");
            format!("Emptied: {emptied}; {letters} removed from the mailbox")
        },
    )
}

async fn export(arguments: &Export, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let ledger = ledger.as_ref();
    let held = ledger.held_on(&arguments.email).await?;
    let bookings = bookings(ledger, &held).await?;
    let letters = letters(ledger, &held).await?;
    let waiting = waiting(ledger, &arguments.email).await?;
    let answers: Vec<Value> = held.answers.iter().map(answer_as_json).collect();
    let nothing =
        waiting.is_empty() && bookings.is_empty() && letters.is_empty() && answers.is_empty();
    let document = json!({
        "email": arguments.email.as_str(),
        "made_at": SystemClock.now().to_rfc3339(),
        "bookings": bookings,
        "letters": letters,
        "answers": answers,
        "questions": held.challenges,
        "notes": notes(&held),
        "orders": orders(ledger, &held).await?,
        "waiting_list": waiting,
        "documents": held.documents.iter().map(document_as_json).collect::<Vec<_>>(),
        "reviews": held.reviews.iter().map(review_as_json).collect::<Vec<_>>(),
        "counted_cancellations": held.cancellations.iter().map(counted_as_json).collect::<Vec<_>>(),
        "sanctions": sanctions(ledger, &held).await?,
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)?;
    Ok(if nothing { Exit::Findings } else { Exit::Done })
}

async fn sanctions(ledger: &dyn Ledger, held: &HeldOnPerson) -> Result<Vec<Value>, Problem> {
    let about = held.sanctions.iter().map(|one| Some(one.booking));
    let numbers = Numbers::of(ledger, about).await?;
    let told = held
        .sanctions
        .iter()
        .map(|one| sanctions::as_json(one, &numbers));
    Ok(told.collect())
}

async fn bookings(ledger: &dyn Ledger, held: &HeldOnPerson) -> Result<Vec<Value>, Problem> {
    let mut bookings = Vec::new();
    for id in &held.bookings {
        let Some(booking) = ledger.booking_by_id(*id).await? else {
            continue;
        };
        let mut document = as_json(&booking);
        let journal = journal(ledger, &format!("booking:{}", id.0)).await?;
        let bounced = ledger.bounced_addresses(*id).await?;
        if let Some(fields) = document.as_object_mut() {
            fields.insert("journal".to_owned(), journal);
            fields.insert("undeliverable".to_owned(), undeliverable(&bounced));
        }
        bookings.push(document);
    }
    Ok(bookings)
}

async fn letters(ledger: &dyn Ledger, held: &HeldOnPerson) -> Result<Vec<Value>, Problem> {
    let mut letters = Vec::new();
    for id in &held.letters {
        if let Some(letter) = ledger.letter(*id).await? {
            let journal = journal(ledger, &format!("letter:{id}")).await?;
            letters.push(letter_as_json(&letter, journal));
        }
    }
    Ok(letters)
}

fn notes(held: &HeldOnPerson) -> Vec<Value> {
    let note = |(letter, note): &(LetterId, String)| {
        let note = serde_json::from_str::<Value>(note).unwrap_or_default();
        json!({ "letter": letter, "note": note })
    };
    held.notes.iter().map(note).collect()
}

async fn orders(ledger: &dyn Ledger, held: &HeldOnPerson) -> Result<Vec<Value>, Problem> {
    let orders = ledger.staff_orders().await?;
    Ok(orders
        .iter()
        .filter(|order| held.letters.contains(&order.letter))
        .map(|order| json!({ "letter": order.letter, "words": order.command.words }))
        .collect())
}

async fn waiting(ledger: &dyn Ledger, email: &EmailAddress) -> Result<Vec<Value>, Problem> {
    let waiting = ledger.waiting_list(None, u32::MAX).await?;
    Ok(waiting
        .iter()
        .filter(|entry| entry.citizen.emails.contains(email))
        .map(waiting_as_json)
        .collect())
}

async fn journal(ledger: &dyn Ledger, chain: &str) -> Result<Value, Problem> {
    let entries = ledger.journal(chain).await?;
    let told = entries.iter().map(|entry| {
        json!({
            "at": entry.at.to_rfc3339(),
            "kind": entry.kind,
            "actor": entry.actor,
            "data": serde_json::from_str::<Value>(&entry.data).unwrap_or_default(),
        })
    });
    Ok(told.collect())
}

fn letter_as_json(letter: &LetterRecord, journal: Value) -> Value {
    json!({
        "id": letter.id,
        "received_at": letter.received_at.to_rfc3339(),
        "sender": letter.sender.as_ref().map(EmailAddress::as_str),
        "subject": letter.subject,
        "reading": letter.reading,
        "state": letter.state.code(),
        "decision": letter.decision,
        "reason": letter.reason,
        "sha256": letter.raw_hash.to_hex(),
        "journal": journal,
    })
}

fn waiting_as_json(entry: &WaitingRecord) -> Value {
    json!({
        "id": entry.id.0,
        "state": entry.state,
        "full_name": entry.citizen.full_name,
        "phone": entry.citizen.phone,
        "service_code": entry.service_code,
        "organisation": entry.organisation,
        "from": entry.wanted_from,
        "until": entry.wanted_until,
        "joined_at": entry.joined_at.to_rfc3339(),
    })
}

fn answer_as_json(row: &OutboxRow) -> Value {
    json!({
        "kind": row.letter.kind.code(),
        "recipient": row.letter.recipient.as_str(),
        "date": row.letter.date.to_rfc3339(),
        "state": row.state.code(),
        "data": row.letter.data,
    })
}

fn at(micros: i64) -> String {
    Moment::from_micros(micros).to_rfc3339()
}

fn document_as_json(one: &HeldDocument) -> Value {
    json!({
        "letter": one.letter_id,
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
    })
}

fn review_as_json(one: &HeldReview) -> Value {
    json!({
        "letter": one.letter_id,
        "booking_id": one.booking_id,
        "state": one.state,
        "opened_at": at(one.opened_at),
        "decided_at": one.decided_at.map(at),
    })
}

fn counted_as_json(one: &HeldCancellation) -> Value {
    json!({
        "booking_id": one.booking_id,
        "document": one.document,
        "service_code": one.service_code,
        "received_at": at(one.received_at),
        "timeliness": one.timeliness,
        "reason_code": one.reason_code,
        "policy": one.policy,
    })
}
