//! Every single-bit flip and every truncation of a certificate: a store takes it or refuses it, and never panics.

use std::collections::BTreeMap;
use std::ops::Range;
use std::thread;

use instance_identity::{CertStore, SignatureKind};

use crate::tlv::{contents, elements, key_of};
use crate::{der, partition, pem, region};

/// `ok`, or the code of the error.
fn outcome(kind: SignatureKind, certificate: &[u8]) -> &'static str {
    let mut store = CertStore::empty();
    let added = store.add(&region("us-east-1"), &partition("aws"), kind, certificate);
    let count = store.certificates().count();
    match added {
        Ok(()) => {
            assert_eq!(count, 1);
            "ok"
        }
        Err(error) => {
            assert_eq!(count, 0);
            error.code()
        }
    }
}

/// The outcome of the flip of every bit, the first bit first.
fn flips(kind: SignatureKind, der: &[u8]) -> Vec<&'static str> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let flip = |bit: usize| {
        let mut flipped = der.to_vec();
        flipped[bit / 8] ^= 0x80 >> (bit % 8);
        (bit, outcome(kind, &flipped))
    };
    let outcomes = thread::scope(|scope| {
        // Neighbours take equally long, so every worker gets some of each kind.
        let share = |worker: usize| scope.spawn(move || (worker..der.len() * 8).step_by(workers).map(flip).collect::<Vec<_>>());
        let shares: Vec<_> = (0..workers).map(share).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap()).collect::<BTreeMap<_, _>>()
    });
    assert_eq!(outcomes.len(), der.len() * 8);
    outcomes.into_values().collect()
}

/// The bits of `part` in `der`, where it stands once.
fn bits_of(der: &[u8], part: &[u8]) -> Range<usize> {
    let starts = der.windows(part.len()).enumerate().filter(|(_, window)| *window == part).map(|(start, _)| start);
    let [start] = starts.collect::<Vec<_>>()[..] else { panic!("it stands there more or less than once") };
    start * 8..(start + part.len()) * 8
}

/// The bits of `range` whose flips are not refused.
fn taken(flips: &[&'static str], range: Range<usize>) -> Vec<usize> {
    range.filter(|bit| flips[*bit] == "ok").collect()
}

#[test]
fn no_flipped_bit_of_a_dsa_key_is_taken() {
    let der = der(&pem("us-east-1/dsa"));
    let flips = flips(SignatureKind::Dsa, &der);
    assert_eq!(taken(&flips, bits_of(&der, &key_of(&der))), NONE);
    // Nor are the flips in what is read of the rest: the headers, as far as they stand before the key.
    assert_eq!(taken(&flips, 0..8 * 8), NONE);
}

#[test]
fn a_flipped_bit_of_an_rsa_key_is_taken_only_in_the_modulus() {
    let der = der(&pem("us-east-1/rsa"));
    let flips = flips(SignatureKind::Rsa, &der);
    let key = key_of(&der);
    let modulus = elements(&contents(elements(&key)[1])[1..])[0].to_vec();
    // The first octet keeps the number positive; the next one's first bit gives it its size; the last bit makes it odd.
    let modulus = bits_of(&der, contents(&modulus));
    assert_eq!(taken(&flips, modulus.clone()), (modulus.start + 9..modulus.end - 1).collect::<Vec<_>>());
    let key = bits_of(&der, &key);
    assert_eq!(taken(&flips, key.start..modulus.start), NONE);
    assert_eq!(taken(&flips, modulus.end..key.end), NONE);
}

#[test]
fn no_beginning_of_a_certificate_is_one() {
    for (slot, kind) in [("us-east-1/dsa", SignatureKind::Dsa), ("us-east-1/rsa", SignatureKind::Rsa)] {
        let der = der(&pem(slot));
        assert_eq!(outcome(kind, &der), "ok");
        for length in 0..der.len() {
            assert_eq!(outcome(kind, &der[..length]), "not_a_certificate", "{slot} cut to {length}");
        }
    }
}

const NONE: [usize; 0] = [];
