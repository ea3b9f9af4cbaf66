//! A text as a flat row of plain blocks, whatever file it came from.

use serde::Serialize;

/// A line break that is meant, told from one that only wraps.
pub const HARD_BREAK: char = '\u{2028}';
/// Blocks of one text at most.
pub const BLOCKS_MAX: usize = 50_000;

/// A piece of text without markup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Block {
    /// A heading of level 1 to 6.
    Heading {
        /// Its level.
        level: usize,
        /// Its words.
        text: String,
    },
    /// A paragraph; wrapped lines end in `\n`, meant ones in [`HARD_BREAK`].
    Paragraph(String),
    /// A line that belongs to the lines around it: a list's item, a table's row with its header.
    Line(String),
    /// The language of what follows under this heading, as `de`.
    Language(String),
}

/// `Size M: EU 38–40, Chest 88–94`: a row that says what its numbers are wherever it is quoted.
pub fn row(header: &[String], cells: &[String]) -> Option<String> {
    let pairs: Vec<String> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(index, cell)| match header.get(index).map(String::as_str) {
            None | Some("") => cell.clone(),
            Some(name) => format!("{name} {cell}"),
        })
        .collect();
    let (first, rest) = pairs.split_first()?;
    Some(if rest.is_empty() { first.clone() } else { format!("{first}: {}", rest.join(", ")) })
}
