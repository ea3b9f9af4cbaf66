//! How many tokens a text costs, before it is sent.

use tiktoken_rs::CoreBPE;

/// Bytes given to the tokenizer at once. It panics on about a million white-space characters in a row, and a shopper
/// may send them; a cut costs at most a token or two.
pub const CHUNK_BYTES_MAX: usize = 4096;

/// Tokens of `text` in o200k, the vocabulary of OpenAI's models.
///
/// Control tokens such as `<|endoftext|>` are counted as the text they are. The first use of this module takes 46 MB
/// of memory (and some tenths of a second) for the vocabulary, and keeps it; who never counts does not pay.
pub fn count(text: &str) -> usize {
    chunks(text).map(|chunk| vocabulary().count_ordinary(chunk)).sum()
}

/// Tokens of `text` for a model whose vocabulary we do not have: o200k and 15 % more. Memory as for [`count`].
pub fn estimate(text: &str) -> usize {
    let tokens = count(text);
    tokens + tokens.saturating_mul(15).div_ceil(100)
}

/// Whether [`count`] of the text is at most `tokens_max`.
pub fn fits(text: &str, tokens_max: usize) -> bool {
    // No token is shorter than a byte, so short texts need no vocabulary.
    text.len() <= tokens_max || (whole(text, tokens_max) && count(text) <= tokens_max)
}

/// The longest beginning of `text`, near enough, that [`fits`]; it ends between two characters.
pub fn truncate(text: &str, tokens_max: usize) -> &str {
    if fits(text, tokens_max) {
        return text;
    }
    let mut end = bytes_of_first(text, tokens_max);
    loop {
        let beginning = text.get(..text.floor_char_boundary(end)).unwrap_or_default();
        // A beginning can split into more tokens than it was part of; a few bytes less settle it.
        if beginning.is_empty() || count(beginning) <= tokens_max {
            return beginning;
        }
        end = beginning.len().saturating_sub(1);
    }
}

/// False when a text is so long that no vocabulary could fit it: the longest token of o200k has 128 bytes.
fn whole(text: &str, tokens_max: usize) -> bool {
    text.len() <= tokens_max.saturating_mul(128)
}

/// Bytes of the first tokens of a text.
fn bytes_of_first(text: &str, tokens_max: usize) -> usize {
    let (mut bytes, mut left) = (0, tokens_max);
    for chunk in chunks(text) {
        let tokens = vocabulary().encode_ordinary(chunk);
        if tokens.len() > left {
            let first = tokens.get(..left).unwrap_or_default();
            return bytes + vocabulary().decode_bytes(first).map_or(0, |first| first.len());
        }
        bytes += chunk.len();
        left -= tokens.len();
    }
    bytes
}

fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (chunk, tail) = rest.split_at_checked(rest.floor_char_boundary(CHUNK_BYTES_MAX))?;
        rest = tail;
        (!chunk.is_empty()).then_some(chunk)
    })
}

fn vocabulary() -> &'static CoreBPE {
    tiktoken_rs::o200k_base_singleton()
}

#[cfg(test)]
mod tests {
    use super::count;
    use super::estimate;
    use super::fits;
    use super::truncate;
    use proptest::prelude::proptest;

    #[test]
    fn counts_as_openai_does() {
        assert_eq!(count(""), 0);
        assert_eq!(count("Hello world"), 2);
        assert_eq!(count("Do you have a two-person tent?"), 8);
    }

    #[test]
    fn a_shopper_cannot_write_a_control_token() {
        assert!(count("<|endoftext|>") > 3, "as one control token it would count 1");
    }

    #[test]
    fn adds_a_margin_for_other_vocabularies() {
        assert_eq!(estimate(""), 0);
        assert_eq!(estimate("Hello world"), 3);
        let text = "tent ".repeat(1000);
        assert_eq!(estimate(&text), count(&text) + (count(&text) * 15).div_ceil(100));
    }

    #[test]
    fn survives_endless_runs() {
        for run in [" ", "\n", "a", "ß", "🧭", "\u{301}"] {
            let text = run.repeat(1_200_000 / run.len());
            assert!(count(&text) > 0, "{run:?}");
            assert!(fits(truncate(&text, 100), 100), "{run:?}");
        }
    }

    #[test]
    fn keeps_the_beginning() {
        assert_eq!(truncate("Hello world, how are you?", 2), "Hello world");
        assert_eq!(truncate("Hello", 0), "");
        assert_eq!(truncate("🧭🧭🧭", 1), "", "half a character is none");
    }

    proptest! {
        #[test]
        fn what_is_truncated_fits(text in ".{0,300}", tokens_max in 0_usize..60) {
            let beginning = truncate(&text, tokens_max);
            assert!(text.starts_with(beginning));
            assert!(fits(beginning, tokens_max));
            assert_eq!(beginning == text, fits(&text, tokens_max));
        }

        #[test]
        fn what_fits_without_the_vocabulary_fits_with_it(text in ".{0,60}") {
            assert!(count(&text) <= text.len());
        }
    }
}
