//! «Отказ в отмене записи»: the written refusal, which the citizen can show elsewhere. It names the
//! facts, the rule and its version, and never the citizen's reason.

use super::{Paper, Renderer, Row, VALUE, VALUE_BOLD, cannot_draw};
use crate::domain::Moment;
use crate::failure::Failure;
use crate::reply::words::DocumentLabels;
use crate::reply::{BookingWords, LetterData, LetterKind};

impl Renderer {
    /// The document of a letter: that of a cancellation, or of a refusal; `None` where there is
    /// none. A letter of staff's decision has the one that fits it; a refusal that was decided
    /// before refusals had numbers has none.
    ///
    /// # Errors
    /// [`Failure::Stop`] as [`Renderer::confirmation`] and [`Renderer::refusal`] say.
    pub fn of_letter(
        &self,
        kind: LetterKind,
        data: &LetterData,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let confirms = matches!(kind, LetterKind::Cancelled | LetterKind::AlreadyCancelled);
        if !kind.has_document() || (!confirms && data.document.is_none()) {
            Ok(None)
        } else if confirms || data.cancelled_at.is_some() {
            self.confirmation(data).map(Some)
        } else {
            self.refusal(data).map(Some)
        }
    }

    /// The document for a refusal.
    ///
    /// # Errors
    /// [`Failure::Stop`] when the data lack booking, document number, token or the moment of the
    /// refusal, or when the document would break PDF/A or PDF/UA.
    pub fn refusal(&self, data: &LetterData) -> Result<Vec<u8>, Failure> {
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
        let refused = data
            .late
            .as_ref()
            .and_then(|late| late.refused_at)
            .ok_or_else(|| cannot_draw("refused_at"))?;
        let paper = Paper {
            title: "refusal_title",
            lead: "refusal_lead",
            check: "refusal_check",
            rows: self.refusal_rows(data, booking, refused),
            number,
            token,
            asked: true,
            created: refused,
        };
        self.print(&paper, booking)
    }

    fn refusal_rows(
        &self,
        data: &LetterData,
        booking: &BookingWords,
        refused: Moment,
    ) -> Vec<Row<'_>> {
        let words = self.templates.words();
        let labels: &DocumentLabels = &words.document;
        let when = |at: Moment| words.when(at, &booking.zone).full;
        let told = |at: Option<Moment>| at.map_or_else(String::new, when);
        let conditions = data.late.as_ref().and_then(|late| late.conditions.as_ref());
        let version = conditions.map(|one| one.version.clone());
        [
            (&labels.number, booking.number.clone(), VALUE_BOLD),
            (&labels.full_name, booking.full_name.clone(), VALUE_BOLD),
            (&labels.service, booking.service.clone(), VALUE),
            (&labels.organisation, booking.organisation.clone(), VALUE),
            (&labels.address, booking.address.clone(), VALUE),
            (&labels.resource, booking.resource.clone(), VALUE),
            (&labels.starts, when(booking.starts_at), VALUE),
            (
                &labels.notice,
                words.notice(booking.notice).unwrap_or_default(),
                VALUE,
            ),
            (&labels.last_minute, told(data.deadline), VALUE_BOLD),
            (&labels.received, told(data.received_at), VALUE_BOLD),
            (&labels.decided, when(refused), VALUE),
            (&labels.rules, version.unwrap_or_default(), VALUE),
            (
                &labels.document,
                data.document.clone().unwrap_or_default(),
                VALUE_BOLD,
            ),
        ]
        .into_iter()
        .filter(|(_, value, _)| !value.trim().is_empty())
        .map(|(label, value, style)| (label.as_str(), value, style))
        .collect()
    }
}
