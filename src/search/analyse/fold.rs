//! One spelling for many: compatibility forms, case and accents folded away before anything is cut.

use unicode_normalization::UnicodeNormalization;

/// Bounded, NFKC, lower case, without the accents people leave out when they type.
pub fn fold(text: &str, chars_max: usize) -> String {
    // Plain ASCII is its own normal form, and most of what shops write is nothing else.
    if text.is_ascii() {
        return text.get(..chars_max).unwrap_or(text).to_ascii_lowercase();
    }
    let mut spelled = String::with_capacity(text.len().min(chars_max));
    for c in text.chars().take(chars_max) {
        spell(c, &mut spelled);
    }
    let lower = spelled.nfkc().collect::<String>().to_lowercase();
    let mut folded = String::with_capacity(lower.len());
    for c in lower.nfd().filter(|c| !is_accent(*c)) {
        bare(c, &mut folded);
    }
    folded.nfc().collect()
}

/// What NFKC would merge with its neighbours is set apart first: `3½` is not 31/2 and `Core™2` is no `coretm2`.
fn spell(c: char, out: &mut String) {
    match c {
        '™' | '®' | '©' | '℠' => out.push(' '),
        '¼'..='¾' | '⅐'..='⅞' => {
            out.push(' ');
            out.push(c);
        }
        '″' | '”' | '“' | '‟' => out.push('"'),
        '′' | '’' | '‘' | 'ʼ' => out.push('\''),
        '×' => out.push('x'),
        _ => out.push(c),
    }
}

/// Letters whose accent is part of the letter, and marks with several shapes.
fn bare(c: char, out: &mut String) {
    match c {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ł' => out.push('l'),
        'ı' => out.push('i'),
        '⁄' | '∕' => out.push('/'),
        '‐' | '‑' | '‒' | '–' | '−' => out.push('-'),
        // Letters that Arabic, Persian and Urdu keyboards write differently, and the lengthening stroke.
        'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ة' | 'ہ' | 'ۃ' => out.push('ه'),
        'ک' => out.push('ك'),
        'ـ' => {}
        '٫' => out.push('.'),
        '٬' => out.push(','),
        '٠'..='٩' => out.push(digit(c, '٠')),
        '۰'..='۹' => out.push(digit(c, '۰')),
        '०'..='९' => out.push(digit(c, '०')),
        // Devanagari's half-moon with a dot and its dot alone are one sound for whoever types.
        'ँ' => out.push('ं'),
        // Capitals without a small form are pictures of letters, such as 🅐.
        _ if c.is_uppercase() => out.push(' '),
        _ => out.push(c),
    }
}

/// A digit of another script as ours.
fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c).saturating_sub(u32::from(zero)), 10).unwrap_or(c)
}

/// Accents of European scripts, the vowel points of Hebrew and Arabic, and the dot below that people leave out in Indian
/// scripts. Marks of other scripts are letters in all but name (Japanese voicing, Indian vowels) and stay.
fn is_accent(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{93c}'
            | '\u{9bc}'
            | '\u{a3c}'
    )
}
