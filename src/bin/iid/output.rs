//! What is printed, and where: the result on standard output, all else on standard error.

use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use crate::failure::Failure;

/// Prints `text`, the result. A result that cannot be printed is no success.
pub(crate) fn result(text: &str) -> ExitCode {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note("error", &format!("cannot write the result: {error}"));
            ExitCode::from(1)
        }
    }
}

/// `value` as JSON on lines of its own.
pub(crate) fn json(value: &impl Serialize) -> String {
    match serde_json::to_string_pretty(value) {
        Ok(json) => json + "\n",
        // Only a map with keys that are no strings, or a failing Serialize, comes here: the values printed have neither.
        Err(error) => format!("{{\"error\":\"{error}\"}}\n"),
    }
}

/// Prints why the command failed, and the next step.
pub(crate) fn failure(failure: &Failure) -> ExitCode {
    note("error", &failure.to_string());
    if let Some(hint) = failure.hint() {
        note("hint", &hint);
    }
    ExitCode::from(failure.exit_code())
}

fn note(kind: &str, text: &str) {
    // Nothing can be told where standard error is closed; the exit status still tells.
    let _ = writeln!(io::stderr(), "iid: {kind}: {text}");
}
