//! `otmena bookings document NUMBER -o FILE`: the confirmation document again.

use super::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger};
use crate::clock::{Clock, SystemClock};
use crate::decide::document_data;
use crate::domain::{
    Booking, BookingNumber, BookingState, BounceTags, Channel, ContentHash, Event, EventKind,
    Policy,
};
use crate::failure::Failure;
use crate::reply::message::Press;
use crate::reply::templates::Templates;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Number of the booking
    #[arg(value_parser = number)]
    number: BookingNumber,
    /// Where it is written
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    settings: SettingsFile,
}

pub async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let Some(booking) = ledger.booking(&arguments.number.lookup_key()).await? else {
        writeln!(out, "There is no booking with this number.")?;
        return Ok(Exit::Findings);
    };
    let BookingState::Cancelled(cancellation) = &booking.state else {
        writeln!(out, "The booking is not cancelled: there is no document.")?;
        return Ok(Exit::Findings);
    };
    if booking.citizen.full_name.is_empty() {
        writeln!(
            out,
            "The name was deleted by retention: the document cannot be made again."
        )?;
        return Ok(Exit::Findings);
    }
    let now = SystemClock.now();
    let smtp = &loaded.settings.smtp;
    let press = Press::new(
        Arc::new(Templates::load()?),
        smtp.from().clone(),
        smtp.envelope(),
        BounceTags::new(&loaded.secrets),
        ledger::document_key(ledger.as_ref(), now).await?,
    )?;
    let number = &cancellation.document;
    let first = ledger
        .issued(number)
        .await?
        .first()
        .map(|issued| issued.hash);
    let document = press.document(&document_data(&booking, &loaded.policy), first)?;
    let hash = ContentHash::of_octets(&document);
    std::fs::write(&arguments.output, &document).map_err(|cause| {
        Failure::stop_because(
            format!("{} cannot be written", arguments.output.display()),
            "Name another file with --output",
            cause,
        )
    })?;
    let event = given_out(&booking, number, &hash, &loaded.policy);
    ledger
        .give_out(booking.id, number, &hash, &event, now)
        .await?;
    let told = match first {
        Some(first) if first == hash => "the same bytes as at first",
        Some(_) => "a duplicate: the first copy had other bytes",
        None => "issued for the first time",
    };
    writeln!(out, "{number}: {told}, SHA-256 {}", hash.to_hex())?;
    Ok(Exit::Done)
}

fn given_out(booking: &Booking, number: &str, hash: &ContentHash, policy: &Policy) -> Event {
    Event {
        chain: format!("booking:{}", booking.id.0),
        kind: EventKind::ConfirmationRepeated,
        actor: "operator".to_owned(),
        data: json!({
            "channel": Channel::Command,
            "document": number,
            "sha256": hash.to_hex(),
            "policy": policy.version,
        }),
    }
}
