//! A logged-in session: which folder is selected, and what the server told about it.

use super::connect::{self, Capabilities};
use super::wire::{BULK_LIMIT, COMMAND_LIMIT, Tagged, Verdict, Wire};
use crate::config::ImapSettings;
use crate::domain::{Folder, Moment};
use crate::failure::Failure;
use crate::file_away::folders::FolderNames;
use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};
use std::time::Duration;

/// A letter in the selected folder, as listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) uid: u32,
    pub(super) received_at: Moment,
    pub(super) size: u32,
}

/// The selected folder. EXISTS and EXPUNGE keep it true while it is selected.
#[derive(Debug)]
pub(super) struct Selected {
    pub(super) folder: Folder,
    pub(super) validity: u32,
    pub(super) exists: u32,
    /// Whether a letter came since the last listing.
    pub(super) news: bool,
    /// The letters by sequence number, once they have been listed.
    pub(super) rows: Option<Vec<Row>>,
}

/// The session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(super) wire: Wire,
    pub(super) offered: Capabilities,
    pub(super) names: FolderNames,
    pub(super) delimiter: Option<char>,
    pub(super) selected: Option<Selected>,
    /// Whether the folder selected last keeps keywords of our own (PERMANENTFLAGS holds `\*`).
    pub(super) keeps_keywords: Option<bool>,
    /// IDLE was refused in this session although it is offered.
    pub(super) idle_refused: bool,
}

/// Most literal bytes of one response: a letter at the cap whose size the server understated.
fn literal_cap(max_size: u64) -> u64 {
    max_size.saturating_mul(2).saturating_add(1024 * 1024)
}

impl Session {
    /// Connects, logs in and asks where folders lie.
    pub(super) async fn open(settings: &ImapSettings, max_size: u64) -> Result<Self, Failure> {
        let (wire, offered) = connect::connect(settings, literal_cap(max_size)).await?;
        let mut session = Self {
            wire,
            offered,
            names: FolderNames::new(super::names::naming(settings, "", Some('/')))?,
            delimiter: None,
            selected: None,
            keeps_keywords: None,
            idle_refused: false,
        };
        super::names::learn(&mut session, settings).await?;
        Ok(session)
    }

    /// Whether the server offers `capability`.
    pub(crate) fn offers(&self, capability: &str) -> bool {
        self.offered.contains(capability)
    }

    /// Whether letters may be given keywords of our own, as the folder selected last says.
    pub(crate) async fn keeps_keywords(&mut self) -> Result<bool, Failure> {
        if self.keeps_keywords.is_none() {
            self.select(Folder::Inbox).await?;
        }
        Ok(self.keeps_keywords == Some(true))
    }

    /// The folder's name as a quoted string for commands.
    pub(crate) fn quoted(&self, folder: Folder) -> String {
        quote(&self.names.encoded(folder))
    }

    /// Runs a command; untagged responses keep the selected folder true and go to `on`.
    pub(crate) async fn run(
        &mut self,
        command: &str,
        limit: Duration,
        mut on: impl FnMut(&Response<'_>) + Send,
    ) -> Result<Tagged, Failure> {
        let tag = self.wire.send(command).await?;
        let selected = &mut self.selected;
        self.wire
            .finish(&tag, limit, |response| {
                track(selected, response);
                on(response);
            })
            .await
    }

    /// Sends APPEND and its literal; the server may refuse before or after the bytes.
    pub(crate) async fn append(
        &mut self,
        folder: Folder,
        flags: &str,
        bytes: &[u8],
    ) -> Result<Tagged, Failure> {
        let name = self.quoted(folder);
        let command = format!("APPEND {name} ({flags}) {{{}}}", bytes.len());
        let tag = self.wire.send(&command).await?;
        let selected = &mut self.selected;
        let refused = self
            .wire
            .continuation(&tag, |response| track(selected, response))
            .await?;
        if let Some(refused) = refused {
            return Ok(refused);
        }
        self.wire.send_raw(bytes).await?;
        self.wire.send_raw(b"\r\n").await?;
        let selected = &mut self.selected;
        self.wire
            .finish(&tag, BULK_LIMIT, |response| track(selected, response))
            .await
    }

    /// Selects a folder unless it is selected already, and gives its UIDVALIDITY.
    pub(crate) async fn select(&mut self, folder: Folder) -> Result<u32, Failure> {
        match self.try_select(folder).await? {
            Ok(validity) => Ok(validity),
            Err(answer) => Err(not_selectable(folder, &answer)),
        }
    }

    /// Selects a folder that need not exist; `None` when it does not.
    pub(crate) async fn select_if_there(&mut self, folder: Folder) -> Result<Option<u32>, Failure> {
        match self.try_select(folder).await? {
            Ok(validity) => Ok(Some(validity)),
            Err(_) if !super::names::exists(self, folder).await? => Ok(None),
            Err(answer) => Err(not_selectable(folder, &answer)),
        }
    }

    /// SELECT; the inner error is the server's refusal.
    async fn try_select(&mut self, folder: Folder) -> Result<Result<u32, Tagged>, Failure> {
        if let Some(selected) = self.selected.as_ref().filter(|now| now.folder == folder) {
            return Ok(Ok(selected.validity));
        }
        self.selected = None;
        let mut validity = None;
        let mut exists = None;
        let mut keywords = false;
        let command = format!("SELECT {}", self.quoted(folder));
        let answer = self
            .run(&command, BULK_LIMIT, |response| match response {
                Response::MailboxData(MailboxDatum::Exists(count)) => exists = Some(*count),
                Response::Data { outcome, .. } => match &outcome.code {
                    Some(ResponseCode::UidValidity(value)) => validity = Some(*value),
                    Some(ResponseCode::PermanentFlags(flags)) => {
                        keywords = flags.iter().any(|flag| flag == "\\*");
                    }
                    _ => {}
                },
                _ => {}
            })
            .await?;
        if answer.verdict != Verdict::Ok {
            return Ok(Err(answer));
        }
        if answer.code == Some(ResponseCode::ReadOnly) {
            tracing::warn!(
                folder = folder.code(),
                code = "read_only",
                "folder is read-only"
            );
        }
        let exists = exists.ok_or_else(|| {
            Failure::try_again("the IMAP server did not count a folder's letters")
        })?;
        let validity = validity.filter(|value| *value != 0).ok_or_else(|| {
            Failure::stop(
                format!(
                    "the IMAP server gives no UIDVALIDITY for {}",
                    FolderNames::setting(folder)
                ),
                "Without it letters cannot be told apart; use a server that follows RFC 9051",
            )
        })?;
        self.keeps_keywords = Some(keywords);
        self.selected = Some(Selected {
            folder,
            validity,
            exists,
            news: false,
            rows: None,
        });
        Ok(Ok(validity))
    }

    /// Lets the server tell what is new in the selected folder.
    pub(super) async fn noop(&mut self) -> Result<(), Failure> {
        self.run("NOOP", COMMAND_LIMIT, |_| {})
            .await?
            .expect_ok("NOOP")
            .map(drop)
    }

    /// Ends the session politely; what fails here harms nothing.
    pub(super) async fn logout(mut self) {
        let goodbye = async {
            let tag = self.wire.send("LOGOUT").await?;
            self.wire
                .finish(&tag, Duration::from_secs(5), |_| {})
                .await
                .map(drop)
        };
        if let Err(failure) = goodbye.await {
            tracing::debug!(error = %failure, "the IMAP session ended without LOGOUT");
        }
    }
}

/// Notes what the server tells of the selected folder on its own.
pub(super) fn track(selected: &mut Option<Selected>, response: &Response<'_>) {
    let Some(now) = selected else { return };
    match response {
        Response::MailboxData(MailboxDatum::Exists(count)) => {
            now.news |= *count > now.exists;
            now.exists = *count;
        }
        Response::Expunge(number) => {
            now.exists = now.exists.saturating_sub(1);
            let index = usize::try_from(*number).unwrap_or(0).checked_sub(1);
            let known = index.filter(|at| now.rows.as_ref().is_some_and(|rows| *at < rows.len()));
            if let (Some(index), Some(rows)) = (known, now.rows.as_mut()) {
                rows.remove(index);
            }
        }
        // Only after QRESYNC, which we do not switch on: numbers can no longer be trusted.
        Response::Vanished { .. } => now.rows = None,
        _ => {}
    }
}

/// A quoted string; names hold no line breaks (see `FolderNames`).
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn not_selectable(folder: Folder, answer: &Tagged) -> Failure {
    let setting = FolderNames::setting(folder);
    let described = answer.describe();
    match answer.word.as_str() {
        "NONEXISTENT" | "NOPERM" | "CANNOT" => Failure::stop(
            format!("the folder of {setting} cannot be opened ({described})"),
            "See that it exists and that this user may read and write it",
        ),
        _ => Failure::try_again(format!(
            "SELECT of {} was answered {described}",
            folder.code()
        )),
    }
}
