//! Decisions as events of `tracing`.

use core::fmt::Display;

use tracing::Level;

use super::Decision;
use crate::certs::PinnedCertificate;
use crate::error::Class;

/// Emits one event. Nothing is computed if no subscriber wants it.
pub(super) fn emit(decision: &Decision<'_>) {
    // The level of an event is constant, so there are two.
    macro_rules! event {
        ($level:expr) => {
            tracing::event!(
                target: "instance_identity",
                $level,
                step = decision.step().as_str(),
                code = decision.code(),
                class = decision.class().map(Class::as_str),
                kinds = joined(decision.kinds()),
                region = decision.region().map(|region| region.as_str()),
                account_id = decision.account_id().map(|account| account.as_str()),
                instance_id = decision.instance_id().map(|instance| instance.as_str()),
                fingerprints = joined(decision.certificates().map(PinnedCertificate::fingerprint_hex)),
                age_seconds = decision.age_seconds(),
                duration_nanos = decision.duration_nanos(),
                "instance identity decision"
            )
        };
    }
    if decision.error().is_none() {
        event!(Level::INFO);
    } else {
        event!(Level::WARN);
    }
}

/// All of them with commas between; `None` if there are none.
fn joined(values: impl Iterator<Item = impl Display>) -> Option<String> {
    values.map(|value| value.to_string()).reduce(|joined, value| joined + "," + &value)
}
