//! Bytes as text, whatever they were saved as.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are looked at to tell text from something else.
const LOOKED_AT: usize = 4_096;

/// Reads text: by its byte order mark, else as UTF-8, else as what it is `said` to be, else by how it looks. None for
/// bytes that are no text.
pub fn text(bytes: &[u8], said: &str) -> Option<String> {
    let start = bytes.get(..bytes.len().min(LOOKED_AT)).unwrap_or_default();
    let encoding = if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        encoding
    } else if let Some(wide) = wide(start) {
        wide
    } else if start.contains(&0) {
        return None;
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        // What is said and what is true differ often: a page that says UTF-8 and is not is looked at.
        Encoding::for_label(said.as_bytes()).filter(|e| *e != UTF_8).unwrap_or_else(|| guessed(bytes))
    };
    let (text, _, _) = encoding.decode(bytes);
    let odd = text.chars().take(LOOKED_AT).filter(|c| c.is_control() && !c.is_whitespace()).count();
    (odd * 20 <= start.len()).then(|| text.into_owned())
}

/// UTF-16 without a mark: every second byte of western text is zero.
fn wide(start: &[u8]) -> Option<&'static Encoding> {
    let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), start.len() / 2);
    if half < 4 {
        None
    } else if odd * 10 >= half * 7 && even * 10 <= half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 7 && odd * 10 <= half {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn text_is_read_whatever_it_was_saved_as() {
        assert_eq!(text("Größe".as_bytes(), ""), Some("Größe".to_owned()));
        assert_eq!(text("\u{feff}Größe".as_bytes(), "latin1"), Some("Größe".to_owned()));
        assert_eq!(
            text(b"R\xfccksendung in 14 Tagen, f\xfcr 5 \x80", ""),
            Some("Rücksendung in 14 Tagen, für 5 €".to_owned())
        );
        assert_eq!(text(b"caf\xe9", "utf-8"), Some("café".to_owned()), "said wrongly");
        let wide: Vec<u8> = "Returns within 30 days".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&wide, ""), Some("Returns within 30 days".to_owned()));
        assert_eq!(text(&[0x89, b'P', b'N', b'G', 0, 0, 0, 1, 7, 9, 200], ""), None);
        assert_eq!(text(b"", ""), Some(String::new()));
    }
}
