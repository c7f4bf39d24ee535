//! How much of a letter is looked at. Everything beyond is left aside, and the letter says so.
//!
//! The reader walks the MIME tree itself, without recursion into `message/rfc822`: a tree of
//! owned parsed messages can overflow the stack when it is dropped, and one letter must never
//! end the process.

/// Header fields read from one header block.
pub const HEADER_FIELDS: usize = 1_000;

/// Octets of one header field that are decoded.
pub const FIELD_OCTETS: usize = 64 * 1024;

/// Leaves and containers of the MIME tree.
pub const PARTS: usize = 400;

/// Depth of nested multiparts; Postfix looks no deeper than 100, people's programs no deeper
/// than 6.
pub const DEPTH: usize = 30;

/// Decoded octets of one text part that are read for its words.
pub const TEXT_OCTETS: usize = 8 * 1024 * 1024;

/// HTML elements open at the same time.
pub const OPEN_ELEMENTS: usize = 200_000;

/// Lines of one face that are judged; no person writes more.
pub const LINES: usize = 20_000;

/// Characters of the writer's own words.
pub const OWN_CHARS: usize = 16_000;

/// Characters kept of the quoted text.
pub const QUOTED_CHARS: usize = 64_000;

/// Characters of a subject.
pub const SUBJECT_CHARS: usize = 1_000;

/// Message-IDs kept of In-Reply-To and References.
pub const THREAD_IDS: usize = 50;

/// Attachments listed.
pub const ATTACHMENTS: usize = 200;

/// Addresses kept of To, Cc and the delivery headers.
pub const ADDRESSES: usize = 200;
