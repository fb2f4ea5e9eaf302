//! A writer of BER, right and wrong, and a reader for genuine values.
//!
//! It shares no code with the crate: otherwise a mistake would agree with itself.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// An element, written as it says, whether that is valid or not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) tag: u8,
    pub(crate) length: Length,
    pub(crate) body: Body,
}

/// How the length of an element is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Length {
    /// In as few octets as there can be.
    Minimal,
    /// In the long form with that many octets.
    Octets(usize),
    /// Minimal, but saying this, whatever the length is.
    Declared(usize),
    /// 80, and 00 00 at the end.
    Indefinite,
    /// Neither tag nor length: the body as it is.
    Bare,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

/// A constructed element.
pub(crate) fn node(tag: u8, nodes: Vec<Node>) -> Node {
    Node { tag, length: Length::Minimal, body: Body::Nodes(nodes) }
}

/// A primitive element.
pub(crate) fn leaf(tag: u8, bytes: &[u8]) -> Node {
    Node { tag, length: Length::Minimal, body: Body::Bytes(bytes.to_vec()) }
}

/// Bytes as they are.
pub(crate) fn bare(bytes: &[u8]) -> Node {
    Node { tag: 0, length: Length::Bare, body: Body::Bytes(bytes.to_vec()) }
}

/// An OBJECT IDENTIFIER in dotted form.
pub(crate) fn oid(dotted: &str) -> Node {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut bytes = Vec::new();
    for arc in [&[arcs[0] * 40 + arcs[1]], &arcs[2..]].concat() {
        let mut digits = vec![(arc & 0x7f) as u8];
        let mut rest = arc >> 7;
        while rest > 0 {
            digits.insert(0, 0x80 | (rest & 0x7f) as u8);
            rest >>= 7;
        }
        bytes.extend(digits);
    }
    leaf(OID, &bytes)
}

/// An AlgorithmIdentifier without parameters.
pub(crate) fn algorithm(dotted: &str) -> Node {
    node(SEQUENCE, vec![oid(dotted)])
}

/// An AlgorithmIdentifier with NULL parameters.
pub(crate) fn algorithm_null(dotted: &str) -> Node {
    node(SEQUENCE, vec![oid(dotted), leaf(NULL, &[])])
}

/// Base64 in one line.
pub(crate) fn base64(bytes: &[u8]) -> Vec<u8> {
    STANDARD.encode(bytes).into_bytes()
}

/// The bytes of base64 with white space.
pub(crate) fn unbase64(text: &[u8]) -> Vec<u8> {
    let dense: Vec<u8> = text.iter().copied().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(dense).unwrap()
}

/// The DER inside PEM lines.
pub(crate) fn unpem(text: &str) -> Vec<u8> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("-----")).collect();
    unbase64(lines.concat().as_bytes())
}

impl Node {
    /// Reads one genuine element that `bytes` consist of.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mut rest = bytes;
        let node = Self::take(&mut rest);
        assert_eq!(rest, b"", "nothing follows a genuine element");
        node
    }

    fn take(rest: &mut &[u8]) -> Self {
        let (tag, first) = (rest[0], rest[1]);
        *rest = &rest[2..];
        let (length, declared) = match first {
            0x80 => (Length::Indefinite, None),
            0..=0x7f => (Length::Minimal, Some(usize::from(first))),
            _ => {
                let (octets, after) = rest.split_at(usize::from(first & 0x7f));
                *rest = after;
                (Length::Minimal, Some(octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet))))
            }
        };
        let constructed = tag & 0x20 != 0;
        let body = match declared {
            Some(declared) => {
                let (mut contents, after) = rest.split_at(declared);
                *rest = after;
                if constructed {
                    Body::Nodes(std::iter::from_fn(|| (!contents.is_empty()).then(|| Self::take(&mut contents))).collect())
                } else {
                    Body::Bytes(contents.to_vec())
                }
            }
            None => {
                let mut nodes = Vec::new();
                while !rest.starts_with(&[0, 0]) {
                    nodes.push(Self::take(rest));
                }
                *rest = &rest[2..];
                Body::Nodes(nodes)
            }
        };
        Self { tag, length, body }
    }

    /// The bytes.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let contents = self.contents();
        let end: &[u8] = if self.length == Length::Indefinite { &[0, 0] } else { &[] };
        [self.header(contents.len()), contents, end.to_vec()].concat()
    }

    /// The bytes in base64.
    pub(crate) fn text(&self) -> Vec<u8> {
        base64(&self.encode())
    }

    /// The bytes without header.
    pub(crate) fn contents(&self) -> Vec<u8> {
        match &self.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Nodes(nodes) => nodes.iter().flat_map(Self::encode).collect(),
        }
    }

    fn header(&self, length: usize) -> Vec<u8> {
        let octets = |length: usize, count: usize| length.to_be_bytes()[8 - count..].to_vec();
        let minimal = |length: usize| match length {
            0..=0x7f => vec![length as u8],
            _ => {
                let count = 8 - length.leading_zeros() as usize / 8;
                [vec![0x80 | count as u8], octets(length, count)].concat()
            }
        };
        let length = match self.length {
            Length::Bare => return Vec::new(),
            Length::Minimal => minimal(length),
            Length::Octets(count) => [vec![0x80 | count as u8], octets(length, count)].concat(),
            Length::Declared(declared) => minimal(declared),
            Length::Indefinite => vec![0x80],
        };
        [vec![self.tag], length].concat()
    }

    /// The elements inside.
    pub(crate) fn nodes(&self) -> &[Self] {
        match &self.body {
            Body::Nodes(nodes) => nodes,
            Body::Bytes(_) => panic!("element {:02x} is primitive", self.tag),
        }
    }

    /// The elements inside, to be changed.
    pub(crate) fn nodes_mut(&mut self) -> &mut Vec<Self> {
        match &mut self.body {
            Body::Nodes(nodes) => nodes,
            Body::Bytes(_) => panic!("element {:02x} is primitive", self.tag),
        }
    }

    /// The element at `path`: of each level the index.
    pub(crate) fn at(&self, path: &[usize]) -> &Self {
        path.iter().fold(self, |node, index| &node.nodes()[*index])
    }

    /// The element at `path`, to be changed.
    pub(crate) fn at_mut(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, index| &mut node.nodes_mut()[*index])
    }

    /// Where the header of the element at `path` starts. One past the last element is where that ends.
    pub(crate) fn offset(&self, path: &[usize]) -> usize {
        let Some((index, path)) = path.split_first() else { return 0 };
        let before: usize = self.nodes()[..*index].iter().map(|node| node.encode().len()).sum();
        let inside = self.nodes().get(*index).map_or(0, |node| node.offset(path));
        self.header(self.contents().len()).len() + before + inside
    }

    /// With `length` written otherwise.
    pub(crate) fn with(self, length: Length) -> Self {
        Self { length, ..self }
    }

    /// The same in DER: definite, minimal lengths, and strings in one piece.
    pub(crate) fn der(&self) -> Self {
        const CONSTRUCTED_STRING: u8 = OCTET_STRING | 0x20;
        match &self.body {
            Body::Nodes(segments) if self.tag == CONSTRUCTED_STRING => {
                leaf(OCTET_STRING, &segments.iter().flat_map(Self::contents).collect::<Vec<u8>>())
            }
            Body::Nodes(nodes) => node(self.tag, nodes.iter().map(Self::der).collect()),
            Body::Bytes(_) if self.length == Length::Bare => self.clone(),
            Body::Bytes(bytes) => leaf(self.tag, bytes),
        }
    }
}
