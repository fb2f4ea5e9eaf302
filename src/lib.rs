#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used))]

mod asn1;
mod audit;
mod authentic;
mod certs;
mod cms;
mod document;
mod encoding;
mod error;
mod evidence;
mod ids;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals;
mod json;
mod kind;
mod parse_error;
mod policy;
mod region;
mod signature;
#[cfg(feature = "testkit")]
pub mod testkit;
mod time;
mod verify;
mod x509;

pub use audit::{Decision, Observer, Step};
pub use authentic::{Authentic, SkipReason, SkippedSignature, VerifiedSignature};
pub use certs::{CertError, CertStore, PinnedCertificate};
pub use document::Document;
pub use error::{
    Alteration, BerReason, Class, CmsReason, DocumentReason, Error, EvidenceReason, FoundValue, Hint, JsonReason, Part, PemReason,
    RuleName, ValueKind,
};
pub use evidence::{Evidence, Expect};
pub use ids::{
    AccountId, Architecture, AvailabilityZone, DocumentVersion, ImageId, InstanceId, InstanceType, KernelId, ProductCode, RamdiskId,
};
pub use kind::{Algorithm, SignatureKind};
pub use parse_error::ParseError;
pub use policy::{
    Accepted, Age, AnyOf, Check, EmptyList, Exception, ExceptionCheck, ExceptionOutcome, Explanation, InvalidReason, IpRange, Occasion,
    Policy, Rule,
};
#[cfg(feature = "toml")]
pub use policy::{PolicyError, PolicyFault};
pub use region::{Partition, Region};
pub use time::UnixTime;
pub use verify::{NoKinds, Verifier};
#[cfg(feature = "bundled")]
pub use verify::{verify, verify_cms};
