//! How we reach a mail server and prove who we are: certificates, login, loopback.

use crate::config::{Security, SmtpServerSettings};
use crate::failure::Failure;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters, TlsParametersBuilder};
use secrecy::{ExposeSecret, SecretString};
use std::net::IpAddr;

/// Whether letters to this host never leave the machine.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

/// TLS as the settings ask for it; `None` without.
pub(super) fn tls(settings: &SmtpServerSettings) -> Result<Option<TlsParameters>, Failure> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let mut builder = TlsParametersBuilder::new(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let unreadable = "set smtp.ca_file to a readable file with certificates in PEM";
        let pem = std::fs::read(path).map_err(|cause| {
            Failure::stop_because("smtp.ca_file cannot be read", unreadable, cause)
        })?;
        let certificate = Certificate::from_pem(&pem).map_err(|cause| {
            Failure::stop_because("smtp.ca_file is no certificate", unreadable, cause)
        })?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build_rustls().map(Some).map_err(|cause| {
        Failure::stop_because(
            "TLS cannot be set up",
            "check smtp.host and smtp.ca_file",
            cause,
        )
    })
}

/// Login and password, when the settings have them.
pub(super) fn credentials(settings: &SmtpServerSettings) -> Result<Option<Credentials>, Failure> {
    let Some(username) = &settings.username else {
        return Ok(None);
    };
    let password = match (&settings.password, &settings.password_file) {
        (Some(password), _) => password.clone(),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).map_err(|cause| {
                Failure::stop_because(
                    "smtp.password_file cannot be read",
                    "set it to a readable file whose first line is the password",
                    cause,
                )
            })?;
            SecretString::from(text.lines().next().unwrap_or("").to_owned())
        }
        (None, None) => {
            return Err(Failure::stop(
                "smtp.username is set, but no password",
                "set smtp.password or smtp.password_file",
            ));
        }
    };
    let password = password.expose_secret().to_owned();
    Ok(Some(Credentials::new(username.clone(), password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_go_without_tls() {
        for host in ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["10.0.0.1", "mail.example.org", "localhost.example.org", ""] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
