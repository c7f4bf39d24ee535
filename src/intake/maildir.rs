//! A mailbox in a Maildir that a local mail server delivers into, with folders as Maildir++.
//!
//! Keywords are not kept: Maildir has no portable way to write them.

use super::{
    FolderFacts, Listed, Mailbox, Move, Moved, OVER_CAP_BYTES, Placing, RawLetter, ServerFacts,
    Woken, max_size,
};
use crate::config::MaildirSettings;
use crate::domain::{ContentHash, Folder, Moment, Place};
use crate::failure::Failure;
use crate::file_away::folders::{FolderNames, Naming};
use async_trait::async_trait;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
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
        let listed = self.on_disk(Files::list).await?;
        self.seen = listed.iter().map(|one| one.place.key.clone()).collect();
        Ok(listed)
    }

    async fn fetch(&mut self, wanted: &[Listed]) -> Result<Vec<RawLetter>, Failure> {
        let (wanted, max_size) = (wanted.to_vec(), self.max_size);
        self.on_disk(move |files| files.fetch(&wanted, max_size))
            .await
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
    create_maildir(path)?;
    let micros = received_at.micros().rem_euclid(1_000_000);
    let name = format!("{}.M{micros}Q{sequence}.otmena", received_at.seconds());
    write_letter(path, &name, bytes)
}

/// The Maildir and the names of its folders.
#[derive(Debug, Clone)]
struct Files {
    root: PathBuf,
    names: FolderNames,
}

impl Files {
    fn open(settings: &MaildirSettings) -> Result<Self, Failure> {
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

    fn path(&self, folder: Folder) -> PathBuf {
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

    fn prepare(&self) -> Result<(), Failure> {
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
    fn letters(&self, folder: Folder) -> Result<BTreeMap<String, PathBuf>, Failure> {
        let mut found = BTreeMap::new();
        for part in ["new", "cur"] {
            let directory = self.path(folder).join(part);
            scan(&directory, &mut found)
                .map_err(|error| passing("the Maildir could not be read", error))?;
        }
        Ok(found)
    }

    fn list(&self) -> Result<Vec<Listed>, Failure> {
        let mut listed = Vec::new();
        for (key, path) in self.letters(Folder::Inbox)? {
            let about = match fs::symlink_metadata(&path) {
                Ok(about) if about.is_file() => about,
                Ok(_) => continue,
                // Renamed by a mail program between the two looks, or gone: look again.
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    match self.letters(Folder::Inbox)?.get(&key).map(fs::metadata) {
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
                    folder: Folder::Inbox,
                    validity: 0,
                    key,
                },
            });
        }
        listed.sort_by(|a, b| (a.received_at, &a.place.key).cmp(&(b.received_at, &b.place.key)));
        Ok(listed)
    }

    fn fetch(&self, wanted: &[Listed], max_size: u64) -> Result<Vec<RawLetter>, Failure> {
        let mut here = self.letters(Folder::Inbox)?;
        let mut letters = Vec::new();
        for listed in wanted {
            let over_cap = listed.size > max_size;
            let cap = if over_cap { OVER_CAP_BYTES } else { max_size };
            let mut read = here
                .get(&listed.place.key)
                .map(|path| read_up_to(path, cap));
            if matches!(&read, Some(Err(error)) if error.kind() == ErrorKind::NotFound) {
                here = self.letters(Folder::Inbox)?;
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

    fn file_away(&self, moves: &[Move]) -> Result<Vec<Moved>, Failure> {
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
            let target = self.path(order.to).join("cur");
            let moved = create_maildir(&self.path(order.to))
                .and_then(|()| move_file(path, &order.from.key, &target));
            outcomes.push(match moved {
                Ok(()) => {
                    touched.extend(path.parent().map(Path::to_path_buf));
                    touched.insert(target);
                    Moved::Done
                }
                Err(error) => refused(&error, order.to)?,
            });
        }
        for directory in touched {
            sync_directory(&directory)
                .map_err(|error| passing("a folder could not be synced", error))?;
        }
        Ok(outcomes)
    }

    fn place(&self, placing: &Placing) -> Result<Moved, Failure> {
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

/// A full disk or a quota is waited for; a letter that is gone is done; anything else ends the
/// call.
fn refused(error: &io::Error, folder: Folder) -> Result<Moved, Failure> {
    let kind = error.kind();
    if kind == ErrorKind::NotFound {
        return Ok(Moved::Done);
    }
    if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
        tracing::warn!(folder = folder.code(), code = %kind, "no room for a letter");
        return Ok(Moved::NotYet);
    }
    Err(Failure::try_again(format!(
        "a letter could not be put into {}: {kind}",
        folder.code()
    )))
}

fn scan(directory: &Path, found: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if !name.as_bytes().starts_with(b".") {
            let (name, path) = readable(&name, entry.path())?;
            found.insert(unique_part(&name).to_owned(), path);
        }
    }
    Ok(())
}

/// A file name that is not UTF-8 could not be noted in the ledger: such a file gets a name made
/// from its bytes, so that its letter is not passed over.
fn readable(name: &OsString, path: PathBuf) -> io::Result<(String, PathBuf)> {
    if let Some(text) = name.to_str() {
        return Ok((text.to_owned(), path));
    }
    let seconds = modified(&fs::symlink_metadata(&path)?).seconds();
    let hash = ContentHash::of(&[name.as_bytes()]).to_hex();
    let better = format!("{seconds}.{}.renamed:2,", hash.get(..24).unwrap_or(""));
    let target = path.with_file_name(&better);
    fs::rename(&path, &target)?;
    Ok((better, target))
}

/// The part of a file name before the flags; mail programs change only what follows.
fn unique_part(name: &str) -> &str {
    name.split_once(":2,").map_or(name, |(unique, _)| unique)
}

fn flags(path: &Path) -> String {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let flags = name.split_once(":2,").map_or("", |(_, flags)| flags);
    flags.to_owned()
}

/// The leading seconds of the name; the file's time where there are none.
fn received_at(key: &str, about: &fs::Metadata) -> Moment {
    let digits = key
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or("");
    match digits.parse::<i64>() {
        // Names such as `1.letter` hold no time.
        Ok(seconds) if digits.len() >= 9 && digits.len() <= 11 => Moment::from_seconds(seconds),
        _ => modified(about),
    }
}

fn modified(about: &fs::Metadata) -> Moment {
    let since_epoch = about
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Moment::from_seconds(i64::try_from(since_epoch.as_secs()).unwrap_or(0))
}

fn read_up_to(path: &Path, cap: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(cap).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Moves a file into `target`, a `cur`. Another letter of the same name is never overwritten.
fn move_file(path: &Path, key: &str, target: &Path) -> io::Result<()> {
    let flags = flags(path);
    for attempt in 0..100 {
        let suffix = if attempt == 0 {
            String::new()
        } else {
            format!("_{attempt}")
        };
        let to = target.join(format!("{key}{suffix}:2,{flags}"));
        match fs::hard_link(path, &to) {
            Ok(()) => return fs::remove_file(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                // A crash between link and removal left the same file under both names.
                if is_same_file(path, &to)? {
                    return fs::remove_file(path);
                }
            }
            // File systems without hard links.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Unsupported | ErrorKind::PermissionDenied
                ) =>
            {
                if !to.exists() {
                    return fs::rename(path, &to);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn is_same_file(one: &Path, other: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (one, other) = (fs::metadata(one)?, fs::metadata(other)?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

fn create_maildir(path: &Path) -> io::Result<()> {
    for part in ["tmp", "new", "cur"] {
        let part = path.join(part);
        if !part.is_dir() {
            fs::create_dir_all(part)?;
        }
    }
    Ok(())
}

/// Dovecot and Courier keep subscriptions in files of their own; Dovecot's is the common one.
fn subscribe(root: &Path, name: &str) -> io::Result<()> {
    let path = root.join("subscriptions");
    let known = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    if known.lines().any(|line| line == name) || known.starts_with("V\t2") {
        return Ok(());
    }
    let mut file = fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)?;
    writeln!(file, "{name}")
}

/// Writes a letter the Maildir way: into `tmp`, synced, then by its name into `new`.
fn write_letter(maildir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let temporary = maildir.join("tmp").join(name);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let new = maildir.join("new");
    let target = new.join(name);
    let moved = written.and_then(|()| fs::rename(&temporary, &target));
    if let Err(error) = moved {
        // Half a file in tmp harms nobody, but on a full disk it takes room.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    sync_directory(&new)?;
    Ok(target)
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The file system's idea of the time: what a letter placed now is named by.
fn file_system_seconds(maildir: &Path) -> io::Result<i64> {
    let probe = maildir.join("tmp").join("otmena.time");
    File::create(&probe)?.sync_all()?;
    let seconds = modified(&fs::metadata(&probe)?).seconds();
    fs::remove_file(&probe)?;
    Ok(seconds)
}
