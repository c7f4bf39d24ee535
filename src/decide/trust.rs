//! Who may cancel: the one place where evidence is judged (the trust table).

use super::BookingFacts;
use crate::domain::{EmailAddress, Purpose};
use crate::request::details::{DetailComparison, DetailMatch};
use crate::verify::{RelayVerdict, SenderEvidence, SignatureVerdict};
use serde::Serialize;

/// Longest time between Date and the receipt by our server with which a signature counts: an older
/// letter was sent for another occasion.
const MOST_DAYS_APART: i64 = 7;

/// The outcome of the trust table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trust {
    /// The sender is taken for the person who booked.
    Trusted,
    /// The addresses on file are asked to confirm.
    ConfirmFirst,
    /// A person decides.
    Staff,
}

/// Whether our own check of DKIM authenticates From.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DkimVerdict {
    /// Not looked at.
    Unchecked,
    /// A genuine signature of the organisation of From covers all that counts, and the letter was
    /// written to us lately.
    Aligned,
    /// No signature passed.
    NoPass,
    /// One passed, but the letter was written to somebody else.
    NotToUs,
    /// One passed, but Date is missing or too far from the receipt.
    OldDate,
    /// DNS gave no answer about the key of a signature, and no other passed.
    DnsTrouble,
}

impl DkimVerdict {
    /// The word in the journal and in `otmena explain`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Aligned => "aligned",
            Self::NoPass => "no_pass",
            Self::NotToUs => "not_to_us",
            Self::OldDate => "old_date",
            Self::DnsTrouble => "dns_trouble",
        }
    }
}

impl SenderEvidence {
    /// What our own check of DKIM is worth.
    pub fn dkim_verdict(&self) -> DkimVerdict {
        let dkim = &self.dkim;
        let lately = |minutes: i64| minutes <= MOST_DAYS_APART * 24 * 60;
        let to_us_lately = dkim.addressed_to_us && dkim.date_apart.is_some_and(lately);
        if !dkim.checked {
            DkimVerdict::Unchecked
        } else if dkim.passes() && to_us_lately {
            DkimVerdict::Aligned
        } else if dkim.passes() && !dkim.addressed_to_us {
            DkimVerdict::NotToUs
        } else if dkim.passes() {
            DkimVerdict::OldDate
        } else if to_us_lately && dkim.has(SignatureVerdict::DnsTrouble) {
            DkimVerdict::DnsTrouble
        } else {
            DkimVerdict::NoPass
        }
    }

    /// Whether From is authenticated by its own domain.
    pub fn aligned(&self) -> bool {
        self.dkim_verdict() == DkimVerdict::Aligned || self.relay == RelayVerdict::Aligned
    }

    /// Whether the answer of DNS could change the judgement: nothing else authenticates From, and
    /// no token of a challenge stands for it.
    pub fn hangs_on_dns(&self) -> bool {
        let unknown = self.dkim_verdict() == DkimVerdict::DnsTrouble;
        unknown && !self.aligned() && !self.brings_challenge()
    }

    /// Whether a token came along that was sent to one address: of a challenge or an offer.
    pub fn brings_challenge(&self) -> bool {
        self.tokens
            .iter()
            .any(|t| matches!(t.purpose, Purpose::Challenge | Purpose::Offer))
    }
}

/// The strongest genuine token that a letter brings for one booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HeldToken {
    None,
    Booking,
    Challenge,
}

/// The strongest token in `evidence` for this booking. A challenge token counts for the booking
/// of its challenge, which the caller has looked up.
pub(super) fn held_token(
    evidence: &SenderEvidence,
    facts: &BookingFacts,
    challenged: bool,
) -> HeldToken {
    let booking = evidence
        .tokens
        .iter()
        .any(|t| t.purpose == Purpose::Booking && t.subject == facts.booking.id.0);
    if challenged {
        HeldToken::Challenge
    } else if booking {
        HeldToken::Booking
    } else {
        HeldToken::None
    }
}

/// Whether the sender's address stands on file for this booking and is worth something: one that
/// stands on the bookings of more than five persons is no evidence.
pub(super) fn on_file(sender: &EmailAddress, facts: &BookingFacts) -> bool {
    facts.booking.has_on_file(sender) && !facts.shared_addresses.contains(sender)
}

/// Judges the evidence for one booking.
///
/// `challenged` says that the letter brings the token of a challenge of this booking.
pub fn trust(
    sender: &EmailAddress,
    evidence: &SenderEvidence,
    facts: &BookingFacts,
    challenged: bool,
    details: &DetailComparison,
) -> Trust {
    let token = held_token(evidence, facts, challenged);
    match (token, evidence.aligned(), on_file(sender, facts)) {
        (HeldToken::Challenge, _, true) | (HeldToken::Booking | HeldToken::None, true, true) => {
            Trust::Trusted
        }
        (HeldToken::Challenge, _, false) => Trust::Staff,
        (HeldToken::Booking, _, _) | (HeldToken::None, false, true) => Trust::ConfirmFirst,
        (HeldToken::None, _, false) if all_match(details) => Trust::ConfirmFirst,
        (HeldToken::None, _, false) => Trust::Staff,
    }
}

/// Number (by which the booking was found), name, phone and date all match.
fn all_match(details: &DetailComparison) -> bool {
    [details.name, details.phone, details.date]
        .iter()
        .all(|d| *d == DetailMatch::Equal)
        && matches!(details.time, DetailMatch::Equal | DetailMatch::NotGiven)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::samples::{booking, facts_of};
    use crate::domain::{Moment, Token};
    use crate::verify::{DkimEvidence, SignatureFinding};

    /// Every cell of the table, with the sentence that it stands for.
    #[test]
    fn the_trust_table_holds_in_every_cell() {
        use Trust::{ConfirmFirst, Staff, Trusted};
        let cells = [
            (HeldToken::Challenge, true, true, false, Trusted),
            (HeldToken::Challenge, false, true, false, Trusted),
            (HeldToken::Challenge, true, false, true, Staff),
            (HeldToken::Challenge, false, false, false, Staff),
            (HeldToken::Booking, true, true, false, Trusted),
            (HeldToken::Booking, false, true, false, ConfirmFirst),
            (HeldToken::Booking, true, false, false, ConfirmFirst),
            (HeldToken::Booking, false, false, false, ConfirmFirst),
            (HeldToken::None, true, true, false, Trusted),
            (HeldToken::None, false, true, false, ConfirmFirst),
            (HeldToken::None, true, false, true, ConfirmFirst),
            (HeldToken::None, false, false, true, ConfirmFirst),
            (HeldToken::None, true, false, false, Staff),
            (HeldToken::None, false, false, false, Staff),
        ];
        for (token, aligned, filed, matching, expected) in cells {
            let outcome = judge(token, aligned, filed, matching, false);
            assert_eq!(outcome, expected, "{token:?} {aligned} {filed} {matching}");
        }
    }

    #[test]
    fn an_address_on_the_bookings_of_many_persons_is_no_evidence() {
        assert_eq!(
            judge(HeldToken::None, true, true, false, true),
            Trust::Staff
        );
        assert_eq!(
            judge(HeldToken::Challenge, true, true, false, true),
            Trust::Staff
        );
    }

    fn signed(verdicts: &[SignatureVerdict], to_us: bool, apart: Option<i64>) -> SenderEvidence {
        let finding = |verdict: &SignatureVerdict| SignatureFinding {
            domain: "example.org".to_owned(),
            selector: "mail".to_owned(),
            algorithm: "rsa-sha256".to_owned(),
            verdict: *verdict,
        };
        SenderEvidence {
            dkim: DkimEvidence {
                checked: true,
                signatures: verdicts.iter().map(finding).collect(),
                addressed_to_us: to_us,
                date_apart: apart,
            },
            ..SenderEvidence::default()
        }
    }

    #[test]
    fn a_signature_counts_only_for_a_letter_written_to_us_lately() {
        use SignatureVerdict::{BodyChanged, DnsTrouble, OtherDomain, Pass};
        let week = 7 * 24 * 60;
        for (verdicts, to_us, apart, expected) in [
            (&[Pass][..], true, Some(0), DkimVerdict::Aligned),
            (
                &[BodyChanged, OtherDomain, Pass],
                true,
                Some(week),
                DkimVerdict::Aligned,
            ),
            (&[DnsTrouble, Pass], true, Some(0), DkimVerdict::Aligned),
            (&[Pass], false, Some(0), DkimVerdict::NotToUs),
            (&[Pass], true, Some(week + 1), DkimVerdict::OldDate),
            (&[Pass], true, None, DkimVerdict::OldDate),
            (&[BodyChanged], true, Some(0), DkimVerdict::NoPass),
            (&[], true, Some(0), DkimVerdict::NoPass),
            (&[DnsTrouble], true, Some(0), DkimVerdict::DnsTrouble),
            (&[DnsTrouble], false, Some(0), DkimVerdict::NoPass),
        ] {
            let evidence = signed(verdicts, to_us, apart);
            assert_eq!(
                evidence.dkim_verdict(),
                expected,
                "{verdicts:?} {to_us} {apart:?}"
            );
            let aligned = expected == DkimVerdict::Aligned;
            assert_eq!(evidence.aligned(), aligned, "{verdicts:?}");
            let waits = expected == DkimVerdict::DnsTrouble;
            assert_eq!(evidence.hangs_on_dns(), waits, "{verdicts:?}");
        }
        assert_eq!(
            SenderEvidence::default().dkim_verdict(),
            DkimVerdict::Unchecked
        );
    }

    #[test]
    fn nobody_waits_for_dns_where_something_else_decides() {
        let mut vouched = signed(&[SignatureVerdict::DnsTrouble], true, Some(0));
        vouched.relay = RelayVerdict::Aligned;
        assert!(!vouched.hangs_on_dns());
        let mut challenged = signed(&[SignatureVerdict::DnsTrouble], true, Some(0));
        challenged.tokens.push(Token {
            purpose: Purpose::Challenge,
            subject: 1,
            expires_at: Moment::default(),
        });
        assert!(!challenged.hangs_on_dns() && !challenged.aligned());
    }

    fn judge(token: HeldToken, aligned: bool, filed: bool, matching: bool, shared: bool) -> Trust {
        let mut facts = facts_of(booking());
        let sender = if filed {
            "maria@example.org"
        } else {
            "stranger@example.net"
        };
        let sender = EmailAddress::parse(sender).unwrap();
        if shared {
            facts.shared_addresses.push(sender.clone());
        }
        let mut evidence = SenderEvidence::default();
        if aligned {
            evidence.relay = RelayVerdict::Aligned;
        }
        if token == HeldToken::Booking {
            evidence.tokens.push(Token {
                purpose: Purpose::Booking,
                subject: facts.booking.id.0,
                expires_at: Moment::default(),
            });
        }
        let matched = if matching {
            DetailMatch::Equal
        } else {
            DetailMatch::NotGiven
        };
        let details = DetailComparison {
            name: matched,
            date: matched,
            time: matched,
            phone: matched,
        };
        trust(
            &sender,
            &evidence,
            &facts,
            token == HeldToken::Challenge,
            &details,
        )
    }
}
