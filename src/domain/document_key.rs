//! The key pair that signs our documents (Ed25519, RFC 8032), and public keys that verify them.

use super::ContentHash;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// What stands before the public key in a SubjectPublicKeyInfo (RFC 8410 section 4).
const SPKI_HEAD: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// What is signed: a signature over one kind of text never passes for one over another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The data of a document.
    Data,
    /// The short token in its square code.
    Token,
}

impl Signed {
    fn message(self, text: &[u8]) -> Vec<u8> {
        let head: &[u8] = match self {
            Self::Data => b"otmena document data\0",
            Self::Token => b"otmena document token\0",
        };
        [head, text].concat()
    }
}

/// The private half; it never shows.
pub struct DocumentKey(Ed25519KeyPair);

impl std::fmt::Debug for DocumentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DocumentKey(…)")
    }
}

impl DocumentKey {
    /// The key of a seed; `None` unless it is one.
    pub fn from_seed(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// Signs; the same text gives the same signature for ever.
    pub fn sign(&self, what: Signed, text: &[u8]) -> Vec<u8> {
        self.0.sign(&what.message(text)).as_ref().to_vec()
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        let mut octets = [0; 32];
        for (to, from) in octets.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        PublicKey(octets)
    }
}

/// The public half: whoever has it can verify our documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Reads the PEM that [`PublicKey::to_pem`] gives, or the base64 between its lines, or that of
    /// the 32 octets alone.
    pub fn parse(text: &str) -> Option<Self> {
        let base64: String = text
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .flat_map(str::chars)
            .filter(|c| !c.is_whitespace())
            .take(200)
            .collect();
        let octets = data_encoding::BASE64.decode(base64.as_bytes()).ok()?;
        let key = octets.strip_prefix(&SPKI_HEAD).unwrap_or(&octets);
        key.try_into().ok().map(Self)
    }

    /// As other programs read it: `openssl pkey -pubin`.
    pub fn to_pem(self) -> String {
        let der = [SPKI_HEAD.as_slice(), &self.0].concat();
        let base64 = data_encoding::BASE64.encode(&der);
        format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n")
    }

    /// Base64 of the 32 octets.
    pub fn to_base64(self) -> String {
        data_encoding::BASE64.encode(&self.0)
    }

    /// Four octets that tell which key made a signature; they prove nothing.
    pub fn hint(self) -> [u8; 4] {
        let [a, b, c, d, ..] = ContentHash::of(&[&self.0]).0;
        [a, b, c, d]
    }

    /// Whether the holder of the private half signed this text as this.
    pub fn verifies(self, what: Signed, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0)
            .verify(&what.message(text), signature)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(octet: u8) -> DocumentKey {
        DocumentKey::from_seed(&[octet; 32]).unwrap()
    }

    #[test]
    fn a_signature_holds_for_its_text_its_kind_and_its_key_alone() {
        let signature = key(1).sign(Signed::Data, b"text");
        assert_eq!(signature, key(1).sign(Signed::Data, b"text"));
        let public = key(1).public();
        assert!(public.verifies(Signed::Data, b"text", &signature));
        assert!(!public.verifies(Signed::Data, b"texts", &signature));
        assert!(!public.verifies(Signed::Token, b"text", &signature));
        assert!(!key(2).public().verifies(Signed::Data, b"text", &signature));
        assert!(DocumentKey::from_seed(&[1; 31]).is_none());
    }

    #[test]
    fn a_public_key_is_read_back_from_each_of_its_forms() {
        let public = key(3).public();
        assert_eq!(PublicKey::parse(&public.to_pem()), Some(public));
        assert_eq!(PublicKey::parse(&public.to_base64()), Some(public));
        for text in ["", "AAAA", "-----BEGIN PUBLIC KEY-----\n", "ключ"] {
            assert_eq!(PublicKey::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_private_half_never_shows() {
        assert_eq!(format!("{:?}", key(1)), "DocumentKey(…)");
    }
}
