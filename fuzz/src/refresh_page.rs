//! The reader of the page on which AWS publishes the certificates.

#[allow(dead_code, unreachable_pub, reason = "a part of another program")]
#[path = "../../examples/refresh_certs/page.rs"]
mod page;

use std::collections::{BTreeMap, BTreeSet};

use instance_identity::testkit::{TestCertificate, TestKey};
use instance_identity::{CertStore, SignatureKind};
use page::Published;

use crate::tokens;

/// Each certificate that is found stands where it is said to, under the heading of its region and its kind, once. A page written from what was
/// found says the same, and cannot follow the first. A certificate that fits its slot loads there, and loads again from its DER.
pub fn refresh_page(data: &[u8]) {
    let text = String::from_utf8_lossy(&tokens::expand(data, &words())).into_owned();
    let mut headings = BTreeMap::new();
    let Ok(published) = page::read("page", &text, &mut headings) else { return };
    let slots: BTreeSet<_> = published.iter().map(|found| (&found.region, found.kind)).collect();
    assert_eq!(slots.len(), published.len(), "no slot twice");
    let regions: BTreeSet<_> = published.iter().map(|found| &found.region).collect();
    assert_eq!(regions, headings.keys().collect(), "every region has a certificate");
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim).collect();
    for found in &published {
        stands_in(&lines, found);
        loads(found);
    }
    for region in regions {
        for kind in [SignatureKind::Rsa, SignatureKind::Rsa2048] {
            assert!(slots.contains(&(region, kind)), "{region} has {kind}");
        }
    }
    assert!(page::read("again", &text, &mut headings).is_err(), "a region stands on one page");

    let written = page_of(&published);
    let again = page::read("written", &written, &mut BTreeMap::new()).expect("a page of the usual shape");
    let plain = |published: &[Published]| -> BTreeSet<_> {
        published.iter().map(|found| (found.region.clone(), found.kind, found.pem.clone())).collect()
    };
    assert_eq!(plain(&again), plain(&published), "it says the same");
}

/// The lines of its text stand in a row from its place on; above them is the fence, then its part's heading before any other's, then its
/// region's heading.
fn stands_in(lines: &[&str], found: &Published) {
    let start: usize = found.place.rsplit_once(':').and_then(|(_, line)| line.parse().ok()).expect("page:line");
    let count = if found.pem.is_empty() { 0 } else { found.pem.split('\n').count() };
    assert_eq!(lines[start - 1..start - 1 + count].join("\n"), found.pem, "its lines");
    let above = &lines[..start - 1];
    let name = page::part_name(found.kind);
    let heading = above.iter().rposition(|line| line.starts_with('#') && line.contains('[') && line.contains(name)).expect("its part");
    assert!(above[..heading].iter().any(|line| line.starts_with('#') && line.contains(found.region.as_str())), "its region");
}

fn loads(found: &Published) {
    let partition = "aws".parse().unwrap();
    let load = |certificate: &[u8]| {
        let mut store = CertStore::empty();
        store.add(&found.region, &partition, found.kind, certificate).ok()?;
        store.get(&found.region, found.kind)
    };
    if let Some(certificate) = load(found.pem.as_bytes()) {
        let again = load(certificate.der()).expect("it loads again");
        assert_eq!((again.der(), again.fingerprint()), (certificate.der(), certificate.fingerprint()));
    }
}

/// A page with these certificates, in fences that nothing inside can end.
fn page_of(published: &[Published]) -> String {
    let mut page = String::new();
    let mut region = None;
    for found in published {
        if region != Some(&found.region) {
            page += &format!("## Region — {0}\n<a name=\"{0}-cert\"></a>\n", found.region);
            region = Some(&found.region);
        }
        let longest = found.pem.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let inside = if found.pem.is_empty() { String::new() } else { format!("{}\n", found.pem) };
        page += &format!("#### [ {} ]\n\n{fence}\n{inside}{fence}\n", page::part_name(found.kind));
    }
    page
}

/// What the page's reader says of a page that it refuses.
#[derive(Debug)]
pub(crate) struct Failure;

impl Failure {
    fn refused(_: String) -> Self {
        Self
    }
}

/// For [`tokens::expand`].
fn words() -> [&'static str; 36] {
    static PEM: std::sync::LazyLock<[String; 3]> = std::sync::LazyLock::new(|| {
        [TestKey::Rsa2048, TestKey::Dsa1024, TestKey::Rsa1024].map(|key| TestCertificate::new(key, "test-local-1").pem())
    });
    let [rsa2048, dsa, rsa] = [&PEM[0], &PEM[1], &PEM[2]];
    [
        rsa2048,
        dsa,
        rsa,
        "## US East (N. Virginia) — us-east-1\n",
        "<a name=\"us-east-1-cert\"></a>\n",
        "## China (Beijing)— cn-north-1\n",
        "<a name=\"cn-north-1-cert\"></a>\n",
        "## Europe - eu-test-1 ##\n",
        "<a id=\"eu-test-1-cert\"></a>\n",
        "\n------\n",
        "#### [ DSA ]\n",
        "#### [ RSA ]\n",
        "#### [ RSA-2048 ]\n",
        "##### [RSA]\n",
        "```\n",
        "````\n",
        "``` pem\n",
        "~~~\n",
        "`",
        "~",
        "#",
        "##",
        "### Notes\n",
        "# Title\n",
        "\n",
        "\r\n",
        "\r",
        "    ",
        "\u{feff}",
        "\u{a0}",
        "—",
        "–",
        " - ",
        "us-east-1",
        "-----BEGIN CERTIFICATE-----\n",
        "-----END CERTIFICATE-----\n",
    ]
}
