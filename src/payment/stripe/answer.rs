//! Reading an answer: what its status means for money, and an object as a whole or by the fields that we rely on.
//!
//! async-stripe decodes whole objects strictly, also the hundred fields that we never look at, and says only that it
//! failed. If that stopped us, one odd field in every answer would leave paid orders unpaid and refunds undecided. So the
//! typed object is read when it decodes; when it does not, the few fields that decide (id, status, amount, currency, our
//! own ids) are read by themselves, just as strictly, and a warning is logged. Only when one of *those* is missing or odd
//! is the answer unreadable: then the provider acted, the answer is kept, nothing is repeated and a person is told.

use crate::domain::money::{AMOUNT_MINOR_MAX, Currency, Money};
use crate::payment::stripe::exchange::{Answer, Fault};
use crate::payment::stripe::transport::{API_VERSION, Raw};
use crate::payment::{ANSWER_BYTES_KEPT, BoxError, Error};
use jiff::Timestamp;
use serde_json::Value;

/// Longest id that is believed to be one.
pub const ID_CHARS_MAX: usize = 255;
/// Longest sentence of the provider that is passed on.
const MESSAGE_CHARS_MAX: usize = 500;

/// Something of the provider's that can be read as a whole or by its deciding fields.
pub trait Object: Sized {
    /// async-stripe's type.
    type Whole: miniserde::Deserialize + Send;

    /// The provider's name for it.
    const NAME: &'static str;

    /// Reads the typed object.
    fn of_whole(whole: Self::Whole) -> Result<Self, &'static str>;

    /// Reads only the fields that we rely on.
    fn of_fields(value: &Value) -> Result<Self, &'static str>;

    /// Whether it shows that another program on the same account made it.
    fn is_anothers(_: &Value) -> bool {
        false
    }
}

/// Reads the one object of an answer; gives the answer back too, for what else may be wrong with it.
pub fn one<T: Object>(answer: Answer<T::Whole>) -> Result<(T, Raw), Error> {
    let Answer { whole, raw } = answer;
    let read = match whole {
        Some(whole) => T::of_whole(whole),
        None => {
            let value = json(&raw)?;
            warn::<T>(&raw);
            T::of_fields(&value)
        }
    };
    match read {
        Ok(object) => Ok((object, raw)),
        Err(missing) => Err(unreadable(&raw, missing.into())),
    }
}

/// Says that an answer does not fit the pinned version of the API any more.
pub fn warn<T: Object>(raw: &Raw) {
    let (object, request_id) = (T::NAME, &raw.request_id);
    tracing::warn!(object, request_id, "not the object of {API_VERSION}: only the fields relied on are read");
}

/// Sorts answers into the three kinds: carried out, refused, unknown.
pub fn accepted(raw: &Raw) -> Result<(), Error> {
    match raw.status {
        200..=299 => Ok(()),
        409 | 424 | 429 | 500.. => Err(Error::Unknown(Box::new(Fault(raw.status)))),
        _ => Err(refusal(raw)),
    }
}

/// An answer that cannot be used, with the request's id for the provider's support.
pub fn unreadable(raw: &Raw, source: BoxError) -> Error {
    let kept = raw.body.get(..ANSWER_BYTES_KEPT).unwrap_or(&raw.body);
    let answer = String::from_utf8_lossy(kept).into_owned();
    Error::Unreadable { request_id: raw.request_id.clone(), answer, source }
}

/// A request that we refuse ourselves, before it is sent.
pub fn refused(code: &str, message: &str) -> Error {
    Error::Refused { code: code.to_owned(), message: message.to_owned() }
}

/// The JSON of an answer.
pub fn json(raw: &Raw) -> Result<Value, Error> {
    serde_json::from_slice(&raw.body).map_err(|e| unreadable(raw, format!("status {}: {e}", raw.status).into()))
}

fn refusal(raw: &Raw) -> Error {
    let value = match json(raw) {
        Ok(value) => value,
        Err(error) => return error,
    };
    let text = |field: &str| value.pointer(field).and_then(Value::as_str);
    match (text("/error/code").or(text("/error/type")), text("/error/message")) {
        (Some(code), message) => Error::Refused {
            code: bounded(code, ID_CHARS_MAX),
            message: bounded(message.unwrap_or("no reason given"), MESSAGE_CHARS_MAX),
        },
        (None, _) => unreadable(raw, format!("status {} without an error envelope", raw.status).into()),
    }
}

/// Whether a text can be an id, and nothing that leads to another address.
pub fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= ID_CHARS_MAX && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// A field's text.
pub fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// The id in a field, whether the object behind it came whole or as a name.
pub fn id_in(value: &Value, field: &str) -> Option<String> {
    let inner = value.get(field)?;
    inner.as_str().or_else(|| inner.get("id")?.as_str()).map(str::to_owned)
}

/// An entry of an object's metadata.
pub fn note(value: &Value, name: &str) -> Option<String> {
    value.get("metadata").and_then(|notes| text(notes, name))
}

/// An amount in minor units with its currency.
pub fn money(minor: Option<i64>, currency: Option<&str>) -> Result<Money, &'static str> {
    let currency = currency.and_then(|code| Currency::parse(code).ok()).ok_or("it has no currency")?;
    let minor = minor.ok_or("it has no amount")?;
    if minor.unsigned_abs() > AMOUNT_MINOR_MAX.unsigned_abs() {
        return Err("its amount is no amount");
    }
    Ok(Money::new(minor, currency))
}

/// A moment in seconds.
pub fn moment(seconds: Option<i64>) -> Result<Timestamp, &'static str> {
    seconds.and_then(|s| Timestamp::from_second(s).ok()).ok_or("it has no time")
}

/// The first characters of a text.
pub fn bounded(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}
