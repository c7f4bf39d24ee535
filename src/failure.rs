//! What can go wrong, told by what is to be done about it.

use crate::domain::Reason;

/// The cause below a failure, printed once at the end of the chain.
pub type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A failure says what to do: try again, hold the letter for staff, or stop.
///
/// The texts hold ids, settings and codes, never names, addresses or words of a letter.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A passing fault (network, lock, DNS): back off and try again.
    #[error("{what}")]
    TryAgain {
        /// What failed.
        what: String,
        /// The cause below, if there is one.
        #[source]
        cause: Option<Cause>,
    },
    /// This one letter cannot be handled by rule; a person decides.
    #[error("held for staff: {}", reason.code())]
    HoldForStaff {
        /// The reason that staff are shown.
        reason: Reason,
    },
    /// The operator must act; the program ends with exit code 78.
    #[error("{what}. {remedy}")]
    Stop {
        /// What is wrong, naming the setting.
        what: String,
        /// What the operator does about it.
        remedy: String,
        /// The cause below, if there is one.
        #[source]
        cause: Option<Cause>,
    },
}

impl Failure {
    /// A passing fault without a cause below.
    pub fn try_again(what: impl Into<String>) -> Self {
        Self::TryAgain {
            what: what.into(),
            cause: None,
        }
    }

    /// A passing fault and its cause.
    pub fn try_again_because(what: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::TryAgain {
            what: what.into(),
            cause: Some(cause.into()),
        }
    }

    /// A fault that only the operator can mend.
    pub fn stop(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Stop {
            what: what.into(),
            remedy: remedy.into(),
            cause: None,
        }
    }

    /// A fault that only the operator can mend, and its cause.
    pub fn stop_because(
        what: impl Into<String>,
        remedy: impl Into<String>,
        cause: impl Into<Cause>,
    ) -> Self {
        Self::Stop {
            what: what.into(),
            remedy: remedy.into(),
            cause: Some(cause.into()),
        }
    }

    /// Whether waiting and trying again may help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::TryAgain { .. })
    }

    /// The whole chain of causes in one line, for the log.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        for cause in self.causes() {
            text.push_str(": ");
            text.push_str(&cause);
        }
        text
    }

    /// The texts of the causes below. One that is told already at the end of the text above it is
    /// left out: many libraries repeat their source.
    pub fn causes(&self) -> Vec<String> {
        let mut told = match self {
            Self::TryAgain { what, .. } | Self::Stop { what, .. } => what.clone(),
            Self::HoldForStaff { .. } => self.to_string(),
        };
        let mut causes = Vec::new();
        let mut next = std::error::Error::source(self);
        while let Some(cause) = next {
            let text = cause.to_string();
            if !told.ends_with(&text) {
                causes.push(text.clone());
                told = text;
            }
            next = cause.source();
        }
        causes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("error communicating: {0}")]
    struct Repeating(#[source] std::io::Error);

    #[test]
    fn a_cause_that_repeats_its_own_is_told_once() {
        let cause = Repeating(std::io::Error::other("refused"));
        let failure = Failure::try_again_because("the database cannot be reached", cause);
        assert_eq!(
            failure.chain(),
            "the database cannot be reached: error communicating: refused"
        );
        let different = Failure::stop_because("x", "y", std::io::Error::other("z"));
        assert_eq!(different.chain(), "x. y: z");
    }
}
