//! Short names for tokens, attributes and texts: 64 bits that stay the same on every machine and in every version.

/// Hashes a text. Two of a million texts share a hash once in some ten million shops.
pub fn of(text: &str) -> u64 {
    // FNV-1a, whose high bits know little of the last letters; the rest of this mixes them.
    let plain = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mixed = (plain ^ (plain >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

/// The hash of a text to embed, as databases keep numbers.
pub fn text(text: &str) -> i64 {
    of(text).cast_signed()
}

/// A map's hasher for keys that are hashes already.
#[derive(Clone, Copy, Default)]
pub struct Plain(u64);

impl std::hash::Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// A map by hash.
pub type Map<V> = std::collections::HashMap<u64, V, std::hash::BuildHasherDefault<Plain>>;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_hash_is_the_same_for_ever() {
        assert_eq!(of(""), 9_615_434_041_927_672_947);
        assert_eq!(of("tent"), 17_341_578_235_581_307_251);
    }

    #[test]
    fn words_do_not_share_hashes_nor_their_low_or_high_bits() {
        let words: Vec<String> = (0..20_000).map(|n| format!("w{n}")).collect();
        let distinct = |part: fn(u64) -> u64| words.iter().map(|word| part(of(word))).collect::<HashSet<_>>().len();
        assert_eq!(distinct(|hash| hash), 20_000);
        assert_eq!(distinct(|hash| hash >> 57), 128, "the map tells entries apart by these");
        assert!(distinct(|hash| hash & 0xffff) > 16_000);
    }
}
