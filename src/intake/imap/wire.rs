//! One IMAP connection: commands out, responses in, every tagged status told to the caller.
//!
//! Of async-imap only the response reader is used. Its own commands drop tagged NO and BAD and
//! take a closed connection for an empty answer; and it logs what it sends, passwords included,
//! so commands are written to the socket here.

use super::guard::Guard;
use crate::failure::Failure;
use async_imap::imap_proto::{Outcome, Response, ResponseCode, Status};
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// How long the server may take over one command that does not move letters' bytes.
pub(crate) const COMMAND_LIMIT: Duration = Duration::from_secs(60);
/// How long a command that moves bytes or many letters may take.
pub(crate) const BULK_LIMIT: Duration = Duration::from_secs(240);

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// OK.
    Ok,
    /// NO: the server understood and refused.
    No,
    /// BAD: the server did not understand.
    Bad,
}

/// The tagged line of a command.
#[derive(Debug)]
pub(crate) struct Tagged {
    /// OK, NO or BAD.
    pub(crate) verdict: Verdict,
    /// The word in brackets, upper case, `OVERQUOTA`; empty where there is none. Never free text.
    pub(crate) word: String,
    /// The parsed response code, where the parser knows it.
    pub(crate) code: Option<ResponseCode<'static>>,
}

impl Tagged {
    /// `NO OVERQUOTA`, for logs and failures.
    pub(crate) fn describe(&self) -> String {
        let verdict = match self.verdict {
            Verdict::Ok => "OK",
            Verdict::No => "NO",
            Verdict::Bad => "BAD",
        };
        format!("{verdict} {}", self.word).trim_end().to_owned()
    }

    /// Nothing but OK will do.
    pub(crate) fn expect_ok(self, command: &str) -> Result<Self, Failure> {
        if self.verdict == Verdict::Ok {
            return Ok(self);
        }
        Err(Failure::try_again(format!(
            "IMAP {command} was answered {}",
            self.describe()
        )))
    }
}

/// The connection.
#[derive(Debug)]
pub(super) struct Wire {
    client: async_imap::Client<Guard>,
    last_tag: u32,
    /// The code of the server's BYE, once it came.
    bye: Option<String>,
}

impl Wire {
    /// A connection over `guard`.
    pub(super) fn new(guard: Guard) -> Self {
        Self {
            client: async_imap::Client::new(guard),
            last_tag: 0,
            bye: None,
        }
    }

    /// Gives back the guarded stream, for STARTTLS.
    pub(super) fn into_guard(self) -> Guard {
        self.client.into_inner()
    }

    /// The NAMESPACE response that the last command brought.
    pub(super) fn take_namespace(&mut self) -> Option<Vec<u8>> {
        self.client.get_mut().take_namespace()
    }

    /// Sends a command and gives its tag. The command must hold no CR or LF.
    pub(super) async fn send(&mut self, command: &str) -> Result<String, Failure> {
        if command
            .bytes()
            .any(|byte| matches!(byte, b'\r' | b'\n' | 0))
        {
            return Err(Failure::try_again("an IMAP command held a line break"));
        }
        self.last_tag = self.last_tag.wrapping_add(1);
        let tag = format!("o{}", self.last_tag);
        self.send_raw(format!("{tag} {command}\r\n").as_bytes())
            .await?;
        Ok(tag)
    }

    /// Sends bytes as they are.
    pub(super) async fn send_raw(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let socket = self.client.get_mut();
        let sent = async {
            socket.write_all(bytes).await?;
            socket.flush().await
        };
        tokio::time::timeout(BULK_LIMIT, sent)
            .await
            .map_err(|_| Failure::try_again("the IMAP server took no bytes in time"))?
            .map_err(|error| Failure::try_again_because("the IMAP connection broke", error))
    }

    /// Gives the next response to `look`. The end of the connection is a failure. The future may
    /// be dropped half way.
    pub(super) async fn next<T>(
        &mut self,
        look: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, Failure> {
        // A panic of the parser must cost the session only.
        let read = AssertUnwindSafe(self.client.read_response())
            .catch_unwind()
            .await
            .map_err(|_| Failure::try_again("the IMAP parser failed on a response"))?;
        match read {
            Ok(Some(response)) => {
                if let Response::Data {
                    status: Status::Bye,
                    outcome,
                } = response.parsed()
                {
                    self.bye = Some(code_word(outcome));
                }
                Ok(look(response.parsed()))
            }
            Ok(None) => Err(Failure::try_again(match &self.bye {
                Some(code) => format!("the IMAP server closed the connection: BYE {code}"),
                None => "the IMAP server closed the connection".to_owned(),
            })),
            // The parser's error quotes what it could not read, which may be a letter: only the
            // kind is told.
            Err(error) => Err(Failure::try_again(format!(
                "the IMAP connection broke: {}",
                kind_of(&error)
            ))),
        }
    }

    /// Gives the next response to `look`, if it comes within `limit`.
    pub(super) async fn next_within<T>(
        &mut self,
        limit: Duration,
        look: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, Failure> {
        tokio::time::timeout(limit, self.next(look))
            .await
            .map_err(|_| Failure::try_again("the IMAP server did not answer in time"))?
    }

    /// Waits for `+`, giving each other response to `on`; the tagged line instead means that the
    /// server refused.
    pub(super) async fn continuation(
        &mut self,
        tag: &str,
        mut on: impl FnMut(&Response<'_>),
    ) -> Result<Option<Tagged>, Failure> {
        loop {
            let seen = self.next_within(COMMAND_LIMIT, |response| match response {
                Response::Continue(_) => Some(None),
                other => match tagged(other, tag) {
                    Some(refused) => Some(Some(refused)),
                    None => {
                        on(other);
                        None
                    }
                },
            });
            if let Some(end) = seen.await? {
                return Ok(end);
            }
        }
    }

    /// Reads up to the tagged line of `tag`, giving each other response to `on`. Each response
    /// must come within `limit`, so that a long but steady answer is not cut off; the whole of it
    /// within ten times that.
    pub(super) async fn finish(
        &mut self,
        tag: &str,
        limit: Duration,
        mut on: impl FnMut(&Response<'_>),
    ) -> Result<Tagged, Failure> {
        let whole = async {
            loop {
                let seen = self.next_within(limit, |response| {
                    let end = tagged(response, tag);
                    if end.is_none() {
                        on(response);
                    }
                    end
                });
                if let Some(end) = seen.await? {
                    return Ok(end);
                }
            }
        };
        tokio::time::timeout(limit.saturating_mul(10), whole)
            .await
            .map_err(|_| Failure::try_again("the IMAP server did not come to an end"))?
    }
}

/// The tagged line of `tag`, if the response is that.
pub(super) fn tagged(response: &Response<'_>, tag: &str) -> Option<Tagged> {
    let Response::Done {
        tag: theirs,
        status,
        outcome,
    } = response
    else {
        return None;
    };
    (theirs.0 == tag).then(|| Tagged {
        verdict: match status {
            Status::Ok | Status::PreAuth => Verdict::Ok,
            Status::No | Status::Bye => Verdict::No,
            Status::Bad => Verdict::Bad,
        },
        word: code_word(outcome),
        code: outcome.code.as_ref().map(owned_code),
    })
}

/// The bracketed word of a status line: parsed codes by their name, others from the text.
pub(super) fn code_word(outcome: &Outcome<'_>) -> String {
    if let Some(code) = &outcome.code {
        let shown = format!("{code:?}");
        let name = shown.split(['(', ' ']).next().unwrap_or("");
        return name.to_ascii_uppercase();
    }
    let text = outcome.information.as_deref().unwrap_or("");
    let word = text
        .strip_prefix('[')
        .and_then(|rest| rest.split([' ', ']']).next())
        .unwrap_or("");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if word.len() <= 40 && word.chars().all(plain) {
        word.to_ascii_uppercase()
    } else {
        String::new()
    }
}

/// The parser offers no borrowing conversion for response codes; only those needed are kept.
fn owned_code(code: &ResponseCode<'_>) -> ResponseCode<'static> {
    match code {
        ResponseCode::CopyUid(validity, from, to) => {
            ResponseCode::CopyUid(*validity, copy_set(from), copy_set(to))
        }
        ResponseCode::UidValidity(validity) => ResponseCode::UidValidity(*validity),
        ResponseCode::ReadOnly => ResponseCode::ReadOnly,
        ResponseCode::TryCreate => ResponseCode::TryCreate,
        _ => ResponseCode::Alert,
    }
}

fn copy_set(
    set: &[async_imap::imap_proto::rfc4315::UidSetMember],
) -> Vec<async_imap::imap_proto::rfc4315::UidSetMember> {
    use async_imap::imap_proto::rfc4315::UidSetMember;
    set.iter()
        .map(|member| match member {
            UidSetMember::Uid(uid) => UidSetMember::Uid(*uid),
            UidSetMember::UidRange(range) => UidSetMember::UidRange(range.clone()),
        })
        .collect()
}

/// The kind of an error of the stream, without its text.
fn kind_of(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::Other => "a response could not be read".to_owned(),
        kind => kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, DuplexStream};

    fn wire() -> (Wire, DuplexStream) {
        let (near, far) = tokio::io::duplex(4096);
        (Wire::new(Guard::new(Box::new(near), 1_000)), far)
    }

    #[tokio::test]
    async fn a_silent_server_is_given_up() {
        let (mut wire, _far) = wire();
        let tag = wire.send("NOOP").await.unwrap();
        let end = wire.finish(&tag, Duration::from_millis(20), |_| {}).await;
        assert!(end.unwrap_err().is_passing());
    }

    #[tokio::test]
    async fn a_server_that_never_comes_to_an_end_is_given_up() {
        let (mut wire, mut far) = wire();
        let endless = tokio::spawn(async move {
            while far.write_all(b"* OK still here\r\n").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        let tag = wire.send("NOOP").await.unwrap();
        let end = wire.finish(&tag, Duration::from_millis(20), |_| {}).await;
        assert!(end.unwrap_err().is_passing());
        drop(wire);
        endless.await.unwrap();
    }

    #[tokio::test]
    async fn finish_tells_the_verdict_and_the_code_of_its_own_tag_only() {
        let (mut wire, mut far) = wire();
        let lines =
            "o9 OK other\r\no1 NO [OVERQUOTA] full of \"secrets\"\r\no2 OK [COPYUID 3 5:6 1:2]\r\n";
        far.write_all(lines.as_bytes()).await.unwrap();
        let mut others = 0;
        let tag = wire.send("NOOP").await.unwrap();
        let end = wire.finish(&tag, COMMAND_LIMIT, |_| others += 1).await;
        let end = end.unwrap();
        assert_eq!((end.describe().as_str(), others), ("NO OVERQUOTA", 1));
        assert!(
            !end.expect_ok("NOOP")
                .unwrap_err()
                .chain()
                .contains("secrets")
        );
        let tag = wire.send("UID COPY").await.unwrap();
        let end = wire.finish(&tag, COMMAND_LIMIT, |_| {}).await.unwrap();
        assert_eq!(end.describe(), "OK COPYUID");
    }

    #[tokio::test]
    async fn a_command_with_a_line_break_is_not_sent() {
        let (mut wire, mut far) = wire();
        assert!(wire.send("NOOP\r\no9 LOGOUT").await.is_err());
        drop(wire);
        let mut sent = Vec::new();
        far.read_to_end(&mut sent).await.unwrap();
        assert!(sent.is_empty());
    }
}
