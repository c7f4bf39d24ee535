//! A row of the outbox becomes the bytes of an e-mail (RFC 5322). The same row gives the same
//! bytes each time: nothing here is drawn from a clock or by lot.

use super::calendar::{self, Method};
use super::pdf::{Renderer, file_name};
use super::templates::{Sent, Templates, Wording};
use super::wire_address::wire_address;
use super::{LetterData, LetterKind, OutgoingLetter};
use crate::config::{EnvelopeSender, MailboxName};
use crate::domain::{BounceTags, ContentHash, DocumentKey, EmailAddress, MessageId, Moment};
use crate::failure::Failure;
use crate::record::OutboxRow;
use lettre::message::header::{ContentType, Date, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Message-IDs quoted in References; more would make the header unwieldy.
const MAX_REFERENCES: usize = 20;

/// Who sends to whom (RFC 5321).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// MAIL FROM.
    pub from: EmailAddress,
    /// RCPT TO.
    pub to: EmailAddress,
}

/// A letter ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedLetter {
    /// The row of the outbox.
    pub row: i64,
    /// Its Message-ID.
    pub message_id: MessageId,
    /// Who sends to whom.
    pub envelope: Envelope,
    /// The whole message, CRLF, ASCII only.
    pub bytes: Vec<u8>,
    /// SHA-256 of the attached document.
    pub document_hash: Option<ContentHash>,
}

/// A message before it becomes bytes; letters to citizens and notes for staff alike.
#[derive(Debug)]
pub struct Draft<'a> {
    /// From.
    pub from: &'a MailboxName,
    /// To.
    pub to: &'a EmailAddress,
    /// Reply-To; `None`: none.
    pub reply_to: Option<&'a EmailAddress>,
    /// Date.
    pub date: Moment,
    /// Message-ID.
    pub message_id: &'a MessageId,
    /// The thread, newest first: the first becomes In-Reply-To, all become References.
    pub thread: &'a [MessageId],
    /// Value of Auto-Submitted (RFC 3834).
    pub auto_submitted: &'static str,
    /// Subject, text and HTML.
    pub wording: Wording,
    /// File name and bytes of a PDF.
    pub document: Option<(String, Vec<u8>)>,
    /// What the calendar does, and the event for it.
    pub event: Option<(Method, String)>,
}

/// Turns rows of the outbox into messages. Shared between threads.
#[derive(Debug)]
pub struct Press {
    templates: Arc<Templates>,
    documents: Renderer,
    key: DocumentKey,
    from: MailboxName,
    envelope: EnvelopeSender,
    bounce_tags: BounceTags,
}

impl Press {
    /// A press for letters from `from`; `bounce_tags` mark their envelope senders, `key` signs
    /// their documents.
    ///
    /// # Errors
    /// [`Failure::Stop`] when a font is damaged.
    pub fn new(
        templates: Arc<Templates>,
        from: MailboxName,
        envelope: EnvelopeSender,
        bounce_tags: BounceTags,
        key: DocumentKey,
    ) -> Result<Self, Failure> {
        Ok(Self {
            documents: Renderer::new(Arc::clone(&templates))?,
            key,
            templates,
            from,
            envelope,
            bounce_tags,
        })
    }

    /// Renders one row.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the row's data lack what its kind needs.
    pub fn render(&self, row: &OutboxRow) -> Result<RenderedLetter, Failure> {
        let letter = &row.letter;
        let document = self.document_of(letter, row.document_hash)?;
        let document_hash = document.as_deref().map(ContentHash::of_octets);
        let number = letter.data.booking.as_ref().map_or("", |b| &b.number);
        let bytes = to_bytes(Draft {
            from: &self.from,
            to: &letter.recipient,
            reply_to: letter.reply_to.as_ref(),
            date: letter.date,
            message_id: &letter.message_id,
            thread: &letter.thread,
            auto_submitted: auto_submitted(letter),
            wording: self.templates.letter(
                letter.kind,
                &letter.data,
                Sent {
                    from: &self.from,
                    date: letter.date,
                },
            )?,
            document: document.map(|bytes| (file_name(number), bytes)),
            event: self.event(letter),
        })?;
        Ok(RenderedLetter {
            row: row.id,
            message_id: letter.message_id.clone(),
            envelope: Envelope {
                from: self.envelope_from(row.id),
                to: letter.recipient.clone(),
            },
            bytes,
            document_hash,
        })
    }

    /// The appointment for the citizen's calendar.
    fn event(&self, letter: &OutgoingLetter) -> Option<(Method, String)> {
        let method = Method::of(letter.kind, letter.data.cancelled_at.is_some())?;
        let booking = letter.data.booking.as_ref()?;
        let event = calendar::event(method, booking, &self.from.address, letter.date);
        Some((method, event))
    }

    /// The document of a letter: that of a cancellation, or of a refusal. Letters of staff's
    /// decision have the one that fits them; a refusal that was decided before refusals had
    /// numbers has none.
    fn document_of(
        &self,
        letter: &OutgoingLetter,
        first: Option<ContentHash>,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let data = &letter.data;
        let may_refuse = matches!(
            letter.kind,
            LetterKind::RefusedTooLate | LetterKind::ReviewApproved | LetterKind::ReviewRejected
        );
        if !letter.kind.has_document() || may_refuse && data.document.is_none() {
            Ok(None)
        } else if may_refuse && data.cancelled_at.is_none() {
            self.documents.refusal(data).map(Some)
        } else {
            self.document(data, first).map(Some)
        }
    }

    /// The document of a cancellation. Where it was issued before with other bytes, by an earlier
    /// version or before an import changed the details, it is marked as a duplicate.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack what the document needs.
    pub fn document(
        &self,
        data: &LetterData,
        first: Option<ContentHash>,
    ) -> Result<Vec<u8>, Failure> {
        let document = self.documents.confirmation(data, &self.key, false)?;
        if first.is_none_or(|first| first == ContentHash::of_octets(&document)) {
            return Ok(document);
        }
        self.documents.confirmation(data, &self.key, true)
    }

    /// `local+b<row>-<check>@domain`, so that a bounce names its row and cannot be forged; the
    /// plain address where the settings say so or the local part would grow too long.
    fn envelope_from(&self, row: i64) -> EmailAddress {
        let address = &self.from.address;
        let verp = match self.envelope {
            EnvelopeSender::Plain => None,
            EnvelopeSender::Verp => self.bounce_tags.address(address, row),
        };
        verp.unwrap_or_else(|| address.clone())
    }
}

/// RFC 3834 section 5: an answer is `auto-replied`, a letter of its own is `auto-generated`.
const fn auto_submitted(letter: &OutgoingLetter) -> &'static str {
    if letter.answers.is_some() {
        "auto-replied"
    } else {
        "auto-generated"
    }
}

/// The bytes of a message.
///
/// # Errors
/// [`Failure::Stop`] when an address cannot stand in a header.
pub fn to_bytes(draft: Draft<'_>) -> Result<Vec<u8>, Failure> {
    let hash = ContentHash::of(&[draft.message_id.as_str().as_bytes()]).to_hex();
    let boundary = |part: &str| format!("=_{}-{part}", hash.chars().take(40).collect::<String>());
    let alternative = MultiPart::alternative()
        .boundary(boundary("text"))
        .singlepart(SinglePart::plain(crlf(&draft.wording.text)))
        .singlepart(SinglePart::html(crlf(&draft.wording.html)));
    let document = draft.document.map(|(name, bytes)| pdf_part(name, bytes));
    let event = draft.event.map(|(method, event)| event_part(method, event));
    let mut body = alternative;
    if document.is_some() || event.is_some() {
        body = MultiPart::mixed().boundary(boundary("all")).multipart(body);
    }
    for part in document.into_iter().chain(event) {
        body = body.singlepart(part?);
    }
    let mut message = Message::builder()
        .header(Date::new(system_time(draft.date)))
        .from(mailbox(&draft.from.name, &draft.from.address)?)
        .to(mailbox("", draft.to)?)
        .subject(draft.wording.subject)
        .raw_header(ids("Message-ID", std::iter::once(draft.message_id))?);
    if let Some(reply_to) = draft.reply_to {
        message = message.reply_to(mailbox(&draft.from.name, reply_to)?);
    }
    if let Some(answered) = draft.thread.first() {
        let oldest_first = draft.thread.iter().take(MAX_REFERENCES).rev();
        message = message
            .raw_header(ids("In-Reply-To", std::iter::once(answered))?)
            .raw_header(ids("References", oldest_first)?);
    }
    message
        .raw_header(plain("Auto-Submitted", draft.auto_submitted)?)
        .raw_header(plain("X-Otmena-Loop", draft.from.address.as_str())?)
        .raw_header(plain("Content-Language", "ru")?)
        .multipart(body)
        .map(|message| message.formatted())
        .map_err(|cause| bad_header("the message", cause))
}

fn pdf_part(name: String, bytes: Vec<u8>) -> Result<SinglePart, Failure> {
    let kind =
        ContentType::parse("application/pdf").map_err(|cause| bad_header("Content-Type", cause))?;
    // The name stands in Content-Type too: some programs look only there.
    let named = ContentType::parse(&format!("application/pdf; name=\"{name}\"")).unwrap_or(kind);
    Ok(Attachment::new(name).body(bytes, named))
}

/// The method stands in Content-Type, too (RFC 6047 section 2.4): programs that read only the header
/// see that nobody is invited.
fn event_part(method: Method, event: String) -> Result<SinglePart, Failure> {
    let kind = format!(
        "text/calendar; charset=utf-8; method={}; name=\"{}\"",
        method.code(),
        calendar::FILE_NAME
    );
    let kind = ContentType::parse(&kind).map_err(|cause| bad_header("Content-Type", cause))?;
    Ok(Attachment::new(calendar::FILE_NAME.to_owned()).body(event, kind))
}

/// A header of Message-IDs, one to a line: lettre would encode long ones as words (RFC 2047).
fn ids<'a>(
    name: &'static str,
    ids: impl Iterator<Item = &'a MessageId>,
) -> Result<HeaderValue, Failure> {
    let bracketed: Vec<String> = ids.map(|id| format!("<{}>", id.as_str())).collect();
    Ok(HeaderValue::dangerous_new_pre_encoded(
        header_name(name)?,
        bracketed.join(" "),
        bracketed.join("\r\n "),
    ))
}

fn plain(name: &'static str, value: &str) -> Result<HeaderValue, Failure> {
    Ok(HeaderValue::new(header_name(name)?, value.to_owned()))
}

fn header_name(name: &'static str) -> Result<HeaderName, Failure> {
    HeaderName::new_from_ascii(name.to_owned()).map_err(|cause| bad_header(name, cause))
}

fn mailbox(name: &str, address: &EmailAddress) -> Result<Mailbox, Failure> {
    let address = match wire_address(address) {
        Some(address) => address,
        None => address
            .as_str()
            .parse()
            .map_err(|cause: lettre::address::AddressError| bad_header("an address", cause))?,
    };
    let name = (!name.is_empty()).then(|| name.to_owned());
    Ok(Mailbox::new(name, address))
}

fn bad_header(what: &str, cause: impl Into<crate::failure::Cause>) -> Failure {
    Failure::stop_because(
        format!("{what} cannot stand in a letter"),
        "report this with the id of the outbox row",
        cause,
    )
}

fn system_time(at: Moment) -> SystemTime {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Line ends as RFC 5322 wants them, whatever the template's file has.
fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(64));
    for line in text.lines() {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out
}
