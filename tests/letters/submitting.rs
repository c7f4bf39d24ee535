//! Letters through a real submission server (RFC 6409): Dovecot's, which offers STARTTLS, takes
//! the login only after it, and hands letters on to smtp-sink.

use super::sending::{letter, settings};
use crate::support::dovecot::{Certificate, Dovecot, DovecotOptions, PASSWORD};
use crate::support::smtp::{SmtpSink, free_port};
use otmena::config::{Security, SmtpServerSettings, SmtpSettings};
use otmena::reply::transport::{SendFault, SmtpTransport, Transport, probe};

/// A submission server in front of a sink.
struct Submission {
    dovecot: Dovecot,
    port: u16,
    sink: SmtpSink,
}

impl Submission {
    fn start(certificate: Certificate) -> Self {
        let sink = SmtpSink::start();
        let port = free_port();
        let extra = format!(
            "protocols = imap lmtp submission\nhostname = localhost\n\
             disable_plaintext_auth = yes\n\
             submission_relay_host = 127.0.0.1\nsubmission_relay_port = {}\n\
             service submission-login {{\n  inet_listener submission {{\n    port = {port}\n  }}\n}}\n",
            sink.port()
        );
        let dovecot = Dovecot::start(DovecotOptions {
            certificate,
            // Loopback counts as secured, and would be allowed to log in without TLS.
            extra: format!("{extra}login_trusted_networks =\nssl = required\n"),
            ..DovecotOptions::default()
        });
        Self {
            dovecot,
            port,
            sink,
        }
    }

    fn settings(&self) -> SmtpServerSettings {
        SmtpServerSettings {
            security: Security::Starttls,
            ca_file: Some(self.dovecot.ca_file()),
            username: Some("cancel@example.org".to_owned()),
            password: Some(PASSWORD.to_owned().into()),
            ..settings(self.port)
        }
    }
}

#[tokio::test]
async fn a_letter_goes_over_starttls_with_login() {
    let server = Submission::start(Certificate::Good);
    let transport = SmtpTransport::new(&server.settings()).unwrap();
    let sent = letter(1);
    transport.send(&sent).await.unwrap();
    transport.send(&letter(2)).await.unwrap();
    let [first, _second] = server.sink.letters().try_into().unwrap();
    assert_eq!(first.envelope_from, sent.envelope.from.as_str());
    assert_eq!(first.recipients, [sent.envelope.to.as_str()]);
    let expected = format!("<{}>", sent.message_id.as_str());
    assert_eq!(first.header("Message-ID"), Some(expected));
    probe(&SmtpSettings::Smtp(server.settings())).await.unwrap();
    let log = server.dovecot.log();
    assert!(
        log.contains("submission-login") && log.contains("TLS"),
        "{log}"
    );
}

#[tokio::test]
async fn over_starttls_a_wrong_password_closes_and_names_the_setting() {
    let server = Submission::start(Certificate::Good);
    let wrong = SmtpServerSettings {
        password: Some("wrong".to_owned().into()),
        ..server.settings()
    };
    let transport = SmtpTransport::new(&wrong).unwrap();
    let fault = transport.send(&letter(1)).await.unwrap_err();
    assert!(
        matches!(&fault, SendFault::Closed { code } if code.starts_with("login_")),
        "{fault:?}"
    );
    let failure = probe(&SmtpSettings::Smtp(wrong)).await.unwrap_err();
    assert!(
        failure.to_string().contains("smtp.password"),
        "{}",
        failure.chain()
    );
    assert!(server.sink.letters().is_empty());
}

#[tokio::test]
async fn over_starttls_an_unknown_foreign_or_expired_certificate_is_refused() {
    let good = Submission::start(Certificate::Good);
    let foreign = Submission::start(Certificate::OtherName);
    let expired = Submission::start(Certificate::Expired);
    let unknown = SmtpServerSettings {
        ca_file: None,
        ..good.settings()
    };
    for settings in [unknown, foreign.settings(), expired.settings()] {
        let transport = SmtpTransport::new(&settings).unwrap();
        let fault = transport.send(&letter(1)).await.unwrap_err();
        assert!(matches!(fault, SendFault::Closed { .. }), "{fault:?}");
    }
    for server in [good, foreign, expired] {
        assert!(server.sink.letters().is_empty());
    }
}
