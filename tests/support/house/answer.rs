//! A letter of ours as it arrived at its recipient, decoded.

use crate::support::smtp::ReceivedLetter;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use std::process::Command;

/// A letter of ours.
#[derive(Debug, Clone)]
pub struct Answer {
    /// MAIL FROM.
    pub envelope_from: String,
    /// RCPT TO.
    pub recipient: String,
    /// Subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// Message-ID without brackets.
    pub message_id: String,
    /// In-Reply-To without brackets.
    pub in_reply_to: Vec<String>,
    /// References without brackets.
    pub references: Vec<String>,
    /// The address in Reply-To.
    pub reply_to: Option<String>,
    /// Auto-Submitted.
    pub auto_submitted: String,
    /// Files: name and bytes.
    pub attachments: Vec<(String, Vec<u8>)>,
    /// The message as it was sent, without what smtp-sink put above it.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Reads what smtp-sink took.
    pub fn read(received: &ReceivedLetter) -> Self {
        let own = received.crlf();
        let message = MessageParser::default().parse(&own).unwrap();
        Self {
            envelope_from: received.envelope_from.clone(),
            recipient: received.recipients.join(" "),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            in_reply_to: ids(message.in_reply_to()),
            references: ids(message.references()),
            reply_to: message
                .reply_to()
                .and_then(|addresses| addresses.first())
                .and_then(|address| address.address())
                .map(str::to_owned),
            auto_submitted: raw_header(&message, "Auto-Submitted"),
            attachments: message
                .attachments()
                .map(|part| {
                    let name = part.attachment_name().unwrap_or_default().to_owned();
                    (name, part.contents().to_vec())
                })
                .collect(),
            bytes: own.clone(),
        }
    }

    /// The kind of letter, told by its subject as its reader tells it.
    pub fn kind(&self) -> &'static str {
        let has = |words: &str| self.subject.contains(words);
        let late = [
            ("нужно ваше согласие", "late_consent"),
            ("документ на рассмотрении", "under_review"),
            ("документ получен", "documents_received"),
            ("документ принят", "review_approved"),
            ("решение по документу", "review_rejected"),
            ("решение о последствиях", "sanction_imposed"),
            ("последствия сняты", "sanction_lifted"),
        ];
        if let Some((_, kind)) = late.iter().find(|(words, _)| has(words)) {
            return kind;
        }
        if has("Вы записаны") && self.text.contains("заменяет запись") {
            "rebooked"
        } else if let Some(kind) = of_times(&self.subject) {
            kind
        } else if has("уже отменена") {
            "already_cancelled"
        } else if has("отменена") {
            "cancelled"
        } else if has("остаётся в силе") {
            "refused_too_late"
        } else if has("Подтвердите") {
            "confirm_first"
        } else if has("Проверьте") {
            "check_details"
        } else if has("Уточните, пожалуйста, номер") {
            "which_one"
        } else if has("Уточните") {
            "is_it_this_one"
        } else if has("читает сотрудник") {
            "not_understood"
        } else if has("Письмо получено") {
            "received"
        } else if has("сделать это мы не можем") {
            "refused"
        } else if has("Ваша запись") {
            "booking"
        } else if has("Документ о записи") {
            "document_again"
        } else if has("Что с вашей записью") {
            "status"
        } else if has("Вам ответит сотрудник") {
            "case_opened"
        } else {
            panic!("a subject that no kind of letter has: {}", self.subject)
        }
    }

    /// The one attached document.
    pub fn document(&self) -> &[u8] {
        let mut papers = self
            .attachments
            .iter()
            .filter(|(name, _)| name.is_ascii() && name.ends_with(".pdf"));
        let (Some((_, bytes)), None) = (papers.next(), papers.next()) else {
            panic!("one document: {:?}", self.attachments.len());
        };
        bytes
    }

    /// The attached event for a calendar.
    pub fn event(&self) -> String {
        let found = self
            .attachments
            .iter()
            .find(|(name, _)| name.ends_with(".ics"));
        String::from_utf8(found.expect("an event is attached").1.clone()).unwrap()
    }

    /// The text of the one attached document.
    pub fn document_text(&self) -> String {
        let bytes = self.document();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("document.pdf");
        std::fs::write(&path, bytes).unwrap();
        let output = Command::new("pdftotext")
            .arg(&path)
            .arg("-")
            .output()
            .expect("poppler-utils must be installed");
        assert!(output.status.success(), "pdftotext refuses the document");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// The kinds of letters about times.
fn of_times(subject: &str) -> Option<&'static str> {
    [
        ("Освободилось время", "offer"),
        ("это время вам не подходит", "offer_declined"),
        ("Предложенное время уже занято", "offer_gone"),
        ("снова в силе", "restored"),
        ("Ответьте, пожалуйста: запись", "restore_confirm"),
        ("время пока предложено другому", "restore_slot_on_offer"),
        ("прежнее время занято", "restore_slot_gone"),
        ("срок прошёл", "restore_too_late"),
        ("Приём не состоится", "cancelled_by_organisation"),
        ("Вы записаны", "offer_accepted"),
        ("Выберите, пожалуйста, время", "rebook_choices"),
        ("Новая запись пока невозможна", "rebook_barred"),
        ("Ответьте, пожалуйста: новое время", "rebook_confirm"),
        ("Вы в листе ожидания", "waiting_list_joined"),
    ]
    .into_iter()
    .find_map(|(words, kind)| subject.contains(words).then_some(kind))
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    value
        .as_text_list()
        .unwrap_or_default()
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn raw_header(message: &Message<'_>, name: &str) -> String {
    message
        .header_raw(name)
        .unwrap_or_default()
        .trim()
        .to_owned()
}
