//! Refreshes `certs/` from saved copies of the page on which AWS publishes the certificates, and remakes what follows from the folder:
//! `certs/MANIFEST.tsv` and `src/certs/table.rs`. Uses no network.
//!
//! The page is "AWS public certificates for instance identity document signatures" (EC2 user guide) in its Markdown form,
//! `regions-certs.md`. It stands twice, globally and for China, and both copies may be given at once. Without a page, only the two files
//! are remade, so that CI can run this and look for a difference.
//!
//! All is read, checked and computed first. Only then is anything written: after an error, `certs/` is as it was.

mod changes;
mod folder;
mod manifest;
mod page;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use changes::{Change, Plan};
use page::Published;

fn main() -> ExitCode {
    let arguments: Result<Vec<String>, _> = std::env::args_os().skip(1).map(std::ffi::OsString::into_string).collect();
    let outcome = match arguments {
        Ok(arguments) => run(&arguments, &mut io::stdout()),
        Err(_) => Err(Failure::Usage("an argument is not UTF-8".to_owned())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            for message in failure.messages() {
                eprintln!("refresh_certs: error: {message}");
            }
            ExitCode::from(failure.exit_status())
        }
    }
}

/// Does what the command line asks for and writes the report to `out`.
pub(crate) fn run(arguments: &[String], out: &mut dyn Write) -> Result<(), Failure> {
    let Some(request) = Request::parse(arguments)? else {
        return out.write_all(USAGE.as_bytes()).map_err(|error| Failure::refused(format!("standard output: {error}")));
    };
    let published = read_pages(&request.pages)?;
    let plan = Plan::new(folder::read(&request.root)?, &published)?;
    if !request.replace {
        plan.refuse_replaced_keys()?;
    }

    let manifest = request.root.join("certs/MANIFEST.tsv");
    let sources = manifest::sources(&manifest)?;
    let mut files = folder::files(&request.root, &plan)?;
    files.push((manifest, manifest::render(&plan.store, &sources, request.source.as_deref())?));
    files.push((request.root.join("src/certs/table.rs"), table::render(&plan.store)));
    // The certificates come before the two files that name them.
    for (path, text) in &files {
        write_if_changed(path, text)?;
    }
    let report = if request.pages.is_empty() { totals(&plan) } else { plan.report() };
    out.write_all(report.as_bytes()).map_err(|error| Failure::refused(format!("standard output: {error}")))
}

/// What the command line asks for.
struct Request {
    root: PathBuf,
    replace: bool,
    source: Option<String>,
    pages: Vec<String>,
}

impl Request {
    /// `None` if help is asked for.
    fn parse(arguments: &[String]) -> Result<Option<Self>, Failure> {
        let mut request = Self { root: env!("CARGO_MANIFEST_DIR").into(), replace: false, source: None, pages: Vec::new() };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().cloned().ok_or_else(|| Failure::Usage(format!("{argument} needs a value")));
            match argument.as_str() {
                "--help" => return Ok(None),
                "--replace" => request.replace = true,
                "--root" => request.root = value()?.into(),
                "--source" => request.source = Some(source(value()?)?),
                option if option.starts_with('-') => return Err(Failure::Usage(format!("unknown option {option}"))),
                page => request.pages.push(page.to_owned()),
            }
        }
        Ok(Some(request))
    }
}

/// The text of `--source`: it becomes a field of a row.
fn source(text: String) -> Result<String, Failure> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(Failure::Usage("--source needs one line of text without tabs".to_owned()));
    }
    Ok(text.trim().to_owned())
}

fn read_pages(names: &[String]) -> Result<Vec<Published>, Failure> {
    let (mut all, mut headings) = (Vec::new(), BTreeMap::new());
    for name in names {
        all.extend(page::read(name, &read(Path::new(name))?, &mut headings)?);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::refused(format!("{}: {error}", path.display())))
}

fn write_if_changed(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read(path).is_ok_and(|found| found == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(path, text)).map_err(|error| Failure::refused(format!("{}: {error}", path.display())))
}

fn totals(plan: &Plan) -> String {
    format!("{} regions, {} certificates\n", plan.store.regions().len(), plan.count(Change::Unchanged))
}

/// Why it ended without doing what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A page, the folder or a change is not as it must be, or a file cannot be read or written.
    Refused(Vec<String>),
    /// The command line is not understood.
    Usage(String),
}

impl Failure {
    fn refused(message: String) -> Self {
        Self::Refused(vec![message])
    }

    pub(crate) fn messages(&self) -> &[String] {
        match self {
            Self::Refused(messages) => messages,
            Self::Usage(message) => std::slice::from_ref(message),
        }
    }

    pub(crate) fn exit_status(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Usage(_) => 2,
        }
    }
}

const USAGE: &str = "\
usage: refresh_certs [--replace] [--source TEXT] [--root DIR] [PAGE.md ...]

Refreshes certs/ from saved copies of the page regions-certs.md and remakes certs/MANIFEST.tsv and src/certs/table.rs.
Without a page, only these two files are remade.

  --source TEXT  where the page comes from and when it was read; needed when a certificate is new
  --replace      allow that another key takes the place of a known one
  --root DIR     the crate's folder, if not the one this was built in

exit status: 0 done, 1 refused or failed (no file is changed if a page or a change is refused), 2 usage
";
