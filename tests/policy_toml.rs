//! The policy as TOML: what it says, and the exact error, with its place, of what is wrong.

#![allow(clippy::panic, clippy::unwrap_used)]

use std::time::Duration;

use instance_identity::{Age, AnyOf, Exception, Policy, PolicyError, PolicyFault, Rule, RuleName};

/// Every key.
const WHOLE: &str = r#"
max_age = "1d12h"
future_skew = "0s"
accounts = ["123456789012", "210987654321"]
partitions = ["aws"]
regions = ["us-east-1"]
availability_zones = ["us-east-1a"]
image_ids = ["ami-0123456789abcdef0"]
instance_types = ["t3.micro"]
instance_ids = ["i-0123456789abcdef0"]
architectures = ["arm64"]
private_ips = ["10.0.0.0/8"]
marketplace_any_of = ["code-a"]
marketplace_none_of = ["code-b"]
billing_any_of = ["code-c"]
billing_none_of = ["code-d"]
signature_kinds = ["rsa2048"]
certificates = "unexpired"
peer = "private_ip"

[[exception]]
account = "123456789012"
max_age = "unlimited"
until = 2027-01-01T00:00:00Z
reason = "moves"

[[exception]]
account = "123456789012"
partition = "aws"
instance = "i-01234567"
max_age = "90d"
until = 2026-02-03T04:05:06Z
reason = "never stopped"
"#;

fn one<T: std::str::FromStr<Err: std::fmt::Debug> + Ord>(text: &str) -> AnyOf<T> {
    AnyOf::one(text.parse().unwrap())
}

#[test]
fn every_key_is_the_rule_of_its_name() {
    let exception =
        |age, until: &str, reason| Exception::new("123456789012".parse().unwrap(), age, until.parse().unwrap(), reason).unwrap();
    let expected = Policy::new(Age::AtMost(Duration::from_secs(36 * 3600)))
        .with_future_skew(Duration::ZERO)
        .with(Rule::Accounts(AnyOf::new(["123456789012".parse().unwrap(), "210987654321".parse().unwrap()]).unwrap()))
        .with(Rule::Partitions(one("aws")))
        .with(Rule::Regions(one("us-east-1")))
        .with(Rule::AvailabilityZones(one("us-east-1a")))
        .with(Rule::ImageIds(one("ami-0123456789abcdef0")))
        .with(Rule::InstanceTypes(one("t3.micro")))
        .with(Rule::InstanceIds(one("i-0123456789abcdef0")))
        .with(Rule::Architectures(one("arm64")))
        .with(Rule::PrivateIps(one("10.0.0.0/8")))
        .with(Rule::MarketplaceAnyOf(one("code-a")))
        .with(Rule::MarketplaceNoneOf(one("code-b")))
        .with(Rule::BillingAnyOf(one("code-c")))
        .with(Rule::BillingNoneOf(one("code-d")))
        .with(Rule::SignatureKinds(one("rsa2048")))
        .with(Rule::CertificatesUnexpired)
        .with(Rule::PeerIsPrivateIp)
        .with_exception(exception(Age::Unlimited, "2027-01-01T00:00:00Z", "moves"))
        .with_exception(
            exception(Age::AtMost(Duration::from_secs(90 * 86400)), "2026-02-03T04:05:06Z", "never stopped")
                .only_partition("aws".parse().unwrap())
                .only_instance("i-01234567".parse().unwrap()),
        );
    assert_eq!(Policy::from_toml(WHOLE), Ok(expected.clone()));
    let names: Vec<RuleName> =
        [RuleName::MaxAge, RuleName::FutureSkew].into_iter().chain(expected.rules().iter().map(Rule::name)).collect();
    assert_eq!(names, RuleName::ALL, "every rule has been written");
}

#[test]
fn the_least_policy_is_an_age() {
    assert_eq!(Policy::from_toml("max_age = \"15m\""), Ok(Policy::new(Age::AtMost(Duration::from_secs(900)))));
    assert_eq!(Policy::from_toml("max_age = \"unlimited\"\r\n"), Ok(Policy::new(Age::Unlimited)));
}

#[test]
fn the_policy_in_the_readme_is_one() {
    let readme = include_str!("../README.md");
    let (_, from_here) = readme.split_once("```toml\n").unwrap();
    let policy = Policy::from_toml(from_here.split_once("```").unwrap().0).unwrap();
    assert_eq!((policy.rules().len(), policy.exceptions().len()), (4, 1));
}

#[test]
fn every_error_says_what_is_wrong_and_where() {
    for (text, expected) in [
        // Nothing is left to chance by leaving it out.
        ("", "line 1, column 1: max_age is missing"),
        ("\n\naccounts = [\"123456789012\"]", "line 1, column 1: max_age is missing"),
        // Keys.
        ("max_age = \"1m\"\n acounts = []", "line 2, column 2: unknown key \"acounts\""),
        ("maxage = \"1m\"", "line 1, column 1: unknown key \"maxage\""),
        ("max_age = \"1m\"\n[accounts]\nx = 1", "line 2, column 1: expected a list of strings"),
        ("max_age = \"1m\"\n\"\\u001b[2J\" = 1", "line 2, column 1: unknown key \"\\u{1b}[2J\""),
        ("max_age = \"1m\"\nMAX_AGE = \"2m\"", "line 2, column 1: unknown key \"MAX_AGE\""),
        ("max_age = \"1m\"\nzzz = 1\naaa = 2", "line 2, column 1: unknown key \"zzz\""),
        ("max_age = \"1m\"\nmax_age = \"2m\"", "line 2, column 1: not TOML: duplicate key"),
        // Ages.
        ("max_age = 15", "line 1, column 11: expected a string"),
        ("max_age = \"15\"", "line 1, column 11: expected an age such as 15m, 24h or 30d, at most 36500d, or unlimited"),
        ("max_age = \"36501d\"", "line 1, column 11: expected an age such as 15m, 24h or 30d, at most 36500d, or unlimited"),
        ("max_age = \"1m\"\nfuture_skew = \"unlimited\"", "line 2, column 15: expected a length of time such as 30s or 1m, at most 36500d"),
        // Lists.
        ("max_age = \"1m\"\naccounts = []", "line 2, column 12: a list has to have at least one value"),
        ("max_age = \"1m\"\naccounts = \"123456789012\"", "line 2, column 12: expected a list of strings"),
        ("max_age = \"1m\"\naccounts = [123456789012]", "line 2, column 13: expected a string"),
        (
            "max_age = \"1m\"\naccounts = [\n  \"123456789012\",\n  \"12345678901\",\n]",
            "line 4, column 3: expected an account id of 12 decimal digits",
        ),
        ("max_age = \"1m\"\naccounts = [\"123456789012\", \"123456789012\"]", "line 2, column 29: the value stands in the list twice"),
        (
            "max_age = \"1m\"\nprivate_ips = [\"10.0.0.1/8\"]",
            "line 2, column 16: expected a range such as 10.0.0.0/8 or fd00::/8, with no bits behind the prefix",
        ),
        ("max_age = \"1m\"\nsignature_kinds = [\"pkcs7\"]", "line 2, column 20: expected a signature kind: rsa2048, dsa or rsa"),
        // Words.
        ("max_age = \"1m\"\ncertificates = true", "line 2, column 16: expected a string"),
        ("max_age = \"1m\"\ncertificates = \"expired\"", "line 2, column 16: expected the word unexpired"),
        ("max_age = \"1m\"\npeer = \"\"", "line 2, column 8: expected the word private_ip"),
        // Exceptions.
        ("max_age = \"1m\"\nexception = []", "line 2, column 13: a list has to have at least one value"),
        ("max_age = \"1m\"\n[exception]", "line 2, column 1: expected [[exception]] tables"),
        ("max_age = \"1m\"\nexception = [1]", "line 2, column 14: expected an [[exception]] table"),
        ("max_age = \"1m\"\n\n[[exception]]\nmax_age = \"2m\"", "line 3, column 1: account is missing"),
        ("max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmaxage = \"2m\"", "line 4, column 1: unknown key \"maxage\""),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nreason = \"x\"",
            "line 2, column 1: until is missing",
        ),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nuntil = \"2027-01-01T00:00:00Z\"",
            "line 5, column 9: expected a time without quotes, such as 2027-01-01T00:00:00Z",
        ),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nuntil = 2027-01-01",
            "line 5, column 9: expected a time of the form YYYY-MM-DDThh:mm:ssZ",
        ),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nuntil = 2027-01-01T00:00:00+01:00",
            "line 5, column 9: expected a time of the form YYYY-MM-DDThh:mm:ssZ",
        ),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nuntil = 2016-12-31T23:59:60Z",
            "line 5, column 9: expected a time of the form YYYY-MM-DDThh:mm:ssZ",
        ),
        (
            "max_age = \"1m\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\nuntil = 2027-01-01T00:00:00Z\nreason = \" \"",
            "line 6, column 10: expected a reason: text of at most 256 bytes, without control characters",
        ),
        (
            "max_age = \"1m\"\npartitions = [\"aws\", \"aws-cn\"]\n\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"2m\"\n\
             until = 2027-01-01T00:00:00Z\nreason = \"x\"",
            "line 4, column 1: partition is missing: the policy lists more than one, and an account id is unique within one only",
        ),
        (
            "max_age = \"1h\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"60m\"",
            "line 4, column 11: not longer than the policy's max_age: an exception grants a longer one",
        ),
        (
            "max_age = \"unlimited\"\n[[exception]]\naccount = \"123456789012\"\nmax_age = \"unlimited\"",
            "line 4, column 11: not longer than the policy's max_age: an exception grants a longer one",
        ),
        // Syntax; columns count characters.
        ("max_age = \"1m\"\naccounts", "line 2, column 9: not TOML: key with no value, expected `=`"),
        (
            "max_age = \"1m\" # \u{e9}\u{e9}\nmax_age = \"é\" x",
            "line 2, column 15: not TOML: unexpected key or value, expected newline, `#`",
        ),
        ("{\"accountId\" : \"123456789012\"}", "line 1, column 1: not TOML: invalid key-value pair, expected key"),
    ] {
        let error = Policy::from_toml(text).unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

/// As a name it would match nothing, and a list of what is refused would have no effect.
#[test]
fn a_pattern_or_a_list_is_not_a_name() {
    for key in ["marketplace_any_of", "marketplace_none_of", "billing_any_of", "billing_none_of", "instance_types", "architectures"] {
        for value in ["4i20ezfza3p7xx2kt2g8weu2u,other", "*", "bp-*", "t2.*", "!t2.nano", "t?", "a b", " a", "a\u{a0}", "a|b", "[a]", "{a}"]
        {
            let error = Policy::from_toml(&format!("max_age = \"1m\"\n{key} = [\"x\", \"{value}\"]")).unwrap_err();
            let expected = format!("line 2, column {}: expected one name, written out: no patterns, no lists", key.len() + 10);
            assert_eq!(error.to_string(), expected, "{value}");
        }
        for value in ["u-24tb1.112xlarge", "x86_64", "arm64_mac", "bp-6fa54006", "4i20ezfza3p7xx2kt2g8weu2u", "a+b:c@d#e=f"] {
            assert!(Policy::from_toml(&format!("max_age = \"1m\"\n{key} = [\"{value}\"]")).is_ok(), "{value}");
        }
    }
    for (key, value) in [("availability_zones", "us-east-1*"), ("image_ids", "ami-*"), ("image_ids", "ami-01234567, ami-01234568")] {
        let error = Policy::from_toml(&format!("max_age = \"1m\"\n{key} = [\"{value}\"]")).unwrap_err();
        assert_eq!(error.fault(), &PolicyFault::NotOneName, "{value}");
    }
}

#[test]
fn a_region_or_the_id_of_a_zone_is_not_a_zone() {
    let read = |zone: &str| Policy::from_toml(&format!("max_age = \"1m\"\navailability_zones = [\"{zone}\"]"));
    for zone in ["us-east-2", "us-gov-west-1", "use2-az2", "us-east", "us-east-a", "east-1a", "a"] {
        let expected =
            "line 2, column 23: expected a zone's name such as us-east-1a or us-west-2-lax-1a, not a region, and not a zone's id";
        assert_eq!(read(zone).unwrap_err().to_string(), expected, "{zone}");
    }
    for zone in
        ["us-east-2b", "us-gov-west-1a", "us-iso-east-1a", "us-west-2-lax-1a", "us-east-1-wl1-bos-wlz-1", "eusc-de-east-1a", "ap-x-10a"]
    {
        assert!(read(zone).is_ok(), "{zone}");
    }
}

#[test]
fn the_nearest_key_is_named_if_one_is_near() {
    let nearest = |key: &str| Policy::from_toml(&format!("max_age = \"1m\"\n{key} = []")).unwrap_err().nearest_key();
    for (key, expected) in [
        ("acounts", Some("accounts")),
        ("account", Some("accounts")),
        ("region", Some("regions")),
        ("instance_id", Some("instance_ids")),
        ("image_id", Some("image_ids")),
        ("exceptions", Some("exception")),
        ("maxage", Some("max_age")),
        ("max-age", Some("max_age")),
        ("marketplace_anyof", Some("marketplace_any_of")),
        ("MAX_AGE", Some("max_age")),
        ("Max-Age", Some("max_age")),
        ("REGIONS", Some("regions")),
        ("age", Some("max_age")),
        ("kinds", Some("signature_kinds")),
        ("ips", Some("private_ips")),
        ("skew", Some("future_skew")),
        ("zones", Some("availability_zones")),
        ("image", Some("image_ids")),
        ("account_ids", Some("accounts")),
        // Of several, none.
        ("marketplace", None),
        ("billing", None),
        ("ids", None),
        // Too short to tell.
        ("of", None),
        ("ma", None),
        ("x", None),
        ("vpc_ids", None),
        ("audience", None),
    ] {
        assert_eq!(nearest(key), expected, "{key}");
    }
    let inside = "max_age = \"1m\"\n[[exception]]\nacount = \"123456789012\"";
    assert_eq!(Policy::from_toml(inside).unwrap_err().nearest_key(), Some("account"));
    let inside = "max_age = \"1m\"\n[[exception]]\ninstance_id = \"i-01234567\"";
    assert_eq!(Policy::from_toml(inside).unwrap_err().nearest_key(), Some("instance"));
}

#[test]
fn a_text_over_the_limit_is_not_read() {
    let padded = |length: usize| {
        let policy = "max_age = \"15m\"\n";
        format!("{policy}{}", "#".repeat(length - policy.len()))
    };
    assert!(Policy::from_toml(&padded(512 * 1024)).is_ok());
    let error = Policy::from_toml(&padded(512 * 1024 + 1)).unwrap_err();
    assert_eq!(error.to_string(), "line 1, column 1: longer than 524288 bytes");
}

/// On a small stack.
#[test]
fn deep_nesting_is_an_error() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{ a = ".repeat(50_000)),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
    ] {
        let read = move || Policy::from_toml(&text).unwrap_err();
        let error: PolicyError = std::thread::Builder::new().stack_size(512 * 1024).spawn(read).unwrap().join().unwrap();
        assert!(error.line() == 1);
    }
}
