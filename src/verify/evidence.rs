//! What speaks for a sender, as plain data: gathered by this step, judged by `decide/trust`.

use crate::domain::{ContentHash, Token};
use serde::{Deserialize, Serialize};

/// What speaks for the sender of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderEvidence {
    /// Our own tokens, genuine and unexpired, found in In-Reply-To, References and plus-addresses.
    pub tokens: Vec<Token>,
    /// Tokens of ours whose time is over: worth nothing, but they say why.
    pub expired: Vec<Token>,
    /// Our own check of DKIM.
    pub dkim: DkimEvidence,
    /// What our own mail server wrote into Authentication-Results.
    pub relay: RelayVerdict,
    /// What makes this letter the same however often and by whichever way it is delivered: the
    /// organisational domain and address of From, the body in relaxed canonical form, and Date.
    /// `None` where nobody vouches for it, or where it has no Date.
    pub content: Option<ContentHash>,
}

/// What our own check of DKIM (RFC 6376) found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DkimEvidence {
    /// Whether it was made at all: not where it is switched off or the letter cannot have an
    /// effect.
    pub checked: bool,
    /// The signatures, from the top of the letter downwards.
    pub signatures: Vec<SignatureFinding>,
    /// Whether one of our addresses stands in To or Cc, and no token of ours in the envelope
    /// alone.
    pub addressed_to_us: bool,
    /// Minutes between Date and the receipt by our server, either way; `None` without a Date.
    pub date_apart: Option<i64>,
}

impl DkimEvidence {
    /// Whether a signature passed.
    pub fn passes(&self) -> bool {
        self.has(SignatureVerdict::Pass)
    }

    /// Whether a signature came out so.
    pub fn has(&self, verdict: SignatureVerdict) -> bool {
        self.signatures.iter().any(|found| found.verdict == verdict)
    }
}

/// One DKIM-Signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureFinding {
    /// `d=`, in lower case.
    pub domain: String,
    /// `s=`, in lower case.
    pub selector: String,
    /// `a=` as we know it: `rsa-sha256`.
    pub algorithm: String,
    /// What came out.
    pub verdict: SignatureVerdict,
}

macro_rules! verdicts {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// What came out of the check of one signature: the first thing that was wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum SignatureVerdict {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl SignatureVerdict {
            /// The word in `otmena explain` and in the ledger.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

verdicts! {
    /// Genuine, of the organisation of From, and it covers all that it must.
    Pass = "pass",
    /// Of another organisation than From; not looked at further.
    OtherDomain = "other_domain",
    /// One too many; not looked at.
    NotExamined = "not_examined",
    /// Not of the grammar, a tag twice, an unknown algorithm, or too long.
    Malformed = "malformed",
    /// Signed with SHA-1 (RFC 8301).
    AlgorithmWeak = "algorithm_weak",
    /// Not exactly one From with exactly one address.
    FromUnclear = "from_unclear",
    /// From, Subject, To, Cc, Date or a header of MIME is not covered, or stands there more often
    /// than it was signed.
    HeadersNotCovered = "headers_not_covered",
    /// `l=` leaves a part of the body unsigned.
    BodyNotCovered = "body_not_covered",
    /// `x=` lies before the receipt by our server.
    Expired = "expired",
    /// Where a header ends can be understood in two ways.
    HeadersAmbiguous = "headers_ambiguous",
    /// The body is not the signed one.
    BodyChanged = "body_changed",
    /// The headers are not the signed ones, or the signature is another key's.
    HeadersChanged = "headers_changed",
    /// `i=` does not lie below `d=`.
    IdentityForeign = "identity_foreign",
    /// DNS has no such key.
    KeyMissing = "key_missing",
    /// The key was revoked: `p=` is empty.
    KeyRevoked = "key_revoked",
    /// RSA of less than 1,024 bits.
    KeyWeak = "key_weak",
    /// The key's domain is only testing: the same as unsigned (RFC 6376 section 3.6.1).
    KeyTesting = "key_testing",
    /// The key is broken, of another kind, or not meant for mail.
    KeyUnfit = "key_unfit",
    /// DNS gave no answer: try again.
    DnsTrouble = "dns_trouble",
}

/// Outcome of reading Authentication-Results of our own server (RFC 8601).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayVerdict {
    /// No authserv-id is configured, or our server wrote nothing.
    #[default]
    Absent,
    /// dkim=pass or dmarc=pass, aligned with From.
    Aligned,
    /// Our server wrote results, none of them an aligned pass.
    NotAligned,
}
