//! What is refused, and how: every clause of `clauses.md` has its tests, which `table.tsv` names.
#![cfg(feature = "bundled")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod support;

mod attacks;
mod attributes;
mod ber;
mod certificates;
mod cms;
mod document;
mod dsa;
mod evidence;
mod leaks;
mod lengths;
mod mutations;
mod regions;
mod rsa;
mod signer;
mod table;
mod transport;
