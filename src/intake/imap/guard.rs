//! Stands between the socket and the response parser: bounds sizes and hides what the parser
//! cannot bear.
//!
//! async-imap allocates an announced literal at once (up to 512 MiB), imap-proto panics on
//! non-ASCII text behind a response code, overflows the stack on deep nesting, and closes the
//! session at an untagged response that it does not know. None of that gets past this reader.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What the session reads from and writes to: TCP or TLS.
pub(super) trait Socket: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + std::fmt::Debug> Socket for T {}

/// Longest line outside of literals; UIDs in a SEARCH answer make the longest honest ones.
const LINE_CAP: usize = 1024 * 1024;
/// Parentheses open at the same time; honest answers to our commands have three.
const NESTING_CAP: usize = 30;
/// How much is read from the socket at once.
const CHUNK: usize = 32 * 1024;
/// Untagged responses that we want and the parser knows. It closes the session at others, and at
/// odd forms of those that we do not want.
const WANTED: [&str; 10] = [
    "OK",
    "NO",
    "BAD",
    "BYE",
    "PREAUTH",
    "CAPABILITY",
    "LIST",
    "SEARCH",
    "STATUS",
    "VANISHED",
];
/// Those that begin with a number.
const WANTED_NUMBERED: [&str; 3] = ["EXISTS", "EXPUNGE", "FETCH"];

/// The guarded stream.
pub(super) struct Guard {
    socket: Box<dyn Socket>,
    /// Bytes read from the socket and not yet looked at, from `next` to `filled`.
    incoming: Vec<u8>,
    next: usize,
    filled: usize,
    /// The line that is not complete yet.
    line: Vec<u8>,
    /// Bytes that may go to the parser, from `handed` on.
    cleared: Vec<u8>,
    handed: usize,
    /// Bytes of a literal that are still to come; they pass unchanged.
    literal_left: u64,
    /// Whether the line continues a response after a literal.
    continued: bool,
    /// Literal bytes in the response so far.
    response_bytes: u64,
    /// Most literal bytes in one response.
    literal_cap: u64,
    /// The last NAMESPACE response, which the parser does not know.
    namespace: Option<Vec<u8>>,
}

impl Guard {
    /// Guards `socket`; one response may hold `literal_cap` bytes of literals.
    pub(super) fn new(socket: Box<dyn Socket>, literal_cap: u64) -> Self {
        Self {
            socket,
            incoming: vec![0; CHUNK],
            next: 0,
            filled: 0,
            line: Vec::new(),
            cleared: Vec::new(),
            handed: 0,
            literal_left: 0,
            continued: false,
            response_bytes: 0,
            literal_cap,
            namespace: None,
        }
    }

    /// The socket itself, for STARTTLS. Fails when the server sent more than it was asked for:
    /// such bytes would be taken for part of the secured session.
    pub(super) fn into_socket(self) -> io::Result<Box<dyn Socket>> {
        let quiet =
            self.next == self.filled && self.line.is_empty() && self.handed == self.cleared.len();
        if quiet {
            Ok(self.socket)
        } else {
            Err(io::Error::other("unexpected bytes before TLS"))
        }
    }

    /// The last NAMESPACE response line, taken out of the stream.
    pub(super) fn take_namespace(&mut self) -> Option<Vec<u8>> {
        self.namespace.take()
    }

    /// Moves bytes from `incoming` to `line` up to the line's end; true when it is complete.
    fn gather_line(&mut self) -> io::Result<bool> {
        let waiting = self.incoming.get(self.next..self.filled).unwrap_or(&[]);
        let end = waiting.iter().position(|byte| *byte == b'\n');
        let taken = end.map_or(waiting.len(), |at| at + 1);
        self.line.extend(waiting.iter().take(taken));
        self.next += taken;
        if self.line.len() > LINE_CAP {
            return Err(io::Error::other("response line over the cap"));
        }
        Ok(end.is_some())
    }

    /// Judges a complete line and clears it for the parser, or keeps it back.
    fn judge_line(&mut self) -> io::Result<()> {
        if deepest_nesting(&self.line) > NESTING_CAP {
            return Err(io::Error::other("response nested too deeply"));
        }
        for byte in &mut self.line {
            if *byte >= 0x80 || *byte == 0 {
                *byte = b'?';
            }
        }
        let literal = self.announced_literal();
        if let Some(size) = literal {
            self.response_bytes = self.response_bytes.saturating_add(size);
            if self.response_bytes > self.literal_cap {
                return Err(io::Error::other("announced literal over the cap"));
            }
            self.literal_left = size;
        }
        let withheld = !self.continued && literal.is_none() && is_unwanted(&self.line);
        self.continued = literal.is_some();
        if literal.is_none() {
            self.response_bytes = 0;
        }
        let line = std::mem::take(&mut self.line);
        if !withheld {
            self.cleared = line;
            self.handed = 0;
        } else if second_word(&line).eq_ignore_ascii_case("NAMESPACE") {
            self.namespace = Some(line);
        }
        Ok(())
    }

    /// The size of the literal that the line ends with. Free text after a status is no literal.
    fn announced_literal(&self) -> Option<u64> {
        let text = self.line.strip_suffix(b"}\r\n")?;
        if !self.continued && !may_hold_literal(&self.line) {
            return None;
        }
        let open = text.iter().rposition(|byte| *byte == b'{')?;
        let digits = text.get(open + 1..)?;
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // More digits than u64 holds is surely over the cap.
        Some(
            std::str::from_utf8(digits)
                .ok()?
                .parse()
                .unwrap_or(u64::MAX),
        )
    }

    /// Hands cleared bytes, or bytes of a literal, to the parser; false when there are none.
    fn hand_over(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let before = buf.filled().len();
        if self.handed < self.cleared.len() {
            let rest = self.cleared.get(self.handed..).unwrap_or(&[]);
            let part = rest.get(..buf.remaining()).unwrap_or(rest);
            buf.put_slice(part);
            self.handed += part.len();
        } else if self.literal_left > 0 {
            let room = usize::try_from(self.literal_left)
                .unwrap_or(usize::MAX)
                .min(buf.remaining());
            let rest = self.incoming.get(self.next..self.filled).unwrap_or(&[]);
            let part = rest.get(..room).unwrap_or(rest);
            buf.put_slice(part);
            self.next += part.len();
            let passed = u64::try_from(part.len()).unwrap_or(u64::MAX);
            self.literal_left = self.literal_left.saturating_sub(passed);
        }
        buf.filled().len() > before
    }
}

/// Without the bytes: they are parts of letters.
impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

impl AsyncRead for Guard {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.hand_over(buf) {
                return Poll::Ready(Ok(()));
            }
            if this.next < this.filled {
                if this.gather_line()? {
                    this.judge_line()?;
                }
                continue;
            }
            let mut chunk = ReadBuf::new(&mut this.incoming);
            ready!(Pin::new(&mut this.socket).poll_read(cx, &mut chunk))?;
            this.filled = chunk.filled().len();
            this.next = 0;
            if this.filled == 0 {
                let whole = this.line.is_empty() && this.literal_left == 0 && !this.continued;
                return Poll::Ready(if whole {
                    Ok(())
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                });
            }
        }
    }
}

impl AsyncWrite for Guard {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().socket).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(cx)
    }
}

fn deepest_nesting(line: &[u8]) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for byte in line {
        match byte {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(open);
    }
    deepest
}

/// The word after `* `, or nothing when the line is not untagged.
fn second_word(line: &[u8]) -> &str {
    let word = line.strip_prefix(b"* ").unwrap_or(&[]);
    let end = word.iter().position(|byte| byte.is_ascii_whitespace());
    let word = end.and_then(|end| word.get(..end)).unwrap_or(word);
    std::str::from_utf8(word).unwrap_or("")
}

fn is_unwanted(line: &[u8]) -> bool {
    let word = second_word(line);
    let among =
        |names: &[&str], word: &str| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    if !line.starts_with(b"* ") {
        return false;
    }
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_digit()) {
        return !among(&WANTED, word);
    }
    let text = std::str::from_utf8(line).unwrap_or("");
    let third = text.split_ascii_whitespace().nth(2).unwrap_or("");
    !among(&WANTED_NUMBERED, third)
}

fn may_hold_literal(line: &[u8]) -> bool {
    let word = second_word(line);
    let status = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    line.starts_with(b"* ") && !status.iter().any(|known| word.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    async fn passed(input: &[u8]) -> io::Result<Vec<u8>> {
        let (mut far, near) = tokio::io::duplex(64 * 1024);
        far.write_all(input).await.unwrap();
        drop(far);
        let mut out = Vec::new();
        Guard::new(Box::new(near), 1_000)
            .read_to_end(&mut out)
            .await?;
        Ok(out)
    }

    #[tokio::test]
    async fn literals_pass_unchanged_and_lines_become_ascii() {
        let input = "* OK [ALERT]Привет\r\n* 1 FETCH (BODY[] {12}\r\nПривет)\r\n";
        let out = passed(input.as_bytes()).await.unwrap();
        let expected = "* OK [ALERT]????????????\r\n* 1 FETCH (BODY[] {12}\r\nПривет)\r\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[tokio::test]
    async fn single_bytes_give_the_same_as_the_whole() {
        let input = "* 1 FETCH (A {3}\r\n\r\n* B {2}\r\nёC \"{7}\")\r\n* X\r\no1 OK {9}\r\n";
        let (mut far, near) = tokio::io::duplex(1);
        let sent = tokio::spawn(async move { far.write_all(input.as_bytes()).await });
        let mut out = Vec::new();
        let mut guard = Guard::new(Box::new(near), 1_000);
        guard.read_to_end(&mut out).await.unwrap();
        sent.await.unwrap().unwrap();
        assert_eq!(out, passed(input.as_bytes()).await.unwrap());
        assert_eq!(
            String::from_utf8(out).unwrap(),
            input.replace("* X\r\n", "")
        );
    }

    #[tokio::test]
    async fn a_literal_over_the_cap_is_an_error_before_any_of_it_is_read() {
        for size in ["1001", "500000000", "99999999999999999999999"] {
            let input = format!("* 1 FETCH (BODY[] {{{size}}}\r\n");
            assert!(passed(input.as_bytes()).await.is_err(), "{size}");
        }
        let twice =
            "* 1 FETCH (BODY[] {600}\r\n".to_owned() + &"x".repeat(600) + " RFC822 {600}\r\n";
        assert!(passed(twice.as_bytes()).await.is_err());
    }

    #[tokio::test]
    async fn unwanted_untagged_responses_are_kept_back() {
        let input =
            b"* ESEARCH (TAG \"a\") ALL 1\r\n* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n* 3 RECENT\r\n* FLAGS (a\r\n*  x\r\na1 OK {5}\r\n";
        assert_eq!(passed(input).await.unwrap(), b"a1 OK {5}\r\n");
    }

    #[tokio::test]
    async fn deep_nesting_and_endless_lines_are_errors() {
        let nested = format!("* 1 FETCH {}\r\n", "(".repeat(100));
        assert!(passed(nested.as_bytes()).await.is_err());
        let (mut far, near) = tokio::io::duplex(64 * 1024);
        let endless =
            tokio::spawn(async move { while far.write_all(&[b'x'; 4096]).await.is_ok() {} });
        let mut out = Vec::new();
        let read = Guard::new(Box::new(near), 1_000)
            .read_to_end(&mut out)
            .await;
        assert!(read.is_err());
        endless.await.unwrap();
    }

    #[tokio::test]
    async fn an_end_in_the_middle_is_an_error_and_not_an_end() {
        assert!(passed(b"* 1 FET").await.is_err());
        assert!(passed(b"* 1 FETCH (BODY[] {10}\r\nabc").await.is_err());
        assert!(passed(b"* 1 FETCH (BODY[] {3}\r\nabc").await.is_err());
        assert_eq!(passed(b"* BYE\r\n").await.unwrap(), b"* BYE\r\n");
    }
}
