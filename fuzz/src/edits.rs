//! Fuzz bytes as a list of edits to a BER value, element by element. An element is meant by its place in the order in which elements begin.
//!
//! Lengths are repaired after each edit, except where the edit is to the length itself: so most edits reach what is inside.

use instance_identity::testkit::{Contents, Element, Length};

use crate::input::Input;
use crate::tree;

/// `value`, changed as `input` says. `others` are values to take elements from. What is no BER is given back as it is.
pub fn edited(value: &[u8], others: &[Vec<u8>], data: &[u8]) -> Vec<u8> {
    edit(value, others, &mut Input::new(data), MAX_EDITS)
}

/// As [`edited`], at most `count` edits.
pub(crate) fn edit(value: &[u8], others: &[Vec<u8>], input: &mut Input<'_>, count: usize) -> Vec<u8> {
    let Some(mut root) = tree::parse(value) else { return value.to_vec() };
    let mut end = Vec::new();
    for _ in 0..count {
        if input.is_empty() {
            break;
        }
        match input.byte() % 18 {
            17 => end.extend_from_slice(input.short()),
            operation => edit_once(&mut root, operation, others, input),
        }
        if size(&root) > MAX_SIZE {
            return value.to_vec();
        }
    }
    [root.encode(), end].concat()
}

fn edit_once(root: &mut Element, operation: u8, others: &[Vec<u8>], input: &mut Input<'_>) {
    let place = input.byte();
    match operation {
        0 => with_siblings(root, place, |siblings, index| drop(siblings.remove(index))),
        1 => with_siblings(root, place, |siblings, index| siblings.insert(index, siblings[index].clone())),
        2 => with_siblings(root, place, |siblings, index| {
            let next = (index + 1) % siblings.len();
            siblings.swap(index, next);
        }),
        3 => at(root, place).tag = input.byte(),
        4 => at(root, place).contents = Contents::Octets(input.short().to_vec()),
        5 => {
            let (position, mask) = (input.number(), input.byte());
            with_octets(root, place, |octets| {
                let length = octets.len();
                octets[position % length] ^= mask;
            });
        }
        6 => at(root, place).length = Length::Minimal,
        7 => at(root, place).length = Length::Long(input.byte() % 9),
        8 => at(root, place).length = Length::Indefinite,
        9 => at(root, place).length = Length::Octets(input.take(1 + usize::from(place) % 5).to_vec()),
        10 => {
            let new = Element::primitive(input.byte(), input.short());
            with_siblings(root, place, |siblings, index| siblings.insert(index, new));
        }
        11 => {
            let (tag, element) = (input.byte(), at(root, place));
            *element = Element::constructed(tag, [element.clone()]);
        }
        12 => with_siblings(root, place, |siblings, index| {
            let inside = siblings[index].elements().to_vec();
            siblings.splice(index..=index, inside);
        }),
        13 => {
            let copy = at(root, input.byte()).clone();
            *at(root, place) = copy;
        }
        14 => {
            if let Some(mut other) = others.get(usize::from(input.byte()) % others.len().max(1)).and_then(|other| tree::parse(other)) {
                *at(root, place) = at(&mut other, place).clone();
            }
        }
        15 => {
            let length = input.number();
            with_octets(root, place, |octets| octets.truncate(length % octets.len()));
        }
        _ => *root = tree::with_minimal_lengths(root.clone()),
    }
}

/// The element at a place, counted on from the first behind the last.
fn at(root: &mut Element, place: u8) -> &mut Element {
    let mut left = usize::from(place) % count(root);
    let mut element = root;
    while left > 0 {
        left -= 1;
        let elements = element.elements_mut();
        let index = elements
            .iter()
            .map(count)
            .take_while(|inside| {
                if *inside <= left {
                    left -= inside;
                    true
                } else {
                    false
                }
            })
            .count();
        element = &mut elements[index];
    }
    element
}

/// Changes the elements among which the one at a place stands; nothing, if that is the root.
fn with_siblings(root: &mut Element, place: u8, change: impl FnOnce(&mut Vec<Element>, usize)) {
    let mut left = usize::from(place) % count(root);
    let mut element = root;
    while left > 0 {
        left -= 1;
        let elements = element.elements_mut();
        let index = elements
            .iter()
            .map(count)
            .take_while(|inside| {
                if *inside <= left {
                    left -= inside;
                    true
                } else {
                    false
                }
            })
            .count();
        if left == 0 {
            return change(elements, index);
        }
        element = &mut elements[index];
    }
}

/// Changes the octets of the primitive element at a place, if it has any.
fn with_octets(root: &mut Element, place: u8, change: impl FnOnce(&mut Vec<u8>)) {
    match &mut at(root, place).contents {
        Contents::Octets(octets) if !octets.is_empty() => change(octets),
        _ => {}
    }
}

/// The element and all inside it.
fn count(element: &Element) -> usize {
    1 + element.elements().iter().map(count).sum::<usize>()
}

/// About the octets of the encoding.
fn size(element: &Element) -> usize {
    let inside = match &element.contents {
        Contents::Octets(octets) => octets.len(),
        Contents::Elements(elements) => elements.iter().map(size).sum(),
    };
    6 + inside
}

/// As many as a hand would make, twice.
const MAX_EDITS: usize = 12;

/// Less than what the limit of 32 KiB of text can hold, so that an edited value is not refused for its size.
const MAX_SIZE: usize = 20 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    /// SEQUENCE { INTEGER 7, SET { NULL, INTEGER 9 }, OCTET STRING }, the SET of indefinite length.
    const VALUE: [u8; 17] = [0x30, 0x0f, 2, 1, 7, 0x31, 0x80, 5, 0, 2, 1, 9, 0, 0, 4, 0x01, 0xaa];

    #[test]
    fn a_value_is_read_as_it_is_written() {
        assert_eq!(edited(&VALUE, &[], &[]), VALUE);
        let long = [0x30, 0x82, 0, 5, 2, 0x83, 0, 0, 0];
        assert_eq!(edited(&long, &[], &[]), long);
    }

    #[test]
    fn elements_are_counted_in_the_order_in_which_they_begin() {
        for (place, first) in [(0, 0x30), (1, 2), (2, 0x31), (3, 5), (4, 2), (5, 4), (6, 0x30)] {
            let mut root = tree::parse(&VALUE).unwrap();
            assert_eq!(at(&mut root, place).tag, first, "{place}");
        }
    }

    #[test]
    fn an_edit_repairs_the_lengths_around() {
        assert_eq!(edited(&VALUE, &[], &[0, 3]), [0x30, 0x0d, 2, 1, 7, 0x31, 0x80, 2, 1, 9, 0, 0, 4, 1, 0xaa]);
        assert_eq!(edited(&VALUE, &[], &[4, 4, 2, 8, 8])[..2], [0x30, 0x10]);
        assert_eq!(edited(&VALUE, &[], &[12, 2]), [0x30, 0x0b, 2, 1, 7, 5, 0, 2, 1, 9, 4, 1, 0xaa]);
        assert_eq!(edited(&VALUE, &[], &[14, 2, 0]), VALUE);
        assert_eq!(edited(&VALUE, &[vec![0x30, 2, 2, 0]], &[14, 1, 0])[..5], [0x30, 0x0e, 2, 0, 0x31]);
    }
}
