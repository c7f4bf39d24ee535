//! A mailbox on an IMAP server, over a thin session layer of our own.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "responses, codes and TLS errors are foreign enums that may grow"
)]

mod connect;
mod desk;
mod guard;
mod idle;
mod internal_date;
mod listing;
mod names;
mod tls;
mod uid_set;
pub(crate) mod session;
pub(crate) mod wire;

use super::{
    FolderFacts, Listed, Lying, Mailbox, Move, Moved, Placing, RawLetter, ServerFacts, Woken,
    max_size,
};
use crate::config::ImapSettings;
use crate::domain::{Folder, Keyword, Moment, Place};
use crate::failure::Failure;
use crate::file_away::imap_move;
use async_trait::async_trait;
use session::Session;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

pub(crate) use names::create as create_folder;
pub(crate) use uid_set::compact;

/// An IMAP mailbox. The session is taken out for each call and put back only when the call ended
/// well: one that failed or was dropped half way can never be used again.
#[derive(Debug)]
pub(super) struct ImapMailbox {
    session: Option<Session>,
    max_size: u64,
}

impl ImapMailbox {
    /// Connects and logs in.
    pub(super) async fn open(settings: &ImapSettings) -> Result<Self, Failure> {
        let max_size = max_size(&settings.max_size)?;
        let session = Session::open(settings, max_size).await?;
        if !session.offers("MOVE") && !session.offers("UIDPLUS") {
            // Without both, EXPUNGE would also remove what others have marked.
            return Err(Failure::stop(
                "the server named by mailbox.host offers neither MOVE nor UIDPLUS",
                "Letters cannot be moved one by one there; use another server",
            ));
        }
        Ok(Self {
            session: Some(session),
            max_size,
        })
    }

    fn take(&mut self) -> Result<Session, Failure> {
        self.session
            .take()
            .ok_or_else(|| Failure::try_again("this IMAP session ended with an earlier failure"))
    }

    fn keep<T>(&mut self, session: Session, result: Result<T, Failure>) -> Result<T, Failure> {
        if result.is_ok() {
            self.session = Some(session);
        }
        result
    }
}

#[async_trait]
impl Mailbox for ImapMailbox {
    async fn prepare(&mut self) -> Result<(), Failure> {
        let mut session = self.take()?;
        let result = names::prepare(&mut session).await;
        self.keep(session, result)
    }

    async fn list(&mut self) -> Result<Vec<Listed>, Failure> {
        let mut session = self.take()?;
        let result = listing::list(&mut session).await;
        self.keep(session, result)
    }

    async fn fetch(&mut self, wanted: &[Listed]) -> Result<Vec<RawLetter>, Failure> {
        let mut session = self.take()?;
        let result = listing::fetch(&mut session, wanted, self.max_size).await;
        self.keep(session, result)
    }

    async fn standing(&mut self, folders: &[Folder]) -> Result<Vec<String>, Failure> {
        let mut session = self.take()?;
        let result = desk::standing(&mut session, folders).await;
        self.keep(session, result)
    }

    async fn lying_in(&mut self, folder: Folder) -> Result<Vec<Lying>, Failure> {
        let mut session = self.take()?;
        let result = desk::lying_in(&mut session, folder).await;
        self.keep(session, result)
    }

    async fn remove(&mut self, places: &[Place]) -> Result<(), Failure> {
        let mut session = self.take()?;
        let result = imap_move::remove_all(&mut session, places).await;
        self.keep(session, result)
    }

    async fn mark(&mut self, places: &[Place], keyword: Keyword) -> Result<(), Failure> {
        let mut session = self.take()?;
        let result = imap_move::mark_all(&mut session, places, keyword).await;
        self.keep(session, result)
    }

    async fn file_away(&mut self, moves: &[Move]) -> Result<Vec<Moved>, Failure> {
        let mut session = self.take()?;
        let result = imap_move::file_away(&mut session, moves).await;
        self.keep(session, result)
    }

    async fn place(&mut self, placing: &Placing) -> Result<Moved, Failure> {
        let mut session = self.take()?;
        let result = imap_move::place(&mut session, placing).await;
        self.keep(session, result)
    }

    async fn wait(&mut self, limit: Duration, stop: &CancellationToken) -> Result<Woken, Failure> {
        let mut session = self.take()?;
        let result = idle::wait(&mut session, limit, stop).await;
        self.keep(session, result)
    }

    async fn close(mut self: Box<Self>) {
        if let Some(session) = self.session.take() {
            session.logout().await;
        }
    }
}

/// What `check` wants to know of the server.
pub(super) async fn probe(
    settings: &ImapSettings,
    since: Option<Moment>,
) -> Result<ServerFacts, Failure> {
    let max_size = max_size(&settings.max_size)?;
    let mut session = Session::open(settings, max_size).await?;
    let mut folders = Vec::new();
    for folder in Folder::ALL {
        folders.push(FolderFacts {
            folder,
            name: session.names.of(folder).to_owned(),
            exists: names::exists(&mut session, folder).await?,
        });
    }
    let letters = listing::list(&mut session).await?;
    let facts = ServerFacts::new(&letters, since, folders)
        .with_capabilities(session.offered.iter().cloned().collect())
        .with_delimiter(session.delimiter)
        .with_keywords(session.keeps_keywords == Some(true));
    session.logout().await;
    Ok(facts)
}
