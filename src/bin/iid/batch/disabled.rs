//! Without the feature `parallel`, `iid verify --batch` says what to build with.

use std::path::Path;
use std::process::ExitCode;

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(_: &VerifyArgs, _: &Path) -> ExitCode {
    output::failure(&Failure::Usage("--batch needs an iid that is built with it: cargo install --path . --features parallel"))
}
