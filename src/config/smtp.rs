//! `[smtp]`

use super::Security;
use crate::domain::EmailAddress;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;

/// How answers leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SmtpSettings {
    /// Through a mail server.
    Smtp(SmtpServerSettings),
    /// Into a folder, one `.eml` file for each letter.
    Folder(FolderSettings),
}

/// A mail server for submission.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpServerSettings {
    /// Host name or address.
    pub host: String,
    /// Port; 465 for TLS, 587 for STARTTLS, 25 otherwise, where absent.
    pub port: Option<u16>,
    /// How the connection is secured.
    #[serde(default)]
    pub security: Security,
    /// An extra root certificate in PEM, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// Login; absent: none.
    pub username: Option<String>,
    /// Password; or `password_file`.
    pub password: Option<SecretString>,
    /// File whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// From of our letters, `Клиника <cancel@example.org>`.
    pub from: MailboxName,
    /// Envelope sender.
    #[serde(default)]
    pub envelope: EnvelopeSender,
    /// Connections kept open, from 1 to 20.
    #[serde(default = "default_connections")]
    pub connections: u8,
}

/// Letters into a folder.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSettings {
    /// The folder.
    pub path: PathBuf,
    /// From of our letters.
    pub from: MailboxName,
    /// Envelope sender; only noted in a `Return-Path` header.
    #[serde(default)]
    pub envelope: EnvelopeSender,
}

/// What stands in MAIL FROM.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnvelopeSender {
    /// One address for each letter (variable envelope return path), so that bounces are told apart.
    #[default]
    Verp,
    /// The address of From.
    Plain,
}

/// A display name and an address, `Клиника <cancel@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MailboxName {
    /// The display name; may be empty.
    pub name: String,
    /// The address.
    pub address: EmailAddress,
}

impl TryFrom<String> for MailboxName {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let expected = "expected «Name <address@example.org>» or an address alone";
        let (name, address) = match text
            .trim()
            .strip_suffix('>')
            .and_then(|t| t.rsplit_once('<'))
        {
            Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
            None => ("", text.trim()),
        };
        if name.chars().any(char::is_control) {
            return Err(expected);
        }
        let address = EmailAddress::parse(address).ok_or(expected)?;
        Ok(Self {
            name: name.to_owned(),
            address,
        })
    }
}

impl SmtpSettings {
    /// From of our letters.
    pub const fn from(&self) -> &MailboxName {
        match self {
            Self::Smtp(server) => &server.from,
            Self::Folder(folder) => &folder.from,
        }
    }

    /// What stands in MAIL FROM.
    pub const fn envelope(&self) -> EnvelopeSender {
        match self {
            Self::Smtp(server) => server.envelope,
            Self::Folder(folder) => folder.envelope,
        }
    }
}

fn default_connections() -> u8 {
    4
}
