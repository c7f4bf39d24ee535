//! Everything that the daemon and the commands work with, made from the settings.

use crate::clock::Clock;
use crate::config::{DeskSettings, Loaded, MailboxName, MailboxSettings, RegistrySettings};
use crate::domain::{BounceTags, ContentHash, DocumentKey, Moment};
use crate::failure::Failure;
use crate::journey::Journey;
use crate::record::Ledger;
use crate::reply::message::Press;
use crate::reply::step::ReplyDesk;
use crate::reply::templates::Templates;
use crate::reply::transport;
use crate::telemetry::Health;
use std::sync::Arc;
use tokio::sync::Notify;

/// The steps with all that they need.
pub struct Workshop {
    /// Steps 2 to 6.
    pub journey: Journey,
    /// Steps 1 and 8: which mailbox.
    pub mailbox: MailboxSettings,
    /// Step 7.
    pub desk: ReplyDesk,
    /// All wording.
    pub templates: Arc<Templates>,
    /// From of our letters.
    pub from: MailboxName,
    /// How the folders of staff are kept.
    pub staff: DeskSettings,
    /// How the organisation's own schedule is told of changes.
    pub registry: RegistrySettings,
    /// Days after an appointment for which names and texts are kept; 0: for ever.
    pub retention_days: u32,
    /// Letters received before are left alone.
    pub since: Option<Moment>,
    /// How long ago the last scan was completed.
    pub health: Health,
    /// Told when a decision made letters due.
    pub replies_due: Notify,
}

impl Workshop {
    /// Loads all wording and opens the way for letters; `key` signs documents.
    ///
    /// # Errors
    /// [`Failure::Stop`] names the setting that is at fault.
    pub fn new(
        loaded: Loaded,
        ledger: Arc<dyn Ledger>,
        clock: Arc<dyn Clock>,
        health: Health,
        key: DocumentKey,
    ) -> Result<Self, Failure> {
        let smtp = &loaded.settings.smtp;
        let from = smtp.from().clone();
        let templates = Arc::new(Templates::load()?);
        let press = Press::new(
            Arc::clone(&templates),
            from.clone(),
            smtp.envelope(),
            BounceTags::new(&loaded.secrets),
            key,
        )?;
        let desk = ReplyDesk::new(Arc::new(press), transport::open(smtp)?);
        let journey = Journey::new(
            &loaded.settings,
            loaded.policy,
            loaded.secrets,
            ledger,
            clock,
        )?;
        Ok(Self {
            journey,
            mailbox: loaded.settings.mailbox,
            desk,
            templates,
            from,
            staff: loaded.settings.desk,
            registry: loaded.settings.registry,
            retention_days: loaded.settings.retention.days,
            since: loaded.since,
            health,
            replies_due: Notify::new(),
        })
    }

    /// Whom the journal names for what is done in the mailbox: the login with which staff open it.
    pub fn staff_login(&self) -> String {
        match &self.mailbox {
            MailboxSettings::Imap(imap) => imap.username.clone(),
            MailboxSettings::Maildir(_) => "staff".to_owned(),
        }
    }

    /// Makes sure that the ledger serves this mailbox and no other: filing orders name places in
    /// one mailbox only.
    ///
    /// # Errors
    /// [`Failure::Stop`] when it serves another.
    pub async fn claim_mailbox(&self) -> Result<(), Failure> {
        self.journey
            .ledger
            .claim_mailbox(&mailbox_identity(&self.mailbox))
            .await
    }
}

/// Which mailbox it is, whatever host serves it: a mailbox may move to another server.
fn mailbox_identity(mailbox: &MailboxSettings) -> ContentHash {
    match mailbox {
        MailboxSettings::Imap(imap) => {
            ContentHash::of(&[b"imap", imap.username.as_bytes(), imap.inbox.as_bytes()])
        }
        MailboxSettings::Maildir(maildir) => {
            ContentHash::of(&[b"maildir", maildir.path.as_os_str().as_encoded_bytes()])
        }
    }
}
