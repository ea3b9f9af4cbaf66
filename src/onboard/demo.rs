//! The demo shop: a folder inside the program, so that a first start needs nothing else.

use crate::knowledge::load::{Loaded, Text};
use crate::onboard::{Error, Folder, ORIGIN, profile};
use include_dir::{Dir, include_dir};

static KNOWLEDGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/knowledge");

/// The demo shop's folder.
pub fn folder() -> Result<Folder, Error> {
    let text = |name: &str| {
        let file = KNOWLEDGE.get_file(name).and_then(|f| f.contents_utf8());
        file.ok_or_else(|| Error::File { file: name.to_owned(), problem: "not in the program".to_owned() })
    };
    let is_text = |f: &&include_dir::File<'_>| f.path().extension().is_some_and(|e| e == "md");
    let texts = KNOWLEDGE
        .files()
        .filter(is_text)
        .filter_map(|f| Some(Text::markdown(&f.path().to_string_lossy(), f.contents_utf8()?)))
        .collect();
    let texts = Loaded { origin: ORIGIN.to_owned(), texts, ..Loaded::default() };
    Ok(Folder {
        profile: profile::parse(text("shop.toml")?)?,
        feed: Some(("products.csv".to_owned(), text("products.csv")?.as_bytes().to_vec())),
        texts,
        orders: Some(text("orders.json")?.to_owned()),
    })
}

/// A picture of the demo shop by file name.
pub fn picture(name: &str) -> Option<&'static [u8]> {
    KNOWLEDGE.get_file(format!("pictures/{name}")).map(include_dir::File::contents)
}
