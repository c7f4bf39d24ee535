//! Settings: a file per section. Unknown keys are errors; secrets never show in `Debug`.

mod database;
mod http;
mod log;
mod mailbox;
mod policy;
mod registry;
mod sender;
mod smtp;
mod budget;
mod breaker;
mod desk;
mod retention;

mod load;
mod policy_file;
mod environment;
mod shape;
pub mod schema;
mod nearest;
mod values;
mod secrets;

pub use breaker::{BreakerSettings, Limits};
pub use budget::BudgetSettings;
pub use database::DatabaseSettings;
pub use desk::DeskSettings;
pub use http::HttpSettings;
pub use load::{Loaded, load, load_with};
pub use log::{LogFormat, LogSettings};
pub use mailbox::{ImapSettings, MailboxSettings, MaildirSettings};
pub use nearest::nearest;
pub use policy::PolicySettings;
pub use registry::RegistrySettings;
pub use retention::RetentionSettings;
pub use sender::SenderSettings;
pub use smtp::{EnvelopeSender, FolderSettings, MailboxName, SmtpServerSettings, SmtpSettings};

use serde::Deserialize;

/// A complete settings file with a comment for each setting.
pub const SAMPLE: &str = include_str!("sample.toml");

/// All settings, as read from the file and the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where bookings, letters and the journal are kept.
    #[serde(default)]
    pub database: DatabaseSettings,
    /// Where letters arrive.
    pub mailbox: MailboxSettings,
    /// How answers leave.
    pub smtp: SmtpSettings,
    /// How senders are told apart.
    pub sender: SenderSettings,
    /// The rules of the office.
    #[serde(default)]
    pub policy: PolicySettings,
    /// The organisation's own schedule.
    #[serde(default)]
    pub registry: RegistrySettings,
    /// Metrics and health.
    #[serde(default)]
    pub http: HttpSettings,
    /// The log.
    #[serde(default)]
    pub log: LogSettings,
    /// How many answers one address may get.
    #[serde(default)]
    pub budget: BudgetSettings,
    /// From which rate on cancellations wait.
    #[serde(default)]
    pub breaker: BreakerSettings,
    /// How the folders of staff are kept.
    #[serde(default)]
    pub desk: DeskSettings,
    /// How long what names a person is kept.
    #[serde(default)]
    pub retention: RetentionSettings,
}

impl Settings {
    /// The limits that the ledger keeps.
    pub const fn limits(&self) -> Limits {
        Limits {
            budget: self.budget,
            breaker: self.breaker,
        }
    }
}

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first octet.
    #[default]
    Tls,
    /// TLS after STARTTLS; refused when the server does not offer it.
    Starttls,
    /// No TLS: only to loopback addresses.
    None,
}

#[cfg(test)]
mod tests;
