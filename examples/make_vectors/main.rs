//! Makes `tests/vectors`: values that a verifier of instance identity documents accepts or has to refuse, one fault a file.
//!
//! Everything is made from the worthless keys of the testkit and signed deterministically, so that each run gives the same bytes. What is
//! expected is written here by hand. A file that is no longer made is removed. `tests/vectors/README.md` describes the format.

#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::unwrap_used, reason = "what cannot be made is a mistake in this program")]

mod attributes;
mod ber;
mod certificates;
mod cms;
mod document;
mod dsa;
mod evidence;
mod lengths;
mod regions;
mod rsa;
mod signer;
mod transport;
mod value;
mod vector;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use vector::Corpus;

/// What is in the folder and not made here.
const KEPT: [&str; 5] = ["README.md", "certs", "not_vectors.tsv", "openssl.sh", "openssl.tsv"];

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut corpus = Corpus::default();
    for section in [
        transport::add,
        ber::add,
        lengths::add,
        cms::add,
        signer::add,
        attributes::add,
        rsa::add,
        dsa::add,
        regions::add,
        certificates::add,
        document::add,
        evidence::add,
    ] {
        section(&mut corpus);
    }

    let mut made = BTreeSet::new();
    for vector in corpus.vectors() {
        assert!(made.insert(vector.name().to_owned()), "{} is made twice", vector.name());
        write_if_changed(&folder.join(vector.name()), &vector.encode())?;
    }
    let mut certificates = BTreeSet::new();
    for (path, bytes) in certificates::files() {
        write_if_changed(&folder.join("certs").join(&path), &bytes)?;
        certificates.insert(folder.join("certs").join(path));
    }

    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !KEPT.contains(&name.as_str()) && !made.contains(&name) {
            fs::remove_file(entry.path())?;
        }
    }
    for path in files(&folder.join("certs"))?.into_iter().filter(|path| !certificates.contains(path)) {
        fs::remove_file(path)?;
    }
    println!("{} vectors, {} files of certificates", made.len(), certificates.len());
    Ok(())
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
}

/// All files below a folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
