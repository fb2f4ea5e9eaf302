//! `--certs DIR`: certificates laid out like the folder `certs/` of the project.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use instance_identity::{CertStore, Partition, Region, SignatureKind};

use crate::args::StoreArgs;
use crate::failure::Failure;

/// The bundled certificates, and those of the folder.
pub(crate) fn store(args: &StoreArgs) -> Result<CertStore, Failure> {
    let mut store = CertStore::bundled();
    let Some(folder) = &args.certs else { return Ok(store) };
    let mut loaded = 0;
    for path in entries(folder)? {
        if fs::metadata(&path).map_err(Failure::read(&path))?.is_dir() {
            let region = name(&path).parse().map_err(|_| problem(&path, "the name is not a region code"))?;
            loaded += add_region(&mut store, &path, &region, args.replace_bundled)?;
        } else if path.extension().is_some_and(|extension| extension == "pem") {
            return Err(problem(&path, "a certificate stands in a folder that is named after its region"));
        }
    }
    if loaded == 0 { Err(problem(folder, "there is no REGION/{rsa2048,dsa,rsa}.pem inside")) } else { Ok(store) }
}

/// Adds the certificates of one region; says how many.
fn add_region(store: &mut CertStore, folder: &Path, region: &Region, replace: bool) -> Result<usize, Failure> {
    let partition = partition(store, folder, region)?;
    let mut loaded = 0;
    for path in entries(folder)? {
        let name = name(&path);
        if name == PARTITION {
            continue;
        }
        // A name that is almost right would be a certificate that is silently not there.
        let kind: SignatureKind = name
            .strip_suffix(".pem")
            .and_then(|kind| kind.parse().ok())
            .ok_or_else(|| problem(&path, "expected partition, rsa2048.pem, dsa.pem or rsa.pem"))?;
        let certificate = read(&path)?;
        let added =
            if replace { store.replace(region, &partition, kind, &certificate) } else { store.add(region, &partition, kind, &certificate) };
        added.map_err(|error| Failure::Certificate { path, error })?;
        loaded += 1;
    }
    if loaded == 0 { Err(problem(folder, "there is no rsa2048.pem, dsa.pem or rsa.pem inside")) } else { Ok(loaded) }
}

fn partition(store: &CertStore, folder: &Path, region: &Region) -> Result<Partition, Failure> {
    let path = folder.join(PARTITION);
    if path.symlink_metadata().is_ok() {
        let text = read(&path)?;
        let partition = std::str::from_utf8(text.trim_ascii()).ok().and_then(|text| text.parse().ok());
        return partition.ok_or_else(|| problem(&path, "expected a partition such as aws or aws-us-gov"));
    }
    store.partition(region).ok_or_else(|| problem(&path, "missing: a region that is not bundled states its partition, such as aws-iso"))
}

/// What is in a folder, by name; hidden files aside.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(Failure::read(folder))?;
    paths.retain(|path| !name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(MAX_READ).read_to_end(&mut bytes)).map_err(Failure::read(path))?;
    Ok(bytes)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn problem(path: &Path, problem: &'static str) -> Failure {
    Failure::Folder { path: path.to_owned(), problem }
}

const PARTITION: &str = "partition";
/// Above the library's limit for a certificate, so that what is longer is refused there, not cut.
const MAX_READ: u64 = 1 << 20;
