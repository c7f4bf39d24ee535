//! `[mailbox]`

use super::Security;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;

/// Where letters arrive.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum MailboxSettings {
    /// A mailbox on an IMAP server.
    Imap(ImapSettings),
    /// A Maildir that a local mail server delivers into.
    Maildir(MaildirSettings),
}

/// An IMAP mailbox.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapSettings {
    /// Host name or address of the server.
    pub host: String,
    /// Port; 993 for TLS, 143 otherwise, where absent.
    pub port: Option<u16>,
    /// How the connection is secured.
    #[serde(default)]
    pub security: Security,
    /// An extra root certificate in PEM, beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// Login.
    pub username: String,
    /// Password; or `password_file`.
    pub password: Option<SecretString>,
    /// File whose first line is the password.
    pub password_file: Option<PathBuf>,
    /// The inbox.
    #[serde(default = "default_inbox")]
    pub inbox: String,
    /// Folder for decided letters.
    #[serde(default = "default_processed")]
    pub processed: String,
    /// Folder for dead letters.
    #[serde(default = "default_dead_letter")]
    pub dead_letter: String,
    /// RFC 3339; letters received before are left alone.
    pub since: Option<String>,
    /// Size cap of a letter, `25MB`.
    #[serde(default = "default_max_size")]
    pub max_size: String,
}

/// A Maildir mailbox.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaildirSettings {
    /// The Maildir, with `new`, `cur` and `tmp`; folders below it as Maildir++.
    pub path: PathBuf,
    /// Folder for decided letters.
    #[serde(default = "default_processed")]
    pub processed: String,
    /// Folder for dead letters.
    #[serde(default = "default_dead_letter")]
    pub dead_letter: String,
    /// RFC 3339; letters received before are left alone.
    pub since: Option<String>,
    /// Size cap of a letter, `25MB`.
    #[serde(default = "default_max_size")]
    pub max_size: String,
}

fn default_inbox() -> String {
    "INBOX".to_owned()
}

fn default_processed() -> String {
    "Обработано".to_owned()
}

fn default_dead_letter() -> String {
    "Разбор".to_owned()
}

fn default_max_size() -> String {
    "25MB".to_owned()
}
