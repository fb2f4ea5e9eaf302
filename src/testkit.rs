//! A signer for tests: documents that really verify, under worthless keys, and every fault that one can think of.
//!
//! For teams that test their own acceptance code without an EC2 instance. An [`Authority`] issues documents with all three signatures, in
//! every shape that AWS has served. A [`Cms`] and a [`TestDocument`] can be taken apart and broken in one place.
//!
//! The private keys are published in the source. Nothing issued here verifies under the bundled certificates: a verifier has to be given
//! the authority's own store. Never give one to a verifier in production.
//!
//! Signatures are deterministic: the same input gives the same bytes, in every version of this crate.

mod authority;
mod ber;
mod certificate;
mod cms;
mod document;
mod era;
mod key;
pub mod oid;
mod served;

pub use authority::{Authority, Issued};
pub use ber::{Contents, Element, Length};
pub use certificate::TestCertificate;
pub use cms::{Cms, CmsSigner, attribute};
pub use document::{TestDocument, TestInstance};
pub use era::Era;
pub use key::TestKey;
pub use served::served;
