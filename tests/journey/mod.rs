//! Conversations from end to end on real servers.
