//! Whole verifications.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use instance_identity::testkit::served;
use instance_identity::{Authentic, Error, Evidence, Expect, Region, SignatureKind};

use crate::edits;
use crate::input::Input;
use crate::samples::{CMS_VALUES, REGIONS, SAMPLES, Sample, VERIFIER, was_signed};

/// Whatever is done to a signature, to the document beside it and to the region: verification succeeds only with a document that the region
/// expected has signed, byte for byte, under that region's certificate. Unchanged, it succeeds.
pub fn verify(data: &[u8]) {
    let mut input = Input::new(data);
    let sample = input.choice(&SAMPLES);
    let choices = input.byte();
    let region = if choices & 1 == 0 { sample.region.as_str() } else { *input.choice(&REGIONS) };
    let document = document(sample, choices >> 1 & 3, &mut input);
    let unchanged = input.is_empty() && document == sample.document && region == sample.region;
    let signature = value(sample, &mut input);

    let verified = VERIFIER.verify(&document, &signature, region);
    match &verified {
        Ok(authentic) => {
            is_authentic(authentic, region);
            assert_eq!(authentic.document().as_bytes(), document, "the document that was presented");
        }
        Err(error) => assert!(!unchanged, "what was signed verifies: {error:?}"),
    }
    match VERIFIER.verify_cms(&signature, region) {
        Ok(authentic) => {
            is_authentic(&authentic, region);
            let content = authentic.document().as_bytes();
            match &verified {
                Ok(with_document) => assert_eq!(with_document.document().as_bytes(), content),
                Err(error) => assert!(document != content, "alone it verifies, with its content it does not: {error:?}"),
            }
        }
        Err(error) => {
            // A bare signature is none; all else is as with the document.
            let is_bare = verified.as_ref().is_ok_and(|authentic| authentic.signatures()[0].kind() == SignatureKind::Rsa);
            assert!(is_bare || verified.is_err(), "with the document it verifies, alone it does not: {error:?}");
        }
    }
    same_error_of_named_value(&verified, &document, &signature, region);
}

/// Evidence: whatever signatures and documents are put together, verification succeeds only with a document that the region has signed, and
/// only if each signature, as it stands there, verifies over it alone or is reported as skipped. From JSON it comes out as from values.
pub fn verify_evidence(data: &[u8]) {
    let mut input = Input::new(data);
    let choices = input.byte();
    let first = input.choice(&SAMPLES);
    let region: Region = if choices & 1 == 0 { first.region.parse().unwrap() } else { input.choice(&REGIONS).parse().unwrap() };
    let expect = if choices & 2 == 0 { Expect::Region(&region) } else { Expect::AnyRegion };
    let allowed: Vec<SignatureKind> =
        SignatureKind::ALL.into_iter().enumerate().filter(|(bit, _)| choices >> (5 + bit) & 1 == 0).map(|(_, kind)| kind).collect();
    let Ok(verifier) = VERIFIER.clone().allow_kinds(allowed.clone()) else { return };

    let document = (choices & 4 == 0).then(|| document(first, choices >> 3 & 3, &mut input));
    let mut values = Vec::new();
    for kind in SignatureKind::ALL {
        // Each from the same document, from any sample, or none.
        let how = input.byte();
        let sample = match how % 4 {
            0 => SAMPLES.iter().find(|sample| sample.kind == kind && sample.document == first.document && sample.region == first.region),
            1 => Some(input.choice(&SAMPLES)),
            _ => None,
        };
        let Some(sample) = sample else { continue };
        let text = if how & 0x80 == 0 { sample.text().into_bytes() } else { value_of_few_edits(sample, &mut input) };
        values.push((kind, text));
    }
    let evidence = values.iter().fold(document.clone().map_or(Evidence::new(), |document| Evidence::new().with_document(document)), with);
    let verified = verifier.verify_evidence(&evidence, expect);
    if let Some(json) = json(document.as_deref(), &values) {
        let read = Evidence::from_json(&edited_text(json.clone().into_bytes(), &mut input));
        if let Ok(evidence) = read {
            match verifier.verify_evidence(&evidence, expect) {
                Ok(authentic) => is_authentic(&authentic, authentic.region().as_str()),
                Err(error) => has_words(&error),
            }
        }
        let evidence = Evidence::from_json(json.as_bytes());
        let from_json = evidence.and_then(|evidence| verifier.verify_evidence(&evidence, expect));
        assert_eq!(from_json.as_ref().err(), verified.as_ref().err(), "from JSON as from values");
    }
    let authentic = match verified {
        Ok(authentic) => authentic,
        Err(error) => return has_words(&error),
    };
    is_authentic(&authentic, if expect == Expect::AnyRegion { authentic.region().as_str() } else { region.as_str() });
    let found = authentic.document().as_bytes();
    assert!(document.is_none_or(|document| document == found), "the document that was presented");
    for (kind, text) in &values {
        let is_skipped = authentic.skipped().iter().any(|skipped| skipped.kind == *kind);
        let has_verified = authentic.signatures().iter().any(|signature| signature.kind() == *kind);
        assert!(is_skipped != has_verified, "{kind} has verified or was skipped");
        assert!(!has_verified || allowed.contains(kind), "{kind} was allowed");
        assert!(!has_verified || verifier.verify(found, text, authentic.region().as_str()).is_ok(), "{kind} verifies alone");
    }
    assert_eq!(authentic.signatures().len() + authentic.skipped().len(), values.len(), "nothing else has verified");
}

/// The document and the region are what was signed; the certificates are the region's.
fn is_authentic(authentic: &Authentic, region: &str) {
    let document = authentic.document();
    assert!(was_signed(region, document.as_bytes()), "{region} has not signed this");
    assert_eq!((authentic.region().as_str(), document.region().as_str()), (region, region));
    assert!(!authentic.signatures().is_empty());
    for signature in authentic.signatures() {
        let slot = VERIFIER.store().get(authentic.region(), signature.kind()).expect("the slot is filled");
        assert_eq!(slot.der(), signature.certificate().der(), "the one certificate of its slot");
    }
}

/// A value that verifies, or not, does so under the name of its endpoint too; with the same error, if it is not the name's.
fn same_error_of_named_value(verified: &Result<Authentic, Error>, document: &[u8], signature: &[u8], region: &str) {
    let authentic = match verified {
        Ok(authentic) => authentic,
        Err(error) => return has_words(error),
    };
    let kind = authentic.signatures()[0].kind();
    for name in SignatureKind::ALL {
        let evidence = with(Evidence::new().with_document(document), &(name, signature.to_vec()));
        let again = VERIFIER.verify_evidence(&evidence, Expect::Region(&region.parse().unwrap()));
        assert_eq!(again.is_ok(), name == kind, "{kind} under the name of {name}");
    }
}

/// An error can be shown, and shows no more than a few lines.
fn has_words(error: &Error) {
    assert!(!error.to_string().is_empty() && error.to_string().len() < 2048 && !error.code().is_empty());
}

fn with(evidence: Evidence, (kind, text): &(SignatureKind, Vec<u8>)) -> Evidence {
    match kind {
        SignatureKind::Rsa2048 => evidence.with_rsa2048(text.clone()),
        SignatureKind::Dsa => evidence.with_pkcs7(text.clone()),
        SignatureKind::Rsa => evidence.with_signature(text.clone()),
    }
}

/// The evidence as JSON, if all of it is text.
fn json(document: Option<&[u8]>, values: &[(SignatureKind, Vec<u8>)]) -> Option<String> {
    let mut fields = serde_json::Map::new();
    let named = values.iter().map(|(kind, text)| (kind.endpoint(), text.as_slice()));
    for (name, text) in document.map(|document| ("document", document)).into_iter().chain(named) {
        fields.insert(name.to_owned(), std::str::from_utf8(text).ok()?.into());
    }
    Some(serde_json::Value::Object(fields).to_string())
}

/// The sample's document, changed or not, or that of another.
fn document(sample: &Sample, how: u8, input: &mut Input<'_>) -> Vec<u8> {
    match how {
        0 | 1 => sample.document.clone(),
        2 => input.choice(&SAMPLES).document.clone(),
        _ => edited_text(sample.document.clone(), input),
    }
}

/// The sample's value, changed as the rest of the input says, as text.
fn value(sample: &Sample, input: &mut Input<'_>) -> Vec<u8> {
    if input.is_empty() {
        return sample.text().into_bytes();
    }
    match input.byte() % 4 {
        0 => edited_text(sample.text().into_bytes(), input),
        1 => input.rest().to_vec(),
        2 => STANDARD.encode(input.rest()).into_bytes(),
        _ => served(&edits::edited(&sample.value, &CMS_VALUES, input.rest())).into_bytes(),
    }
}

/// The sample's value with at most three edits, so that more of the input is left.
fn value_of_few_edits(sample: &Sample, input: &mut Input<'_>) -> Vec<u8> {
    if input.byte().is_multiple_of(4) {
        return edited_text(sample.text().into_bytes(), input);
    }
    served(&edits::edit(&sample.value, &CMS_VALUES, input, 3)).into_bytes()
}

/// Up to 7 changes of a text: octets replaced, put in or taken out.
fn edited_text(mut text: Vec<u8>, input: &mut Input<'_>) -> Vec<u8> {
    for _ in 0..input.byte() % 8 {
        let (operation, at) = (input.byte(), input.number() % (text.len() + 1));
        match operation % 3 {
            0 if at < text.len() => text[at] = input.byte(),
            1 => drop(text.splice(at..at, input.take(usize::from(operation / 3) % 16).to_vec())),
            _ => drop(text.drain(at..text.len().min(at + usize::from(operation / 3)))),
        }
    }
    text
}
