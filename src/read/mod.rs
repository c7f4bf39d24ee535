//! Step 2, read: raw bytes become a [`Letter`]. Pure; any bytes whatsoever give a letter.

mod limits;
pub(crate) mod headers;
pub(crate) mod addresses;
pub(crate) mod encoded_words;
mod charset;
mod utf7;
pub(crate) mod content;
mod transfer;
mod burden;
pub(crate) mod structure;
mod salvage;
mod parts;
mod clean;
mod flowed;
pub(crate) mod html;
mod own_words;
mod automatic;
pub(crate) mod delivery_report;
pub(crate) mod grammar;

pub use delivery_report::{DeliveryOutcome, DeliveryReport};
pub use headers::Field as HeaderField;
pub use structure::fields as header_fields;

use crate::domain::{ContentHash, EmailAddress, MessageId, Moment, Reason};
use headers::Headers;
use parts::Body;
use structure::Tree;

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
    /// What the writer typed as the other face (HTML) of the letter shows it, when the letter
    /// has two faces whose words differ.
    pub other_face: Option<String>,
    /// What was quoted or forwarded.
    pub quoted: String,
    /// What stands below a signature mark, «-- ». It asks for nothing, but may hold the writer's name
    /// and telephone.
    pub signature: String,
    /// The decoded text of the whole body, for the comparison of two deliveries.
    pub whole_body: String,
    /// Files that came along; never a source of the request.
    pub attachments: Vec<Attachment>,
    /// Why it is taken for an automatic letter; `None` for a person's.
    pub automatic: Option<AutomaticSign>,
    /// What a delivery status notification says of a letter of ours.
    pub delivery_report: Option<DeliveryReport>,
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
    /// SHA-256 of the decoded part; only [`attachments`] works it out.
    pub sha256: Option<ContentHash>,
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

/// Reads a letter. Pure, total: any bytes give a letter, within fixed limits of time and memory.
pub fn read(bytes: &[u8]) -> Letter {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let tree = Tree::of(bytes);
    let headers = &tree.root.headers;
    let body = Body::read(&tree);
    let mut letter = Letter {
        return_path: return_path(headers),
        recipients: addresses::all(headers.all("to").chain(headers.all("cc"))),
        delivered_to: addresses::all(
            [
                "delivered-to",
                "x-original-to",
                "x-delivered-to",
                "envelope-to",
                "x-envelope-to",
            ]
            .iter()
            .flat_map(|name| headers.all(name)),
        ),
        message_id: message_id(headers),
        thread: thread(headers),
        date: headers.text("date").and_then(|value| date(&value)),
        loop_marks: headers
            .all("x-otmena-loop")
            .map(|value| clean::line(&String::from_utf8_lossy(value), 200))
            .collect(),
        trace: trace(headers),
        problems: body.problems.clone(),
        ..Letter::default()
    };
    read_sender(headers, &mut letter);
    read_subject(headers, &mut letter);
    read_words(&body, &mut letter);
    letter.automatic = automatic::by_headers(headers, &letter.return_path, body.report)
        .or_else(|| automatic::by_words(&letter.subject, &letter.own_words));
    letter.delivery_report = body.delivery_report;
    letter.whole_body = body.whole;
    letter.attachments = body.attachments;
    letter
}

/// The attachments with the hashes of their decoded parts, in the order of [`Letter::attachments`].
/// Nothing in them is interpreted.
pub fn attachments(bytes: &[u8]) -> Vec<Attachment> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    Body::read_hashing(&Tree::of(bytes)).attachments
}

/// What two deliveries of one message have in common: Message-ID, author and decoded body, but
/// not the trace headers. `None` without Message-ID or sender: then nothing can be compared.
pub fn content_hash(letter: &Letter) -> Option<ContentHash> {
    let id = letter.message_id.as_ref()?;
    let sender = letter.sender.as_ref()?;
    Some(ContentHash::of(&[
        id.as_str().as_bytes(),
        sender.as_str().as_bytes(),
        letter.whole_body.as_bytes(),
    ]))
}

fn note(letter: &mut Letter, reason: Reason) {
    if !letter.problems.contains(&reason) {
        letter.problems.push(reason);
    }
}

fn return_path(headers: &Headers) -> ReturnPath {
    let Some(value) = headers.text("return-path") else {
        return ReturnPath::Unknown;
    };
    let inner: String = value.split_whitespace().collect();
    if inner == "<>" {
        return ReturnPath::Null;
    }
    EmailAddress::parse(inner.trim_matches(['<', '>']))
        .map_or(ReturnPath::Unknown, ReturnPath::Address)
}

/// Exactly one author in exactly one From; the same author twice is one.
fn read_sender(headers: &Headers, letter: &mut Letter) {
    let mut authors: Vec<Option<EmailAddress>> = Vec::new();
    for author in headers.all("from").flat_map(addresses::mailboxes) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    match authors.as_slice() {
        [Some(author)] => letter.sender = Some(author.clone()),
        [] | [None] => note(letter, Reason::SenderMissing),
        _ => note(letter, Reason::SenderAmbiguous),
    }
}

/// The subject; two fields with different words leave none, because programs show either.
fn read_subject(headers: &Headers, letter: &mut Letter) {
    let hint = content::Content::of_part(headers, "text/plain").parameter("charset");
    let mut subjects: Vec<String> = headers
        .all("subject")
        .take(10)
        .map(|value| encoded_words::decode(value, hint.as_deref()))
        .map(|text| clean::line(&text, limits::SUBJECT_CHARS))
        .collect();
    subjects.dedup();
    if subjects.len() > 1 {
        note(letter, Reason::SubjectAmbiguous);
    } else {
        letter.subject = subjects.pop().unwrap_or_default();
    }
}

/// The writer's own words of both faces. Where one face is empty or a stub, the other counts.
fn read_words(body: &Body, letter: &mut Letter) {
    let plain = own_words::sort(&body.plain, body.plain_more);
    if !body.two_faces {
        return take_face(letter, plain);
    }
    let rich = own_words::sort(&body.rich, body.rich_more);
    if is_stub(&plain.own) && !rich.own.trim().is_empty() {
        take_face(letter, rich);
    } else if rich.own.trim().is_empty() || same_words(&plain.own, &rich.own) {
        // The HTML face is not broken at 76 columns, so its lines are the writer's lines.
        let whole = if rich.own.trim().is_empty() {
            plain
        } else {
            rich
        };
        take_face(letter, whole);
    } else {
        letter.other_face = Some(rich.own);
        take_face(letter, plain);
    }
}

fn take_face(letter: &mut Letter, face: own_words::Sorted) {
    if face.overflow {
        note(letter, Reason::LetterTooComplex);
    }
    letter.own_words = face.own;
    letter.quoted = face.quoted;
    letter.signature = face.signature;
}

fn same_words(a: &str, b: &str) -> bool {
    let bare = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric() || *c == char::REPLACEMENT_CHARACTER)
            .collect()
    };
    bare(a) == bare(b)
}

/// A text face that only says that there is an HTML face.
fn is_stub(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || text.chars().count() < 300
            && ["HTML", "html", "multi-part", "MIME"]
                .iter()
                .any(|word| text.contains(word))
}

fn message_id(headers: &Headers) -> Option<MessageId> {
    let mut ids = headers.all("message-id");
    let id = MessageId::parse(&String::from_utf8_lossy(ids.next()?))?;
    ids.next().is_none().then_some(id)
}

/// In-Reply-To first, then References from the newest backwards.
fn thread(headers: &Headers) -> Vec<MessageId> {
    let ids = |name: &str| -> Vec<MessageId> {
        let text = headers.text(name).unwrap_or_default();
        text.split('<')
            .skip(1)
            .filter_map(|piece| MessageId::parse(piece.split('>').next()?))
            .collect()
    };
    let mut found: Vec<MessageId> = Vec::new();
    for id in ids("in-reply-to")
        .into_iter()
        .chain(ids("references").into_iter().rev())
    {
        if found.len() >= limits::THREAD_IDS {
            break;
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn date(value: &str) -> Option<Moment> {
    let parsed = jiff::fmt::rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_timestamp(value.trim())
        .ok()?;
    Some(Moment::from_seconds(parsed.as_second()))
}

fn trace(headers: &Headers) -> Vec<TraceHeader> {
    headers
        .fields()
        .iter()
        .filter(|field| matches!(field.name.as_str(), "authentication-results" | "received"))
        .map(|field| TraceHeader {
            name: field.name.clone(),
            value: String::from_utf8_lossy(&field.value).into_owned(),
        })
        .collect()
}
