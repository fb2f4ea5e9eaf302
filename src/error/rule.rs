//! The rules of a policy by name, and the values that they look at.

use core::fmt;
use core::net::IpAddr;

use serde::{Serialize, Serializer};

use crate::ids::{AccountId, Architecture, AvailabilityZone, ImageId, InstanceId, InstanceType, ProductCode};
use crate::kind::SignatureKind;
use crate::region::{Partition, Region};

/// The rules: each with its name, the code of its refusal, and the words for what it refuses.
macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $code:literal, $words:literal;)*) => {
        /// A rule of a [`Policy`](crate::Policy). In this order they are looked at.
        ///
        /// Its [name](Self::as_str) is its key in TOML. Each has a [code](Self::code) of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RuleName {
            $($(#[$doc])* #[doc = concat!("\n\n`", $name, "`; refuses with `", $code, "`.")] $variant,)*
        }

        impl RuleName {
            /// All rules, in the order in which they are looked at.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable name, such as `accounts`: its key in TOML.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The code of the [`Error`](crate::Error) that it refuses with.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// What it looks at.
            pub(super) fn subject(self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)*
                }
            }
        }
    };
}

rules! {
    /// The age of `pendingTime`.
    MaxAge = "max_age", "too_old", "pendingTime";
    /// How far in the future `pendingTime` may lie.
    FutureSkew = "future_skew", "not_yet", "pendingTime";
    /// The partition of the region is one of these.
    Partitions = "partitions", "partition_not_allowed", "partition";
    /// `accountId` is one of these.
    Accounts = "accounts", "account_not_allowed", "account";
    /// `region` is one of these.
    Regions = "regions", "region_not_allowed", "region";
    /// `availabilityZone` is one of these.
    AvailabilityZones = "availability_zones", "availability_zone_not_allowed", "availability zone";
    /// `instanceId` is one of these: the expected inventory.
    InstanceIds = "instance_ids", "instance_id_not_allowed", "instance";
    /// `imageId` is one of these.
    ImageIds = "image_ids", "image_id_not_allowed", "image";
    /// `instanceType` is one of these.
    InstanceTypes = "instance_types", "instance_type_not_allowed", "instance type";
    /// `architecture` is one of these.
    Architectures = "architectures", "architecture_not_allowed", "architecture";
    /// `privateIp` lies in one of these ranges.
    PrivateIps = "private_ips", "private_ip_not_allowed", "private address";
    /// One of `marketplaceProductCodes` is one of these.
    MarketplaceAnyOf = "marketplace_any_of", "marketplace_code_missing", "marketplace product code";
    /// None of `marketplaceProductCodes` is one of these.
    MarketplaceNoneOf = "marketplace_none_of", "marketplace_code_not_allowed", "marketplace product code";
    /// One of `billingProducts` is one of these.
    BillingAnyOf = "billing_any_of", "billing_code_missing", "billing product code";
    /// None of `billingProducts` is one of these.
    BillingNoneOf = "billing_none_of", "billing_code_not_allowed", "billing product code";
    /// A signature of one of these kinds has verified.
    SignatureKinds = "signature_kinds", "signature_kind_not_allowed", "signature kind";
    /// Every certificate that vouched is still valid.
    Certificates = "certificates", "certificate_expired", "certificate";
    /// The peer's address is `privateIp`.
    Peer = "peer", "peer_mismatch", "peer";
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for RuleName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// An enum over the types of values, each of which shows and serializes as text.
macro_rules! values {
    ($($(#[$doc:meta])* $variant:ident($type:ty),)*) => {
        /// A value of an authentic document, or of what came with it, that a rule looks at. `Display` is the value itself.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum FoundValue {
            $($(#[$doc])* $variant($type),)*
        }

        $(impl From<&$type> for FoundValue {
            fn from(value: &$type) -> Self {
                Self::$variant(value.clone())
            }
        })*

        impl fmt::Display for FoundValue {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant(value) => value.fmt(f),)*
                }
            }
        }
    };
}

values! {
    /// An account.
    Account(AccountId),
    /// An architecture.
    Architecture(Architecture),
    /// An availability zone.
    AvailabilityZone(AvailabilityZone),
    /// An image.
    Image(ImageId),
    /// An instance.
    Instance(InstanceId),
    /// An instance type.
    InstanceType(InstanceType),
    /// An address.
    Ip(IpAddr),
    /// A kind of signature.
    Kind(SignatureKind),
    /// A partition.
    Partition(Partition),
    /// A product code.
    Product(ProductCode),
    /// A region.
    Region(Region),
}
