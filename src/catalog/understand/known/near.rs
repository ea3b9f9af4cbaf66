//! Words that differ from what was typed by no more than a slip of the fingers.

use std::cmp::Reverse;
use std::collections::HashMap;

/// Letters of a word that is offered for another.
const LETTERS_MIN: usize = 4;
/// Letters up to which only swapped, lost or doubled letters are forgiven: golf is not gold.
const SHORT_LETTERS: usize = 4;
/// Letters from which two errors are forgiven.
const VERY_FORGIVING_LETTERS: usize = 8;
/// Letters of the longest word that is compared.
const LETTERS_MAX: usize = 30;
/// Words that are compared letter by letter for one that was typed.
const COMPARED_MAX: usize = 400;
/// Neighbours on the keyboards of Latin letters.
const KEYS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// The words of a shop by their length and first letter, each with the letters it has.
#[derive(Clone, Debug, Default)]
pub struct Near {
    words: HashMap<(usize, char), Vec<Entry>>,
}

#[derive(Clone, Debug)]
struct Entry {
    /// A bit for each letter it has.
    letters: u32,
    word: String,
    count: u32,
}

impl Near {
    /// Sorts words by their length and first letter, the frequent ones first.
    pub fn of(words: &HashMap<String, u32>) -> Self {
        let mut sorted: HashMap<(usize, char), Vec<Entry>> = HashMap::new();
        for (word, count) in words {
            let length = word.chars().count();
            let plain = word.chars().all(char::is_alphabetic) && (LETTERS_MIN..=LETTERS_MAX).contains(&length);
            if let (Some(first), true) = (word.chars().next(), plain) {
                let entry = Entry { letters: letters(word), word: word.clone(), count: *count };
                sorted.entry((length, first)).or_default().push(entry);
            }
        }
        for entries in sorted.values_mut() {
            entries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.word.cmp(&b.word)));
        }
        Self { words: sorted }
    }

    /// The nearest word, if one is near enough: fewer errors first, likelier slips next, then the more frequent word.
    pub fn to(&self, typed: &str) -> Option<&str> {
        let letters_typed: Vec<char> = typed.chars().collect();
        let length = letters_typed.len();
        let first = *letters_typed.first()?;
        let allowed: usize = if length >= VERY_FORGIVING_LETTERS { 2 } else { 1 };
        let mut best = self.among(&letters_typed, typed, first, allowed);
        if best.is_none() && length > SHORT_LETTERS {
            // The first letter is mostly right; otherwise it changed places with the second or is its neighbour on the keyboard.
            let second = letters_typed.get(1).copied().filter(|second| *second != first);
            let others = second
                .into_iter()
                .chain(KEYS.iter().flat_map(|keys| keys.chars()).filter(|key| neighbours(*key, first)));
            best = others.filter_map(|begins| self.among(&letters_typed, typed, begins, 1)).min();
        }
        best.map(|(_, _, _, word)| word)
    }

    /// The nearest of the words with a first letter.
    fn among(&self, letters_typed: &[char], typed: &str, first: char, allowed: usize) -> Option<Judged<'_>> {
        let length = letters_typed.len();
        let mask = letters(typed);
        let lengths = length.saturating_sub(allowed)..=length + allowed;
        let entries = lengths.filter_map(|length| self.words.get(&(length, first))).flatten();
        // Each error changes at most two letters.
        let alike = entries.filter(|e| (e.letters ^ mask).count_ones() as usize <= allowed * 2).take(COMPARED_MAX);
        let judged = alike.filter_map(|entry| {
            let distance = strsim::osa_distance(&entry.word, typed);
            if distance == 0 || distance > allowed {
                return None;
            }
            let word: Vec<char> = entry.word.chars().collect();
            let slip = slip(&word, letters_typed);
            let begins_wrong = letters_typed.first() != Some(&first);
            // Short words turn into others too easily, and so does a word with another beginning.
            if (begins_wrong && slip == Slip::Other) || (length <= SHORT_LETTERS && slip >= Slip::Neighbour) {
                return None;
            }
            Some((distance, slip, Reverse(entry.count), entry.word.as_str()))
        });
        judged.min()
    }
}

/// Errors, what kind, how frequent, and the word.
type Judged<'a> = (usize, Slip, Reverse<u32>, &'a str);

/// What kind of slip made one word of another, the likeliest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    /// Two letters changed places.
    Swapped,
    /// A letter is doubled or single.
    Doubled,
    /// A letter was lost or came in.
    Length,
    /// A neighbour on the keyboard.
    Neighbour,
    /// Anything else.
    Other,
}

fn slip(word: &[char], typed: &[char]) -> Slip {
    let same = word.iter().zip(typed).take_while(|(a, b)| a == b).count();
    let (a, b) = (word.get(same), typed.get(same));
    match word.len().cmp(&typed.len()) {
        std::cmp::Ordering::Equal => {
            let swapped = a == typed.get(same + 1) && b == word.get(same + 1);
            match (a, b) {
                _ if swapped => Slip::Swapped,
                (Some(a), Some(b)) if neighbours(*a, *b) => Slip::Neighbour,
                _ => Slip::Other,
            }
        }
        std::cmp::Ordering::Less => {
            if b == typed.get(same.wrapping_sub(1)) && same > 0 {
                Slip::Doubled
            } else {
                Slip::Length
            }
        }
        std::cmp::Ordering::Greater => {
            if a == word.get(same.wrapping_sub(1)) && same > 0 {
                Slip::Doubled
            } else {
                Slip::Length
            }
        }
    }
}

/// Whether two keys lie beside each other.
fn neighbours(a: char, b: char) -> bool {
    let place = |c: char| KEYS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(c)?)));
    match (place(a), place(b)) {
        (Some((row, at)), Some((other, there))) => row.abs_diff(other) <= 1 && at.abs_diff(there) <= 1 && a != b,
        _ => false,
    }
}

fn letters(word: &str) -> u32 {
    word.chars().fold(0, |bits, c| bits | 1 << (u32::from(c) % 32))
}
