//! Step 4, verify: what is known about the sender. Evidence is gathered here without judging it;
//! `decide/trust` judges.

mod authentication_results;
pub mod token;
pub mod trusted_relay;

use crate::domain::{Moment, Token, TokenSecrets};
use crate::read::Letter;
use serde::{Deserialize, Serialize};

/// What speaks for the sender of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderEvidence {
    /// Our own tokens, genuine and unexpired, found in In-Reply-To, References and plus-addresses.
    pub tokens: Vec<Token>,
    /// Tokens of ours whose time is over: worth nothing, but they say why.
    pub expired: Vec<Token>,
    /// Our own check of DKIM.
    pub dkim: DkimVerdict,
    /// What our own mail server wrote into Authentication-Results.
    pub relay: RelayVerdict,
}

impl SenderEvidence {
    /// Whether From is authenticated by its own domain.
    pub fn aligned(&self) -> bool {
        self.dkim == DkimVerdict::Aligned || self.relay == RelayVerdict::Aligned
    }
}

/// What senders are verified with.
#[derive(Debug)]
pub struct Verifier {
    /// Whose Authentication-Results are believed.
    pub authserv_id: Option<String>,
}

impl Verifier {
    /// Gathers what speaks for the sender of `letter`, received at `received_at`.
    ///
    /// Our own check of DKIM belongs here; until it is built its verdict stays
    /// [`DkimVerdict::Unchecked`], which is no evidence.
    pub fn verify(
        &self,
        letter: &Letter,
        secrets: &TokenSecrets,
        received_at: Moment,
    ) -> SenderEvidence {
        let (tokens, expired) = token::find(letter, secrets, received_at);
        let relay = trusted_relay::verdict(
            &letter.trace,
            self.authserv_id.as_deref(),
            letter.sender.as_ref(),
        );
        SenderEvidence {
            tokens,
            expired,
            dkim: DkimVerdict::Unchecked,
            relay,
        }
    }
}

/// Outcome of our own DKIM check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DkimVerdict {
    /// Not looked at.
    #[default]
    Unchecked,
    /// A passing signature of the organisational domain of From covers what it must.
    Aligned,
    /// No such signature.
    NotAligned,
    /// DNS trouble: try again.
    Temporary,
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
