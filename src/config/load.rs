//! Loads all settings: file, environment, secrets, policy; whatever comes out of here is sound.

use super::{
    ImapSettings, MailboxSettings, Security, Settings, SmtpServerSettings, SmtpSettings,
    environment, policy_file, secrets, shape, values,
};
use crate::domain::{Moment, Policy, TokenSecrets};
use crate::failure::Failure;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Settings that were read, checked and completed.
#[derive(Debug)]
pub struct Loaded {
    /// The settings. Passwords are in `password`, also where the file named a `password_file`; all
    /// paths and the file of a `sqlite:` address begin at the folder of the settings file.
    pub settings: Settings,
    /// The rules of the office.
    pub policy: Policy,
    /// The secrets behind our tokens.
    pub secrets: TokenSecrets,
    /// `mailbox.max_size` in octets.
    pub max_size: u64,
    /// `mailbox.since`.
    pub since: Option<Moment>,
}

/// Reads the settings in the file at `path`, with the variables of the environment laid over them.
///
/// # Errors
/// [`Failure::Stop`] names the setting that is wrong and says what to write instead.
pub fn load(path: &Path) -> Result<Loaded, Failure> {
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with("OTMENA_") {
            continue;
        }
        let value = value.into_string().map_err(|_| {
            Failure::stop(
                format!("the environment variable {name} is not UTF-8 text"),
                "Write it in UTF-8",
            )
        })?;
        variables.push((name, value));
    }
    variables.sort();
    load_with(path, variables)
}

/// As [`load`], with these variables instead of the environment's.
///
/// # Errors
/// As [`load`].
pub fn load_with(
    path: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Failure::stop_because(
            format!("the settings file {} cannot be read", path.display()),
            "Name another with --config, or write one: otmena sample-config > otmena.toml",
            cause,
        )
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    complete(read_toml(path, &text)?, folder, variables)
}

fn read_toml(path: &Path, text: &str) -> Result<Table, Failure> {
    text.parse::<Table>().map_err(|error| {
        // The error's own text repeats the line, which may hold a secret: only its place is told.
        let before = error
            .span()
            .and_then(|span| text.get(..span.start))
            .unwrap_or("");
        let line = before.matches('\n').count() + 1;
        Failure::stop(
            format!(
                "{}, line {line}: no TOML ({})",
                path.display(),
                error.message().lines().next().unwrap_or("unreadable")
            ),
            "Mend this line; texts stand in quotes, sections in [brackets], nothing stands twice",
        )
    })
}

fn complete(
    mut table: Table,
    folder: &Path,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, Failure> {
    environment::overlay(&mut table, variables)?;
    shape::check(&table)?;
    size_as_text(&mut table);
    let mut settings = Settings::deserialize(Value::Table(table)).map_err(|error| {
        Failure::stop(
            format!("the settings do not fit together ({})", error.message()),
            "Compare them with `otmena sample-config`",
        )
    })?;
    place(&mut settings, folder);
    finish_mailbox(&mut settings.mailbox)?;
    finish_smtp(&mut settings.smtp)?;
    let secrets = token_secrets(&mut settings)?;
    let policy = policy_file::load(settings.policy.file.as_deref())?;
    let (max_size, since) = limits(&settings.mailbox)?;
    Ok(Loaded {
        settings,
        policy,
        secrets,
        max_size,
        since,
    })
}

/// A size may be written as a bare number; the settings hold it as text.
fn size_as_text(table: &mut Table) {
    let mailbox = table.get_mut("mailbox").and_then(Value::as_table_mut);
    if let Some(size) = mailbox.and_then(|mailbox| mailbox.get_mut("max_size"))
        && let Some(octets) = size.as_integer()
    {
        *size = Value::String(octets.to_string());
    }
}

/// One rule for every relative path: it begins at the folder of the settings file, so that a
/// command finds the daemon's database wherever it is called.
fn place(settings: &mut Settings, folder: &Path) {
    let put = |path: &mut PathBuf| *path = folder.join(&*path);
    let sender = &mut settings.sender;
    let mut files = vec![
        &mut sender.token_secret_file,
        &mut sender.token_secret_previous_file,
        &mut settings.policy.file,
    ];
    match &mut settings.mailbox {
        MailboxSettings::Imap(imap) => files.extend([&mut imap.ca_file, &mut imap.password_file]),
        MailboxSettings::Maildir(maildir) => put(&mut maildir.path),
    }
    match &mut settings.smtp {
        SmtpSettings::Smtp(server) => {
            files.extend([&mut server.ca_file, &mut server.password_file])
        }
        SmtpSettings::Folder(letters) => put(&mut letters.path),
    }
    files.into_iter().flatten().for_each(put);
    settings.database.url = values::database_url_from(folder, &settings.database.url);
}

fn finish_mailbox(mailbox: &mut MailboxSettings) -> Result<(), Failure> {
    let names = match mailbox {
        MailboxSettings::Imap(imap) => {
            finish_imap(imap)?;
            vec![
                imap.inbox.as_str(),
                imap.processed.as_str(),
                imap.dead_letter.as_str(),
            ]
        }
        MailboxSettings::Maildir(maildir) => {
            vec![
                "INBOX",
                maildir.processed.as_str(),
                maildir.dead_letter.as_str(),
            ]
        }
    };
    let mut seen: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    seen.sort();
    seen.dedup();
    if seen.len() == names.len() {
        return Ok(());
    }
    Err(Failure::stop(
        "`mailbox.processed`, `mailbox.dead_letter` and the inbox must be three folders",
        "Give each a name of its own",
    ))
}

fn finish_imap(imap: &mut ImapSettings) -> Result<(), Failure> {
    refuse_open_line("mailbox", imap.security, &imap.host)?;
    let password = secrets::require(
        "mailbox.password",
        imap.password.as_ref(),
        imap.password_file.as_ref(),
    )?;
    imap.password = Some(password);
    Ok(())
}

fn finish_smtp(smtp: &mut SmtpSettings) -> Result<(), Failure> {
    match smtp {
        SmtpSettings::Folder(_) => Ok(()),
        SmtpSettings::Smtp(server) => finish_server(server),
    }
}

fn finish_server(server: &mut SmtpServerSettings) -> Result<(), Failure> {
    refuse_open_line("smtp", server.security, &server.host)?;
    let (direct, file) = (server.password.as_ref(), server.password_file.as_ref());
    server.password = match &server.username {
        Some(_) => Some(secrets::require("smtp.password", direct, file)?),
        None => secrets::take("smtp.password", direct, file)?,
    };
    if server.username.is_none() && server.password.is_some() {
        return Err(Failure::stop(
            "`smtp.password` is given without `smtp.username`",
            "Write the login into `smtp.username`, or take the password out",
        ));
    }
    Ok(())
}

fn refuse_open_line(section: &str, security: Security, host: &str) -> Result<(), Failure> {
    if security != Security::None || values::is_loopback(host) {
        return Ok(());
    }
    Err(Failure::stop(
        format!(
            "`{section}.security` = \"none\" would send letters and passwords in the open, and `{section}.host` is not this machine"
        ),
        format!("Write \"tls\" or \"starttls\" into `{section}.security`"),
    ))
}

fn token_secrets(settings: &mut Settings) -> Result<TokenSecrets, Failure> {
    let sender = &mut settings.sender;
    let current = secrets::require(
        "sender.token_secret",
        sender.token_secret.as_ref(),
        sender.token_secret_file.as_ref(),
    )?;
    secrets::check_length("sender.token_secret", &current)?;
    let previous = secrets::take(
        "sender.token_secret_previous",
        sender.token_secret_previous.as_ref(),
        sender.token_secret_previous_file.as_ref(),
    )?;
    if let Some(previous) = &previous {
        secrets::check_length("sender.token_secret_previous", previous)?;
    }
    let octets = |secret: &SecretString| secret.expose_secret().as_bytes().to_vec();
    let secrets = TokenSecrets::new(&octets(&current), previous.as_ref().map(octets).as_deref());
    sender.token_secret = Some(current);
    sender.token_secret_previous = previous;
    Ok(secrets)
}

fn limits(mailbox: &MailboxSettings) -> Result<(u64, Option<Moment>), Failure> {
    let (size, since) = match mailbox {
        MailboxSettings::Imap(imap) => (&imap.max_size, &imap.since),
        MailboxSettings::Maildir(maildir) => (&maildir.max_size, &maildir.since),
    };
    let refuse = |key: &str| {
        Failure::stop(
            format!("`mailbox.{key}` cannot be read"),
            "Compare it with `otmena sample-config`",
        )
    };
    let max_size = values::size(size).ok_or_else(|| refuse("max_size"))?;
    let since = match since {
        Some(text) => Some(Moment::parse_rfc3339(text).ok_or_else(|| refuse("since"))?),
        None => None,
    };
    Ok((max_size, since))
}
