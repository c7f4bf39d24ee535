//! Letters that staff get only because DNS did not tell whether their signature is good. Pure.

use super::consequences::Outcome;
use super::rules::{Rules, Trail};
use super::{BookingFacts, Case, Decision, Facts};
use crate::domain::{EmailAddress, Keyword, Reason};

/// Hours after its receipt in which such a letter is tried again by itself; then it is judged by
/// what is known, and keeps the reason of its words.
const HOURS: i64 = 24;

/// A held letter from an address on file whose signature DNS left open: with a good one its sender
/// might have been asked back instead. It goes on by itself when DNS answers.
pub(super) fn settle<'a>(
    mut outcome: Outcome<'a>,
    case: &Case,
    facts: &Facts,
    rules: &Rules<'_>,
    trail: &mut Trail,
) -> Outcome<'a> {
    let Decision::Held(reason) = outcome.decision else {
        return outcome;
    };
    let young = rules.now < case.received_at.plus_hours(HOURS);
    let on_file = case
        .sender
        .as_ref()
        .is_some_and(|sender| knows(facts, sender));
    let signature_matters = matches!(
        reason.keyword(),
        Keyword::Wish | Keyword::Number | Keyword::Details | Keyword::Sender
    );
    let open = case.evidence.hangs_on_dns() && case.automatic.is_none() && signature_matters;
    if !open || !young || !on_file || reason.is_passing() {
        return outcome;
    }
    let why = format!("tried again: {}, while DNS was silent", reason.code());
    trail.note("dns", why);
    outcome.decision = Decision::Held(Reason::DnsSilent);
    outcome
}

fn knows(facts: &Facts, sender: &EmailAddress) -> bool {
    let has = |one: &BookingFacts| one.booking.citizen.emails.contains(sender);
    !facts.senders_open_bookings.is_empty()
        || facts.named.as_ref().is_some_and(has)
        || facts.by_token.iter().any(has)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{NOW, case, judge};
    use super::*;
    use crate::domain::BookingId;
    use crate::verify::{DkimEvidence, SenderEvidence, SignatureFinding, SignatureVerdict};

    /// A wish without a number, from an address on file, signed with a key that DNS does not tell.
    fn unsettled() -> (Case, Facts) {
        let mut case = case();
        case.reading.number = None;
        case.reading.problems = vec![Reason::NumberMissing];
        case.evidence = SenderEvidence {
            dkim: DkimEvidence {
                checked: true,
                signatures: vec![SignatureFinding {
                    domain: "example.org".to_owned(),
                    selector: "mail".to_owned(),
                    algorithm: "rsa-sha256".to_owned(),
                    verdict: SignatureVerdict::DnsTrouble,
                }],
                addressed_to_us: true,
                date_apart: Some(0),
            },
            ..SenderEvidence::default()
        };
        let facts = Facts {
            senders_open_bookings: vec![BookingId(7)],
            ..Facts::default()
        };
        (case, facts)
    }

    #[test]
    fn what_dns_left_open_goes_on_by_itself_for_a_day() {
        let (mut case, facts) = unsettled();
        let held = |case: &Case, facts: &Facts| judge(case, facts).decision;
        assert_eq!(held(&case, &facts), Decision::Held(Reason::DnsSilent));
        assert!(Reason::DnsSilent.is_passing());
        case.received_at = NOW.plus_hours(-24);
        assert_eq!(held(&case, &facts), Decision::Held(Reason::NumberMissing));
    }

    #[test]
    fn other_letters_keep_their_reason() {
        let (case, facts_of_sender) = unsettled();
        let mut unsigned = case.clone();
        unsigned.evidence = SenderEvidence::default();
        let mut encrypted = case.clone();
        encrypted.reading.problems = vec![Reason::LetterEncrypted];
        encrypted.reading.intent = crate::request::Intent::None;
        let stranger = Facts::default();
        for (case, facts, reason) in [
            (&unsigned, &facts_of_sender, Reason::NumberMissing),
            (&encrypted, &facts_of_sender, Reason::LetterEncrypted),
            (&case, &stranger, Reason::NumberMissing),
        ] {
            assert_eq!(judge(case, facts).decision, Decision::Held(reason));
        }
    }
}
