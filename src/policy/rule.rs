//! The optional rules.

use core::fmt;
use std::collections::BTreeSet;

use super::{IpRange, Occasion};
use crate::authentic::Authentic;
use crate::error::{Error, FoundValue, RuleName};
use crate::ids::{AccountId, Architecture, AvailabilityZone, ImageId, InstanceId, InstanceType, ProductCode};
use crate::kind::SignatureKind;
use crate::region::{Partition, Region};

/// What a [`Policy`](crate::Policy) may ask for. Each has a [name](Self::name), and with it a code of its own.
///
/// A rule on a value that the document does not have refuses; that no code is listed holds where there are no codes.
///
/// Values are compared byte for byte; there are no patterns. The two lists of what is refused compare ASCII letters without their case: a
/// capital is no way around them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// `accountId` is one of these. Unique within a partition only: name the [partitions](Self::Partitions) too.
    Accounts(AnyOf<AccountId>),
    /// `architecture` is one of these.
    Architectures(AnyOf<Architecture>),
    /// `availabilityZone` is one of these. A zone's name stands for different places in different accounts.
    AvailabilityZones(AnyOf<AvailabilityZone>),
    /// One of `billingProducts` is one of these.
    BillingAnyOf(AnyOf<ProductCode>),
    /// None of `billingProducts` is one of these. Null and absent are no products.
    BillingNoneOf(AnyOf<ProductCode>),
    /// No certificate that vouched has expired: now is not after its `notAfter`.
    ///
    /// Every one, not one of them: else a signature of an allowed kind could have an expired certificate, and another a valid one. The start
    /// of its validity is not looked at. AWS renews certificates under the same key, and documents from before a renewal verify.
    CertificatesUnexpired,
    /// `imageId` is one of these.
    ImageIds(AnyOf<ImageId>),
    /// `instanceId` is one of these: the expected inventory.
    InstanceIds(AnyOf<InstanceId>),
    /// `instanceType` is one of these.
    InstanceTypes(AnyOf<InstanceType>),
    /// One of `marketplaceProductCodes` is one of these.
    MarketplaceAnyOf(AnyOf<ProductCode>),
    /// None of `marketplaceProductCodes` is one of these. Null and absent are no codes: documents from before autumn 2017 do not have the
    /// field. A maximum age keeps those out.
    MarketplaceNoneOf(AnyOf<ProductCode>),
    /// The partition of the region is one of these.
    Partitions(AnyOf<Partition>),
    /// The [peer](Occasion::peer)'s address is `privateIp`: for callers in the same network. Without a peer it refuses.
    PeerIsPrivateIp,
    /// `privateIp` lies in one of these ranges.
    PrivateIps(AnyOf<IpRange>),
    /// `region` is one of these.
    Regions(AnyOf<Region>),
    /// At least one signature of these kinds has verified. More of other kinds beside it do no harm.
    SignatureKinds(AnyOf<SignatureKind>),
}

impl Rule {
    /// The name.
    pub fn name(&self) -> RuleName {
        match self {
            Self::Accounts(_) => RuleName::Accounts,
            Self::Architectures(_) => RuleName::Architectures,
            Self::AvailabilityZones(_) => RuleName::AvailabilityZones,
            Self::BillingAnyOf(_) => RuleName::BillingAnyOf,
            Self::BillingNoneOf(_) => RuleName::BillingNoneOf,
            Self::CertificatesUnexpired => RuleName::Certificates,
            Self::ImageIds(_) => RuleName::ImageIds,
            Self::InstanceIds(_) => RuleName::InstanceIds,
            Self::InstanceTypes(_) => RuleName::InstanceTypes,
            Self::MarketplaceAnyOf(_) => RuleName::MarketplaceAnyOf,
            Self::MarketplaceNoneOf(_) => RuleName::MarketplaceNoneOf,
            Self::Partitions(_) => RuleName::Partitions,
            Self::PeerIsPrivateIp => RuleName::Peer,
            Self::PrivateIps(_) => RuleName::PrivateIps,
            Self::Regions(_) => RuleName::Regions,
            Self::SignatureKinds(_) => RuleName::SignatureKinds,
        }
    }

    /// Does it hold? What decides; [`Policy::accept`](crate::Policy::accept) and [`Policy::explain`](crate::Policy::explain) both ask here.
    pub(super) fn judge(&self, authentic: &Authentic, occasion: &Occasion) -> Result<(), Error> {
        let document = authentic.document();
        match self {
            Self::Accounts(allowed) => self.listed(allowed, Some(document.account_id())),
            Self::Architectures(allowed) => self.listed(allowed, document.architecture()),
            Self::AvailabilityZones(allowed) => self.listed(allowed, document.availability_zone()),
            Self::BillingAnyOf(allowed) => self.any_listed(allowed, document.billing_products()),
            Self::BillingNoneOf(refused) => self.none_listed(refused, document.billing_products()),
            Self::CertificatesUnexpired => {
                // RFC 5280 §4.1.2.5:
                //   The validity period for a certificate is the period of time from notBefore through notAfter, inclusive.
                // So it is valid at notAfter itself.
                let mut certificates = authentic.signatures().iter().map(|signature| signature.certificate());
                match certificates.find(|certificate| occasion.now > certificate.not_after()) {
                    Some(expired) => Err(Error::CertificateExpired { kind: expired.kind(), not_after: expired.not_after() }),
                    None => Ok(()),
                }
            }
            Self::ImageIds(allowed) => self.listed(allowed, document.image_id()),
            Self::InstanceIds(allowed) => self.listed(allowed, Some(document.instance_id())),
            Self::InstanceTypes(allowed) => self.listed(allowed, document.instance_type()),
            Self::MarketplaceAnyOf(allowed) => self.any_listed(allowed, document.marketplace_product_codes()),
            Self::MarketplaceNoneOf(refused) => self.none_listed(refused, document.marketplace_product_codes()),
            Self::Partitions(allowed) => self.listed(allowed, Some(authentic.partition())),
            Self::PeerIsPrivateIp => match (occasion.peer, document.private_ip()) {
                (Some(peer), Some(private_ip)) if peer.to_canonical() == private_ip.to_canonical() => Ok(()),
                (peer, private_ip) => Err(Error::PeerMismatch { peer, private_ip }),
            },
            Self::PrivateIps(ranges) => match document.private_ip() {
                Some(address) if ranges.iter().any(|range| range.contains(address)) => Ok(()),
                address => Err(self.not_allowed(address.as_ref())),
            },
            Self::Regions(allowed) => self.listed(allowed, Some(document.region())),
            Self::SignatureKinds(allowed) => {
                let kinds: Vec<SignatureKind> = authentic.signatures().iter().map(|signature| signature.kind()).collect();
                self.any_listed(allowed, &kinds)
            }
        }
    }

    fn listed<T: Ord>(&self, allowed: &AnyOf<T>, found: Option<&T>) -> Result<(), Error>
    where
        for<'a> FoundValue: From<&'a T>,
    {
        if found.is_some_and(|found| allowed.contains(found)) { Ok(()) } else { Err(self.not_allowed(found)) }
    }

    fn any_listed<T: Ord>(&self, allowed: &AnyOf<T>, found: &[T]) -> Result<(), Error>
    where
        for<'a> FoundValue: From<&'a T>,
    {
        if found.iter().any(|found| allowed.contains(found)) { Ok(()) } else { Err(self.not_allowed(found)) }
    }

    fn none_listed(&self, refused: &AnyOf<ProductCode>, found: &[ProductCode]) -> Result<(), Error> {
        // Each with each: AWS has signed what is found, a few codes.
        let is_refused = |found: &&ProductCode| refused.iter().any(|code| code.as_str().eq_ignore_ascii_case(found.as_str()));
        let mut listed = found.iter().filter(is_refused).peekable();
        if listed.peek().is_none() { Ok(()) } else { Err(self.not_allowed(listed)) }
    }

    fn not_allowed<'a, T: 'a>(&self, found: impl IntoIterator<Item = &'a T>) -> Error
    where
        FoundValue: From<&'a T>,
    {
        Error::NotAllowed { rule: self.name(), found: found.into_iter().map(FoundValue::from).collect() }
    }

    /// What it looks at, as text.
    pub(super) fn found(&self, authentic: &Authentic, occasion: &Occasion) -> Vec<String> {
        let document = authentic.document();
        match self {
            Self::Accounts(_) => texts([document.account_id()]),
            Self::Architectures(_) => texts(document.architecture()),
            Self::AvailabilityZones(_) => texts(document.availability_zone()),
            Self::BillingAnyOf(_) | Self::BillingNoneOf(_) => texts(document.billing_products()),
            Self::CertificatesUnexpired => texts(authentic.signatures().iter().map(|signature| {
                let certificate = signature.certificate();
                format!("{} until {}", certificate.kind(), certificate.not_after())
            })),
            Self::ImageIds(_) => texts(document.image_id()),
            Self::InstanceIds(_) => texts([document.instance_id()]),
            Self::InstanceTypes(_) => texts(document.instance_type()),
            Self::MarketplaceAnyOf(_) | Self::MarketplaceNoneOf(_) => texts(document.marketplace_product_codes()),
            Self::Partitions(_) => texts([authentic.partition()]),
            Self::PeerIsPrivateIp => texts(occasion.peer),
            Self::PrivateIps(_) => texts(document.private_ip()),
            Self::Regions(_) => texts([document.region()]),
            Self::SignatureKinds(_) => texts(authentic.signatures().iter().map(|signature| signature.kind())),
        }
    }

    /// What it is compared with, as text.
    pub(super) fn compared(&self, authentic: &Authentic, occasion: &Occasion) -> Vec<String> {
        match self {
            Self::Accounts(list) => texts(list.iter()),
            Self::Architectures(list) => texts(list.iter()),
            Self::AvailabilityZones(list) => texts(list.iter()),
            Self::BillingAnyOf(list) | Self::BillingNoneOf(list) => texts(list.iter()),
            Self::CertificatesUnexpired => texts([occasion.now]),
            Self::ImageIds(list) => texts(list.iter()),
            Self::InstanceIds(list) => texts(list.iter()),
            Self::InstanceTypes(list) => texts(list.iter()),
            Self::MarketplaceAnyOf(list) | Self::MarketplaceNoneOf(list) => texts(list.iter()),
            Self::Partitions(list) => texts(list.iter()),
            Self::PeerIsPrivateIp => texts(authentic.document().private_ip()),
            Self::PrivateIps(list) => texts(list.iter()),
            Self::Regions(list) => texts(list.iter()),
            Self::SignatureKinds(list) => texts(list.iter()),
        }
    }
}

fn texts(values: impl IntoIterator<Item = impl fmt::Display>) -> Vec<String> {
    values.into_iter().map(|value| value.to_string()).collect()
}

/// A list of at least one value, each once. An empty one would allow nothing, or seem to allow anything.
///
/// ```
/// use instance_identity::{AnyOf, Region};
///
/// let regions: AnyOf<Region> = AnyOf::new(["us-east-1".parse().unwrap(), "eu-west-1".parse().unwrap()]).unwrap();
/// assert!(regions.contains(&"eu-west-1".parse().unwrap()));
/// assert!(AnyOf::<Region>::new([]).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyOf<T>(BTreeSet<T>);

impl<T: Ord> AnyOf<T> {
    /// The list of these values.
    ///
    /// # Errors
    /// [`EmptyList`] if there are none.
    pub fn new(values: impl IntoIterator<Item = T>) -> Result<Self, EmptyList> {
        let values: BTreeSet<T> = values.into_iter().collect();
        if values.is_empty() { Err(EmptyList) } else { Ok(Self(values)) }
    }

    /// The list of one value.
    pub fn one(value: T) -> Self {
        Self(BTreeSet::from([value]))
    }

    /// Is it one of them?
    pub fn contains(&self, value: &T) -> bool {
        self.0.contains(value)
    }

    /// The values, in their order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

/// A list without values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmptyList;

impl fmt::Display for EmptyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list has to have at least one value")
    }
}

impl std::error::Error for EmptyList {}
