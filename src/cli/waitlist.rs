//! `otmena waitlist import|list|add|remove`.

use super::acting::Acting;
use super::csv_lines::{self, Columns, Line, LineFault, phone};
use super::slots::{print_faults, read_file};
use super::{Exit, Problem, SettingsFile, ledger, terminal, times};
use crate::clock::{Clock, SystemClock};
use crate::domain::{Citizen, EmailAddress, Moment, WaitingId};
use crate::record::{WaitingImport, WaitingRecord};
use crate::reply::wire_address::wire_address;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

const COLUMNS: Columns = Columns {
    required: &[
        "full_name",
        "email",
        "phone",
        "citizen_id",
        "service_code",
        "organisation",
        "from",
        "until",
        "joined_at",
    ],
    optional: &[],
};

const WINDOW: &str = "a day such as 2027-03-12, RFC 3339, or nothing";

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Import people who wait from CSV: all or nothing, and again without harm
    Import(ImportArguments),
    /// List who waits, by priority and since when; a sanction may put somebody behind the others
    List(ListArguments),
    /// Put one person onto the list
    Add(AddArguments),
    /// Take entries off the list
    Remove(RemoveArguments),
}

#[derive(Debug, clap::Args)]
pub struct ImportArguments {
    /// The file: CSV in UTF-8 with a header line
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    settings: SettingsFile,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct ListArguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Only this state
    #[arg(long, value_parser = ["waiting", "offered", "served", "removed"])]
    state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    limit: u32,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct AddArguments {
    #[command(flatten)]
    settings: SettingsFile,
    /// Surname, name, patronymic
    #[arg(long, value_parser = text)]
    full_name: String,
    /// Where offers go
    #[arg(long, value_parser = email_argument)]
    email: EmailAddress,
    /// Telephone
    #[arg(long, value_parser = phone_argument)]
    phone: Option<String>,
    /// The organisation's own id of the person
    #[arg(long, value_parser = text)]
    citizen_id: Option<String>,
    /// Code of the service
    #[arg(long, value_parser = text)]
    service: String,
    /// Name of the organisation as in the bookings
    #[arg(long, value_parser = text)]
    organisation: String,
    /// Earliest start: a day or RFC 3339
    #[arg(long, value_parser = from_argument, default_value = "")]
    from: String,
    /// Latest start: a day or RFC 3339
    #[arg(long, value_parser = until_argument, default_value = "")]
    until: String,
}

#[derive(Debug, clap::Args)]
pub struct RemoveArguments {
    /// Ids as `waitlist list` shows them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<i64>,
    #[command(flatten)]
    settings: SettingsFile,
}

pub async fn run(command: Command, out: &mut dyn Write) -> Result<Exit, Problem> {
    match command {
        Command::Import(arguments) => import(&arguments, out).await,
        Command::List(arguments) => list(&arguments, out).await,
        Command::Add(arguments) => add(&arguments, out).await,
        Command::Remove(arguments) => remove(&arguments, out).await,
    }
}

fn text(text: &str) -> Result<String, String> {
    let text = text.trim();
    let sound = !text.is_empty() && text.len() <= 1000 && !text.chars().any(char::is_control);
    sound
        .then(|| text.to_owned())
        .ok_or_else(|| "expected text that is not empty".to_owned())
}

fn email_argument(text: &str) -> Result<EmailAddress, String> {
    email(text).ok_or_else(|| "expected one address, no Cyrillic before the @".to_owned())
}

fn phone_argument(text: &str) -> Result<String, String> {
    phone(text)
        .flatten()
        .ok_or_else(|| "expected a number in international form such as +79161234567".to_owned())
}

fn from_argument(text: &str) -> Result<String, String> {
    wanted_from(text).ok_or_else(|| format!("expected {WINDOW}"))
}

fn until_argument(text: &str) -> Result<String, String> {
    wanted_until(text).ok_or_else(|| format!("expected {WINDOW}"))
}

fn email(text: &str) -> Option<EmailAddress> {
    let address = EmailAddress::parse(text)?;
    wire_address(&address)?;
    Some(address)
}

/// The earliest start on the clocks of the place; a day begins at midnight.
fn wanted_from(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    local(text, "T00:00")
}

/// The latest start on the clocks of the place; a day ends before midnight.
fn wanted_until(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("9999".to_owned());
    }
    local(text, "T23:59")
}

/// RFC 3339 with the offset of the place shows its clocks as it is written.
fn local(text: &str, of_day: &str) -> Option<String> {
    if let Ok(day) = text.parse::<jiff::civil::Date>()
        && text.len() == "2027-03-12".len()
    {
        return Some(format!("{day}{of_day}"));
    }
    Moment::parse_rfc3339(text)?;
    text.get(.."2027-03-12T14:30".len())
        .map(|minute| minute.replace([' ', 't'], "T"))
}

fn parse(bytes: &[u8]) -> Result<Vec<WaitingImport>, Vec<LineFault>> {
    csv_lines::parse(bytes, COLUMNS, entry)
}

fn entry(line: &mut Line<'_>) -> Option<WaitingImport> {
    let full_name = line.text("full_name");
    let email = line.read("email", "one address, no Cyrillic before the @", email);
    let phone = line.read(
        "phone",
        "a telephone number in international form such as +79161234567, or nothing",
        phone,
    );
    let citizen_id = line.read("citizen_id", "text", |text| {
        Some((!text.is_empty()).then(|| text.to_owned()))
    });
    let service_code = line.text("service_code");
    let organisation = line.text("organisation");
    let wanted_from = line.read("from", WINDOW, wanted_from);
    let wanted_until = line.read("until", WINDOW, wanted_until);
    let joined_at = line.read(
        "joined_at",
        "RFC 3339 such as 2027-02-05T10:22:00+03:00",
        Moment::parse_rfc3339,
    );
    Some(WaitingImport {
        citizen: Citizen {
            full_name: full_name?,
            emails: vec![email?],
            phone: phone?,
            citizen_id: citizen_id?,
        },
        service_code: service_code?,
        organisation: organisation?,
        wanted_from: wanted_from?,
        wanted_until: wanted_until?,
        joined_at: joined_at?,
    })
}

async fn import(arguments: &ImportArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let entries = match parse(&read_file(&arguments.file)?) {
        Ok(entries) => entries,
        Err(faults) => return print_faults(&faults, arguments.json, out),
    };
    let acting = Acting::open_migrated(loaded).await?;
    let spinner = terminal::spinner("importing");
    let report = acting
        .ledger
        .import_waiting(&entries, SystemClock.now())
        .await;
    spinner.finish_and_clear();
    let report = report?;
    let offered = acting.offer_free_slots().await?;
    if arguments.json {
        let document = json!({
            "imported": true,
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "offered": offered,
        });
        writeln!(out, "{document}")?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&["NEW", "CHANGED", "UNCHANGED", "OFFERED"]);
    let counts = [report.created, report.changed, report.unchanged, offered];
    let counts = counts.map(|count| count.to_string());
    terminal::row(&mut table, &counts.each_ref().map(String::as_str));
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

async fn add(arguments: &AddArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let acting = Acting::open_migrated(arguments.settings.load()?).await?;
    let now = SystemClock.now();
    let entry = WaitingImport {
        citizen: Citizen {
            full_name: arguments.full_name.clone(),
            emails: vec![arguments.email.clone()],
            phone: arguments.phone.clone(),
            citizen_id: arguments.citizen_id.clone(),
        },
        service_code: arguments.service.clone(),
        organisation: arguments.organisation.clone(),
        wanted_from: arguments.from.clone(),
        wanted_until: arguments.until.clone(),
        joined_at: now,
    };
    acting.ledger.import_waiting(&[entry], now).await?;
    let offered = acting.offer_free_slots().await?;
    let told = terminal::counted(offered, "free time was", "free times were");
    writeln!(out, "Added; {told} offered.")?;
    Ok(Exit::Done)
}

async fn remove(arguments: &RemoveArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let mut exit = Exit::Done;
    for id in &arguments.ids {
        let removed = ledger
            .remove_waiting(WaitingId(*id), SystemClock.now())
            .await?;
        let told = if removed {
            "removed"
        } else {
            exit = Exit::Findings;
            "nobody waits under this id"
        };
        writeln!(out, "{id}: {told}")?;
    }
    Ok(exit)
}

async fn list(arguments: &ListArguments, out: &mut dyn Write) -> Result<Exit, Problem> {
    let loaded = arguments.settings.load()?;
    let ledger = ledger::open(&loaded.settings).await?;
    let entries = ledger
        .waiting_list(arguments.state.as_deref(), arguments.limit)
        .await?;
    if arguments.json {
        let listed: Vec<Value> = entries.iter().map(as_json).collect();
        serde_json::to_writer_pretty(&mut *out, &listed)?;
        writeln!(out)?;
        return Ok(Exit::Done);
    }
    let mut table = terminal::table(&[
        "ID",
        "STATE",
        "JOINED",
        "NAME",
        "SERVICE",
        "ORGANISATION",
        "FROM",
        "UNTIL",
    ]);
    for entry in &entries {
        let cells: [&str; 8] = [
            &entry.id.0.to_string(),
            &entry.state,
            &times::utc(entry.joined_at),
            &entry.citizen.full_name,
            &entry.service_code,
            &entry.organisation,
            window(&entry.wanted_from).unwrap_or_default(),
            window(&entry.wanted_until).unwrap_or_default(),
        ];
        terminal::row(&mut table, &cells);
    }
    writeln!(out, "{}", terminal::shown(&table))?;
    Ok(Exit::Done)
}

/// One end of the window; `None` where it is open.
fn window(end: &str) -> Option<&str> {
    Some(end).filter(|end| !end.is_empty() && *end != "9999")
}

fn as_json(entry: &WaitingRecord) -> Value {
    json!({
        "id": entry.id.0,
        "state": entry.state,
        "joined_at": entry.joined_at.to_rfc3339(),
        "priority": entry.priority,
        "full_name": entry.citizen.full_name,
        "email": entry.citizen.emails.first().map(EmailAddress::as_str),
        "phone": entry.citizen.phone,
        "citizen_id": entry.citizen.citizen_id,
        "service_code": entry.service_code,
        "organisation": entry.organisation,
        "from": window(&entry.wanted_from),
        "until": window(&entry.wanted_until),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_read_on_the_clocks_of_the_place() {
        assert_eq!(
            wanted_from("2027-03-12").as_deref(),
            Some("2027-03-12T00:00")
        );
        assert_eq!(
            wanted_until("2027-03-12").as_deref(),
            Some("2027-03-12T23:59")
        );
        let written = wanted_from("2027-03-12T09:30:00+05:00");
        assert_eq!(written.as_deref(), Some("2027-03-12T09:30"));
        assert_eq!(wanted_from("").as_deref(), Some(""));
        assert_eq!(wanted_until("").as_deref(), Some("9999"));
        for wrong in ["12.03.2027", "2027-02-30", "2027-03-12T09:30", "завтра"] {
            assert_eq!(wanted_from(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_bad_line_is_told_and_nothing_of_what_stands_there() {
        let head =
            "full_name,email,phone,citizen_id,service_code,organisation,from,until,joined_at\n";
        let good =
            "Орлова Ольга,olga@example.org,,17,T-1,Поликлиника,,2027-03-12,2027-01-01T00:00:00Z\n";
        assert_eq!(parse(format!("{head}{good}").as_bytes()).unwrap().len(), 1);
        let bad = format!("{head}{good}Орлова,ольга,,,T-1,Поликлиника,x,,\n");
        let faults = parse(bad.as_bytes()).unwrap_err();
        let columns: Vec<Option<&str>> = faults.iter().map(|f| f.column).collect();
        assert_eq!(columns, [Some("email"), Some("from"), Some("joined_at")]);
        assert!(
            faults
                .iter()
                .all(|f| f.line == 3 && !f.problem.contains("ольга"))
        );
    }
}
