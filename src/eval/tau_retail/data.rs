//! The shop of the tau-retail benchmark as its file has it: products, users and orders. Fields that are needed must be
//! there and fit together; fields that are not known are passed over.

use crate::domain::money::{Currency, Money};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Bytes of a file of the benchmark.
const FILE_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Why the benchmark's files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not there, or not readable.
    #[error("{path} cannot be read; name the folder of tau-retail with --data")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Larger than any file of the benchmark.
    #[error("{0} is larger than {FILE_BYTES_MAX} bytes")]
    TooLarge(PathBuf),
    /// Not in the form the benchmark has.
    #[error("{path} is not a file of tau-retail")]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// Where it is wrong.
        #[source]
        source: serde_json::Error,
    },
    /// In the right form, but not whole.
    #[error("tau-retail's data does not fit together: {0}")]
    Unfit(String),
}

/// Everything in `db.json`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Database {
    /// By product id.
    pub products: BTreeMap<String, Product>,
    /// By user id.
    pub users: BTreeMap<String, User>,
    /// By order id, with its `#`.
    pub orders: BTreeMap<String, Order>,
}

/// A type of product.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Product {
    /// Its id.
    pub product_id: String,
    /// Its name.
    pub name: String,
    /// By item id.
    pub variants: BTreeMap<String, Variant>,
}

/// An item that can be bought.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Variant {
    /// Its id.
    pub item_id: String,
    /// Colour, size…
    pub options: BTreeMap<String, String>,
    /// Whether it is on the shelf.
    pub available: bool,
    /// What it costs.
    pub price: Cents,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct User {
    /// The id.
    pub user_id: String,
    /// Both names.
    pub name: Name,
    /// Where goods usually go.
    pub address: Address,
    /// How to tell who writes.
    pub email: String,
    /// By the method's id.
    pub payment_methods: BTreeMap<String, Method>,
}

/// First and last name.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Name {
    /// First.
    pub first_name: String,
    /// Last.
    pub last_name: String,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Address {
    /// Street and number.
    pub address1: String,
    /// Suite.
    pub address2: String,
    /// Town.
    pub city: String,
    /// State.
    pub state: String,
    /// Country.
    pub country: String,
    /// Postal code.
    pub zip: String,
}

/// A way to pay that a user has.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "RawMethod")]
pub enum Method {
    /// Money put by in the shop.
    GiftCard {
        /// What is left of it.
        balance: Cents,
    },
    /// An account elsewhere.
    Paypal,
    /// A card.
    CreditCard,
}

// A tagged enum would be buffered on the way, and with that the digits of the balance lost.
#[derive(Deserialize)]
struct RawMethod {
    source: String,
    balance: Option<Cents>,
}

impl TryFrom<RawMethod> for Method {
    type Error = String;
    fn try_from(raw: RawMethod) -> Result<Self, String> {
        match (raw.source.as_str(), raw.balance) {
            ("gift_card", Some(balance)) => Ok(Self::GiftCard { balance }),
            ("paypal", _) => Ok(Self::Paypal),
            ("credit_card", _) => Ok(Self::CreditCard),
            (other, _) => Err(format!("{other} is no way to pay")),
        }
    }
}

/// An order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Order {
    /// Its id, with its `#`.
    pub order_id: String,
    /// Whose.
    pub user_id: String,
    /// Where to.
    pub address: Address,
    /// One entry a piece.
    pub items: Vec<Item>,
    /// In tau's words.
    pub status: String,
    /// Money in and out.
    pub payment_history: Vec<Payment>,
    /// Why it was cancelled.
    #[serde(default)]
    pub cancel_reason: Option<String>,
    /// What is to come back.
    #[serde(default)]
    pub return_items: Vec<String>,
    /// Where the money for it is to go.
    #[serde(default)]
    pub return_payment_method_id: Option<String>,
    /// What is to be exchanged.
    #[serde(default)]
    pub exchange_items: Vec<String>,
    /// For what.
    #[serde(default)]
    pub exchange_new_items: Vec<String>,
    /// Who pays or gets the difference.
    #[serde(default)]
    pub exchange_payment_method_id: Option<String>,
    /// What the exchange costs; below nothing, what it brings.
    #[serde(skip)]
    pub exchange_price_difference: Option<i64>,
}

/// One piece in an order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Item {
    /// The type's name.
    pub name: String,
    /// The type.
    pub product_id: String,
    /// The item.
    pub item_id: String,
    /// As paid.
    pub price: Cents,
}

/// Money in or out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Payment {
    /// Which way.
    pub transaction_type: Direction,
    /// How much.
    pub amount: Cents,
    /// By which method.
    pub payment_method_id: String,
}

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the shop.
    Payment,
    /// To the customer.
    Refund,
}

/// An amount in cents, read from the digits as written: no float is made of it on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub i64);

impl<'de> Deserialize<'de> for Cents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let money = Money::parse(raw.get(), currency()).map_err(serde::de::Error::custom)?;
        Ok(Self(money.minor))
    }
}

/// The benchmark's prices are in dollars.
pub fn currency() -> Currency {
    Currency::parse("USD").expect("three letters are a currency code")
}

impl Address {
    /// On one line, in the form both sides are compared in.
    pub fn line(&self) -> String {
        format!("{}, {} {} {}, {}", self.street(), self.zip, self.city, self.state, self.country)
    }

    /// Street and suite.
    pub fn street(&self) -> String {
        if self.address2.is_empty() { self.address1.clone() } else { format!("{}, {}", self.address1, self.address2) }
    }
}

impl Database {
    /// Reads `db.json` in a folder.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("db.json");
        Self::read(&text(&path)?, &path)
    }

    /// Reads its text.
    pub fn read(text: &str, path: &Path) -> Result<Self, Error> {
        let database: Self =
            serde_json::from_str(text).map_err(|source| Error::Malformed { path: path.to_owned(), source })?;
        database.check()?;
        Ok(database)
    }

    /// The item of this id, with its product.
    pub fn item(&self, product: &str, item: &str) -> Option<&Variant> {
        self.products.get(product)?.variants.get(item)
    }

    fn check(&self) -> Result<(), Error> {
        let unfit = |what: String| Err(Error::Unfit(what));
        for (id, product) in &self.products {
            if *id != product.product_id || product.variants.iter().any(|(id, v)| *id != v.item_id) {
                return unfit(format!("product {id} is stored under another id, or one of its items is"));
            }
        }
        for (id, order) in &self.orders {
            let Some(user) = self.users.get(&order.user_id) else {
                return unfit(format!("nobody placed order {id}"));
            };
            if *id != order.order_id || order.items.iter().any(|i| self.item(&i.product_id, &i.item_id).is_none()) {
                return unfit(format!("order {id} holds what is not sold"));
            }
            if order.payment_history.iter().any(|p| !user.payment_methods.contains_key(&p.payment_method_id)) {
                return unfit(format!("order {id} was paid by a method that its user does not have"));
            }
        }
        Ok(())
    }
}

/// The text of a file of the benchmark.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    let unreadable = |source| Error::Unreadable { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(Error::TooLarge(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}
