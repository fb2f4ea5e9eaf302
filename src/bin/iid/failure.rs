//! Why the command failed, and its exit status.

use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use instance_identity::{CertError, Error, PolicyError};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Why the command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library refused.
    Refused(Error),
    /// A certificate of `--certs` was not loaded.
    Certificate { path: PathBuf, error: CertError },
    /// A file could not be read.
    Read { path: PathBuf, error: io::Error },
    /// A file could not be written.
    Write { path: PathBuf, error: io::Error },
    /// The result could not be written.
    Output(io::Error),
    /// A folder is not as it should be.
    Folder { path: PathBuf, problem: &'static str },
    /// The clock is before 1970.
    Clock,
    /// The file of `--policy` is not a policy.
    Policy { path: PathBuf, error: PolicyError },
    /// Threads could not be started.
    #[cfg_attr(not(feature = "parallel"), expect(dead_code, reason = "only a batch starts threads"))]
    Threads(io::Error),
    /// The options do not go together.
    Usage(&'static str),
}

impl Failure {
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Read { path: path.to_owned(), error }
    }

    #[cfg_attr(not(feature = "testkit"), expect(dead_code, reason = "only `iid issue` writes files"))]
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Write { path: path.to_owned(), error }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(error) => error.class().exit_code(),
            // Both are the operator's to mend, and nothing has been looked at.
            Self::Policy { .. } | Self::Usage(_) => 2,
            Self::Certificate { .. }
            | Self::Read { .. }
            | Self::Write { .. }
            | Self::Output(_)
            | Self::Folder { .. }
            | Self::Clock
            | Self::Threads(_) => 1,
        }
    }

    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Refused(error) => error.hint().map(|hint| hint.to_string()),
            Self::Certificate { error: CertError::SlotFilled { .. }, .. } => {
                Some("to trust this one instead, say --replace-bundled".to_owned())
            }
            Self::Policy { error, .. } => error.nearest_key().map(|key| format!("did you mean {key}?")),
            Self::Read { path, .. } if may_be_a_value(path.as_os_str()) => {
                Some("give the name of a file, or - for standard input".to_owned())
            }
            _ => None,
        }
    }
}

/// Could this be a signature or a document, given in place of a file's name? Then it is not shown: both together are a bearer token.
pub(crate) fn may_be_a_value(argument: &OsStr) -> bool {
    // The shortest signature has 172 characters.
    argument.len() >= 160 || argument.as_encoded_bytes().iter().any(|octet| matches!(octet, b'\n' | b'{'))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => error.fmt(f),
            Self::Certificate { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Read { path, .. } if may_be_a_value(path.as_os_str()) => {
                f.write_str("cannot read a file of that name, which is not shown: it looks like the value itself")
            }
            Self::Read { path, error } => write!(f, "cannot read {}: {error}", path.display()),
            Self::Write { path, error } => write!(f, "cannot write {}: {error}", path.display()),
            Self::Output(error) => write!(f, "cannot write the result: {error}"),
            Self::Folder { path, problem } => write!(f, "{}: {problem}", path.display()),
            Self::Clock => f.write_str("the clock is before 1970"),
            Self::Policy { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Threads(error) => write!(f, "cannot start threads: {error}"),
            Self::Usage(problem) => f.write_str(problem),
        }
    }
}

impl Serialize for Failure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let refused = match self {
            Self::Refused(error) => Some(error),
            _ => None,
        };
        let mut failure = serializer.serialize_struct("Failure", 6)?;
        let code = if self.exit_code() == 2 { "usage" } else { "could_not_run" };
        failure.serialize_field("code", refused.map_or(code, Error::code))?;
        failure.serialize_field("class", &refused.map(|error| error.class().as_str()))?;
        failure.serialize_field("reason", &refused.and_then(Error::reason))?;
        failure.serialize_field("offset", &refused.and_then(Error::offset))?;
        failure.serialize_field("message", &self.to_string())?;
        failure.serialize_field("hint", &self.hint())?;
        failure.end()
    }
}
