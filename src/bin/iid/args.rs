//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args as Group, Parser, Subcommand};
use instance_identity::{SignatureKind, UnixTime};

use crate::issue::Issue;

/// Verifies Amazon EC2 instance identity documents.
#[derive(Parser)]
#[command(name = "iid", version, after_help = EXIT_STATUS, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Verify a document, say who it is, and whether a policy accepts it
    Verify(VerifyArgs),
    /// List the certificates that verification trusts
    Certs(CertsArgs),
    #[command(flatten)]
    Issue(Issue),
}

#[derive(Group)]
#[command(after_help = EXIT_STATUS, group = ArgGroup::new("input").required(true).args(["signature", "evidence", "batch"]))]
pub(crate) struct VerifyArgs {
    /// The signature: what /signature, /pkcs7 or /rsa2048 serves; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) signature: Option<PathBuf>,
    /// The document, exactly as served; a /pkcs7 or /rsa2048 value contains it
    #[arg(long, value_name = "FILE", requires = "signature")]
    pub(crate) document: Option<PathBuf>,
    /// A JSON object with document, signature, pkcs7 and rsa2048 instead; - is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// A file with such an object on each line; prints the JSON result of each on a line; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["document", "json"])]
    pub(crate) batch: Option<PathBuf>,
    /// The region that the document has to be of; without it, the one that the document names
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The kinds of signature that count: rsa2048, dsa, rsa; without it, all
    #[arg(long, value_delimiter = ',', value_name = "KIND,..")]
    pub(crate) kinds: Option<Vec<SignatureKind>>,
    /// Accept only what this policy accepts, a TOML file; without --region it has to name regions
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// The time that ages are counted to, as YYYY-MM-DDThh:mm:ssZ; without it, now
    #[arg(long, value_name = "TIME", requires = "policy")]
    pub(crate) now: Option<UnixTime>,
    /// The address of the caller, for a policy that compares it with the document's
    #[arg(long, value_name = "IP", requires = "policy")]
    pub(crate) peer: Option<IpAddr>,
    /// Show every rule of the policy with its outcome
    #[arg(long, requires = "policy")]
    pub(crate) explain: bool,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Print one JSON object, always with the same keys
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing; the exit status tells
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Group)]
pub(crate) struct CertsArgs {
    /// Only those of one region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Only those that expire within so many days, or have expired
    #[arg(long, value_name = "DAYS")]
    pub(crate) expiring: Option<u32>,
    #[command(flatten)]
    pub(crate) store: StoreArgs,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Group)]
pub(crate) struct StoreArgs {
    /// Add the certificates DIR/REGION/{rsa2048,dsa,rsa}.pem; a region that is not bundled needs DIR/REGION/partition
    #[arg(long, value_name = "DIR")]
    pub(crate) certs: Option<PathBuf>,
    /// Let --certs replace bundled certificates
    #[arg(long, requires = "certs")]
    pub(crate) replace_bundled: bool,
}

const EXIT_STATUS: &str = "\
Exit status:
  0  verified, and accepted if there is a policy
  1  could not run: a file that cannot be read, say
  2  usage, or a policy that is not one
  3  malformed: the input is not what it should be
  4  unauthentic: not signed by AWS for this region
  5  refused: outside what was allowed, by the policy too, or no certificate for it
With --batch: 0 if that is so of every line, else the status of the first that did not;
  1 if reading or writing failed, 3 if there is no line";
