//! The closed list of problem and reason codes. `docs/reason-codes.md` explains each.

use super::Keyword;
use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident = $code:literal => $keyword:ident,)*) => {
        /// Why a letter could not be read or decided by rule.
        ///
        /// The same codes name the problems in `otmena parse`, the reasons in the ledger and the
        /// paragraphs of the staff's page.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Reason {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Reason {
            /// Every code there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The code: lower-case ASCII, stable for ever.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The keyword that a dead letter with this reason gets.
            pub const fn keyword(self) -> Keyword {
                match self { $(Self::$variant => Keyword::$keyword,)* }
            }
        }
    };
}

reasons! {
    /// The writer's own words ask for nothing that we know.
    NoRequest = "no_request" => Wish,
    /// The wish is negated, conditional, a question, reported or contradicts itself.
    WishUnclear = "wish_unclear" => Wish,
    /// A wish that only a person can fulfil so far.
    NeedsPerson = "needs_person" => Person,
    /// A wish without a number.
    NumberMissing = "number_missing" => Number,
    /// More than one number, or numbers that differ.
    NumberAmbiguous = "number_ambiguous" => Number,
    /// A number broken by control characters or a torn encoding.
    NumberUnreadable = "number_unreadable" => Number,
    /// No booking has this number.
    NumberUnknown = "number_unknown" => Number,
    /// More than one date that could be the appointment's.
    DateAmbiguous = "date_ambiguous" => Details,
    /// More than one telephone number.
    PhoneAmbiguous = "phone_ambiguous" => Details,
    /// More than one name.
    NameAmbiguous = "name_ambiguous" => Details,
    /// Name, date, time or telephone differ from the booking's.
    DetailsDiffer = "details_differ" => Details,
    /// The text and the HTML face of the letter say different things.
    FacesDiffer = "faces_differ" => Wish,
    /// No From, or none that is an address.
    SenderMissing = "sender_missing" => Sender,
    /// More than one author in From, or From twice.
    SenderAmbiguous = "sender_ambiguous" => Sender,
    /// Nothing proves that the sender is the person who booked.
    SenderNotProven = "sender_not_proven" => Sender,
    /// All confirmation letters of this booking for today are spent.
    ChallengesSpent = "challenges_spent" => Sender,
    /// The confirmation letter that is answered has expired or was used before.
    ChallengeSpent = "challenge_spent" => Sender,
    /// DNS did not tell whether the signature of a sender on file is good.
    DnsSilent = "dns_silent" => Sender,
    /// The code that was typed is that of no confirmation letter which this sender may answer.
    CodeWrong = "code_wrong" => Sender,
    /// Too many wrong codes were typed.
    CodesSpent = "codes_spent" => Sender,
    /// The citizen answered the confirmation letter with something other than consent.
    ConsentNotGiven = "consent_not_given" => Wish,
    /// An automatic letter that holds a request.
    AutomaticRequest = "automatic_request" => Automatic,
    /// Subject twice with different words.
    SubjectAmbiguous = "subject_ambiguous" => Wish,
    /// No words at all.
    LetterEmpty = "letter_empty" => Unreadable,
    /// Over the size cap: only its beginning was read.
    LetterTooLarge = "letter_too_large" => Unreadable,
    /// Too deeply nested, too many parts or headers.
    LetterTooComplex = "letter_too_complex" => Unreadable,
    /// Text that cannot be decoded.
    CharsetUnreadable = "charset_unreadable" => Unreadable,
    /// The letter ends in the middle.
    LetterTruncated = "letter_truncated" => Unreadable,
    /// Encrypted: we cannot read it.
    LetterEncrypted = "letter_encrypted" => Unreadable,
    /// Reading it failed or took too long.
    LetterUnreadable = "letter_unreadable" => Unreadable,
    /// The booking is in a state that the wish does not fit.
    BookingClosed = "booking_closed" => Person,
    /// Something did not work, or a person is asked for.
    HelpAsked = "help_asked" => Person,
    /// A document came with a late request, or after it: staff look at it.
    DocumentReview = "document_review" => Person,
    /// A document came with a wish for a new time, which was answered: staff see to it.
    DocumentsEnclosed = "documents_enclosed" => Person,
}

impl Reason {
    /// Whether the cause passes by itself, so that the letter is tried again without staff.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::ChallengesSpent | Self::DnsSilent)
    }

    /// Finds a code; `None` for one that is not on the list.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == code)
    }
}
