//! The data of a document: what it says, signed, and carried inside it as an attached file.

use super::cannot_draw;
use crate::domain::{DocumentKey, DocumentToken, Moment, PublicKey, Signed, Zone};
use crate::failure::Failure;
use crate::reply::LetterData;
use serde::{Deserialize, Serialize};

/// The name of the attached file.
pub const DATA_FILE: &str = "otmena.json";

/// Names the shape of the data; another shape gets another name.
const FORMAT: &str = "otmena-document-1";

/// What a document says: nothing but what can be read on its pages. Never the citizen's reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentFacts {
    /// Number of the document.
    pub document: String,
    /// Number of the booking.
    pub number: String,
    /// The citizen's full name.
    pub full_name: String,
    /// Name of the service.
    pub service: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Address of the appointment.
    pub address: String,
    /// Doctor, room or window; may be empty.
    pub resource: String,
    /// Start of the appointment.
    pub starts_at: Moment,
    /// The organisation's zone.
    pub zone: Zone,
    /// When the letter that asked was received; `None` when nobody asked by letter.
    pub received_at: Option<Moment>,
    /// When the booking was cancelled.
    pub cancelled_at: Moment,
    /// Issued again with other bytes than the first time.
    pub duplicate: bool,
}

impl DocumentFacts {
    /// The facts of a cancellation.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack booking, document number or the moment.
    pub fn of(data: &LetterData, duplicate: bool) -> Result<Self, Failure> {
        let booking = data.booking.clone().ok_or_else(|| cannot_draw("booking"))?;
        Ok(Self {
            document: data
                .document
                .clone()
                .ok_or_else(|| cannot_draw("document"))?,
            number: booking.number,
            full_name: booking.full_name,
            service: booking.service,
            organisation: booking.organisation,
            address: booking.address,
            resource: booking.resource,
            starts_at: booking.starts_at,
            zone: booking.zone,
            received_at: data.received_at,
            cancelled_at: data
                .cancelled_at
                .ok_or_else(|| cannot_draw("cancelled_at"))?,
            duplicate,
        })
    }

    /// The token of the square code says the same in short.
    pub fn token(&self) -> DocumentToken {
        let to_the_second = |at: Moment| Moment::from_seconds(at.seconds());
        DocumentToken {
            document: self.document.clone(),
            booking: self.number.clone(),
            starts_at: self.starts_at.minute(),
            cancelled_at: to_the_second(self.cancelled_at),
            received_at: self.received_at.map(to_the_second),
        }
    }
}

/// What the signature is over.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedText {
    format: String,
    facts: DocumentFacts,
    /// SHA-256 over the visible text, paragraph by paragraph, so that the words are bound, too.
    text_sha256: String,
}

/// The attached file. The signed text stands in it as a text, so that no program's way of writing
/// JSON can spoil the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFile {
    signed: String,
    /// Base64 of the Ed25519 signature over `signed`.
    signature: String,
    /// Base64 of the public key; only a hint, it proves nothing by itself.
    public_key: String,
    /// The token of the square code.
    pub(super) token: String,
}

/// Signed data whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedData {
    /// What the document says.
    pub facts: DocumentFacts,
    /// Lower-case hexadecimal of the hash over the visible text.
    pub text_sha256: String,
}

impl DataFile {
    /// Signs what a document says, `text_sha256` being the hash of its visible text.
    pub(super) fn sign(
        facts: &DocumentFacts,
        text_sha256: String,
        token: String,
        key: &DocumentKey,
    ) -> Result<Self, Failure> {
        let text = SignedText {
            format: FORMAT.to_owned(),
            facts: facts.clone(),
            text_sha256,
        };
        let signed = serde_json::to_string(&text).map_err(|_| cannot_draw("data"))?;
        let signature = key.sign(Signed::Data, signed.as_bytes());
        Ok(Self {
            signature: data_encoding::BASE64.encode(&signature),
            public_key: key.public().to_base64(),
            signed,
            token,
        })
    }

    /// The bytes of the attached file.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Failure> {
        serde_json::to_vec_pretty(self).map_err(|_| cannot_draw("data"))
    }

    /// Reads the bytes of the attached file; `None` where they are none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The data, if `key` signed both them and the token, and both say the same.
    pub fn verify(&self, key: PublicKey) -> Option<VerifiedData> {
        let signature = data_encoding::BASE64
            .decode(self.signature.as_bytes())
            .ok()?;
        if !key.verifies(Signed::Data, self.signed.as_bytes(), &signature) {
            return None;
        }
        let text: SignedText = serde_json::from_str(&self.signed).ok()?;
        let token = DocumentToken::verify(&self.token, key)?;
        (text.format == FORMAT && token == text.facts.token()).then_some(VerifiedData {
            facts: text.facts,
            text_sha256: text.text_sha256,
        })
    }
}
