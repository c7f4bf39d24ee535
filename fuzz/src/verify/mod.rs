//! The pure parts of step 4.

#[path = "../../../src/verify/authentication_results.rs"]
pub mod authentication_results;
#[path = "../../../src/verify/token.rs"]
pub mod token;
