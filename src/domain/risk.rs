//! How likely an answer is wrong, from cheap signs, and what follows: answer, answer and offer a colleague, or ask one.

pub mod fit;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Signs of a bad answer, each from 0 (good) to 1 (bad).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Signs {
    /// The evidence does not suffice: the best passage or product found fits badly, or a separate question said so.
    pub insufficient: f64,
    /// Another passage fits as well as the one that is cited.
    pub ambiguous: f64,
    /// Share of the question's telling words that stand nowhere in the evidence.
    pub unmatched: f64,
    /// The answer names no evidence although its kind needs some.
    pub uncited: f64,
    /// The reply had to be written again.
    pub repaired: f64,
    /// Something the shopper asked for was dropped to find anything.
    pub relaxed: f64,
    /// The shopper is losing patience.
    pub frustrated: f64,
    /// The talk does not get on.
    pub stuck: f64,
}

/// Number of [`Signs`].
pub const SIGNS: usize = 8;

/// Names of the signs, in the order of the weights.
pub const NAMES: [&str; SIGNS] =
    ["insufficient", "ambiguous", "unmatched", "uncited", "repaired", "relaxed", "frustrated", "stuck"];

impl Signs {
    /// In the order of [`NAMES`], each cut to 0–1.
    pub fn values(&self) -> [f64; SIGNS] {
        [
            self.insufficient,
            self.ambiguous,
            self.unmatched,
            self.uncited,
            self.repaired,
            self.relaxed,
            self.frustrated,
            self.stuck,
        ]
        .map(|value| if value.is_finite() { value.clamp(0.0, 1.0) } else { 1.0 })
    }
}

/// What an answer is about; each has its own thresholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// The shop's rules: returns, delivery, payment, warranty.
    Shop,
    /// Goods.
    Goods,
    /// The shopper's orders.
    Orders,
    /// The cart and the way to the payment page.
    Cart,
    /// Courtesies, questions back, refusals: nothing is claimed.
    Talk,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 5] = [Self::Shop, Self::Goods, Self::Orders, Self::Cart, Self::Talk];

    /// The word stored and shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Goods => "goods",
            Self::Orders => "orders",
            Self::Cart => "cart",
            Self::Talk => "talk",
        }
    }

    /// The share of wrong answers that is borne: rules and money are promises.
    pub fn target(self) -> f64 {
        match self {
            Self::Shop | Self::Orders | Self::Cart => 0.005,
            Self::Goods | Self::Talk => 0.02,
        }
    }
}

/// What to do with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Send it.
    Answer,
    /// Send it and offer a colleague.
    Offer,
    /// Do not send it; ask back once, then a colleague answers.
    HandOff,
}

/// Risks up to which an answer is sent, and sent with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Up to this it is sent as it is.
    pub answer: f64,
    /// Up to this it is sent with the offer to ask a colleague.
    pub offer: f64,
}

/// Weights and thresholds, shipped by hand or fitted from labelled talks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// From what it was made, for people.
    pub made_from: String,
    /// What remains when all signs are good.
    pub bias: f64,
    /// One for each of [`NAMES`].
    pub weights: [f64; SIGNS],
    /// By class; a missing one takes [`Calibration::FALLBACK`].
    pub limits: BTreeMap<Class, Limits>,
}

/// Set by hand before anything was measured: one clearly bad sign offers a colleague, two bad ones call one.
impl Default for Calibration {
    fn default() -> Self {
        Self {
            made_from: "set by hand".to_owned(),
            bias: -4.0,
            weights: [2.2, 0.6, 2.0, 1.5, 1.0, 0.5, 0.8, 0.8],
            limits: BTreeMap::new(),
        }
    }
}

impl Calibration {
    /// Thresholds of a class nobody measured.
    pub const FALLBACK: Limits = Limits { answer: 0.35, offer: 0.6 };

    /// The probability that the answer is wrong, as the logistic function of the weighted signs.
    pub fn risk(&self, signs: &Signs) -> f64 {
        let sum: f64 = self.weights.iter().zip(signs.values()).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }

    /// What to do at this risk.
    pub fn band(&self, class: Class, risk: f64) -> Band {
        let limits = self.limits.get(&class).unwrap_or(&Self::FALLBACK);
        if risk <= limits.answer {
            Band::Answer
        } else if risk <= limits.offer {
            Band::Offer
        } else {
            Band::HandOff
        }
    }

    /// Sends everything: for measuring what would be wrong.
    pub fn lets_all_pass() -> Self {
        let all = Limits { answer: 1.0, offer: 1.0 };
        Self { limits: Class::ALL.into_iter().map(|class| (class, all)).collect(), ..Self::default() }
    }

    /// Reads a file that [`fit`] wrote.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn good_signs_answer_and_bad_ones_do_not() {
        let calibration = Calibration::default();
        let band = |signs: Signs| calibration.band(Class::Shop, calibration.risk(&signs));
        assert_eq!(band(Signs::default()), Band::Answer);
        assert_eq!(band(Signs { unmatched: 0.4, ..Signs::default() }), Band::Answer);
        assert_eq!(band(Signs { insufficient: 1.0, unmatched: 0.8, ..Signs::default() }), Band::Offer);
        assert_eq!(band(Signs { insufficient: 1.0, unmatched: 1.0, uncited: 1.0, ..Signs::default() }), Band::HandOff);
        let open = Calibration::lets_all_pass();
        assert_eq!(open.band(Class::Shop, 1.0), Band::Answer);
    }

    #[test]
    fn a_written_calibration_reads_back() {
        let mut made = Calibration::default();
        made.limits.insert(Class::Shop, Limits { answer: 0.1, offer: 0.2 });
        let text = serde_json::to_string(&made).expect("plain values");
        assert_eq!(Calibration::read(&text).expect("our own"), made);
        assert!(Calibration::read("{\"bias\": 1}").is_err());
    }

    proptest! {
        #[test]
        fn a_worse_sign_never_lowers_the_risk(at in 0usize..SIGNS, low in 0.0f64..1.0, more in 0.0f64..1.0) {
            let with = |value: f64| {
                let mut signs = Signs { unmatched: 0.3, ..Signs::default() };
                let places = [
                    &mut signs.insufficient, &mut signs.ambiguous, &mut signs.unmatched, &mut signs.uncited,
                    &mut signs.repaired, &mut signs.relaxed, &mut signs.frustrated, &mut signs.stuck,
                ];
                if let Some(place) = places.into_iter().nth(at) {
                    *place = value;
                }
                Calibration::default().risk(&signs)
            };
            prop_assert!(with(low) <= with((low + more).min(1.0)) + 1e-12);
        }
    }
}
