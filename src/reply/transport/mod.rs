//! How letters leave: through a mail server, or into a folder. I/O.

mod access;
mod connection;
mod folder;
mod smtp;

pub use folder::FolderTransport;
pub use smtp::SmtpTransport;

use super::message::RenderedLetter;
use crate::config::SmtpSettings;
use crate::failure::Failure;
use async_trait::async_trait;
use std::sync::Arc;

/// Why a letter was not taken. Codes are ours, never the server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendFault {
    /// This letter may be taken later (4xx).
    Later {
        /// `smtp_451`.
        code: String,
    },
    /// This letter is refused for good (5xx to its recipient or content).
    Refused {
        /// `smtp_550`.
        code: String,
    },
    /// No letter can be sent now: network, TLS, login, or the server takes nothing from us.
    Closed {
        /// `network`, `tls`, `login_535`, `smtp_421`.
        code: String,
    },
}

impl SendFault {
    /// The code, for the ledger and the log.
    pub fn code(&self) -> &str {
        match self {
            Self::Later { code } | Self::Refused { code } | Self::Closed { code } => code,
        }
    }
}

/// A way for letters to leave. A repeat of a letter carries the same Message-ID.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends one letter; `Ok` means that it was taken for good.
    async fn send(&self, letter: &RenderedLetter) -> Result<(), SendFault>;

    /// How many letters may be sent at the same time.
    fn connections(&self) -> usize;
}

/// The transport that the settings ask for. Nothing is connected yet.
///
/// # Errors
/// [`Failure::Stop`] names the setting that cannot work.
pub fn open(settings: &SmtpSettings) -> Result<Arc<dyn Transport>, Failure> {
    Ok(match settings {
        SmtpSettings::Smtp(server) => Arc::new(SmtpTransport::new(server)?),
        SmtpSettings::Folder(folder) => Arc::new(FolderTransport::new(&folder.path)?),
    })
}

/// What a mail server took that was probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probed {
    /// Whether it takes letters to a plus-address of ours; delivery is another matter.
    pub plus_address: bool,
}

/// Tries the settings without sending anything: connection, TLS, login, MAIL and RCPT with our own
/// address; or writes and removes a file in the folder.
///
/// # Errors
/// [`Failure`] names the setting and what to do.
pub async fn probe(settings: &SmtpSettings) -> Result<Probed, Failure> {
    match settings {
        SmtpSettings::Smtp(server) => {
            let own = &server.from.address;
            SmtpTransport::new(server)?.probe(own).await
        }
        SmtpSettings::Folder(folder) => {
            FolderTransport::new(&folder.path)?.probe()?;
            Ok(Probed { plus_address: true })
        }
    }
}
