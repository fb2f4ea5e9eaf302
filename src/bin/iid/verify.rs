//! `iid verify`.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use instance_identity::{Authentic, Error, Evidence, Expect, Region, UnixTime, Verifier};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::{batch, cert_folder, output};

pub(crate) fn run(args: &VerifyArgs) -> ExitCode {
    if let Some(path) = &args.batch {
        return batch::run(args, path);
    }
    let outcome = verify(args);
    let exit = match &outcome {
        Err(failure) if args.quiet => return ExitCode::from(failure.exit_code()),
        Ok(_) if args.quiet => return ExitCode::SUCCESS,
        Err(failure) => output::failure(failure),
        Ok(_) => ExitCode::SUCCESS,
    };
    let text = match &outcome {
        _ if args.json => output::json(&Report(&outcome)),
        Ok(authentic) => summary(authentic, args.region.is_some()),
        Err(_) => return exit,
    };
    let printed = output::result(&text);
    if exit == ExitCode::SUCCESS { printed } else { exit }
}

fn verify(args: &VerifyArgs) -> Result<Authentic, Failure> {
    let region = region(args)?;
    let verifier = verifier(args)?;
    let expect = region.as_ref().map_or(Expect::AnyRegion, Expect::Region);
    Ok(verifier.verify_evidence(&evidence(args)?, expect)?)
}

/// The region that is expected, if one is.
pub(crate) fn region(args: &VerifyArgs) -> Result<Option<Region>, Failure> {
    Ok(args.region.as_deref().map(|region| region.parse().map_err(|_| Error::InvalidRegion)).transpose()?)
}

/// With the certificates and the kinds that the command line names.
pub(crate) fn verifier(args: &VerifyArgs) -> Result<Verifier, Failure> {
    let verifier = Verifier::new(cert_folder::store(&args.store)?);
    let Some(kinds) = &args.kinds else { return Ok(verifier) };
    // The command line has at least one kind where the option is given.
    verifier.allow_kinds(kinds.iter().copied()).map_err(|_| Failure::Usage("--kinds names no kind"))
}

fn evidence(args: &VerifyArgs) -> Result<Evidence, Failure> {
    let inputs = [&args.evidence, &args.signature, &args.document];
    if inputs.into_iter().flatten().filter(|path| is_standard_input(path)).count() > 1 {
        return Err(Failure::Usage("only one input can be standard input"));
    }
    if let Some(path) = &args.evidence {
        return Ok(Evidence::from_json(&read(path)?)?);
    }
    let mut evidence = Evidence::new();
    if let Some(path) = &args.signature {
        evidence = evidence.with_any_kind(read(path)?);
    }
    if let Some(path) = &args.document {
        evidence = evidence.with_document(read(path)?);
    }
    Ok(evidence)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if is_standard_input(path) {
        io::stdin().lock().take(MAX_READ).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| file.take(MAX_READ).read_to_end(&mut bytes))
    };
    read.map_err(Failure::read(path))?;
    Ok(bytes)
}

pub(crate) fn is_standard_input(path: &Path) -> bool {
    path == Path::new("-")
}

/// The one JSON object, always with all keys.
pub(crate) struct Report<'a>(pub(crate) &'a Result<Authentic, Failure>);

impl Report<'_> {
    pub(crate) fn serialize_entries<M: SerializeMap>(&self, report: &mut M) -> Result<(), M::Error> {
        let authentic = self.0.as_ref().ok();
        report.serialize_entry("verified", &authentic.is_some())?;
        report.serialize_entry("document", &authentic.map(Authentic::document))?;
        report.serialize_entry("region", &authentic.map(Authentic::region))?;
        report.serialize_entry("partition", &authentic.map(Authentic::partition))?;
        report.serialize_entry("signatures", &authentic.map(Authentic::signatures))?;
        report.serialize_entry("skipped", &authentic.map(Authentic::skipped))?;
        report.serialize_entry("error", &self.0.as_ref().err())
    }
}

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_map(Some(7))?;
        self.serialize_entries(&mut report)?;
        report.end()
    }
}

/// Who it is and what vouched, for people: aligned rows.
fn summary(authentic: &Authentic, region_was_given: bool) -> String {
    let document = authentic.document();
    let named = if region_was_given { "" } else { ", as the document names it" };
    let mut rows = Rows(String::from("verified\n"));
    rows.add("account", &format!("{} ({})", document.account_id(), authentic.partition()));
    rows.add("region", &format!("{}{named}", document.region()));
    rows.add_some("zone", document.availability_zone());
    rows.add("instance", document.instance_id());
    rows.add_some("type", document.instance_type());
    rows.add_some("architecture", document.architecture());
    rows.add_some("image", document.image_id());
    rows.add_some("private IP", document.private_ip());
    rows.add("launched", &document.pending_time());
    for code in document.marketplace_product_codes() {
        rows.add("marketplace", code);
    }
    for code in document.billing_products() {
        rows.add("billing", code);
    }
    for signature in authentic.signatures() {
        let signed = signature.signing_time().map_or(String::new(), |time| format!(", signed {time}"));
        rows.add("signature", &format!("/{}, {}{signed}", signature.kind().endpoint(), signature.algorithm()));
        let certificate = signature.certificate();
        let expired = if has_passed(certificate.not_after()) { " (expired)" } else { "" };
        rows.add("certificate", &format!("{} of {}, until {}{expired}", certificate.kind(), certificate.region(), certificate.not_after()));
        rows.add("", &format!("sha256 {}", certificate.fingerprint_hex()));
    }
    for skipped in authentic.skipped() {
        rows.add("skipped", &format!("/{}, {}", skipped.kind.endpoint(), skipped.reason.as_str()));
    }
    rows.0
}

struct Rows(String);

impl Rows {
    fn add(&mut self, name: &str, value: &dyn std::fmt::Display) {
        // Writing to a String does not fail.
        let _ = writeln!(self.0, "  {name:<12}  {value}");
    }

    fn add_some(&mut self, name: &str, value: Option<impl std::fmt::Display>) {
        if let Some(value) = value {
            self.add(name, &value);
        }
    }
}

fn has_passed(time: UnixTime) -> bool {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|now| now.as_secs() > time.as_secs())
}

/// Above every limit of the library, so that what is longer is refused there, not cut.
pub(crate) const MAX_READ: u64 = 1 << 20;
