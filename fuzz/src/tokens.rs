//! Texts from words: 0xFF and an index stand for a word, every other byte for itself. So one changed byte changes a whole word.
//!
//! Base64, PEM, JSON and the page have no use for 0xFF, and so a text as it stands is an input too.

/// The text that `data` stands for. 0xFF at the end stands for itself.
pub fn expand(data: &[u8], words: &[&str]) -> Vec<u8> {
    let mut text = Vec::with_capacity(data.len());
    let mut data = data.iter();
    while let Some(byte) = data.next() {
        match (byte, data.as_slice().first()) {
            (0xff, Some(index)) => {
                text.extend_from_slice(words[usize::from(*index) % words.len()].as_bytes());
                data.next();
            }
            _ => text.push(*byte),
        }
    }
    text.truncate(MAX_TEXT);
    text
}

/// A few more words than fit an evidence would only be slow.
const MAX_TEXT: usize = 64 * 1024;
