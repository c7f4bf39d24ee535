//! Our own check of DKIM signatures (RFC 6376, RFC 8301, RFC 8463).
//!
//! The mathematics are mail-auth's. What it does not demand is demanded here: that the signature
//! covers all that a decision rests on, that it held when our server received the letter, and that
//! its key is fit for it. I/O only by the resolver that is handed in.

mod tags;
mod key;
mod signature;

use super::dns::{Answer, Resolver};
use super::{SignatureFinding, SignatureVerdict};
use crate::read::{HeaderField, header_fields};
use mail_auth::common::crypto::HashAlgorithm;
use mail_auth::common::headers::{Header, Writable, Writer};
use mail_auth::dkim::DkimError;
use mail_auth::hickory_resolver::config::{ResolverConfig, ResolverOpts};
use mail_auth::{
    AuthenticatedMessage, DkimResult, Error, MessageAuthenticator, Parameters, ResolverCache, Txt,
};
use signature::{Candidate, Demand};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Most signatures of one letter that are read at all.
const MOST_READ: usize = 40;

/// Most signatures of From's organisation that are examined.
const MOST_EXAMINED: usize = 6;

/// Most keys that are looked up for one letter.
const MOST_LOOKUPS: usize = 4;

/// A letter whose signatures are to be checked.
#[derive(Debug)]
pub(super) struct Signed {
    /// Its bytes as they were fetched.
    pub(super) bytes: Arc<[u8]>,
    /// The domain of the one address in From.
    pub(super) from_domain: Option<String>,
    /// Whether tokens of ours stand in In-Reply-To or References.
    pub(super) threaded: bool,
    /// When our server received it.
    pub(super) received_at: crate::domain::Moment,
}

/// What the headers alone tell.
#[derive(Debug, Default)]
struct Looked {
    findings: Vec<SignatureFinding>,
    candidates: Vec<Candidate>,
}

/// Checks the signatures of a letter, from the top downwards.
pub(super) async fn check(letter: Signed, resolver: &Resolver) -> Vec<SignatureFinding> {
    let bytes = Arc::clone(&letter.bytes);
    let Ok(mut looked) = tokio::task::spawn_blocking(move || look(&letter)).await else {
        return Vec::new();
    };
    if looked.candidates.is_empty() {
        return looked.findings;
    }
    let mut names: Vec<String> = Vec::new();
    for name in looked.candidates.iter().map(Candidate::key_name) {
        if names.len() < MOST_LOOKUPS && !names.contains(&name) {
            names.push(name);
        }
    }
    let answers = futures::future::join_all(names.iter().map(|name| resolver.txt(name))).await;
    let answers: HashMap<String, Answer> = names.into_iter().zip(answers).collect();
    let handle = tokio::runtime::Handle::current();
    let mut findings = looked.findings.clone();
    let judged = tokio::task::spawn_blocking(move || {
        let keys = judge_keys(&mut looked, &answers);
        handle.block_on(verify(&bytes, &mut looked, &keys));
        looked.findings
    });
    // A letter on which the check fails is as good as unsigned.
    judged.await.unwrap_or_else(|_| {
        for finding in &mut findings {
            finding.verdict = SignatureVerdict::Malformed;
        }
        findings
    })
}

fn look(letter: &Signed) -> Looked {
    let (block, _) = header_fields(&letter.bytes);
    let mut looked = Looked::default();
    let demand = Demand {
        from_domain: letter.from_domain.clone(),
        threaded: letter.threaded,
        received_at: letter.received_at,
    };
    let signatures = block.fields().iter().enumerate();
    for (field, header) in signatures
        .filter(|(_, header)| header.name == "dkim-signature")
        .take(MOST_READ)
    {
        let finding = looked.findings.len();
        let found = if block.overflow {
            Err(unread(SignatureVerdict::HeadersAmbiguous))
        } else {
            signature::look_at(&header.value, block.fields(), &demand)
        };
        match found {
            Ok((known, signature, body_length)) => {
                looked.findings.push(known);
                if looked.candidates.len() < MOST_EXAMINED {
                    looked.candidates.push(Candidate {
                        field,
                        finding,
                        signature,
                        body_length,
                    });
                }
            }
            Err(known) => looked.findings.push(known),
        }
    }
    looked
}

fn unread(verdict: SignatureVerdict) -> SignatureFinding {
    SignatureFinding {
        domain: String::new(),
        selector: String::new(),
        algorithm: String::new(),
        verdict,
    }
}

/// Leaves those candidates whose key may be used, and gives the keys by their names.
fn judge_keys(looked: &mut Looked, answers: &HashMap<String, Answer>) -> Keys {
    let mut keys = Keys::new();
    let findings = &mut looked.findings;
    looked.candidates.retain(|candidate| {
        let name = candidate.key_name();
        let judged = match answers.get(&name) {
            Some(Answer::Records(records)) => key::usable(records, candidate.signature.a),
            Some(Answer::Missing) => Err(SignatureVerdict::KeyMissing),
            Some(Answer::Trouble) => Err(SignatureVerdict::DnsTrouble),
            None => Err(SignatureVerdict::NotExamined),
        };
        match judged {
            Ok(found) => {
                keys.insert(format!("{name}.").into(), Txt::DomainKey(Arc::new(found)));
                true
            }
            Err(verdict) => {
                set(findings, candidate.finding, verdict);
                false
            }
        }
    });
    keys
}

fn set(findings: &mut [SignatureFinding], at: usize, verdict: SignatureVerdict) {
    if let Some(finding) = findings.get_mut(at) {
        finding.verdict = verdict;
    }
}

/// The mathematics: body hash and signature of every candidate that is left.
async fn verify(bytes: &[u8], looked: &mut Looked, keys: &Keys) {
    if looked.candidates.is_empty() {
        return;
    }
    let Some(mut message) = AuthenticatedMessage::parse(bytes) else {
        return;
    };
    let (block, body) = header_fields(bytes);
    let agreed =
        same_fields(block.fields(), &message.headers) && message.raw_body().len() == body.len();
    message.errors.clear();
    message.dkim_headers.clear();
    let mut checked = Vec::new();
    for candidate in &looked.candidates {
        let verdict = if !agreed {
            Some(SignatureVerdict::HeadersAmbiguous)
        } else if !covers_body(candidate, message.raw_body()) {
            Some(SignatureVerdict::BodyNotCovered)
        } else {
            None
        };
        let header = message.headers.get(candidate.field).copied();
        match (verdict, header) {
            (None, Some((name, value))) => {
                hash_body(&mut message, candidate);
                let signature = candidate.signature.clone();
                message
                    .dkim_headers
                    .push(Header::new(name, value, signature));
                checked.push(candidate.finding);
            }
            (verdict, _) => {
                let verdict = verdict.unwrap_or(SignatureVerdict::HeadersAmbiguous);
                set(&mut looked.findings, candidate.finding, verdict);
            }
        }
    }
    let verdicts = mathematics(&message, keys).await;
    for (at, verdict) in checked.into_iter().zip(verdicts) {
        set(&mut looked.findings, at, verdict);
    }
}

async fn mathematics(message: &AuthenticatedMessage<'_>, keys: &Keys) -> Vec<SignatureVerdict> {
    // It has no name server to ask: every key that it may use lies in the cache.
    let nobody = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
    let Ok(authenticator) = MessageAuthenticator::new(nobody, ResolverOpts::default()) else {
        return Vec::new();
    };
    let known = KnownKeys(keys);
    let parameters = Parameters::new(message).with_txt_cache(&known);
    let outputs = authenticator.verify_dkim(parameters).await;
    outputs
        .iter()
        .map(|output| verdict_of(output.result()))
        .collect()
}

/// Only a pass is one; everything else says what was wrong.
fn verdict_of(result: &DkimResult) -> SignatureVerdict {
    match result {
        DkimResult::Pass => SignatureVerdict::Pass,
        DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) => {
            SignatureVerdict::BodyChanged
        }
        DkimResult::Fail(Error::Dkim(DkimError::FailedAuidMatch)) => {
            SignatureVerdict::IdentityForeign
        }
        DkimResult::Fail(Error::Crypto(_)) => SignatureVerdict::HeadersChanged,
        DkimResult::Neutral(_)
        | DkimResult::Fail(_)
        | DkimResult::PermError(_)
        | DkimResult::TempError(_)
        | DkimResult::None => SignatureVerdict::Malformed,
    }
}

/// Whether the crate sees the same headers as the rest of this program: a letter that can be cut
/// in two ways could be signed in one and read in the other.
fn same_fields(ours: &[HeaderField], theirs: &[(&[u8], &[u8])]) -> bool {
    let bare = |value: &[u8]| -> Vec<u8> {
        let mut value = value.to_vec();
        value.retain(|octet| !octet.is_ascii_whitespace());
        value
    };
    ours.len() == theirs.len()
        && ours.iter().zip(theirs).all(|(our, (name, value))| {
            name.eq_ignore_ascii_case(our.name.as_bytes()) && bare(value) == bare(&our.value)
        })
}

/// `l=` must reach to the end of the canonical body, and not beyond it.
fn covers_body(candidate: &Candidate, body: &[u8]) -> bool {
    let Some(length) = candidate.body_length else {
        return true;
    };
    let mut counter = Counter(0);
    let canonical = candidate.signature.cb.canonical_body(body, u64::MAX);
    canonical.write(&mut counter);
    length == counter.0
}

/// The crate looks for the body hash among those that it made while it read the letter; it makes
/// none for a signature with `l=`.
fn hash_body(message: &mut AuthenticatedMessage<'_>, candidate: &Candidate) {
    let canonical = candidate.signature.cb;
    let algorithm = HashAlgorithm::from(candidate.signature.a);
    let known = message
        .body_hashes
        .iter()
        .any(|(c, h, l, _)| *c == canonical && *h == algorithm && *l == 0);
    if !known {
        let body = message.raw_body();
        let hash = algorithm.hash(canonical.canonical_body(body, u64::MAX));
        let entry = (canonical, algorithm, 0, hash.as_ref().to_vec());
        message.body_hashes.push(entry);
    }
}

struct Counter(u64);

impl Writer for Counter {
    fn write(&mut self, octets: &[u8]) {
        let more = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        self.0 = self.0.saturating_add(more);
    }
}

/// The keys that were looked up, in the form in which the crate asks for them.
type Keys = HashMap<Box<str>, Txt>;

struct KnownKeys<'a>(&'a Keys);

impl ResolverCache<Box<str>, Txt> for KnownKeys<'_> {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.0.get(name).cloned()
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: std::time::Instant) {}
}
