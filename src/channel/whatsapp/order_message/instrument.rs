//! How an order message is paid: what each market takes, and a look into each code, so that none of them charges
//! something else than the message shows.

use crate::channel::ask_to_pay::Error;
use crate::channel::whatsapp::order_message::Market;
use crate::domain::money::{Currency, Money};
use serde_json::{Value, json};

/// Characters of a payment configuration's name.
const CONFIGURATION_CHARS_MAX: usize = 60;
/// Characters of a code or link that a provider gave us.
const CODE_CHARS_MAX: usize = 2_048;

/// A way to pay inside WhatsApp. Where a market takes several, the shopper chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instrument {
    /// India: a gateway connected to the WhatsApp account, by the name of its configuration there.
    Gateway {
        /// Which.
        gateway: Gateway,
        /// As in WhatsApp's settings.
        configuration: String,
    },
    /// India: a link any UPI app opens, made by the merchant's own gateway.
    Upi {
        /// `upi://pay?…`.
        link: String,
    },
    /// Brazil: a Pix code for this one payment.
    Pix {
        /// What the shopper copies.
        code: String,
        /// Who is paid.
        merchant: String,
        /// The merchant's Pix key.
        key: String,
        /// What the key is.
        kind: PixKey,
    },
    /// Brazil: a page.
    Link {
        /// Its address.
        uri: String,
    },
    /// Brazil: a boleto.
    Boleto {
        /// The 47 or 48 digits; spaces and points are dropped.
        line: String,
    },
}

/// A gateway that WhatsApp knows in India.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// Razorpay.
    Razorpay,
    /// PayU.
    PayU,
    /// BillDesk.
    BillDesk,
    /// Zaakpay.
    Zaakpay,
}

/// What a Pix key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixKey {
    /// A person's tax number.
    Cpf,
    /// A company's tax number.
    Cnpj,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A random key.
    Evp,
}

impl Instrument {
    /// The element of `payment_settings`, once it is sure that it fits the market and charges `total`.
    pub fn setting(&self, market: Market, total: Money) -> Result<Value, Error> {
        let home = match self {
            Self::Gateway { .. } | Self::Upi { .. } => Market::India,
            Self::Pix { .. } | Self::Link { .. } | Self::Boleto { .. } => Market::Brazil,
        };
        if market != home {
            return Err(Error::Malformed { what: "a way to pay that this market does not have" });
        }
        match self {
            Self::Gateway { gateway, configuration } => {
                let fits = (1..=CONFIGURATION_CHARS_MAX).contains(&configuration.chars().count());
                require(fits, "the payment configuration's name")?;
                let inner = json!({ "type": gateway.word(), "configuration_name": configuration });
                Ok(json!({ "type": "payment_gateway", "payment_gateway": inner }))
            }
            Self::Upi { link } => {
                upi_charges(link, total)?;
                Ok(json!({ "type": "upi_intent_link", "upi_intent_link": { "link": link } }))
            }
            Self::Pix { code, merchant, key, kind } => {
                require(!merchant.is_empty() && !key.is_empty(), "the merchant's name and Pix key")?;
                pix_charges(code, total)?;
                let inner = json!({ "code": code, "merchant_name": merchant, "key": key, "key_type": kind.word() });
                Ok(json!({ "type": "pix_dynamic_code", "pix_dynamic_code": inner }))
            }
            Self::Link { uri } => {
                require(uri.starts_with("https://") && uri.len() <= CODE_CHARS_MAX, "the payment link")?;
                Ok(json!({ "type": "payment_link", "payment_link": { "uri": uri } }))
            }
            Self::Boleto { line } => {
                let digits = boleto_charges(line, total)?;
                Ok(json!({ "type": "boleto", "boleto": { "digitable_line": digits } }))
            }
        }
    }
}

impl Gateway {
    fn word(self) -> &'static str {
        match self {
            Self::Razorpay => "razorpay",
            Self::PayU => "payu",
            Self::BillDesk => "billdesk",
            Self::Zaakpay => "zaakpay",
        }
    }
}

impl PixKey {
    fn word(self) -> &'static str {
        match self {
            Self::Cpf => "CPF",
            Self::Cnpj => "CNPJ",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Evp => "EVP",
        }
    }
}

fn require(holds: bool, what: &'static str) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Malformed { what }) }
}

fn same(what: &'static str, found: Option<Money>, text: &str, total: Money) -> Result<(), Error> {
    if found == Some(total) { Ok(()) } else { Err(Error::OtherAmount { what, found: text.to_owned(), total }) }
}

// A link without an amount would let the payer choose one.
fn upi_charges(link: &str, total: Money) -> Result<(), Error> {
    let query = link.strip_prefix("upi://pay?").filter(|_| link.len() <= CODE_CHARS_MAX);
    let query = query.ok_or(Error::Malformed { what: "the UPI link" })?;
    let fields: Vec<(String, String)> =
        serde_urlencoded::from_str(query).map_err(|_| Error::Malformed { what: "the UPI link" })?;
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let currency = Currency::parse(if field("cu").is_empty() { "INR" } else { field("cu") });
    let found = currency.and_then(|currency| Money::parse(field("am"), currency)).ok();
    same("the UPI link", found, &format!("{} {}", field("cu"), field("am")), total)
}

// A Pix code is a row of fields, each two digits of name, two of length, and so many bytes. Field 53 is the currency
// (986 is the real) and 54 the amount, which a dynamic code may leave to its bank.
fn pix_charges(code: &str, total: Money) -> Result<(), Error> {
    let bad = || Error::Malformed { what: "the Pix code" };
    let mut rest = Some(code).filter(|c| !c.is_empty() && c.len() <= CODE_CHARS_MAX).ok_or_else(bad)?;
    let mut amount = None;
    while !rest.is_empty() {
        let (name, behind) = rest.split_at_checked(2).ok_or_else(bad)?;
        let (length, behind) = behind.split_at_checked(2).ok_or_else(bad)?;
        let (value, behind) = behind.split_at_checked(length.parse().map_err(|_| bad())?).ok_or_else(bad)?;
        match name {
            "54" => amount = Some(value),
            "53" if value != "986" => return Err(bad()),
            _ => {}
        }
        rest = behind;
    }
    match amount {
        Some(text) => same("the Pix code", Money::parse(text, total.currency).ok(), text, total),
        None => Ok(()),
    }
}

// The last ten of 47 digits are the amount in centavos; all zeros leave it open. The 48 digits of a utility bill carry
// no amount that can be relied on.
fn boleto_charges(line: &str, total: Money) -> Result<String, Error> {
    let plain: String = line.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).take(CODE_CHARS_MAX).collect();
    let digits = plain.bytes().all(|b| b.is_ascii_digit()) && matches!(plain.len(), 47 | 48);
    require(digits, "the boleto's line")?;
    if let Some((_, cents)) = plain.split_at_checked(37).filter(|_| plain.len() == 47) {
        let minor: i64 = cents.parse().map_err(|_| Error::Malformed { what: "the boleto's line" })?;
        if minor != 0 {
            same("the boleto", Some(Money::new(minor, total.currency)), cents, total)?;
        }
    }
    Ok(plain)
}
