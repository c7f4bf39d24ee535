//! The step of replying over a ledger that fails, an outage, and rows that nobody should send.

use super::subject::{NOW, Subject, cancelling};
use crate::letters::samples::{data, office, press};
use crate::support::smtp::{SmtpSink, free_port};
use otmena::clock::FixedClock;
use otmena::config::{EnvelopeSender, Security, SmtpServerSettings};
use otmena::decide::{Case, Facts, Judgement};
use otmena::domain::Moment;
use otmena::failure::Failure;
use otmena::record::{OutboxRow, OutboxState};
use otmena::reply::LetterKind;
use otmena::reply::step::{ReplyDesk, SendReport, send_due};
use otmena::reply::transport::SmtpTransport;
use std::sync::Arc;

contract! {
    a_row_that_cannot_be_noted_is_sent_once_and_drags_no_other
    an_outage_lengthens_no_wait_and_uses_up_no_attempts
    a_confirmation_that_has_expired_is_not_sent
    a_row_that_was_sent_too_often_is_given_up_until_it_is_retried
}

fn desk(port: u16) -> ReplyDesk {
    let settings = SmtpServerSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        security: Security::None,
        ca_file: None,
        username: None,
        password: None,
        password_file: None,
        from: office(),
        envelope: EnvelopeSender::Verp,
        connections: 2,
    };
    let transport = SmtpTransport::new(&settings).unwrap();
    ReplyDesk::new(Arc::new(press()), Arc::new(transport))
}

async fn send(subject: &Subject, desk: &ReplyDesk, at: Moment) -> Result<SendReport, Failure> {
    send_due(desk, subject.ledger.as_ref(), &FixedClock::new(at)).await
}

/// An answer to each of these numbers, complete enough to be sent.
async fn answers(subject: &Subject, numbers: &[&str], kind: LetterKind) {
    subject.import(numbers).await;
    let judge = |case: &Case, facts: &Facts| -> Judgement {
        let mut judged = cancelling(case, facts);
        for letter in &mut judged.consequences.letters {
            letter.kind = kind;
            letter.data = data(kind);
        }
        judged
    };
    for (uid, number) in (1..).zip(numbers) {
        let case = subject.letter(uid, number).await;
        subject.decide(&[case], &judge).await;
    }
}

async fn rows(subject: &Subject) -> Vec<OutboxRow> {
    subject.ledger.outbox(None, 10).await.unwrap()
}

async fn a_row_that_cannot_be_noted_is_sent_once_and_drags_no_other(subject: Subject) {
    answers(&subject, &["A-1", "A-2"], LetterKind::NotUnderstood).await;
    let sqlite = subject.url.starts_with("sqlite:");
    subject
        .tamper(if sqlite {
            "CREATE TRIGGER broken BEFORE UPDATE ON outbox WHEN NEW.id = 1 AND NEW.state = 'sent' \
             BEGIN SELECT RAISE(ABORT, 'broken'); END"
        } else {
            "ALTER TABLE outbox ADD CONSTRAINT broken CHECK (NOT (id = 1 AND state = 'sent'))"
        })
        .await;
    let sink = SmtpSink::start();
    let desk = desk(sink.port());
    for minutes in [0, 2, 4] {
        send(&subject, &desk, NOW.plus_minutes(minutes))
            .await
            .unwrap();
    }
    assert_eq!(sink.letters().len(), 2, "each letter was sent once");
    let states: Vec<OutboxState> = rows(&subject).await.iter().map(|row| row.state).collect();
    assert_eq!(states, [OutboxState::Sent, OutboxState::Due]);
    subject
        .tamper(if sqlite {
            "DROP TRIGGER broken"
        } else {
            "ALTER TABLE outbox DROP CONSTRAINT broken"
        })
        .await;
    send(&subject, &desk, NOW.plus_minutes(6)).await.unwrap();
    assert_eq!(sink.letters().len(), 2);
    let rows = rows(&subject).await;
    assert!(rows.iter().all(|row| row.state == OutboxState::Sent));
}

async fn an_outage_lengthens_no_wait_and_uses_up_no_attempts(subject: Subject) {
    answers(&subject, &["A-1", "A-2"], LetterKind::NotUnderstood).await;
    let desk = desk(free_port());
    for minutes in 0..70 {
        let report = send(&subject, &desk, NOW.plus_minutes(minutes))
            .await
            .unwrap();
        assert_eq!((report.handled, report.postponed), (2, 2));
        assert!(report.closed.is_some());
    }
    for row in rows(&subject).await {
        assert_eq!((row.state, row.attempts), (OutboxState::Due, 0));
        assert_eq!(row.due_at, NOW.plus_minutes(70));
    }
}

async fn a_confirmation_that_has_expired_is_not_sent(subject: Subject) {
    answers(&subject, &["A-1"], LetterKind::ConfirmFirst).await;
    let until = data(LetterKind::ConfirmFirst).answer_until.unwrap();
    let sink = SmtpSink::start();
    let report = send(&subject, &desk(sink.port()), until).await.unwrap();
    assert_eq!((report.handled, report.sent, report.failed), (1, 0, 1));
    assert!(sink.letters().is_empty());
    let row = rows(&subject).await.remove(0);
    assert_eq!(row.state, OutboxState::GivenUp);
    assert_eq!(row.last_error.as_deref(), Some("expired"));
}

async fn a_row_that_was_sent_too_often_is_given_up_until_it_is_retried(subject: Subject) {
    answers(&subject, &["A-1"], LetterKind::NotUnderstood).await;
    subject.tamper("UPDATE outbox SET attempts = 60").await;
    let sink = SmtpSink::start();
    let desk = desk(sink.port());
    send(&subject, &desk, NOW).await.unwrap();
    assert!(sink.letters().is_empty());
    let row = rows(&subject).await.remove(0);
    assert_eq!(row.state, OutboxState::GivenUp);
    assert_eq!(row.last_error.as_deref(), Some("too_often"));
    let days_later = NOW.plus_hours(24 * 7);
    subject
        .ledger
        .retry_outbox(&[row.id], days_later)
        .await
        .unwrap();
    send(&subject, &desk, days_later).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
}
