//! Step 4, verify: what is known about the sender. Evidence is gathered here without judging it;
//! `decide/trust` judges.

use crate::domain::Token;
use serde::{Deserialize, Serialize};

/// What speaks for the sender of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderEvidence {
    /// Our own tokens, genuine and unexpired, found in In-Reply-To, References and plus-addresses.
    pub tokens: Vec<Token>,
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
