//! Whether a document is ours and unaltered: its data are read out of it, their signature is
//! verified, and the document is made anew from them.

use super::Renderer;
use super::facts::{DATA_FILE, DataFile, DocumentFacts};
use crate::domain::PublicKey;
use crate::failure::Failure;
use lopdf::{Dictionary, Document, Object};

/// Far larger than any document of ours.
pub const LARGEST_DOCUMENT: usize = 10 * 1024 * 1024;
/// The same for the data inside it.
const LARGEST_DATA: usize = 64 * 1024;

/// What became of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Signed by this key, and byte for byte what this version of the program makes of the data.
    Genuine(DocumentFacts),
    /// The data are signed by this key, but the file has other bytes than this version makes: it was
    /// altered, or another version made it. The data can be believed, the pages cannot.
    OtherBytes {
        /// What was signed.
        facts: DocumentFacts,
        /// Whether this version puts the data into the same words as were signed.
        same_words: bool,
    },
    /// No data of ours, or not signed by this key.
    NotOurs,
}

impl Renderer {
    /// Checks a document against a public key.
    ///
    /// # Errors
    /// [`Failure::Stop`] when this build cannot make documents.
    pub fn check(&self, pdf: &[u8], key: PublicKey) -> Result<Verdict, Failure> {
        let Some(file) = data_of(pdf) else {
            return Ok(Verdict::NotOurs);
        };
        let Some(verified) = file.verify(key) else {
            return Ok(Verdict::NotOurs);
        };
        let facts = verified.facts;
        let sheet = self.sheet(&facts, &file.token)?;
        let same_words = super::visible_text(&sheet) == verified.text_sha256;
        let made = self.draw(&facts, &sheet, &file);
        Ok(match made {
            Ok(made) if made == pdf => Verdict::Genuine(facts),
            Ok(_) | Err(_) => Verdict::OtherBytes { facts, same_words },
        })
    }
}

/// The attached data; `None` where there are none, or more than one.
fn data_of(pdf: &[u8]) -> Option<DataFile> {
    if pdf.len() > LARGEST_DOCUMENT {
        return None;
    }
    let document = Document::load_mem(pdf).ok()?;
    let mut found = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok())
        .filter(|dictionary| is_our_file(dictionary));
    let specification = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let files = specification.get(b"EF").and_then(Object::as_dict).ok()?;
    let stream = files.get(b"F").and_then(Object::as_reference).ok()?;
    let stream = document
        .get_object(stream)
        .and_then(Object::as_stream)
        .ok()?;
    if stream.content.len() > LARGEST_DATA {
        return None;
    }
    let bytes = if stream.dict.has(b"Filter") {
        stream.decompressed_content().ok()?
    } else {
        stream.content.clone()
    };
    DataFile::parse(&bytes)
}

fn is_our_file(dictionary: &Dictionary) -> bool {
    let name = dictionary.get(b"F").and_then(Object::as_str);
    dictionary.has(b"EF") && name.is_ok_and(|name| name == DATA_FILE.as_bytes())
}
