//! Messages in a form that the network approved: what an account has, which one is meant, how its gaps are filled, and
//! the ones this program brings along.

mod approved;
mod definition;
mod fill;
mod gaps;
mod shipped;
#[cfg(test)]
mod tests;

pub use approved::{Approved, ButtonShape, HeaderShape, Quality, Status, choose, choose_for, parse};
pub use definition::{ButtonText, Definition, Flaw};
pub use fill::fill;
pub use shipped::shipped;

/// Why a form cannot be filled. Names the gap and never what was to stand in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The form has a gap for which there is no value.
    #[error("the template {template} has a gap {gap}, and there is no value for it")]
    Lacks {
        /// The form.
        template: String,
        /// The gap.
        gap: String,
    },
    /// There is a value that no gap takes.
    #[error("the template {template} has no gap {gap}, but there is a value for it")]
    Surplus {
        /// The form.
        template: String,
        /// The value's name.
        gap: String,
    },
    /// A value is empty, or has new lines, tabs or more than four spaces in a row.
    #[error("the value {gap} of the template {template} is empty or has new lines, tabs or a long gap in it")]
    Unfit {
        /// The form.
        template: String,
        /// The gap.
        gap: String,
    },
    /// A part would be too long with its values in it.
    #[error("the {part} of the template {template} would be {found} long, and {max} are the limit")]
    Long {
        /// The form.
        template: String,
        /// Which part.
        part: &'static str,
        /// How long it would be.
        found: usize,
        /// How long it may be.
        max: usize,
    },
    /// The network does not let this form leave now.
    #[error("the template {template} is not approved")]
    NotApproved {
        /// The form.
        template: String,
    },
    /// The form has parts that cannot be filled from values.
    #[error("the template {template} has {part}, which cannot be filled here")]
    Unknown {
        /// The form.
        template: String,
        /// Which part.
        part: String,
    },
}
