//! Step 3, request: what the writer of a [`Letter`](crate::read::Letter) asks for. Pure.

pub mod details;

use crate::domain::{BookingNumber, Reason};
use serde::{Deserialize, Serialize};

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// «Отмена записи №…».
    Cancel,
    /// «Восстановление записи №…».
    Restore,
    /// «Подтверждение отмены №…»: the document again.
    Resend,
    /// «ДА», «подтверждаю»: consent to what a letter of ours asked.
    Consent,
    /// Nothing that we know, or nothing clear.
    #[default]
    None,
}

impl Intent {
    /// The word used in `otmena parse` and in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Restore => "restore",
            Self::Resend => "resend",
            Self::Consent => "consent",
            Self::None => "none",
        }
    }
}

/// What was understood; a field that is in doubt is `None` and its problem is listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestReading {
    /// The wish.
    pub intent: Intent,
    /// The booking's number that the writer gave.
    pub number: Option<BookingNumber>,
    /// Whether a number stands in the quoted booking letter only; it counts only together with
    /// our thread token. Always the number of the quoted text, never of the writer's own words.
    pub quoted_number: Option<BookingNumber>,
    /// Date of the appointment, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// Time of the appointment, `HH:MM`.
    pub time: Option<String>,
    /// Name as written, spaces collapsed.
    pub full_name: Option<String>,
    /// Telephone, E.164.
    pub phone: Option<String>,
    /// Reason as written, at most 500 characters.
    pub reason: Option<String>,
    /// What was unclear, each code once, in the order found. Includes the letter's own problems.
    pub problems: Vec<Reason>,
}
/// The door of this step; what lies behind it is built next.
pub fn understand(_: &crate::read::Letter) -> RequestReading {
    RequestReading::default()
}
