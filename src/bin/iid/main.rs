//! `iid` verifies Amazon EC2 instance identity documents.

mod args;
mod cert_folder;
mod certs;
mod failure;
#[cfg_attr(feature = "testkit", path = "issue/enabled.rs")]
#[cfg_attr(not(feature = "testkit"), path = "issue/disabled.rs")]
mod issue;
mod output;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    match &args.command {
        Command::Verify(args) => verify::run(args),
        Command::Certs(args) => certs::run(args),
        Command::Issue(issue) => issue.run(),
    }
}
