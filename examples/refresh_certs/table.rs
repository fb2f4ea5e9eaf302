//! `src/certs/table.rs`: the bundled certificates as the library compiles them in.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use instance_identity::{CertStore, SignatureKind};

/// The table of `store`.
pub(crate) fn render(store: &CertStore) -> String {
    let regions = store.regions();
    let (mut certificates, mut names) = (String::new(), BTreeMap::new());
    let mut table = format!("pub(super) static REGIONS: [BundledRegion; {}] = [\n", regions.len());
    for region in &regions {
        let partition = store.partition(region).map_or_else(String::new, |partition| partition.to_string());
        table += &format!("    BundledRegion::new(\n        \"{region}\",\n        \"{partition}\",\n");
        // The order of the arguments of `BundledRegion::new`.
        for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa, SignatureKind::Rsa] {
            let Some(certificate) = store.get(region, kind) else {
                table += "        None,\n";
                continue;
            };
            // A certificate of several regions is named after the first.
            let name = names.entry((kind, certificate.der().to_vec())).or_insert_with(|| {
                let name = format!("{region}_{kind}").to_uppercase().replace('-', "_");
                let serial = escape(certificate.serial());
                certificates += &format!(
                    "static {name}: BundledCertificate = \
                     BundledCertificate::new(b\"{serial}\", include_str!(\"../../certs/{region}/{kind}.pem\"));\n"
                );
                name
            });
            table += &format!("        BundledSlot::new(&{name}),\n");
        }
        table += "    ),\n";
    }
    format!("{HEAD}{table}];\n\n{certificates}")
}

fn escape(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "\\x{byte:02x}");
        text
    })
}

const HEAD: &str = "\
//! The bundled certificates, region by region in alphabetical order, and each once.
//!
//! Made from `certs/` by `cargo run --example refresh_certs`; not edited by hand.

use super::bundled::{BundledCertificate, BundledRegion, BundledSlot};

";
