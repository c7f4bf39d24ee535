//! Step 2, read: raw bytes become a [`Letter`]. Pure; any bytes whatsoever give a letter.

use crate::domain::{EmailAddress, MessageId, Moment, Reason};

/// A letter as read: headers, the writer's own words, quoted text apart, attachments listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The one author in From; `None` when missing, malformed or more than one.
    pub sender: Option<EmailAddress>,
    /// Envelope sender as the delivering server noted it in the topmost Return-Path.
    pub return_path: ReturnPath,
    /// All addresses in To and Cc.
    pub recipients: Vec<EmailAddress>,
    /// Addresses in Delivered-To, X-Original-To and the like: where a plus-address shows.
    pub delivered_to: Vec<EmailAddress>,
    /// Message-ID, when there is exactly one sound one.
    pub message_id: Option<MessageId>,
    /// In-Reply-To and References, newest first, each once, at most 50.
    pub thread: Vec<MessageId>,
    /// The decoded subject in NFC, without control characters; at most 1,000 characters.
    pub subject: String,
    /// The Date header: the sender's claim, only ever shown.
    pub date: Option<Moment>,
    /// What the writer typed, quotes and signatures taken off; NFC, LF line ends.
    pub own_words: String,
    /// What was quoted or forwarded.
    pub quoted: String,
    /// The decoded text of the whole body, for the comparison of two deliveries.
    pub whole_body: String,
    /// Files that came along; never a source of the request.
    pub attachments: Vec<Attachment>,
    /// Why it is taken for an automatic letter; `None` for a person's.
    pub automatic: Option<AutomaticSign>,
    /// The values of `X-Otmena-Loop`: the mark that every letter of ours carries.
    pub loop_marks: Vec<String>,
    /// Trace headers from the top of the letter downwards: Authentication-Results and Received,
    /// unfolded, undecoded. Order matters: only the topmost run is our own server's.
    pub trace: Vec<TraceHeader>,
    /// What was wrong with the bytes, each code once.
    pub problems: Vec<Reason>,
}

/// The envelope sender (RFC 5321 section 4.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReturnPath {
    /// No Return-Path header.
    #[default]
    Unknown,
    /// `<>`: a bounce or another letter that must not be answered.
    Null,
    /// An address.
    Address(EmailAddress),
}

/// One trace header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceHeader {
    /// Header name in lower case.
    pub name: String,
    /// Unfolded value.
    pub value: String,
}

/// A file that came with the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Decoded file name, when given.
    pub name: Option<String>,
    /// Media type in lower case, `application/pdf`.
    pub media_type: String,
    /// Decoded size in octets.
    pub size: u64,
}

/// What shows that no person wrote the letter (RFC 3834 and real life).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AutomaticSign {
    /// Null envelope sender.
    NullSender,
    /// A delivery report (RFC 3464) or another multipart/report.
    Report,
    /// Auto-Submitted with anything but `no`.
    AutoSubmitted,
    /// Precedence bulk, list, junk or auto_reply.
    Precedence,
    /// A mailing list's headers.
    List,
    /// X-Autoreply, X-Autorespond and the like.
    AutoreplyHeader,
    /// A subject such as «Автоматический ответ:» at its very start.
    Subject,
    /// Words that only vacation programs send.
    Words,
}

impl AutomaticSign {
    /// The word used in explanations and the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NullSender => "null_sender",
            Self::Report => "report",
            Self::AutoSubmitted => "auto_submitted",
            Self::Precedence => "precedence",
            Self::List => "list",
            Self::AutoreplyHeader => "autoreply_header",
            Self::Subject => "subject",
            Self::Words => "words",
        }
    }
}
/// The door of this step; what lies behind it is built next.
pub fn read(_: &[u8]) -> Letter {
    Letter::default()
}
/// The door of this step; what lies behind it is built next.
pub fn content_hash(_: &Letter) -> Option<crate::domain::ContentHash> {
    None
}
