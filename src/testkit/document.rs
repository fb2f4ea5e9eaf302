//! Documents as AWS writes them, open to be broken.

use core::net::IpAddr;

use super::era::Era;
use crate::ids::{AccountId, Architecture, AvailabilityZone, ImageId, InstanceId, InstanceType, ProductCode};
use crate::region::Region;
use crate::time::UnixTime;

/// What an instance is, to be written into a document.
#[derive(Clone, Debug, PartialEq)]
pub struct TestInstance {
    /// `accountId`.
    pub account_id: AccountId,
    /// `architecture`.
    pub architecture: Architecture,
    /// `availabilityZone`; if `None`, the region's zone `a`.
    pub availability_zone: Option<AvailabilityZone>,
    /// `billingProducts`; null if empty.
    pub billing_products: Vec<ProductCode>,
    /// `imageId`.
    pub image_id: ImageId,
    /// `instanceId`.
    pub instance_id: InstanceId,
    /// `instanceType`.
    pub instance_type: InstanceType,
    /// `marketplaceProductCodes`; null if empty.
    pub marketplace_product_codes: Vec<ProductCode>,
    /// `pendingTime`.
    pub pending_time: UnixTime,
    /// `privateIp`.
    pub private_ip: IpAddr,
}

impl TestInstance {
    /// An instance of account `123456789012`, started at `pending_time`.
    #[allow(clippy::expect_used, reason = "constants of their form; tests make one")]
    pub fn new(pending_time: UnixTime) -> Self {
        Self {
            account_id: "123456789012".parse().expect("an account id"),
            architecture: "x86_64".parse().expect("an architecture"),
            availability_zone: None,
            billing_products: Vec::new(),
            image_id: "ami-0123456789abcdef0".parse().expect("an image id"),
            instance_id: "i-0123456789abcdef0".parse().expect("an instance id"),
            instance_type: "t3.micro".parse().expect("an instance type"),
            marketplace_product_codes: Vec::new(),
            pending_time,
            private_ip: IpAddr::from([10, 0, 0, 10]),
        }
    }
}

/// A document to be written: keys with the JSON text of their values, in the order in which they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestDocument {
    /// Keys and JSON texts.
    pub fields: Vec<(String, String)>,
}

impl TestDocument {
    /// The document that AWS would have served for `instance` in `region` in that era.
    pub fn new(instance: &TestInstance, region: &Region, era: Era) -> Self {
        let zone = instance.availability_zone.as_ref().map_or_else(|| format!("{region}a"), ToString::to_string);
        let null = || "null".to_owned();
        let codes = |codes: &[ProductCode]| {
            if codes.is_empty() {
                null()
            } else {
                format!("[ {} ]", codes.iter().map(|code| quoted(code.as_str())).collect::<Vec<_>>().join(", "))
            }
        };
        let (version, has_marketplace) = match era {
            Era::In2016 => ("2010-08-31", false),
            Era::In2018 | Era::In2022 | Era::In2026 => ("2017-09-30", true),
        };
        let mut fields = vec![
            ("accountId", quoted(instance.account_id.as_str())),
            ("architecture", quoted(instance.architecture.as_str())),
            ("availabilityZone", quoted(&zone)),
            ("billingProducts", codes(&instance.billing_products)),
            ("devpayProductCodes", null()),
            ("marketplaceProductCodes", codes(&instance.marketplace_product_codes)),
            ("imageId", quoted(instance.image_id.as_str())),
            ("instanceId", quoted(instance.instance_id.as_str())),
            ("instanceType", quoted(instance.instance_type.as_str())),
            ("kernelId", null()),
            ("pendingTime", quoted(&instance.pending_time.to_string())),
            ("privateIp", quoted(&instance.private_ip.to_string())),
            ("ramdiskId", null()),
            ("region", quoted(region.as_str())),
            ("version", quoted(version)),
        ];
        fields.retain(|(key, _)| has_marketplace || *key != "marketplaceProductCodes");
        Self { fields: fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect() }
    }

    /// With the JSON text of one key replaced, or added at the end.
    #[must_use]
    pub fn with(mut self, key: &str, json: &str) -> Self {
        match self.fields.iter_mut().find(|(name, _)| name == key) {
            Some((_, value)) => *value = json.to_owned(),
            None => self.fields.push((key.to_owned(), json.to_owned())),
        }
        self
    }

    /// Without one key.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.fields.retain(|(name, _)| name != key);
        self
    }

    /// With its keys in this order, as until 2019 each document has an order of its own. Keys that are not named come last.
    #[must_use]
    pub fn in_order(mut self, keys: &[&str]) -> Self {
        self.fields.sort_by_key(|(name, _)| keys.iter().position(|key| key == name).unwrap_or(keys.len()));
        self
    }

    /// The bytes as AWS lays them out.
    pub fn encode(&self) -> Vec<u8> {
        let lines: Vec<String> = self.fields.iter().map(|(key, json)| format!("  \"{key}\" : {json}")).collect();
        format!("{{\n{}\n}}", lines.join(",\n")).into_bytes()
    }
}

/// The values are printable ASCII; two characters need an escape.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
