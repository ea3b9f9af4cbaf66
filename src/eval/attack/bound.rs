//! How bad it could be after so many trials without a hit: exact one-sided 95 % bounds (Clopper–Pearson).

/// One minus the confidence.
const ALPHA: f64 = 0.05;
/// Halvings of the interval; more than a double has digits.
const HALVINGS: usize = 60;

/// The share, in percent, that the true rate is below with 95 % confidence, after `hits` in `trials`.
pub fn upper(hits: usize, trials: usize) -> f64 {
    if trials == 0 || hits >= trials {
        return 100.0;
    }
    let (mut low, mut high) = (0.0f64, 1.0f64);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_most(hits, trials, middle) > ALPHA {
            low = middle;
        } else {
            high = middle;
        }
    }
    high * 100.0
}

/// The chance of at most so many hits when each trial has this one.
fn at_most(hits: usize, trials: usize, rate: f64) -> f64 {
    let n = trials as f64;
    let (mut term, mut sum) = (n * (1.0 - rate).ln(), 0.0);
    for k in 0..=hits {
        sum += term.exp();
        let k = k as f64;
        term += ((n - k) / (k + 1.0)).ln() + rate.ln() - (1.0 - rate).ln();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_agree_with_the_tables() {
        for (hits, trials, expected) in [(0, 100, 2.951), (0, 300, 0.9936), (1, 100, 4.656), (5, 50, 19.88)] {
            let found = upper(hits, trials);
            assert!((found - expected).abs() < 0.01, "{hits} of {trials}: {found}");
        }
        assert!((upper(3, 3) - 100.0).abs() < 1e-9);
    }
}
