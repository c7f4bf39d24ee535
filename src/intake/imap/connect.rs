//! From settings to a logged-in connection: TCP, TLS or STARTTLS, greeting, login.

use super::guard::{Guard, Socket};
use super::tls;
use super::wire::{COMMAND_LIMIT, Tagged, Verdict, Wire, code_word};
use crate::config::{ImapSettings, Security};
use crate::failure::Failure;
use async_imap::imap_proto::{Capability, Response, Status};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Nothing listens there, or the network is down.
const UNREACHABLE: &str = "the IMAP server could not be reached; check mailbox.host and mailbox.port, \
                           and that the server runs";

/// How long one address may take to accept the connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(15);
/// How long name resolution, TLS handshake and greeting may take, each.
const OPENING_LIMIT: Duration = Duration::from_secs(30);
/// Literal bytes in one response before login; nothing honest needs more.
const CAP_BEFORE_LOGIN: u64 = 64 * 1024;

/// What the server says it can do, upper case.
pub(super) type Capabilities = BTreeSet<String>;

/// Connects and logs in. `literal_cap` bounds the literals of one response.
pub(super) async fn connect(
    settings: &ImapSettings,
    literal_cap: u64,
) -> Result<(Wire, Capabilities), Failure> {
    let password = password(settings)?;
    let addresses = resolve(settings).await?;
    if settings.security == Security::None && !addresses.iter().all(|at| at.ip().is_loopback()) {
        return Err(Failure::stop(
            "mailbox.security is \"none\", but mailbox.host is not this machine",
            "Use \"tls\" or \"starttls\"",
        ));
    }
    let socket: Box<dyn Socket> = Box::new(dial(&addresses).await?);
    let cap = literal_cap.max(CAP_BEFORE_LOGIN);
    let (mut wire, preauth) = match settings.security {
        Security::None => greet(Wire::new(Guard::new(socket, cap))).await?,
        Security::Tls => {
            let socket = within(tls::secure(socket, settings)).await?;
            greet(Wire::new(Guard::new(socket, cap))).await?
        }
        Security::Starttls => {
            let (wire, preauth) = greet(Wire::new(Guard::new(socket, cap))).await?;
            if preauth {
                return Err(no_starttls());
            }
            (upgrade(wire, settings, cap).await?, false)
        }
    };
    let offered = capabilities(&mut wire).await?;
    if !preauth {
        login(&mut wire, &offered, &settings.username, &password).await?;
    }
    // Servers tell more after the login.
    let offered = capabilities(&mut wire).await?;
    Ok((wire, offered))
}

async fn within<T>(step: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::time::timeout(OPENING_LIMIT, step)
        .await
        .map_err(|_| Failure::try_again("the IMAP server did not answer in time"))?
}

fn password(settings: &ImapSettings) -> Result<SecretString, Failure> {
    if let Some(password) = &settings.password {
        return Ok(password.clone());
    }
    let Some(path) = &settings.password_file else {
        return Err(Failure::stop(
            "mailbox.password is not set",
            "Set mailbox.password or mailbox.password_file",
        ));
    };
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Failure::stop_because(
            "mailbox.password_file cannot be read",
            "Give the path of a file that this user may read",
            cause,
        )
    })?;
    Ok(SecretString::from(
        text.lines().next().unwrap_or("").to_owned(),
    ))
}

async fn resolve(settings: &ImapSettings) -> Result<Vec<SocketAddr>, Failure> {
    let port = settings.port.unwrap_or(match settings.security {
        Security::Tls => 993,
        Security::Starttls | Security::None => 143,
    });
    let unknown = || {
        Failure::stop(
            "mailbox.host is unknown: its name has no address",
            "See that the host name is spelled rightly",
        )
    };
    let lookup = tokio::net::lookup_host((settings.host.as_str(), port));
    let found = tokio::time::timeout(OPENING_LIMIT, lookup)
        .await
        .map_err(|_| Failure::try_again("the name of the IMAP server was not resolved in time"))?;
    match found {
        Ok(addresses) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() {
                Err(unknown())
            } else {
                Ok(addresses)
            }
        }
        // getaddrinfo's code is not to be had from std; EAI_AGAIN is told by its fixed text.
        Err(error) if error.to_string().contains("Temporary failure") => Err(
            Failure::try_again_because("the name of the IMAP server could not be resolved", error),
        ),
        Err(_) => Err(unknown()),
    }
}

async fn dial(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let mut last = Failure::try_again(UNREACHABLE);
    for address in addresses {
        match tokio::time::timeout(CONNECT_LIMIT, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                // Commands are small and answered one by one; Nagle would only delay them.
                if stream.set_nodelay(true).is_err() {
                    tracing::debug!(code = "nodelay", "the socket takes no TCP_NODELAY");
                }
                return Ok(stream);
            }
            Ok(Err(error)) => {
                last = Failure::try_again_because(UNREACHABLE, error);
            }
            Err(_) => {
                last = Failure::try_again(
                    "the IMAP server did not accept in time; check mailbox.host and mailbox.port",
                )
            }
        }
    }
    Err(last)
}

/// Reads the greeting; true when the server has logged us in already.
async fn greet(mut wire: Wire) -> Result<(Wire, bool), Failure> {
    let greeting = wire.next_within(OPENING_LIMIT, |response| match response {
        Response::Data { status, outcome } => match status {
            Status::Ok => Ok(false),
            Status::PreAuth => Ok(true),
            Status::No | Status::Bad | Status::Bye => Err(code_word(outcome)),
        },
        _ => Err("no greeting".to_owned()),
    });
    let preauth = greeting.await?.map_err(|word| {
        Failure::try_again(format!("the IMAP server refused the connection: {word}"))
    })?;
    Ok((wire, preauth))
}

fn no_starttls() -> Failure {
    Failure::stop(
        "mailbox.security is \"starttls\", but the server does not offer STARTTLS",
        "Use \"tls\" with port 993, or switch STARTTLS on at the server",
    )
}

async fn upgrade(mut wire: Wire, settings: &ImapSettings, cap: u64) -> Result<Wire, Failure> {
    if !capabilities(&mut wire).await?.contains("STARTTLS") {
        return Err(no_starttls());
    }
    let tag = wire.send("STARTTLS").await?;
    wire.finish(&tag, COMMAND_LIMIT, |_| {})
        .await?
        .expect_ok("STARTTLS")?;
    let socket = wire
        .into_guard()
        .into_socket()
        .map_err(|cause| Failure::try_again_because("STARTTLS was tampered with", cause))?;
    let socket = within(tls::secure(socket, settings)).await?;
    Ok(Wire::new(Guard::new(socket, cap)))
}

async fn capabilities(wire: &mut Wire) -> Result<Capabilities, Failure> {
    let mut found = Capabilities::new();
    let tag = wire.send("CAPABILITY").await?;
    wire.finish(&tag, COMMAND_LIMIT, |response| {
        if let Response::Capabilities(list) = response {
            found.extend(list.iter().map(|capability| match capability {
                Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                Capability::Auth(name) => format!("AUTH={}", name.to_ascii_uppercase()),
                Capability::Atom(name) => name.to_ascii_uppercase(),
            }));
        }
    })
    .await?
    .expect_ok("CAPABILITY")?;
    Ok(found)
}

async fn login(
    wire: &mut Wire,
    offered: &Capabilities,
    username: &str,
    password: &SecretString,
) -> Result<(), Failure> {
    let secret = password.expose_secret();
    if username.contains('\0') || secret.contains('\0') {
        return Err(Failure::stop(
            "mailbox.username or mailbox.password holds a NUL",
            "Set the right value",
        ));
    }
    let answer = if offered.contains("AUTH=PLAIN") {
        authenticate_plain(wire, username, secret).await?
    } else if offered.contains("LOGINDISABLED") {
        return Err(Failure::stop(
            "the server refuses passwords on this connection; see mailbox.security",
            "Use \"tls\" or \"starttls\", or switch AUTH=PLAIN on at the server",
        ));
    } else {
        login_with_literals(wire, username, secret).await?
    };
    match answer.verdict {
        Verdict::Ok => Ok(()),
        Verdict::No if !is_passing(&answer.word) => Err(Failure::stop(
            format!(
                "the IMAP server refused mailbox.username with mailbox.password ({})",
                answer.describe()
            ),
            "Set the right name and password; some providers want an app password",
        )),
        Verdict::No | Verdict::Bad => Err(Failure::try_again(format!(
            "the IMAP login was answered {}",
            answer.describe()
        ))),
    }
}

/// Refusals that say nothing about the password (RFC 5530, and providers' limits).
fn is_passing(word: &str) -> bool {
    [
        "UNAVAILABLE",
        "INUSE",
        "LIMIT",
        "SERVERBUG",
        "ALERT",
        "CONTACTADMIN",
    ]
    .contains(&word)
}

/// RFC 4616, without SASL-IR so that it works everywhere.
async fn authenticate_plain(wire: &mut Wire, name: &str, secret: &str) -> Result<Tagged, Failure> {
    let tag = wire.send("AUTHENTICATE PLAIN").await?;
    if let Some(refused) = wire.continuation(&tag, |_| {}).await? {
        return Ok(refused);
    }
    let message = format!("\0{name}\0{secret}");
    let line = data_encoding::BASE64.encode(message.as_bytes()) + "\r\n";
    wire.send_raw(line.as_bytes()).await?;
    wire.finish(&tag, COMMAND_LIMIT, |_| {}).await
}

/// LOGIN with literals: they carry every octet that a password may hold.
async fn login_with_literals(wire: &mut Wire, name: &str, secret: &str) -> Result<Tagged, Failure> {
    let tag = wire.send(&format!("LOGIN {{{}}}", name.len())).await?;
    if let Some(refused) = wire.continuation(&tag, |_| {}).await? {
        return Ok(refused);
    }
    let line = format!("{name} {{{}}}\r\n", secret.len());
    wire.send_raw(line.as_bytes()).await?;
    if let Some(refused) = wire.continuation(&tag, |_| {}).await? {
        return Ok(refused);
    }
    wire.send_raw(format!("{secret}\r\n").as_bytes()).await?;
    wire.finish(&tag, COMMAND_LIMIT, |_| {}).await
}
