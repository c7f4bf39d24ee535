//! A verifier at a real DNS server, and a letter to put before it.

use crate::support::dkim::Key;
use crate::support::dns::DnsServer;
use otmena::clock::{Clock, SystemClock};
use otmena::config::SenderSettings;
use otmena::domain::{EmailAddress, Moment, TokenSecrets};
use otmena::read::read;
use otmena::verify::{Arrived, SenderEvidence, SignatureVerdict, Verifier};
use std::sync::Arc;

const OWN: &str = "cancel@clinic.example";
/// Where the key of `example.org` is published.
pub const KEY_NAME: &str = "mail._domainkey.example.org";

/// A verifier, and the DNS that it asks.
pub struct Bench {
    pub dns: DnsServer,
    verifier: Verifier,
}

impl Bench {
    pub fn new() -> Self {
        let dns = DnsServer::start();
        let text = format!("dns = \"{}\"", dns.address());
        let settings: SenderSettings = toml::from_str(&text).unwrap();
        let own = EmailAddress::parse(OWN).unwrap();
        let verifier = Verifier::new(&settings, own, Arc::new(SystemClock)).unwrap();
        Self { dns, verifier }
    }

    /// With the record of `key` at its usual place.
    pub fn publishing(key: &Key) -> Self {
        let bench = Self::new();
        bench.dns.serves(KEY_NAME, &[&key.record()]);
        bench
    }

    pub async fn evidence_at(&self, bytes: &[u8], received_at: Moment) -> SenderEvidence {
        let letter = read(bytes);
        let arrived = Arrived {
            letter: &letter,
            bytes: Some(bytes.into()),
            received_at,
        };
        let secrets = TokenSecrets::new(&[7; 32], None);
        self.verifier.verify(&arrived, &secrets).await
    }

    pub async fn evidence(&self, bytes: &[u8]) -> SenderEvidence {
        self.evidence_at(bytes, now()).await
    }

    /// The verdict on the one signature.
    pub async fn verdict(&self, bytes: &[u8]) -> SignatureVerdict {
        let evidence = self.evidence(bytes).await;
        let verdicts: Vec<_> = evidence.dkim.signatures.iter().map(|s| s.verdict).collect();
        let [verdict] = verdicts.as_slice() else {
            panic!("one signature: {verdicts:?}");
        };
        let passes = *verdict == SignatureVerdict::Pass;
        assert_eq!(evidence.aligned(), passes, "{verdict:?}");
        *verdict
    }
}

pub fn now() -> Moment {
    SystemClock.now()
}

fn date(at: Moment) -> String {
    let at = jiff::Timestamp::from_second(at.seconds()).unwrap();
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap()
}

pub fn letter() -> Vec<u8> {
    letter_dated(now())
}

pub fn letter_dated(at: Moment) -> Vec<u8> {
    let lines = [
        "From: =?utf-8?B?0JDQvdC90LA=?= <anna@example.org>",
        "To: cancel@clinic.example",
        "Subject: 104512",
        &format!("Date: {}", date(at)),
        "Message-ID: <1@example.org>",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Прошу отменить запись №104512.",
        "",
        "Анна  Петровна",
        "",
    ];
    lines.join("\r\n").into_bytes()
}

pub fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains(from), "{from} in {text}");
    text.replacen(from, to, 1).into_bytes()
}
