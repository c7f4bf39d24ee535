//! A mailbox in a Maildir that a local mail server delivers into, with folders as Maildir++.
//!
//! Keywords are not kept: Maildir has no portable way to write them.

mod disk;
mod files;

use super::{
    FolderFacts, Listed, Lying, Mailbox, Move, Moved, Placing, RawLetter, ServerFacts, Woken,
    max_size,
};
use crate::config::MaildirSettings;
use crate::domain::{Folder, Keyword, Moment, Place};
use crate::failure::Failure;
use async_trait::async_trait;
use files::Files;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the folders are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// A Maildir mailbox.
#[derive(Debug)]
pub struct MaildirMailbox {
    files: Files,
    max_size: u64,
    /// Keys in the inbox at the last listing.
    seen: BTreeSet<String>,
}

impl MaildirMailbox {
    /// Looks for the Maildir.
    ///
    /// # Errors
    /// [`Failure::Stop`] when there is none, or a setting is wrong.
    pub fn open(settings: &MaildirSettings) -> Result<Self, Failure> {
        Ok(Self {
            files: Files::open(settings)?,
            max_size: max_size(&settings.max_size)?,
            seen: BTreeSet::new(),
        })
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Files) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let files = self.files.clone();
        tokio::task::spawn_blocking(move || work(&files))
            .await
            .map_err(|error| Failure::try_again_because("work on the Maildir broke off", error))?
    }
}

#[async_trait]
impl Mailbox for MaildirMailbox {
    async fn prepare(&mut self) -> Result<(), Failure> {
        self.on_disk(Files::prepare).await
    }

    async fn list(&mut self) -> Result<Vec<Listed>, Failure> {
        let listed = self.on_disk(|files| files.list(Folder::Inbox)).await?;
        self.seen = listed.iter().map(|one| one.place.key.clone()).collect();
        Ok(listed)
    }

    async fn fetch(&mut self, wanted: &[Listed]) -> Result<Vec<RawLetter>, Failure> {
        let (wanted, max_size) = (wanted.to_vec(), self.max_size);
        self.on_disk(move |files| files.fetch(&wanted, max_size))
            .await
    }

    async fn standing(&mut self, folders: &[Folder]) -> Result<Vec<String>, Failure> {
        let folders = folders.to_vec();
        self.on_disk(move |files| folders.iter().map(|one| files.standing(*one)).collect())
            .await
    }

    async fn lying_in(&mut self, folder: Folder) -> Result<Vec<Lying>, Failure> {
        self.on_disk(move |files| files.lying_in(folder)).await
    }

    async fn remove(&mut self, places: &[Place]) -> Result<(), Failure> {
        let places = places.to_vec();
        self.on_disk(move |files| files.remove(&places)).await
    }

    async fn mark(&mut self, _places: &[Place], _keyword: Keyword) -> Result<(), Failure> {
        Ok(())
    }

    async fn file_away(&mut self, moves: &[Move]) -> Result<Vec<Moved>, Failure> {
        let moves = moves.to_vec();
        self.on_disk(move |files| files.file_away(&moves)).await
    }

    async fn place(&mut self, placing: &Placing) -> Result<Moved, Failure> {
        let placing = placing.clone();
        self.on_disk(move |files| files.place(&placing)).await
    }

    async fn wait(&mut self, limit: Duration, stop: &CancellationToken) -> Result<Woken, Failure> {
        let until = Instant::now() + limit;
        loop {
            if stop.is_cancelled() {
                return Ok(Woken::Cancelled);
            }
            let here = self.on_disk(|files| files.letters(Folder::Inbox)).await?;
            if here.keys().any(|key| !self.seen.contains(key)) {
                return Ok(Woken::News);
            }
            if Instant::now() >= until {
                return Ok(Woken::Timeout);
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep_until(until.min(Instant::now() + LOOK_EVERY)) => {}
            }
        }
    }

    async fn close(self: Box<Self>) {}
}

/// What `check` wants to know of the Maildir.
pub(super) async fn probe(
    settings: &MaildirSettings,
    since: Option<Moment>,
) -> Result<ServerFacts, Failure> {
    let mut mailbox = MaildirMailbox::open(settings)?;
    let letters = mailbox.list().await?;
    let folders = Folder::ALL
        .into_iter()
        .map(|folder| FolderFacts {
            folder,
            name: mailbox.files.names.of(folder).to_owned(),
            exists: mailbox.files.path(folder).join("cur").is_dir(),
        })
        .collect();
    Ok(ServerFacts::new(&letters, since, folders).with_delimiter(Some('.')))
}

/// Puts a letter into the `new` of a Maildir as a mail server would, received at `received_at`;
/// creates the Maildir when it is missing. Two letters of one moment need different `sequence`s.
///
/// # Errors
/// What the file system says.
pub fn deliver(
    path: &Path,
    bytes: &[u8],
    received_at: Moment,
    sequence: u64,
) -> io::Result<PathBuf> {
    disk::create_maildir(path)?;
    let micros = received_at.micros().rem_euclid(1_000_000);
    let name = format!("{}.M{micros}Q{sequence}.otmena", received_at.seconds());
    disk::write_letter(path, &name, bytes)
}
