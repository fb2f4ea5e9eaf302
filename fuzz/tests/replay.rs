//! Every seed, every past finding, what fuzzing has grown here, and every vector of the corpus holds the properties, on stable Rust.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity_fuzz::{TARGETS, Target};

macro_rules! replayed {
    ($($target:ident)*) => {
        $(#[test]
        fn $target() {
            replay(stringify!($target), instance_identity_fuzz::$target);
        })*

        #[test]
        fn every_target_is_replayed() {
            assert_eq!(TARGETS.map(|(name, _)| name), [$(stringify!($target)),*]);
        }
    };
}

replayed! { base64 pem json document cms cms_edited certificate rsa_signature dsa_signature policy_toml refresh_page verify verify_evidence }

fn replay(name: &str, target: Target) {
    let seeds = files(&["seeds", name].iter().collect::<PathBuf>());
    assert!(!seeds.is_empty(), "{name} has no seeds");
    let more = ["findings", "corpus"].into_iter().flat_map(|folder| files(&[folder, name].iter().collect::<PathBuf>()));
    for path in seeds.into_iter().chain(more) {
        println!("{}", path.display());
        target(&fs::read(path).unwrap());
    }
}

/// The bodies of the vectors are what is presented: base64, PEM or JSON.
#[test]
fn every_vector_holds_the_properties() {
    let mut count = 0;
    for path in files(Path::new("../tests/vectors")) {
        let vector = fs::read(&path).unwrap();
        let Some(end) = vector.windows(2).position(|window| window == b"\n\n") else { continue };
        let body = &vector[end + 2..];
        if !vector.starts_with(b"expect: ") {
            continue;
        }
        println!("{}", path.display());
        for target in [instance_identity_fuzz::base64 as Target, instance_identity_fuzz::pem, instance_identity_fuzz::json] {
            target(body);
        }
        let dense: Vec<u8> = body.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
        if let Ok(value) = STANDARD.decode(dense) {
            instance_identity_fuzz::cms(&value);
        }
        count += 1;
    }
    assert!(count > 1000, "only {count} vectors");
}

/// Every sample, unchanged, is accepted by those targets that start from one.
#[test]
fn what_was_signed_is_accepted_unchanged() {
    assert_eq!(instance_identity_fuzz::samples::SAMPLES.len(), 21 + 54, "captured and issued");
    for sample in 0..instance_identity_fuzz::samples::SAMPLES.len() {
        instance_identity_fuzz::verify(&[sample as u8]);
        instance_identity_fuzz::verify_evidence(&[0, sample as u8]);
    }
    for value in 0..instance_identity_fuzz::samples::CMS_VALUES.len() {
        instance_identity_fuzz::cms_edited(&[value as u8]);
    }
}

/// The files of a folder in order; none, if there is none.
fn files(folder: &Path) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}
