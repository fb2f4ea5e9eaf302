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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::published::{bytes, vectors};

    /// The first domain of NIST's vectors.
    fn domain() -> [Box<[u8]>; 3] {
        let vectors = vectors("dsa_sig_ver.rsp");
        let domain = vectors.iter().find(|vector| vector.contains_key("P")).unwrap();
        ["P", "Q", "G"].map(|name| bytes(&domain[name]))
    }

    /// The key whose private number is 1, and the signature (r, 1) with the digest that it is over: for x = 1, s = (z + r) / k.
    fn key_and_signature() -> (Key, U192, [u8; 20]) {
        let [p, q, g] = domain();
        let key = Key::new(&p, &q, &g, &g).unwrap();
        let q = key.q.as_nz_ref();
        let k = U192::from_u64(0x1234_5678_9abc_def1);
        let r = key.power(&key.small, [&k, &U192::ZERO]).rem_vartime(q);
        let z = k.sub_mod(&r, q).to_be_bytes();
        let mut digest = [0; 20];
        digest.copy_from_slice(&z.as_ref()[4..]);
        (key, r, digest)
    }

    fn der(r: &U192, s: &U192) -> Vec<u8> {
        // With a leading zero, as many octets as a number above 2^159 has. DER asks for it only there.
        let integer = |number: &U192| {
            let octets: Vec<u8> = number.to_be_bytes().as_ref().iter().copied().skip_while(|octet| *octet == 0).collect();
            let zero = usize::from(octets.first().is_none_or(|first| *first >= 0x80));
            [&[0x02, (zero + octets.len()) as u8], &[0; 1][..zero], &octets].concat()
        };
        let integers = [integer(r), integer(s)].concat();
        [&[0x30, integers.len() as u8], integers.as_slice()].concat()
    }

    #[test]
    fn r_and_s_are_between_zero_and_q() {
        let (key, r, digest) = key_and_signature();
        let (one, q) = (U192::ONE, *key.q.as_ref());
        assert_eq!(key.verify(&digest, &der(&r, &one)), Ok(()));
        // The same modulo q.
        for (r, s) in [(r, one.wrapping_add(&q)), (r.wrapping_add(&q), one), (r, U192::ZERO), (U192::ZERO, one), (r, q), (q, one)] {
            assert_eq!(key.verify(&digest, &der(&r, &s)), Err(SignatureFault::Invalid), "{r} {s}");
        }
    }

    #[test]
    fn the_large_comb_is_made_when_the_small_one_has_been_used_twelve_times() {
        let (key, r, digest) = key_and_signature();
        for uses in 0..14 {
            assert_eq!(key.large.get().is_some(), uses > LARGE_PAYS_AT, "{uses}");
            assert_eq!(key.verify(&digest, &der(&r, &U192::ONE)), Ok(()));
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "whether numbers are prime takes Miri hours")]
    fn p_and_q_both_have_to_be_prime() {
        let [p, q, g] = domain();
        assert_eq!(Key::new(&p, &q, &g, &g).unwrap().check(), Ok(()));
        for numbers in [COMPOSITE_P, COMPOSITE_Q] {
            let [p, q, g] = numbers.map(bytes);
            let key = Key::new(&p, &q, &g, &g).unwrap();
            assert_eq!(key.power(&key.small, [key.q.as_ref(), &U192::ZERO]), U1024::ONE, "the order of g divides q");
            assert_eq!(key.check(), Err(KeyFault::Parameters));
        }
    }

    /// p, q and g, made for this test: p is the product of two primes, q a prime, and q divides one less than the first.
    const COMPOSITE_P: [&str; 3] = [
        "b17c37dcf02ccdc2363fcb76ad4f05b066d2095cdc02db301c3845f9e8b887efee1bc77c84156f7e1bc2c77cdf8d924289d362955bacf97eb0c36b8b\
         ed2e8abe6bb42a3ee186228b3ae8ac17950aa13c2cf3478d2b482f966144ca151b5749525c4ad11cd24db66026d3c01fb4193ba92da0060e6db38e29\
         216a2bca507de957",
        "f20bbf63bb7c42b9fb488a4e6ab30abd4e08d5cd",
        "82e19d4eac29d8591678b910ea30d2c7fc9b973de550409f4fb100832804d5a7e4d6be7a6f9e3038511053e37855f7930e73203ad54ce5e3e5de8682\
         24f49def954a2ad4ab96d16bdfc465b68d6ef4ae3de842dca91fca7ee63f42c0ce223b78a016cf1e9cb5af6e1a1c4443ad1fb7aefa78aa542fa5345b\
         fa08df8efd3d204a",
    ];

    /// The same: p is prime, q the product of two primes of 80 bits, and divides p - 1.
    const COMPOSITE_Q: [&str; 3] = [
        "c41501d9ac22668a12277232301c95c0f8d99fd14fce15c34d8f5f4f68203b5c0090876e231754e6714bffaab74d29ffd0c23719e77367c77dcc0721\
         62d30485f12f9e506eaef505a5f961c88b09aa801bd6f2e0b164139ccdfe0f30bc8c2f74a9d82a1b7ad30b16ce03e5cadbab4b23c854f50a4e326590\
         ff653b507fba1bc1",
        "e23801e58ba825e067b039c12eafe22127fe8e21",
        "033887a308c6f29b43c562cf4a58f17953fb7472c92a67b1a6c52009ab15b272051a4ad1099b06550762c4ecca99178af756b0e51e8f12239fea117a\
         722f2ba75f5350e210c89e8b47e59c21cc601c39fd22cce8c04c59f23e824bbca092fe4205fabbd2ec520a44599bbfdad09af7ded1cfb154b0fe0c1d\
         811505d8d7123e53",
    ];
}
