//! The real documents in `tests/captures`.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use instance_identity::SignatureKind;

use super::tlv::{Node, unbase64};

/// A document with the signatures that were published beside it, as served.
#[derive(Clone, Debug)]
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) document: Vec<u8>,
    pub(crate) signature: Option<Vec<u8>>,
    pub(crate) pkcs7: Option<Vec<u8>>,
    pub(crate) rsa2048: Option<Vec<u8>>,
}

/// A CMS value of a capture.
#[derive(Clone, Debug)]
pub(crate) struct CmsCapture {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) kind: SignatureKind,
    pub(crate) document: Vec<u8>,
    pub(crate) text: Vec<u8>,
}

impl Capture {
    pub(crate) fn signature(&self) -> &[u8] {
        self.signature.as_deref().unwrap()
    }

    pub(crate) fn pkcs7(&self) -> &[u8] {
        self.pkcs7.as_deref().unwrap()
    }

    pub(crate) fn rsa2048(&self) -> &[u8] {
        self.rsa2048.as_deref().unwrap()
    }
}

impl CmsCapture {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        unbase64(&self.text)
    }

    pub(crate) fn node(&self) -> Node {
        Node::parse(&self.bytes())
    }
}

/// All captures.
pub(crate) fn all() -> Vec<Capture> {
    static ALL: LazyLock<Vec<Capture>> = LazyLock::new(read);
    ALL.clone()
}

fn read() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let file = |file: &str| fs::read(folder.join(fields[0]).join(file)).ok();
        Capture {
            name: fields[0].to_owned(),
            region: fields[1].to_owned(),
            document: file("document.json").unwrap(),
            signature: file("signature.b64"),
            pkcs7: file("pkcs7.b64"),
            rsa2048: file("rsa2048.b64"),
        }
    });
    let captures: Vec<Capture> = rows.collect();
    assert_eq!(captures.len(), 13, "every capture is listed");
    captures
}

/// The capture of us-west-2 that has all three kinds and a document published on its own.
pub(crate) fn whole() -> Capture {
    all().into_iter().find(|capture| capture.name == "us-west-2-2018-taskcluster-iid-verify").unwrap()
}

/// The CMS values of all captures.
pub(crate) fn cms() -> Vec<CmsCapture> {
    let values = all().into_iter().flat_map(|capture| {
        [(SignatureKind::Rsa2048, capture.rsa2048), (SignatureKind::Dsa, capture.pkcs7)].map(|(kind, text)| {
            Some(CmsCapture {
                name: capture.name.clone(),
                region: capture.region.clone(),
                kind,
                document: capture.document.clone(),
                text: text?,
            })
        })
    });
    let values: Vec<CmsCapture> = values.flatten().collect();
    assert_eq!(values.len(), 15, "every CMS value is found");
    values
}

/// One CMS value of [`whole`].
pub(crate) fn one(kind: SignatureKind) -> CmsCapture {
    cms().into_iter().find(|value| value.name == whole().name && value.kind == kind).unwrap()
}
