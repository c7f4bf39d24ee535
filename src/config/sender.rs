//! `[sender]`

use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;

/// How senders are told apart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderSettings {
    /// Whose Authentication-Results we believe; absent: nobody's.
    pub authserv_id: Option<String>,
    /// Verify DKIM ourselves.
    #[serde(default = "yes")]
    pub dkim: bool,
    /// `system`, or the address of a resolver, `127.0.0.1:5353`.
    #[serde(default = "default_dns")]
    pub dns: String,
    /// Whether the mail server delivers `cancel+anything@…` to the mailbox.
    #[serde(default)]
    pub plus_address: bool,
    /// Secret for our tokens, at least 32 octets; or `token_secret_file`.
    pub token_secret: Option<SecretString>,
    /// File whose first line is the secret.
    pub token_secret_file: Option<PathBuf>,
    /// The secret before the last change: its tokens are still believed.
    pub token_secret_previous: Option<SecretString>,
    /// File whose first line is the previous secret.
    pub token_secret_previous_file: Option<PathBuf>,
}

fn yes() -> bool {
    true
}

fn default_dns() -> String {
    "system".to_owned()
}
