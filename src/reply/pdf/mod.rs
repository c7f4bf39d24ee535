//! «Подтверждение отмены записи» and «Отказ в отмене записи»: the documents that are attached to
//! letters. The same data give the same bytes; nothing in them can change a booking, and the
//! citizen's reason is not in them.

mod file_name;
mod refusal;
mod facts;
mod check;
mod layout;
mod paint;
mod typeset;

pub use check::{LARGEST_DOCUMENT, Verdict};
pub use facts::{DATA_FILE, DocumentFacts};
pub use file_name::file_name;

use super::templates::Templates;
use super::words::DocumentLabels;
use super::{BookingWords, LetterData};
use crate::domain::{ContentHash, DocumentKey, Moment, Notice};
use crate::failure::Failure;
use facts::DataFile;
use krilla::configure::Configuration;
use layout::{Block, ParagraphNumber, Sheet, Style};
use paint::{FOOT_STYLE, Picture};
use serde::Serialize;
use std::sync::Arc;
use typeset::{Shaped, Typeface};

const REGULAR: &[u8] = include_bytes!("../../../templates/document/fonts/OtmenaText-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../templates/document/fonts/OtmenaText-Bold.ttf");

const SMALL: Style = Style {
    bold: false,
    size: 10.0,
    grey: 70,
};
const HEADING: Style = Style {
    bold: true,
    size: 22.0,
    grey: 0,
};
const LEAD: Style = Style {
    bold: false,
    size: 13.0,
    grey: 0,
};
const LABEL: Style = Style {
    bold: false,
    size: 11.0,
    grey: 80,
};
const VALUE: Style = Style {
    bold: false,
    size: 11.5,
    grey: 0,
};
const VALUE_BOLD: Style = Style {
    bold: true,
    size: 11.5,
    grey: 0,
};
const CODE_TITLE: Style = Style {
    bold: true,
    size: 11.5,
    grey: 0,
};
const CODE_TEXT: Style = Style {
    bold: false,
    size: 8.0,
    grey: 70,
};

/// Makes documents. Holds the parsed fonts and templates; shared between threads.
pub struct Renderer {
    templates: Arc<Templates>,
    regular: Typeface,
    bold: Typeface,
    configuration: Configuration,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Renderer")
    }
}

/// What the sentences of the document may name.
#[derive(Serialize)]
struct DocumentView<'a> {
    booking: super::templates::BookingView<'a>,
    document: &'a str,
    /// Whether a letter of the citizen asked for it.
    asked: bool,
    page: usize,
    pages: usize,
}

impl Renderer {
    /// Parses the fonts and the rules that documents keep.
    ///
    /// # Errors
    /// [`Failure::Stop`] when a font or a template is damaged.
    pub fn new(templates: Arc<Templates>) -> Result<Self, Failure> {
        Ok(Self {
            templates,
            regular: Typeface::parse(REGULAR)?,
            bold: Typeface::parse(BOLD)?,
            configuration: paint::configuration().ok_or_else(|| cannot_draw("configuration"))?,
        })
    }

    /// The document for a cancellation, signed with `key`; `duplicate` where it was issued before
    /// with other bytes.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack booking, document number or the moment of the
    /// cancellation, or when the document would break PDF/A or PDF/UA.
    pub fn confirmation(
        &self,
        data: &LetterData,
        key: &DocumentKey,
        duplicate: bool,
    ) -> Result<Vec<u8>, Failure> {
        let facts = DocumentFacts::of(data, duplicate)?;
        let token = facts
            .token()
            .mint(key)
            .ok_or_else(|| cannot_draw("document number"))?;
        let sheet = self.sheet(&facts, &token)?;
        let file = DataFile::sign(&facts, visible_text(&sheet), token, key)?;
        self.draw(&facts, &sheet, &file)
    }

    fn draw(
        &self,
        facts: &DocumentFacts,
        sheet: &Sheet,
        file: &DataFile,
    ) -> Result<Vec<u8>, Failure> {
        let code = paint::square_code(&file.token).ok_or_else(|| cannot_draw("code"))?;
        let words = booking_words(facts);
        let pages = sheet.pages();
        let mut view = self.view(facts, &words);
        view.pages = pages.len();
        let mut feet = Vec::new();
        for page in 1..=pages.len() {
            view.page = page;
            feet.push(self.shape(FOOT_STYLE, &self.templates.document("page", &view)?));
        }
        let picture = Picture {
            sheet,
            pages: &pages,
            feet: &feet,
            code: Some(&code),
            code_alt: &self.templates.document("code_alt", &view)?,
            title: &format!(
                "{} № {}",
                self.templates.document("title", &view)?,
                facts.number
            ),
            author: &self.regular.legible(&facts.organisation),
            created: facts.cancelled_at.timestamp(),
            data: Some((file.bytes()?, self.templates.document("data_about", &view)?)),
        };
        paint::draw(&picture, &self.regular, &self.bold, self.configuration)
            .ok_or_else(|| cannot_draw("drawing"))
    }

    fn view<'a>(&'a self, facts: &'a DocumentFacts, booking: &'a BookingWords) -> DocumentView<'a> {
        DocumentView {
            booking: self.templates.booking_view(booking),
            document: &facts.document,
            asked: facts.received_at.is_some(),
            page: 1,
            pages: 1,
        }
    }

    fn sheet(&self, facts: &DocumentFacts, token: &str) -> Result<Sheet, Failure> {
        let words = booking_words(facts);
        let view = &self.view(facts, &words);
        let mut sheet = Sheet::default();
        let mut add = |style: Style, text: &str| -> ParagraphNumber {
            sheet.paragraph(self.shape(style, text), style)
        };
        let organisation = add(SMALL, &facts.organisation);
        let title = add(HEADING, &self.templates.document("title", view)?);
        let duplicate = if facts.duplicate {
            let text = self.templates.document("duplicate", view)?;
            Some(Block::Text(add(VALUE_BOLD, &text)))
        } else {
            None
        };
        let lead = add(LEAD, &self.templates.document("lead", view)?);
        let rows = self
            .rows(facts)
            .into_iter()
            .map(|(label, value, style)| (add(LABEL, label), add(style, &value)))
            .collect();
        let check_title = add(CODE_TITLE, &self.templates.document("check_title", view)?);
        let check = add(SMALL, &self.templates.document("check", view)?);
        let code = add(CODE_TEXT, &grouped(token));
        sheet.blocks = [Block::Text(organisation), Block::Heading(title, 1)]
            .into_iter()
            .chain(duplicate)
            .chain([
                Block::Text(lead),
                Block::Rows(rows),
                Block::Code(vec![check_title, check, code]),
            ])
            .collect();
        Ok(sheet)
    }

    fn rows(&self, facts: &DocumentFacts) -> Vec<(&str, String, Style)> {
        let words = self.templates.words();
        let DocumentLabels {
            number,
            full_name,
            service,
            organisation,
            address,
            resource,
            starts,
            received,
            cancelled,
            document,
            ..
        } = &words.document;
        let when = |at: Moment| words.when(at, &facts.zone).full;
        let asked = facts.received_at.map_or_else(String::new, when);
        [
            (number, facts.number.clone(), VALUE_BOLD),
            (full_name, facts.full_name.clone(), VALUE_BOLD),
            (service, facts.service.clone(), VALUE),
            (organisation, facts.organisation.clone(), VALUE),
            (address, facts.address.clone(), VALUE),
            (resource, facts.resource.clone(), VALUE),
            (starts, when(facts.starts_at), VALUE),
            (received, asked, VALUE),
            (cancelled, when(facts.cancelled_at), VALUE),
            (document, facts.document.clone(), VALUE_BOLD),
        ]
        .into_iter()
        .filter(|(_, value, _)| !value.trim().is_empty())
        .map(|(label, value, style)| (label.as_str(), value, style))
        .collect()
    }

    fn shape(&self, style: Style, text: &str) -> Shaped {
        layout::shape(&self.regular, &self.bold, style, text)
    }
}

/// What the sentences of the document may name of the booking.
fn booking_words(facts: &DocumentFacts) -> BookingWords {
    BookingWords {
        number: facts.number.clone(),
        full_name: facts.full_name.clone(),
        service: facts.service.clone(),
        organisation: facts.organisation.clone(),
        address: facts.address.clone(),
        resource: facts.resource.clone(),
        starts_at: facts.starts_at,
        zone: facts.zone.clone(),
        notice: Notice::default(),
        sequence: 0,
    }
}

/// The token in groups of eight, so that it can be typed.
fn grouped(token: &str) -> String {
    let (head, octets) = token.split_once(':').unwrap_or(("", token));
    let mut text = format!("{head}: ");
    for (at, c) in octets.chars().enumerate() {
        if at > 0 && at % 8 == 0 {
            text.push(' ');
        }
        text.push(c);
    }
    text
}

/// Lower-case hexadecimal of the hash over everything that can be read on the pages, but for their
/// feet.
fn visible_text(sheet: &Sheet) -> String {
    let texts: Vec<&[u8]> = sheet
        .paragraphs
        .iter()
        .map(|paragraph| paragraph.shaped.text.as_bytes())
        .collect();
    ContentHash::of(&texts).to_hex()
}

/// The causes below quote the text, which is personal: only the place is told.
fn cannot_draw(place: &str) -> Failure {
    Failure::stop(
        format!("the confirmation document cannot be made: {place}"),
        "report this with the id of the outbox row",
    )
}
