//! Words of a question that say nothing about the thing asked for, in the languages shoppers write to us in.

/// Sorted, for the binary search.
const STOP: &[&str] = &[
    "a", "about", "al", "am", "an", "and", "any", "are", "as", "at", "be", "but", "by", "can", "com", "como", "con",
    "could", "da", "das", "de", "del", "did", "do", "does", "dos", "e", "el", "em", "en", "eu", "for", "from", "get",
    "got", "had", "has", "have", "hay", "hello", "hi", "hola", "how", "i", "if", "in", "is", "it", "its", "la", "las",
    "lo", "looking", "los", "me", "mi", "minha", "my", "na", "nas", "need", "nos", "o", "of", "on", "or", "os", "ou",
    "our", "para", "please", "por", "que", "quero", "quiero", "se", "show", "some", "su", "tem", "that", "the",
    "their", "them", "there", "these", "they", "this", "those", "tienen", "tienes", "to", "um", "uma", "un", "una",
    "uno", "us", "want", "was", "we", "what", "which", "with", "would", "y", "you", "your",
];

/// Whether a folded word may be dropped from a question.
pub fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::STOP;

    #[test]
    fn the_list_is_sorted() {
        assert!(STOP.is_sorted_by(|a, b| a < b));
    }
}
