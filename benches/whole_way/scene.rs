//! Dovecot with its mail in memory, where the machine has memory for it, and a folder on disk for
//! the program under measurement.

use crate::samples;
use crate::support::dovecot::{Dovecot, DovecotOptions, PASSWORD};
use crate::support::imap_client::ImapClient;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

/// A file system in memory: the disk below the mail is not what is measured.
const MEMORY: &str = "/dev/shm";

/// The servers, and places to write to.
pub struct Scene {
    pub dovecot: Dovecot,
    mail: TempDir,
    desk: Option<TempDir>,
    users: usize,
}

impl Scene {
    /// Starts Dovecot.
    pub fn open() -> Self {
        let memory = Path::new(MEMORY);
        let place = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let mail = folder_for_all(&place, "otmena-mail");
        let options = DovecotOptions {
            // Said again, the later place holds.
            extra: format!("mail_location = maildir:{}/%u\n", mail.path().display()),
            ..DovecotOptions::default()
        };
        Self {
            dovecot: Dovecot::start(options),
            mail,
            desk: None,
            users: 0,
        }
    }

    /// Where the mail of all users lies.
    pub fn mail_lies_in(&self) -> String {
        self.mail.path().parent().unwrap().display().to_string()
    }

    /// A folder in the same place as the mail that every user may write to.
    pub fn folder_in_memory(&self) -> TempDir {
        folder_for_all(self.mail.path().parent().unwrap(), "otmena-sink")
    }

    /// An empty folder on disk for settings, database and log; the one before is removed.
    pub fn clear_desk(&mut self) -> &Path {
        self.desk = None;
        let desk = tempfile::Builder::new()
            .prefix("otmena-bench")
            .tempdir()
            .unwrap();
        self.desk.insert(desk).path()
    }

    /// Leaves the last desk where it is.
    pub fn keep(mut self) {
        if let Some(desk) = self.desk.take() {
            crate::stopwatch::tell(&format!("kept: {}", desk.keep().display()));
        }
    }

    /// A user who has no mail yet.
    pub fn fresh_user(&mut self) -> String {
        self.users += 1;
        format!("office{}", self.users)
    }

    /// Delivers the replies to the first `count` bookings.
    pub fn deliver(&self, user: &str, count: usize) {
        for index in 0..count {
            self.dovecot
                .deliver_lmtp(user, &samples::reply(index, user));
        }
    }

    /// Letters in a folder.
    pub fn count(&self, user: &str, folder: &str) -> usize {
        let mut client = ImapClient::login(self.dovecot.imap_port(), user, PASSWORD);
        let name = utf7_imap::encode_utf7_imap(folder.to_owned());
        let answer = client.command(&format!("STATUS \"{name}\" (MESSAGES)"));
        let line = answer
            .lines
            .iter()
            .find(|line| line.starts_with("* STATUS"));
        let count = line
            .and_then(|line| line.rsplit_once("MESSAGES "))
            .map(|(_, rest)| rest);
        let count = count.unwrap_or_else(|| panic!("no such folder: {:?}", answer.lines));
        count.trim_end_matches(')').parse().unwrap()
    }
}

/// A temporary folder that the mail server's and the sink's users may write to.
fn folder_for_all(place: &Path, name: &str) -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix(name)
        .tempdir_in(place)
        .unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
    folder
}
