//! What a signature says of itself, before any key is asked for: whose it is, what it covers, and
//! until when it holds. Pure.

use super::tags::Tags;
use crate::domain::Moment;
use crate::read::HeaderField;
use crate::verify::{SignatureFinding, SignatureVerdict, organisation};
use mail_auth::common::crypto::Algorithm;
use mail_auth::dkim::Signature;

/// Longest header of a signature that is looked at.
const MOST_OCTETS: usize = 16 * 1024;

/// Most names in `h=`: every one is searched for among the headers.
const MOST_SIGNED: usize = 200;

/// Headers that a signature must cover wherever they stand in the letter: they say who wrote to
/// whom, when and about what. Those of MIME, which say what the body means, come on top.
const COVERED: [&str; 5] = ["from", "subject", "to", "cc", "date"];

/// Headers that must be covered where our tokens were found in them.
const THREADED: [&str; 2] = ["in-reply-to", "references"];

/// What a letter must have for a signature to count.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// The domain of From; `None` where From has not exactly one address.
    pub(super) from_domain: Option<String>,
    /// Whether tokens of ours stand in In-Reply-To or References.
    pub(super) threaded: bool,
    /// When our server received the letter.
    pub(super) received_at: Moment,
}

/// A signature that only a key can judge.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// Its place among the headers of the letter.
    pub(super) field: usize,
    /// Its place among the findings.
    pub(super) finding: usize,
    /// As the crate read it, stripped of what we judge ourselves: `x=` and what asks for more
    /// look-ups. `l=` is kept apart.
    pub(super) signature: Signature,
    /// `l=`.
    pub(super) body_length: Option<u64>,
}

impl Candidate {
    /// The name of its key in DNS.
    pub(super) fn key_name(&self) -> String {
        format!("{}._domainkey.{}", self.signature.s, self.signature.d)
    }
}

/// Looks at one signature among all the headers of a letter.
///
/// # Errors
/// The finding, where the signature is worth nothing whatever its key may be.
pub(super) fn look_at(
    value: &[u8],
    fields: &[HeaderField],
    demand: &Demand,
) -> Result<(SignatureFinding, Signature, Option<u64>), SignatureFinding> {
    let mut finding = SignatureFinding {
        domain: String::new(),
        selector: String::new(),
        algorithm: String::new(),
        verdict: SignatureVerdict::Malformed,
    };
    let Some((mut signature, tags)) = parse(value) else {
        return Err(finding);
    };
    finding.domain.clone_from(&signature.d);
    finding.selector.clone_from(&signature.s);
    signature.a.name().clone_into(&mut finding.algorithm);
    let (Some(expires), Some(body_length)) = (tags.number("x"), tags.number("l")) else {
        return Err(finding);
    };
    if let Some(verdict) = worthless(&signature, expires, fields, demand) {
        finding.verdict = verdict;
        return Err(finding);
    }
    signature.x = 0;
    signature.l = 0;
    signature.r = false;
    signature.atps = None;
    finding.verdict = SignatureVerdict::NotExamined;
    Ok((finding, signature, body_length))
}

/// The signature as the crate reads it; `None` where the crate and the grammar disagree.
fn parse(value: &[u8]) -> Option<(Signature, Tags<'_>)> {
    let text = std::str::from_utf8(value).ok()?;
    if text.len() > MOST_OCTETS {
        return None;
    }
    let tags = Tags::parse(text)?;
    let signature = Signature::parse(value).ok()?;
    let same = |name: &str, read: &str| {
        tags.bare(name)
            .is_some_and(|value| value.eq_ignore_ascii_case(read))
    };
    let agreed = tags.get("v") == Some("1")
        && same("a", signature.a.name())
        && same("d", &signature.d)
        && same("s", &signature.s)
        && same("h", &signature.h.join(":"))
        && is_name(&signature.d)
        && is_name(&signature.s)
        && signature.h.len() <= MOST_SIGNED;
    agreed.then_some((signature, tags))
}

/// Whether it is a plain domain name, in A-labels.
fn is_name(text: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    text.len() <= 200
        && text
            .split('.')
            .all(|label| (1..=63).contains(&label.len()) && label.chars().all(sound))
}

fn worthless(
    signature: &Signature,
    expires: Option<u64>,
    fields: &[HeaderField],
    demand: &Demand,
) -> Option<SignatureVerdict> {
    let Some(from_domain) = &demand.from_domain else {
        return Some(SignatureVerdict::FromUnclear);
    };
    if fields.iter().filter(|field| field.name == "from").count() != 1 {
        return Some(SignatureVerdict::FromUnclear);
    }
    if !organisation::is_same(&signature.d, from_domain) {
        return Some(SignatureVerdict::OtherDomain);
    }
    if signature.a == Algorithm::RsaSha1 {
        return Some(SignatureVerdict::AlgorithmWeak);
    }
    if !covers(&signature.h, fields, demand.threaded) {
        return Some(SignatureVerdict::HeadersNotCovered);
    }
    let received_at = u64::try_from(demand.received_at.seconds()).unwrap_or(0);
    if expires.is_some_and(|expires| expires < received_at || expires <= signature.t) {
        return Some(SignatureVerdict::Expired);
    }
    None
}

/// Whether every header that must be covered is signed as often as it stands in the letter: one
/// that somebody added is one too many. From, which must be there, is always signed.
fn covers(signed: &[String], fields: &[HeaderField], threaded: bool) -> bool {
    let must = |name: &str| {
        COVERED.contains(&name)
            || name == "mime-version"
            || name.starts_with("content-")
            || threaded && THREADED.contains(&name)
    };
    let times_signed = |name: &str| {
        signed
            .iter()
            .filter(|signed| signed.eq_ignore_ascii_case(name))
            .count()
    };
    let mut names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    names.retain(|name| must(name));
    names.sort_unstable();
    names.chunk_by(|one, other| one == other).all(|run| {
        run.first()
            .is_some_and(|name| times_signed(name) >= run.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: &str = "from:to:subject:date:mime-version:content-type";

    fn fields(names: &[&str]) -> Vec<HeaderField> {
        let field = |name: &&str| HeaderField {
            name: (*name).to_owned(),
            value: b"x".to_vec(),
        };
        names.iter().map(field).collect()
    }

    fn letter() -> Vec<HeaderField> {
        let names = [
            "received",
            "from",
            "to",
            "subject",
            "date",
            "mime-version",
            "content-type",
        ];
        fields(&names)
    }

    fn demand() -> Demand {
        Demand {
            from_domain: Some("example.org".to_owned()),
            threaded: false,
            received_at: Moment::from_seconds(1_000_000),
        }
    }

    fn verdict(value: &str, fields: &[HeaderField], demand: &Demand) -> SignatureVerdict {
        match look_at(value.as_bytes(), fields, demand) {
            Ok((finding, ..)) | Err(finding) => finding.verdict,
        }
    }

    fn with(more: &str) -> String {
        format!(
            "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=m; h={SIGNED}; bh=YQ==; b=YQ=={more}"
        )
    }

    #[test]
    fn a_sound_signature_waits_for_its_key() {
        let expected = SignatureVerdict::NotExamined;
        assert_eq!(verdict(&with(""), &letter(), &demand()), expected);
        assert_eq!(
            verdict(&with("; x=1000000"), &letter(), &demand()),
            expected
        );
        let subdomain = with("").replace("d=example.org", "d=mail.example.org");
        assert_eq!(verdict(&subdomain, &letter(), &demand()), expected);
        let ed = with("").replace("rsa-sha256", "ed25519-sha256");
        assert_eq!(verdict(&ed, &letter(), &demand()), expected);
    }

    #[test]
    fn it_expires_by_the_receipt_and_not_by_the_wall_clock() {
        let expired = SignatureVerdict::Expired;
        assert_eq!(verdict(&with("; x=999999"), &letter(), &demand()), expired);
        let never_valid = with("; t=1000002; x=1000001");
        assert_eq!(verdict(&never_valid, &letter(), &demand()), expired);
    }

    #[test]
    fn what_is_not_of_the_grammar_is_nothing() {
        for value in [
            with("; d=evil.example"),
            with("; x=soon"),
            with("; l=-1"),
            with("").replace("v=1", "v=2"),
            with("").replace("v=1; ", ""),
            with("").replace("a=rsa-sha256", "a=rsa-md5"),
            with("").replace("d=example.org", "d=example.org.."),
            with("").replace("s=m", "s=a@b"),
            with("").replace("s=m", "s=*"),
            with("").replace(SIGNED, &"from:".repeat(300)),
            "x".repeat(20_000),
        ] {
            let found = verdict(&value, &letter(), &demand());
            assert_eq!(found, SignatureVerdict::Malformed, "{value}");
        }
    }

    #[test]
    fn another_organisation_speaks_for_itself_only() {
        for domain in [
            "evil.example",
            "org",
            "notexample.org",
            "example.org.evil.example",
        ] {
            let value = with("").replace("d=example.org", &format!("d={domain}"));
            let found = verdict(&value, &letter(), &demand());
            assert_eq!(found, SignatureVerdict::OtherDomain, "{domain}");
        }
    }

    #[test]
    fn sha1_and_an_unclear_from_are_worth_nothing() {
        let sha1 = with("").replace("rsa-sha256", "rsa-sha1");
        let found = verdict(&sha1, &letter(), &demand());
        assert_eq!(found, SignatureVerdict::AlgorithmWeak);
        let unclear = Demand {
            from_domain: None,
            ..demand()
        };
        let found = verdict(&with(""), &letter(), &unclear);
        assert_eq!(found, SignatureVerdict::FromUnclear);
        let twice = [letter(), fields(&["from"])].concat();
        let signed_twice = with("").replace("h=from", "h=from:from");
        let found = verdict(&signed_twice, &twice, &demand());
        assert_eq!(found, SignatureVerdict::FromUnclear);
    }

    #[test]
    fn every_header_that_matters_must_be_covered() {
        for name in SIGNED.split(':') {
            let names: Vec<&str> = SIGNED.split(':').filter(|other| *other != name).collect();
            let value = with("").replace(SIGNED, &names.join(":"));
            let found = verdict(&value, &letter(), &demand());
            assert_eq!(found, SignatureVerdict::HeadersNotCovered, "{name}");
        }
        for added in [
            "subject",
            "to",
            "cc",
            "date",
            "content-type",
            "content-transfer-encoding",
        ] {
            let more = [letter(), fields(&[added])].concat();
            let found = verdict(&with(""), &more, &demand());
            assert_eq!(found, SignatureVerdict::HeadersNotCovered, "{added} added");
        }
        let more = [letter(), fields(&["in-reply-to"])].concat();
        let threaded = Demand {
            threaded: true,
            ..demand()
        };
        assert_eq!(
            verdict(&with(""), &more, &demand()),
            SignatureVerdict::NotExamined
        );
        let found = verdict(&with(""), &more, &threaded);
        assert_eq!(found, SignatureVerdict::HeadersNotCovered);
    }
}
