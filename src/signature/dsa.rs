//! DSA verification with p of 1024 and q of 160 bits ([FIPS 186-4 §4.7]).
//!
//! [FIPS 186-4 §4.7]: https://doi.org/10.6028/NIST.FIPS.186-4

mod comb;

use core::sync::atomic::{AtomicU32, Ordering};
use std::sync::OnceLock;

use crypto_bigint::{Odd, U192, U1024};
use crypto_primes::{Flavor, is_prime};
use der::asn1::UintRef;
use der::{Reader, SliceReader};

use self::comb::{Comb, Element, Field};
use super::{KeyFault, SignatureFault};

/// A public key with its domain parameters.
#[derive(Debug)]
pub(crate) struct Key {
    p: U1024,
    q: Odd<U192>,
    field: Field,
    g: Element,
    y: Element,
    /// Takes next to no time to make.
    small: Comb,
    /// Takes about a fifth of the time, once it is made.
    large: OnceLock<Comb>,
    /// How often `small` has done the work.
    uses: AtomicU32,
}

impl Key {
    /// The key of these integers, big-endian without leading zeros. Their sizes and ranges are tested here, what they are by
    /// [`check`](Self::check).
    pub(super) fn new(p: &[u8], q: &[u8], g: &[u8], y: &[u8]) -> Result<Self, KeyFault> {
        let has_all_bits = |integer: &[u8], size: usize| integer.len() == size && integer.first().is_some_and(|first| *first >= 0x80);
        if !has_all_bits(p, 128) || !has_all_bits(q, 20) {
            return Err(KeyFault::Algorithm);
        }
        let field = Field::new(p).ok_or(KeyFault::Parameters)?;
        let p = U1024::from_be_slice(p);
        let q = Odd::new(U192::from_be_slice(&padded::<24>(q))).into_option().ok_or(KeyFault::Parameters)?;
        let element = |integer: &[u8]| {
            let number = U1024::from_be_slice(&padded::<128>(integer));
            let in_range = integer.len() <= 128 && number > U1024::ONE && number < p;
            if in_range { Ok(field.residue(integer)) } else { Err(KeyFault::Parameters) }
        };
        let (g, y) = (element(g)?, element(y)?);
        let small = Comb::new(&field, [&g, &y], SMALL.0, SMALL.1);
        Ok(Self { p, q, field, g, y, small, large: OnceLock::new(), uses: AtomicU32::new(0) })
    }

    /// Tests the domain parameters and the key: p and q are prime, and g and y have the order q (FIPS 186-4 §4.1, §A.2.2; SP 800-89
    /// §5.3.1). Then q divides p - 1, since the order of an element divides that of its group. The sizes bound the time.
    pub(super) fn check(&self) -> Result<(), KeyFault> {
        let q = self.q.as_ref();
        let are_prime = is_prime(Flavor::Any, q) && is_prime(Flavor::Any, &self.p);
        // q is prime, so an element other than 1 whose q-th power is 1 has the order q.
        let have_order_q = [[q, &U192::ZERO], [&U192::ZERO, q]].map(|exponents| self.power(&self.small, exponents) == U1024::ONE);
        if are_prime && have_order_q == [true, true] { Ok(()) } else { Err(KeyFault::Parameters) }
    }

    /// Is `signature`, in DER, one over a message whose SHA-1 is `digest`?
    ///
    /// ```text
    /// Dss-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER }
    /// ```
    pub(crate) fn verify(&self, digest: &[u8; 20], signature: &[u8]) -> Result<(), SignatureFault> {
        let (r, s) = read(signature).ok_or(SignatureFault::Invalid)?;
        // FIPS 186-4 §4.7 step 1: 0 < r < q and 0 < s < q.
        let in_range = |integer: &U192| *integer != U192::ZERO && integer < self.q.as_ref();
        if !in_range(&r) || !in_range(&s) {
            return Err(SignatureFault::Invalid);
        }
        // Step 2. All of the digest is used: it has as many bits as q.
        let z = U192::from_be_slice(&padded::<24>(digest));
        let q = self.q.as_nz_ref();
        // There is an inverse unless q is no prime: `check` refuses such a key.
        let w = s.invert_odd_mod_vartime(&self.q).into_option().ok_or(SignatureFault::Invalid)?;
        let (u1, u2) = (z.mul_mod_vartime(&w, q), r.mul_mod_vartime(&w, q));
        let v = self.power(self.comb(), [&u1, &u2]).rem_vartime(q);
        if v == r { Ok(()) } else { Err(SignatureFault::Invalid) }
    }

    /// g and y, each raised to its exponent, multiplied modulo p.
    fn power(&self, comb: &Comb, exponents: [&U192; 2]) -> U1024 {
        let mut number = [0; 128];
        self.field.number(&comb.power(&self.field, exponents), &mut number);
        U1024::from_be_slice(&number)
    }

    /// The comb to use. The large one is made when the small one has been used so often that it had paid to make it at once. So all
    /// verifications together cost at most about twice what they had to, whether one comes or millions. Other threads do not wait for it.
    fn comb(&self) -> &Comb {
        match self.large.get() {
            Some(large) => large,
            None if self.uses.fetch_add(1, Ordering::Relaxed) == LARGE_PAYS_AT => {
                self.large.get_or_init(|| Comb::new(&self.field, [&self.g, &self.y], LARGE.0, LARGE.1))
            }
            None => &self.small,
        }
    }
}

fn read(signature: &[u8]) -> Option<(U192, U192)> {
    let mut reader = SliceReader::new(signature).ok()?;
    let integers = reader.sequence(|reader| Ok::<_, der::Error>((reader.decode::<UintRef<'_>>()?, reader.decode::<UintRef<'_>>()?)));
    let (r, s) = integers.ok()?;
    reader.finish().ok()?;
    let integer = |integer: UintRef<'_>| (integer.as_bytes().len() <= 20).then(|| U192::from_be_slice(&padded::<24>(integer.as_bytes())));
    Some((integer(r)?, integer(s)?))
}

/// `integer`, at most N bytes, with leading zeros.
fn padded<const N: usize>(integer: &[u8]) -> [u8; N] {
    let mut padded = [0; N];
    for (to, from) in padded.iter_mut().rev().zip(integer.iter().rev()) {
        *to = *from;
    }
    padded
}

/// The bits of a tooth, and the teeth of a group. One group of 3 products: 159 squarings, and some 120 multiplications, since 3 of 4 columns
/// have a bit.
const SMALL: (usize, usize) = (160, 2);

/// Two groups of 1023 products, 272 KiB: 15 squarings and 31 multiplications. Half of that, with (10, 8), took 7 % more time.
const LARGE: (usize, usize) = (16, 10);

/// Measured, memory included: making the large comb takes about as long as this many verifications with the small one.
const LARGE_PAYS_AT: u32 = 12;
