//! `order_details`: the message with which a shopper reviews an order and pays it without leaving the chat.

use crate::channel::ask_to_pay::{AskToPay, Asking, Error, cut};
use crate::channel::whatsapp::order_message::Market;
use crate::channel::whatsapp::order_message::bill::{Amount, Bill, Item};
use crate::channel::whatsapp::order_message::instrument::Instrument;
use crate::channel::whatsapp::order_message::reference::Reference;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Characters of the text above an order.
pub const BODY_CHARS_MAX: usize = 1_024;
/// Seconds an order message must stay payable at least.
pub const EXPIRATION_SECONDS_MIN: i64 = 300;
/// Characters of what is said about its end.
pub const EXPIRATION_CHARS_MAX: usize = 120;
/// Ways to pay in one message: one of each kind at most.
pub const INSTRUMENTS_MAX: usize = 3;
/// Characters of a receiver's name.
const NAME_CHARS_MAX: usize = 200;
/// Characters of one line of an address.
const ADDRESS_CHARS_MAX: usize = 100;

/// Shows orders as WhatsApp's own order message.
#[derive(Clone, Debug)]
pub struct OrderDetails {
    /// Where business and shopper are.
    pub market: Market,
    /// How it can be paid there.
    pub instruments: Vec<Instrument>,
    /// Where the goods are listed; India wants to know.
    pub origin: Origin,
    /// Who gets the goods. India wants to know it for goods that are shipped; the shopper does not see it.
    pub receiver: Option<Receiver>,
}

/// What India's law wants to know of each item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The items are in this catalogue of the WhatsApp account, which says it.
    Catalogue(String),
    /// They are not, so it is said here.
    Stated(Import),
    /// Not asked for (Brazil).
    Unsaid,
}

/// Where items come from and who brought them into the country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The country's name.
    pub country_of_origin: String,
    /// The importer.
    pub importer_name: String,
    /// Where the importer is.
    pub importer_address: ImporterAddress,
}

/// Where an importer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImporterAddress {
    /// Street and number.
    pub address_line1: String,
    /// Town.
    pub city: String,
    /// The state's code.
    pub zone_code: String,
    /// Postal code.
    pub postal_code: String,
    /// Two letters.
    pub country_code: String,
}

/// Who gets the goods, in India.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Receiver {
    /// The person.
    pub name: String,
    /// Street and number.
    pub address_line1: String,
    /// Flat or floor.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address_line2: String,
    /// Town.
    pub city: String,
    /// State.
    pub state: String,
    /// The country's name in full: `India`.
    pub country: String,
    /// Six digits.
    pub postal_code: String,
}

#[derive(Serialize)]
struct Interactive<'a> {
    r#type: &'static str,
    body: Body,
    action: Action<'a>,
}

#[derive(Serialize)]
struct Body {
    text: String,
}

#[derive(Serialize)]
struct Action<'a> {
    name: &'static str,
    parameters: Parameters<'a>,
}

#[derive(Serialize)]
struct Parameters<'a> {
    reference_id: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beneficiaries: Option<[&'a Receiver; 1]>,
    payment_settings: Vec<Value>,
    currency: &'static str,
    total_amount: Amount,
    order: OrderPart<'a>,
}

#[derive(Serialize)]
struct OrderPart<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Expiration>,
    items: Vec<ItemPart<'a>>,
    subtotal: Amount,
    tax: Amount,
    shipping: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<Amount>,
}

#[derive(Serialize)]
struct ItemPart<'a> {
    #[serde(flatten)]
    item: &'a Item,
    #[serde(flatten)]
    import: Option<&'a Import>,
}

#[derive(Serialize)]
struct Expiration {
    timestamp: String,
    description: String,
}

impl AskToPay for OrderDetails {
    fn ask(&self, asking: &Asking<'_>) -> Result<Value, Error> {
        let bill = Bill::of(asking.quote, self.market)?;
        let [subtotal, tax, shipping, discount] = bill.parts();
        let (catalog_id, import) = self.origin()?;
        let parameters = Parameters {
            reference_id: Reference::new(asking.checkout, asking.message)?.to_string(),
            r#type: "physical-goods",
            payment_type: (self.market == Market::Brazil).then_some("br"),
            beneficiaries: self.receiver()?.map(|receiver| [receiver]),
            payment_settings: self.settings(&bill)?,
            currency: self.market.currency_code(),
            total_amount: Amount::new(bill.total().minor),
            order: OrderPart {
                status: "pending",
                catalog_id,
                expiration: self.expiration(asking.request.expires_at, asking.now)?,
                items: bill.items().iter().map(|item| ItemPart { item, import }).collect(),
                subtotal,
                tax,
                shipping,
                discount: Some(discount).filter(|d| *d != Amount::new(0)),
            },
        };
        let message = Interactive {
            r#type: "order_details",
            body: Body { text: cut(asking.text, BODY_CHARS_MAX) },
            action: Action { name: "review_and_pay", parameters },
        };
        serde_json::to_value(message).map_err(|_| Error::Malformed { what: "the order message" })
    }
}

impl OrderDetails {
    fn settings(&self, bill: &Bill) -> Result<Vec<Value>, Error> {
        let count = self.instruments.len();
        // India's message names one way; WhatsApp offers what that way can do.
        let max = if self.market == Market::India { 1 } else { INSTRUMENTS_MAX };
        if !(1..=max).contains(&count) {
            return Err(Error::TooMany { what: "the list of ways to pay", count, max });
        }
        self.instruments.iter().map(|way| way.setting(self.market, bill.total())).collect()
    }

    fn origin(&self) -> Result<(Option<&str>, Option<&Import>), Error> {
        match (&self.origin, self.market) {
            (Origin::Catalogue(id), _) => Ok((Some(id), None)),
            (Origin::Stated(import), Market::India) => Ok((None, Some(import))),
            (Origin::Unsaid, Market::Brazil) => Ok((None, None)),
            (Origin::Stated(_), Market::Brazil) | (Origin::Unsaid, Market::India) => {
                Err(Error::Malformed { what: "where the goods come from" })
            }
        }
    }

    fn receiver(&self) -> Result<Option<&Receiver>, Error> {
        let Some(receiver) = self.receiver.as_ref().filter(|_| self.market == Market::India) else { return Ok(None) };
        let within = |text: &str, max: usize| (1..=max).contains(&text.chars().count());
        let code = receiver.postal_code.len() == 6 && receiver.postal_code.bytes().all(|b| b.is_ascii_digit());
        let holds = within(&receiver.name, NAME_CHARS_MAX)
            && within(&receiver.address_line1, ADDRESS_CHARS_MAX)
            && receiver.address_line2.chars().count() <= ADDRESS_CHARS_MAX
            && within(&receiver.city, ADDRESS_CHARS_MAX)
            && within(&receiver.state, ADDRESS_CHARS_MAX)
            && receiver.country == "India"
            && code;
        if holds { Ok(Some(receiver)) } else { Err(Error::Malformed { what: "the receiver's address" }) }
    }

    // The message must not outlive the page, and WhatsApp refuses an end that is near.
    fn expiration(&self, page_closes: Timestamp, now: Timestamp) -> Result<Option<Expiration>, Error> {
        if page_closes.as_second().saturating_sub(now.as_second()) < EXPIRATION_SECONDS_MIN {
            return Err(Error::ClosesTooSoon);
        }
        Ok((self.market == Market::India).then(|| Expiration {
            timestamp: page_closes.as_second().to_string(),
            description: cut("After that, ask here for a new one.", EXPIRATION_CHARS_MAX),
        }))
    }
}
