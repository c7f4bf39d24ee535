//! Delivery status notifications (RFC 3464): what became of a letter of ours, and of which one.

use super::structure;
use crate::domain::MessageId;

/// Groups of fields, one for each recipient, that are looked at; ours have one recipient.
const MOST_RECIPIENTS: usize = 20;

/// Octets of the report and of the returned letter that are read.
const MOST_OCTETS: usize = 64 * 1024;

/// What a report says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The worst thing that is said of any recipient.
    pub outcome: DeliveryOutcome,
    /// Its status code (RFC 3463), `5.1.1`.
    pub status: Option<String>,
    /// Message-ID of the letter that is reported on, where the report brings its headers back.
    pub message_id: Option<MessageId>,
}

/// What became of a letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryOutcome {
    /// Delivered, passed on, delayed, or not said clearly: nothing follows from it.
    #[default]
    Unsettled,
    /// Could not be delivered and is not tried again.
    Failed,
}

/// Reads the parts of a `multipart/report`, each by its media type and what it holds; `None` when
/// none of them is a delivery status.
pub fn read<'a>(parts: impl Iterator<Item = (&'a str, &'a [u8])>) -> Option<DeliveryReport> {
    let mut report: Option<DeliveryReport> = None;
    let mut message_id = None;
    for (kind, octets) in parts {
        let octets = octets.get(..MOST_OCTETS).unwrap_or(octets);
        match kind {
            "message/delivery-status" | "message/global-delivery-status" => {
                report = report.or_else(|| Some(status(octets)));
            }
            "message/rfc822"
            | "message/global"
            | "text/rfc822-headers"
            | "message/global-headers" => {
                let (headers, _) = structure::fields(octets);
                let id = headers.text("message-id");
                message_id = message_id.or_else(|| MessageId::parse(&id?));
            }
            _ => {}
        }
    }
    report.map(|report| DeliveryReport {
        message_id,
        ..report
    })
}

/// The groups of fields behind the first, which speaks of the whole message.
fn status(octets: &[u8]) -> DeliveryReport {
    let mut report = DeliveryReport::default();
    let mut rest = octets.trim_ascii_start();
    let mut recipients = 0;
    while !rest.is_empty() && recipients < MOST_RECIPIENTS {
        let (fields, after) = structure::fields(rest);
        recipients += 1;
        if let Some(action) = fields.text("action") {
            let code = fields.text("status").as_deref().and_then(status_code);
            let failed = action.trim().eq_ignore_ascii_case("failed")
                && code.as_deref().is_none_or(|code| code.starts_with('5'));
            if failed && report.outcome == DeliveryOutcome::Unsettled {
                report.outcome = DeliveryOutcome::Failed;
                report.status = code;
            }
        }
        if after.len() >= rest.len() {
            break;
        }
        rest = after.trim_ascii_start();
    }
    report
}

/// `5.1.1` out of `5.1.1 (user unknown)`; RFC 3463 section 2: digits and dots only.
fn status_code(text: &str) -> Option<String> {
    let code = text.split([' ', '(', '\t']).find(|word| !word.is_empty())?;
    let sound = code.len() <= 11
        && code.split('.').count() == 3
        && code
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    sound.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read as read_letter;
    use proptest::prelude::*;

    fn bounce(action: &str, status: &str) -> Vec<u8> {
        format!(
            "From: MAILER-DAEMON@mx.example.org\r\nTo: cancel+b1-x@example.org\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.example.org\r\n\r\n\
             Final-Recipient: rfc822; anna@example.com\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; 550 no such\r\n user here\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
             Message-ID: <token.1@example.org>\r\nSubject: x\r\n\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_final_failure_is_told_with_its_letter() {
        let report = read_letter(&bounce("failed", "5.1.1 (no such user)"))
            .delivery_report
            .unwrap();
        assert_eq!(report.outcome, DeliveryOutcome::Failed);
        assert_eq!(report.status.as_deref(), Some("5.1.1"));
        assert_eq!(report.message_id.unwrap().as_str(), "token.1@example.org");
    }

    #[test]
    fn nothing_follows_from_delays_and_deliveries() {
        for (action, status) in [
            ("delayed", "4.4.1"),
            ("delivered", "2.0.0"),
            ("relayed", "2.0.0"),
            ("expanded", "2.0.0"),
            ("failed", "4.2.2"),
            ("", ""),
        ] {
            let report = read_letter(&bounce(action, status))
                .delivery_report
                .unwrap();
            assert_eq!(report.outcome, DeliveryOutcome::Unsettled, "{action}");
        }
    }

    #[test]
    fn a_letter_that_is_no_report_brings_none() {
        let letter = b"From: a@example.org\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\n";
        assert_eq!(read_letter(letter).delivery_report, None);
    }

    proptest! {
        #[test]
        fn any_octets_are_read_to_an_end(octets in proptest::collection::vec(any::<u8>(), 0..4_000)) {
            let report = status(&octets);
            prop_assert!(report.status.is_none_or(|code| code.len() <= 11));
        }
    }
}
