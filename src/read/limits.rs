//! How much of a letter is looked at. Everything beyond is left aside, and the letter says so.

/// Header fields read from one header block.
pub const HEADER_FIELDS: usize = 1_000;

/// Octets of one header field that are decoded.
pub const FIELD_OCTETS: usize = 64 * 1024;

/// Lines that may belong to header blocks, over which a letter is not parsed at all. The parser
/// keeps about 150 octets for each.
pub const HEADER_LINES: usize = 200_000;

/// Attached letters, over which a letter is not parsed at all.
pub const ATTACHED_LETTERS: usize = 100;

/// Octets that the parser may look through for boundaries that are missing: the declared
/// multiparts, each times the size of the letter.
pub const SEARCHED_OCTETS: usize = 256 * 1024 * 1024;

/// How often, on the whole, the octets of a letter may be parsed again because its multiparts are
/// damaged.
pub const PARSED_TIMES: usize = 4;

/// Octets that may be parsed again in any letter.
pub const PARSED_ALWAYS: usize = 1024 * 1024;

/// Octets of the header and of the body that are kept of a letter that is not parsed.
pub const BEGINNING: usize = 64 * 1024;

/// Leaves and containers of the MIME tree.
pub const PARTS: usize = 400;

/// Depth of nested multiparts; Postfix looks no deeper than 100, people's programs no deeper
/// than 6.
pub const DEPTH: usize = 30;

/// Decoded octets of one text part that are read for its words.
pub const TEXT_OCTETS: usize = 6 * 1024 * 1024;

/// HTML elements open at the same time.
pub const OPEN_ELEMENTS: usize = 200_000;

/// Lines of one face that are judged; no person writes more.
pub const LINES: usize = 20_000;

/// Characters of the writer's own words.
pub const OWN_CHARS: usize = 16_000;

/// Characters kept of the quoted text.
pub const QUOTED_CHARS: usize = 64_000;

/// Octets kept of what stands below a signature mark, to the end of a line.
pub const SIGNATURE_CHARS: usize = 600;

/// Characters of a subject.
pub const SUBJECT_CHARS: usize = 1_000;

/// Message-IDs kept of In-Reply-To and References.
pub const THREAD_IDS: usize = 50;

/// Attachments listed.
pub const ATTACHMENTS: usize = 200;

/// Addresses kept of To, Cc and the delivery headers.
pub const ADDRESSES: usize = 200;
