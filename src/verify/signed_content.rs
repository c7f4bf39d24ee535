//! What makes a letter the same however it is delivered again, so that a replay is known. Pure.
//!
//! Not the `bh=` of a signature: a letter with two signatures, each over another canonical form of
//! the body, would be two letters then, one for each signature that a replayer leaves in it.

use super::organisation;
use crate::domain::{ContentHash, EmailAddress, Moment};
use crate::read::header_fields;
use mail_auth::common::crypto::HashAlgorithm;
use mail_auth::dkim::Canonicalization;

/// The organisational domain of From, From, Date and the body in relaxed canonical form (RFC 6376
/// section 3.4.4), hashed; `None` without an organisational domain or a Date.
pub(super) fn of(
    bytes: &[u8],
    sender: Option<&EmailAddress>,
    date: Option<Moment>,
) -> Option<ContentHash> {
    let (sender, date) = (sender?, date?);
    let organisation = organisation::of(sender.domain())?;
    let (_, body) = header_fields(bytes);
    let canonical = Canonicalization::Relaxed.canonical_body(body, u64::MAX);
    let body = HashAlgorithm::Sha256.hash(canonical);
    Some(ContentHash::of(&[
        organisation.as_bytes(),
        sender.as_str().as_bytes(),
        &date.micros().to_be_bytes(),
        body.as_ref(),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(bytes: &[u8], sender: &str, date: i64) -> Option<ContentHash> {
        let sender = EmailAddress::parse(sender);
        of(bytes, sender.as_ref(), Some(Moment::from_seconds(date)))
    }

    #[test]
    fn other_trace_headers_and_line_ends_leave_it_the_same() {
        let first = hash(b"Subject: a\r\n\r\nbody  x\r\n\r\n", "a@example.org", 7).unwrap();
        let again = hash(b"Received: b\nSubject: c\n\nbody x\n", "a@example.org", 7);
        assert_eq!(again, Some(first));
    }

    #[test]
    fn another_body_sender_or_date_makes_it_another_letter() {
        let first = hash(b"\r\n\r\nbody\r\n", "a@example.org", 7);
        for other in [
            hash(b"\r\n\r\nbody!\r\n", "a@example.org", 7),
            hash(b"\r\n\r\nbody\r\n", "b@example.org", 7),
            hash(b"\r\n\r\nbody\r\n", "a@example.org", 8),
        ] {
            assert!(other.is_some() && other != first);
        }
        assert_eq!(hash(b"\r\n\r\nbody\r\n", "a@org", 7), None);
        let sender = EmailAddress::parse("a@example.org");
        assert_eq!(of(b"\r\n\r\nbody\r\n", sender.as_ref(), None), None);
    }
}
