//! Maildir on the file system: names, safe writing, safe moving.

use crate::domain::{ContentHash, Moment};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

pub(super) fn scan(directory: &Path, found: &mut BTreeMap<String, PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
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

pub(super) fn flags(path: &Path) -> String {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("");
    let flags = name.split_once(":2,").map_or("", |(_, flags)| flags);
    flags.to_owned()
}

/// The leading seconds of the name; the file's time where there are none.
pub(super) fn received_at(key: &str, about: &fs::Metadata) -> Moment {
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

pub(super) fn read_up_to(path: &Path, cap: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(cap).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Moves a file into `target`, a `cur`. Another letter of the same name is never overwritten.
pub(super) fn move_file(path: &Path, key: &str, target: &Path) -> io::Result<()> {
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

pub(super) fn create_maildir(path: &Path) -> io::Result<()> {
    for part in ["tmp", "new", "cur"] {
        let part = path.join(part);
        if !part.is_dir() {
            fs::create_dir_all(part)?;
        }
    }
    Ok(())
}

/// Dovecot and Courier keep subscriptions in files of their own; Dovecot's is the common one.
pub(super) fn subscribe(root: &Path, name: &str) -> io::Result<()> {
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
pub(super) fn write_letter(maildir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    let temporary = maildir.join("tmp").join(name);
    let new = maildir.join("new");
    let target = new.join(name);
    if target.exists() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&temporary, &target));
    if let Err(error) = moved {
        // Half a file in tmp harms nobody, but on a full disk it takes room.
        drop(fs::remove_file(&temporary));
        return Err(error);
    }
    sync_directory(&new)?;
    Ok(target)
}

pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// The file system's idea of the time: what a letter placed now is named by.
pub(super) fn file_system_seconds(maildir: &Path) -> io::Result<i64> {
    let probe = maildir.join("tmp").join("otmena.time");
    File::create(&probe)?.sync_all()?;
    let seconds = modified(&fs::metadata(&probe)?).seconds();
    fs::remove_file(&probe)?;
    Ok(seconds)
}
