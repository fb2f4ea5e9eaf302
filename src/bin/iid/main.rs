//! `iid` verifies Amazon EC2 instance identity documents.

mod acceptance;
mod args;
#[cfg_attr(feature = "parallel", path = "batch/enabled.rs")]
#[cfg_attr(not(feature = "parallel"), path = "batch/disabled.rs")]
mod batch;
mod cert_folder;
mod certs;
mod failure;
#[cfg_attr(feature = "testkit", path = "issue/enabled.rs")]
#[cfg_attr(not(feature = "testkit"), path = "issue/disabled.rs")]
mod issue;
mod output;
mod verify;

use std::env;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use failure::{Failure, may_be_a_value};

fn main() -> ExitCode {
    match Args::try_parse() {
        Ok(Args { command: Command::Verify(args) }) => verify::run(&args),
        Ok(Args { command: Command::Certs(args) }) => certs::run(&args),
        Ok(Args { command: Command::Issue(issue) }) => issue.run(),
        Err(error) => usage(&error),
    }
}

/// What clap says: help, or what is wrong with the command line.
fn usage(error: &clap::Error) -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    if error.use_stderr() && arguments.iter().any(|argument| argument == "--json") {
        output::result(&output::json(&verify::Outcome::from(Failure::Usage("the command line is not understood"))));
    }
    if error.use_stderr() && arguments.iter().any(|argument| may_be_a_value(argument)) {
        // clap would repeat it.
        return output::failure(&Failure::Usage(
            "an argument is not understood; it is not shown, since it looks like a signature or a document",
        ));
    }
    // Nothing can be told where standard error is closed; the exit status still tells.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
