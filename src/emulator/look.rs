//! Looking into JSON somebody sent, with Meta's refusals for what is not there or too long.

use crate::emulator::refusal::Refusal;
use serde_json::Value;

/// The outcome of a check.
pub type Checked<T> = Result<T, Refusal>;

/// How long Meta counts a text: nobody says in what, so the emulator counts UTF-16 units.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Members of JSON without a panic.
pub trait Json {
    /// A member, or null.
    fn of(&self, key: &str) -> &Value;
    /// A member to be written, made if it is not there.
    fn slot(&mut self, key: &str) -> &mut Value;
}

impl Json for Value {
    fn of(&self, key: &str) -> &Value {
        self.get(key).unwrap_or(&Value::Null)
    }

    fn slot(&mut self, key: &str) -> &mut Value {
        if !self.is_object() {
            *self = Value::Object(serde_json::Map::new());
        }
        match self {
            Value::Object(members) => members.entry(key).or_insert(Value::Null),
            other => other,
        }
    }
}

/// A part of a body and how to call it in a refusal.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// The JSON, or null.
    pub value: &'a Value,
    /// Its path from the body's root.
    pub path: String,
}

impl<'a> Part<'a> {
    /// The root of a body.
    pub fn root(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    /// A member, which may be absent.
    pub fn at(&self, key: &str) -> Part<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Part { value: self.value.of(key), path }
    }

    /// True when it is there.
    pub fn is_there(&self) -> bool {
        !self.value.is_null()
    }

    /// A member that must be an object.
    pub fn object(&self, key: &str) -> Checked<Part<'a>> {
        let part = self.at(key);
        match part.value {
            Value::Object(_) => Ok(part),
            Value::Null => Err(Refusal::missing(&part.path)),
            _ => Err(Refusal::param(format!("{} must be a JSON object.", part.path))),
        }
    }

    /// A member that must be a list of that many.
    pub fn list(&self, key: &str, least: usize, most: usize) -> Checked<Vec<Part<'a>>> {
        let part = self.at(key);
        let Value::Array(items) = part.value else {
            return Err(match part.value {
                Value::Null => Refusal::missing(&part.path),
                _ => Refusal::param(format!("{} must be a JSON array.", part.path)),
            });
        };
        if items.len() < least || items.len() > most {
            let count = items.len();
            return Err(Refusal::value(format!("{} must have {least} to {most} items, not {count}.", part.path)));
        }
        let name = |n: usize| format!("{}[{n}]", part.path);
        Ok(items.iter().enumerate().map(|(n, value)| Part { value, path: name(n) }).collect())
    }

    /// A member that must be a text of 1 to `most` units.
    pub fn text(&self, key: &str, most: usize) -> Checked<&'a str> {
        self.maybe(key, most)?.ok_or_else(|| Refusal::missing(&self.at(key).path))
    }

    /// A member that may be absent, but if there is a text of 1 to `most` units.
    pub fn maybe(&self, key: &str, most: usize) -> Checked<Option<&'a str>> {
        let part = self.at(key);
        let text = match part.value {
            Value::Null => return Ok(None),
            Value::String(text) => text,
            _ => return Err(Refusal::param(format!("{} must be a string.", part.path))),
        };
        match length(text) {
            0 => Err(Refusal::value(format!("{} must not be empty.", part.path))),
            long if long > most => {
                Err(Refusal::value(format!("{} has {long} characters; {most} are the limit.", part.path)))
            }
            _ => Ok(Some(text)),
        }
    }

    /// A member that must be a number between two others.
    pub fn number(&self, key: &str, least: f64, most: f64) -> Checked<f64> {
        let part = self.at(key);
        let number = match part.value {
            Value::Null => return Err(Refusal::missing(&part.path)),
            Value::String(text) => text.parse().ok(),
            other => other.as_f64(),
        };
        let number = number.ok_or_else(|| Refusal::param(format!("{} must be a number.", part.path)))?;
        if !(least..=most).contains(&number) {
            return Err(Refusal::value(format!("{} must lie between {least} and {most}.", part.path)));
        }
        Ok(number)
    }

    /// Refuses members that Meta does not know here.
    pub fn only(&self, keys: &[&str]) -> Checked<()> {
        let strange = self.value.as_object().and_then(|o| o.keys().find(|k| !keys.contains(&k.as_str())));
        match strange {
            Some(key) => Err(Refusal::param(format!("Unexpected key \"{key}\" on param \"{}\".", self.path))),
            None => Ok(()),
        }
    }
}

/// An http(s) address, and whether Meta could fetch it: public https, or this machine while trying things out.
pub fn address(text: &str, path: &str) -> Checked<bool> {
    let url = reqwest::Url::parse(text).ok().filter(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
    let url = url.ok_or_else(|| Refusal::param(format!("{path} is not a valid URL.")))?;
    Ok(url.scheme() == "https" || is_loopback(url.host_str().unwrap_or_default()))
}

/// True for a name of this machine.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn looks_refuse_with_the_right_code() {
        let body = json!({"s": "abc", "e": "", "n": 5, "l": [1, 2], "o": {}, "emoji": "😀"});
        let root = Part::root(&body);
        let code = |r: Checked<&str>| r.map_or_else(|e| e.code, |_| 0);
        assert_eq!(code(root.text("s", 3)), 0);
        assert_eq!(code(root.text("s", 2)), 131009);
        assert_eq!(code(root.text("e", 2)), 131009);
        assert_eq!(code(root.text("n", 2)), 100);
        assert_eq!(code(root.text("x", 2)), 131008);
        // One emoji is two UTF-16 units.
        assert_eq!(code(root.text("emoji", 1)), 131009);
        assert_eq!(root.list("l", 1, 1).unwrap_err().code, 131009);
        assert_eq!(root.list("o", 1, 1).unwrap_err().code, 100);
        assert_eq!(root.object("x").unwrap_err().code, 131008);
        assert_eq!(root.number("s", 0.0, 1.0).unwrap_err().code, 100);
        assert_eq!(root.number("n", 0.0, 1.0).unwrap_err().code, 131009);
        assert_eq!(root.only(&["s"]).unwrap_err().code, 100);
    }

    #[test]
    fn addresses_are_public_https_or_this_machine() {
        let table = [
            ("https://a.example/x", Some(true)),
            ("http://a.example/x", Some(false)),
            ("http://127.0.0.1:9/x", Some(true)),
            ("http://localhost/x", Some(true)),
            ("javascript:alert(1)", None),
            ("a.example", None),
        ];
        for (text, expected) in table {
            assert_eq!(address(text, "link").ok(), expected, "{text}");
        }
    }
}
