//! `src/certs/table.rs`: the bundled certificates as the library compiles them in.

use std::fmt::Write as _;

use instance_identity::{CertStore, SignatureKind};

/// The table of `store`.
pub(crate) fn render(store: &CertStore) -> String {
    let regions = store.regions();
    let mut table = format!("{HEAD}pub(super) static REGIONS: [BundledRegion; {}] = [\n", regions.len());
    for region in regions {
        let partition = store.partition(&region).map_or_else(String::new, |partition| partition.to_string());
        table += &format!("    BundledRegion::new(\n        \"{region}\",\n        \"{partition}\",\n");
        // The order of the arguments of `BundledRegion::new`.
        for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa, SignatureKind::Rsa] {
            table += &match store.get(&region, kind) {
                Some(certificate) => {
                    let serial = escape(certificate.serial());
                    format!("        BundledSlot::new(b\"{serial}\", include_str!(\"../../certs/{region}/{kind}.pem\")),\n")
                }
                None => "        None,\n".to_owned(),
            };
        }
        table += "    ),\n";
    }
    table + "];\n"
}

fn escape(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "\\x{byte:02x}");
        text
    })
}

const HEAD: &str = "\
//! The bundled certificates, region by region in alphabetical order.
//!
//! Made from `certs/` by `cargo run --example refresh_certs`; not edited by hand.

use super::bundled::{BundledRegion, BundledSlot};

#[rustfmt::skip]
";
