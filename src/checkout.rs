//! From a cart to a settled order, and everything after. The model proposes, the shopper confirms, the server commits.

pub mod amend;
pub mod attempt;
pub mod colleague;
pub mod commit;
pub mod effects;
pub mod open;
pub mod order_link;
pub mod place;
pub mod plan;
pub mod price;
pub mod propose;
pub mod receipt;
pub mod receive;
pub mod refund;
pub mod settle;
pub mod summary;

use crate::payment;
use crate::store;

/// Why a step of a purchase did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rows could not be read or written.
    #[error("a step of the purchase could not be stored")]
    Store(#[from] store::Error),
    /// The provider gave no usable answer.
    #[error("the payment provider could not be used")]
    Payment(#[from] payment::Error),
    /// An amount left its range.
    #[error("the amounts could not be added up")]
    Money(#[from] crate::domain::money::Error),
    /// A key of this program could not be read or made.
    #[error("a key of the data folder could not be used")]
    Secret(#[source] std::io::Error),
    /// It cannot be done as things stand.
    #[error(transparent)]
    Refused(#[from] crate::domain::order::engine::Refusal),
    /// A row that should be there is not.
    #[error("{0} does not exist")]
    Missing(String),
}
