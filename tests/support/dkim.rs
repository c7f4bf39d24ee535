//! Real signatures on letters, by three signers: one that signs anything a test wants, mail-auth's
//! own, and dkimpy, which shares no code with either.

use data_encoding::BASE64;
use mail_auth::common::crypto::{Ed25519Key, HashAlgorithm, RsaKey, Sha256, SigningKey};
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dkim::{Canonicalization, DkimSigner};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What a mail program of our days signs.
pub const USUAL: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "In-Reply-To",
    "References",
];

/// A private key and the record for DNS.
pub enum Key {
    /// RSA with SHA-256, as PEM (PKCS #8) too.
    Rsa(Box<RsaKey<Sha256>>, String),
    /// Ed25519 (RFC 8463).
    Ed25519(Ed25519Key),
}

impl Key {
    /// The RSA key of 2,048 bits of this test run.
    pub fn rsa() -> Self {
        static PEM: OnceLock<String> = OnceLock::new();
        let pem = PEM.get_or_init(|| rsa_pem(2_048)).clone();
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
        let key = RsaKey::from_key_der(PrivateKeyDer::Pkcs8(der)).unwrap();
        Self::Rsa(Box::new(key), pem)
    }

    /// A fresh Ed25519 key.
    pub fn ed25519() -> Self {
        let pkcs8 = Ed25519Key::generate_pkcs8().unwrap();
        Self::Ed25519(Ed25519Key::from_pkcs8_der(&pkcs8).unwrap())
    }

    /// The TXT record that publishes it.
    pub fn record(&self) -> String {
        match self {
            Self::Rsa(key, _) => format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&key.public_key())),
            Self::Ed25519(key) => {
                format!("v=DKIM1; k=ed25519; p={}", BASE64.encode(&key.public_key()))
            }
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(..) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn sign(&self, data: &[u8]) -> Vec<u8> {
        match self {
            Self::Rsa(key, _) => key.sign(data).unwrap(),
            Self::Ed25519(key) => key.sign(data).unwrap(),
        }
    }
}

/// A private RSA key as PEM.
pub fn rsa_pem(bits: u32) -> String {
    let output = Command::new("openssl")
        .args(["genpkey", "-algorithm", "RSA", "-pkeyopt"])
        .arg(format!("rsa_keygen_bits:{bits}"))
        .stderr(Stdio::null())
        .output()
        .expect("openssl must be installed");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The TXT record of a private RSA key in PEM.
pub fn rsa_record(pem: &str) -> String {
    let public = piped(
        "openssl",
        &["pkey", "-pubout", "-outform", "DER"],
        pem.as_bytes(),
    );
    format!("v=DKIM1; k=rsa; p={}", BASE64.encode(&public))
}

/// A signature to be made: relaxed/relaxed, everything of it chosen by the test.
#[derive(Debug, Clone)]
pub struct Signing {
    /// `d=`
    pub domain: String,
    /// `s=`
    pub selector: String,
    /// `h=`, signed from the bottom of the letter upwards.
    pub headers: Vec<String>,
    /// `l=`: so many octets of the canonical body are hashed.
    pub length: Option<usize>,
    /// Further tags, `; x=17`.
    pub more: String,
}

impl Signing {
    /// The usual headers, for `domain` with the selector `mail`.
    pub fn by(domain: &str) -> Self {
        Self {
            domain: domain.to_owned(),
            selector: "mail".to_owned(),
            headers: USUAL.map(str::to_owned).to_vec(),
            length: None,
            more: String::new(),
        }
    }

    /// With this `h=`.
    pub fn over(mut self, headers: &str) -> Self {
        self.headers = headers.split(':').map(str::to_owned).collect();
        self
    }

    /// With this `s=`.
    pub fn selecting(mut self, selector: &str) -> Self {
        self.selector = selector.to_owned();
        self
    }

    /// With a further tag.
    pub fn with(mut self, tag: &str) -> Self {
        self.more.push_str(&format!("; {tag}"));
        self
    }

    /// The letter with the signature on top.
    pub fn sign(&self, key: &Key, letter: &[u8]) -> Vec<u8> {
        let (head, body) = split(letter);
        let mut canonical = Vec::new();
        let relaxed = Canonicalization::Relaxed.canonical_body(body, u64::MAX);
        mail_auth::common::headers::Writable::write(relaxed, &mut canonical);
        let mut length = String::new();
        if let Some(octets) = self.length {
            canonical.truncate(octets);
            length = format!("; l={octets}");
        }
        let hash = HashAlgorithm::Sha256.hash(canonical.as_slice());
        let value = format!(
            "v=1; a={}; c=relaxed/relaxed; d={}; s={}; h={}{length}{}; bh={}; b=",
            key.algorithm(),
            self.domain,
            self.selector,
            self.headers.join(":"),
            self.more,
            BASE64.encode(hash.as_ref()),
        );
        let mut data = Vec::new();
        let mut left = fields(head);
        for name in &self.headers {
            let at = left
                .iter()
                .rposition(|(found, _)| found.eq_ignore_ascii_case(name));
            if let Some(at) = at {
                let (name, value) = left.remove(at);
                data.extend(relaxed_field(&name, &value).into_bytes());
                data.extend(b"\r\n");
            }
        }
        data.extend(relaxed_field("dkim-signature", &value).into_bytes());
        let signature = BASE64.encode(&key.sign(&data));
        [
            format!("DKIM-Signature: {value}{signature}\r\n").as_bytes(),
            letter,
        ]
        .concat()
    }
}

/// Signs as mail-auth does.
pub fn sign_by_mail_auth(key: Key, domain: &str, letter: &[u8]) -> Vec<u8> {
    let header = match key {
        Key::Rsa(key, _) => {
            let signer = DkimSigner::from_key(*key).domain(domain).selector("mail");
            signer.headers(USUAL).sign(letter).unwrap().to_header()
        }
        Key::Ed25519(key) => {
            let signer = DkimSigner::from_key(key).domain(domain).selector("mail");
            signer.headers(USUAL).sign(letter).unwrap().to_header()
        }
    };
    [header.as_bytes(), letter].concat()
}

/// Signs as dkimpy does, with its own usual headers.
pub fn sign_by_dkimpy(pem: &str, domain: &str, letter: &[u8]) -> Vec<u8> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    let path = file.path().to_str().unwrap();
    piped("dkimsign", &["mail", domain, path], letter)
}

fn piped(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{program} must be installed: {error}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} failed");
    output.stdout
}

fn split(letter: &[u8]) -> (&str, &[u8]) {
    let end = letter
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    let (head, body) = letter.split_at(end + 4);
    (
        std::str::from_utf8(head.get(..end + 2).unwrap()).unwrap(),
        body,
    )
}

fn fields(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let lines = unfolded.lines().filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// RFC 6376 section 3.4.2.
fn relaxed_field(name: &str, value: &str) -> String {
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    format!("{}:{}", name.trim().to_lowercase(), words.join(" "))
}
