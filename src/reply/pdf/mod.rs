//! «Подтверждение отмены записи» and «Отказ в отмене записи»: the documents that are attached to
//! letters. The same data give the same bytes; nothing in them can change a booking, and the
//! citizen's reason is not in them.

mod file_name;
mod refusal;
mod layout;
mod paint;
mod typeset;

pub use file_name::file_name;

use super::templates::Templates;
use super::words::DocumentLabels;
use super::{BookingWords, LetterData};
use crate::domain::Moment;
use crate::failure::Failure;
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

/// A row of a document: label, value, style of the value.
type Row<'a> = (&'a str, String, Style);

/// What sets one kind of document apart; sentences are named by their templates.
struct Paper<'a> {
    title: &'static str,
    lead: &'static str,
    check: &'static str,
    rows: Vec<Row<'a>>,
    number: &'a str,
    token: &'a str,
    /// Whether a letter of the citizen asked for it.
    asked: bool,
    /// What the document proves happened then.
    created: Moment,
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

    /// The document for a cancellation.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack booking, document number, token or the moment of the
    /// cancellation, or when the document would break PDF/A or PDF/UA.
    pub fn confirmation(&self, data: &LetterData) -> Result<Vec<u8>, Failure> {
        let booking = data
            .booking
            .as_ref()
            .ok_or_else(|| cannot_draw("booking"))?;
        let number = data
            .document
            .as_deref()
            .ok_or_else(|| cannot_draw("document"))?;
        let token = data
            .document_token
            .as_deref()
            .ok_or_else(|| cannot_draw("document_token"))?;
        let cancelled = data
            .cancelled_at
            .ok_or_else(|| cannot_draw("cancelled_at"))?;
        let paper = Paper {
            title: "title",
            lead: "lead",
            check: "check",
            rows: self.rows(data, booking, cancelled),
            number,
            token,
            asked: data.received_at.is_some(),
            created: cancelled,
        };
        self.print(&paper, booking)
    }

    fn print(&self, paper: &Paper<'_>, booking: &BookingWords) -> Result<Vec<u8>, Failure> {
        let code_text = format!("otmena:document:{}:{}", paper.number, paper.token);
        let code = paint::square_code(&code_text).ok_or_else(|| cannot_draw("code"))?;
        let mut view = DocumentView {
            booking: self.templates.booking_view(booking),
            document: paper.number,
            asked: paper.asked,
            page: 1,
            pages: 1,
        };
        let sheet = self.sheet(paper, booking, &view, &code_text)?;
        let pages = sheet.pages();
        view.pages = pages.len();
        let mut feet = Vec::new();
        for page in 1..=pages.len() {
            view.page = page;
            feet.push(self.shape(FOOT_STYLE, &self.templates.document("page", &view)?));
        }
        let picture = Picture {
            sheet: &sheet,
            pages: &pages,
            feet: &feet,
            code: &code,
            code_alt: &self.templates.document("code_alt", &view)?,
            title: &format!(
                "{} № {}",
                self.templates.document(paper.title, &view)?,
                booking.number
            ),
            author: &self.regular.legible(&booking.organisation),
            created: paper.created.timestamp(),
        };
        paint::draw(&picture, &self.regular, &self.bold, self.configuration)
            .ok_or_else(|| cannot_draw("drawing"))
    }

    fn sheet(
        &self,
        paper: &Paper<'_>,
        booking: &BookingWords,
        view: &DocumentView<'_>,
        code_text: &str,
    ) -> Result<Sheet, Failure> {
        let mut sheet = Sheet::default();
        let mut add = |style: Style, text: &str| -> ParagraphNumber {
            sheet.paragraph(self.shape(style, text), style)
        };
        let organisation = add(SMALL, &booking.organisation);
        let title = add(HEADING, &self.templates.document(paper.title, view)?);
        let lead = add(LEAD, &self.templates.document(paper.lead, view)?);
        let rows = paper
            .rows
            .iter()
            .map(|(label, value, style)| (add(LABEL, label), add(*style, value)))
            .collect();
        let check_title = add(CODE_TITLE, &self.templates.document("check_title", view)?);
        let check = add(SMALL, &self.templates.document(paper.check, view)?);
        let code = add(CODE_TEXT, code_text);
        sheet.blocks = vec![
            Block::Text(organisation),
            Block::Heading(title, 1),
            Block::Text(lead),
            Block::Rows(rows),
            Block::Code(vec![check_title, check, code]),
        ];
        Ok(sheet)
    }

    fn rows(&self, data: &LetterData, booking: &BookingWords, cancelled: Moment) -> Vec<Row<'_>> {
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
            cancelled: cancelled_label,
            document,
            ..
        } = &words.document;
        let when = |at: Moment| words.when(at, &booking.zone).full;
        [
            (number, booking.number.clone(), VALUE_BOLD),
            (full_name, booking.full_name.clone(), VALUE_BOLD),
            (service, booking.service.clone(), VALUE),
            (organisation, booking.organisation.clone(), VALUE),
            (address, booking.address.clone(), VALUE),
            (resource, booking.resource.clone(), VALUE),
            (starts, when(booking.starts_at), VALUE),
            (
                received,
                data.received_at.map_or_else(String::new, when),
                VALUE,
            ),
            (cancelled_label, when(cancelled), VALUE),
            (
                document,
                data.document.clone().unwrap_or_default(),
                VALUE_BOLD,
            ),
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

/// The causes below quote the text, which is personal: only the place is told.
fn cannot_draw(place: &str) -> Failure {
    Failure::stop(
        format!("the confirmation document cannot be made: {place}"),
        "report this with the id of the outbox row",
    )
}
