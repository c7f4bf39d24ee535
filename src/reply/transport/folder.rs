//! Letters into a folder, one `.eml` file each: for the demo and for offices whose own program
//! sends them on.

use super::{SendFault, Transport};
use crate::domain::ContentHash;
use crate::failure::Failure;
use crate::reply::message::RenderedLetter;
use async_trait::async_trait;
use std::io::Write;
use std::path::{Path, PathBuf};

const REMEDY: &str = "set smtp.path to a folder that this user may write to";

/// Writes each letter to a file of its own.
#[derive(Debug)]
pub struct FolderTransport {
    path: PathBuf,
}

impl FolderTransport {
    /// A transport into `path`, which is made if it is missing.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the folder cannot be made.
    pub fn new(path: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(path)
            .map_err(|cause| Failure::stop_because("smtp.path cannot be made", REMEDY, cause))?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Writes and removes a file.
    pub(super) fn probe(&self) -> Result<(), Failure> {
        let file = self.path.join(".otmena-check");
        std::fs::write(&file, b"")
            .and_then(|()| std::fs::remove_file(&file))
            .map_err(|cause| Failure::stop_because("smtp.path cannot be written to", REMEDY, cause))
    }
}

#[async_trait]
impl Transport for FolderTransport {
    async fn send(&self, letter: &RenderedLetter) -> Result<(), SendFault> {
        let name = file_name(letter);
        let (path, temporary) = (
            self.path.join(&name),
            self.path.join(format!(".{name}.tmp")),
        );
        let mut bytes = format!("Return-Path: <{}>\r\n", letter.envelope.from.as_str());
        bytes.push_str(&String::from_utf8_lossy(&letter.bytes));
        let written = tokio::task::spawn_blocking(move || {
            write_whole(&temporary, bytes.as_bytes())?;
            std::fs::rename(&temporary, &path)
        })
        .await;
        match written {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(SendFault::Closed {
                code: "folder".to_owned(),
            }),
        }
    }

    fn connections(&self) -> usize {
        2
    }
}

/// The row and the Message-ID name the file: a repeat overwrites it.
fn file_name(letter: &RenderedLetter) -> String {
    let hash = ContentHash::of(&[letter.message_id.as_str().as_bytes()]).to_hex();
    let short: String = hash.chars().take(12).collect();
    format!("{:08}-{short}.eml", letter.row)
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
