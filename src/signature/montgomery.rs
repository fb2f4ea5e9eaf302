//! Montgomery multiplication modulo an odd number of 1024 or 2048 bits.
//!
//! The one place with arithmetic of our own. `crypto-bigint` has it for every size and in constant time. That is what a signer needs; here
//! all data is public, the sizes are two, and the modulus is known long before the signature. So much can be left out that the work takes
//! about 0.6 of the time, and verification is little else (benches/compare has the figures).
//!
//! # Numbers
//! A number is one block for 1024 bits and two for 2048. A block is 17 limbs of 61 bits, the lowest first, each in a word of 64. A product of
//! limbs has 122 bits, which leaves room in a `u128` to add up a whole column and carry once, where full words need a carry for each product.
//! What is done with one or two blocks is written out column by column, so that every index is known to the compiler. It makes fast code of
//! that for any processor, and the code fits the cache because both sizes share it.
//!
//! # Bounds
//! With B blocks, R = 2^(1037 B), and n < R / 2^13. A residue x stands for x / R mod n, and is below 2 n, not always below n. So is any
//! number of `SIZE` octets, since the highest bit of n is set.
//! * The Montgomery product of a and b is (a b + m n) / R with m < R. From a, b < 2 n it follows that it is below
//!   (4 n n + R n) / R < 2 n. So products can be multiplied on with no subtraction in between, and fit B blocks: from the highest one
//!   nothing is carried.
//! * The factors of a product of limbs are below 2^61, but for one where products stand twice, in `square` and `block_square`: that is doubled.
//!   A column adds 17 of them at most, the limb that was there, below 2^62, and a carry below 2^67:
//!   17 * 2^61 * 2^62 + 2^62 + 2^67 < 2^128.
//! * The highest column of two blocks has no products, so what is carried out of it is below 8. It goes to the lowest limb of the next block, at
//!   most three times, so that limb is below 2^62; and below 2^61 again as soon as a product is added to its block. One is, always: the last
//!   product of `mul` and of `reduce` ends in the highest block.
//! * Every index is below the length of its array by the bounds of the loop or the macro that it stands in.

#![allow(clippy::indexing_slicing)]

/// An odd modulus of 1024 bits for one block, 2048 bits for two.
#[derive(Debug)]
pub(crate) struct Modulus<const B: usize> {
    n: Number<B>,
    /// -1 / n modulo 2^61.
    n0: u64,
    /// The residue of R.
    r2: Number<B>,
}

/// A number, or a residue.
pub(crate) type Number<const B: usize> = [Block; B];

pub(crate) type Block = [u64; 17];

impl<const B: usize> Modulus<B> {
    /// The modulus, big-endian. None unless it is odd, and has `SIZE` octets and its highest bit set.
    pub(crate) fn new(n: &[u8]) -> Option<Self> {
        let (0x80..=0xff, true) = (*n.first()?, n.last()? % 2 == 1) else { return None };
        if n.len() != Self::SIZE {
            return None;
        }
        let n = from_octets(n);
        // Newton: each step doubles the number of low bits in which x n = 1. In the first 3 it holds for x = n.
        let inverse = (0..5).fold(n[0][0], |x, _| x.wrapping_mul(2_u64.wrapping_sub(n[0][0].wrapping_mul(x))));
        let modulus = Self { n, n0: inverse.wrapping_neg() & MASK, r2: n };
        // The residue of 2 is 2 R mod n: doubled from the next power of 2 above n, which is below 2 n. Its (bits of R)th power is that of R.
        let bits = LIMB_BITS as usize * 17 * B;
        let next = modulus.reduced(power_of_two(8 * Self::SIZE));
        let two = (8 * Self::SIZE..=bits).fold(next, |x, _| modulus.double(&x));
        let mut power = two;
        for bit in (0..bits.ilog2()).rev() {
            modulus.square(&mut power);
            if bits >> bit & 1 == 1 {
                power = modulus.double(&modulus.reduced(power));
            }
        }
        Some(Self { r2: power, ..modulus })
    }

    /// The residue of a number, big-endian, of at most `SIZE` octets.
    pub(crate) fn residue(&self, number: &[u8]) -> Number<B> {
        self.mul(&from_octets(number), &self.r2)
    }

    /// The number of a residue, big-endian and below the modulus. The buffer has `SIZE` octets.
    pub(crate) fn number(&self, residue: &Number<B>, number: &mut [u8]) {
        to_octets(&self.reduced(self.mul(residue, &power_of_two(0))), number);
    }

    /// x^65537 for a number x, big-endian, below the modulus. Both have `SIZE` octets.
    pub(crate) fn power_65537(&self, number: &[u8], power: &mut [u8]) {
        let number = from_octets(number);
        let mut residue = self.mul(&number, &self.r2);
        for _ in 0..16 {
            self.square(&mut residue);
        }
        // The last factor is no residue, so neither is the product.
        to_octets(&self.reduced(self.mul(&residue, &number)), power);
    }

    /// The product of two residues.
    pub(crate) fn mul(&self, a: &Number<B>, b: &Number<B>) -> Number<B> {
        let mut t = [[[0; 17]; 2]; B];
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                add_product(&mut t.as_flattened_mut()[i + j..], a, b);
            }
        }
        let mut product = *a;
        self.reduce(&mut t, &mut product);
        product
    }

    /// Multiplies a residue with itself.
    pub(super) fn square(&self, a: &mut Number<B>) {
        let mut t = [[[0; 17]; 2]; B];
        for (t, a) in t.iter_mut().zip(&*a) {
            block_square(t, a);
        }
        if let [low, high] = a.as_slice() {
            add_product(&mut t.as_flattened_mut()[1..], high, &low.map(|limb| 2 * limb));
        }
        self.reduce(&mut t, a);
    }

    /// Sets `result` to (t + m n) / R, with the m < R for which there is no remainder.
    fn reduce(&self, t: &mut [[Block; 2]; B], result: &mut Number<B>) {
        let t = t.as_flattened_mut();
        let mut m = [0; 17];
        for i in 0..B {
            cancel(&mut t[i..], &self.n[0], self.n0, &mut m);
            for (j, n) in self.n.iter().enumerate().skip(1) {
                add_product(&mut t[i + j..], &m, n);
            }
        }
        result.copy_from_slice(&t[B..]);
    }

    /// 2 x mod n, for x < n.
    fn double(&self, x: &Number<B>) -> Number<B> {
        let mut carry = 0;
        self.reduced(x.map(|block| {
            block.map(|limb| {
                let sum = 2 * limb + carry;
                carry = sum >> LIMB_BITS;
                sum & MASK
            })
        }))
    }

    /// x mod n, for x < 2 n.
    fn reduced(&self, x: Number<B>) -> Number<B> {
        let mut borrow = 0;
        let difference = core::array::from_fn(|i| {
            core::array::from_fn(|k| {
                let difference = x[i][k].wrapping_sub(self.n[i][k]).wrapping_sub(borrow);
                borrow = difference >> 63;
                difference & MASK
            })
        });
        if borrow == 0 { difference } else { x }
    }

    /// The length of the modulus in octets.
    const SIZE: usize = 128 * B;
}

/// The body once for each number.
macro_rules! each {
    ($k:ident in [$($number:literal)*] $body:block) => { $( { let $k: usize = $number; $body } )* };
}

/// Adds a b to the first two blocks of t, and what they cannot hold to the third.
#[inline(never)]
fn add_product(t: &mut [Block], a: &Block, b: &Block) {
    let [low, high, rest @ ..] = t else { return };
    let mut carry = 0;
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
        let mut sum = u128::from(low[k]) + carry;
        for i in 0..k + 1 {
            sum += product(a[i], b[k - i]);
        }
        low[k] = sum as u64 & MASK;
        carry = sum >> LIMB_BITS;
    });
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
        let mut sum = u128::from(high[k]) + carry;
        for i in k + 1..17 {
            sum += product(a[i], b[k + 17 - i]);
        }
        high[k] = sum as u64 & MASK;
        carry = sum >> LIMB_BITS;
    });
    add_carry(rest, carry);
}

/// Adds m n to the first two blocks of t, and what they cannot hold to the third, for the m that makes the first block zero. That block is
/// not written: nothing reads it any more. Sets m.
#[inline(never)]
fn cancel(t: &mut [Block], n: &Block, n0: u64, m: &mut Block) {
    let [low, high, rest @ ..] = t else { return };
    let mut carry = 0;
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
        let mut sum = u128::from(low[k]) + carry;
        for i in 0..k {
            sum += product(m[i], n[k - i]);
        }
        m[k] = (sum as u64).wrapping_mul(n0) & MASK;
        carry = (sum + product(m[k], n[0])) >> LIMB_BITS;
    });
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
        let mut sum = u128::from(high[k]) + carry;
        for i in k + 1..17 {
            sum += product(m[i], n[k + 17 - i]);
        }
        high[k] = sum as u64 & MASK;
        carry = sum >> LIMB_BITS;
    });
    add_carry(rest, carry);
}

/// Sets two blocks to the square of one. Products that stand twice are multiplied once.
#[inline(never)]
fn block_square([low, high]: &mut [Block; 2], a: &Block) {
    let twice = a.map(|limb| 2 * limb);
    let mut carry = 0;
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16] {
        let mut sum = carry;
        for i in 0..k.div_ceil(2) {
            sum += product(a[i], twice[k - i]);
        }
        if k.is_multiple_of(2) {
            sum += product(a[k / 2], a[k / 2]);
        }
        low[k] = sum as u64 & MASK;
        carry = sum >> LIMB_BITS;
    });
    each!(k in [0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] {
        let mut sum = carry;
        for i in k + 1..k / 2 + 9 {
            sum += product(a[i], twice[k + 17 - i]);
        }
        if !k.is_multiple_of(2) {
            sum += product(a[k / 2 + 9], a[k / 2 + 9]);
        }
        high[k] = sum as u64 & MASK;
        carry = sum >> LIMB_BITS;
    });
    high[16] = carry as u64;
}

#[inline(always)]
fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

fn add_carry(rest: &mut [Block], carry: u128) {
    if let [[lowest, ..], ..] = rest {
        *lowest += carry as u64;
    }
}

fn power_of_two<const B: usize>(exponent: usize) -> Number<B> {
    let (limb, bit) = (exponent / LIMB_BITS as usize, exponent % LIMB_BITS as usize);
    let mut power = [[0; 17]; B];
    power[limb / 17][limb % 17] = 1 << bit;
    power
}

/// A number of at most 128 B octets, big-endian.
fn from_octets<const B: usize>(octets: &[u8]) -> Number<B> {
    let (first, chunks) = octets.as_rchunks::<8>();
    let first = first.iter().fold(0, |word, octet| word * 0x100 + u64::from(*octet));
    // One word more than the number can have, so that each word has a next one.
    let mut words = [0; 33];
    for (word, value) in words.iter_mut().zip(chunks.iter().rev().map(|chunk| u64::from_be_bytes(*chunk)).chain([first])) {
        *word = value;
    }
    core::array::from_fn(|i| {
        core::array::from_fn(|k| {
            let bit = (17 * i + k) * LIMB_BITS as usize;
            let two_words = u128::from(words[bit / 64]) + (u128::from(words[bit / 64 + 1]) << 64);
            (two_words >> (bit % 64)) as u64 & MASK
        })
    })
}

/// Writes a number big-endian into a buffer of 128 B octets.
fn to_octets<const B: usize>(number: &Number<B>, octets: &mut [u8]) {
    let mut limbs = number.as_flattened().iter();
    let (mut bits, mut count) = (0_u128, 0);
    let (_, words) = octets.as_rchunks_mut::<8>();
    for word in words.iter_mut().rev() {
        while count < 64 {
            bits |= u128::from(limbs.next().copied().unwrap_or_default()) << count;
            count += LIMB_BITS;
        }
        *word = (bits as u64).to_be_bytes();
        bits >>= 64;
        count -= 64;
    }
}

const LIMB_BITS: u32 = 61;
const MASK: u64 = (1 << LIMB_BITS) - 1;

#[cfg(test)]
mod tests {
    use crypto_bigint::{NonZero, U1024, U2048};

    use super::*;

    /// Numbers at the edges of octets, limbs and blocks, the highest bit set, and any ones.
    fn numbers(size: usize) -> Vec<Vec<u8>> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut any = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 24) as u8
        };
        let mut numbers = vec![vec![0; size], vec![0xff; size], vec![0xaa; size], vec![0x80; size]];
        for bit in [0, 1, 2, 60, 61, 62, 63, 64, 122, 975, 976, 1022, 1023, 8 * size - 2, 8 * size - 1] {
            let mut power = vec![0; size];
            power[size - 1 - bit / 8] = 1 << (bit % 8);
            let mut below = vec![0; size];
            below[size - 1 - bit / 8..].fill(0xff);
            below[size - 1 - bit / 8] = (1 << (bit % 8)) - 1;
            numbers.extend([power, below]);
        }
        numbers.extend((0..12).map(|_| (0..size).map(|_| any()).collect()));
        numbers
    }

    macro_rules! agrees_with_crypto_bigint {
        ($name:ident, $blocks:literal, $integer:ident) => {
            #[test]
            fn $name() {
                let numbers = numbers(128 * $blocks);
                // With the lowest and the highest bit set, every one of them makes a modulus. Miri takes a thousand times as long.
                let (moduli, pairs) = if cfg!(miri) { (15, 9) } else { (1, 1) };
                for mut n in numbers.iter().step_by(moduli).cloned() {
                    n[0] |= 0x80;
                    n[128 * $blocks - 1] |= 1;
                    let modulus = Modulus::<$blocks>::new(&n).unwrap();
                    let n = NonZero::new($integer::from_be_slice(&n)).unwrap();
                    let number = |residue: &Number<$blocks>| {
                        let mut number = [0; 128 * $blocks];
                        modulus.number(residue, &mut number);
                        $integer::from_be_slice(&number)
                    };
                    for (a, b) in numbers.iter().zip(numbers.iter().cycle().skip(7)).step_by(pairs) {
                        let (x, y) = (modulus.residue(a), modulus.residue(b));
                        let (a, b) = ($integer::from_be_slice(a).rem(&n), $integer::from_be_slice(b).rem(&n));
                        assert_eq!(number(&x), a);
                        assert_eq!(number(&modulus.mul(&x, &y)), a.mul_mod(&b, &n));
                        assert_eq!(number(&square(&modulus, x)), a.mul_mod(&a, &n));
                        // The same residues, but n larger, as a product may be.
                        let [x, y] = [x, y].map(|residue| plus(modulus.reduced(residue), &modulus.n));
                        assert_eq!(number(&modulus.mul(&x, &y)), a.mul_mod(&b, &n));
                        assert_eq!(number(&square(&modulus, x)), a.mul_mod(&a, &n));
                        let mut power = [0; 128 * $blocks];
                        modulus.power_65537(&a.to_be_bytes().as_ref(), &mut power);
                        let expected = (0..16).fold(a, |power, _| power.mul_mod(&power, &n)).mul_mod(&a, &n);
                        assert_eq!($integer::from_be_slice(&power), expected);
                    }
                }
            }
        };
    }

    agrees_with_crypto_bigint!(one_block_agrees_with_crypto_bigint, 1, U1024);
    agrees_with_crypto_bigint!(two_blocks_agree_with_crypto_bigint, 2, U2048);

    fn square<const B: usize>(modulus: &Modulus<B>, mut residue: Number<B>) -> Number<B> {
        modulus.square(&mut residue);
        residue
    }

    fn plus<const B: usize>(a: Number<B>, b: &Number<B>) -> Number<B> {
        let mut carry = 0;
        core::array::from_fn(|i| {
            core::array::from_fn(|k| {
                let sum = a[i][k] + b[i][k] + carry;
                carry = sum >> LIMB_BITS;
                sum & MASK
            })
        })
    }

    #[test]
    fn a_number_may_have_any_length_up_to_that_of_the_modulus() {
        let octets: [u8; 128] = core::array::from_fn(|i| (0xf1 + 7 * i) as u8);
        for length in 0..=128 {
            let padded = [&[0; 128][length..], &octets[128 - length..]].concat();
            assert_eq!(from_octets::<1>(&octets[128 - length..]), from_octets::<1>(&padded), "{length}");
            let mut written = [0; 128];
            to_octets(&from_octets::<1>(&octets[128 - length..]), &mut written);
            assert_eq!(written.as_slice(), padded, "{length}");
        }
    }

    #[test]
    fn a_modulus_is_odd_and_has_all_of_its_bits() {
        let good = [vec![0x80], vec![0; 126], vec![0x01]].concat();
        assert!(Modulus::<1>::new(&good).is_some());
        assert!(Modulus::<2>::new(&good).is_none());
        for (at, octet) in [(0, 0x7f), (127, 0x02)] {
            let mut bad = good.clone();
            bad[at] = octet;
            assert!(Modulus::<1>::new(&bad).is_none(), "{at}");
        }
        for bad in [&[][..], &[0x81], &good[1..], &[&[0x80], good.as_slice()].concat()] {
            assert!(Modulus::<1>::new(bad).is_none(), "{} octets", bad.len());
        }
    }
}
