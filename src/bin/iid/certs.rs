//! `iid certs`.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use instance_identity::{Error, PinnedCertificate, Region};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::args::CertsArgs;
use crate::failure::Failure;
use crate::{cert_folder, output};

pub(crate) fn run(args: &CertsArgs) -> ExitCode {
    let outcome = list(args);
    match (&outcome, args.json) {
        (Ok(certificates), false) => output::result(&table(certificates)),
        (Ok(_), true) => output::result(&output::json(&Report(&outcome))),
        (Err(failure), json) => {
            if json {
                output::result(&output::json(&Report(&outcome)));
            }
            output::failure(failure)
        }
    }
}

fn list(args: &CertsArgs) -> Result<Vec<Arc<PinnedCertificate>>, Failure> {
    let store = cert_folder::store(&args.store)?;
    let region: Option<Region> = args.region.as_deref().map(|region| region.parse().map_err(|_| Error::InvalidRegion)).transpose()?;
    if let Some(region) = &region
        && store.kinds(region).is_empty()
    {
        return Err(Error::UnknownRegion { region: Some(region.clone()) }.into());
    }
    let deadline = args.expiring.map(deadline).transpose()?;
    let mut certificates: Vec<_> = store.certificates().collect();
    certificates.retain(|certificate| {
        region.as_ref().is_none_or(|region| certificate.region() == region)
            && deadline.is_none_or(|deadline| certificate.not_after().as_secs() <= deadline)
    });
    Ok(certificates)
}

/// So many days from now, in seconds since 1970.
fn deadline(days: u32) -> Result<u64, Failure> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_err(|_| Failure::Clock)?;
    Ok(now.as_secs() + u64::from(days) * 24 * 60 * 60)
}

fn table(certificates: &[Arc<PinnedCertificate>]) -> String {
    let width = certificates.iter().map(|certificate| certificate.region().as_str().len()).max().unwrap_or_default();
    certificates.iter().fold(String::new(), |mut table, certificate| {
        // Writing to a String does not fail.
        let _ = writeln!(
            table,
            "{:<width$}  {:<7}  {:<14}  {}  {}  {}",
            certificate.region(),
            certificate.kind(),
            certificate.algorithm(),
            certificate.not_before(),
            certificate.not_after(),
            certificate.fingerprint_hex(),
        );
        table
    })
}

struct Report<'a>(&'a Result<Vec<Arc<PinnedCertificate>>, Failure>);

impl Serialize for Report<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let certificates =
            self.0.as_ref().ok().map(|certificates| certificates.iter().map(AsRef::as_ref).collect::<Vec<&PinnedCertificate>>());
        let mut report = serializer.serialize_map(Some(2))?;
        report.serialize_entry("certificates", &certificates)?;
        report.serialize_entry("error", &self.0.as_ref().err())?;
        report.end()
    }
}
