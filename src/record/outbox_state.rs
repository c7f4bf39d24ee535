//! The states of a letter of ours in the outbox.

/// States of a row of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// To be sent.
    Due,
    /// The mail server took it.
    Sent,
    /// The mail server refused it for good.
    Undeliverable,
    /// Tried for five days.
    GivenUp,
}

impl OutboxState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Due, Self::Sent, Self::Undeliverable, Self::GivenUp];

    /// The word used in the ledger and in lists.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent => "sent",
            Self::Undeliverable => "undeliverable",
            Self::GivenUp => "given_up",
        }
    }

    /// Reads the word used in the ledger.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}
