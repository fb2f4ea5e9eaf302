//! The policy as TOML.

use std::collections::BTreeSet;

use instance_identity::{Age, Policy, PolicyFault, Rule, RuleName};
use toml::{Table, Value};

use crate::tokens;

/// What is read says what a table of the same TOML says: the age, a rule for each key with its values, the exceptions; with an unknown key
/// before it, it is refused. An error's place is in the text. If it is one of syntax, there is no such table. A comment before the text moves the
/// place by a line, and nothing else.
pub fn policy_toml(data: &[u8]) {
    let expanded = tokens::expand(data, &WORDS);
    let Ok(text) = std::str::from_utf8(&expanded) else { return };
    let (read, table) = (Policy::from_toml(text), text.parse::<Table>());
    match &read {
        Ok(policy) => says(policy, &table.expect("a policy is a table")),
        Err(error) => {
            let line = text.split('\n').nth(error.line() - 1).expect("the line is in the text");
            assert!((1..=line.chars().count() + 1).contains(&error.column()), "the column is in the line");
            // The other way round it is not so: a table has no numbers of more than 64 bits, and a policy has no numbers at all.
            assert!(!matches!(error.fault(), PolicyFault::Syntax { .. }) || table.is_err(), "{error}");
            assert!(!error.to_string().contains(char::is_control), "what it shows is escaped");
        }
    }
    // It may stand at the start alone.
    if text.starts_with('\u{feff}') {
        return;
    }
    let commented = Policy::from_toml(&format!("# \u{e9}\n{text}"));
    match (&read, &commented) {
        (Err(error), Err(moved)) => {
            assert_eq!(error.fault(), moved.fault());
            let missing_at_the_top = matches!(error.fault(), PolicyFault::MissingKey { .. }) && (moved.line(), moved.column()) == (1, 1);
            if !missing_at_the_top {
                assert_eq!((error.line() + 1, error.column()), (moved.line(), moved.column()), "{error}");
            }
        }
        (Ok(_), Ok(_)) => assert_eq!(read, commented),
        _ => panic!("{read:?} is {commented:?} behind a comment"),
    }
    if read.is_ok() {
        let error = Policy::from_toml(&format!("unknown = 1\n{text}")).expect_err("an unknown key is refused");
        assert!(matches!(error.fault(), PolicyFault::UnknownKey { .. }) && (error.line(), error.column()) == (1, 1), "{error}");
    }
}

fn says(policy: &Policy, table: &Table) {
    assert_eq!(policy.max_age(), age(text(&table["max_age"])));
    let skew = table.get("future_skew").map_or(Age::AtMost(Policy::DEFAULT_FUTURE_SKEW), |skew| age(text(skew)));
    assert_eq!(Age::AtMost(policy.future_skew()), skew);
    let other = ["max_age", "future_skew", "exception"];
    let keys: BTreeSet<&str> = table.keys().map(String::as_str).filter(|key| !other.contains(key)).collect();
    let names: Vec<&str> = policy.rules().iter().map(|rule| rule.name().as_str()).collect();
    assert_eq!(names.len(), keys.len(), "each key is one rule");
    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), keys);
    for rule in policy.rules() {
        let value = &table[rule.name().as_str()];
        match values(rule) {
            Some(values) if rule.name() == RuleName::PrivateIps => assert_eq!(values.len(), list(value).len(), "however they are written"),
            Some(values) => assert_eq!(values, list(value).into_iter().map(str::to_owned).collect()),
            None => assert!(["unexpired", "private_ip"].contains(&text(value))),
        }
    }
    let tables = table.get("exception").map_or(&[][..], |tables| tables.as_array().expect("an array"));
    assert_eq!(policy.exceptions().len(), tables.len());
    for (exception, table) in policy.exceptions().iter().zip(tables) {
        assert_eq!(exception.account().as_str(), text(&table["account"]));
        assert_eq!(exception.partition().map(|partition| partition.as_str()), table.get("partition").map(text));
        assert_eq!(exception.instance().map(|instance| instance.as_str()), table.get("instance").map(text));
        assert_eq!(exception.max_age(), age(text(&table["max_age"])));
        assert_eq!(exception.until().to_string(), table["until"].as_datetime().expect("a time").to_string());
        assert_eq!(exception.reason(), text(&table["reason"]));
        assert!(policy.longest_age() >= exception.max_age() && exception.max_age() > policy.max_age());
    }
    assert!(policy.longest_age() >= policy.max_age());
}

/// The values of a list.
fn values(rule: &Rule) -> Option<BTreeSet<String>> {
    fn texts<'a, T: ToString + 'a>(values: impl Iterator<Item = &'a T>) -> Option<BTreeSet<String>> {
        Some(values.map(ToString::to_string).collect())
    }
    match rule {
        Rule::Accounts(list) => texts(list.iter()),
        Rule::Architectures(list) => texts(list.iter()),
        Rule::AvailabilityZones(list) => texts(list.iter()),
        Rule::BillingAnyOf(list) | Rule::BillingNoneOf(list) => texts(list.iter()),
        Rule::ImageIds(list) => texts(list.iter()),
        Rule::InstanceIds(list) => texts(list.iter()),
        Rule::InstanceTypes(list) => texts(list.iter()),
        Rule::MarketplaceAnyOf(list) | Rule::MarketplaceNoneOf(list) => texts(list.iter()),
        Rule::Partitions(list) => texts(list.iter()),
        Rule::PrivateIps(list) => texts(list.iter()),
        Rule::Regions(list) => texts(list.iter()),
        Rule::SignatureKinds(list) => texts(list.iter()),
        Rule::CertificatesUnexpired | Rule::PeerIsPrivateIp => None,
        _ => panic!("{rule:?} is not known here"),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn list(value: &Value) -> BTreeSet<&str> {
    let list = value.as_array().expect("an array");
    let texts: BTreeSet<&str> = list.iter().map(text).collect();
    assert!(!texts.is_empty() && texts.len() == list.len(), "neither empty nor with a value twice");
    texts
}

/// The sum of the numbers times their units.
fn age(text: &str) -> Age {
    if text == "unlimited" {
        return Age::Unlimited;
    }
    let parts = text.split_inclusive(|c: char| !c.is_ascii_digit()).map(|part| {
        let (number, unit) = part.split_at(part.len() - 1);
        let seconds = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)].into_iter().find(|(name, _)| *name == unit).expect("a unit").1;
        number.parse::<u64>().expect("a number") * seconds
    });
    Age::AtMost(std::time::Duration::from_secs(parts.sum()))
}

/// For [`tokens::expand`].
pub const WORDS: [&str; 42] = [
    "max_age = \"15m\"\n",
    "max_age = ",
    "future_skew = ",
    "accounts = ",
    "partitions = ",
    "regions = ",
    "availability_zones = ",
    "image_ids = ",
    "instance_types = ",
    "instance_ids = ",
    "architectures = ",
    "private_ips = ",
    "marketplace_any_of = ",
    "marketplace_none_of = ",
    "billing_any_of = ",
    "billing_none_of = ",
    "signature_kinds = ",
    "certificates = \"unexpired\"\n",
    "peer = \"private_ip\"\n",
    "[[exception]]\n",
    "account = \"123456789012\"\n",
    "instance = \"i-01234567\"\n",
    "until = 2027-01-01T00:00:00Z\n",
    "reason = \"x\"\n",
    "\"1d12h\"\n",
    "\"unlimited\"\n",
    "[\"123456789012\", \"210987654321\"]\n",
    "[\"aws\"]\n",
    "[\"us-east-1\", \"us-east-1a\"]\n",
    "[\"ami-01234567\"]\n",
    "[\"i-0123456789abcdef0\"]\n",
    "[\"10.0.0.0/8\", \"fd00::/8\", \"0:0::/1\"]\n",
    "[\"rsa2048\", \"dsa\"]\n",
    "[]\n",
    "\"\"\"",
    "'''",
    "\\u001b",
    "2027-01-01",
    "{ a = ",
    "\n",
    "partition = \"aws\"\n",
    "[\"us-east-1a\"]\n",
];
