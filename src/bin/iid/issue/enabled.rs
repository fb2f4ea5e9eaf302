//! `iid issue`: documents for tests.

use std::fs;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::SystemTime;

use clap::{Args, Subcommand};
use instance_identity::testkit::{Authority, Era, Issued, TestInstance};
use instance_identity::{
    AccountId, Architecture, AvailabilityZone, CertStore, ImageId, InstanceId, InstanceType, Partition, Region, SignatureKind, UnixTime,
};

use crate::failure::Failure;
use crate::output;

/// The command, if the feature is on.
#[derive(Subcommand)]
pub(crate) enum Issue {
    /// Issue a document for tests, under worthless keys
    Issue(IssueArgs),
}

/// What is issued.
#[derive(Args)]
pub(crate) struct IssueArgs {
    /// The folder to write to: document, signatures, evidence, and certs/ for iid verify --certs
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The region; of a bundled one the verifying side needs --replace-bundled
    #[arg(long, default_value = "test-local-1")]
    region: Region,
    /// The partition of the region; without it, the one it is known to be in, or aws
    #[arg(long)]
    partition: Option<Partition>,
    /// The account
    #[arg(long)]
    account: Option<AccountId>,
    /// The instance
    #[arg(long)]
    instance: Option<InstanceId>,
    /// The machine image
    #[arg(long)]
    image: Option<ImageId>,
    /// The instance type
    #[arg(long = "type")]
    instance_type: Option<InstanceType>,
    /// The architecture
    #[arg(long)]
    architecture: Option<Architecture>,
    /// The availability zone
    #[arg(long)]
    zone: Option<AvailabilityZone>,
    /// The private address
    #[arg(long)]
    private_ip: Option<IpAddr>,
    /// When the instance was started, as YYYY-MM-DDThh:mm:ssZ; without it, now
    #[arg(long, value_name = "TIME")]
    pending: Option<UnixTime>,
    /// As AWS served in 2016, 2018, 2022 or 2026
    #[arg(long, default_value = "2026")]
    era: Era,
    /// Sign /pkcs7 with RSA-2048, as in the China regions
    #[arg(long)]
    china: bool,
}

impl Issue {
    pub(crate) fn run(&self) -> ExitCode {
        let Self::Issue(args) = self;
        match issue(args) {
            Ok(report) => output::result(&report),
            Err(failure) => output::failure(&failure),
        }
    }
}

fn issue(args: &IssueArgs) -> Result<String, Failure> {
    let known = CertStore::bundled().partition(&args.region);
    let partition = match (args.partition.clone().or(known), "aws".parse()) {
        (Some(partition), _) | (None, Ok(partition)) => partition,
        (None, Err(_)) => return Err(Failure::Usage("--partition is missing")),
    };
    let authority = Authority::new(args.region.clone(), partition);
    let authority = if args.china { authority.in_china_shape() } else { authority };
    let issued = authority.issue(&instance(args)?, args.era);
    write(&args.out, &authority, &issued)?;
    let out = args.out.display();
    let word = if CertStore::bundled().kinds(&args.region).is_empty() { "" } else { " --replace-bundled" };
    Ok(format!("iid verify --evidence {out}/evidence.json --certs {out}/certs{word}\n"))
}

fn instance(args: &IssueArgs) -> Result<TestInstance, Failure> {
    let now = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok().and_then(|now| UnixTime::from_secs(now.as_secs()));
    let mut instance = TestInstance::new(args.pending.or_else(now).ok_or(Failure::Clock)?);
    set(&mut instance.account_id, &args.account);
    set(&mut instance.instance_id, &args.instance);
    set(&mut instance.image_id, &args.image);
    set(&mut instance.instance_type, &args.instance_type);
    set(&mut instance.architecture, &args.architecture);
    set(&mut instance.private_ip, &args.private_ip);
    instance.availability_zone.clone_from(&args.zone);
    Ok(instance)
}

fn set<T: Clone>(field: &mut T, given: &Option<T>) {
    if let Some(value) = given {
        field.clone_from(value);
    }
}

/// Writes all files, or says which one is there already.
fn write(out: &Path, authority: &Authority, issued: &Issued) -> Result<(), Failure> {
    let slots = out.join("certs").join(authority.region().as_str());
    let evidence = issued.evidence_json().unwrap_or_default();
    let mut files = vec![
        (out.join("document.json"), issued.document.clone()),
        (out.join("signature.b64"), issued.signature.clone().into()),
        (out.join("pkcs7.b64"), issued.pkcs7.clone().into()),
        (out.join("rsa2048.b64"), issued.rsa2048.clone().into()),
        (out.join("evidence.json"), (evidence + "\n").into()),
        (slots.join("partition"), format!("{}\n", authority.partition()).into()),
    ];
    files.extend(SignatureKind::ALL.map(|kind| (slots.join(format!("{kind}.pem")), authority.certificate(kind).pem().into())));
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::Folder { path: path.clone(), problem: "is there already: give a new folder" });
    }
    fs::create_dir_all(&slots).map_err(Failure::write(&slots))?;
    for (path, bytes) in files {
        let created = fs::File::options().write(true).create_new(true).open(&path);
        created.and_then(|mut file| file.write_all(&bytes)).map_err(Failure::write(&path))?;
    }
    Ok(())
}
