//! Noise: nothing of it panics, and nothing is accepted that says something other than what was signed.

use instance_identity::{Class, Error, Evidence, Expect, SignatureKind, Verifier, verify, verify_cms};

use crate::support::captures;
use crate::support::tlv::{base64, unbase64};

/// xorshift64: the same noise at every run.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }

    /// Changes `bytes` in one of the ways in which bytes go wrong.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        match self.below(7) {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes[at] = self.next() as u8,
            2 if bytes.len() > 1 => drop(bytes.remove(at)),
            3 => bytes.insert(at, self.next() as u8),
            4 => bytes.truncate(at + 1),
            5 => {
                let length = self.below(bytes.len() - at).min(32);
                let piece = bytes[at..at + length].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            // Octets that mean something in BER: lengths, ends, tags.
            _ => bytes[at] = [0x00, 0x80, 0x82, 0x84, 0x89, 0xff, 0x30, 0x31, 0xa0, 0x24, 0x04, 0x1f][self.below(12)],
        }
    }
}

#[test]
fn random_bytes_are_refused() {
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    let document = captures::whole().document;
    for _ in 0..10_000 {
        let length = 1 + noise.below(300);
        let mut bytes = noise.bytes(length);
        if noise.below(2) == 0 {
            bytes[0] = 0x30;
        }
        let text = base64(&bytes);
        assert_eq!(verify_cms(&text, "us-west-2").unwrap_err().class(), Class::Malformed);
        let error = verify(&document, &text, "us-west-2").unwrap_err();
        let hint = None;
        assert!(error.class() == Class::Malformed || error == Error::SignatureInvalid { kind: SignatureKind::Rsa, hint }, "{error:?}");
        // As text they are hardly base64, and no JSON.
        assert_eq!(verify_cms(&bytes, "us-west-2").unwrap_err().class(), Class::Malformed);
        assert_eq!(Evidence::from_json(&bytes).unwrap_err().class(), Class::Malformed);
    }
}

#[test]
fn mutated_values_are_refused_or_say_what_was_signed() {
    let mut noise = Noise(0x2545_f491_4f6c_dd1d);
    let (mut accepted, mut refused) = (0, 0);
    for capture in captures::cms() {
        let genuine = capture.bytes();
        for _ in 0..1500 {
            let mut bytes = genuine.clone();
            for _ in 0..1 + noise.below(3) {
                noise.mutate(&mut bytes);
            }
            match verify_cms(&base64(&bytes), &capture.region) {
                Ok(verified) => {
                    assert_eq!(verified.document().as_bytes(), capture.document);
                    accepted += 1;
                }
                Err(Error::InvalidRegion | Error::UnknownRegion { .. } | Error::MissingSignature) => panic!("nothing of that was changed"),
                Err(_) => refused += 1,
            }
        }
    }
    // A mutation may change nothing, or write a length otherwise.
    assert!(accepted < refused / 50, "{accepted} accepted, {refused} refused");
}

#[test]
fn mutated_texts_are_refused_or_say_what_was_signed() {
    let mut noise = Noise(0x1234_5678_9abc_def1);
    let verifier = Verifier::bundled();
    for capture in captures::all() {
        for text in [&capture.signature, &capture.pkcs7, &capture.rsa2048].into_iter().flatten() {
            for _ in 0..500 {
                let mut mutated = text.clone();
                noise.mutate(&mut mutated);
                let evidence = Evidence::new().with_document(capture.document.clone()).with_any_kind(mutated.clone());
                if let Ok(verified) = verifier.verify_evidence(&evidence, Expect::AnyRegion) {
                    assert_eq!(verified.document().as_bytes(), capture.document);
                    assert_eq!(unbase64(&mutated), unbase64(text), "only white space may differ");
                }
            }
        }
    }
}

#[test]
fn mutated_documents_are_refused() {
    let mut noise = Noise(0x0dd_ba11);
    for capture in captures::all() {
        for text in [&capture.signature, &capture.pkcs7, &capture.rsa2048].into_iter().flatten() {
            for _ in 0..200 {
                let mut document = capture.document.clone();
                noise.mutate(&mut document);
                if document != capture.document {
                    let error = verify(&document, text, &capture.region).unwrap_err();
                    assert!(matches!(error, Error::SignatureInvalid { .. } | Error::DocumentMismatch { .. }), "{error:?}");
                }
            }
        }
    }
}
