//! Connecting, logging in, and the faults that the operator must hear of.

use super::*;
use crate::support::dovecot::{Certificate, PASSWORD};
use otmena::config::Security;
use otmena::failure::Failure;
use otmena::intake::probe;

async fn failure(settings: ImapSettings) -> Failure {
    open(&MailboxSettings::Imap(settings))
        .await
        .err()
        .expect("opening should fail")
}

fn assert_stop(failure: &Failure, setting: &str) {
    assert!(!failure.is_passing(), "{failure}");
    assert!(failure.to_string().contains(setting), "{failure}");
    assert!(!failure.chain().contains(PASSWORD));
}

#[tokio::test]
async fn imap_opens_plain_on_loopback_over_starttls_and_over_tls() {
    let dovecot = &shared();
    dovecot.append("opens", "INBOX", &letter("opens"), None);
    let mut ways = vec![settings(dovecot, "opens")];
    for (security, port) in [
        (Security::Starttls, dovecot.imap_port()),
        (Security::Tls, dovecot.imaps_port()),
    ] {
        let mut secured = settings(dovecot, "opens");
        secured.security = security;
        secured.port = Some(port);
        secured.ca_file = Some(dovecot.ca_file());
        ways.push(secured);
    }
    for way in ways {
        let mut mailbox = opened(way).await;
        assert_eq!(mailbox.list().await.unwrap().len(), 1);
        mailbox.close().await;
    }
}

#[tokio::test]
async fn a_wrong_password_stops_and_names_the_setting() {
    let dovecot = &shared();
    let mut wrong = settings(dovecot, "wrong");
    wrong.password = Some("something else".to_owned().into());
    assert_stop(&failure(wrong).await, "mailbox.password");
}

#[tokio::test]
async fn a_password_comes_from_its_file() {
    let dovecot = &shared();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{PASSWORD}\n")).unwrap();
    let mut from_file = settings(dovecot, "from-file");
    from_file.password = None;
    from_file.password_file = Some(file.path().to_owned());
    let mut mailbox = opened(from_file.clone()).await;
    assert_eq!(mailbox.list().await.unwrap(), []);
    from_file.password_file = Some("/nonexistent/password".into());
    assert_stop(&failure(from_file).await, "mailbox.password_file");
}

#[tokio::test]
async fn an_unknown_host_stops_and_names_the_setting() {
    let dovecot = &shared();
    let mut unknown = settings(dovecot, "unknown");
    unknown.host = "no-such-host.invalid".to_owned();
    unknown.security = Security::Tls;
    assert_stop(&failure(unknown).await, "mailbox.host");
}

#[tokio::test]
async fn no_tls_to_another_machine_is_refused() {
    let dovecot = &shared();
    let mut open = settings(dovecot, "open");
    open.host = "192.0.2.1".to_owned();
    assert_stop(&failure(open).await, "mailbox.security");
}

#[tokio::test]
async fn a_refused_connection_is_tried_again() {
    let dovecot = &shared();
    let mut closed = settings(dovecot, "closed");
    closed.port = Some(1);
    assert!(failure(closed).await.is_passing());
}

#[tokio::test]
async fn an_unknown_certificate_stops_and_names_the_setting() {
    let dovecot = &shared();
    let mut untrusted = settings(dovecot, "untrusted");
    untrusted.security = Security::Tls;
    untrusted.port = Some(dovecot.imaps_port());
    assert_stop(&failure(untrusted.clone()).await, "mailbox.ca_file");
    untrusted.security = Security::Starttls;
    untrusted.port = Some(dovecot.imap_port());
    assert_stop(&failure(untrusted.clone()).await, "mailbox.ca_file");
    untrusted.ca_file = Some("/nonexistent/ca.pem".into());
    assert_stop(&failure(untrusted).await, "mailbox.ca_file");
}

#[tokio::test]
async fn expired_and_foreign_certificates_stop_and_name_the_setting() {
    for (certificate, word) in [
        (Certificate::Expired, "expired"),
        (Certificate::OtherName, "not made out to"),
    ] {
        let dovecot = Dovecot::start(DovecotOptions {
            certificate,
            ..DovecotOptions::default()
        });
        let mut settings = settings(&dovecot, "u");
        settings.security = Security::Tls;
        settings.port = Some(dovecot.imaps_port());
        settings.ca_file = Some(dovecot.ca_file());
        let failure = failure(settings).await;
        assert_stop(&failure, "mailbox.host");
        assert!(failure.to_string().contains(word), "{failure}");
    }
}

#[tokio::test]
async fn tls_on_the_plain_port_stops_and_names_the_setting() {
    let dovecot = &shared();
    let mut mixed = settings(dovecot, "mixed");
    mixed.security = Security::Tls;
    assert_stop(&failure(mixed).await, "mailbox.security");
}

#[tokio::test]
async fn a_server_without_move_and_uidplus_stops() {
    let dovecot = Dovecot::start(DovecotOptions {
        without: vec!["MOVE", "UIDPLUS"],
        ..DovecotOptions::default()
    });
    let failure = failure(settings(&dovecot, "u")).await;
    assert_stop(&failure, "MOVE");
}

#[tokio::test]
async fn a_missing_inbox_stops_and_is_not_created() {
    let dovecot = &shared();
    let mut misspelt = settings(dovecot, "misspelt");
    misspelt.inbox = "Вхадящие".to_owned();
    let mut mailbox = open(&MailboxSettings::Imap(misspelt)).await.unwrap();
    assert_stop(&mailbox.prepare().await.unwrap_err(), "mailbox.inbox");
    assert!(!dovecot.folders("misspelt").contains(&"Вхадящие".to_owned()));
}

#[tokio::test]
async fn prepare_creates_and_subscribes_folders_with_cyrillic_names() {
    let dovecot = &shared();
    let mut mailbox = mailbox(dovecot, "folders").await;
    mailbox.prepare().await.unwrap();
    let expected = [
        "INBOX",
        "Обработано",
        "Обработано/Автоматические",
        "Разбор",
        "Разбор/Отказать",
        "Разбор/Отменить запись",
        "Разбор/Повторить",
    ];
    assert_eq!(dovecot.folders("folders"), expected);
    assert_eq!(dovecot.subscribed("folders"), expected[1..]);
}

#[tokio::test]
async fn folders_lie_below_the_prefix_of_the_namespace() {
    let dovecot = Dovecot::start(DovecotOptions {
        namespace: ("INBOX.", '.'),
        ..DovecotOptions::default()
    });
    dovecot.append("u", "INBOX", &letter("prefix"), None);
    let mut mailbox = mailbox(&dovecot, "u").await;
    let listed = mailbox.list().await.unwrap();
    let moves = [order(&listed[0], Folder::CancelBooking, &[])];
    mailbox.file_away(&moves).await.unwrap();
    let found = dovecot.letters_in("u", "INBOX.Разбор.Отменить запись");
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn probe_tells_capabilities_folders_and_counts_and_changes_nothing() {
    let dovecot = &shared();
    for (mark, date) in [
        ("p1", "01-Jan-2025 00:00:00 +0300"),
        ("p2", "05-Feb-2026 10:22:00 +0300"),
        ("p3", "05-Feb-2026 10:22:01 +0300"),
    ] {
        dovecot.append("probed", "INBOX", &letter(mark), Some(date));
    }
    let since = otmena::domain::Moment::parse_rfc3339("2026-02-05T10:22:00+03:00");
    let settings = MailboxSettings::Imap(settings(dovecot, "probed"));
    let facts = probe(&settings, since).await.unwrap();
    assert_eq!((facts.letters, facts.before, facts.from), (3, 1, 2));
    for capability in ["IDLE", "MOVE", "UIDPLUS", "NOTIFY", "CONDSTORE"] {
        assert!(facts.offers(capability), "{capability}");
    }
    assert!(!facts.offers("QUOTA"));
    assert_eq!((facts.delimiter, facts.keywords), (Some('/'), true));
    let there: Vec<Folder> = facts
        .folders
        .iter()
        .filter(|folder| folder.exists)
        .map(|folder| folder.folder)
        .collect();
    assert_eq!(there, [Folder::Inbox]);
    assert_eq!(dovecot.folders("probed"), ["INBOX"]);
}
