//! `iid verify`.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use instance_identity::{Accepted, Authentic, Error, Evidence, Expect, Explanation, Region, UnixTime, Verifier};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::acceptance::{self, Acceptance};
use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::{batch, cert_folder, output};

pub(crate) fn run(args: &VerifyArgs) -> ExitCode {
    if let Some(path) = &args.batch {
        return batch::run(args, path);
    }
    let outcome = verify(args).unwrap_or_else(Outcome::from);
    let exit = match &outcome.verdict {
        Err(failure) if args.quiet => return ExitCode::from(failure.exit_code()),
        Ok(_) if args.quiet => return ExitCode::SUCCESS,
        Err(failure) => output::failure(failure),
        Ok(_) => ExitCode::SUCCESS,
    };
    let text = if args.json { output::json(&outcome) } else { outcome.text(args.region.is_some()) };
    if text.is_empty() {
        return exit;
    }
    let printed = output::result(&text);
    if exit == ExitCode::SUCCESS { printed } else { exit }
}

fn verify(args: &VerifyArgs) -> Result<Outcome, Failure> {
    let verification = Verification::new(args)?;
    Ok(verification.of(evidence(args)))
}

/// What is asked about every evidence.
pub(crate) struct Verification {
    verifier: Verifier,
    region: Option<Region>,
    acceptance: Option<Acceptance>,
}

impl Verification {
    /// What the command line asks.
    pub(crate) fn new(args: &VerifyArgs) -> Result<Self, Failure> {
        let inputs = [&args.evidence, &args.signature, &args.document, &args.batch, &args.policy];
        if inputs.into_iter().flatten().filter(|path| is_standard_input(path)).count() > 1 {
            return Err(Failure::Usage("only one input can be standard input"));
        }
        Ok(Self { region: region(args)?, verifier: verifier(args)?, acceptance: Acceptance::new(args)? })
    }

    /// The answer: first whether it is authentic, then whether it is accepted.
    pub(crate) fn of(&self, evidence: Result<Evidence, Failure>) -> Outcome {
        let expect = self.region.as_ref().map_or(Expect::AnyRegion, Expect::Region);
        let verified = evidence.and_then(|evidence| Ok(self.verifier.verify_evidence(&evidence, expect)?));
        match (verified, &self.acceptance) {
            (Err(failure), _) => failure.into(),
            (Ok(authentic), None) => Outcome { verdict: Ok(Verified::Authentic(authentic)), explanation: None },
            (Ok(authentic), Some(acceptance)) => match acceptance.ask(authentic) {
                Ok((verdict, explanation)) => Outcome { verdict: verdict.map(Verified::Accepted).map_err(Failure::from), explanation },
                Err(failure) => failure.into(),
            },
        }
    }
}

/// What the command was asked to find out.
pub(crate) enum Verified {
    /// Without a policy.
    Authentic(Authentic),
    /// By the policy.
    Accepted(Accepted),
}

impl Verified {
    fn authentic(&self) -> &Authentic {
        match self {
            Self::Authentic(authentic) => authentic,
            Self::Accepted(accepted) => accepted.authentic(),
        }
    }
}

/// The answer about one evidence.
pub(crate) struct Outcome {
    pub(crate) verdict: Result<Verified, Failure>,
    explanation: Option<Explanation>,
}

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        Self { verdict: Err(failure), explanation: None }
    }
}

impl Outcome {
    /// The result for people; empty if there is none.
    fn text(&self, region_was_given: bool) -> String {
        let verified = self.verdict.as_ref().map_or_else(|_| String::new(), |verified| summary(verified, region_was_given));
        verified + &self.explanation.as_ref().map_or_else(String::new, acceptance::table)
    }
}

/// The region that is expected, if one is.
fn region(args: &VerifyArgs) -> Result<Option<Region>, Failure> {
    Ok(args.region.as_deref().map(|region| region.parse().map_err(|_| Error::InvalidRegion)).transpose()?)
}

/// With the certificates and the kinds that the command line names.
fn verifier(args: &VerifyArgs) -> Result<Verifier, Failure> {
    let verifier = Verifier::new(cert_folder::store(&args.store)?);
    let Some(kinds) = &args.kinds else { return Ok(verifier) };
    // The command line has at least one kind where the option is given.
    verifier.allow_kinds(kinds.iter().copied()).map_err(|_| Failure::Usage("--kinds names no kind"))
}

fn evidence(args: &VerifyArgs) -> Result<Evidence, Failure> {
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

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
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

impl Outcome {
    /// The entries of the one JSON object, always with all keys.
    pub(crate) fn serialize_entries<M: SerializeMap>(&self, report: &mut M) -> Result<(), M::Error> {
        let authentic = self.verdict.as_ref().ok().map(Verified::authentic);
        report.serialize_entry("verified", &authentic.is_some())?;
        report.serialize_entry("document", &authentic.map(Authentic::document))?;
        report.serialize_entry("region", &authentic.map(Authentic::region))?;
        report.serialize_entry("partition", &authentic.map(Authentic::partition))?;
        report.serialize_entry("signatures", &authentic.map(Authentic::signatures))?;
        report.serialize_entry("skipped", &authentic.map(Authentic::skipped))?;
        report.serialize_entry("explanation", &self.explanation)?;
        report.serialize_entry("error", &self.verdict.as_ref().err())
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut report = serializer.serialize_map(Some(8))?;
        self.serialize_entries(&mut report)?;
        report.end()
    }
}

/// Who it is and what vouched, for people: aligned rows.
fn summary(verified: &Verified, region_was_given: bool) -> String {
    let authentic = verified.authentic();
    let document = authentic.document();
    let named = if region_was_given { "" } else { ", as the document names it" };
    let verdict = match verified {
        Verified::Authentic(_) => "verified\n",
        Verified::Accepted(_) => "verified and accepted\n",
    };
    let mut rows = Rows(verdict.to_owned());
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
    if let Verified::Accepted(accepted) = verified
        && let Some(exception) = accepted.exception()
    {
        rows.add("exception", &acceptance::exception(exception));
    }
    let now = match verified {
        Verified::Accepted(accepted) => Some(accepted.accepted_at()),
        Verified::Authentic(_) => UnixTime::try_from(SystemTime::now()).ok(),
    };
    for signature in authentic.signatures() {
        let signed = signature.signing_time().map_or(String::new(), |time| format!(", signed {time}"));
        rows.add("signature", &format!("/{}, {}{signed}", signature.kind().endpoint(), signature.algorithm()));
        let certificate = signature.certificate();
        let expired = if now.is_some_and(|now| now > certificate.not_after()) { " (expired)" } else { "" };
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

/// Above every limit of the library, so that what is longer is refused there, not cut.
pub(crate) const MAX_READ: u64 = 1 << 20;
