//! One page of a list the provider gave.

/// Some entries of a list, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Those that could be read.
    pub items: Vec<T>,
    /// Ids of those that could not: never passed over in silence.
    pub unreadable: Vec<String>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}
