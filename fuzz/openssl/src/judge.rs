//! The verdicts of both, and what is to be said of a disagreement.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity_fuzz::samples::VERIFIER;

use crate::peer::{Openssl, Respelling};
use crate::population::Case;
use crate::rules::Rule;

/// What the two say of a case.
pub struct Verdicts {
    /// The document that we accept, or why not.
    pub ours: Result<Vec<u8>, Refusal>,
    /// The content that OpenSSL accepts.
    pub openssl: Option<Vec<u8>>,
    /// The same of the value spelled otherwise, and how: asked only where we accept and OpenSSL does not.
    pub openssl_respelled: Option<(Respelling, Vec<u8>)>,
}

/// Our error.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Code and reason: `unsupported_cms version`.
    pub fault: String,
    /// Where, in the decoded value.
    pub at: Option<usize>,
}

/// How the verdicts fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Both accept, with the same content.
    BothAccept,
    /// Both accept the same content, OpenSSL when it is spared what is not signed.
    BothAcceptRespelled(Respelling),
    /// Both refuse.
    BothRefuse,
    /// We alone refuse, under the rule of this index.
    Explained(usize),
    /// We accept what OpenSSL refuses. No rule explains that.
    WeAloneAccept,
    /// Both accept, each another content. No rule explains that.
    OtherContent,
    /// We alone refuse, and under no rule.
    Unexplained,
}

impl Outcome {
    /// Is it one that no run may have?
    pub fn is_failure(self) -> bool {
        matches!(self, Self::WeAloneAccept | Self::OtherContent | Self::Unexplained)
    }
}

impl Verdicts {
    pub fn of(case: &Case, openssl: &Openssl) -> Self {
        let (region, value, document) = (case.region.as_str(), case.value.as_slice(), case.document.as_deref());
        let text = STANDARD.encode(value);
        let verified = match document {
            Some(document) => VERIFIER.verify(document, text.as_bytes(), region),
            None => VERIFIER.verify_cms(text.as_bytes(), region),
        };
        let ours = verified.map(|authentic| authentic.document().as_bytes().to_vec()).map_err(|error| Refusal {
            fault: error.reason().map_or(error.code().to_owned(), |reason| format!("{} {reason}", error.code())),
            at: error.offset(),
        });
        let theirs = openssl.accepts(region, value, document);
        let is_asked_again = ours.is_ok() && theirs.is_none();
        let again = is_asked_again.then(|| openssl.accepts_respelled(region, value, document)).flatten();
        Self { ours, openssl: theirs, openssl_respelled: again }
    }
}

/// Only where we alone refuse can a rule explain it.
pub fn judge(case: &Case, verdicts: &Verdicts, rules: &[Rule]) -> Outcome {
    match (&verdicts.ours, &verdicts.openssl) {
        (Ok(document), Some(content)) if document == content => Outcome::BothAccept,
        (Ok(_), Some(_)) => Outcome::OtherContent,
        (Ok(document), None) => match &verdicts.openssl_respelled {
            Some((how, content)) if content == document => Outcome::BothAcceptRespelled(*how),
            _ => Outcome::WeAloneAccept,
        },
        (Err(_), None) => Outcome::BothRefuse,
        (Err(refusal), Some(content)) => {
            let rule = rules.iter().position(|rule| rule.explains(case, refusal, content));
            rule.map_or(Outcome::Unexplained, Outcome::Explained)
        }
    }
}

#[cfg(test)]
mod tests {
    use instance_identity_fuzz::samples::SAMPLES;

    use super::*;
    use crate::rules::rules;

    fn verdicts(ours: Result<&[u8], &str>, openssl: Option<&[u8]>, again: Option<&[u8]>) -> Verdicts {
        Verdicts {
            ours: ours.map(<[u8]>::to_vec).map_err(|fault| Refusal { fault: fault.to_owned(), at: Some(0) }),
            openssl: openssl.map(<[u8]>::to_vec),
            openssl_respelled: again.map(|content| (Respelling::WithoutCertificates, content.to_vec())),
        }
    }

    #[test]
    fn what_we_alone_accept_is_a_failure_that_no_rule_explains() {
        let rules = rules();
        for number in 0..300 {
            let case = Case::new(number);
            let judged = |ours, openssl, again| judge(&case, &verdicts(ours, openssl, again), &rules);
            assert_eq!(judged(Ok(b"a"), None, None), Outcome::WeAloneAccept);
            assert_eq!(judged(Ok(b"a"), None, Some(b"b")), Outcome::WeAloneAccept);
            assert_eq!(judged(Ok(b"a"), Some(b"b"), None), Outcome::OtherContent);
            assert_eq!(judged(Ok(b"a"), None, Some(b"a")), Outcome::BothAcceptRespelled(Respelling::WithoutCertificates));
            assert_eq!(judged(Ok(b"a"), Some(b"a"), None), Outcome::BothAccept);
            assert_eq!(judged(Err("signature_invalid"), None, None), Outcome::BothRefuse);
            assert_eq!(judged(Err("signature_invalid"), Some(b"a"), None), Outcome::Unexplained);
        }
        assert!([Outcome::WeAloneAccept, Outcome::OtherContent, Outcome::Unexplained].into_iter().all(Outcome::is_failure));
        assert!(![Outcome::BothAccept, Outcome::BothRefuse, Outcome::Explained(0)].into_iter().any(Outcome::is_failure));
    }

    /// A reader that refused what was really signed would not be explained, whatever its error and wherever that points.
    #[test]
    fn no_rule_holds_for_a_value_as_it_was_signed() {
        let rules = rules();
        for (index, sample) in SAMPLES.iter().enumerate() {
            let (region, document, value) = (sample.region.clone(), Some(sample.document.clone()), sample.value.clone());
            let case = Case { number: 0, made: String::new(), is_changed: false, region, document, value };
            // Some octets, of each sample others.
            for at in (index % 37..case.value.len()).step_by(37).map(Some).chain([None]) {
                for rule in &rules {
                    let refusal = Refusal { fault: rule.faults[0].clone(), at };
                    assert!(
                        !rule.explains(&case, &refusal, &sample.document),
                        "{} at {at:?} of a {} of {}",
                        rule.name,
                        sample.kind,
                        case.region
                    );
                }
            }
        }
    }
}
