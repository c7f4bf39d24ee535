//! Mail servers of our own that take letters.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A letter as the sink took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedLetter {
    /// The address in MAIL FROM.
    pub envelope_from: String,
    /// The addresses in RCPT TO.
    pub recipients: Vec<String>,
    /// The letter, with LF line ends as the sink writes them.
    pub bytes: Vec<u8>,
}

impl ReceivedLetter {
    /// The letter with the line ends that it was sent with.
    pub fn crlf(&self) -> Vec<u8> {
        let text = String::from_utf8(self.bytes.clone()).unwrap();
        text.replace('\n', "\r\n").into_bytes()
    }

    /// A header's value, unfolded, not decoded.
    pub fn header(&self, name: &str) -> Option<String> {
        let text = String::from_utf8(self.bytes.clone()).unwrap();
        let (head, _) = text.split_once("\n\n")?;
        let head = head.replace("\n ", " ");
        head.lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim().to_owned())
    }
}

/// Postfix's smtp-sink on a loopback port of its own; ended when dropped.
pub struct SmtpSink {
    child: Option<Child>,
    port: u16,
    folder: tempfile::TempDir,
}

impl SmtpSink {
    /// A sink that takes everything.
    pub fn start() -> Self {
        Self::with(&[])
    }

    /// A sink with options of smtp-sink(1): `-r RCPT` refuses for now, `-f RCPT` for good, `-q .`
    /// hangs up, `-Q RCPT` answers 421.
    pub fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        if is_root(folder.path()) {
            chown(folder.path(), Some(nobody()), None).unwrap();
        }
        let mut sink = Self {
            child: None,
            port: free_port(),
            folder,
        };
        sink.start_again(options);
        sink
    }

    /// The port that it listens on, kept over restarts.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends the server; its port is closed afterwards and its letters stay.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Starts the server on the same port, with other options.
    pub fn start_again(&mut self, options: &[&str]) {
        self.stop();
        let mut command = Command::new(program());
        if is_root(self.folder.path()) {
            command.args(["-u", "nobody"]);
        }
        let dump = self.folder.path().join("letter.");
        let child = command
            .arg("-d")
            .arg(dump)
            .args(options)
            .arg(format!("inet:127.0.0.1:{}", self.port))
            .arg("128")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink is part of the package postfix");
        self.child = Some(child);
        wait_for(self.port);
    }

    /// What came so far, in the order in which it came. The sink also keeps what it refused by
    /// `-r .`, `-f .`, `-q .` or `-Q .`.
    pub fn letters(&self) -> Vec<ReceivedLetter> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        files.sort();
        files
            .iter()
            .map(|(_, path)| read_dump(path))
            .filter(|letter| !letter.bytes.is_empty())
            .collect()
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // Already ended is as good.
            child.kill().unwrap_or_default();
            drop(child.wait());
        }
    }
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

fn program() -> PathBuf {
    let installed = Path::new("/usr/sbin/smtp-sink");
    if installed.exists() {
        installed.to_owned()
    } else {
        PathBuf::from("smtp-sink")
    }
}

fn is_root(own_folder: &Path) -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0 && own_folder.exists()
}

fn nobody() -> u32 {
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = passwd.lines().find(|l| l.starts_with("nobody:")).unwrap();
    line.split(':').nth(2).unwrap().parse().unwrap()
}

fn wait_for(port: u16) {
    for _ in 0..500 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing listens on port {port} after 10 seconds");
}

/// Reads a file of smtp-sink: its own headers first, up to the end of `Received`, then the letter,
/// then an empty line.
fn read_dump(path: &Path) -> ReceivedLetter {
    let text = String::from_utf8(std::fs::read(path).unwrap_or_default()).unwrap();
    // The sink closes a letter with an empty line; without one it is still being written, and one
    // that is cut off is removed.
    let text = if text.ends_with("\n\n") {
        text
    } else {
        String::new()
    };
    let mut letter = ReceivedLetter {
        envelope_from: String::new(),
        recipients: Vec::new(),
        bytes: Vec::new(),
    };
    let mut at = 0;
    let mut in_received = false;
    for line in text.split_inclusive('\n') {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        let value = value.trim();
        match name {
            "X-Mail-Args" => letter.envelope_from = address(value),
            "X-Rcpt-Args" => letter.recipients.push(address(value)),
            "Received" => in_received = true,
            _ if in_received && !line.starts_with([' ', '\t']) => break,
            _ => {}
        }
        at += line.len();
    }
    let (_, body) = text.split_at(at);
    letter.bytes = body.strip_suffix('\n').unwrap_or(body).into();
    letter
}

/// `<a@example.org> BODY=8BITMIME` without brackets and parameters.
fn address(arguments: &str) -> String {
    let (_, rest) = arguments.split_once('<').unwrap_or(("", arguments));
    rest.split('>').next().unwrap().to_owned()
}
