//! The public key of a signature as DNS tells it (RFC 6376 section 3.6.1): whether it may be used
//! for this signature at all. Pure.

use super::tags::Tags;
use crate::verify::SignatureVerdict;
use mail_auth::common::crypto::Algorithm;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::common::verify::DomainKey;

/// Shortest RSA key that counts (RFC 8301 section 3.2).
const LEAST_RSA_BITS: usize = 1_024;

/// The key among these records, or why there is none for this algorithm.
///
/// # Errors
/// The verdict for the signature.
pub(super) fn usable(
    records: &[Vec<u8>],
    algorithm: Algorithm,
) -> Result<DomainKey, SignatureVerdict> {
    if records.is_empty() {
        return Err(SignatureVerdict::KeyMissing);
    }
    let mut first_fault = None;
    let mut found = None;
    for record in records {
        match of_record(record, algorithm) {
            Ok(key) => found = found.or(Some(key)),
            // Whatever stands beside it: its owner has taken the key back.
            Err(SignatureVerdict::KeyRevoked) => return Err(SignatureVerdict::KeyRevoked),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    found.ok_or(first_fault.unwrap_or(SignatureVerdict::KeyUnfit))
}

fn of_record(record: &[u8], algorithm: Algorithm) -> Result<DomainKey, SignatureVerdict> {
    let unfit = SignatureVerdict::KeyUnfit;
    let text = std::str::from_utf8(record).map_err(|_| unfit)?;
    let tags = Tags::parse(text).ok_or(unfit)?;
    let version = tags.get("v");
    if version.is_some_and(|version| version != "DKIM1")
        || version.is_some() && tags.first() != Some("v")
    {
        return Err(unfit);
    }
    if tags.bare("p").ok_or(unfit)?.is_empty() {
        return Err(SignatureVerdict::KeyRevoked);
    }
    let kind = match algorithm {
        Algorithm::RsaSha256 | Algorithm::RsaSha1 => "rsa",
        Algorithm::Ed25519Sha256 => "ed25519",
    };
    let fits = tags.get("k").unwrap_or("rsa").eq_ignore_ascii_case(kind)
        && tags.lists("h", &["sha256"], true)
        && tags.lists("s", &["*", "email"], true);
    if !fits {
        return Err(unfit);
    }
    if tags.lists("t", &["y"], false) {
        return Err(SignatureVerdict::KeyTesting);
    }
    let key = DomainKey::parse(record).map_err(|_| unfit)?;
    if kind == "rsa" && key.p.public_key_bits() < LEAST_RSA_BITS {
        return Err(SignatureVerdict::KeyWeak);
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::BASE64;

    /// An RSA public key (RFC 8017 appendix A.1.1) with a modulus of so many bits.
    fn rsa(bits: usize) -> String {
        let octets = bits / 8;
        let mut modulus = vec![0_u8, 0xC1];
        modulus.resize(octets + 1, 0x5B);
        let length = |n: usize| {
            let [.., high, low] = n.to_be_bytes();
            vec![0x82, high, low]
        };
        let mut integers = [&[0x02_u8][..], &length(modulus.len()), &modulus].concat();
        integers.extend([0x02, 0x03, 0x01, 0x00, 0x01]);
        let key = [&[0x30_u8][..], &length(integers.len()), &integers].concat();
        BASE64.encode(&key)
    }

    fn fault(records: &[String], algorithm: Algorithm) -> Option<SignatureVerdict> {
        let records: Vec<Vec<u8>> = records.iter().map(|r| r.as_bytes().to_vec()).collect();
        usable(&records, algorithm).err()
    }

    #[test]
    fn a_key_is_usable_only_for_what_it_is_meant_for() {
        use SignatureVerdict::{KeyMissing, KeyRevoked, KeyTesting, KeyUnfit, KeyWeak};
        let key = rsa(2_048);
        let ed = BASE64.encode(&[7; 32]);
        let cases = [
            (format!("v=DKIM1; k=rsa; p={key}"), None),
            (format!("p={key}"), None),
            (
                format!("v=DKIM1; h=sha1:sha256; s=email; t=s; n=words; p={key}"),
                None,
            ),
            (format!("v=DKIM1; s=*; p={key};"), None),
            (format!("v=DKIM1; p={}", rsa(1_024)), None),
            (format!("v=DKIM1; p={}", rsa(1_016)), Some(KeyWeak)),
            (format!("v=DKIM1; p={}", rsa(512)), Some(KeyWeak)),
            ("v=DKIM1; p=".to_owned(), Some(KeyRevoked)),
            ("v=DKIM1; k=ed25519; p= ".to_owned(), Some(KeyRevoked)),
            (format!("v=DKIM1; t=y:s; p={key}"), Some(KeyTesting)),
            (format!("v=DKIM1; h=sha1; p={key}"), Some(KeyUnfit)),
            (format!("v=DKIM1; s=tlsrpt; p={key}"), Some(KeyUnfit)),
            (format!("v=DKIM1; k=ed25519; p={ed}"), Some(KeyUnfit)),
            (format!("v=DKIM2; p={key}"), Some(KeyUnfit)),
            (format!("k=rsa; v=DKIM1; p={key}"), Some(KeyUnfit)),
            (format!("v=DKIM1; p={key}; p={key}"), Some(KeyUnfit)),
            ("v=spf1 -all".to_owned(), Some(KeyUnfit)),
            ("v=DKIM1; k=rsa".to_owned(), Some(KeyUnfit)),
        ];
        for (record, expected) in cases {
            assert_eq!(
                fault(std::slice::from_ref(&record), Algorithm::RsaSha256),
                expected,
                "{record}"
            );
        }
        assert_eq!(fault(&[], Algorithm::RsaSha256), Some(KeyMissing));
        let ed = format!("v=DKIM1; k=ed25519; p={ed}");
        assert_eq!(fault(&[ed], Algorithm::Ed25519Sha256), None);
    }

    #[test]
    fn of_several_records_a_revoked_one_revokes_all() {
        let key = format!("v=DKIM1; p={}", rsa(2_048));
        let other = "v=spf1 -all".to_owned();
        let revoked = "v=DKIM1; p=".to_owned();
        let both = [other, key.clone()];
        assert_eq!(fault(&both, Algorithm::RsaSha256), None);
        let both = [key, revoked];
        assert_eq!(
            fault(&both, Algorithm::RsaSha256),
            Some(SignatureVerdict::KeyRevoked)
        );
    }
}
