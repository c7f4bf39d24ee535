//! `[registry]`

use serde::Deserialize;

/// How the organisation's own schedule learns of changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RegistrySettings {
    /// Program and arguments, run for each change with JSON on standard input.
    pub command: Vec<String>,
}
