//! DSA verification with p of 1024 and q of 160 bits ([FIPS 186-4 §4.7]).
//!
//! [FIPS 186-4 §4.7]: https://doi.org/10.6028/NIST.FIPS.186-4

use ::dsa::signature::hazmat::PrehashVerifier;
use ::dsa::{Components, Signature, VerifyingKey};
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{BoxedUint, Odd, U192, U1024};
use crypto_primes::{Flavor, is_prime};
use der::asn1::UintRef;
use der::{Reader, SliceReader};

use super::{KeyFault, SignatureFault};

/// A public key with its domain parameters.
#[derive(Debug)]
pub(crate) struct Key {
    key: VerifyingKey,
    p: U1024,
    q: U192,
    g: U1024,
    y: U1024,
}

impl Key {
    /// The key of these integers, big-endian without leading zeros. Sizes are checked; what they are is tested by [`check`](Self::check).
    pub(super) fn new(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Result<Self, KeyFault> {
        let has_all_bits = |integer: &[u8], size: usize| integer.len() == size && integer.first().is_some_and(|first| *first >= 0x80);
        if !has_all_bits(p, 128) || !has_all_bits(q, 20) {
            return Err(KeyFault::Algorithm);
        }
        let is_odd = |integer: &[u8]| integer.last().is_some_and(|last| last % 2 == 1);
        if g.len() > 128 || y.len() > 128 || !is_odd(p) || !is_odd(q) {
            return Err(KeyFault::Parameters);
        }
        let boxed = |integer: &[u8], bits| BoxedUint::from_be_slice(integer, bits).map_err(|_| KeyFault::Parameters);
        let components = Components::from_components(boxed(p, 1024)?, boxed(q, 160)?, boxed(g, 1024)?);
        let key = components.and_then(|components| VerifyingKey::from_components(components, boxed(y, 1024).unwrap_or_default()));
        Ok(Self {
            key: key.map_err(|_| KeyFault::Parameters)?,
            p: U1024::from_be_slice(&padded::<128>(p)),
            q: U192::from_be_slice(&padded::<24>(q)),
            g: U1024::from_be_slice(&padded::<128>(g)),
            y: U1024::from_be_slice(&padded::<128>(y)),
        })
    }

    /// Tests the domain parameters and the key: p and q are prime, and g and y have the order q (FIPS 186-4 §4.1, §A.2.2; SP 800-89
    /// §5.3.1). Then q divides p - 1, since the order of an element divides that of its group. The sizes bound the time.
    pub(super) fn check(&self) -> Result<(), KeyFault> {
        let p = Odd::new(self.p).into_option().ok_or(KeyFault::Parameters)?;
        if !is_prime(Flavor::Any, &self.q) || !is_prime(Flavor::Any, &self.p) {
            return Err(KeyFault::Parameters);
        }
        let field = FixedMontyParams::new_vartime(p);
        for element in [&self.g, &self.y] {
            // q is prime, so an element other than 1 whose q-th power is 1 has the order q.
            let in_range = *element > U1024::ONE && *element < self.p;
            let power = FixedMontyForm::new(element, &field).pow_vartime(&self.q).retrieve();
            if !in_range || power != U1024::ONE {
                return Err(KeyFault::Parameters);
            }
        }
        Ok(())
    }

    /// Is `signature`, in DER, one over a message whose SHA-1 is `digest`?
    ///
    /// ```text
    /// Dss-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
    /// ```
    pub(super) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<(), SignatureFault> {
        let signature = read(signature).ok_or(SignatureFault::Invalid)?;
        // FIPS 186-4 §4.7 step 1 is there too: 0 < r < q and 0 < s < q.
        self.key.verify_prehash(digest, &signature).map_err(|_| SignatureFault::Invalid)
    }
}

fn read(signature: &[u8]) -> Option<Signature> {
    let mut reader = SliceReader::new(signature).ok()?;
    let integers = reader.sequence(|reader| Ok::<_, der::Error>((reader.decode::<UintRef<'_>>()?, reader.decode::<UintRef<'_>>()?)));
    let (r, s) = integers.ok()?;
    reader.finish().ok()?;
    let integer = |integer: UintRef<'_>| BoxedUint::from_be_slice(integer.as_bytes(), 160).ok();
    Signature::from_components(integer(r)?, integer(s)?)
}

/// `integer`, at most N bytes, with leading zeros.
fn padded<const N: usize>(integer: &[u8]) -> [u8; N] {
    let mut padded = [0; N];
    for (to, from) in padded.iter_mut().rev().zip(integer.iter().rev()) {
        *to = *from;
    }
    padded
}
