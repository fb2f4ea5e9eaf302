//! What was really signed: the captures, and documents that the testkit issues in every shape and era.

use std::collections::HashSet;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity::testkit::{Authority, Era, TestDocument, TestInstance, TestKey, served};
use instance_identity::{CertStore, SignatureKind, UnixTime, Verifier};

/// A document with one of its signatures.
pub struct Sample {
    /// The region that signed it.
    pub region: String,
    /// The kind of the signature.
    pub kind: SignatureKind,
    /// The bytes that were signed.
    pub document: Vec<u8>,
    /// The value, decoded.
    pub value: Vec<u8>,
}

impl Sample {
    /// The value as served.
    pub fn text(&self) -> String {
        served(&self.value)
    }
}

/// All of them.
pub static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| captured().chain(issued()).collect());

/// The CMS values among them.
pub static CMS_VALUES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| SAMPLES.iter().filter(|sample| sample.kind != SignatureKind::Rsa).map(|sample| sample.value.clone()).collect());

/// Trusts all who signed them: AWS, and three made-up regions.
pub static VERIFIER: LazyLock<Verifier> = LazyLock::new(|| {
    let mut store = CertStore::bundled();
    authorities().iter().for_each(|authority| authority.add_to(&mut store).unwrap());
    Verifier::new(store)
});

/// Was this document signed by this region?
pub fn was_signed(region: &str, document: &[u8]) -> bool {
    static SIGNED: LazyLock<HashSet<(&str, &[u8])>> =
        LazyLock::new(|| SAMPLES.iter().map(|sample| (sample.region.as_str(), sample.document.as_slice())).collect());
    SIGNED.contains(&(region, document))
}

/// The regions that occur, and two that do not.
pub const REGIONS: [&str; 10] = [
    "test-local-1",
    "test-local-2",
    "test-china-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-southeast-2",
    "eu-west-1",
    "test-none-1",
];

/// The second has the keys of the first under other serial numbers, the third signs as in China.
fn authorities() -> [Authority; 3] {
    let authority = |region: &str| Authority::new(region.parse().unwrap(), "aws".parse().unwrap());
    [authority("test-local-1"), authority("test-local-2"), authority("test-china-1").in_china_shape()]
}

fn issued() -> impl Iterator<Item = Sample> {
    let mut samples = Vec::new();
    for authority in authorities() {
        for (number, era) in Era::ALL.into_iter().enumerate() {
            let time = UnixTime::from_secs(1_700_000_000 + number as u64).unwrap();
            let document = TestDocument::new(&TestInstance::new(time), authority.region(), era).encode();
            let sample = |kind, value| Sample { region: authority.region().to_string(), kind, document: document.clone(), value };
            samples.push(sample(SignatureKind::Rsa, TestKey::Rsa1024.sign(&document)));
            for kind in [SignatureKind::Rsa2048, SignatureKind::Dsa] {
                let cms = authority.cms(kind, &document, era, time);
                samples.push(sample(kind, cms.encode()));
                // Rarer shapes, one of each era.
                samples.push(sample(
                    kind,
                    match era {
                        Era::In2016 => cms.encode_der(&document),
                        Era::In2018 => cms.with_embedded_certificate(&authority.certificate(kind).der()).encode(),
                        Era::In2022 => cms.with_primitive_content(&document).encode(),
                        Era::In2026 => continue,
                    },
                ));
            }
        }
    }
    samples.into_iter()
}

fn captured() -> impl Iterator<Item = Sample> {
    CAPTURES.iter().flat_map(|(region, document, values)| {
        values.iter().map(|(kind, text)| Sample {
            region: (*region).to_owned(),
            kind: *kind,
            document: document.to_vec(),
            value: STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).unwrap(),
        })
    })
}

macro_rules! captures {
    ($($folder:literal $region:literal [$($kind:ident $file:literal),*];)*) => {
        /// Region, document, and values by kind.
        type Capture = (&'static str, &'static [u8], &'static [(SignatureKind, &'static str)]);

        const CAPTURES: &[Capture] = &[$((
            $region,
            include_bytes!(concat!("../../tests/captures/", $folder, "/document.json")),
            &[$((SignatureKind::$kind, include_str!(concat!("../../tests/captures/", $folder, "/", $file)))),*],
        )),*];
    };
}

captures! {
    "us-east-1-2016-mozilla-pkcs7" "us-east-1" [Dsa "pkcs7.b64"];
    "us-west-2-2017-flaws-cloud" "us-west-2" [Rsa2048 "rsa2048.b64", Dsa "pkcs7.b64", Rsa "signature.b64"];
    "us-west-2-2017-grailbio-b" "us-west-2" [Dsa "pkcs7.b64"];
    "us-east-1-2017-netflix-vssm" "us-east-1" [Rsa2048 "rsa2048.b64"];
    "us-west-2-2018-taskcluster-iid-verify" "us-west-2" [Rsa2048 "rsa2048.b64", Dsa "pkcs7.b64", Rsa "signature.b64"];
    "us-east-2-2018-cloud-init" "us-east-2" [Rsa2048 "rsa2048.b64", Dsa "pkcs7.b64", Rsa "signature.b64"];
    "us-east-1-2019-ncbi-vdb" "us-east-1" [Dsa "pkcs7.b64"];
    "us-west-2-2021-teleport-a" "us-west-2" [Rsa2048 "rsa2048.b64"];
    "us-west-1-2021-teleport-b" "us-west-1" [Rsa2048 "rsa2048.b64"];
    "us-east-1-2023-chalk" "us-east-1" [Dsa "pkcs7.b64", Rsa "signature.b64"];
    "us-east-1-2024-rspamd-iid1" "us-east-1" [Rsa "signature.b64"];
    "ap-southeast-2-2026-metaphor-cloud-2026a" "ap-southeast-2" [Rsa2048 "rsa2048.b64", Rsa "signature.b64"];
    "ap-southeast-2-2026-metaphor-cloud-2026b" "ap-southeast-2" [Dsa "pkcs7.b64"];
}
