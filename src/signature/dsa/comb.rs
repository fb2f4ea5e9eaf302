//! Powers of two fixed bases by a comb (Lim and Lee, "More Flexible Exponentiation with Precomputation", CRYPTO '94).
//!
//! The two exponents are cut into spans of equal length: the teeth. A tooth stands for its base raised to the weight of the lowest bit of
//! its span. The bits at one place of all spans, a column, then ask for a product of teeth. Teeth are taken in groups, and all products
//! within a group are made beforehand. What is left to do is one multiplication for each group and column, and one squaring for each column.
//!
//! With one span for each exponent this is the method of Straus and Shamir, for which there is next to nothing to prepare.

use crypto_bigint::U192;

use crate::signature::montgomery::{Modulus, Number};

pub(super) type Field = Modulus<1>;
pub(super) type Element = Number<1>;

/// The products of teeth.
#[derive(Debug)]
pub(super) struct Comb {
    span: usize,
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    /// Where in both exponents, one behind the other, the span of each tooth starts.
    starts: Vec<usize>,
    /// The product of the teeth whose bits are set in the index; for the first, which has none, 1.
    products: Box<[Element]>,
}

impl Comb {
    /// A comb for `bases` and exponents of 160 bits: spans of so many bits, a divisor of 160, in groups of `size`.
    pub(super) fn new(field: &Field, bases: [&Element; 2], span: usize, size: usize) -> Self {
        let mut teeth = Vec::new();
        for (base, offset) in bases.into_iter().zip([0, U192::BITS as usize]) {
            let mut tooth = *base;
            for start in (0..EXPONENT_BITS).step_by(span) {
                if start > 0 {
                    (0..span).for_each(|_| field.square(&mut tooth));
                }
                teeth.push((offset + start, tooth));
            }
        }
        Self { span, groups: teeth.chunks(size).map(|teeth| Group::new(field, teeth)).collect() }
    }

    /// The product of the bases, each raised to its exponent.
    pub(super) fn power(&self, field: &Field, exponents: [&U192; 2]) -> Element {
        let bits = exponents.map(bits);
        let bits = bits.as_flattened().as_flattened();
        let columns = (0..self.span).rev();
        let products: Vec<_> = columns.flat_map(|column| self.groups.iter().map(move |group| group.product(bits, column))).collect();
        // Copied before the first is used: they lie far apart, and so memory is waited for once, and not for every one.
        let products: Vec<_> = products.into_iter().map(Option::<&Element>::copied).collect();
        let mut power = None;
        for column in products.chunks(self.groups.len()) {
            if let Some(power) = &mut power {
                field.square(power);
            }
            for product in column.iter().flatten() {
                match &mut power {
                    Some(power) => *power = field.mul(power, product),
                    None => power = Some(*product),
                }
            }
        }
        power.unwrap_or_else(|| field.residue(&[1]))
    }
}

impl Group {
    fn new(field: &Field, teeth: &[(usize, Element)]) -> Self {
        let mut products = Vec::with_capacity(1 << teeth.len());
        products.push(field.residue(&[1]));
        for (_, tooth) in teeth {
            for without_tooth in 0..products.len() {
                products.extend(products.get(without_tooth).map(|product| field.mul(product, tooth)));
            }
        }
        Self { starts: teeth.iter().map(|(start, _)| *start).collect(), products: products.into() }
    }

    /// The product that a column of the exponents' bits asks for, unless it is 1.
    fn product(&self, bits: &[u8], column: usize) -> Option<&Element> {
        let bits = self.starts.iter().map(|start| bits.get(start + column).copied().unwrap_or_default());
        let index = bits.rev().fold(0, |index, bit| 2 * index + usize::from(bit));
        if index == 0 { None } else { self.products.get(index) }
    }
}

/// The bits of an exponent in bytes of their own, the lowest first.
fn bits(exponent: &U192) -> [[u8; 8]; 24] {
    <[u8; 24]>::from(exponent.to_le_bytes()).map(|octet| core::array::from_fn(|bit| octet >> bit & 1))
}

/// The exponents are below q.
const EXPONENT_BITS: usize = 160;
