//! Mail servers of our own that take letters.
