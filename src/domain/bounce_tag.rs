//! The tag in the envelope sender of our letters (VERP): a bounce that brings it back names the
//! letter, and nobody else can make one.

use super::{EmailAddress, TokenSecrets};
use ring::hmac;
use subtle::ConstantTimeEq;

/// Characters of the check, base32: 50 bits.
const CHECK_LENGTH: usize = 10;

/// RFC 5321 section 4.5.3.1.1.
const MAX_LOCAL_PART: usize = 64;

/// Makes and knows the tags of the rows of the outbox; the first key makes, all of them verify.
#[derive(Clone)]
pub struct BounceTags {
    keys: Vec<hmac::Key>,
}

impl std::fmt::Debug for BounceTags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BounceTags(…)")
    }
}

impl BounceTags {
    /// The tags that belong to these secrets.
    pub fn new(secrets: &TokenSecrets) -> Self {
        Self {
            keys: secrets.keys.clone(),
        }
    }

    /// `local+b<row>-<check>@domain`; `None` where the local part would grow too long.
    pub fn address(&self, office: &EmailAddress, row: i64) -> Option<EmailAddress> {
        let check = check(self.keys.first()?, row);
        let local = format!("{}+b{row}-{check}", office.local());
        (local.len() <= MAX_LOCAL_PART)
            .then(|| EmailAddress::parse(&format!("{local}@{}", office.domain())))
            .flatten()
    }

    /// The row that a bounce to `recipient` is about; `None` unless we made the address. Compared
    /// in constant time.
    pub fn row(&self, office: &EmailAddress, recipient: &EmailAddress) -> Option<i64> {
        let (local, tag) = recipient.local().rsplit_once('+')?;
        if local != office.local() || recipient.domain() != office.domain() {
            return None;
        }
        let (row, given) = tag.strip_prefix('b')?.split_once('-')?;
        let number: i64 = row.parse().ok()?;
        let ours = |key| bool::from(check(key, number).as_bytes().ct_eq(given.as_bytes()));
        let genuine = self.keys.iter().fold(false, |found, key| found | ours(key));
        (genuine && number.to_string() == row).then_some(number)
    }
}

fn check(key: &hmac::Key, row: i64) -> String {
    data_encoding::BASE32_NOPAD
        .encode(hmac::sign(key, format!("bounce:{row}").as_bytes()).as_ref())
        .to_lowercase()
        .chars()
        .take(CHECK_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_tag_names_its_row_and_no_other() {
        let office = address("cancel@example.org");
        let tags = BounceTags::new(&TokenSecrets::new(&[1; 32], None));
        let tagged = tags.address(&office, 42).unwrap();
        assert_eq!(tags.row(&office, &tagged), Some(42));
        let (_, check) = tagged.local().rsplit_once('-').unwrap();
        for forged in [
            format!("cancel+b43-{check}@example.org"),
            format!("cancel+b042-{check}@example.org"),
            format!("cancel+b42-{check}@example.net"),
            format!("other+b42-{check}@example.org"),
            "cancel+b42-@example.org".to_owned(),
            "cancel+b42@example.org".to_owned(),
        ] {
            assert_eq!(tags.row(&office, &address(&forged)), None, "{forged}");
        }
    }

    #[test]
    fn tags_outlive_one_change_of_the_secret() {
        let office = address("cancel@example.org");
        let old = BounceTags::new(&TokenSecrets::new(&[1; 32], None));
        let tagged = old.address(&office, 7).unwrap();
        let rotated = BounceTags::new(&TokenSecrets::new(&[2; 32], Some(&[1; 32])));
        assert_eq!(rotated.row(&office, &tagged), Some(7));
        let foreign = BounceTags::new(&TokenSecrets::new(&[3; 32], None));
        assert_eq!(foreign.row(&office, &tagged), None);
    }
}
