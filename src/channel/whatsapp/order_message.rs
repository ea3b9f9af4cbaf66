//! WhatsApp's own order messages: `order_details` asks for a payment, `order_status` says how the order stands. They
//! exist for businesses *and* shoppers of India (in INR) and Brazil (in BRL) only; everybody else gets a link.
//!
//! Where the shapes come from: Meta's pages on payments in India and Brazil as of May and June 2026. Not to be had
//! here, and so to be tried on a real account before they are relied on: how many instruments one Brazilian message may
//! carry, whether `expiration.timestamp` is text (as in the printed samples), and `partially_shipped`, which the pages
//! also spell with a hyphen. Brazil's one-click cards are by invitation and left out.

pub mod bill;
pub mod details;
pub mod instrument;
pub mod payment_status;
pub mod reference;
pub mod status;
#[cfg(test)]
mod tests;

use crate::domain::money::Currency;

/// A country in which WhatsApp has order messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Market {
    /// In rupees: through a gateway WhatsApp knows, or any UPI link.
    India,
    /// In reais: a Pix code, a boleto or a link, which WhatsApp only shows.
    Brazil,
}

impl Market {
    /// The market of a business and a shopper: both must be in it, and the shop must sell in its currency.
    pub fn of(business_country: &str, shopper_number: &str, currency: Currency) -> Option<Self> {
        let digits = shopper_number.trim_start_matches('+');
        let all = [Self::India, Self::Brazil];
        all.into_iter().find(|market| {
            business_country.eq_ignore_ascii_case(market.country())
                && digits.starts_with(market.calling_code())
                && digits.bytes().all(|b| b.is_ascii_digit())
                && currency.code() == market.currency_code()
        })
    }

    /// Two letters.
    pub fn country(self) -> &'static str {
        match self {
            Self::India => "IN",
            Self::Brazil => "BR",
        }
    }

    /// The only currency of its order messages.
    pub fn currency_code(self) -> &'static str {
        match self {
            Self::India => "INR",
            Self::Brazil => "BRL",
        }
    }

    /// Whether WhatsApp itself tells of payments. Where it does not, only the provider does.
    pub fn tells_of_payments(self) -> bool {
        self == Self::India
    }

    fn calling_code(self) -> &'static str {
        match self {
            Self::India => "91",
            Self::Brazil => "55",
        }
    }
}
