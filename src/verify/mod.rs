//! Step 4, verify: what is known about the sender. Evidence is gathered here without judging it;
//! `decide/trust` judges. Only `dns` asks the network.

mod authentication_results;
mod organisation;
mod signed_content;
mod dkim;
pub mod dns;
pub mod evidence;
pub mod token;
pub mod trusted_relay;

pub use evidence::{
    DkimEvidence, RelayVerdict, SenderEvidence, SignatureFinding, SignatureVerdict,
};

use crate::clock::Clock;
use crate::config::SenderSettings;
use crate::domain::{EmailAddress, Moment, TokenSecrets};
use crate::failure::Failure;
use crate::read::Letter;
use dns::Resolver;
use std::sync::Arc;

/// What senders are verified with.
#[derive(Debug)]
pub struct Verifier {
    /// Whose Authentication-Results are believed.
    authserv_id: Option<String>,
    /// The address that citizens write to.
    own: EmailAddress,
    /// For keys; `None` where DKIM is not checked here.
    resolver: Option<Resolver>,
}

/// A letter as it comes to this step.
#[derive(Debug, Clone)]
pub struct Arrived<'a> {
    /// What was read.
    pub letter: &'a Letter,
    /// Its bytes as they were fetched; `None` where its signatures need no look: it cannot have
    /// an effect, or not all of it was fetched.
    pub bytes: Option<Arc<[u8]>>,
    /// When our server received it.
    pub received_at: Moment,
}

impl Verifier {
    /// Verifies by these settings letters to `own`.
    ///
    /// # Errors
    /// [`Failure::Stop`] when no resolver can be had.
    pub fn new(
        settings: &SenderSettings,
        own: EmailAddress,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failure> {
        let resolver = settings
            .dkim
            .then(|| Resolver::new(&settings.dns, clock))
            .transpose()?;
        Ok(Self {
            authserv_id: settings.authserv_id.clone(),
            own,
            resolver,
        })
    }

    /// Gathers what speaks for the sender of a letter.
    pub async fn verify(&self, arrived: &Arrived<'_>, secrets: &TokenSecrets) -> SenderEvidence {
        let letter = arrived.letter;
        let (tokens, expired) = token::find(letter, secrets, arrived.received_at);
        let mut evidence = SenderEvidence {
            tokens,
            expired,
            dkim: DkimEvidence::default(),
            relay: trusted_relay::verdict(
                &letter.trace,
                self.authserv_id.as_deref(),
                letter.sender.as_ref(),
            ),
            content: None,
        };
        let Some(bytes) = &arrived.bytes else {
            return evidence;
        };
        if let Some(resolver) = &self.resolver {
            evidence.dkim = self.check_signatures(arrived, bytes, resolver).await;
        }
        let vouched = evidence.relay == RelayVerdict::Aligned || evidence.dkim.passes();
        if vouched {
            evidence.content = content(bytes, letter).await;
        }
        evidence
    }

    async fn check_signatures(
        &self,
        arrived: &Arrived<'_>,
        bytes: &Arc<[u8]>,
        resolver: &Resolver,
    ) -> DkimEvidence {
        let letter = arrived.letter;
        let signed = dkim::Signed {
            bytes: Arc::clone(bytes),
            from_domain: letter.sender.as_ref().map(|s| s.domain().to_owned()),
            threaded: token::in_thread(letter),
            received_at: arrived.received_at,
        };
        let apart = |date: Moment| {
            let seconds = date.seconds().abs_diff(arrived.received_at.seconds());
            i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX)
        };
        DkimEvidence {
            checked: true,
            signatures: dkim::check(signed, resolver).await,
            addressed_to_us: letter.recipients.iter().any(|one| is_ours(one, &self.own))
                && !token::in_envelope_only(letter),
            date_apart: letter.date.map(apart),
        }
    }
}

/// A large body is hashed beside the other work.
async fn content(bytes: &Arc<[u8]>, letter: &Letter) -> Option<crate::domain::ContentHash> {
    let bytes = Arc::clone(bytes);
    let (sender, date) = (letter.sender.clone(), letter.date);
    let hashed =
        tokio::task::spawn_blocking(move || signed_content::of(&bytes, sender.as_ref(), date));
    hashed.await.ok().flatten()
}

/// Our address, or a plus-address of it.
fn is_ours(address: &EmailAddress, own: &EmailAddress) -> bool {
    let plain = address.local().split('+').next().unwrap_or_default();
    address == own || address.domain() == own.domain() && plain == own.local()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_address_and_its_plus_addresses_are_ours() {
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        let own = address("cancel@clinic.example");
        for ours in ["cancel@clinic.example", "Cancel+abc@Clinic.example"] {
            assert!(is_ours(&address(ours), &own), "{ours}");
        }
        for other in [
            "cancel@other.example",
            "cancela@clinic.example",
            "x+cancel@clinic.example",
        ] {
            assert!(!is_ours(&address(other), &own), "{other}");
        }
    }
}
