//! `[policy]`

use serde::Deserialize;
use std::path::PathBuf;

/// Where the rules of the office stand.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicySettings {
    /// TOML file of rules; absent: the built-in ones.
    pub file: Option<PathBuf>,
}
