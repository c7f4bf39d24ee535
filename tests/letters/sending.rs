//! Letters on their way out: real smtp-sink, TLS in front of it, and the folder.

use super::samples::{office, press, row};
use crate::support::smtp::{SmtpSink, free_port};
use otmena::config::{EnvelopeSender, Security, SmtpServerSettings, SmtpSettings};
use otmena::domain::EmailAddress;
use otmena::reply::LetterKind;
use otmena::reply::message::RenderedLetter;
use otmena::reply::transport::{FolderTransport, SendFault, SmtpTransport, Transport, open, probe};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

pub(super) fn settings(port: u16) -> SmtpServerSettings {
    SmtpServerSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: Security::None,
        ca_file: None,
        username: None,
        password: None,
        password_file: None,
        from: office(),
        envelope: EnvelopeSender::Verp,
        connections: 4,
    }
}

pub(super) fn letter(row_id: i64) -> RenderedLetter {
    let mut row = row(LetterKind::Cancelled);
    row.id = row_id;
    row.letter.message_id =
        super::samples::id(&format!("otmena.{row_id}.mfrggzdfmztwq2lk@example.org"));
    press().render(&row).unwrap()
}

async fn fault_of(options: &[&str]) -> SendFault {
    let sink = SmtpSink::with(options);
    let transport = SmtpTransport::new(&settings(sink.port())).unwrap();
    transport.send(&letter(1)).await.unwrap_err()
}

#[tokio::test]
async fn a_letter_arrives_whole_with_its_envelope() {
    let sink = SmtpSink::start();
    let transport = SmtpTransport::new(&settings(sink.port())).unwrap();
    let sent = letter(42);
    transport.send(&sent).await.unwrap();
    let [received] = sink.letters().try_into().unwrap();
    assert_eq!(received.envelope_from, sent.envelope.from.as_str());
    assert_eq!(received.recipients, [sent.envelope.to.as_str()]);
    assert_eq!(
        String::from_utf8(received.crlf()),
        String::from_utf8(sent.bytes)
    );
}

#[tokio::test]
async fn a_domain_in_cyrillic_goes_out_as_a_labels() {
    let sink = SmtpSink::start();
    let transport = SmtpTransport::new(&settings(sink.port())).unwrap();
    let mut row = row(LetterKind::NotUnderstood);
    row.letter.recipient = EmailAddress::parse("maria@почта.рф").unwrap();
    let sent = press().render(&row).unwrap();
    transport.send(&sent).await.unwrap();
    let [received] = sink.letters().try_into().unwrap();
    let expected = "maria@xn--80a1acny.xn--p1ai";
    assert_eq!(received.recipients, [expected]);
    let text = String::from_utf8(received.crlf()).unwrap();
    assert!(text.contains(&format!("\r\nTo: {expected}\r\n")), "{text}");
}

#[tokio::test]
async fn many_letters_at_once_arrive_once_each() {
    let sink = SmtpSink::start();
    let transport = Arc::new(SmtpTransport::new(&settings(sink.port())).unwrap());
    let template = letter(0);
    let mut sending = tokio::task::JoinSet::new();
    for row in 0..120 {
        let mut letter = template.clone();
        letter.row = row;
        let text = String::from_utf8(letter.bytes).unwrap();
        letter.bytes = text
            .replace("otmena.0.", &format!("otmena.{row}."))
            .into_bytes();
        let transport = Arc::clone(&transport);
        sending.spawn(async move { transport.send(&letter).await });
    }
    while let Some(sent) = sending.join_next().await {
        sent.unwrap().unwrap();
    }
    let mut ids: Vec<String> = sink
        .letters()
        .iter()
        .map(|letter| letter.header("Message-ID").unwrap())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), sink.letters().len()), (120, 120));
}

#[tokio::test]
async fn a_passing_refusal_of_a_letter_means_later() {
    for options in [["-r", "RCPT"], ["-r", "DATA"], ["-r", "."]] {
        let fault = fault_of(&options).await;
        assert_eq!(
            fault,
            SendFault::Later {
                code: "smtp_450".to_owned()
            },
            "{options:?}"
        );
    }
}

#[tokio::test]
async fn a_lasting_refusal_of_a_letter_is_final() {
    for options in [["-f", "RCPT"], ["-f", "DATA"], ["-f", "."]] {
        let fault = fault_of(&options).await;
        assert_eq!(
            fault,
            SendFault::Refused {
                code: "smtp_500".to_owned()
            },
            "{options:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_takes_nothing_from_us_is_closed_and_no_letter_is_lost() {
    for (options, code) in [
        (["-f", "MAIL"], "smtp_500"),
        (["-f", "EHLO"], "smtp_500"),
        (["-f", "CONNECT"], "smtp_500"),
        (["-Q", "RCPT"], "smtp_421"),
        (["-q", "."], "network"),
        (["-q", "EHLO"], "network"),
    ] {
        let fault = fault_of(&options).await;
        assert_eq!(
            fault,
            SendFault::Closed {
                code: code.to_owned()
            },
            "{options:?}"
        );
    }
}

#[tokio::test]
async fn after_an_outage_the_same_letter_arrives_under_the_same_message_id() {
    let mut sink = SmtpSink::start();
    let transport = SmtpTransport::new(&settings(sink.port())).unwrap();
    sink.stop();
    let fault = transport.send(&letter(9)).await.unwrap_err();
    assert_eq!(
        fault,
        SendFault::Closed {
            code: "network".to_owned()
        }
    );
    sink.start_again(&[]);
    transport.send(&letter(9)).await.unwrap();
    let [received] = sink.letters().try_into().unwrap();
    let expected = format!("<{}>", letter(9).message_id.as_str());
    assert_eq!(received.header("Message-ID"), Some(expected));
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_is_replaced() {
    let mut sink = SmtpSink::start();
    let transport = SmtpTransport::new(&settings(sink.port())).unwrap();
    transport.send(&letter(1)).await.unwrap();
    sink.start_again(&[]);
    transport.send(&letter(2)).await.unwrap();
    assert_eq!(sink.letters().len(), 2);
}

/// TLS in front of a sink, with a certificate of its own authority.
struct TlsFront {
    port: u16,
    ca_file: PathBuf,
    _folder: tempfile::TempDir,
}

impl TlsFront {
    async fn start(sink_port: u16, host: &str) -> Self {
        let issued = rcgen::generate_simple_self_signed(vec![host.to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let ca_file = folder.path().join("ca.pem");
        std::fs::write(&ca_file, issued.cert.pem()).unwrap();
        let key = PrivateKeyDer::try_from(issued.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![issued.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    let Ok(mut client) = acceptor.accept(client).await else {
                        return;
                    };
                    let mut sink = tokio::net::TcpStream::connect(("127.0.0.1", sink_port))
                        .await
                        .unwrap();
                    drop(tokio::io::copy_bidirectional(&mut client, &mut sink).await);
                });
            }
        });
        Self {
            port,
            ca_file,
            _folder: folder,
        }
    }

    fn settings(&self) -> SmtpServerSettings {
        SmtpServerSettings {
            security: Security::Tls,
            ca_file: Some(self.ca_file.clone()),
            username: Some("cancel@example.org".to_owned()),
            password: Some("a secret".to_owned().into()),
            ..settings(self.port)
        }
    }
}

#[tokio::test]
async fn a_letter_goes_over_tls_with_login_when_the_certificate_is_known() {
    let sink = SmtpSink::start();
    let front = TlsFront::start(sink.port(), "127.0.0.1").await;
    let transport = SmtpTransport::new(&front.settings()).unwrap();
    transport.send(&letter(1)).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
    probe(&SmtpSettings::Smtp(front.settings())).await.unwrap();
}

#[tokio::test]
async fn an_unknown_or_foreign_certificate_is_refused() {
    let sink = SmtpSink::start();
    let unknown = SmtpServerSettings {
        ca_file: None,
        ..TlsFront::start(sink.port(), "127.0.0.1").await.settings()
    };
    let foreign = TlsFront::start(sink.port(), "mail.example.net").await;
    for settings in [unknown, foreign.settings()] {
        let transport = SmtpTransport::new(&settings).unwrap();
        let fault = transport.send(&letter(1)).await.unwrap_err();
        assert!(matches!(fault, SendFault::Closed { .. }), "{fault:?}");
        let failure = probe(&SmtpSettings::Smtp(settings)).await.unwrap_err();
        assert!(
            failure.to_string().contains("smtp.ca_file"),
            "{}",
            failure.chain()
        );
    }
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent_in_the_clear() {
    let sink = SmtpSink::start();
    let settings = SmtpServerSettings {
        security: Security::Starttls,
        username: Some("cancel@example.org".to_owned()),
        password: Some("a secret".to_owned().into()),
        ..settings(sink.port())
    };
    let transport = SmtpTransport::new(&settings).unwrap();
    let fault = transport.send(&letter(1)).await.unwrap_err();
    assert_eq!(
        fault,
        SendFault::Closed {
            code: "smtp_unsupported".to_owned()
        }
    );
    assert!(sink.letters().is_empty());
}

#[tokio::test]
async fn a_refused_login_is_told_as_such_and_makes_no_letter_undeliverable() {
    let sink = SmtpSink::with(&["-f", "AUTH"]);
    let settings = SmtpServerSettings {
        username: Some("cancel@example.org".to_owned()),
        password: Some("wrong".to_owned().into()),
        ..settings(sink.port())
    };
    let transport = SmtpTransport::new(&settings).unwrap();
    let fault = transport.send(&letter(1)).await.unwrap_err();
    assert_eq!(
        fault,
        SendFault::Closed {
            code: "login_500".to_owned()
        }
    );
    let failure = probe(&SmtpSettings::Smtp(settings)).await.unwrap_err();
    assert!(
        failure.to_string().contains("smtp.password"),
        "{}",
        failure.chain()
    );
}

#[test]
fn settings_that_cannot_work_are_named_at_once() {
    let refused = |change: fn(&mut SmtpServerSettings)| {
        let mut settings = settings(25);
        change(&mut settings);
        SmtpTransport::new(&settings).unwrap_err().to_string()
    };
    assert!(refused(|s| s.host = "mail.example.org".to_owned()).contains("smtp.security"));
    assert!(refused(|s| s.username = Some("x".to_owned())).contains("smtp.password"));
    let missing = |s: &mut SmtpServerSettings| {
        s.security = Security::Tls;
        s.ca_file = Some(PathBuf::from("/nonexistent/ca.pem"));
    };
    assert!(refused(missing).contains("smtp.ca_file"));
}

#[tokio::test]
async fn probing_a_closed_port_names_host_and_port() {
    let failure = probe(&SmtpSettings::Smtp(settings(free_port())))
        .await
        .unwrap_err();
    assert!(
        failure.to_string().contains("smtp.host"),
        "{}",
        failure.chain()
    );
}

#[tokio::test]
async fn the_folder_holds_one_file_for_each_letter_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let transport = FolderTransport::new(&path).unwrap();
    for row in [1, 2, 1] {
        transport.send(&letter(row)).await.unwrap();
    }
    let mut names: Vec<String> = std::fs::read_dir(&path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names[0].starts_with("00000001-") && names[0].ends_with(".eml"),
        "{names:?}"
    );
    let bytes = std::fs::read(path.join(&names[0])).unwrap();
    let sent = letter(1);
    let expected = format!("Return-Path: <{}>\r\n", sent.envelope.from.as_str());
    assert_eq!(bytes, [expected.into_bytes(), sent.bytes].concat());
}

#[tokio::test]
async fn settings_open_the_transport_that_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let settings = SmtpSettings::Folder(otmena::config::FolderSettings {
        path: folder.path().join("a/b"),
        from: office(),
        envelope: EnvelopeSender::Plain,
    });
    probe(&settings).await.unwrap();
    open(&settings).unwrap().send(&letter(1)).await.unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path().join("a/b"))
            .unwrap()
            .count(),
        1
    );
}
