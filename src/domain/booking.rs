//! A booking and what can happen to it.

use super::{BookingNumber, ContentHash, EmailAddress, LetterId, Moment, Zone};
use serde::{Deserialize, Serialize};

/// The ledger's own id of a booking; never shown to citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BookingId(pub i64);

/// The person who booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// Surname, name and patronymic as the office wrote them.
    pub full_name: String,
    /// The addresses on file, at least one.
    pub emails: Vec<EmailAddress>,
    /// E.164, when known.
    pub phone: Option<String>,
    /// The organisation's own id of the person, when known.
    pub citizen_id: Option<String>,
}

impl Citizen {
    /// Under which hash this organisation counts the person; `None` without its id.
    pub fn counted_at(&self, organisation: &str) -> Option<ContentHash> {
        person_at(organisation, self.citizen_id.as_deref())
    }
}

/// Under which hash an organisation counts the person whom it knows by this id.
pub fn person_at(organisation: &str, id: Option<&str>) -> Option<ContentHash> {
    let id = id?.trim();
    let parts = [b"counted", organisation.as_bytes(), id.as_bytes()];
    (!id.is_empty()).then(|| ContentHash::of(&parts))
}

/// How much notice a service needs; the policy gives the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Most services: doctors, pension fund.
    General,
    /// Services that need preparation: certificates, МФЦ.
    Prepared,
    /// Special procedures: vehicle registration, licences.
    Special,
}

impl Category {
    /// The word used in files and in the ledger.
    pub const fn code(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Prepared => "prepared",
            Self::Special => "special",
        }
    }

    /// Reads the word used in files.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::General, Self::Prepared, Self::Special]
            .into_iter()
            .find(|c| c.code() == code)
    }
}

/// What was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The organisation's code of the service.
    pub code: String,
    /// Its name as citizens read it.
    pub name: String,
    /// How much notice it needs.
    pub category: Category,
}

/// Who gives the appointment, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its name as citizens read it.
    pub name: String,
    /// The address of the appointment.
    pub address: String,
    /// The zone whose clocks hang there.
    pub zone: Zone,
}

/// By which way an act reached the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A letter of the citizen.
    Mail,
    /// A command of an operator.
    Command,
    /// The citizen called; an operator wrote it down.
    Phone,
    /// The citizen came in person; an operator wrote it down.
    Visit,
    /// The organisation's own doing: a cancellation that is not the citizen's.
    Organisation,
}

/// How and when a booking was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// When the server received the letter that asked for it: the deadline was judged by this.
    pub received_at: Moment,
    /// When it was cancelled.
    pub cancelled_at: Moment,
    /// The number of the confirmation document.
    pub document: String,
    /// The letter that asked for it, when it was a letter.
    pub letter: Option<LetterId>,
    /// By which way it came.
    pub channel: Channel,
}

/// The state of a booking; each carries its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BookingState {
    /// «Запланировано».
    Scheduled,
    /// «Ожидает подтверждения»: staff review a document.
    AwaitingConfirmation,
    /// «Отменено».
    Cancelled(Cancellation),
    /// The citizen came.
    Completed,
    /// The citizen did not come.
    NoShow,
}

impl BookingState {
    /// The word used in the ledger and in lists.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::AwaitingConfirmation => "awaiting_confirmation",
            Self::Cancelled(_) => "cancelled",
            Self::Completed => "completed",
            Self::NoShow => "no_show",
        }
    }
}

/// A change of state that the rules do not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a booking that is {from} cannot become {to}")]
pub struct TransitionError {
    /// The state it is in.
    pub from: &'static str,
    /// The state it was to take.
    pub to: &'static str,
}

/// One appointment of one citizen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// The ledger's id.
    pub id: BookingId,
    /// The number that the citizen knows.
    pub number: BookingNumber,
    /// Who booked.
    pub citizen: Citizen,
    /// What was booked.
    pub service: Service,
    /// Where.
    pub organisation: Organisation,
    /// Doctor, room or window; empty when the office does not say.
    pub resource: String,
    /// When the appointment begins.
    pub starts_at: Moment,
    /// What became of it.
    pub state: BookingState,
    /// How often it has been cancelled so far; numbers the confirmation documents.
    pub cancellations: u32,
    /// Raised by every change; the calendar's SEQUENCE.
    pub revision: u32,
}

impl Booking {
    /// Cancels the booking.
    ///
    /// # Errors
    /// [`TransitionError`] unless it is scheduled or awaits confirmation.
    pub fn cancel(mut self, cancellation: Cancellation) -> Result<Self, TransitionError> {
        match self.state {
            BookingState::Scheduled | BookingState::AwaitingConfirmation => {
                self.state = BookingState::Cancelled(cancellation);
                self.cancellations = self.cancellations.saturating_add(1);
                self.revision = self.revision.saturating_add(1);
                Ok(self)
            }
            BookingState::Cancelled(_) | BookingState::Completed | BookingState::NoShow => {
                Err(TransitionError {
                    from: self.state.code(),
                    to: "cancelled",
                })
            }
        }
    }

    /// Schedules a cancelled booking again.
    ///
    /// # Errors
    /// [`TransitionError`] unless it is cancelled.
    pub fn restore(mut self) -> Result<Self, TransitionError> {
        match self.state {
            BookingState::Cancelled(_) => {
                self.state = BookingState::Scheduled;
                self.revision = self.revision.saturating_add(1);
                Ok(self)
            }
            BookingState::Scheduled
            | BookingState::AwaitingConfirmation
            | BookingState::Completed
            | BookingState::NoShow => Err(TransitionError {
                from: self.state.code(),
                to: "scheduled",
            }),
        }
    }

    /// Staff are to look at a document: «Ожидает подтверждения».
    ///
    /// # Errors
    /// [`TransitionError`] unless it is scheduled.
    pub fn await_confirmation(self) -> Result<Self, TransitionError> {
        self.become_open(&BookingState::Scheduled, BookingState::AwaitingConfirmation)
    }

    /// Staff did not accept the document: «Запланировано» again.
    ///
    /// # Errors
    /// [`TransitionError`] unless it awaits confirmation.
    pub fn schedule_again(self) -> Result<Self, TransitionError> {
        self.become_open(&BookingState::AwaitingConfirmation, BookingState::Scheduled)
    }

    fn become_open(
        mut self,
        from: &BookingState,
        to: BookingState,
    ) -> Result<Self, TransitionError> {
        if self.state != *from {
            return Err(TransitionError {
                from: self.state.code(),
                to: to.code(),
            });
        }
        self.state = to;
        self.revision = self.revision.saturating_add(1);
        Ok(self)
    }

    /// Under which hash the cancellations of its citizen are counted: of the organisation and its
    /// id of the person; `None` without an id.
    pub fn counted_person(&self) -> Option<ContentHash> {
        self.citizen.counted_at(&self.organisation.name)
    }

    /// Whether it can still be cancelled, leaving deadlines aside.
    pub const fn is_open(&self) -> bool {
        matches!(
            self.state,
            BookingState::Scheduled | BookingState::AwaitingConfirmation
        )
    }

    /// Whether `address` is one of the addresses on file.
    pub fn has_on_file(&self, address: &EmailAddress) -> bool {
        self.citizen.emails.contains(address)
    }

    /// The number of the confirmation document that the next cancellation brings: the booking's
    /// number, a slash, and which cancellation of this booking it is.
    pub fn next_document(&self) -> String {
        format!("{}/{}", self.number, self.cancellations.saturating_add(1))
    }
}
