//! A Dovecot of our own on loopback: IMAP, IMAPS, STARTTLS and LMTP.
//!
//! One Dovecot serves many tests with different users; where faults are injected, start a fresh
//! one. Every user has the same password and comes into being with the first login or delivery.

use super::dovecot_setup::{configuration, write_certificate};
use super::imap_client::ImapClient;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The password of every user, with what a quoted string cannot bear.
pub const PASSWORD: &str = "пароль\"с\\кавычкой";

/// What is special about a Dovecot.
#[derive(Debug, Clone)]
pub struct DovecotOptions {
    /// `maildir:~/Maildir` or `sdbox:~/sdbox`.
    pub mail_location: &'static str,
    /// Capabilities that it hides, `MOVE`, `IDLE`.
    pub without: Vec<&'static str>,
    /// Quota of each user in bytes, checked on delivery and APPEND (not on MOVE).
    pub quota: Option<u64>,
    /// Quota of the namespace `Archive/`, which is checked on MOVE into it; `None`: no namespace.
    pub archive_quota: Option<u64>,
    /// Prefix and separator of the private namespace.
    pub namespace: (&'static str, char),
    /// What the certificate is like.
    pub certificate: Certificate,
    /// Further lines of configuration.
    pub extra: String,
}

/// What the server's certificate is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// For `localhost` and `127.0.0.1`.
    Good,
    /// Expired long ago.
    Expired,
    /// For another host.
    OtherName,
}

impl Default for DovecotOptions {
    fn default() -> Self {
        Self {
            mail_location: "maildir:~/Maildir",
            without: Vec::new(),
            quota: None,
            archive_quota: None,
            namespace: ("", '/'),
            certificate: Certificate::Good,
            extra: String::new(),
        }
    }
}

/// A letter found in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its UID.
    pub uid: u32,
    /// All its bytes.
    pub bytes: Vec<u8>,
    /// Its flags and keywords, sorted.
    pub keywords: Vec<String>,
    /// INTERNALDATE as the server writes it.
    pub internal_date: String,
}

/// Ends the server and removes its folder when its standard input closes: then the test run has
/// ended, however it ended, without dropping the value.
const WATCHDOG: &str = r#"
read -r _
kill -KILL "-$1"
sleep 1
rm -rf "$2"
"#;

fn watch(leader: u32, home: &Path) -> Child {
    Command::new("sh")
        .args(["-c", WATCHDOG, "watchdog", &leader.to_string()])
        .arg(home)
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A running Dovecot; it ends with the value.
#[derive(Debug)]
pub struct Dovecot {
    home: TempDir,
    ports: [u16; 3],
    child: Option<Child>,
    watchdog: Option<Child>,
}

impl Dovecot {
    /// Starts a Dovecot and waits until it answers.
    pub fn start(options: DovecotOptions) -> Self {
        // Below /tmp: a Unix socket's path holds at most 108 characters.
        let home = tempfile::Builder::new()
            .prefix("otmena-dovecot")
            .tempdir_in("/tmp")
            .unwrap();
        std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o755)).unwrap();
        std::fs::create_dir(home.path().join("mail")).unwrap();
        std::fs::set_permissions(
            home.path().join("mail"),
            std::fs::Permissions::from_mode(0o777),
        )
        .unwrap();
        write_certificate(home.path(), options.certificate);
        let mut dovecot = Self {
            home,
            ports: [0; 3],
            child: None,
            watchdog: None,
        };
        // Another program may take a free port before Dovecot does.
        for _ in 0..5 {
            dovecot.ports = free_ports();
            let text = configuration(dovecot.home.path(), dovecot.ports, &options);
            std::fs::write(dovecot.home.path().join("dovecot.conf"), text).unwrap();
            if dovecot.try_launch() {
                return dovecot;
            }
            dovecot.kill();
        }
        panic!("dovecot did not start: {}", dovecot.log());
    }

    fn try_launch(&mut self) -> bool {
        let child = Command::new("dovecot")
            .arg("-F")
            .arg("-c")
            .arg(self.home.path().join("dovecot.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("dovecot must be installed");
        self.watchdog = Some(watch(child.id(), self.home.path()));
        self.child = Some(child);
        for _ in 0..400 {
            if self
                .ports
                .iter()
                .all(|port| TcpStream::connect(("127.0.0.1", *port)).is_ok())
            {
                return true;
            }
            if let Ok(Some(_)) = self.child.as_mut().unwrap().try_wait() {
                return false;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        false
    }

    /// Ends all its processes at once, as a crash of the machine would.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        // First the watchdog: the number of the group may soon be another's.
        if let Some(mut watchdog) = self.watchdog.take() {
            watchdog.kill().unwrap();
            watchdog.wait().unwrap();
        }
        let group = format!("-{}", child.id());
        let ended = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(ended.is_ok(), "the kill command must be there");
        child.wait().unwrap();
    }

    /// Starts it again on the same ports with the same mail.
    pub fn restart(&mut self) {
        self.kill();
        for _ in 0..20 {
            if self.try_launch() {
                return;
            }
            self.kill();
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("dovecot did not start again: {}", self.log());
    }

    /// Port of IMAP with STARTTLS; passwords are taken without it too.
    pub fn imap_port(&self) -> u16 {
        self.ports[0]
    }

    /// Port of IMAP over TLS.
    pub fn imaps_port(&self) -> u16 {
        self.ports[1]
    }

    /// Port of LMTP.
    pub fn lmtp_port(&self) -> u16 {
        self.ports[2]
    }

    /// The root certificate that issued the server's.
    pub fn ca_file(&self) -> PathBuf {
        self.home.path().join("ca.pem")
    }

    /// What it logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.home.path().join("log")).unwrap_or_default()
    }

    /// `[mailbox]` for `user`, without TLS.
    pub fn mail_settings_toml(&self, user: &str) -> String {
        format!(
            "[mailbox]\nkind = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
             username = \"{user}\"\npassword = '{PASSWORD}'\nsince = \"1990-01-01T00:00:00Z\"\n",
            self.imap_port()
        )
    }

    /// Delivers a letter to `user` by LMTP.
    pub fn deliver_lmtp(&self, user: &str, bytes: &[u8]) {
        let answer = self.try_deliver_lmtp(user, bytes);
        assert!(answer.starts_with("250"), "LMTP: {answer} {}", self.log());
    }

    /// Delivers a letter by LMTP and gives the answer to its data.
    pub fn try_deliver_lmtp(&self, user: &str, bytes: &[u8]) -> String {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp_port())).unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut stream = stream;
        let mut read = move || loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "LMTP closed");
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        };
        read();
        for command in [
            "LHLO test".to_owned(),
            "MAIL FROM:<citizen@example.org>".to_owned(),
            format!("RCPT TO:<{user}>"),
            "DATA".to_owned(),
        ] {
            stream
                .write_all(format!("{command}\r\n").as_bytes())
                .unwrap();
            let answer = read();
            if !answer.starts_with(['2', '3']) {
                return answer;
            }
        }
        stream.write_all(&dot_stuffed(bytes)).unwrap();
        read()
    }

    /// Puts a letter into a folder by APPEND; `internal_date` as IMAP writes it,
    /// `05-Feb-2027 10:22:00 +0300`. The folder is created when it is missing.
    pub fn append(&self, user: &str, folder: &str, bytes: &[u8], internal_date: Option<&str>) {
        let mut client = self.client(user);
        if folder != "INBOX" {
            client.command(&format!("CREATE {}", quoted(folder)));
        }
        let date = internal_date.map_or(String::new(), |date| format!("\"{date}\" "));
        client.append(&quoted(folder), &date, bytes);
    }

    /// The letters in a folder, by UID; none when it does not exist.
    pub fn letters_in(&self, user: &str, folder: &str) -> Vec<Found> {
        let mut client = self.client(user);
        if !client.command(&format!("EXAMINE {}", quoted(folder))).ok {
            return Vec::new();
        }
        client.fetch_all()
    }

    /// All folders with their decoded names, sorted.
    pub fn folders(&self, user: &str) -> Vec<String> {
        self.listed(user, "LIST")
    }

    /// All subscribed folders with their decoded names, sorted.
    pub fn subscribed(&self, user: &str) -> Vec<String> {
        self.listed(user, "LSUB")
    }

    fn listed(&self, user: &str, command: &str) -> Vec<String> {
        let answer = self.client(user).command(&format!("{command} \"\" \"*\""));
        let mut names: Vec<String> = answer
            .lines
            .iter()
            .filter_map(|line| line.strip_prefix(&format!("* {command} (")))
            .filter_map(|line| line.split_once(") "))
            .filter_map(|(_, rest)| rest.split_once(' '))
            .map(|(_, name)| name.trim().trim_matches('"').to_owned())
            .map(utf7_imap::decode_utf7_imap)
            .collect();
        names.sort();
        names
    }

    /// Runs any IMAP commands as `user`, one after the other; each must be answered OK.
    pub fn commands(&self, user: &str, commands: &[&str]) {
        let mut client = self.client(user);
        for command in commands {
            let answer = client.command(command);
            assert!(answer.ok, "{command}: {:?}", answer.lines);
        }
    }

    /// Gives a folder another UIDVALIDITY and ends the user's sessions.
    pub fn change_uidvalidity(&self, user: &str, folder: &str, to: u32) {
        self.doveadm(&[
            "mailbox",
            "update",
            "-u",
            user,
            "--uid-validity",
            &to.to_string(),
            folder,
        ]);
        self.doveadm(&["kick", user]);
    }

    /// Runs doveadm on this Dovecot.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let output = Command::new("doveadm")
            .arg("-c")
            .arg(self.home.path().join("dovecot.conf"))
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The folder of a user's mail on disk.
    pub fn home_of(&self, user: &str) -> PathBuf {
        self.home.path().join("mail").join(user)
    }

    /// A session of the user's, as a mail program holds one.
    pub fn client(&self, user: &str) -> ImapClient {
        ImapClient::login(self.imap_port(), user, PASSWORD)
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder's name as it stands in commands.
pub fn quoted(folder: &str) -> String {
    format!("\"{}\"", utf7_imap::encode_utf7_imap(folder.to_owned()))
}

fn dot_stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    if !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

fn free_ports() -> [u16; 3] {
    let listeners: Vec<TcpListener> = (0..3)
        .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
        .collect();
    let ports: Vec<u16> = listeners
        .iter()
        .map(|listener| listener.local_addr().unwrap().port())
        .collect();
    ports.try_into().unwrap()
}
