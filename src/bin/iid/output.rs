//! What is printed, and where: the result on standard output, all else on standard error.

use std::borrow::Cow;
use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use crate::failure::Failure;

/// Prints `text`, the result. A result that cannot be printed is no success.
pub(crate) fn result(text: &str) -> ExitCode {
    write(text).map_or_else(|error| failure(&error), |()| ExitCode::SUCCESS)
}

/// Prints `text`, the result or a part of it.
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).map_err(Failure::Output)
}

/// `value` as JSON in ASCII, on lines of its own. Everything else stands in strings alone, where it is escaped: an unknown field of a
/// document may hold what a terminal takes for a command.
pub(crate) fn json(value: &impl Serialize) -> String {
    in_ascii(serde_json::to_string_pretty(value))
}

/// The same on one line.
#[cfg_attr(not(feature = "parallel"), expect(dead_code, reason = "only a batch prints lines"))]
pub(crate) fn json_line(value: &impl Serialize) -> String {
    in_ascii(serde_json::to_string(value))
}

fn in_ascii(json: serde_json::Result<String>) -> String {
    match json {
        Ok(json) => escaped(&json, |c| c.is_ascii() && c != '\u{7f}').into_owned() + "\n",
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

/// Prints what has been done, beside the results.
#[cfg_attr(not(feature = "parallel"), expect(dead_code, reason = "only a batch has more than its result to tell"))]
pub(crate) fn summary(text: &impl Display) {
    let _ = writeln!(io::stderr(), "iid: {text}");
}

fn note(kind: &str, text: &str) {
    let text = escaped_line(text);
    // Nothing can be told where standard error is closed; the exit status still tells.
    let _ = writeln!(io::stderr(), "iid: {kind}: {text}");
}

/// `text`, on one line and as it reads: what a terminal could take for a command is escaped.
pub(crate) fn escaped_line(text: &str) -> Cow<'_, str> {
    escaped(text, |c| !c.is_control() && !is_format(c))
}

/// Characters that change how others are shown, such as the order of writing (Unicode Standard Annex #9, §2).
fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `text` with the characters that are not `plain` as escapes of JSON (RFC 8259 §7).
fn escaped(text: &str, plain: fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(plain) {
        return text.into();
    }
    let escaped = text.chars().fold(String::new(), |mut escaped, c| {
        if plain(c) {
            escaped.push(c);
        } else {
            // Writing to a String does not fail.
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
        escaped
    });
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_could_take_for_a_command_is_escaped() {
        let printed = json(&serde_json::json!({ "a": "\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{1f600}\n" }));
        assert_eq!(printed, "{\n  \"a\": \"\\u001b[2J\\u007f\\u009b\\u202e\\ud83d\\ude00\\n\"\n}\n");
        assert_eq!(escaped("caf\u{e9}\r\u{1b}", |c| !c.is_control()), "caf\u{e9}\\u000d\\u001b");
    }
}
