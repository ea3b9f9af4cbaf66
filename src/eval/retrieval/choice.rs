//! A configuration on the command line: a name, or settings and weights as `key=value`, several with commas between.

use crate::catalog::find::Ranking;
use crate::eval::retrieval::Error;

/// Keys that belong to the ranking begin with this; all others are settings of the program.
const RANKING: &str = "rank.";

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// As it was written.
    pub name: String,
    /// Settings as the environment would name them: `SOUK_EMBED__MODEL`.
    pub settings: Vec<(String, String)>,
    /// What the ranking weighs.
    pub ranking: Ranking,
}

impl Choice {
    /// Reads what was written: `default`, `static`, `minilm`, `embed.model=static,rank.place=1`.
    pub fn read(written: &str) -> Result<Self, Error> {
        let mut made = Self { name: written.to_owned(), ..Self::default() };
        let mut weights = serde_json::to_value(&made.ranking).unwrap_or_default();
        for part in written.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "default") {
            match part.split_once('=') {
                None => made.settings.push(("SOUK_EMBED__MODEL".to_owned(), part.to_owned())),
                Some((key, value)) => match key.strip_prefix(RANKING) {
                    None => made.settings.push((variable(key), value.to_owned())),
                    Some(key) => {
                        let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
                        if let Some(weights) = weights.as_object_mut() {
                            weights.insert(key.to_owned(), value);
                        }
                    }
                },
            }
        }
        made.ranking = serde_json::from_value(weights)
            .map_err(|problem| Error::Choice(format!("\"{written}\" does not say how to rank: {problem}")))?;
        Ok(made)
    }

    /// The value of a setting, if it was chosen.
    pub fn setting(&self, key: &str) -> Option<&str> {
        let name = variable(key);
        self.settings.iter().rev().find(|(own, _)| *own == name).map(|(_, value)| value.as_str())
    }
}

fn variable(key: &str) -> String {
    format!("SOUK_{}", key.trim().to_uppercase().replace('.', "__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_settings_and_weights_are_told_apart() {
        assert_eq!(Choice::read("default").unwrap().settings, []);
        let made = Choice::read("static, embed.weight=0.5,rank.place=1,rank.read=20").unwrap();
        assert_eq!(made.setting("embed.model"), Some("static"));
        assert_eq!(made.setting("embed.weight"), Some("0.5"));
        assert_eq!((made.ranking.place, made.ranking.read), (1.0, 20));
        assert!(Choice::read("rank.luck=1").unwrap_err().to_string().contains("unknown field `luck`"));
    }
}
