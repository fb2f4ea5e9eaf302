//! Without the feature `testkit` there is no `iid issue`.

use std::process::ExitCode;

use clap::Subcommand;

/// No command.
#[derive(Subcommand)]
pub(crate) enum Issue {}

impl Issue {
    pub(crate) fn run(&self) -> ExitCode {
        match *self {}
    }
}
