//! Where files that came with messages are kept: beside the rows, by our own id of them.

use crate::app::App;
use crate::domain::id::{MediaId, ShopId};
use std::path::PathBuf;

/// The folder in the data folder.
pub const FOLDER: &str = "media";

impl App {
    /// The file of a kept medium.
    pub fn media_file(&self, shop: &ShopId, id: &MediaId) -> PathBuf {
        // Ids of shops may be chosen by people: only the letters that are safe in a path.
        let folder: String = shop.as_str().chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
        self.data.join(FOLDER).join(folder).join(id.as_str())
    }
}
