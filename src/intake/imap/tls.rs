//! TLS to the mail server: roots of the system and an extra one, and what a refused
//! certificate means for the operator.

use super::guard::Socket;
use crate::config::ImapSettings;
use crate::failure::Failure;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use std::io;
use std::sync::Arc;
use tokio_rustls::TlsConnector;

/// Secures `socket`; the caller bounds the time.
pub(super) async fn secure(
    socket: Box<dyn Socket>,
    settings: &ImapSettings,
) -> Result<Box<dyn Socket>, Failure> {
    let name = ServerName::try_from(settings.host.clone()).map_err(|_| {
        Failure::stop(
            "mailbox.host is neither a host name nor an address",
            "Give the name that stands in the server's certificate",
        )
    })?;
    let connector = TlsConnector::from(Arc::new(client_config(settings)?));
    match connector.connect(name, socket).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(explained(error)),
    }
}

fn client_config(settings: &ImapSettings) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // A root of the system that cannot be used is no reason to refuse the others.
        if roots.add(certificate).is_err() {
            tracing::debug!(code = "root_unusable", "a system root was left out");
        }
    }
    if let Some(path) = &settings.ca_file {
        let unusable = |cause: rustls::Error| {
            Failure::stop_because(
                "mailbox.ca_file holds a certificate that cannot be used",
                "Give the root certificate in PEM",
                cause,
            )
        };
        let mut found = false;
        for certificate in pem_certificates(path)? {
            roots.add(certificate).map_err(unusable)?;
            found = true;
        }
        if !found {
            return Err(Failure::stop(
                "mailbox.ca_file holds no certificate",
                "Give the root certificate in PEM",
            ));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|cause| Failure::try_again_because("TLS could not be set up", cause))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

fn pem_certificates(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let unreadable = |cause: rustls::pki_types::pem::Error| {
        Failure::stop_because(
            "mailbox.ca_file cannot be read",
            "Give the path of a PEM file that this user may read",
            cause,
        )
    };
    CertificateDer::pem_file_iter(path)
        .map_err(unreadable)?
        .collect::<Result<_, _>>()
        .map_err(unreadable)
}

/// What a failed handshake means.
fn explained(error: io::Error) -> Failure {
    let tls = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .cloned();
    let Some(tls) = tls else {
        return Failure::try_again_because("the TLS handshake with the IMAP server broke", error);
    };
    let (what, remedy) = match &tls {
        rustls::Error::InvalidCertificate(certificate) => refused_certificate(certificate),
        rustls::Error::InvalidMessage(_) => (
            "mailbox.security asks for TLS, but the server does not speak it on mailbox.port",
            "Use port 993 with \"tls\", or \"starttls\" with port 143",
        ),
        rustls::Error::PeerIncompatible(_) | rustls::Error::AlertReceived(_) => (
            "the server named by mailbox.host offers no TLS version or cipher that is safe",
            "Let the server offer TLS 1.2 or 1.3",
        ),
        _ => {
            return Failure::try_again_because(
                "the TLS handshake with the IMAP server failed",
                tls,
            );
        }
    };
    Failure::stop_because(what, remedy, tls)
}

fn refused_certificate(error: &CertificateError) -> (&'static str, &'static str) {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "the certificate of the server named by mailbox.host has expired",
            "Renew it on the server, and see that this machine's clock is right",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "the certificate of the server named by mailbox.host is not valid yet",
            "See that this machine's clock is right",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "the server's certificate is not made out to mailbox.host",
            "Set mailbox.host to the name that stands in the certificate",
        ),
        _ => (
            "the certificate of the server named by mailbox.host is not trusted",
            "Set mailbox.ca_file to the root that issued it",
        ),
    }
}
