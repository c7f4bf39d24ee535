//! Mailboxes: real Dovecot, Maildir, and a scripted server for faults.

mod opening;
mod letters;
mod moving;
mod standing;
mod waiting;
mod scripted;
mod maildir;

use crate::support::dovecot::{Dovecot, DovecotOptions};
use otmena::config::{ImapSettings, MailboxSettings};
use otmena::domain::{Folder, Keyword, MessageId, Place};
use otmena::intake::{Listed, Mailbox, Move, Placing, open};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A Dovecot without peculiarities for tests that inject no faults, each with users of its own.
/// It lives as long as a test holds it.
pub fn shared() -> Arc<Dovecot> {
    static RUNNING: Mutex<Weak<Dovecot>> = Mutex::new(Weak::new());
    let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    running.upgrade().unwrap_or_else(|| {
        let fresh = Arc::new(Dovecot::start(DovecotOptions::default()));
        *running = Arc::downgrade(&fresh);
        fresh
    })
}

/// A letter of which `mark` is the subject and Message-ID.
pub fn letter(mark: &str) -> Vec<u8> {
    format!(
        "From: citizen@example.org\r\nTo: office@example.org\r\nSubject: {mark}\r\n\
         Message-ID: <{mark}@example.org>\r\nDate: Fri, 5 Feb 2027 10:22:00 +0300\r\n\r\n\
         Текст письма {mark}\r\n"
    )
    .into_bytes()
}

/// Settings for a user of a Dovecot, without TLS.
pub fn settings(dovecot: &Dovecot, user: &str) -> ImapSettings {
    let text = dovecot.mail_settings_toml(user);
    let mut sections: BTreeMap<String, MailboxSettings> = toml::from_str(&text).unwrap();
    let Some(MailboxSettings::Imap(imap)) = sections.remove("mailbox") else {
        panic!("not IMAP");
    };
    imap
}

/// The mailbox of a user, with its folders.
pub async fn mailbox(dovecot: &Dovecot, user: &str) -> Box<dyn Mailbox> {
    opened(settings(dovecot, user)).await
}

/// The mailbox of the settings, with its folders.
pub async fn opened(settings: ImapSettings) -> Box<dyn Mailbox> {
    let mut mailbox = open(&MailboxSettings::Imap(settings)).await.unwrap();
    mailbox.prepare().await.unwrap();
    mailbox
}

/// An order to move a listed letter.
pub fn order(listed: &Listed, to: Folder, keywords: &[Keyword]) -> Move {
    Move {
        from: listed.place.clone(),
        to,
        keywords: keywords.to_vec(),
    }
}

/// A letter of ours with this mark.
pub fn placing(mark: &str, folder: Folder, maybe_there: bool) -> Placing {
    Placing {
        folder,
        message_id: MessageId::parse(&format!("{mark}@example.org")).unwrap(),
        bytes: letter(mark),
        keywords: vec![Keyword::Number],
        maybe_there,
    }
}

/// A place in the inbox that no letter has.
pub fn nowhere(validity: u32) -> Place {
    Place {
        folder: Folder::Inbox,
        validity,
        key: "99999".to_owned(),
    }
}
