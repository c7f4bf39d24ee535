//! Letters and documents as they leave, decoded.
