//! Who may cancel: the one place where evidence is judged (the trust table).

use super::BookingFacts;
use crate::domain::{EmailAddress, Purpose};
use crate::request::details::{DetailComparison, DetailMatch};
use crate::verify::SenderEvidence;

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
    use crate::verify::RelayVerdict;

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
