//! A folder with sound settings, and the program as it was built.

use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

/// A secret that is long enough.
pub const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// An office of its own for each test.
pub struct Office {
    folder: TempDir,
}

/// What a command gave.
pub struct Told {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Office {
    /// Settings over a Maildir and a folder for letters, nothing else needed.
    pub fn new() -> Self {
        let office = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(office.path("mail").join(part)).unwrap();
        }
        office.write("token-secret", SECRET);
        office.writes_settings("");
        office
    }

    /// A path in the office's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Sound settings with `more` behind them.
    pub fn writes_settings(&self, more: &str) {
        let text = "[mailbox]\nkind = \"maildir\"\npath = \"mail\"\n\
            [smtp]\nkind = \"folder\"\npath = \"letters\"\nfrom = \"cancel@example.org\"\n\
            [sender]\ntoken_secret_file = \"token-secret\"\ndkim = false\n";
        self.write("otmena.toml", &format!("{text}{more}"));
    }

    /// Runs the program with `--config` of this office.
    pub fn otmena(&self, arguments: &[&str]) -> Told {
        self.otmena_with(
            arguments,
            &[("OTMENA_CONFIG", &self.path("otmena.toml").to_string_lossy())],
        )
    }

    /// Runs the program with these variables and no others of its own.
    pub fn otmena_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Told {
        Told::by(self.command(arguments, variables).output().unwrap())
    }

    /// The program with these variables and no others of its own, not started yet.
    pub fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_otmena"));
        command.args(arguments).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OTMENA_")) {
            command.env_remove(name);
        }
        command
            .env_remove("RUST_LOG")
            .envs(variables.iter().copied());
        command
    }
}

impl Told {
    /// What a program that has ended told.
    pub fn by(output: Output) -> Self {
        Self {
            code: output
                .status
                .code()
                .expect("ended by itself, not by a signal"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output as one JSON document.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}", self.out))
    }

    /// Checks the exit code and that each of `parts` was told on standard error.
    pub fn refuses(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in:\n{}", self.err);
        }
    }
}
