//! Waiting for news on a real Dovecot.

use super::*;
use otmena::intake::Woken;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LONG: Duration = Duration::from_secs(120);
const SHORT: Duration = Duration::from_millis(300);

/// Waits while something else happens.
async fn while_waiting(
    mailbox: &mut Box<dyn Mailbox>,
    limit: Duration,
    stop: &CancellationToken,
    deed: impl FnOnce() + Send + 'static,
) -> Woken {
    let deed = tokio::task::spawn_blocking(move || {
        std::thread::sleep(SHORT);
        deed();
    });
    let woken = mailbox.wait(limit, stop).await.unwrap();
    deed.await.unwrap();
    woken
}

#[tokio::test]
async fn idle_wakes_on_delivery() {
    let dovecot = shared();
    let mut mailbox = mailbox(&dovecot, "idles").await;
    let stop = CancellationToken::new();
    assert_eq!(mailbox.list().await.unwrap(), []);
    let deliver = {
        let dovecot = dovecot.clone();
        move || dovecot.deliver_lmtp("idles", &letter("news"))
    };
    let woken = while_waiting(&mut mailbox, LONG, &stop, deliver).await;
    assert_eq!(woken, Woken::News);
    assert_eq!(mailbox.list().await.unwrap().len(), 1);
    // What was listed is no news any more, and the session is in step.
    assert_eq!(mailbox.wait(SHORT, &stop).await.unwrap(), Woken::Timeout);
    assert_eq!(mailbox.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_that_came_before_the_waiting_is_news() {
    let dovecot = shared();
    let mut mailbox = mailbox(&dovecot, "early").await;
    let stop = CancellationToken::new();
    assert_eq!(mailbox.list().await.unwrap(), []);
    dovecot.deliver_lmtp("early", &letter("early"));
    assert_eq!(mailbox.wait(LONG, &stop).await.unwrap(), Woken::News);
    assert_eq!(mailbox.list().await.unwrap().len(), 1);
    // The same while another folder was selected.
    dovecot.deliver_lmtp("early", &letter("earlier"));
    let note = placing("note", Folder::DeadLetter, true);
    mailbox.place(&note).await.unwrap();
    assert_eq!(mailbox.wait(LONG, &stop).await.unwrap(), Woken::News);
    assert_eq!(mailbox.list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn without_idle_the_server_is_asked() {
    let dovecot = Arc::new(Dovecot::start(DovecotOptions {
        without: vec!["IDLE"],
        ..DovecotOptions::default()
    }));
    let mut mailbox = mailbox(&dovecot, "u").await;
    let stop = CancellationToken::new();
    assert_eq!(mailbox.list().await.unwrap(), []);
    assert_eq!(mailbox.wait(SHORT, &stop).await.unwrap(), Woken::Timeout);
    let delivery = {
        let dovecot = dovecot.clone();
        tokio::task::spawn_blocking(move || dovecot.deliver_lmtp("u", &letter("news")))
    };
    // However long the delivery takes, it shows when the server is asked again.
    while mailbox.wait(SHORT, &stop).await.unwrap() == Woken::Timeout {}
    delivery.await.unwrap();
    assert_eq!(mailbox.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn cancelling_wakes_and_leaves_the_session_usable() {
    let dovecot = shared();
    let mut mailbox = mailbox(&dovecot, "stopped").await;
    let stop = CancellationToken::new();
    assert_eq!(mailbox.list().await.unwrap(), []);
    let cancel = {
        let stop = stop.clone();
        move || stop.cancel()
    };
    let woken = while_waiting(&mut mailbox, LONG, &stop, cancel).await;
    assert_eq!(woken, Woken::Cancelled);
    assert_eq!(mailbox.wait(LONG, &stop).await.unwrap(), Woken::Cancelled);
    dovecot.deliver_lmtp("stopped", &letter("late"));
    assert_eq!(mailbox.list().await.unwrap().len(), 1);
    mailbox.close().await;
}

#[tokio::test]
async fn a_server_killed_in_idle_is_an_error() {
    let mut dovecot = Dovecot::start(DovecotOptions::default());
    let mut mailbox = mailbox(&dovecot, "u").await;
    let stop = CancellationToken::new();
    assert_eq!(mailbox.list().await.unwrap(), []);
    let killed = tokio::task::spawn_blocking(move || {
        std::thread::sleep(SHORT);
        dovecot.kill();
    });
    assert!(mailbox.wait(LONG, &stop).await.unwrap_err().is_passing());
    killed.await.unwrap();
}
