//! The captures: real documents with their signatures.

use std::fs;
use std::path::{Path, PathBuf};

use instance_identity::SignatureKind;

/// One signature of a capture, as served, with its document.
#[derive(Clone)]
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) kind: SignatureKind,
    pub(crate) document: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// All signatures of all captures, in the order of their index.
pub(crate) fn captures() -> Vec<Capture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let index = fs::read_to_string(folder.join("INDEX.tsv")).unwrap();
    let rows = index.lines().skip(1).map(|row| row.split('\t').collect::<Vec<_>>());
    let captures: Vec<Capture> = rows
        .flat_map(|row| {
            let (name, region, folder) = (row[0].to_owned(), row[1].to_owned(), folder.join(row[0]));
            let read = move |file: PathBuf| fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let document = read(folder.join("document.json"));
            let endpoints: Vec<String> = row[2].split(',').map(str::to_owned).collect();
            endpoints.into_iter().map(move |endpoint| Capture {
                name: name.clone(),
                region: region.clone(),
                kind: SignatureKind::ALL.into_iter().find(|kind| kind.endpoint() == endpoint).unwrap(),
                document: document.clone(),
                signature: read(folder.join(format!("{endpoint}.b64"))),
            })
        })
        .collect();
    assert_eq!(captures.len(), 21, "13 captures with 21 signatures");
    captures
}

/// The bytes of a signature as served.
pub(crate) fn decode(signature: &[u8]) -> Vec<u8> {
    use base64::Engine as _;
    let dense: Vec<u8> = signature.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
    base64::engine::general_purpose::STANDARD.decode(dense).unwrap()
}
