//! `[http]`

use serde::Deserialize;
use std::net::SocketAddr;

/// Metrics and health.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSettings {
    /// Address of `/metrics` and `/healthz`; absent: none.
    pub listen: Option<SocketAddr>,
}
