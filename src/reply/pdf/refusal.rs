//! «Отказ в отмене записи»: the written refusal, which the citizen can show elsewhere. It names the
//! facts, the rule and its version, and never the citizen's reason. It is not signed: the office
//! confirms it on request by its number.

use super::layout::{Block, ParagraphNumber, Sheet};
use super::paint::{self, FOOT_STYLE, Picture};
use super::{
    DocumentView, HEADING, LABEL, LEAD, Renderer, SMALL, VALUE, VALUE_BOLD, cannot_draw, layout,
};
use crate::domain::Moment;
use crate::failure::Failure;
use crate::reply::words::DocumentLabels;
use crate::reply::{BookingWords, LetterData};

/// What a refusal is filled with.
struct Refusal<'a> {
    data: &'a LetterData,
    booking: &'a BookingWords,
    number: &'a str,
    refused: Moment,
}

impl<'a> Refusal<'a> {
    fn of(data: &'a LetterData) -> Result<Self, Failure> {
        let late = data.late.as_ref();
        Ok(Self {
            data,
            booking: data
                .booking
                .as_ref()
                .ok_or_else(|| cannot_draw("booking"))?,
            number: data
                .document
                .as_deref()
                .ok_or_else(|| cannot_draw("document"))?,
            refused: late
                .and_then(|late| late.refused_at)
                .ok_or_else(|| cannot_draw("refused_at"))?,
        })
    }
}

impl Renderer {
    /// The document for a refusal.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack booking, document number or the moment of the refusal,
    /// or when the document would break PDF/A or PDF/UA.
    pub fn refusal(&self, data: &LetterData) -> Result<Vec<u8>, Failure> {
        let refusal = Refusal::of(data)?;
        let mut view = DocumentView {
            booking: self.templates.booking_view(refusal.booking),
            document: refusal.number,
            asked: true,
            page: 1,
            pages: 1,
        };
        let sheet = self.refusal_sheet(&refusal, &view)?;
        let pages = sheet.pages();
        view.pages = pages.len();
        let mut feet = Vec::new();
        for page in 1..=pages.len() {
            view.page = page;
            let foot = self.templates.document("page", &view)?;
            feet.push(layout::shape(&self.regular, &self.bold, FOOT_STYLE, &foot));
        }
        let title = self.templates.document("refusal_title", &view)?;
        let picture = Picture {
            sheet: &sheet,
            pages: &pages,
            feet: &feet,
            code: None,
            code_alt: "",
            title: &format!("{title} № {}", refusal.booking.number),
            author: &self.regular.legible(&refusal.booking.organisation),
            created: refusal.refused.timestamp(),
            data: None,
        };
        paint::draw(&picture, &self.regular, &self.bold, self.configuration)
            .ok_or_else(|| cannot_draw("drawing"))
    }

    fn refusal_sheet(
        &self,
        refusal: &Refusal<'_>,
        view: &DocumentView<'_>,
    ) -> Result<Sheet, Failure> {
        let mut sheet = Sheet::default();
        let mut add = |style, text: &str| -> ParagraphNumber {
            let shaped = layout::shape(&self.regular, &self.bold, style, text);
            sheet.paragraph(shaped, style)
        };
        let organisation = add(SMALL, &refusal.booking.organisation);
        let title = add(HEADING, &self.templates.document("refusal_title", view)?);
        let lead = add(LEAD, &self.templates.document("refusal_lead", view)?);
        let rows = self
            .refusal_rows(refusal)
            .into_iter()
            .map(|(label, value, important)| {
                let style = if important { VALUE_BOLD } else { VALUE };
                (add(LABEL, label), add(style, &value))
            })
            .collect();
        let check = add(SMALL, &self.templates.document("refusal_check", view)?);
        sheet.blocks = vec![
            Block::Text(organisation),
            Block::Heading(title, 1),
            Block::Text(lead),
            Block::Rows(rows),
            Block::Text(check),
        ];
        Ok(sheet)
    }

    /// Label, value, and whether it is set in bold.
    fn refusal_rows(&self, refusal: &Refusal<'_>) -> Vec<(&str, String, bool)> {
        let Refusal { data, booking, .. } = refusal;
        let words = self.templates.words();
        let labels: &DocumentLabels = &words.document;
        let when = |at: Moment| words.when(at, &booking.zone).full;
        let told = |at: Option<Moment>| at.map_or_else(String::new, when);
        let conditions = data.late.as_ref().and_then(|late| late.conditions.as_ref());
        let version = conditions.map(|one| one.version.clone());
        let notice = words.notice(booking.notice);
        [
            (&labels.number, booking.number.clone(), true),
            (&labels.full_name, booking.full_name.clone(), true),
            (&labels.service, booking.service.clone(), false),
            (&labels.organisation, booking.organisation.clone(), false),
            (&labels.address, booking.address.clone(), false),
            (&labels.resource, booking.resource.clone(), false),
            (&labels.starts, when(booking.starts_at), false),
            (&labels.notice, notice.unwrap_or_default(), false),
            (&labels.last_minute, told(data.deadline), true),
            (&labels.received, told(data.received_at), true),
            (&labels.decided, when(refusal.refused), false),
            (&labels.rules, version.unwrap_or_default(), false),
            (&labels.document, refusal.number.to_owned(), true),
        ]
        .into_iter()
        .filter(|(_, value, _)| !value.trim().is_empty())
        .map(|(label, value, important)| (label.as_str(), value, important))
        .collect()
    }
}
