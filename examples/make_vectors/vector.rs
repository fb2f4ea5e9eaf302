//! A vector, and how it is written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// All vectors, in the order in which they are made.
#[derive(Default)]
pub(crate) struct Corpus {
    vectors: Vec<Vector>,
}

/// One file. What is not said is presented without a name of its kind, as a value of `test-local-1`.
pub(crate) struct Vector {
    name: String,
    headers: Vec<(&'static str, String)>,
    document: Option<Vec<u8>>,
    body: Vec<u8>,
}

impl Corpus {
    /// Adds a vector: its clause and variant, what is expected, what is special about it, and what is presented.
    pub(crate) fn add(&mut self, name: &str, expect: &str, comment: &str, body: impl Into<Vec<u8>>) -> &mut Vector {
        let headers = [("expect", expect), ("kind", "any"), ("region", "test-local-1"), ("comment", comment)];
        let headers = headers.map(|(key, value)| (key, value.to_owned())).to_vec();
        self.vectors.push(Vector { name: name.to_owned(), headers, document: None, body: body.into() });
        let last = self.vectors.len() - 1;
        &mut self.vectors[last]
    }

    pub(crate) fn vectors(&self) -> &[Vector] {
        &self.vectors
    }
}

impl Vector {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name under which it is presented, or what the body is.
    pub(crate) fn kind(&mut self, kind: &str) -> &mut Self {
        self.set("kind", kind)
    }

    /// The region that the caller expects.
    pub(crate) fn region(&mut self, region: &str) -> &mut Self {
        self.set("region", region)
    }

    /// The kinds that count.
    pub(crate) fn allowed(&mut self, kinds: &str) -> &mut Self {
        self.set("allowed", kinds)
    }

    /// Where the fault is.
    pub(crate) fn at(&mut self, offset: usize) -> &mut Self {
        self.set("at", &offset.to_string())
    }

    /// The hint.
    pub(crate) fn hint(&mut self, hint: &str) -> &mut Self {
        self.set("hint", hint)
    }

    /// The document beside it.
    pub(crate) fn document(&mut self, document: impl AsRef<[u8]>) -> &mut Self {
        self.document = Some(document.as_ref().to_vec());
        self
    }

    fn set(&mut self, key: &'static str, value: &str) -> &mut Self {
        match self.headers.iter_mut().find(|(name, _)| *name == key) {
            Some((_, there)) => *there = value.to_owned(),
            None => self.headers.push((key, value.to_owned())),
        }
        self
    }

    /// The file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut text = String::new();
        let document = self.document.iter().map(|document| ("document", STANDARD.encode(document)));
        for (key, value) in self.headers.iter().cloned().chain(document) {
            assert!(!value.contains('\n'), "{}: a header is one line", self.name);
            text += &format!("{key}: {value}\n");
        }
        [text.as_bytes(), b"\n", &self.body].concat()
    }
}
