//! The instance identity document: JSON, typed.
//!
//! Field names and values as in "Instance identity documents for Amazon EC2 instances" (EC2 user guide) and as served. Parsed only after
//! its signature verified, from the very bytes that were signed.

use core::fmt;
use core::net::IpAddr;
use core::str::FromStr;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::{DocumentReason, Error};
use crate::ids::{
    AccountId, Architecture, AvailabilityZone, DocumentVersion, ImageId, InstanceId, InstanceType, KernelId, ProductCode, RamdiskId,
};
use crate::json::{self, AnyMembers, Members};
use crate::region::Region;
use crate::time::UnixTime;

/// What an instance is, as AWS signed it.
///
/// Only verification makes one, inside an [`Authentic`](crate::Authentic). `Serialize` gives the object with AWS's own keys and values.
#[derive(Clone)]
pub struct Document {
    bytes: Box<[u8]>,
    account_id: AccountId,
    architecture: Option<Architecture>,
    availability_zone: Option<AvailabilityZone>,
    billing_products: Vec<ProductCode>,
    devpay_product_codes: Vec<ProductCode>,
    image_id: Option<ImageId>,
    instance_id: InstanceId,
    instance_type: Option<InstanceType>,
    kernel_id: Option<KernelId>,
    marketplace_product_codes: Vec<ProductCode>,
    pending_time: UnixTime,
    private_ip: Option<IpAddr>,
    ramdisk_id: Option<RamdiskId>,
    region: Region,
    version: Option<DocumentVersion>,
    unknown_fields: BTreeMap<String, Box<RawValue>>,
}

impl Document {
    /// Reads `bytes`, whose signature has verified.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let fields = Fields::read(bytes)?;
        let document = Self {
            bytes: bytes.into(),
            account_id: required("accountId", fields.account_id)?,
            architecture: text("architecture", fields.architecture)?,
            availability_zone: text("availabilityZone", fields.availability_zone)?,
            billing_products: texts("billingProducts", fields.billing_products)?,
            devpay_product_codes: texts("devpayProductCodes", fields.devpay_product_codes)?,
            image_id: text("imageId", fields.image_id)?,
            instance_id: required("instanceId", fields.instance_id)?,
            instance_type: text("instanceType", fields.instance_type)?,
            kernel_id: text("kernelId", fields.kernel_id)?,
            marketplace_product_codes: texts("marketplaceProductCodes", fields.marketplace_product_codes)?,
            pending_time: required("pendingTime", fields.pending_time)?,
            private_ip: text("privateIp", fields.private_ip)?,
            ramdisk_id: text("ramdiskId", fields.ramdisk_id)?,
            region: required("region", fields.region)?,
            version: text("version", fields.version)?,
            unknown_fields: fields.unknown.into_iter().filter_map(|(name, value)| Some((name.into_owned(), value?.to_owned()))).collect(),
        };
        // Local and wavelength zones start with their region too: us-west-2-lax-1a.
        let zone_fits = |zone: &AvailabilityZone| zone.as_str().starts_with(document.region.as_str());
        if !document.availability_zone.as_ref().is_none_or(zone_fits) {
            return Err(invalid(DocumentReason::Zone));
        }
        Ok(document)
    }

    /// The region that an unverified document names.
    pub(crate) fn claimed_region(bytes: &[u8]) -> Result<Region, Error> {
        required("region", Fields::read(bytes)?.region)
    }

    /// The exact bytes that were signed.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// `accountId`: the account that started the instance. Unique within the partition only.
    pub fn account_id(&self) -> &AccountId {
        &self.account_id
    }

    /// `architecture`, such as `x86_64`.
    pub fn architecture(&self) -> Option<&Architecture> {
        self.architecture.as_ref()
    }

    /// `availabilityZone`: it starts with the region.
    pub fn availability_zone(&self) -> Option<&AvailabilityZone> {
        self.availability_zone.as_ref()
    }

    /// `billingProducts`; empty if null or absent.
    pub fn billing_products(&self) -> &[ProductCode] {
        &self.billing_products
    }

    /// `devpayProductCodes`; empty if null or absent.
    pub fn devpay_product_codes(&self) -> &[ProductCode] {
        &self.devpay_product_codes
    }

    /// `imageId`: the machine image.
    pub fn image_id(&self) -> Option<&ImageId> {
        self.image_id.as_ref()
    }

    /// `instanceId`: the instance.
    pub fn instance_id(&self) -> &InstanceId {
        &self.instance_id
    }

    /// `instanceType`, such as `t2.micro`.
    pub fn instance_type(&self) -> Option<&InstanceType> {
        self.instance_type.as_ref()
    }

    /// `kernelId`, of old paravirtual instances.
    pub fn kernel_id(&self) -> Option<&KernelId> {
        self.kernel_id.as_ref()
    }

    /// `marketplaceProductCodes`; empty if null or absent.
    pub fn marketplace_product_codes(&self) -> &[ProductCode] {
        &self.marketplace_product_codes
    }

    /// `pendingTime`: when the instance was launched or last started. It says nothing about now.
    pub fn pending_time(&self) -> UnixTime {
        self.pending_time
    }

    /// `privateIp`: the primary private address.
    pub fn private_ip(&self) -> Option<IpAddr> {
        self.private_ip
    }

    /// `ramdiskId`, of old paravirtual instances.
    pub fn ramdisk_id(&self) -> Option<&RamdiskId> {
        self.ramdisk_id.as_ref()
    }

    /// `region`: the region of the instance.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// `version` of the format.
    pub fn version(&self) -> Option<&DocumentVersion> {
        self.version.as_ref()
    }

    /// All fields that this crate does not know, each value as the JSON text that was signed. It may hold any character: escape it where it
    /// is shown.
    pub fn unknown_fields(&self) -> &BTreeMap<String, Box<RawValue>> {
        &self.unknown_fields
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Read again rather than kept: few callers serialize, all would carry it.
        let members: AnyMembers<'_> = json::object(&self.bytes).map_err(|fault| serde::ser::Error::custom(fault.reason))?;
        members.serialize(serializer)
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Document {}

impl fmt::Debug for Document {
    /// Who it is, without the exact bytes: beside a signature they are a bearer token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("account_id", &self.account_id)
            .field("region", &self.region)
            .field("instance_id", &self.instance_id)
            .field("pending_time", &self.pending_time)
            .finish_non_exhaustive()
    }
}

/// The values of the fields, as text.
#[derive(Default)]
struct Fields<'a> {
    account_id: Option<&'a RawValue>,
    architecture: Option<&'a RawValue>,
    availability_zone: Option<&'a RawValue>,
    billing_products: Option<&'a RawValue>,
    devpay_product_codes: Option<&'a RawValue>,
    image_id: Option<&'a RawValue>,
    instance_id: Option<&'a RawValue>,
    instance_type: Option<&'a RawValue>,
    kernel_id: Option<&'a RawValue>,
    marketplace_product_codes: Option<&'a RawValue>,
    pending_time: Option<&'a RawValue>,
    private_ip: Option<&'a RawValue>,
    ramdisk_id: Option<&'a RawValue>,
    region: Option<&'a RawValue>,
    version: Option<&'a RawValue>,
    unknown: AnyMembers<'a>,
}

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        json::object(bytes).map_err(|fault| invalid(DocumentReason::Json { reason: fault.reason, at: fault.at }))
    }
}

impl<'a> Members<'a> for Fields<'a> {
    const NESTED: bool = true;

    fn place(&mut self, key: Cow<'a, str>) -> &mut Option<&'a RawValue> {
        match &*key {
            "accountId" => &mut self.account_id,
            "architecture" => &mut self.architecture,
            "availabilityZone" => &mut self.availability_zone,
            "billingProducts" => &mut self.billing_products,
            "devpayProductCodes" => &mut self.devpay_product_codes,
            "imageId" => &mut self.image_id,
            "instanceId" => &mut self.instance_id,
            "instanceType" => &mut self.instance_type,
            "kernelId" => &mut self.kernel_id,
            "marketplaceProductCodes" => &mut self.marketplace_product_codes,
            "pendingTime" => &mut self.pending_time,
            "privateIp" => &mut self.private_ip,
            "ramdiskId" => &mut self.ramdisk_id,
            "region" => &mut self.region,
            "version" => &mut self.version,
            _ => self.unknown.place(key),
        }
    }
}

fn required<T: FromStr>(name: &'static str, value: Option<&RawValue>) -> Result<T, Error> {
    text(name, value)?.ok_or(invalid(DocumentReason::MissingField { name }))
}

fn text<T: FromStr>(name: &'static str, value: Option<&RawValue>) -> Result<Option<T>, Error> {
    let Some(value) = value.filter(|value| !is_null(value)) else { return Ok(None) };
    let parsed = json::string(value).and_then(|text| text.parse().ok());
    parsed.map(Some).ok_or(invalid(DocumentReason::Field { name }))
}

fn texts<T: FromStr>(name: &'static str, value: Option<&RawValue>) -> Result<Vec<T>, Error> {
    let Some(value) = value.filter(|value| !is_null(value)) else { return Ok(Vec::new()) };
    let parsed = json::strings(value).and_then(|texts| texts.iter().map(|text| text.0.parse().ok()).collect());
    parsed.ok_or(invalid(DocumentReason::Field { name }))
}

/// Null is the same as absent.
fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

fn invalid(reason: DocumentReason) -> Error {
    Error::InvalidDocument { reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::JsonReason;

    const SERVED: &str = r#"{
  "accountId" : "012345678901",
  "architecture" : "arm64",
  "availabilityZone" : "us-west-2-lax-1a",
  "billingProducts" : [ "bp-6fa54006" ],
  "devpayProductCodes" : null,
  "marketplaceProductCodes" : [ "4i20ezfza3p7xx2kt2g8weu2u", "x" ],
  "imageId" : "ami-0b76fe9a9986f66a7",
  "instanceId" : "i-0ce4441c840a0a941",
  "instanceType" : "t4g.micro",
  "kernelId" : "aki-12345678",
  "pendingTime" : "2024-04-12T13:56:49Z",
  "privateIp" : "172.31.43.11",
  "ramdiskId" : null,
  "region" : "us-west-2",
  "version" : "2017-09-30"
}"#;

    fn reason(text: &str) -> DocumentReason {
        match Document::parse(text.as_bytes()) {
            Err(Error::InvalidDocument { reason }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_field_is_typed() {
        let document = Document::parse(SERVED.as_bytes()).unwrap();
        assert_eq!(document.as_bytes(), SERVED.as_bytes());
        assert_eq!(document.account_id().as_str(), "012345678901");
        assert_eq!(document.architecture().unwrap().as_str(), "arm64");
        assert_eq!(document.availability_zone().unwrap().as_str(), "us-west-2-lax-1a");
        assert_eq!(document.billing_products(), ["bp-6fa54006".parse().unwrap()]);
        assert_eq!(document.devpay_product_codes(), []);
        assert_eq!(document.image_id().unwrap().as_str(), "ami-0b76fe9a9986f66a7");
        assert_eq!(document.instance_id().as_str(), "i-0ce4441c840a0a941");
        assert_eq!(document.instance_type().unwrap().as_str(), "t4g.micro");
        assert_eq!(document.kernel_id().unwrap().as_str(), "aki-12345678");
        assert_eq!(document.marketplace_product_codes().len(), 2);
        assert_eq!(document.pending_time().to_string(), "2024-04-12T13:56:49Z");
        assert_eq!(document.private_ip().unwrap().to_string(), "172.31.43.11");
        assert_eq!(document.ramdisk_id(), None);
        assert_eq!(document.region().as_str(), "us-west-2");
        assert_eq!(document.version().unwrap().as_str(), "2017-09-30");
        assert!(document.unknown_fields().is_empty());
    }

    #[test]
    fn what_is_null_in_all_samples_is_typed_too() {
        let text = SERVED.replace("\"ramdiskId\" : null", "\"ramdiskId\" : \"ari-12345678\"");
        let text = text.replace("\"devpayProductCodes\" : null", "\"devpayProductCodes\" : [ \"774F4FF8\" ]");
        let document = Document::parse(text.as_bytes()).unwrap();
        assert_eq!(document.ramdisk_id().unwrap().as_str(), "ari-12345678");
        assert_eq!(document.devpay_product_codes(), ["774F4FF8".parse().unwrap()]);
    }

    #[test]
    fn documents_are_equal_if_their_bytes_are() {
        let parse = |text: &str| Document::parse(text.as_bytes()).unwrap();
        assert_eq!(parse(SERVED), parse(SERVED));
        assert_ne!(parse(SERVED), parse(&format!("{SERVED} ")));
    }

    #[test]
    fn serializing_gives_the_keys_and_values_as_served() {
        let document = Document::parse(SERVED.as_bytes()).unwrap();
        let expected: serde_json::Value = serde_json::from_str(SERVED).unwrap();
        assert_eq!(serde_json::to_value(&document).unwrap(), expected);
    }

    #[test]
    fn unknown_fields_are_kept_as_they_were_signed() {
        let more = SERVED.replace("\"version\"", "\"AccountId\" : 7.10, \"new\" : { \"a\":[1e400]}, \"version\"");
        let document = Document::parse(more.as_bytes()).unwrap();
        let unknown: Vec<(&str, &str)> = document.unknown_fields().iter().map(|(name, value)| (name.as_str(), value.get())).collect();
        assert_eq!(unknown, [("AccountId", "7.10"), ("new", "{ \"a\":[1e400]}")]);
        let serialized = serde_json::to_string(&document).unwrap();
        assert!(serialized.contains("\"AccountId\":7.10,") && serialized.contains("[1e400]"), "{serialized}");
    }

    #[test]
    fn a_required_field_may_be_neither_missing_nor_null() {
        for (name, line) in [
            ("accountId", "\"accountId\" : \"012345678901\""),
            ("instanceId", "\"instanceId\" : \"i-0ce4441c840a0a941\""),
            ("region", "\"region\" : \"us-west-2\""),
            ("pendingTime", "\"pendingTime\" : \"2024-04-12T13:56:49Z\""),
        ] {
            assert_eq!(reason(&SERVED.replace(line, "\"x\" : 0")), DocumentReason::MissingField { name });
            assert_eq!(reason(&SERVED.replace(line, &format!("\"{name}\" : null"))), DocumentReason::MissingField { name });
        }
    }

    #[test]
    fn a_field_in_other_capitals_is_not_the_field() {
        assert_eq!(reason(&SERVED.replace("accountId", "AccountId")), DocumentReason::MissingField { name: "accountId" });
    }

    #[test]
    fn a_value_that_is_not_of_its_form_is_refused_by_name() {
        for (name, from, to) in [
            ("accountId", "\"012345678901\"", "12345678901"),
            ("accountId", "012345678901", "12345678901"),
            ("instanceId", "i-0ce4441c840a0a941", "i-0ce4441c840a0a94"),
            ("imageId", "ami-0b76fe9a9986f66a7", "i-0b76fe9a9986f66a7"),
            ("privateIp", "172.31.43.11", "172.31.43.256"),
            ("pendingTime", "2024-04-12T13:56:49Z", "2024-04-12T13:56:49"),
            ("pendingTime", "\"2024-04-12T13:56:49Z\"", "1712930209"),
            ("region", "\"us-west-2\"", "\"US-WEST-2\""),
            ("billingProducts", "[ \"bp-6fa54006\" ]", "\"bp-6fa54006\""),
            ("billingProducts", "[ \"bp-6fa54006\" ]", "[ 7 ]"),
            ("instanceType", "t4g.micro", "t4g\\u0007micro"),
        ] {
            assert_eq!(reason(&SERVED.replace(from, to)), DocumentReason::Field { name }, "{to}");
        }
    }

    #[test]
    fn a_zone_starts_with_its_region() {
        assert_eq!(reason(&SERVED.replace("us-west-2-lax-1a", "us-west-1a")), DocumentReason::Zone);
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        let twice = SERVED.replace("\"version\"", "\"region\" : \"us-west-2\", \"version\"");
        assert!(matches!(reason(&twice), DocumentReason::Json { reason: JsonReason::DuplicateKey, .. }));
    }

    #[test]
    fn debug_shows_no_bytes() {
        let shown = format!("{:?}", Document::parse(SERVED.as_bytes()).unwrap());
        assert!(shown.contains("i-0ce4441c840a0a941") && !shown.contains("marketplace") && !shown.contains("123, 10"), "{shown}");
    }
}
