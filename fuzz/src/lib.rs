//! The bodies of the fuzz targets: each states a property that holds for any input, and panics where it does not.
//!
//! They are plain functions, so that stable Rust replays every seed and every past finding (`tests/replay.rs`). What several of them need is
//! beside them: [`samples`], what was really signed; [`edits`], changes to BER, element by element; [`tree`], a reader of any BER; [`tokens`],
//! texts from words. `openssl/`, a workspace of its own, is built on these too.

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod certificate;
mod cms;
mod document;
pub mod edits;
mod encoding;
mod input;
mod policy;
mod refresh_page;
pub mod samples;
mod signature;
pub mod tokens;
pub mod tree;
mod verify;

pub use certificate::certificate;
pub use cms::{cms, cms_edited};
pub use document::{Plain, document, json};
pub use encoding::{base64, pem};
pub use policy::policy_toml;
pub use refresh_page::refresh_page;
pub use signature::{dsa_signature, rsa_signature};
pub use verify::{verify, verify_evidence};

/// What is done with one input.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Target); 13] = [
    ("base64", base64),
    ("pem", pem),
    ("json", json),
    ("document", document),
    ("cms", cms),
    ("cms_edited", cms_edited),
    ("certificate", certificate),
    ("rsa_signature", rsa_signature),
    ("dsa_signature", dsa_signature),
    ("policy_toml", policy_toml),
    ("refresh_page", refresh_page),
    ("verify", verify),
    ("verify_evidence", verify_evidence),
];
