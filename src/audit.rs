//! What is decided, told to one callback: for audit logs and metrics.
//!
//! An [`Observer`] sees each decision of the verifiers and policies that it is given to. It changes none. Without one nothing is measured;
//! with one the time that a decision takes is. That is the only clock that the library reads, and it counts for nothing but
//! [`Decision::duration`].
//!
//! # Left out
//! The document, the signatures, and whatever is claimed and not verified. Reading an [`Evidence`](crate::Evidence) from JSON: it is no
//! decision, and whoever reads it has the error at hand. [`Policy::explain`](crate::Policy::explain): it decides nothing.

mod decision;
#[cfg(feature = "tracing")]
mod events;

use core::fmt;
use core::panic::{RefUnwindSafe, UnwindSafe};
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

pub use decision::{Decision, Step};

use crate::authentic::Authentic;
use crate::error::Error;
use crate::region::Region;
use crate::time::UnixTime;

/// A callback that sees every decision. Cheap to clone: one is given to the verifier and to the policy.
///
/// It is called once for each verification and each acceptance, successes and failures alike, before the result is returned and on the
/// thread that decides: what takes it long, the caller waits for. No verdict depends on it. A panic in it is not caught: the call unwinds
/// and returns no result.
///
/// On a platform where `std` has no clock, such as `wasm32-unknown-unknown`, a decision that is told panics.
///
/// Two are equal if they are clones of one.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use instance_identity::{Observer, Verifier};
///
/// let log = Arc::new(Mutex::new(Vec::new()));
/// let observer = Observer::new({
///     let log = log.clone();
///     move |decision| log.lock().unwrap().push(serde_json::to_value(decision).unwrap())
/// });
/// let verifier = Verifier::bundled().on_decision(observer);
///
/// let signature = std::fs::read("tests/captures/us-east-2-2018-cloud-init/rsa2048.b64").unwrap();
/// verifier.verify_cms(&signature, "us-east-2").unwrap();
/// verifier.verify_cms(&signature, "us-east-1").unwrap_err();
///
/// let log = log.lock().unwrap();
/// assert_eq!(log[0]["code"], "verified");
/// assert_eq!(log[0]["instance_id"], "i-075f088c72ad3271c");
/// assert_eq!(log[1]["code"], "unknown_signer");
/// assert_eq!(log[1]["instance_id"], serde_json::Value::Null);
/// ```
#[derive(Clone)]
pub struct Observer(Arc<Callback>);

type Callback = dyn Fn(&Decision<'_>) + Send + Sync;

impl Observer {
    /// Tells `callback`.
    pub fn new(callback: impl Fn(&Decision<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(callback))
    }

    /// Emits each decision as one event of the crate `tracing`: target `instance_identity`, level `INFO` if it verified or was accepted,
    /// else `WARN`.
    ///
    /// The fields are those of the [JSON object](Decision). What is null there is left out, and lists are joined by commas.
    #[cfg(feature = "tracing")]
    pub fn tracing() -> Self {
        Self::new(events::emit)
    }
}

// A panic in a callback leaves nothing half done here: there is nothing but the pointer. What it leaves half done in the callback is for its
// author to know. Without these no verifier could cross `catch_unwind`, with an observer or without.
impl UnwindSafe for Observer {}
impl RefUnwindSafe for Observer {}

impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Observer {}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Verifies by `verify`, and tells `observer`. `expected`: the region that the caller expects.
pub(crate) fn verification(
    observer: Option<&Observer>,
    expected: Option<&Region>,
    verify: impl FnOnce() -> Result<Authentic, Error>,
) -> Result<Authentic, Error> {
    let Some(Observer(callback)) = observer else { return verify() };
    let (verdict, duration) = timed(verify);
    callback(&Decision::of_verification(&verdict, expected, duration));
    verdict
}

/// Judges `authentic` by `judge`, and tells `observer`.
pub(crate) fn acceptance(
    observer: Option<&Observer>,
    authentic: &Authentic,
    now: UnixTime,
    judge: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(Observer(callback)) = observer else { return judge() };
    let (verdict, duration) = timed(judge);
    callback(&Decision::of_acceptance(&verdict, authentic, now, duration));
    verdict
}

fn timed<T>(decide: impl FnOnce() -> T) -> (T, Duration) {
    let since = Instant::now();
    let verdict = decide();
    (verdict, since.elapsed())
}
