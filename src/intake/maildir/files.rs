//! The letters of a Maildir and what is done with them.

use super::disk::{
    create_maildir, file_system_seconds, flags, move_file, read_up_to, received_at, scan,
    subscribe, sync_directory, write_letter,
};
use crate::config::MaildirSettings;
use crate::domain::{ContentHash, Folder, Place};
use crate::failure::Failure;
use crate::file_away::folders::{FolderNames, Naming};
use crate::intake::{Listed, Lying, Move, Moved, OVER_CAP_BYTES, Placing, RawLetter};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The Maildir and the names of its folders.
#[derive(Debug, Clone)]
pub(super) struct Files {
    root: PathBuf,
    pub(super) names: FolderNames,
}

impl Files {
    pub(super) fn open(settings: &MaildirSettings) -> Result<Self, Failure> {
        if !settings.path.join("cur").is_dir() || !settings.path.join("new").is_dir() {
            return Err(Failure::stop(
                "mailbox.path is no Maildir: it lacks cur or new",
                "Give the folder that the mail server delivers into",
            ));
        }
        let names = FolderNames::new(Naming {
            inbox: "INBOX",
            processed: &settings.processed,
            dead_letter: &settings.dead_letter,
            prefix: "",
            delimiter: Some('.'),
        })?;
        Ok(Self {
            root: settings.path.clone(),
            names,
        })
    }

    pub(super) fn path(&self, folder: Folder) -> PathBuf {
        match folder {
            Folder::Inbox => self.root.clone(),
            Folder::Processed
            | Folder::Automatic
            | Folder::DeadLetter
            | Folder::Retry
            | Folder::CancelBooking
            | Folder::Refuse => self.root.join(format!(".{}", self.names.encoded(folder))),
        }
    }

    pub(super) fn prepare(&self) -> Result<(), Failure> {
        for folder in Folder::ALL {
            let path = self.path(folder);
            let made = create_maildir(&path).and_then(|()| {
                if folder == Folder::Inbox {
                    return Ok(());
                }
                subscribe(&self.root, &self.names.encoded(folder))?;
                // Maildir++: says that this is a folder of the Maildir above.
                File::create(path.join("maildirfolder")).map(drop)
            });
            made.map_err(|error| passing("a folder could not be created", error))?;
        }
        Ok(())
    }

    /// The files of a folder by the unique part of their names.
    pub(super) fn letters(&self, folder: Folder) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let mut found = BTreeMap::new();
        for part in ["new", "cur"] {
            let directory = self.path(folder).join(part);
            match scan(&directory, &mut found) {
                Ok(()) => {}
                // A folder of ours may be missing; an inbox that is gone is no empty inbox.
                Err(error) if error.kind() == ErrorKind::NotFound && folder != Folder::Inbox => {}
                Err(error) => return Err(passing("the Maildir could not be read", error)),
            }
        }
        Ok(found)
    }

    /// The letters of a folder by time of arrival.
    pub(super) fn list(&self, folder: Folder) -> Result<Vec<Listed>, Failure> {
        let mut listed = Vec::new();
        for (key, path) in self.letters(folder)? {
            let about = match fs::symlink_metadata(&path) {
                Ok(about) if about.is_file() => about,
                Ok(_) => continue,
                // Renamed by a mail program between the two looks, or gone: look again.
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    match self.letters(folder)?.get(&key).map(fs::metadata) {
                        Some(Ok(about)) => about,
                        _ => continue,
                    }
                }
                Err(error) => return Err(passing("the Maildir could not be read", error)),
            };
            listed.push(Listed {
                received_at: received_at(&key, &about),
                size: about.len(),
                place: Place {
                    folder,
                    validity: 0,
                    key,
                },
            });
        }
        listed.sort_by(|a, b| (a.received_at, &a.place.key).cmp(&(b.received_at, &b.place.key)));
        Ok(listed)
    }

    pub(super) fn fetch(
        &self,
        wanted: &[Listed],
        max_size: u64,
    ) -> Result<Vec<RawLetter>, Failure> {
        let folder = wanted
            .first()
            .map_or(Folder::Inbox, |listed| listed.place.folder);
        let mut here = self.letters(folder)?;
        let mut letters = Vec::new();
        for listed in wanted {
            let over_cap = listed.size > max_size;
            let cap = if over_cap { OVER_CAP_BYTES } else { max_size };
            let mut read = here
                .get(&listed.place.key)
                .map(|path| read_up_to(path, cap));
            if matches!(&read, Some(Err(error)) if error.kind() == ErrorKind::NotFound) {
                here = self.letters(folder)?;
                read = here
                    .get(&listed.place.key)
                    .map(|path| read_up_to(path, cap));
            }
            match read {
                None => {}
                Some(Ok(bytes)) => letters.push(RawLetter {
                    listed: listed.clone(),
                    bytes,
                    over_cap,
                }),
                Some(Err(error)) if error.kind() == ErrorKind::NotFound => {}
                Some(Err(error)) => return Err(passing("a letter could not be read", error)),
            }
        }
        Ok(letters)
    }

    /// A hash over the names of a folder's letters.
    pub(super) fn standing(&self, folder: Folder) -> Result<String, Failure> {
        let letters = self.letters(folder)?;
        let names: Vec<&[u8]> = letters.keys().map(String::as_bytes).collect();
        Ok(ContentHash::of(&names).to_hex())
    }

    /// The letters of a folder with the flags that mail programs put into their names.
    pub(super) fn lying_in(&self, folder: Folder) -> Result<Vec<Lying>, Failure> {
        let paths = self.letters(folder)?;
        let listed = self.list(folder)?;
        Ok(listed
            .into_iter()
            .map(|listed| {
                let flags = paths
                    .get(&listed.place.key)
                    .map_or(String::new(), |path| flags(path));
                Lying {
                    flagged: flags.contains('F'),
                    deleted: flags.contains('T'),
                    listed,
                }
            })
            .collect())
    }

    /// Removes letters of ours for good.
    pub(super) fn remove(&self, places: &[Place]) -> Result<(), Failure> {
        for place in places {
            let Some(path) = self.letters(place.folder)?.remove(&place.key) else {
                continue;
            };
            match fs::remove_file(path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(passing("a letter of ours could not be removed", error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    pub(super) fn file_away(&self, moves: &[Move]) -> Result<Vec<Moved>, Failure> {
        let mut here: BTreeMap<Folder, BTreeMap<String, PathBuf>> = BTreeMap::new();
        let mut outcomes = Vec::new();
        let mut touched = BTreeSet::new();
        for order in moves {
            if let Entry::Vacant(unread) = here.entry(order.from.folder) {
                unread.insert(self.letters(order.from.folder)?);
            }
            let path = here
                .get(&order.from.folder)
                .and_then(|letters| letters.get(&order.from.key));
            let Some(path) = path.filter(|_| order.from.folder != order.to) else {
                outcomes.push(Moved::Done);
                continue;
            };
            match self.move_letter(path, order) {
                Ok(path) => {
                    touched.extend(path.parent().map(Path::to_path_buf));
                    touched.insert(self.path(order.to).join("cur"));
                    outcomes.push(Moved::Done);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => outcomes.push(Moved::Done),
                Err(error) => outcomes.push(refused(&error, order.to)?),
            }
        }
        for directory in touched {
            sync_directory(&directory)
                .map_err(|error| passing("a folder could not be synced", error))?;
        }
        Ok(outcomes)
    }

    /// Moves one file and gives where it lay. A mail program that set a flag meanwhile has
    /// renamed it: it is looked for once more before it counts as gone.
    fn move_letter(&self, path: &Path, order: &Move) -> io::Result<PathBuf> {
        create_maildir(&self.path(order.to))?;
        let target = self.path(order.to).join("cur");
        match move_file(path, &order.from.key, &target) {
            Ok(()) => Ok(path.to_path_buf()),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let again = self.letters(order.from.folder).map_err(io::Error::other)?;
                let path = again.get(&order.from.key).ok_or(error)?;
                move_file(path, &order.from.key, &target).map(|()| path.clone())
            }
            Err(error) => Err(error),
        }
    }

    pub(super) fn place(&self, placing: &Placing) -> Result<Moved, Failure> {
        // The name tells the Message-ID again, whatever mail programs append to it.
        let mark = ContentHash::of(&[placing.message_id.as_str().as_bytes()]).to_hex();
        let mark = mark.get(..24).unwrap_or("");
        if placing.maybe_there {
            let there = self.letters(placing.folder)?;
            if there.keys().any(|key| key.contains(mark)) {
                return Ok(Moved::Done);
            }
        }
        let path = self.path(placing.folder);
        let written = create_maildir(&path).and_then(|()| {
            let seconds = file_system_seconds(&path)?;
            write_letter(&path, &format!("{seconds}.{mark}.otmena"), &placing.bytes)
        });
        match written {
            Ok(_) => Ok(Moved::Done),
            Err(error) => refused(&error, placing.folder),
        }
    }
}

fn passing(what: &str, error: io::Error) -> Failure {
    // The error of the file system holds no path, so no name of a letter.
    Failure::try_again_because(what, error)
}

/// A full disk or a quota is waited for; anything else ends the call.
fn refused(error: &io::Error, folder: Folder) -> Result<Moved, Failure> {
    let kind = error.kind();
    if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        tracing::warn!(folder = folder.code(), code = %kind, "no room for a letter");
        return Ok(Moved::NotYet);
    }
    Err(Failure::try_again(format!(
        "a letter could not be put into {}: {kind}",
        folder.code()
    )))
}
