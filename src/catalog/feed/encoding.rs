//! Bytes as text: UTF-8 and UTF-16 as they are, anything else guessed, and the guess said.

use crate::catalog::feed::newlines;
use crate::catalog::feed::note::Notes;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Bytes looked at to tell UTF-16 without a mark.
const PROBE_BYTES: usize = 512;

/// The text of a file, without a byte order mark.
pub fn decode<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
    // It looks for the marks of UTF-8, UTF-16 LE and UTF-16 BE only.
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        if bad {
            notes.warn(first_bad(&text), "", broken(encoding.name()));
        }
        return text;
    }
    let valid = match std::str::from_utf8(bytes) {
        // Text has no zero bytes, while UTF-16 of Latin letters is half made of them.
        Ok(text) if !probe(bytes).contains(&0) => return Cow::Borrowed(text),
        Ok(_) => bytes.len(),
        Err(error) => error.valid_up_to(),
    };
    if let Some(encoding) = utf16(bytes) {
        notes.warn(1, "", format!("the file has no byte order mark; it was read as {}", encoding.name()));
        return encoding.decode_without_bom_handling(bytes).0;
    }
    let line = 1 + newlines(bytes.get(..valid).unwrap_or_default());
    if mostly_utf8(bytes) {
        notes.warn(line, "", broken("UTF-8"));
        return String::from_utf8_lossy(bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    let rest = if bad { "; some characters could not be read" } else { "" };
    let name = encoding.name();
    notes.warn(
        line,
        "",
        format!("the file is not UTF-8; it was read as {name}{rest}. Save it as \"CSV UTF-8\" to be sure"),
    );
    text
}

fn broken(name: &str) -> String {
    format!("the file is {name} with broken characters, which were read as \u{fffd}; save it anew as \"CSV UTF-8\"")
}

fn first_bad(text: &str) -> u64 {
    let good = text.find('\u{fffd}').and_then(|at| text.get(..at)).unwrap_or_default();
    1 + newlines(good.as_bytes())
}

fn probe(bytes: &[u8]) -> &[u8] {
    bytes.get(..PROBE_BYTES.min(bytes.len())).unwrap_or_default()
}

/// UTF-16 without a mark: most bytes of one parity are zero in what merchants' headers are written in.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let probe = probe(bytes);
    let zeros = |parity: usize| probe.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let half = probe.len() / 2;
    match (zeros(0), zeros(1)) {
        (0, odd) if odd * 4 > half * 3 && half > 1 => Some(UTF_16LE),
        (even, 0) if even * 4 > half * 3 && half > 1 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether more characters are good UTF-8 than bytes are bad: one cut emoji makes no Windows file.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<String>) {
        let mut notes = Notes::default();
        let text = decode(bytes, &mut notes).into_owned();
        (text, notes.warnings.into_iter().map(|w| format!("{}: {}", w.line, w.text)).collect())
    }

    #[test]
    fn every_encoding_gives_the_same_text_and_only_a_guess_is_said() {
        let text = "handle;title\njacke;Gr\u{fc}ne Regenjacke f\u{fc}r M\u{e4}nner, wei\u{df}\n";
        let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
        for silent in [
            text.as_bytes().to_vec(),
            marked(b"\xEF\xBB\xBF", text.as_bytes()),
            marked(b"\xFF\xFE", &little),
            marked(b"\xFE\xFF", &big),
        ] {
            assert_eq!(read(&silent), (text.to_owned(), vec![]));
        }
        for (guessed, name) in [(little, "UTF-16LE"), (big, "UTF-16BE"), (latin, "windows-1252")] {
            let (read, said) = read(&guessed);
            assert_eq!(read, text);
            assert!(said.len() == 1 && said[0].contains(name), "{said:?}");
        }
    }

    #[test]
    fn one_broken_character_does_not_change_the_others() {
        let (text, said) = read(b"a,\xC3\xBC\xC3\xA4\xC3\xB6\nb,x\xFFy\n");
        assert_eq!(text, "a,üäö\nb,x\u{fffd}y\n");
        assert!(said[0].starts_with("2: the file is UTF-8 with broken characters"), "{said:?}");
    }

    #[test]
    fn cyrillic_and_polish_pages_are_told() {
        let (cyrillic, _, _) =
            encoding_rs::WINDOWS_1251.encode("товар;Зимняя куртка с капюшоном\nещё;Шерстяные носки для дома\n");
        assert!(read(&cyrillic).0.contains("Шерстяные носки"));
        let (polish, _, _) = encoding_rs::ISO_8859_2.encode("buty;Ciepłe skórzane buty na zimę, wygodne i piękne\n");
        assert!(read(&polish).0.contains("Ciepłe skórzane buty na zimę"), "{:?}", read(&polish));
    }
}
