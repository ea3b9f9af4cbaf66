//! Words that steer: cheap, in stock, without, for women, waterproof.

use crate::catalog::understand::lexicon;
use crate::catalog::understand::token::{Kind, longest};
use crate::catalog::understand::{EXCLUDED_MAX, Reader};

/// Small words a negation may reach over: "not made of".
const FILLERS_MAX: usize = 4;

impl Reader<'_> {
    pub(super) fn sort(&mut self, at: usize) -> usize {
        let Some((length, sort)) = longest(&self.tokens, at, lexicon::SORTS) else { return 0 };
        self.wish.sort = Some(sort);
        self.take(at, length);
        length
    }

    pub(super) fn stock(&mut self, at: usize) -> usize {
        let Some((length, ())) = longest(&self.tokens, at, lexicon::IN_STOCK) else { return 0 };
        self.wish.in_stock = true;
        self.take(at, length);
        length
    }

    /// "without leather", "not blue or red". What it excludes is taken out of what was chosen before.
    pub(super) fn negation(&mut self, at: usize) -> usize {
        let Some((length, ())) = longest(&self.tokens, at, lexicon::NEGATIONS) else { return 0 };
        let mut target = at + length;
        // "non-stick" is one word, whatever stick means.
        if self.tokens.get(target).is_some_and(|t| t.low == "-" && t.glued) {
            return length + 2;
        }
        // In Portuguese "no" is "in the": "no tamanho M".
        if lexicon::CONTEXTS.iter().any(|c| *c != "in" && *c == self.low(target)) {
            return 0;
        }
        for _ in 0..FILLERS_MAX {
            target += usize::from(lexicon::NEGATION_FILLERS.contains(&self.low(target)));
        }
        if lexicon::NOT_EXCLUDABLE.contains(&self.low(target)) {
            return target + 1 - at;
        }
        let mut end = at;
        while self.tokens.get(target).is_some_and(|t| t.kind == Kind::Word && !t.frozen) {
            self.exclude(target);
            end = target + 1;
            if !lexicon::OR.contains(&self.low(end)) {
                break;
            }
            target = end + 1;
            target += usize::from(lexicon::NEGATION_FILLERS.contains(&self.low(target)));
        }
        self.take(at, end - at);
        end - at
    }

    fn exclude(&mut self, at: usize) {
        let word = self.low(at).to_owned();
        let mut words = vec![word.clone()];
        if let Some(colour) = lexicon::colour(&word) {
            words.extend(self.vocabulary.colour(colour).iter().map(|entry| entry.value.to_lowercase()));
        }
        for values in self.wish.options.values_mut() {
            values.retain(|value| !words.contains(&value.to_lowercase()));
        }
        self.wish.options.retain(|_, values| !values.is_empty());
        for word in words {
            if self.wish.not.len() < EXCLUDED_MAX && !self.wish.not.contains(&word) {
                self.wish.not.push(word);
            }
        }
    }

    /// "for women", "men's". What is made for everybody is for them too.
    pub(super) fn gender(&mut self, at: usize) -> usize {
        let Some((length, gender)) = longest(&self.tokens, at, lexicon::GENDERS) else { return 0 };
        if !self.vocabulary.has_gender(gender) {
            return 0;
        }
        let leads = at.checked_sub(1).filter(|before| lexicon::FOR.contains(&self.low(*before)));
        let start = leads.unwrap_or(at);
        let joined = self.joins("gender", start, at + length);
        let values = self.wish.attributes.entry("gender".to_owned()).or_default();
        if !joined {
            values.clear();
        }
        let everybody = matches!(gender, "women" | "men") && self.vocabulary.has_gender("unisex");
        for gender in [Some(gender), everybody.then_some("unisex")].into_iter().flatten() {
            if !values.iter().any(|v| v == gender) {
                values.push(gender.to_owned());
            }
        }
        self.take(start, at - start);
        self.take_value(at, length);
        length
    }

    /// "waterproof" where the shop says yes or no to it; the search keeps the word.
    pub(super) fn yes_no(&mut self, at: usize) -> usize {
        let Some((length, key)) = self.vocabulary.yes_no_at(&self.tokens, at) else { return 0 };
        self.wish.attributes.insert(key, vec!["yes".to_owned()]);
        length
    }
}
