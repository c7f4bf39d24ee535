//! One connection to a mail server, and the commands by which a letter is handed over.

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// For each command and its answer.
pub(super) const STEP: Duration = Duration::from_secs(30);
/// For the answer to the whole message: content filters take their time, and giving up here would
/// send the letter twice.
const TAKING: Duration = Duration::from_secs(120);

/// A connection that is kept open.
pub(super) struct Connection {
    pub(super) smtp: AsyncSmtpConnection,
    /// Whether the server takes several commands in one write (RFC 2920).
    pipelining: bool,
    /// Whether the server waits for a message: then it reads nothing as a command.
    pub(super) awaits_message: bool,
    /// Handed over so far.
    pub(super) letters: u32,
    /// When it was used last.
    pub(super) since: Instant,
}

/// What went wrong, before it is judged: `phase` says what the server was asked.
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Severity {
    /// 4xx.
    Passing,
    /// 5xx.
    Lasting,
    /// No answer, or none that can be read.
    Broken,
}

impl Connection {
    /// A connection that is greeted and logged in; asks once more what the server offers, since
    /// lettre keeps only what it knows itself.
    pub(super) async fn open(mut smtp: AsyncSmtpConnection) -> Result<Self, Refusal> {
        let offered = timed(STEP, smtp.command(Ehlo::new(ClientId::default()))).await?;
        let pipelining = offered
            .message()
            .any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
        Ok(Self {
            smtp,
            pipelining,
            awaits_message: false,
            letters: 0,
            since: Instant::now(),
        })
    }

    /// MAIL; where the server takes several commands at once, RCPT and DATA go with it.
    pub(super) async fn begin(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let mut commands = Mail::new(Some(from.clone()), vec![]).to_string();
        if self.pipelining {
            commands.push_str(&Rcpt::new(to.clone(), vec![]).to_string());
            commands.push_str(&Data.to_string());
        }
        timed(STEP, self.smtp.command(commands)).await.map(|_| ())
    }

    /// The rest, after MAIL was taken.
    pub(super) async fn hand_over(&mut self, to: Address, bytes: &[u8]) -> Result<(), Refusal> {
        if self.pipelining {
            let recipient = timed(STEP, self.smtp.read_response()).await;
            if recipient
                .as_ref()
                .is_err_and(|refusal| refusal.severity == Severity::Broken)
            {
                return recipient.map(|_| ());
            }
            // Without a recipient some servers still ask for the message: it is never sent.
            let data = timed(STEP, self.smtp.read_response()).await;
            self.awaits_message = data.is_ok();
            recipient.and(data)?;
        } else {
            timed(STEP, self.smtp.command(Rcpt::new(to, vec![]))).await?;
            timed(STEP, self.smtp.command(Data)).await?;
            self.awaits_message = true;
        }
        // One write for the message and its final dot: two would wait for each other's ACK.
        let taken = timed(TAKING, self.smtp.command(payload(bytes))).await;
        self.awaits_message = taken
            .as_ref()
            .is_err_and(|refusal| refusal.severity == Severity::Broken);
        taken.map(|_| ())
    }
}

/// The message with leading dots doubled (RFC 5321 section 4.5.2) and the final dot.
fn payload(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for line in text.split_inclusive("\r\n") {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
    }
    if !out.ends_with("\r\n") {
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    out
}

/// Bounds a step in time.
pub(super) async fn timed<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Refusal> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(refusal(&error)),
        Err(_) => Err(Refusal {
            code: "timeout".to_owned(),
            severity: Severity::Broken,
        }),
    }
}

/// What a failure of lettre means.
pub(super) fn refusal(error: &Error) -> Refusal {
    let severity = match (error.is_transient(), error.is_permanent()) {
        (true, _) => Severity::Passing,
        (_, true) => Severity::Lasting,
        (false, false) => Severity::Broken,
    };
    let code = match error.status() {
        Some(status) => format!("smtp_{status}"),
        None if is_tls(error) => "tls".to_owned(),
        None if error.is_client() => "smtp_unsupported".to_owned(),
        None => "network".to_owned(),
    };
    Refusal { code, severity }
}

/// lettre reports a refused certificate as a fault of the connection; the cause below tells.
pub(super) fn is_tls(error: &Error) -> bool {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref)
            .is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>);
        if inner || cause.is::<rustls::Error>() {
            return true;
        }
        next = cause.source();
    }
    error.is_tls()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_dots_are_doubled_and_the_final_dot_stands_alone() {
        assert_eq!(payload(b"a\r\n.b\r\n..\r\n"), "a\r\n..b\r\n...\r\n.\r\n");
        assert_eq!(payload(b".a"), "..a\r\n.\r\n");
    }
}
