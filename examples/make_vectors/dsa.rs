pub(crate) fn add(_: &mut crate::vector::Corpus) {}
