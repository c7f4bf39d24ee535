//! Secrets: from the settings themselves or from the first line of a file.

use crate::failure::Failure;
use secrecy::{ExposeSecret, SecretString};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Octets that a token secret must have: as many as HMAC-SHA-256 gives.
const SECRET_OCTETS: usize = 32;
/// No secret is longer; a larger file was named by mistake.
const LARGEST_FILE: u64 = 64 * 1024;

/// The secret `name`, given directly or by its file.
///
/// # Errors
/// [`Failure::Stop`] when both are given, or when the file cannot be read or holds nothing.
pub fn take(
    name: &str,
    direct: Option<&SecretString>,
    file: Option<&PathBuf>,
) -> Result<Option<SecretString>, Failure> {
    match (direct, file) {
        (Some(_), Some(_)) => Err(Failure::stop(
            format!("both `{name}` and `{name}_file` are given"),
            "Keep one of them, best the file",
        )),
        (Some(secret), None) => Ok(Some(secret.clone())),
        (None, Some(file)) => first_line(name, file).map(Some),
        (None, None) => Ok(None),
    }
}

/// As [`take`], for a secret that must be there.
///
/// # Errors
/// As [`take`], and when neither is given.
pub fn require(
    name: &str,
    direct: Option<&SecretString>,
    file: Option<&PathBuf>,
) -> Result<SecretString, Failure> {
    take(name, direct, file)?.ok_or_else(|| {
        Failure::stop(
            format!("`{name}` is missing"),
            format!(
                "Write `{name}_file` with the path of a file that holds it (or `{name}` itself)"
            ),
        )
    })
}

/// Checks that a token secret cannot be guessed by trying.
///
/// # Errors
/// [`Failure::Stop`] when it is shorter than 32 octets.
pub fn check_length(name: &str, secret: &SecretString) -> Result<(), Failure> {
    let octets = secret.expose_secret().len();
    if octets >= SECRET_OCTETS {
        return Ok(());
    }
    Err(Failure::stop(
        format!("`{name}` has {octets} octets; at least {SECRET_OCTETS} are needed"),
        "Make one with `openssl rand -hex 32`",
    ))
}

fn first_line(name: &str, path: &Path) -> Result<SecretString, Failure> {
    let setting = format!("{name}_file");
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST_FILE).read_to_string(&mut text))
        .map_err(|cause| {
            Failure::stop_because(
                format!("the file of `{setting}` cannot be read ({})", path.display()),
                "Write a text file there whose first line is the secret, readable for the user that runs otmena",
                cause,
            )
        })?;
    let line = text.lines().next().unwrap_or("");
    if line.is_empty() {
        return Err(Failure::stop(
            format!(
                "the first line of the file of `{setting}` is empty ({})",
                path.display()
            ),
            "Write the secret into its first line",
        ));
    }
    Ok(SecretString::from(line.to_owned()))
}
