//! The cases: each follows from its number alone, so that one can be repeated.

use fastrand::Rng;
use instance_identity::SignatureKind;
use instance_identity_fuzz::edits;
use instance_identity_fuzz::samples::{CMS_VALUES, REGIONS, SAMPLES, Sample};

use crate::documents;
use crate::fields::CHANGES;
use crate::signing::sign_again;
use crate::value::{Value, key};

/// What both verify.
pub struct Case {
    pub number: u64,
    /// What was done to the sample, in words.
    pub made: String,
    /// Was anything done to it?
    pub is_changed: bool,
    /// The region that is expected.
    pub region: String,
    /// The document beside the value, if one is presented.
    pub document: Option<Vec<u8>>,
    /// The value, decoded.
    pub value: Vec<u8>,
}

impl Case {
    pub fn new(number: u64) -> Self {
        let mut random = Rng::with_seed(number);
        let random = &mut random;
        let sample = sample(random);
        let mut case = Self {
            number,
            made: format!("{} of {}", sample.kind, sample.region),
            is_changed: false,
            region: sample.region.clone(),
            document: Some(sample.document.clone()),
            value: sample.value.clone(),
        };
        if sample.kind == SignatureKind::Rsa {
            case.change_bare(sample, random)
        } else {
            case.change_cms(sample, random)
        }
        case.change_around(sample, random);
        case
    }

    /// By byte, by element or by field; after the latter two often signed again.
    fn change_cms(&mut self, sample: &Sample, random: &mut Rng) {
        let how = random.u8(..100);
        if how < 3 {
            return;
        }
        if how < 15 {
            self.value = documents::bytes(std::mem::take(&mut self.value), random);
            return self.note("bytes");
        }
        if how < 45 {
            let edits: Vec<u8> = (0..random.u8(3..16)).map(|_| random.u8(..)).collect();
            self.value = edits::edited(&self.value, &CMS_VALUES, &edits);
            self.note("elements");
        } else {
            let Some(mut value) = Value::read(&self.value) else { return };
            let changes = random.choice([1, 1, 1, 2, 3]).unwrap_or(1);
            for _ in 0..changes {
                let (name, change) = CHANGES[random.usize(..CHANGES.len())];
                if change(&mut value, random).is_some() {
                    self.note(name);
                }
            }
            self.value = value.encode();
        }
        if random.u8(..4) > 0
            && let Some(key) = key(&sample.region, sample.kind)
            && let Some(mut value) = Value::read(&self.value)
        {
            // The slot `rsa` signs no CMS value of AWS.
            let key = if self.made.contains("RSA-1024 signer") { instance_identity::testkit::TestKey::Rsa1024 } else { key };
            sign_again(&mut value, key, random);
            self.value = value.encode();
            self.note("signed again");
        }
    }

    /// Of a bare signature bytes; or another document is signed.
    fn change_bare(&mut self, sample: &Sample, random: &mut Rng) {
        match (random.u8(..4), key(&sample.region, sample.kind)) {
            (0, _) => {}
            (1 | 2, Some(key)) => {
                let document = documents::changed(&sample.document, random);
                self.value = key.sign(&document);
                self.document = Some(document);
                self.note("another document, signed");
            }
            _ => {
                self.value = documents::bytes(std::mem::take(&mut self.value), random);
                self.note("bytes");
            }
        }
    }

    /// The document beside the value, and the region.
    fn change_around(&mut self, sample: &Sample, random: &mut Rng) {
        match random.u8(..20) {
            0 => {
                self.document = Some(documents::changed(&sample.document, random));
                self.note("another document beside it");
            }
            1..=9 if sample.kind != SignatureKind::Rsa => {
                self.document = None;
                self.note_around("no document beside it");
            }
            // What is signed, if it can be found: else a changed content never fits the document.
            10..=17 if sample.kind != SignatureKind::Rsa => {
                if let Some(content) = Value::read(&self.value).and_then(|value| value.content()) {
                    self.document = Some(content);
                    self.note_around("its content beside it");
                }
            }
            18 => {
                self.region = REGIONS[random.usize(..REGIONS.len())].to_owned();
                self.note("another region");
            }
            _ => {}
        }
    }

    fn note(&mut self, change: &str) {
        self.is_changed = true;
        self.note_around(change);
    }

    fn note_around(&mut self, what: &str) {
        self.made.push_str(", ");
        self.made.push_str(what);
    }
}

/// Mostly CMS values, mostly those that can be signed again.
fn sample(random: &mut Rng) -> &'static Sample {
    loop {
        let sample = &SAMPLES[random.usize(..SAMPLES.len())];
        let share = match (sample.kind, key(&sample.region, sample.kind)) {
            (SignatureKind::Rsa, _) => 80,
            (_, None) => 120,
            _ => 255,
        };
        if random.u8(..) < share {
            return sample;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_follows_from_its_number() {
        for number in 0..200 {
            let (one, again) = (Case::new(number), Case::new(number));
            assert_eq!((&one.value, &one.document, &one.region, &one.made), (&again.value, &again.document, &again.region, &again.made));
        }
    }

    #[test]
    fn a_value_is_taken_apart_and_written_as_it_is() {
        for value in CMS_VALUES.iter() {
            assert_eq!(Value::read(value).unwrap().encode(), *value);
        }
    }
}
