//! Letters through a mail server (RFC 5321), over a few connections that are kept open.
//!
//! lettre speaks the protocol, but its own pool does not tell a refused login from a refused
//! letter, and a wrong password must never make letters undeliverable.

use super::access::{credentials, is_loopback, tls};
use super::connection::{Connection, Refusal, STEP, Severity, is_tls, refusal, timed};
use super::{Probed, SendFault, Transport};
use crate::config::{Security, SmtpServerSettings};
use crate::domain::EmailAddress;
use crate::failure::Failure;
use crate::reply::message::RenderedLetter;
use crate::reply::wire_address::wire_address;
use async_trait::async_trait;
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// An idle connection older than this is closed: mail servers hang up on idle clients.
const IDLE: Duration = Duration::from_secs(30);
/// Letters over one connection; many servers set a limit of a hundred.
const LETTERS_PER_CONNECTION: u32 = 90;

/// Sends through a mail server.
pub struct SmtpTransport {
    host: String,
    port: u16,
    security: Security,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    connections: usize,
    idle: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for SmtpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpTransport")
    }
}

impl SmtpTransport {
    /// A transport by these settings; nothing is connected yet.
    ///
    /// # Errors
    /// [`Failure::Stop`] names the setting: an unreadable certificate or password file, or no TLS
    /// to a host that is not a loopback address.
    pub fn new(settings: &SmtpServerSettings) -> Result<Self, Failure> {
        if settings.security == Security::None && !is_loopback(&settings.host) {
            return Err(Failure::stop(
                "smtp.security is none, but smtp.host is not a loopback address",
                "set smtp.security to tls or starttls",
            ));
        }
        let default_port = match settings.security {
            Security::Tls => 465,
            Security::Starttls => 587,
            Security::None => 25,
        };
        Ok(Self {
            host: settings.host.clone(),
            port: settings.port.unwrap_or(default_port),
            security: settings.security,
            tls: tls(settings)?,
            credentials: credentials(settings)?,
            connections: usize::from(settings.connections.clamp(1, 20)),
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Connects, secures the connection, logs in, begins a letter from and to `own`, and takes it
    /// back.
    pub(super) async fn probe(&self, own: &EmailAddress) -> Result<Probed, Failure> {
        let mut smtp = self.connect().await.map_err(|error| {
            let code = refusal(&error).code;
            // The server's words may quote an address, so they are not told; ours may.
            let what = format!(
                "smtp: connecting to {}:{} failed ({code})",
                self.host, self.port
            );
            match (is_tls(&error), error.status()) {
                (true, _) => Failure::stop_because(
                    what,
                    "check smtp.security, smtp.port and the certificate; an own authority goes \
                     into smtp.ca_file",
                    error,
                ),
                (_, Some(_)) => Failure::stop(what, "check smtp.host and smtp.port"),
                (_, None) => Failure::stop_because(
                    what,
                    "check smtp.host, smtp.port and smtp.security, and that the server runs",
                    error,
                ),
            }
        })?;
        self.log_in(&mut smtp).await.map_err(|refusal| {
            Failure::stop(
                format!("smtp: the login failed ({})", refusal.code),
                "check smtp.username and smtp.password",
            )
        })?;
        let tried = try_envelope(&mut smtp, own).await;
        smtp.abort().await;
        tried.map_err(|(asked, refusal)| {
            let what = format!("smtp: {asked} smtp.from was refused ({})", refusal.code);
            if refusal.severity == Severity::Lasting {
                let remedy = "check smtp.from, and that the server takes letters of this login";
                Failure::stop(what, remedy)
            } else {
                Failure::try_again(what)
            }
        })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let hello = ClientId::default();
        let immediate = match self.security {
            Security::Tls => self.tls.clone(),
            Security::Starttls | Security::None => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut smtp =
            AsyncSmtpConnection::connect_tokio1(server, Some(STEP), &hello, immediate, None)
                .await?;
        if let (Security::Starttls, Some(tls)) = (self.security, &self.tls) {
            smtp.starttls(tls.clone(), &hello).await?;
        }
        Ok(smtp)
    }

    async fn log_in(&self, smtp: &mut AsyncSmtpConnection) -> Result<(), Refusal> {
        let Some(credentials) = &self.credentials else {
            return Ok(());
        };
        timed(
            STEP,
            smtp.auth(&[Mechanism::Plain, Mechanism::Login], credentials),
        )
        .await
        .map(|_| ())
        .map_err(|refusal| Refusal {
            code: refusal.code.replace("smtp_", "login_"),
            ..refusal
        })
    }

    async fn fresh(&self) -> Result<Connection, SendFault> {
        let mut smtp = timed(STEP, self.connect()).await.map_err(closed)?;
        self.log_in(&mut smtp).await.map_err(closed)?;
        Connection::open(smtp).await.map_err(closed)
    }

    fn take_idle(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(connection) = idle.pop() {
            if connection.since.elapsed() < IDLE {
                return Some(connection);
            }
        }
        None
    }

    fn keep(&self, mut connection: Connection) -> Option<Connection> {
        connection.letters = connection.letters.saturating_add(1);
        connection.since = Instant::now();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.letters >= LETTERS_PER_CONNECTION || idle.len() >= self.connections {
            return Some(connection);
        }
        idle.push(connection);
        None
    }
}

#[async_trait]
impl Transport for SmtpTransport {
    async fn send(&self, letter: &RenderedLetter) -> Result<(), SendFault> {
        let from = address(&letter.envelope.from).map_err(closed)?;
        let to = address(&letter.envelope.to).map_err(judged)?;
        let (mut connection, kept) = match self.take_idle() {
            Some(connection) => (connection, true),
            None => (self.fresh().await?, false),
        };
        let mut greeted = connection.begin(&from, &to).await;
        if kept && greeted.as_ref().is_err_and(hung_up) {
            // The server had closed the idle connection: nothing was sent yet.
            connection = self.fresh().await?;
            greeted = connection.begin(&from, &to).await;
        }
        let outcome = match greeted {
            // MAIL FROM names us, not the recipient: a refusal concerns every letter.
            Err(refusal) => Err(closed(refusal)),
            Ok(()) => connection
                .hand_over(to, &letter.bytes)
                .await
                .map_err(judged),
        };
        match outcome {
            Ok(()) => {
                if let Some(mut spent) = self.keep(connection) {
                    spent.smtp.abort().await;
                }
                Ok(())
            }
            Err(fault) => {
                // A fresh connection after any failure: no state is left over.
                if !connection.awaits_message {
                    tokio::time::timeout(Duration::from_secs(2), connection.smtp.abort())
                        .await
                        .unwrap_or_default();
                }
                Err(fault)
            }
        }
    }

    fn connections(&self) -> usize {
        self.connections
    }
}

/// MAIL and RCPT with our own address and a plus-address of it, then RSET: nothing is sent. What was
/// refused is told by what was asked.
async fn try_envelope(
    smtp: &mut AsyncSmtpConnection,
    own: &EmailAddress,
) -> Result<Probed, (&'static str, Refusal)> {
    let from = |refusal| ("a letter from", refusal);
    let to = |refusal| ("a letter to", refusal);
    let us = address(own).map_err(from)?;
    let plus = EmailAddress::parse(&own.as_str().replacen('@', "+otmena-check@", 1));
    let plus = address(plus.as_ref().unwrap_or(own)).map_err(to)?;
    timed(STEP, smtp.command(Mail::new(Some(us.clone()), vec![])))
        .await
        .map_err(from)?;
    timed(STEP, smtp.command(Rcpt::new(us, vec![])))
        .await
        .map_err(to)?;
    let plus_address = timed(STEP, smtp.command(Rcpt::new(plus, vec![])))
        .await
        .is_ok();
    timed(STEP, smtp.command(Rset)).await.map_err(from)?;
    Ok(Probed { plus_address })
}

fn closed(refusal: Refusal) -> SendFault {
    SendFault::Closed { code: refusal.code }
}

fn address(address: &EmailAddress) -> Result<Address, Refusal> {
    wire_address(address).ok_or_else(|| Refusal {
        code: "address".to_owned(),
        severity: Severity::Lasting,
    })
}

fn hung_up(refusal: &Refusal) -> bool {
    refusal.severity == Severity::Broken || refusal.code == "smtp_421"
}

/// A refusal of this recipient or content; 421 closes the connection whatever it answers.
fn judged(refusal: Refusal) -> SendFault {
    let code = refusal.code;
    match refusal.severity {
        Severity::Passing if code == "smtp_421" => SendFault::Closed { code },
        Severity::Passing => SendFault::Later { code },
        Severity::Lasting => SendFault::Refused { code },
        Severity::Broken => SendFault::Closed { code },
    }
}
