//! What comes back to us: letters of ours, and reports that one of them could not be delivered.

use crate::decide::Bounce;
use crate::domain::{BounceTags, EmailAddress, Moment, TokenSecrets};
use crate::read::{AutomaticSign, DeliveryOutcome, Letter};
use crate::reply::compose::Office;

/// Whether the letter is one of ours that came back, by redirection or through a loop: it bears our
/// mark, our address in From, or a Message-ID that holds a genuine token of ours. In-Reply-To does
/// not count: that is how people answer.
pub(super) fn is_ours(letter: &Letter, office: &Office) -> bool {
    let own = &office.address;
    let from = letter.sender.as_ref();
    let marked = letter
        .loop_marks
        .iter()
        .any(|mark| mark.eq_ignore_ascii_case(own.as_str()));
    let tagged = |address: &EmailAddress| {
        address.domain() == own.domain()
            && address
                .local()
                .split_once('+')
                .is_some_and(|(local, _)| local == own.local())
    };
    from == Some(own)
        || from.is_some_and(tagged)
        || marked
        || letter
            .message_id
            .as_ref()
            .is_some_and(|id| is_own_id(id.as_str(), &office.secrets))
}

/// `<token>.<unique>@domain`, expired or not.
fn is_own_id(id: &str, secrets: &TokenSecrets) -> bool {
    id.split_once('.').is_some_and(|(token, _)| {
        secrets
            .verify(token, Moment::from_micros(i64::MIN))
            .is_some()
    })
}

/// Why the letter is automatic: what its reader says, or the mark of another otmena.
pub(super) fn automatic(letter: &Letter) -> Option<AutomaticSign> {
    let marked = (!letter.loop_marks.is_empty()).then_some(AutomaticSign::AutoreplyHeader);
    letter.automatic.or(marked)
}

/// The letter of ours that could not be delivered: a final report under the tag that we gave it.
pub(super) fn bounce(letter: &Letter, office: &Office) -> Option<Bounce> {
    let report = letter.delivery_report.as_ref()?;
    if report.outcome != DeliveryOutcome::Failed {
        return None;
    }
    let tags = BounceTags::new(&office.secrets);
    let row = letter
        .delivered_to
        .iter()
        .chain(&letter.recipients)
        .find_map(|address| tags.row(&office.address, address))?;
    Some(Bounce {
        row,
        message_id: report.message_id.clone(),
        status: report.status.clone(),
    })
}
