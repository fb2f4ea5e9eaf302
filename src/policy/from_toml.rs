//! A policy from TOML ([1.1]): the same words, in a file.
//!
//! The keys are the names of the rules, and `exception`. The reader of the crate `toml` gives a tree in which each key and value has its
//! place; an unknown key is reported before anything else.
//!
//! [1.1]: https://toml.io/en/v1.1.0

mod error;

use core::ops::Range;
use core::str::FromStr;
use core::time::Duration;
use std::collections::BTreeSet;

pub use error::{PolicyError, PolicyFault};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::age::span;
use super::{Age, AnyOf, Exception, Policy, Rule};
use crate::error::RuleName;
use crate::ids::AvailabilityZone;
use crate::parse_error::ParseError;

impl Policy {
    /// Reads a policy from TOML, of at most 512 KiB. `max_age` is required; every other key may be left out. An unknown key is an error,
    /// and so are an empty list, a value that stands in a list twice, and a pattern or a list where one name is expected.
    ///
    /// ```
    /// use instance_identity::Policy;
    ///
    /// let policy = Policy::from_toml(r#"
    ///     ## Numbers with d, h, m, s, such as 15m or 1d12h; or "unlimited".
    ///     max_age = "15m"
    ///     future_skew = "30s"                       # 1m, if left out
    ///
    ///     ## Lists of what is allowed.
    ///     partitions = ["aws"]
    ///     accounts = ["123456789012", "210987654321"]
    ///     regions = ["us-east-1", "eu-west-1"]
    ///     availability_zones = ["us-east-1a", "us-east-1b", "eu-west-1a"]
    ///     instance_ids = ["i-0123456789abcdef0"]
    ///     image_ids = ["ami-0123456789abcdef0"]
    ///     instance_types = ["t3.micro", "m7g.large"]
    ///     architectures = ["x86_64", "arm64"]
    ///     private_ips = ["10.0.0.0/8", "fd00::/8"]
    ///     signature_kinds = ["rsa2048"]
    ///
    ///     ## Product codes: at least one of the first list, none of the second.
    ///     marketplace_any_of = ["4i20ezfza3p7xx2kt2g8weu2u"]
    ///     marketplace_none_of = ["x"]
    ///     billing_any_of = ["bp-6fa54006"]
    ///     billing_none_of = ["bp-00000000"]
    ///
    ///     ## These two have one word each.
    ///     certificates = "unexpired"
    ///     peer = "private_ip"
    ///
    ///     ## Who may be older, until when, and why. Without `instance`, all of the account. `partition` says of which the account is, and
    ///     ## is required where more than one is listed above.
    ///     [[exception]]
    ///     account = "123456789012"
    ///     partition = "aws"
    ///     instance = "i-0123456789abcdef0"
    ///     max_age = "90d"
    ///     until = 2027-01-01T00:00:00Z
    ///     reason = "the build host is never stopped; moves by the end of the year"
    /// "#).unwrap();
    /// assert_eq!((policy.rules().len(), policy.exceptions().len()), (16, 1));
    ///
    /// let error = Policy::from_toml("max_age = \"15m\"\nacounts = [\"123456789012\"]").unwrap_err();
    /// assert_eq!(error.to_string(), "line 2, column 1: unknown key \"acounts\"");
    /// assert_eq!(error.nearest_key(), Some("accounts"));
    /// ```
    ///
    /// # Errors
    /// [`PolicyError`]: what is wrong, with line and column.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MAX_TOML {
            return Err(PolicyError::at(text, 0, PolicyFault::TooLarge { limit: MAX_TOML }));
        }
        let tree = DeTable::parse(text).map_err(|error| {
            Fault::new(error.span().unwrap_or_default(), PolicyFault::Syntax { message: error.message().into() }).in_text(text)
        })?;
        policy(tree.into_inner()).map_err(|fault| fault.in_text(text))
    }
}

/// What is wrong with a part of the text.
#[derive(Debug)]
struct Fault {
    place: Range<usize>,
    fault: PolicyFault,
}

impl Fault {
    fn new(place: Range<usize>, fault: PolicyFault) -> Self {
        Self { place, fault }
    }

    fn in_text(self, text: &str) -> PolicyError {
        PolicyError::at(text, self.place.start, self.fault)
    }
}

fn policy(root: DeTable<'_>) -> Result<Policy, Fault> {
    let keys: Vec<&'static str> = RuleName::ALL.iter().map(|rule| rule.as_str()).chain([EXCEPTION]).collect();
    // What is missing at the top is missing at the start.
    let mut root = Table::new(0..0, root, &keys)?;
    let max_age = root.required(RuleName::MaxAge.as_str(), word)?;
    let mut policy = Policy::new(max_age);
    if let Some(value) = root.take(RuleName::FutureSkew.as_str()) {
        policy = policy.with_future_skew(skew(&value)?);
    }
    for name in RuleName::ALL {
        if let Some(value) = root.take(name.as_str()) {
            policy = policy.with(rule(*name, &value)?);
        }
    }
    if let Some(value) = root.take(EXCEPTION) {
        let place = value.span();
        let DeValue::Array(tables) = value.into_inner() else { return Err(type_fault(place, "[[exception]] tables")) };
        if tables.is_empty() {
            return Err(Fault::new(place, PolicyFault::EmptyList));
        }
        for table in tables.iter() {
            let exception = exception(table, &policy)?;
            policy = policy.with_exception(exception);
        }
    }
    Ok(policy)
}

/// The rule of a name, from its value.
fn rule(name: RuleName, value: &Spanned<DeValue<'_>>) -> Result<Rule, Fault> {
    Ok(match name {
        RuleName::Accounts => Rule::Accounts(list(value)?),
        RuleName::Architectures => Rule::Architectures(names(value)?),
        RuleName::AvailabilityZones => Rule::AvailabilityZones(zones(value)?),
        RuleName::BillingAnyOf => Rule::BillingAnyOf(names(value)?),
        RuleName::BillingNoneOf => Rule::BillingNoneOf(names(value)?),
        RuleName::Certificates => only_word(value, UNEXPIRED, Rule::CertificatesUnexpired)?,
        RuleName::ImageIds => Rule::ImageIds(names(value)?),
        RuleName::InstanceIds => Rule::InstanceIds(list(value)?),
        RuleName::InstanceTypes => Rule::InstanceTypes(names(value)?),
        RuleName::MarketplaceAnyOf => Rule::MarketplaceAnyOf(names(value)?),
        RuleName::MarketplaceNoneOf => Rule::MarketplaceNoneOf(names(value)?),
        RuleName::Partitions => Rule::Partitions(list(value)?),
        RuleName::Peer => only_word(value, PRIVATE_IP, Rule::PeerIsPrivateIp)?,
        RuleName::PrivateIps => Rule::PrivateIps(list(value)?),
        RuleName::Regions => Rule::Regions(list(value)?),
        RuleName::SignatureKinds => Rule::SignatureKinds(list(value)?),
        // These have been taken away before.
        RuleName::MaxAge | RuleName::FutureSkew => return Err(type_fault(value.span(), "nothing")),
    })
}

/// An exception of `policy`, whose rules have been read.
fn exception(value: &Spanned<DeValue<'_>>, policy: &Policy) -> Result<Exception, Fault> {
    let place = value.span();
    let DeValue::Table(members) = value.get_ref() else { return Err(type_fault(place, "an [[exception]] table")) };
    let mut table = Table::new(place.clone(), members.clone(), &["account", "partition", "instance", "max_age", "until", "reason"])?;
    let account = table.required("account", word)?;
    let max_age = table.required("max_age", |value| {
        let max_age: Age = word(value)?;
        if max_age > policy.max_age { Ok(max_age) } else { Err(Fault::new(value.span(), PolicyFault::NotLonger)) }
    })?;
    let until = table.required("until", |value| match value.get_ref() {
        DeValue::Datetime(time) => parsed(value, &time.to_string()),
        _ => Err(type_fault(value.span(), "a time without quotes, such as 2027-01-01T00:00:00Z")),
    })?;
    let mut exception = table.required("reason", |value| {
        let reason = text(value)?;
        Exception::new(account, max_age, until, reason).map_err(|_| Fault::new(value.span(), PolicyFault::Reason))
    })?;
    if let Some(partition) = table.take("partition") {
        exception = exception.only_partition(word(&partition)?);
    } else if policy.rules.iter().any(|rule| matches!(rule, Rule::Partitions(list) if list.iter().count() > 1)) {
        return Err(Fault::new(place, PolicyFault::MissingPartition));
    }
    if let Some(instance) = table.take("instance") {
        exception = exception.only_instance(word(&instance)?);
    }
    Ok(exception)
}

/// A table with known keys alone.
struct Table<'a> {
    place: Range<usize>,
    members: DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Of several unknown keys, the first in the text is reported.
    fn new(place: Range<usize>, members: DeTable<'a>, known: &[&'static str]) -> Result<Self, Fault> {
        let unknown = members.keys().filter(|key| !known.contains(&&**key.get_ref())).min_by_key(|key| key.span().start);
        let Some(unknown) = unknown else { return Ok(Self { place, members }) };
        let key: String = unknown.get_ref().chars().take(MAX_KEY_SHOWN).collect();
        let nearest = nearest_key(&key, known);
        Err(Fault::new(unknown.span(), PolicyFault::UnknownKey { key: key.into(), nearest }))
    }

    fn take(&mut self, key: &str) -> Option<Spanned<DeValue<'a>>> {
        self.members.remove(key)
    }

    fn required<T>(&mut self, key: &'static str, read: impl FnOnce(&Spanned<DeValue<'a>>) -> Result<T, Fault>) -> Result<T, Fault> {
        let value = self.take(key).ok_or_else(|| Fault::new(self.place.clone(), PolicyFault::MissingKey { key }))?;
        read(&value)
    }
}

/// Of names that AWS extends at will. Nearly any text is one, so what is meant as a pattern would be read, and match nothing: with it, a list of
/// what is refused would refuse nothing.
fn names<T: FromStr<Err = ParseError> + Ord>(value: &Spanned<DeValue<'_>>) -> Result<AnyOf<T>, Fault> {
    list_of(value, name)
}

/// A region or the id of a zone is no zone's name, and would match nothing.
fn zones(value: &Spanned<DeValue<'_>>) -> Result<AnyOf<AvailabilityZone>, Fault> {
    list_of(value, |element| {
        let zone: AvailabilityZone = name(element)?;
        // The first number ends the region: us-east-1a, us-west-2-lax-1a.
        let (words, rest) = zone.as_str().split_at(zone.as_str().find(|c: char| c.is_ascii_digit()).unwrap_or(0));
        let begins_with_region = words.ends_with('-') && words.matches('-').count() >= 2;
        let goes_on = !rest.trim_start_matches(|c: char| c.is_ascii_digit()).is_empty();
        let expected = "a zone's name such as us-east-1a or us-west-2-lax-1a, not a region, and not a zone's id";
        if begins_with_region && goes_on { Ok(zone) } else { Err(type_fault(element.span(), expected)) }
    })
}

fn name<T: FromStr<Err = ParseError>>(value: &Spanned<DeValue<'_>>) -> Result<T, Fault> {
    let is_one_name = !text(value)?.contains(|c: char| c.is_whitespace() || NOT_IN_NAMES.contains(c));
    if is_one_name { word(value) } else { Err(Fault::new(value.span(), PolicyFault::NotOneName)) }
}

/// The key that may have been meant: one with few letters wrong, or else the only one with this word or beginning.
fn nearest_key(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let key = key.to_lowercase().replace('-', "_");
    let distances = known.iter().map(|known| (strsim::osa_distance(known, &key), *known));
    // A third of its letters may be wrong.
    if let Some((_, nearest)) = distances.filter(|(distance, known)| *distance <= known.len() / 3).min() {
        return Some(nearest);
    }
    // account_ids are accounts.
    let word = key.strip_suffix("_ids").or(key.strip_suffix("_id")).unwrap_or(&key);
    let mut with_word =
        known.iter().filter(|known| word.len() >= 3 && (known.starts_with(word) || known.split('_').any(|part| part == word)));
    // Of several, none: which one is meant cannot be known.
    with_word.next().filter(|_| with_word.next().is_none()).copied()
}

fn list<T: FromStr<Err = ParseError> + Ord>(value: &Spanned<DeValue<'_>>) -> Result<AnyOf<T>, Fault> {
    list_of(value, word)
}

fn list_of<'a, T: Ord>(value: &Spanned<DeValue<'a>>, read: impl Fn(&Spanned<DeValue<'a>>) -> Result<T, Fault>) -> Result<AnyOf<T>, Fault> {
    let DeValue::Array(elements) = value.get_ref() else { return Err(type_fault(value.span(), "a list of strings")) };
    let mut values = BTreeSet::new();
    for element in elements.iter() {
        if !values.insert(read(element)?) {
            return Err(Fault::new(element.span(), PolicyFault::DuplicateValue));
        }
    }
    AnyOf::new(values).map_err(|_| Fault::new(value.span(), PolicyFault::EmptyList))
}

fn only_word(value: &Spanned<DeValue<'_>>, (name, expected): (&str, ParseError), rule: Rule) -> Result<Rule, Fault> {
    if text(value)? == name { Ok(rule) } else { Err(Fault::new(value.span(), PolicyFault::Value(expected))) }
}

fn skew(value: &Spanned<DeValue<'_>>) -> Result<Duration, Fault> {
    let expected = ParseError::expected("a length of time such as 30s or 1m, at most 36500d");
    span(text(value)?).ok_or_else(|| Fault::new(value.span(), PolicyFault::Value(expected)))
}

fn word<T: FromStr<Err = ParseError>>(value: &Spanned<DeValue<'_>>) -> Result<T, Fault> {
    parsed(value, text(value)?)
}

fn parsed<T: FromStr<Err = ParseError>>(value: &Spanned<DeValue<'_>>, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|error| Fault::new(value.span(), PolicyFault::Value(error)))
}

fn text<'a>(value: &'a Spanned<DeValue<'_>>) -> Result<&'a str, Fault> {
    value.get_ref().as_str().ok_or_else(|| type_fault(value.span(), "a string"))
}

fn type_fault(place: Range<usize>, expected: &'static str) -> Fault {
    Fault::new(place, PolicyFault::Value(ParseError::expected(expected)))
}

const EXCEPTION: &str = "exception";
const UNEXPIRED: (&str, ParseError) = ("unexpired", ParseError::expected("the word unexpired"));
const PRIVATE_IP: (&str, ParseError) = ("private_ip", ParseError::expected("the word private_ip"));
/// Patterns, negations, lists and quotes have these, and no name that AWS has given.
const NOT_IN_NAMES: &str = "*?,;![]{}()|/\"'";
/// An inventory of 20,000 instances.
const MAX_TOML: usize = 512 * 1024;
/// Twice the longest key.
const MAX_KEY_SHOWN: usize = 40;
