//! `otmena letters retry` and `otmena letters resolve`: an order is left in the ledger, and the
//! daemon, which holds the mailbox, carries it out at its next look, as it does a drag.

use crate::cli::bookings::number;
use crate::cli::{Exit, Problem, SettingsFile, ledger};
use crate::clock::{Clock, SystemClock};
use crate::decide::StaffCommand;
use crate::domain::{BookingNumber, LetterId, StaffAct};
use crate::record::StaffOrder;
use std::io::Write;

/// Longest word for the journal.
const LONGEST_REASON: usize = 40;

/// Longest text for a citizen, in characters.
const LONGEST_TEXT: usize = 2_000;

#[derive(Debug, clap::Args)]
pub struct Retry {
    /// Ids of the letters
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    #[command(flatten)]
    settings: SettingsFile,
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("act").required(true).args(["cancel", "refuse", "close", "approve", "reject"])))]
pub struct Resolve {
    /// The letter's id
    id: i64,
    /// Cancel this booking outright, by the original receipt time; whoever wrote the letter
    #[arg(long, value_name = "NUMBER", value_parser = number)]
    cancel: Option<BookingNumber>,
    /// Send the polite refusal
    #[arg(long)]
    refuse: bool,
    /// Close it without an answer
    #[arg(long)]
    close: bool,
    /// Accept the documents that came with it
    #[arg(long)]
    approve: bool,
    /// Do not accept the documents that came with it
    #[arg(long)]
    reject: bool,
    /// Why, in a word for the journal: lower-case letters, digits, - and _; no names
    #[arg(long, value_name = "WORD", value_parser = reason)]
    reason: Option<String>,
    /// What the citizen is told beside the letter's own words
    #[arg(long, value_name = "TEXT", conflicts_with = "close", value_parser = text)]
    text: Option<String>,
    #[command(flatten)]
    settings: SettingsFile,
}

fn reason(word: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !word.is_empty() && word.len() <= LONGEST_REASON && word.chars().all(fits) {
        Ok(word.to_owned())
    } else {
        Err(format!(
            "expected at most {LONGEST_REASON} lower-case letters, digits, - and _, such as by_phone"
        ))
    }
}

fn text(words: &str) -> Result<String, String> {
    let words = words.trim();
    if !words.is_empty() && words.chars().count() <= LONGEST_TEXT {
        Ok(words.to_owned())
    } else {
        Err(format!("expected 1 to {LONGEST_TEXT} characters"))
    }
}

pub async fn retry(arguments: &Retry, out: &mut dyn Write) -> Result<Exit, Problem> {
    let command = command(StaffAct::Retry);
    leave(&arguments.settings, &arguments.ids, &command, out).await
}

pub async fn resolve(arguments: &Resolve, out: &mut dyn Write) -> Result<Exit, Problem> {
    let act = if arguments.cancel.is_some() {
        StaffAct::Cancel
    } else if arguments.refuse {
        StaffAct::Refuse
    } else if arguments.approve {
        StaffAct::Approve
    } else if arguments.reject {
        StaffAct::Reject
    } else {
        StaffAct::Close
    };
    let command = StaffCommand {
        booking: arguments.cancel.clone(),
        reason: arguments.reason.clone(),
        words: arguments.text.clone(),
        ..command(act)
    };
    leave(&arguments.settings, &[arguments.id], &command, out).await
}

fn command(act: StaffAct) -> StaffCommand {
    StaffCommand {
        act,
        actor: "operator".to_owned(),
        booking: None,
        reason: None,
        words: None,
    }
}

async fn leave(
    settings: &SettingsFile,
    ids: &[i64],
    command: &StaffCommand,
    out: &mut dyn Write,
) -> Result<Exit, Problem> {
    let loaded = settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    if let Some(number) = &command.booking
        && ledger.booking(&number.lookup_key()).await?.is_none()
    {
        writeln!(
            out,
            "{number}: there is no such booking; nothing was ordered"
        )?;
        return Ok(Exit::Findings);
    }
    let mut exit = Exit::Done;
    for id in ids {
        let order = StaffOrder {
            letter: LetterId(*id),
            command: command.clone(),
        };
        if ledger.leave_order(&order, SystemClock.now()).await? {
            let seconds = loaded.settings.desk.look_seconds;
            writeln!(
                out,
                "letter {id}: ordered; the daemon does it within {seconds} seconds, or the next \
                 `otmena run --once`"
            )?;
        } else {
            exit = Exit::Findings;
            writeln!(out, "letter {id}: nothing ordered, it is not with staff")?;
        }
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_for_the_journal_is_one_plain_word() {
        assert!(reason("by_phone").is_ok());
        for bad in ["", "Иванов", "two words", "Upper", &"x".repeat(41)] {
            assert!(reason(bad).is_err(), "{bad}");
        }
    }
}
